"""The READUS-PV checklist, filled in as far as a run can: what it states by itself, and what the author must add.

    facts = facts_of(scored.settings, counts=counts, tables=tables, software="untoward 1.0")
    items = checklist(facts)
    as_markdown(items)

READUS-PV (Fusaroli and others, Drug Safety 2024;47:575) lists in 14 items of 32 parts what a report of a
disproportionality analysis should say. A program knows its own settings and counts, and nothing of aims, reasons,
funding or the review of cases. What the run does not know it leaves to the author; it never writes "none" for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import polars as pl
import yaml

from untoward.model.ledger import Fate, Ledger
from untoward.model.reports import ReportTables
from untoward.watch.signals.counting import PairCounts
from untoward.watch.signals.measures import Settings

CUSTODIANS: Mapping[str, str] = {
    "faers": "FAERS, kept by the US Food and Drug Administration",
    "aers": "AERS, kept by the US Food and Drug Administration",
    "vaers": "VAERS, kept by the US Centers for Disease Control and Prevention and the Food and Drug Administration",
    "caers": "CAERS (HFCS), kept by the US Food and Drug Administration",
    "maude": "MAUDE, kept by the US Food and Drug Administration",
}
"""Names of public databases and who keeps them, by the short name of the source."""

LIMITS = (
    "Disproportionate reporting is no proof of a cause, and reports tell no incidence: how many were treated is "
    "not known, and not every reaction is reported."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunFacts:
    """What is known of a run. None, or an empty tuple, is "not known to the run", never "none".

    ``databases``: names with custodians. ``drugs`` and ``events``: those studied, where some were singled out.
    ``preparation``: what was done to names, events and duplicates before counting. ``restrictions``: filters of
    reports. ``adjustment``: strata, adjusted models. ``sensitivity``: other runs made with this one. ``cases``: lines
    that describe the reports. ``pairs``: pairs tested. ``signals``: how many pairs each rule calls a signal.
    """

    settings: tuple[str, ...]
    rules: tuple[tuple[str, str], ...] = ()
    roles: str | None = None
    margins: str | None = None
    unit: str | None = None
    pairs: int | None = None
    databases: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    extracted: date | None = None
    received: tuple[date, date] | None = None
    reports: int | None = None
    counted: int | None = None
    left_out: tuple[str, ...] = ()
    names: tuple[int, int] | None = None
    event_dictionary: str | None = None
    preparation: tuple[str, ...] = ()
    restrictions: tuple[str, ...] = ()
    adjustment: tuple[str, ...] = ()
    sensitivity: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    signals: tuple[tuple[str, int], ...] = ()
    rows: tuple[str, ...] = ()
    software: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One part of the checklist: ``asks`` in our words, ``stated`` by the run, ``author`` what is left to add."""

    number: str
    section: str
    asks: str
    stated: tuple[str, ...]
    author: str

    @property
    def state(self) -> str:
        """One of "stated", "partly stated" and "to be added"."""
        if not self.stated:
            return "to be added"
        return "partly stated" if self.author else "stated"


def checklist(facts: RunFacts) -> tuple[Item, ...]:
    """All 32 parts in their order."""
    return tuple(
        Item(
            number=row["number"],
            section=row["section"],
            asks=row["asks"],
            stated=_stated(facts, row["number"]),
            author=row["author"] or ("" if _stated(facts, row["number"]) else "The run does not know it."),
        )
        for row in _table()
    )


