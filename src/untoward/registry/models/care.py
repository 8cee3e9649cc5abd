"""Sessions: what was injected where, from which vials, how cleanly, with which consent; and photos."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from untoward.registry.models.base import Kept
from untoward.registry.models.people import Clinic, Patient, Practitioner, User
from untoward.registry.models.stock import Lot, Product, Vial


class ConsentText(Kept):
    """A version of a consent text, of one clinic or (with none) of all.

    Once somebody consented to it, a change is a new text, never a new version.
    """

    clinic = models.ForeignKey(
        Clinic, on_delete=models.PROTECT, null=True, blank=True, related_name="consent_texts"
    )
    name = models.CharField(max_length=120)
    edition = models.CharField(max_length=40)
    language = models.CharField(max_length=2)
    body = models.TextField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["name", "edition", "language"],
                condition=models.Q(clinic=None),
                name="one_consent_edition",
            ),
            models.UniqueConstraint(
                fields=["clinic", "name", "edition", "language"], name="one_consent_edition_of_a_clinic"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}, {self.edition} ({self.language})"


class Consent(Kept):
    """That a patient agreed, to which text, what was discussed, and for what photos may be used. Withdrawn, never removed."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="consents")
    text = models.ForeignKey(ConsentText, on_delete=models.PROTECT, related_name="consents")
    given_at = models.DateTimeField()
    discussed = models.JSONField(default=list)
    photo_purposes = models.JSONField(default=list)
    signed_name = models.CharField(max_length=160)
    taken_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)


class Session(Kept):
    """One visit in which injections were given.

    `asepsis` says of each measure whether it was taken, `overrides` what was overruled, why and by whom.
    """

    parts = ("components", "points")

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="sessions")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="sessions")
    practitioner = models.ForeignKey(Practitioner, on_delete=models.PROTECT, related_name="sessions")
    at = models.DateTimeField(db_index=True)
    technique = models.CharField(max_length=40)
    route = models.CharField(max_length=40, blank=True)
    device = models.CharField(max_length=80, blank=True)
    room = models.CharField(max_length=60, blank=True)
    sites = models.JSONField(default=list)
    asepsis = models.JSONField(default=dict, help_text="item -> true, false or null (not recorded)")
    consent = models.ForeignKey(
        Consent, on_delete=models.PROTECT, null=True, blank=True, related_name="sessions"
    )
    overrides = models.JSONField(default=list, help_text='[{"block": code, "statement": …, "reason": …}]')
    note = models.TextField(blank=True)
    token = models.CharField(max_length=64, unique=True, null=True, help_text="Makes saving twice save once.")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["clinic", "-at"])]


class Component(models.Model):
    """One compound or product, from one vial of one lot, in one syringe of one session."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="components")
    mix = models.CharField(max_length=10, default="A")
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, blank=True, related_name="components")
    vial = models.ForeignKey(Vial, on_delete=models.PROTECT, null=True, blank=True, related_name="components")
    volume_ml = models.FloatField(null=True, blank=True)
    amount = models.FloatField(null=True, blank=True)
    unit = models.CharField(max_length=10, blank=True)


class Point(models.Model):
    """Where something was injected: a named zone of a view of the body, or a free point in it (0 to 1 across and down)."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="points")
    view = models.CharField(max_length=20)
    zone = models.CharField(max_length=40, blank=True)
    x = models.FloatField(null=True, blank=True)
    y = models.FloatField(null=True, blank=True)
    mix = models.CharField(max_length=10, default="A")
    volume_ml = models.FloatField(null=True, blank=True)
    depth = models.CharField(max_length=20, blank=True)


class Photo(Kept):
    """A photo, re-encoded without metadata. `file` is its name below the photo folder; purposes are those consented to."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="photos")
    session = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, blank=True, related_name="photos"
    )
    reaction = models.ForeignKey(
        "registry.Reaction", on_delete=models.PROTECT, null=True, blank=True, related_name="photos"
    )
    taken_at = models.DateTimeField()
    view = models.CharField(max_length=20, blank=True)
    file = models.CharField(max_length=80, unique=True)
    sha256 = models.CharField(max_length=64)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    purposes = models.JSONField(default=list)
    by_patient = models.BooleanField(default=False)
