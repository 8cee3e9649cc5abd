"""Assess cases: from JSON or a sentence to the documents that `untoward assess` prints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from untoward.exchange.cases import assessment_document, cases_from_text, read_cases
from untoward.model.case import Case
from untoward.model.finding import CaseAssessment
from untoward.tasks.knowledge import assessor, case_names, evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessedCase:
    """A case beside its assessment."""

    case: Case
    assessment: CaseAssessment

    @property
    def needs_someone(self) -> bool:
        """Whether someone must see the person within 72 hours or sooner, at any of the observations."""
        most_urgent = self.assessment.most_urgent
        return most_urgent is not None and most_urgent.needs_someone

    def document(self) -> dict[str, Any]:
        """The JSON document of this case."""
        return assessment_document(self.assessment, evidence().terms)


def assess_json(text: str, *, file: str) -> tuple[AssessedCase, ...]:
    """Assess every case of a JSON text. Raises InputError listing every fault; then nothing is assessed."""
    return _assessed(read_cases(text, case_names(), file=file))


def assess_sentence(text: str, *, day: float | None, compounds: Iterable[str]) -> AssessedCase:
    """Assess what a sentence says, on a day if one is known, after compounds if any are known."""
    return _assessed(cases_from_text(text, case_names(), day=day, compounds=compounds))[0]


def _assessed(cases: Sequence[Case]) -> tuple[AssessedCase, ...]:
    judge = assessor()
    return tuple(AssessedCase(case=case, assessment=judge.assess(case)) for case in cases)
