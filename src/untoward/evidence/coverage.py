"""What is known of each compound and what is not: the standard questions, and the common reactions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from untoward.evidence.base import EvidenceBase
from untoward.evidence.records import CaseReport, Outbreak, Pair, Practice, Record

QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "where it may be used": ("regulatory",),
    "how often a reaction follows": ("incidence",),
    "how long it lasts": ("duration",),
    "when it begins": ("onset",),
    "what it may share a syringe with": ("compatibility", "incompatibility"),
    "what it does with medicines and other compounds": ("interaction",),
    "who must not get it": ("contraindication",),
    "which allergies cross": ("cross-reactivity",),
    "the most that may be given": ("dose-limit",),
    "its acidity": ("ph",),
    "what is claimed and what is shown": ("claim",),
    "single cases": ("case-report",),
}
"""What a careful reader asks of any compound, and the kinds of record that would answer."""

COMMON_REACTIONS = (
    "swelling",
    "redness",
    "pain",
    "tenderness",
    "itch",
    "bruise",
    "haematoma",
    "nodule",
    "induration",
    "numbness",
    "hyperpigmentation",
    "necrosis",
    "injection-site-infection",
    "mycobacterial-infection",
    "allergy",
    "anaphylaxis",
)
"""What may follow any injection into the skin or the fat below it: the usual, then the lasting and the grave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of one reaction after one compound: records of each sort."""

    how_often: int
    how_long: int
    cases: int

    @property
    def nothing(self) -> bool:
        """Whether no record says anything of it."""
        return not (self.how_often or self.how_long or self.cases)


def unanswered(records: Iterable[Record]) -> tuple[str, ...]:
    """The standard questions of which no record says anything: no data, which is not "no"."""
    kinds = {record.kind for record in records}
    return tuple(question for question, wanted in QUESTIONS.items() if not kinds & set(wanted))


def coverage(base: EvidenceBase) -> Mapping[str, Mapping[str, Known]]:
    """For each compound, each common reaction of the term list: how many records of each sort there are."""
    return {compound: coverage_of(base, compound) for compound in base.compounds}


def coverage_of(base: EvidenceBase, compound: str) -> Mapping[str, Known]:
    """For one compound, each common reaction of the term list: how many records of each sort there are."""
    return {term: _known(base, compound, term) for term in COMMON_REACTIONS if term in base.terms}


def _known(base: EvidenceBase, compound: str, term: str) -> Known:
    cases = [r for r in base.about(compound) if isinstance(r, CaseReport | Outbreak) and r.term == term]
    return Known(
        how_often=len(base.incidences(compound, term)),
        how_long=len(base.durations(compound, term)) + len(base.onsets(compound, term)),
        cases=len(cases),
    )


def attached_to(base: EvidenceBase, compound: str) -> tuple[Record, ...]:
    """Every record that belongs on a compound's page.

    Those that name it, then pairs of its class, then practice of which the key begins with the compound's.
    """
    drug_class = base.compounds[compound].drug_class
    found = {record.key: record for record in base.about(compound)}
    for record in base.records.values():
        of_class = isinstance(record, Pair) and drug_class in record.classes
        of_practice = isinstance(record, Practice) and owner_by_key(base, record.key) == compound
        if of_class or of_practice:
            found.setdefault(record.key, record)
    return tuple(found.values())


def owner_by_key(base: EvidenceBase, record_key: str) -> str | None:
    """The compound whose key a record's key begins with, the longest one; None when there is none."""
    parts = record_key.split("-")
    for end in range(len(parts), 0, -1):
        if "-".join(parts[:end]) in base.compounds:
            return "-".join(parts[:end])
    return None


def unused_records(base: EvidenceBase, used: Iterable[str]) -> tuple[str, ...]:
    """Keys of records that stand on no compound's page and are not among those `used` elsewhere."""
    shown = {record.key for compound in base.compounds for record in attached_to(base, compound)}
    return tuple(sorted(set(base.records) - shown - set(used)))