def as_markdown(items: Iterable[Item]) -> str:
    """The checklist as a table in Markdown."""
    lines = [
        "| item | section | asked | stated by this run | to be added |",
        "| --- | --- | --- | --- | --- |",
    ]
    for item in items:
        cells = (item.number, item.section, item.asks, " ".join(item.stated), item.author)
        lines.append("| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def facts_of(
    settings: Settings,
    *,
    counts: PairCounts | None = None,
    tables: ReportTables | None = None,
    table: pl.DataFrame | None = None,
    **told: Any,  # noqa: ANN401 (fields of RunFacts, checked by it)
) -> RunFacts:
    """The facts of a run from its own objects; ``told`` adds fields of `RunFacts` that only the caller knows.

    ``table``: the table of signals, for the number of pairs that each rule calls one. Fields in ``told`` go before
    those worked out here. Raises TypeError for a field that there is not.
    """
    counting = settings.counting
    roles = counting.roles
    found: dict[str, Any] = {
        "settings": settings.lines(),
        "rules": settings.rules,
        "roles": roles if roles is None or isinstance(roles, str) else ", ".join(roles),
        "margins": counting.margins,
        "unit": counting.unit,
        "pairs": settings.pairs,
        "left_out": _left_out(settings),
        "adjustment": tuple(line for line in (settings.expected, settings.ratios) if "strata" in line),
    }
    found |= (
        {}
        if counts is None
        else {"counted": counts.n_total, "names": (len(counts.drugs), len(counts.events))}
    )
    found |= {} if tables is None else _of_tables(tables)
    found |= {} if table is None else {"signals": _signals(table, settings)}
    return RunFacts(**(found | told))


def _of_tables(tables: ReportTables) -> dict[str, Any]:
    reports = tables.reports
    received = reports["received"].drop_nulls()
    sources = reports["source"].drop_nulls().unique().sort().to_list()
    return {
        "databases": tuple(CUSTODIANS.get(str(source).lower(), str(source)) for source in sources),
        "received": None if received.is_empty() else (received.min(), received.max()),
        "reports": reports.height,
        "cases": _cases(reports),
        "rows": _rows(tables.ledger),
    }


def _cases(reports: pl.DataFrame) -> tuple[str, ...]:
    """Sex, age and gravity of the reports, with how many are silent about each."""
    lines = []
    sex = {key: reports.filter(pl.col("sex") == key).height for key in ("F", "M")}
    lines.append(f"Sex: {sex['F']} female, {sex['M']} male, {reports.height - sum(sex.values())} not known.")
    age = reports["age_years"].drop_nulls()
    quartiles = [age.quantile(q, "linear") for q in (0.25, 0.5, 0.75)]
    if len(age):
        low, median, high = (f"{value:.0f}" for value in quartiles if value is not None)
        lines.append(
            f"Age: median {median} years (quartiles {low} to {high}), {reports.height - len(age)} not known."
        )
    for column, word in (("serious", "Serious"), ("died", "Died")):
        yes, no = (reports.filter(pl.col(column) == value).height for value in (True, False))
        if yes + no:
            lines.append(f"{word}: {yes} yes, {no} no, {reports.height - yes - no} not known.")
    return tuple(lines)


def _rows(ledger: Ledger) -> tuple[str, ...]:
    """Rows read, kept, merged and dropped, and every reason with its number."""
    total = ", ".join(f"{ledger.rows(fate)} {fate.value}" for fate in Fate)
    reasons: dict[tuple[Fate, str], int] = {}
    for entry in ledger.entries:
        if entry.fate in (Fate.MERGED, Fate.DROPPED):
            reasons[entry.fate, entry.reason] = reasons.get((entry.fate, entry.reason), 0) + entry.rows
    told = tuple(f"{rows} {fate.value}: {reason}." for (fate, reason), rows in reasons.items() if rows)
    return (f"Rows of the source files: {total}.", *told) if ledger.entries else ()


def _left_out(settings: Settings) -> tuple[str, ...]:
    counting = settings.counting
    lines = []
    if counting.without_drug or counting.without_event:
        lines.append(
            f"In no 2x2 table: {counting.without_drug} reports without a drug in a role that counts, "
            f"{counting.without_event} without an event."
        )
    if counting.without_role:
        lines.append(f"{counting.without_role} rows of drugs with no known role counted all the same.")
    if counting.least > 1:
        lines.append(f"Pairs with fewer than {counting.least} reports were not tested.")
    return tuple(lines)


def _signals(table: pl.DataFrame, settings: Settings) -> tuple[tuple[str, int], ...]:
    names = [name for name, _ in settings.rules if f"signal_{name}" in table.columns]
    return tuple((name, int(table[f"signal_{name}"].sum() or 0)) for name in names)


