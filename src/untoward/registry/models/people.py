"""Clinics, the people who work there with their roles and credentials, and the patients."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models

from untoward.registry.models.base import Kept
from untoward.registry.roles import Role


class Clinic(Kept):
    """A place where people are treated. `check_in_days` are days after a session on which its patients are asked."""

    name = models.CharField(max_length=120, unique=True)
    city = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=120, blank=True)
    country = models.CharField(
        max_length=2, blank=True, help_text="ISO 3166 code; chooses the emergency number."
    )
    time_zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=2, default="en")
    phone = models.CharField(max_length=40, blank=True, help_text="What patients call with a problem.")
    check_in_days = models.JSONField(default=list, blank=True)
    answer_within_hours = models.PositiveIntegerField(
        default=24, help_text="A patient's problem nobody has looked at is escalated after so long."
    )
    own_page_days = models.PositiveIntegerField(
        default=200, help_text="How long the link to a patient's own page works."
    )
    dates_to_the_week = models.BooleanField(
        default=True, help_text="Those who see no patients see the week of a session, not its day."
    )

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    """Users are known by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> User:
        """A user; without a password one that must set it by link."""
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> User:
        """By address, whatever its case."""
        return self.get(email__iexact=username or "")


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in. What they may do follows from their memberships alone."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    language = models.CharField(max_length=2, default="en")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name or self.email


class Membership(Kept):
    """What a user may do at a clinic. Ended, never removed."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(role.value, role.label) for role in Role])
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "clinic"], condition=models.Q(ended_at=None), name="one_role_at_a_clinic"
            )
        ]


class ApiToken(Kept):
    """A key to the JSON API, for a user at a clinic, for some actions. Shown once; kept only as a hash."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="api_tokens")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    token_hash = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(
        default=list, help_text="Names of actions; never more than the user's role allows."
    )
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)


class ApiTokenUse(models.Model):
    """When a token was last used. Not kept in the trail, which tells what the record became and not who looked."""

    token = models.OneToOneField(ApiToken, on_delete=models.PROTECT, related_name="use")
    last_at = models.DateTimeField()


class Practitioner(Kept):
    """Somebody who injects. `key` is what the tables of a registry call them; `user` when they sign in themselves."""

    parts = ("credentials",)

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="practitioners")
    key = models.CharField(max_length=60)
    name = models.CharField(max_length=120)
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="practitioners"
    )
    active = models.BooleanField(default=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["clinic", "key"], name="one_practitioner_key")
        ]

    def __str__(self) -> str:
        return self.name


class Credential(models.Model):
    """What allows a practitioner to do what: a licence, certificate or delegation, until when, checked by whom."""

    practitioner = models.ForeignKey(Practitioner, on_delete=models.CASCADE, related_name="credentials")
    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=60, blank=True)
    issuer = models.CharField(max_length=120, blank=True)
    expires = models.DateField(null=True, blank=True)
    allows = models.JSONField(default=list, help_text="Techniques it allows; empty for none.")
    checked_on = models.DateField(null=True, blank=True)
    checked_how = models.CharField(max_length=200, blank=True)


class Patient(Kept):
    """A person treated, under a key that says nothing of who they are. `name` and contact stay with the clinic."""

    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, related_name="patients")
    key = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=160, blank=True)
    contact = models.CharField(
        max_length=200, blank=True, help_text="Where check-in links go: e-mail or phone."
    )
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    sex = models.CharField(max_length=10, blank=True)
    weight_kg = models.FloatField(null=True, blank=True)
    language = models.CharField(max_length=2, default="en")
    pregnant = models.BooleanField(null=True, blank=True, help_text="Empty when nobody has asked.")
    allergies = models.JSONField(
        null=True, blank=True, help_text="Empty when nobody has asked; [] for none known."
    )
    history = models.JSONField(null=True, blank=True, help_text="Likewise.")
    medicines = models.JSONField(null=True, blank=True, help_text="Likewise.")

    def __str__(self) -> str:
        return self.key
