"""Judge a case at one observation: how bad, how serious, how expected, how likely, how well documented, by what.

Six separate outputs, none worked out from another, none of them able to change how urgent a case is. Each is
worked out only when it is asked for.
"""

from __future__ import annotations

from functools import cached_property

from untoward.assess.judgement.attribution import attribution
from untoward.assess.judgement.causality import causality
from untoward.assess.judgement.completeness import completeness
from untoward.assess.judgement.expectedness import expectedness
from untoward.assess.judgement.grading import conflicts, grades
from untoward.assess.judgement.grading.brighton_local import case_definitions
from untoward.assess.judgement.grading.infection_scores import infection_scores
from untoward.assess.judgement.seriousness import seriousness
from untoward.assess.judgement.view import View
from untoward.assess.situation import Situation
from untoward.model.judgement import (
    CaseDefinition,
    Causality,
    Completeness,
    Expectedness,
    Grade,
    Judgement,
    ReportContext,
    Score,
    Seriousness,
    Share,
)

NOTHING_SAID = ReportContext()


def judge(situation: Situation, context: ReportContext = NOTHING_SAID) -> Judgement:
    """The judgement of a situation; `context` is what a report says beyond the case."""
    return JudgementOfSituation(situation, context)


class JudgementOfSituation:
    """The judgement of one situation. Two are equal when everything they judge is."""

    def __init__(self, situation: Situation, context: ReportContext = NOTHING_SAID) -> None:
        self._view = View(situation)
        self._context = context

    @cached_property
    def grades(self) -> tuple[Grade, ...]:
        """Grades by every scale that has a line for what is there."""
        return grades(self._view)

    @cached_property
    def conflicts(self) -> tuple[str, ...]:
        """Where two scales or two versions disagree, in words."""
        return conflicts(self._view, self.grades)

    @cached_property
    def definitions(self) -> tuple[CaseDefinition, ...]:
        """Surveillance case definitions that something here points at."""
        return case_definitions(self._view)

    @cached_property
    def scores(self) -> tuple[Score, ...]:
        """Scores of a severe infection, as far as they were measured."""
        return infection_scores(self._view)

    @cached_property
    def seriousness(self) -> Seriousness:
        """Whether it is serious in the regulatory sense."""
        return seriousness(self._view)

    @cached_property
    def expectedness(self) -> tuple[Expectedness, ...]:
        """Whether each reaction is listed for each compound."""
        return expectedness(self._view, self.grades)

    @cached_property
    def causality(self) -> Causality:
        """How likely it is that the injection caused it."""
        return causality(self._view)

    @cached_property
    def completeness(self) -> Completeness:
        """How well documented it is."""
        return completeness(self._view, self._context)

    @cached_property
    def attribution(self) -> tuple[Share, ...]:
        """How much of it each candidate could explain; empty without data."""
        return attribution(self._view)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, JudgementOfSituation):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in OUTPUTS)

    __hash__ = None  # type: ignore[assignment]


OUTPUTS = (
    "grades",
    "conflicts",
    "definitions",
    "scores",
    "seriousness",
    "expectedness",
    "causality",
    "completeness",
    "attribution",
)
"""Every output of a judgement, by name."""
