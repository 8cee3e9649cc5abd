"""Reactions that left their expected course, as they were last assessed."""

from __future__ import annotations

from collections.abc import Sequence

from untoward.registry.models import Clinic, Reaction
from untoward.tasks.judging import OFF_COURSE


def off_course_ids(clinics: Sequence[Clinic]) -> list[str]:
    """Reactions that came later, lasted longer or went further than expected when they were last assessed."""
    left = Reaction.objects.filter(
        session__clinic__in=clinics, course__in=[state.value for state in OFF_COURSE]
    )
    return [str(uid) for uid in left.order_by("pk").values_list("uid", flat=True)]
