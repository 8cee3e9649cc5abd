"""The page of an investigation as values, in reading order, with all words and numbers already made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from untoward.report.charts import Chart
from untoward.report.dates import spoken
from untoward.report.exposures import OutcomeView, outcome_view
from untoward.report.investigation.content import InvestigationContent
from untoward.report.investigation.curve import level_chart
from untoward.report.investigation.notes import method_lines, unknown_lines
from untoward.report.investigation.trace_view import TraceView, trace_answer, trace_view
from untoward.report.numbers import count, counted, proportion, sentence_case
from untoward.report.tables import Cell, TableView, table
from untoward.watch.workbench.attack import attack_rate
from untoward.watch.workbench.definition import CANNOT_BE_TOLD, LEVELS, NOT_A_CASE, OUTSIDE, CaseDefinition

MOST_LINES = 300
_TITLES = {
    "answer": "What is asked, and how many are ill",
    "definition": "Who is a case",
    "curve": "When they fell ill",
    "exposures": "What the ill share",
    "trace": "Where it leads, and who else got it",
    "lines": "Line list",
    "missing": "What is not known",
    "method": "How it was done",
}
DISCLAIMER = (
    "An association is not proof of a cause. What nobody wrote down is unknown, never a no. "
    "Persons appear by their key; the page holds health data all the same."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """A numbered section: its anchor, its title, and the sentence that answers it."""

    key: str
    number: int
    title: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestigationView:
    """The whole page."""

    title: str
    facts: tuple[tuple[str, str], ...]
    disclaimer: str
    question: str
    sections: tuple[SectionView, ...]
    levels: TableView
    limits: tuple[tuple[str, str], ...]
    conditions: TableView | None
    tallies: TableView | None
    chart: Chart | None
    curve_table: TableView | None
    outcome: OutcomeView
    trace: TraceView | None
    lines: TableView | None
    lines_left: str
    missing: TableView | None
    ledger: TableView
    unknowns: tuple[str, ...]
    methods: tuple[tuple[str, str], ...]
    provenance: tuple[tuple[str, str], ...]
    hashes: tuple[tuple[str, str], ...]


def investigation_view(content: InvestigationContent) -> InvestigationView:
    """Everything the page shows."""
    classified = content.classified
    return InvestigationView(
        title=content.title,
        facts=tuple(_facts(content)),
        disclaimer=DISCLAIMER,
        question=classified.definition.question,
        sections=tuple(_sections(content)),
        levels=_levels(content),
        limits=tuple(_limits(classified.definition)),
        conditions=_conditions(classified.definition),
        tallies=_tallies(content),
        chart=level_chart(content.curve),
        curve_table=curve_table(content),
        outcome=outcome_view(content.screen, "attack-rates", {}),
        trace=trace_view(content.traced) if content.traced else None,
        lines=_lines(content.listed) if content.listed.height else None,
        lines_left=_more_lines(content.listed.height),
        missing=_missing(content),
        ledger=_ledger(content),
        unknowns=tuple(unknown_lines(content)),
        methods=tuple(method_lines(content)),
        provenance=tuple(_provenance(content)),
        hashes=tuple(sorted(content.inputs.items())),
    )


def _facts(content: InvestigationContent) -> Iterator[tuple[str, str]]:
    counts = content.classified.counts
    yield "Cases", _cases_in_words(content)
    yield "Attack rate", proportion(attack_rate(content.classified))
    yield "Cannot be told", counted(counts[CANNOT_BE_TOLD], "person")
    yield "As of", spoken(content.as_of) + ("" if content.as_of_given else " (the last date in the data)")


def _cases_in_words(content: InvestigationContent) -> str:
    counts = content.classified.counts
    return ", ".join(f"{count(counts[level])} {level}" for level in LEVELS if level in counts)


def _sections(content: InvestigationContent) -> Iterator[SectionView]:
    counts = content.classified.counts
    total = sum(counts[level] for level in LEVELS if level in counts)
    unsure = f"of {counted(counts[CANNOT_BE_TOLD], 'further person')} it cannot be told"
    answers = {
        "answer": f"{counted(total, 'case')} ({_cases_in_words(content)}); {unsure}.",
        "definition": f"{content.classified.definition.name}: the highest level whose conditions are met with what is on record.",
        "curve": content.curve.whole.reading,
        "exposures": content.screen.reading,
        "trace": trace_answer(content.traced.found)
        if content.traced
        else "No vial, lot, product, hand or place that cases had can be traced.",
        "lines": f"{counted(content.listed.height, 'person')}: every case, and everyone of whom it cannot be told.",
        "missing": _missing_answer(content),
        "method": "Definition, counting and tests, so that another can do the same.",
    }
    for number, (key, answer) in enumerate(answers.items(), start=1):
        yield SectionView(key=key, number=number, title=_TITLES[key], answer=answer)


def _levels(content: InvestigationContent) -> TableView:
    rows = []
    for level, number in content.classified.counts.items():
        notes = [f"{count(n)} could be {could}" for could, n in content.open_levels.get(level, {}).items()]
        if level == NOT_A_CASE and content.waiting:
            notes.append(f"{count(content.waiting)} may still fall ill within the days of the definition")
        if level == OUTSIDE:
            notes.append("no session of the persons, place and time of the definition")
        rows.append((sentence_case(level), count(number), "; ".join(notes) or "–"))
    return table("Persons by level", ("Level", "#Persons", "What is open"), rows)


def _limits(definition: CaseDefinition) -> Iterator[tuple[str, str]]:
    person = [f"{column} {' or '.join(values)}" for column, values in definition.person.items()]
    if definition.age:
        person.append(f"age {definition.age}")
    place = [f"{column} {' or '.join(values)}" for column, values in definition.place.items()]
    time = [f"sessions {definition.sessions}"] if definition.sessions else []
    time += [f"onset {definition.onset}"] if definition.onset else []
    yield "Person", "; ".join(person) or "anyone in the registry"
    yield "Place", "; ".join(place) or "any"
    yield "Time", "; ".join(time) or "any"
    yield "Counts as ill", ", ".join(definition.counts_as_ill)


def _conditions(definition: CaseDefinition) -> TableView:
    rows = [
        (sentence_case(level), sentence_case(condition.label))
        for level, condition in definition.levels.items()
    ]
    return table("Conditions of each level", ("Level", "Condition"), rows)


def _tallies(content: InvestigationContent) -> TableView | None:
    if not content.listed.height:
        return None
    rows = [
        (sentence_case(label), count(met), count(not_met), count(open_))
        for label, met, not_met, open_ in content.conditions
    ]
    caption = f"Each condition among the {counted(content.listed.height, 'person')} of the line list"
    return table(caption, ("Condition", "#Met", "#Not met", "#Cannot be told"), rows)


def curve_table(content: InvestigationContent) -> TableView | None:
    """The epidemic curve by level, bin by bin; None without a dated onset."""
    curve = content.curve
    if not curve.whole.bins:
        return None
    levels = list(curve.by_level)
    rows = [
        (spoken(one.start), spoken(one.end), *(count(curve.by_level[level][place]) for level in levels))
        for place, one in enumerate(curve.whole.bins)
    ]
    return table(
        "Cases by onset and level",
        ("From", "Before", *(f"#{sentence_case(level)}" for level in levels)),
        rows,
    )


def _lines(listed: pl.DataFrame) -> TableView:
    headings = ("Person", "Level", "Onset", "#Days", "Session", "Lots and vials", "Met", "Cannot be told")
    return table(
        "Cases, and those of whom it cannot be told",
        headings,
        [_line(row) for row in listed.head(MOST_LINES).iter_rows(named=True)],
    )


def _line(row: dict[str, object]) -> tuple[Cell | str, ...]:
    place = ", ".join(str(row[name]) for name in ("clinic", "practitioner") if row[name])
    could = f"could be {row['could_be']}" if row["could_be"] else ""
    packs = " / ".join(str(row[name]) for name in ("lot", "vial") if row[name])
    return (
        Cell(text=str(row["patient_id"]), note=str(row["reactions"] or "")),
        Cell(text=str(row["level"]), note=could),
        spoken(None if row["onset"] is None else str(row["onset"])),
        "–" if row["days"] is None else str(row["days"]),
        Cell(text=spoken(None if row["session_date"] is None else str(row["session_date"])), note=place),
        packs or "not recorded",
        str(row["met"] or "nothing"),
        str(row["cannot_be_told"] or "nothing"),
    )


def _more_lines(total: int) -> str:
    return (
        f"{count(total - MOST_LINES)} more: untoward investigate cases --out has them all."
        if total > MOST_LINES
        else ""
    )


def _missing(content: InvestigationContent) -> TableView | None:
    if not content.missing:
        return None
    rows = [
        (f"{gap.table}: {gap.column}", f"{count(gap.missing)} of {count(gap.of)}", gap.matters_for)
        for gap in content.missing
    ]
    return table("Missing values", ("Column", "#Missing", "What that keeps us from saying"), rows)


def _missing_answer(content: InvestigationContent) -> str:
    left_out = sum(one.left_out for one in content.ledger)
    rows = f"{counted(left_out, 'row')} with faults left out" if left_out else "no row left out"
    return f"{counted(len(content.missing), 'column')} with missing values; {rows}."


def _ledger(content: InvestigationContent) -> TableView:
    rows = [(one.table, count(one.read), count(one.kept), count(one.left_out)) for one in content.ledger]
    return table("Rows read, kept and left out", ("Table", "#Read", "#Kept", "#Left out"), rows)


def _provenance(content: InvestigationContent) -> Iterator[tuple[str, str]]:
    yield "untoward", content.version
    yield "Evidence", content.evidence_version
    yield "As of", spoken(content.as_of)
