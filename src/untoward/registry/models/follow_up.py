"""What came of a session: check-ins, reactions, observations with their assessments, decisions, tasks and recalls."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from untoward.registry.models.base import Kept
from untoward.registry.models.care import Session
from untoward.registry.models.people import Clinic, Patient, User
from untoward.registry.models.stock import Lot, Vial


class CheckIn(Kept):
    """A question to a patient on a day after a session, answered through a link known only by its hash.

    `answers` is what the patient said; `looked_at` when somebody at the clinic read it, `escalated_at` when nobody had in time.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="check_ins")
    day = models.PositiveIntegerField()
    due_at = models.DateTimeField(db_index=True)
    link_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    link_expires = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answers = models.JSONField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    looked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    escalated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["session", "day"], name="one_check_in_a_day")
        ]


class OwnPage(Kept):
    """A patient's own page about one session, reached through a link that is known only by its hash."""

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="own_pages")
    link_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)


class Reaction(Kept):
    """One untoward occurrence after a session, as one term. Its urgency is that of the last assessment."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="reactions")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="reactions")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="reactions")
    term = models.CharField(max_length=80, blank=True)
    said = models.TextField(blank=True, help_text="As it was told.")
    onset_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=40, blank=True)
    by_patient = models.BooleanField(default=False)
    outbreak = models.CharField(max_length=80, blank=True)
    reported_at = models.DateTimeField()
    disposition = models.CharField(max_length=20, blank=True, db_index=True)
    deadline = models.DateTimeField(null=True, blank=True, db_index=True)
    course = models.CharField(max_length=10, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    signed_at = models.DateTimeField(null=True, blank=True)
    signed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["clinic", "signed_at", "disposition", "deadline"]),
            models.Index(
                fields=["clinic", "read_at"], condition=models.Q(signed_at=None), name="open_reactions"
            ),
        ]


class Observation(Kept):
    """What was seen of a reaction at one time, in words and as findings.

    `assessment` is what `untoward assess` made of everything known then.
    """

    reaction = models.ForeignKey(Reaction, on_delete=models.PROTECT, related_name="observations")
    check_in = models.ForeignKey(
        CheckIn, on_delete=models.PROTECT, null=True, blank=True, related_name="observations"
    )
    at = models.DateTimeField()
    text = models.TextField(blank=True)
    findings = models.JSONField(default=dict)
    by_patient = models.BooleanField(default=False)
    assessment = models.JSONField(null=True, blank=True)
    rule_set = models.CharField(max_length=120, blank=True)


class Decision(Kept):
    """Something decided or done about a case, with the reasoning: looked at, called, referred, causality judged, signed off."""

    reaction = models.ForeignKey(Reaction, on_delete=models.PROTECT, related_name="decisions")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    text = models.TextField()
    details = models.JSONField(default=dict)


class Recall(Kept):
    """The hunt for everybody who got a lot or a vial."""

    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, null=True, blank=True, related_name="recalls")
    vial = models.ForeignKey(Vial, on_delete=models.PROTECT, null=True, blank=True, related_name="recalls")
    reason = models.TextField()
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closing = models.TextField(blank=True, help_text="What came of it, said when it was closed.")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(lot__isnull=False) | models.Q(vial__isnull=False),
                name="recall_of_something",
            )
        ]


class Contact(Kept):
    """An attempt to reach one exposed person."""

    recall = models.ForeignKey(Recall, on_delete=models.PROTECT, related_name="contacts")
    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="contacts")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=20)
    reached = models.BooleanField()
    note = models.CharField(max_length=400, blank=True)


class Investigation(Kept):
    """The human work on a signal or cluster: subject, owner and due date; its steps are `Step`s."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=200)
    subject = models.JSONField(help_text='{"outcome": …, "where": [{"axis": …, "value": …}]}')
    owner = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)


class Step(Kept):
    """One decision of an investigation: detect, validate, prioritise, assess or recommend, with its rationale."""

    investigation = models.ForeignKey(Investigation, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=20)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    decision = models.CharField(max_length=200)
    rationale = models.TextField()


class Note(Kept):
    """A free note about a patient."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="notes")
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()


class Task(Kept):
    """Something to do by a time, for a clinic."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="tasks")
    kind = models.CharField(max_length=30)
    text = models.CharField(max_length=300)
    due_at = models.DateTimeField(db_index=True)
    reaction = models.ForeignKey(
        Reaction, on_delete=models.PROTECT, null=True, blank=True, related_name="tasks"
    )
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
