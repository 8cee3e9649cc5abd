"""evidence.md: for every compound, what is known and what is not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from generators.text import NOT_STATED, anchor, page, table
from untoward.evidence.base import EvidenceBase
from untoward.evidence.courses import expected_course
from untoward.evidence.load import load_evidence
from untoward.evidence.records import Incidence, Record, Timing
from untoward.model.product import Compound

QUESTIONS: Mapping[str, tuple[str, ...]] = {
    "how often a reaction follows": ("incidence",),
    "how long it lasts": ("duration",),
    "when it begins": ("onset",),
    "who must not get it": ("contraindication", "cross-reactivity"),
    "the most that may be given": ("dose-limit",),
    "its acidity": ("ph",),
    "what it may share a syringe with": ("compatibility", "incompatibility", "interaction"),
    "where it is licensed": ("regulatory",),
    "what is claimed and what is shown": ("claim",),
    "single cases": ("case-report",),
}

INTRODUCTION = """
What the evidence base holds on each compound. A dash means that there is no record: nothing is known to this system, which
is not the same as "does not happen". `untoward evidence show NAME` prints every record of a compound with its source.

Grades: A controlled trial, label, systematic review or outbreak investigation; B series, cohort, consensus or guidance; C
case report, expert or second-hand. "Seen" counts the records whose figure was read in the source itself or a faithful copy.
How durations become an expected course: [expected course](../explanation/expected-course.md).
"""


def pages() -> Mapping[str, str]:
    """The page of all compounds."""
    base = load_evidence()
    compounds = sorted(base.compounds.values(), key=lambda compound: compound.label.lower())
    parts = [_compound_text(compound, base) for compound in compounds]
    overview = _overview(compounds, base)
    return {"evidence.md": page("Evidence by compound", "the evidence base", INTRODUCTION, overview, *parts)}


def _overview(compounds: Iterable[Compound], base: EvidenceBase) -> str:
    rows = []
    for compound in compounds:
        kinds = Counter(record.kind for record in base.about(compound.key))
        counts = [sum(kinds[kind] for kind in wanted) or NOT_STATED for wanted in QUESTIONS.values()]
        rows.append((f"[{compound.label}](#{anchor(compound.label)})", *counts))
    return f"## Number of records\n\n{table(('Compound', *QUESTIONS), rows)}"


def _compound_text(compound: Compound, base: EvidenceBase) -> str:
    records = base.about(compound.key)
    known = {record.kind for record in records}
    unknown = [question for question, kinds in QUESTIONS.items() if not known & set(kinds)]
    parts = [
        f"## {compound.label}",
        compound.description,
        f"Also called: {', '.join(compound.synonyms)}." if compound.synonyms else "",
        _parts_text(compound, base),
        _grades_text(records),
        _reactions_table(compound, records, base),
        f"No record on: {'; '.join(unknown)}." if unknown else "",
    ]
    return "\n\n".join(part for part in parts if part)


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
        (base.terms[term].label, _how_often(compound, term, base), *_how_long(compound, term, base))
        for term in terms
    ]
    headers = (
        "Reaction",
        "How often",
        "Half over by day",
        "95 % over by day",
        "Longest published, days",
        "People",
    )
    return table(headers, sorted(rows))


def _how_often(compound: Compound, term: str, base: EvidenceBase) -> str:
    found = base.incidences(compound.key, term)
    return "; ".join(f"{one.n} of {one.of} ({one.per}{_arm(one)})" for one in found)


def _arm(record: Incidence) -> str:
    return f", {record.arm} arm" if record.arm in ("active", "placebo") else ""


def _how_long(compound: Compound, term: str, base: EvidenceBase) -> tuple[str, ...]:
    course = expected_course(base, compound.key, term)
    if course is None:
        return ("", "", "", "")
    _low, middle, high = course.band_days
    longest = f"{course.longest_days:g}" if course.longest_days else ""
    return f"{middle:.1f}", f"{high:.1f}", longest, str(course.people)
