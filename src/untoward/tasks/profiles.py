"""What is known of a compound, as a page to read; and the state of the whole evidence base."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from untoward.errors import UsageError
from untoward.evidence.base import EvidenceBase
from untoward.evidence.courses import ExpectedCourse, expected_course
from untoward.evidence.load import load_evidence
from untoward.evidence.records import (
    Acidity,
    Aftercare,
    CaseReport,
    Claim,
    Contraindication,
    CrossReactivity,
    DoseLimit,
    Incidence,
    Pair,
    Record,
    Regulatory,
    Source,
    Timing,
    subjects_of,
)
from untoward.model.product import Compound
from untoward.tasks.knowledge import evidence

BAR_WIDTH = 30
BAR_DAYS = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of a profile: a title and its lines, each with record key and grade. No lines means no data."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """All that is known of one compound."""

    compound: Compound
    sections: tuple[Section, ...]
    citations: Mapping[str, str]
    records: tuple[Record, ...]

    def as_document(self) -> dict[str, Any]:
        """The profile as plain data: the compound, its records and their sources."""
        return {
            "compound": asdict(self.compound),
            "records": [_plain(record) for record in self.records],
            "sources": dict(self.citations),
        }


def profile_of(name: str) -> Profile:
    """The profile of a compound by any of its names. Raises UsageError with candidates when it is not known."""
    base = evidence()
    compound = base.compound(name)
    if compound is None:
        candidates = base.compound_names.suggest(name)
        hint = f" Did you mean: {', '.join(candidates)}?" if candidates else ""
        raise UsageError(f"No compound is known as {name!r}.{hint}")
    records = base.about(compound.key)
    sources = dict.fromkeys(record.source for record in records)
    return Profile(
        compound=compound,
        sections=tuple(_sections(base, compound.key, records)),
        citations={key: base.sources[key].citation for key in sources},
        records=records,
    )


def _sections(base: EvidenceBase, key: str, records: tuple[Record, ...]) -> Iterator[Section]:
    yield Section(title="May it be used, and where", lines=_lines(records, Regulatory, _regulatory))
    yield Section(title="What happens, and how often", lines=tuple(_incidence_lines(base, records)))
    yield Section(
        title=f"For how long (half over ●, 95 % over ▏, scale to day {BAR_DAYS:.0f})",
        lines=tuple(_course_lines(base, key, records)),
    )
    yield Section(
        title="Single cases (they show what can happen, not how often)",
        lines=_lines(records, CaseReport, _said),
    )
    yield Section(
        title="What it must not meet, and what it was mixed with", lines=_lines(records, Pair, _pair)
    )
    yield Section(
        title="Who must not get it",
        lines=_lines(records, Contraindication, _contraindication) + _lines(records, CrossReactivity, _cross),
    )
    yield Section(
        title="Dose limits and pH",
        lines=_lines(records, DoseLimit, _dose) + _lines(records, Acidity, _acidity),
    )
    yield Section(
        title="What is claimed, and what is shown",
        lines=_lines(records, Claim, _claim) + _lines(records, Aftercare, _aftercare),
    )


def _lines(records: Iterable[Record], kind: type[Any], text: Any) -> tuple[str, ...]:  # noqa: ANN401 - any record
    return tuple(f"{text(record)}  {_mark(record)}" for record in records if isinstance(record, kind))


def _mark(record: Record) -> str:
    seen = "" if record.verified else ", not verified"
    return f"[{record.key}; grade {record.grade}{seen}]"


def _incidence_lines(base: EvidenceBase, records: Iterable[Record]) -> Iterator[str]:
    found = sorted(
        (r for r in records if isinstance(r, Incidence)),
        key=lambda record: (-record.n / record.of, record.key),
    )
    for record in found:
        share = f"{100 * record.n / record.of:5.1f} %"
        arm = f", {record.arm}" if record.arm in ("placebo", "uncontrolled") else ""
        yield f"{base.terms[record.term].label:<32} {share}  {record.n} of {record.of} per {record.per}{arm}  {_mark(record)}"


def _course_lines(base: EvidenceBase, key: str, records: Iterable[Record]) -> Iterator[str]:
    terms = dict.fromkeys(r.term for r in records if isinstance(r, Timing) and r.kind == "duration")
    for term in terms:
        course = expected_course(base, key, term)
        label = base.terms[term].label
        if course is None:
            yield f"{label:<32} published, but not enough to draw a course: {_first_statement(records, term)}"
        else:
            yield f"{label:<32} {_bar(course)}  {_course_words(course)}"


def _bar(course: ExpectedCourse) -> str:
    _low, middle, high = (min(day, BAR_DAYS) for day in course.band_days)
    cells = ["─" if BAR_DAYS * cell / BAR_WIDTH <= high else " " for cell in range(BAR_WIDTH + 1)]
    cells[round(BAR_WIDTH * high / BAR_DAYS)] = "▏" if course.band_days[2] <= BAR_DAYS else "›"
    cells[round(BAR_WIDTH * middle / BAR_DAYS)] = "●"
    return "".join(cells)


def _course_words(course: ExpectedCourse) -> str:
    _low, middle, high = course.band_days
    return f"half by day {middle:.0f}, 95 % by day {high:.0f}, {course.people} people  [{', '.join(course.evidence)}]"


def _first_statement(records: Iterable[Record], term: str) -> str:
    return next(
        r.statement for r in records if isinstance(r, Timing) and r.kind == "duration" and r.term == term
    )


def _said(record: Record) -> str:
    return record.statement


def _regulatory(record: Regulatory) -> str:
    dates = " to ".join(date for date in (record.valid_from, record.valid_to) if date)
    return f"{record.country}: {record.status} for {record.use}" + (f" ({dates})" if dates else "")


def _pair(record: Pair) -> str:
    others = " + ".join((*record.compounds, *record.classes)) + (
        f" with {record.with_}" if record.with_ else ""
    )
    severity = f" ({record.severity})" if record.severity else ""
    return f"{record.kind}{severity}: {others}: {record.outcome}"


def _contraindication(record: Contraindication) -> str:
    return f"{record.strength}: {record.condition}"


def _cross(record: CrossReactivity) -> str:
    return f"allergy to {record.allergen} ({record.severity})"


def _dose(record: DoseLimit) -> str:
    extra = "".join(
        f" {text}" for text in (record.with_, f"per {record.per}" if record.per else None) if text
    )
    return f"at most {record.limit:g} {record.unit}{extra} ({record.jurisdiction})"


def _acidity(record: Acidity) -> str:
    return f"pH {record.low:g} to {record.high:g}"


def _claim(record: Claim) -> str:
    return f"{record.state.upper()}: {record.claim}. {record.because}"


def _aftercare(record: Aftercare) -> str:
    return f"{record.state.upper()}: {record.measure}. {record.because}"


def _plain(record: Record) -> dict[str, Any]:
    return {name.rstrip("_"): value for name, value in asdict(record).items() if value not in (None, ())}


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceState:
    """What the evidence base holds and what it does not."""

    version: str
    compounds: int
    sources: int
    terms: int
    kinds: Mapping[str, int]
    verified: int
    unused_sources: tuple[str, ...]
    compounds_without_records: tuple[str, ...]
    coverage: Mapping[str, Mapping[str, bool]]

    def as_document(self) -> dict[str, Any]:
        """The state as plain data."""
        return asdict(self)

    def lines(self) -> Iterator[str]:
        """The state as lines to read."""
        records = sum(self.kinds.values())
        yield f"Evidence {self.version}: no fault."
        yield f"{records} records ({self.verified} with the figure seen by us in the source), {self.sources} sources, "
        yield f"{self.compounds} compounds, {self.terms} terms."
        yield "By kind: " + ", ".join(f"{kind} {count}" for kind, count in self.kinds.items())
        yield f"Sources without a record: {', '.join(self.unused_sources) or 'none'}"
        yield f"Compounds without a record: {', '.join(self.compounds_without_records) or 'none'}"
        yield "Courses known (compound: reactions with a duration band; everything else is no data):"
        for compound, terms in self.coverage.items():
            known = [term for term, has_course in terms.items() if has_course]
            yield f"  {compound}: {', '.join(known) or 'none'}"


def evidence_state(folder: Path | None) -> EvidenceState:
    """Load and check an evidence folder, and say what it covers. Raises EvidenceError with every fault."""
    base = load_evidence(folder) if folder is not None else evidence()
    records = base.records.values()
    used = {record.source for record in records}
    named = {key for record in records for key in subjects_of(record)}
    kinds = Counter(record.kind for record in records)
    return EvidenceState(
        version=base.version,
        compounds=len(base.compounds),
        sources=len(base.sources),
        terms=len(base.terms.terms),
        kinds=dict(sorted(kinds.items())),
        verified=sum(record.verified for record in records),
        unused_sources=tuple(sorted(set(base.sources) - used)),
        compounds_without_records=tuple(sorted(set(base.compounds) - named)),
        coverage=course_coverage(base),
    )


def course_coverage(base: EvidenceBase) -> dict[str, dict[str, bool]]:
    """For each compound, each local term of which anything is known anywhere: whether it has a duration band."""
    terms = sorted({r.term for r in base.of_class(Timing) if base.terms[r.term].group == "local"})
    return {
        key: {term: expected_course(base, key, term) is not None for term in terms} for key in base.compounds
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSource:
    """A source and how many records rest on it."""

    source: Source
    records: int

    def as_document(self) -> dict[str, Any]:
        """The source as plain data."""
        return {**asdict(self.source), "records": self.records, "citation": self.source.citation}


def source_list() -> tuple[ListedSource, ...]:
    """All sources, those with most records first."""
    base = evidence()
    counts = Counter(record.source for record in base.records.values())
    listed = [ListedSource(source=source, records=counts[key]) for key, source in base.sources.items()]
    return tuple(sorted(listed, key=lambda item: (-item.records, item.source.key)))
