"""A trace as it is shown: what it found in a sentence, the graph, the lists beside it, and who else got it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from untoward.report.charts import Chart
from untoward.report.dates import spoken
from untoward.report.investigation.content import TraceContent
from untoward.report.investigation.graph_svg import trace_chart
from untoward.report.numbers import count, counted, sentence_case
from untoward.report.tables import TableView, table
from untoward.watch.workbench.trace import ILL, OPEN, WELL, Trace

MOST_LISTED = 200
_KINDS = ("supplier", "product", "lot", "vial", "clinic", "practitioner")
_NAMED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceView:
    """One trace."""

    title: str
    answer: str
    ill_by: str
    chart: Chart | None
    nodes: TableView
    edges: TableView
    edges_left: str
    others: TableView | None
    others_left: str
    perhaps: str
    perhaps_table: TableView | None
    not_recorded: str


def trace_view(content: TraceContent) -> TraceView:
    """The words and tables of a trace."""
    found = content.found
    others = found.exposed.filter(pl.col("state") != ILL)
    edges = [edge for edge in found.edges if "session" not in (edge.source[0], edge.target[0])]
    edges += [edge for edge in found.edges if "session" in (edge.source[0], edge.target[0]) and edge.cases]
    return TraceView(
        title=start_words(found, content.case),
        answer=trace_answer(found),
        ill_by=content.ill_by,
        chart=trace_chart(found),
        nodes=_nodes(found),
        edges=table(
            "Lines of the graph",
            ("From", "To", "#Sessions", "#Ill"),
            [
                (
                    f"{e.source[0]} {e.source[1]}",
                    f"{e.target[0]} {e.target[1]}",
                    count(e.sessions),
                    count(e.cases),
                )
                for e in edges[:MOST_LISTED]
            ],
        ),
        edges_left=_left(len(edges), "lines"),
        others=_others(others) if others.height else None,
        others_left=_left(others.height, "persons"),
        perhaps=_perhaps(found),
        perhaps_table=_perhaps_table(found) if found.perhaps.height else None,
        not_recorded=", ".join(found.not_recorded),
    )


def start_words(found: Trace, case: str | None = None) -> str:
    """As in "Vial V7", or "Reaction R3, by vial V7 and V8"."""
    axis, values = found.start
    named = ", ".join(values[:_NAMED]) + (f" and {len(values) - _NAMED} more" if len(values) > _NAMED else "")
    return f"Reaction {case}, by {axis} {named}" if case else sentence_case(f"{axis} {named}")


def trace_answer(found: Trace) -> str:
    """How many sessions and persons, and how many of them are ill."""
    ill, well, open_ = (found.persons(state) for state in (ILL, WELL, OPEN))
    unsure = f"; of {count(open_)} it cannot be told" if open_ else ""
    return (
        f"{counted(found.sessions, 'session')} of {counted(found.exposed.height, 'person')}: "
        f"{count(ill)} ill, {count(well)} not known to be ill{unsure}."
    )


def _nodes(found: Trace) -> TableView:
    rows = [
        (sentence_case(node.kind), node.name, count(node.sessions), count(node.cases))
        for kind in _KINDS
        for node in [one for one in found.nodes if one.kind == kind][:MOST_LISTED]
    ]
    return table("What lies behind it", ("What", "Which", "#Sessions", "#Ill"), rows)


def _others(others: pl.DataFrame) -> TableView:
    return table(
        "Who else got it, longest without contact first",
        ("Person", "State", "Last exposed", "Last contact", "#Sessions", "Clinic", "By"),
        list(_other_rows(others.head(MOST_LISTED))),
    )


def _other_rows(others: pl.DataFrame) -> Iterator[tuple[str, ...]]:
    for row in others.iter_rows(named=True):
        yield (
            row["patient_id"], row["state"], _day(row["last_exposed"]), _day(row["last_contact"]), count(row["sessions"]),
            row["clinics"] or "not recorded", row["practitioners"] or "not recorded",
        )  # fmt: skip


def _perhaps(found: Trace) -> str:
    if not found.perhaps.height:
        return ""
    axis = found.start[0]
    return (
        f"{counted(found.perhaps.height, 'further session')} may have met it: the same compound, there and then, and "
        f"nobody wrote the {axis} down. They are in no number above."
    )


def _perhaps_table(found: Trace) -> TableView:
    rows = [
        (row["session_id"], row["person"], _day(row["date"]), row["clinic"] or "not recorded")
        for row in found.perhaps.head(MOST_LISTED).iter_rows(named=True)
    ]
    return table("Sessions that may have met it", ("Session", "Person", "Day", "Clinic"), rows)


def _day(value: object) -> str:
    return spoken(None if value is None else str(value))


def _left(total: int, what: str) -> str:
    return f"{count(total - MOST_LISTED)} more {what} in the JSON of the trace" if total > MOST_LISTED else ""
