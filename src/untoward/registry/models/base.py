"""What all kept things have in common: an id for addresses, a version, and a guard against writing past the history."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models


class Kept(models.Model):
    """Something that is never lost: a change is a new version, kept with who, when and why in the trail.

    `parts` names the related sets that belong to it (components of a session): they are saved and kept with it, and have no
    history of their own. Save with `registry.writing`, which is the only place that may.
    """

    parts: ClassVar[tuple[str, ...]] = ()

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Refused outside `registry.writing`, where the trail is kept."""
        if not getattr(self, "_being_written", False):
            raise PastTheTrailError(self)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        """Refused: nothing of the record is ever deleted."""
        raise PastTheTrailError(self)


class PastTheTrailError(RuntimeError):
    """A kept thing was saved or deleted without an entry in the trail. A fault of the program."""

    def __init__(self, thing: models.Model) -> None:
        super().__init__(
            f"{type(thing).__name__} must be written with registry.writing, so that its history is kept"
        )
