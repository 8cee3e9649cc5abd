"""Assess cases: from JSON or a sentence to the documents that `untoward assess` prints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from textwrap import shorten
from typing import Any

from untoward.aftercare.texts import LANGUAGES
from untoward.errors import UsageError
from untoward.evidence.records import Criterion, Record, Source
from untoward.exchange.cases import assessment_document, cases_from_text, read_cases
from untoward.model.case import Case
from untoward.model.finding import CaseAssessment
from untoward.report.patient_view import PatientView, patient_document, patient_view
from untoward.tasks.knowledge import assessor, case_names, evidence

AUTO = "auto"
LONGEST_TITLE = 70
"""Letters of a title in a citation of one line."""
FALLBACK_LANGUAGE = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessedCase:
    """A case beside its assessment.

    `language` is that of the person's page: a code of `LANGUAGES`, or "auto" for the language the texts of the case are in.
    `country` (two letters) tells which number to call in an emergency.
    """

    case: Case
    assessment: CaseAssessment
    language: str = AUTO
    country: str | None = None

    @property
    def needs_someone(self) -> bool:
        """Whether someone must see the person within 72 hours or sooner, at any of the observations."""
        most_urgent = self.assessment.most_urgent
        return most_urgent is not None and most_urgent.needs_someone

    def document(self) -> dict[str, Any]:
        """The JSON document of this case; each assessment has the person's page under `patient`."""
        document = assessment_document(self.assessment, evidence().terms)
        for item, view in zip(document["assessments"], self.patient_views(), strict=True):
            item["patient"] = patient_document(view)
        return document

    def patient_views(self) -> tuple[PatientView, ...]:
        """The page for the person, one per assessment."""
        lang = language_of(self.case) if self.language == AUTO else self.language
        return tuple(
            patient_view(item, self.case, evidence(), lang, self.country)
            for item in self.assessment.assessments
        )


def assess_json(
    text: str, *, file: str, lang: str = AUTO, country: str | None = None
) -> tuple[AssessedCase, ...]:
    """Assess every case of a JSON text. Raises InputError listing every fault; then nothing is assessed.

    `lang` and `country` are those of the person's page; UsageError for one that cannot be.
    """
    page = _page(lang, country)
    return _assessed(read_cases(text, case_names(), file=file), *page)


def assess_sentence(
    text: str, *, day: float | None, compounds: Iterable[str], lang: str = AUTO, country: str | None = None
) -> AssessedCase:
    """Assess what a sentence says, on a day if one is known, after compounds if any are known.

    `lang` and `country` are those of the person's page; UsageError for one that cannot be.
    """
    page = _page(lang, country)
    return _assessed(cases_from_text(text, case_names(), day=day, compounds=compounds), *page)[0]


def language_of(case: Case) -> str:
    """The language the texts of a case are most likely in; English when there is no text."""
    said = [text for observation in case.observations if (text := observation.text.strip())]
    if not said:
        return FALLBACK_LANGUAGE
    return case_names().text_reader().coder.code("\n".join(said)).lang


def cited(key: str, *, stated: bool = False) -> str:
    """What an evidence record rests on, in one line: its standard or source, its grade and how sure we are of the wording.

    With `stated` its statement stands before that. The key itself where there is no such record.
    """
    base = evidence()
    record = base.records.get(key)
    if record is None:
        return key
    source = _standard(record) if isinstance(record, Criterion) else _source(base.source_of(record), record)
    return f"{record.statement} {source}" if stated else source


def _standard(record: Criterion) -> str:
    return f"{record.standard}, {record.edition} [grade {record.grade}, {record.confidence}]"


def _source(source: Source, record: Record) -> str:
    title = shorten(source.title, LONGEST_TITLE, placeholder=" …")
    return f"{title}{f', {source.year}' if source.year else ''} [grade {record.grade}]"


def _assessed(cases: Sequence[Case], language: str, country: str | None) -> tuple[AssessedCase, ...]:
    judge = assessor()
    return tuple(
        AssessedCase(case=case, assessment=judge.assess(case), language=language, country=country)
        for case in cases
    )


def _page(lang: str, country: str | None) -> tuple[str, str | None]:
    """The language and the country of the person's page. Raises UsageError for one that cannot be."""
    if lang not in (*LANGUAGES, AUTO):
        raise UsageError(f"--lang: got {lang!r}, expected {AUTO}, {', '.join(LANGUAGES)}.")
    if country is None:
        return lang, None
    code = country.strip().upper()
    if len(code) != 2 or not (code.isascii() and code.isalpha()):
        raise UsageError(f"--country: got {country[:20]!r}, expected two letters such as GB.")
    return lang, code
