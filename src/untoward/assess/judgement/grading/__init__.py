"""How bad: every published scale that has a line for what is there, each by its own words and version."""

from __future__ import annotations

from collections.abc import Iterable

from untoward.assess.judgement.grading.ctcae import ctcae_grades
from untoward.assess.judgement.grading.daids_2_1 import daids_grades
from untoward.assess.judgement.grading.fda_2007 import fda_grades
from untoward.assess.judgement.view import View
from untoward.model.judgement import Grade

SAME_ROWS = frozenset({"FDA", "DAIDS"})
"""Scales whose rows mean the same thing, so that a difference is a conflict and not another question."""


def grades(view: View) -> tuple[Grade, ...]:
    """Every grade of what is there now: FDA, then DAIDS, then CTCAE by version."""
    return (*fda_grades(view), *daids_grades(view), *ctcae_grades(view))


def conflicts(view: View, found: Iterable[Grade]) -> tuple[str, ...]:
    """Where two scales, or two versions of one, give the same reaction another grade; both stand."""
    rows: dict[tuple[str, str], list[Grade]] = {}
    for grade in found:
        if grade.grade is not None:
            rows.setdefault(_row_of(grade), []).append(grade)
    return tuple(
        _in_words(view, group) for group in rows.values() if len({grade.grade for grade in group}) > 1
    )


def _row_of(grade: Grade) -> tuple[str, str]:
    return (grade.term, "local") if grade.scale in SAME_ROWS else (grade.term, grade.scale + grade.item)


def _in_words(view: View, group: list[Grade]) -> str:
    size = view.size_cm(group[0].term)
    what = view.label(group[0].term) + ("" if size is None else f", {size:g} cm")
    each = ", ".join(f"grade {grade.grade} by {grade.scale} {grade.version}" for grade in group)
    return f"{what}: {each}. Both stand; they draw the line differently."
