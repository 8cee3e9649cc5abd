"""evidence.md: for every compound, what is known and what is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from generators.text import NOT_STATED, anchor, page, table
from untoward.evidence.base import EvidenceBase
from untoward.evidence.courses import expected_course
from untoward.evidence.coverage import (
    COMMON_REACTIONS,
    QUESTIONS,
    Known,
    attached_to,
    coverage_of,
    unanswered,
)
from untoward.evidence.load import load_evidence
from untoward.evidence.pooling import pooled_incidences
from untoward.evidence.records import Incidence, Pair, Record, Regulatory, Timing
from untoward.model.product import Compound

INTRODUCTION = """
What the evidence base holds on each compound. A dash means that there is no record: nothing is known to this system, which
is not the same as "does not happen". `untoward evidence show NAME` prints every record of a compound with its source.

Grades: A controlled trial, label, systematic review or outbreak investigation; B series, cohort, consensus or guidance; C
case report, expert or second-hand. "Seen" counts the records whose figure was read in the source itself or a faithful copy.
How durations become an expected course, and how counts of several populations are put together:
[expected course](../explanation/expected-course.md).
"""

COVERAGE_NOTE = """
For each common reaction: **n** how often (with a denominator), **d** how long or from when, **c** single cases. A dash
is no data: nobody counted, nobody published, or it was not found. It is not "does not happen". Compounds of which no
common reaction has any record stand below the table.
"""


def pages() -> Mapping[str, str]:
    """The page of all compounds."""
    base = load_evidence()
    compounds = sorted(base.compounds.values(), key=lambda compound: compound.label.lower())
    parts = [_compound_text(compound, base) for compound in compounds]
    overview = _overview(compounds, base)
    covered = _coverage_text(compounds, base)
    return {
        "evidence.md": page(
            "Evidence by compound", "the evidence base", INTRODUCTION, overview, covered, *parts
        )
    }


def _overview(compounds: Iterable[Compound], base: EvidenceBase) -> str:
    rows = []
    for compound in compounds:
        kinds = Counter(record.kind for record in attached_to(base, compound.key))
        counts = [sum(kinds[kind] for kind in wanted) or NOT_STATED for wanted in QUESTIONS.values()]
        rows.append((f"[{compound.label}](#{anchor(compound.label)})", *counts))
    return f"## Number of records\n\n{table(('Compound', *QUESTIONS), rows)}"


def _coverage_text(compounds: Iterable[Compound], base: EvidenceBase) -> str:
    terms = [term for term in COMMON_REACTIONS if term in base.terms]
    known = {compound.label: coverage_of(base, compound.key) for compound in compounds}
    some = {
        label: found for label, found in known.items() if not all(cell.nothing for cell in found.values())
    }
    rows = [(label, *(_marks(found[term]) for term in terms)) for label, found in some.items()]
    headers = ("Compound", *(base.terms[term].label for term in terms))
    none = ", ".join(label for label in known if label not in some) or "none"
    rest = f"No record on any common reaction: {none}."
    return f"## Common reactions\n{COVERAGE_NOTE}\n{table(headers, rows)}\n\n{rest}"


def _marks(known: Known) -> str:
    marks = (("n", known.how_often), ("d", known.how_long), ("c", known.cases))
    return "".join(mark for mark, number in marks if number) or NOT_STATED


def _compound_text(compound: Compound, base: EvidenceBase) -> str:
    records = attached_to(base, compound.key)
    unknown = unanswered(records)
    parts = [
        f"## {compound.label}",
        compound.description,
        f"Also called: {', '.join(compound.synonyms)}." if compound.synonyms else "",
        _parts_text(compound, base),
        _grades_text(records),
        _status_text(records),
        _pairs_text(records),
        _reactions_table(compound, records, base),
        f"No record on: {'; '.join(unknown)}." if unknown else "",
    ]
    return "\n\n".join(part for part in parts if part)


def _status_text(records: Iterable[Record]) -> str:
    found = Counter((record.status, record.country) for record in records if isinstance(record, Regulatory))
    by_status: dict[str, list[str]] = {}
    for status, country in sorted(found):
        by_status.setdefault(status, []).append(country)
    said = "; ".join(f"{status} ({', '.join(countries)})" for status, countries in by_status.items())
    return f"Status, each for the use its record names: {said}." if said else ""


def _pairs_text(records: Iterable[Record]) -> str:
    kinds = Counter(record.kind for record in records if isinstance(record, Pair))
    said = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
    return f"Mixtures and interactions on record: {said}." if said else ""


def _parts_text(compound: Compound, base: EvidenceBase) -> str:
    if not compound.parts:
        return ""
    labels = ", ".join(base.compounds[part].label for part in compound.parts)
    return f"A mixture of {labels}. Where it has no duration of its own, those of its parts are used."


def _grades_text(records: Sequence[Record]) -> str:
    if not records:
        return "No records."
    grades = Counter(record.grade for record in records)
    counted = ", ".join(f"{number} of grade {grade}" for grade, number in sorted(grades.items()))
    seen = sum(record.verified for record in records)
    return f"{len(records)} record(s): {counted}; seen: {seen}."


def _reactions_table(compound: Compound, records: Iterable[Record], base: EvidenceBase) -> str:
    terms = sorted({record.term for record in records if isinstance(record, Incidence | Timing)})
    rows = [
        (
            base.terms[term].label,
            _how_often(compound, term, base),
            _together(compound, term, base),
            *_how_long(compound, term, base),
        )
        for term in terms
    ]
    headers = (
        "Reaction",
        "How often",
        "Together",
        "Half over by day",
        "95 % over by day (95 % interval)",
        "Longest published, days",
        "People",
    )
    return table(headers, sorted(rows))


def _how_often(compound: Compound, term: str, base: EvidenceBase) -> str:
    found = base.incidences(compound.key, term)
    return "; ".join(f"{one.n} of {one.of} ({one.per}{_arm(one)})" for one in found)


def _arm(record: Incidence) -> str:
    return f", {record.arm} arm" if record.arm in ("active", "placebo") else ""


def _together(compound: Compound, term: str, base: EvidenceBase) -> str:
    """Pooled shares with their heterogeneity, one for each unit and kind of arm."""
    return "; ".join(
        f"{100 * one.share:.1f} % ({100 * one.low:.1f} to {100 * one.high:.1f}), {one.populations} populations, "
        f"I² {100 * one.i2:.0f} %"
        if one.agree
        else f"{one.populations} populations disagree (I² {100 * one.i2:.0f} %)"
        for one in pooled_incidences(base, compound.key, term)
    )


def _how_long(compound: Compound, term: str, base: EvidenceBase) -> tuple[str, ...]:
    course = expected_course(base, compound.key, term)
    if course is None:
        return ("", "", "", "")
    _low, middle, high = course.band_days
    longest = f"{course.longest_days:g}" if course.longest_days else ""
    between = course.day_interval(0.95)
    interval = f" ({between[0]:.0f} to {between[1]:.0f})" if between else ""
    return f"{middle:.1f}", f"{high:.1f}{interval}", longest, str(course.people)