def _stated(facts: RunFacts, number: str) -> tuple[str, ...]:
    """What the run states of one part; nothing for the parts that are the author's alone."""
    state = _STATEMENTS.get(number)
    return () if state is None else tuple(line for line in state(facts) if line)


def _design(facts: RunFacts) -> list[str]:
    return ["Disproportionality analysis of individual case safety reports (spontaneous reports)."]


def _title(facts: RunFacts) -> list[str]:
    return [*_design(facts), _list("Database", facts.databases)]


def _studied(facts: RunFacts) -> list[str]:
    return [_list("Drugs", facts.drugs), _list("Events", facts.events)]


def _aims(facts: RunFacts) -> list[str]:
    others = "Compared with all other reports of the collection." if facts.unit else ""
    return [*_studied(facts), others] if facts.drugs or facts.events else [others]


def _outline(facts: RunFacts) -> list[str]:
    return [_list("Also made", (*facts.adjustment, *facts.sensitivity))]


def _data(facts: RunFacts) -> list[str]:
    names = facts.names
    return [
        _list("Database", facts.databases),
        f"Reports received from {facts.received[0]} to {facts.received[1]}." if facts.received else "",
        f"{names[0]} names of drugs and {names[1]} of events were counted." if names else "",
        f"Events coded by {facts.event_dictionary}." if facts.event_dictionary else "",
    ]


def _preparation(facts: RunFacts) -> list[str]:
    extracted = f"Extracted on {facts.extracted}." if facts.extracted else ""
    return [extracted, *facts.preparation, *facts.rows]


def _population(facts: RunFacts) -> list[str]:
    return [
        f"{facts.reports} reports." if facts.reports is not None else "",
        *facts.restrictions,
        *facts.left_out,
    ]


def _variables(facts: RunFacts) -> list[str]:
    unit = f"Counted are {facts.unit}; margins: {facts.margins}." if facts.unit else ""
    return [
        unit,
        "n: reports of the pair; expected: n_drug x n_event / n_total, unless adjusted." if unit else "",
    ]


def _grouping(facts: RunFacts) -> list[str]:
    roles = f"Roles of drugs that count: {facts.roles}." if facts.roles else ""
    return [roles, *facts.preparation]


def _measures(facts: RunFacts) -> list[str]:
    return [f"{line.rstrip('.')}." for line in facts.settings]


def _control(facts: RunFacts) -> list[str]:
    return [_list("Adjusted", facts.adjustment), _list("Sensitivity", facts.sensitivity)]


def _stages(facts: RunFacts) -> list[str]:
    reports = f"{facts.reports} reports after reading." if facts.reports is not None else ""
    counted = f"{facts.counted} of them in the tables." if facts.counted is not None else ""
    return [*facts.rows, reports, counted, *facts.left_out]


def _results(facts: RunFacts) -> list[str]:
    tested = (
        f"{facts.pairs} pairs tested; every measure stands with its limits in the table."
        if facts.pairs
        else ""
    )
    signals = "; ".join(f"{name} {number}" for name, number in facts.signals)
    return [tested, f"Signals of disproportionate reporting by rule: {signals}." if signals else ""]


def _limits(facts: RunFacts) -> list[str]:
    return [LIMITS]


def _code(facts: RunFacts) -> list[str]:
    return [f"Software: {facts.software}." if facts.software else ""]


_STATEMENTS: Mapping[str, Callable[[RunFacts], list[str]]] = {
    "1a": _title,
    "1b": _studied,
    "3": _aims,
    "4a": _design,
    "4b": _outline,
    "5a": _data,
    "5b": _preparation,
    "6a": _population,
    "6b": _variables,
    "6c": _grouping,
    "7b": _measures,
    "7c": _control,
    "8a": _stages,
    "8b": lambda facts: list(facts.cases),
    "9": _results,
    "13": _limits,
    "14d": _code,
}


def _list(word: str, values: Iterable[str]) -> str:
    told = "; ".join(values)
    return f"{word}: {told}." if told else ""


@lru_cache(maxsize=1)
def _table() -> tuple[dict[str, str], ...]:
    text = files("untoward.watch.signals").joinpath("data", "readus-pv.yaml").read_text(encoding="utf-8")
    return tuple(yaml.safe_load(text))
