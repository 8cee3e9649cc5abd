"""The state of the whole evidence base: what it holds, what it covers, and what nothing uses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from untoward.aftercare.topics import topics
from untoward.assess.rules import all_rules
from untoward.evidence.base import EvidenceBase
from untoward.evidence.courses import expected_course
from untoward.evidence.coverage import Known, coverage, unused_records
from untoward.evidence.load import load_evidence
from untoward.evidence.records import Aftercare, Criterion, Outbreak, Parameter, Timing, subjects_of
from untoward.simulate import PARAMETERS, RECIPE_SHARES

_MARKS = (("how_often", "n"), ("how_long", "d"), ("cases", "c"))


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceState:
    """What the evidence base holds and what it does not.

    `coverage` counts records of each common reaction by compound; `courses` names the reactions with a band.
    """

    version: str
    compounds: int
    sources: int
    terms: int
    kinds: Mapping[str, int]
    verified: int
    unused_sources: tuple[str, ...]
    unused_records: tuple[str, ...]
    compounds_without_records: tuple[str, ...]
    coverage: Mapping[str, Mapping[str, Known]]
    courses: Mapping[str, tuple[str, ...]]

    def as_document(self) -> dict[str, Any]:
        """The state as plain data."""
        return asdict(self)

    def lines(self) -> Iterator[str]:
        """The state as lines to read."""
        records = sum(self.kinds.values())
        yield f"Evidence {self.version}: no fault."
        yield f"{records} records ({self.verified} with the figure seen by us in the source), {self.sources} sources,"
        yield f"{self.compounds} compounds, {self.terms} terms."
        yield "By kind: " + ", ".join(f"{kind} {count}" for kind, count in self.kinds.items())
        yield f"Sources without a record: {', '.join(self.unused_sources) or 'none'}"
        yield f"Compounds without a record: {', '.join(self.compounds_without_records) or 'none'}"
        yield f"Records that no page, rule, measure, outbreak or simulation uses ({len(self.unused_records)}):"
        yield from (f"  {key}" for key in self.unused_records)
        yield "Common reactions by compound (n how often, d how long or when, c cases):"
        yield from self._coverage_lines()
        yield "Courses known (compound: reactions with a duration band; everything else is no data):"
        yield from (f"  {compound}: {', '.join(terms)}" for compound, terms in self.courses.items() if terms)

    def _coverage_lines(self) -> Iterator[str]:
        nothing = []
        for compound, terms in self.coverage.items():
            known = [f"{term} {_marks(found)}" for term, found in terms.items() if not found.nothing]
            if known:
                missing = len(terms) - len(known)
                yield f"  {compound}: {', '.join(known)}; no data on {missing} of {len(terms)}"
            else:
                nothing.append(compound)
        yield f"  no data on any of them: {', '.join(nothing) or 'none'}"


def evidence_state(folder: Path | None) -> EvidenceState:
    """Load and check an evidence folder, and say what it covers. Raises EvidenceError with every fault."""
    base = load_evidence(folder)
    records = base.records.values()
    named = {key for record in records for key in subjects_of(record)}
    return EvidenceState(
        version=base.version,
        compounds=len(base.compounds),
        sources=len(base.sources),
        terms=len(base.terms.terms),
        kinds=dict(sorted(Counter(record.kind for record in records).items())),
        verified=sum(record.verified for record in records),
        unused_sources=tuple(sorted(set(base.sources) - {record.source for record in records})),
        unused_records=unused_records(base, _used_elsewhere(base)),
        compounds_without_records=tuple(sorted(set(base.compounds) - named)),
        coverage=coverage(base),
        courses=_courses(base),
    )


def _marks(known: Known) -> str:
    return "".join(mark for field, mark in _MARKS if getattr(known, field))


def _courses(base: EvidenceBase) -> dict[str, tuple[str, ...]]:
    terms = sorted({record.term for record in base.of_class(Timing) if record.kind == "duration"})
    return {
        compound: tuple(term for term in terms if expected_course(base, compound, term) is not None)
        for compound in base.compounds
    }


def _used_elsewhere(base: EvidenceBase) -> frozenset[str]:
    """Keys of records that something other than a compound's page reads."""
    cited = {key for rule in all_rules() for key in (*rule.evidence, *rule.treatment)}
    drawn = {r.key for r in base.of_class(Parameter) if r.name in {*PARAMETERS, *RECIPE_SHARES}}
    told = (
        {r.key for r in base.of_class(Aftercare)}
        | {r.key for r in base.of_class(Outbreak)}
        | {*topics().record_keys()}
    )
    return frozenset({*cited, *drawn, *told} | _cited_criteria(base, cited))


def _cited_criteria(base: EvidenceBase, cited: set[str]) -> set[str]:
    """Criteria of a standard that a rule cites: they are read beside each other."""
    standards = {r.standard for r in base.of_class(Criterion) if r.key in cited}
    return {r.key for r in base.of_class(Criterion) if r.standard in standards}
