"""The trail: one entry for every version of every kept thing, each holding the hash of the one before."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models

from untoward.registry.models.base import PastTheTrailError
from untoward.registry.models.people import Clinic, User


class Entry(models.Model):
    """What a thing became, when, by whom and why. Triggers of the database refuse to change or remove one.

    `number` counts from 1 without gaps. `hash` is the SHA-256 of the entry's content and
    of `previous`, the hash of the entry before.
    """

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    clinic = models.ForeignKey(Clinic, on_delete=models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=20)
    model = models.CharField(max_length=40)
    uid = models.UUIDField(default=uuid.uuid4, db_index=True)
    version = models.PositiveIntegerField()
    reason = models.CharField(max_length=400, blank=True)
    state = models.JSONField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["clinic", "-number"])]
        ordering: ClassVar = ["number"]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refused: entries are added by `registry.writing` alone."""
        raise PastTheTrailError(self)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Refused."""
        raise PastTheTrailError(self)


class Head(models.Model):
    """The last number and hash of the trail: the one row that is locked while an entry is added."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)
