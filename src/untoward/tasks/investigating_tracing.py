"""Trace a lot, a vial, a hand or a case through a registry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import polars as pl

import untoward
from untoward.errors import UsageError
from untoward.model.tables import Registry
from untoward.tasks.investigating import SCHEMA_VERSION, LoadedDefinition, LoadedRegistry
from untoward.tasks.knowledge import evidence
from untoward.watch.onsets import case_persons, session_persons
from untoward.watch.outcomes import INFECTION, OutcomeCases, registry_outcomes
from untoward.watch.workbench.classify import Classified, classify
from untoward.watch.workbench.definition import CANNOT_BE_TOLD
from untoward.watch.workbench.trace import ILL, OPEN, STARTS, Trace, exposures_behind, trace

NEAREST = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TraceAnswer:
    """A trace, who counted as ill and by what, and the case it began with, if it began with one."""

    found: Trace
    ill_by: str
    case: str | None
    loaded: LoadedRegistry

    def document(self) -> dict[str, Any]:
        """The document of `untoward investigate trace --json`."""
        axis, values = self.found.start
        return {
            "schema": "untoward/trace",
            "schema_version": SCHEMA_VERSION,
            "version": untoward.__version__,
            "as_of": None if self.loaded.as_of is None else self.loaded.as_of.isoformat(),
            "start": {"axis": axis, "values": list(values), "case": self.case},
            "ill_by": self.ill_by,
            "sessions": self.found.sessions,
            "not_recorded": list(self.found.not_recorded),
            "nodes": [asdict(node) for node in self.found.nodes],
            "edges": [
                {
                    "from": {"kind": edge.source[0], "name": edge.source[1]},
                    "to": {"kind": edge.target[0], "name": edge.target[1]},
                    "sessions": edge.sessions, "cases": edge.cases,
                }
                for edge in self.found.edges
            ],
            "exposed": _plain(self.found.exposed),
            "perhaps_exposed": _plain(self.found.perhaps),
        }  # fmt: skip


def _plain(frame: pl.DataFrame) -> list[dict[str, Any]]:
    return [
        {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
        for row in frame.iter_rows(named=True)
    ]


def trace_start(
    loaded: LoadedRegistry, axis: str, values: Iterable[str], defined: LoadedDefinition | None = None
) -> TraceAnswer:
    """Trace values of an axis. Ill is who meets the definition, or without one has an infection as the review counts it.

    Raises UsageError for an axis that cannot be traced, or values that nobody had (with near ones).
    """
    if axis not in STARTS:
        raise UsageError(f"{axis} cannot be traced. One of: {', '.join(STARTS)}.")
    illness, ill_by = _illness(loaded.registry, defined)
    found = trace(loaded.registry, axis, tuple(values), illness)
    if found.rows.is_empty():
        raise UsageError(
            f"No session is recorded with {axis} {' or '.join(found.start[1])}.{_near(loaded, found)}"
        )
    return TraceAnswer(found=found, ill_by=ill_by, case=None, loaded=loaded)


def trace_case(loaded: LoadedRegistry, reaction: str, defined: LoadedDefinition | None = None) -> TraceAnswer:
    """Trace from a reaction back to the vials (or lots) of the person's sessions before it, and forward to all who met them.

    Raises UsageError for a reaction that is not there, or when neither vial nor lot is recorded.
    """
    registry = loaded.registry
    mine = registry.reactions.filter(pl.col("reaction_id").cast(pl.String) == reaction)
    if mine.is_empty():
        raise UsageError(f"There is no reaction {reaction!r} in {loaded.path}.")
    sessions = _sessions_before(registry, mine)
    axis, values = exposures_behind(registry, sessions)
    if not values:
        raise UsageError(
            f"Neither vial nor lot is recorded for the {len(sessions)} session(s) before {reaction}."
        )
    illness, ill_by = _illness(registry, defined)
    found = trace(registry, axis, values, illness)
    return TraceAnswer(found=found, ill_by=ill_by, case=reaction, loaded=loaded)


def illness_of(classified: Classified) -> pl.DataFrame:
    """Who is ill, and who cannot be told, as a trace wants it."""
    names = classified.definition.counts_as_ill
    concerned = classified.persons.filter(pl.Series(classified.ill | classified.undecided))
    state = pl.when(pl.col("level").is_in(names)).then(pl.lit(ILL)).otherwise(pl.lit(OPEN))
    return concerned.select("patient_id", state.alias("state"), "onset")


def _illness(registry: Registry, defined: LoadedDefinition | None) -> tuple[pl.DataFrame, str]:
    if defined is not None:
        definition = defined.definition
        words = f"{definition.name} ({', '.join(definition.counts_as_ill)}; {CANNOT_BE_TOLD} shown apart)"
        return illness_of(classify(registry, definition)), words
    groups = {term.id: term.group for term in evidence().terms.terms.values()}
    cases = next(
        found for found in registry_outcomes(registry, groups) if found.outcome.name == INFECTION.name
    )
    return outcome_illness(registry, cases), f"{INFECTION.name}, as untoward review counts it"


def outcome_illness(registry: Registry, cases: OutcomeCases) -> pl.DataFrame:
    """Who is ill by an outcome, and of whom it cannot be told, as a trace wants it."""
    ill = case_persons(registry, cases).select(
        "patient_id", pl.lit(ILL).alias("state"), pl.col("onset").dt.date().alias("onset")
    )
    person = session_persons(registry.sessions)
    unsure = registry.sessions.get_column("session_id").cast(pl.String).is_in(cases.undetermined.implode())
    others = pl.DataFrame({"patient_id": person.filter(unsure).unique().sort()}).join(
        ill, on="patient_id", how="anti"
    )
    open_ = others.with_columns(pl.lit(OPEN).alias("state"), pl.lit(None, pl.Date).alias("onset"))
    return pl.concat([ill, open_])


def _sessions_before(registry: Registry, reaction: pl.DataFrame) -> list[str]:
    """The session a reaction was recorded for, and the person's earlier ones."""
    own = reaction.get_column("session_id").cast(pl.String)[0]
    sessions = registry.sessions.select(pl.col("session_id").cast(pl.String), "date_from").with_columns(
        session_persons(registry.sessions).alias("person")
    )
    mine = sessions.filter(pl.col("session_id") == own)
    if mine.is_empty():
        return [own]
    person, day = mine.row(0)[2], mine.row(0)[1]
    earlier = (pl.col("date_from") <= pl.lit(day)).fill_null(True)
    return sessions.filter((pl.col("person") == person) & earlier).get_column("session_id").to_list()


def _near(loaded: LoadedRegistry, found: Trace) -> str:
    from rapidfuzz import process  # imported here: only a wrong value pays for it

    axis, values = found.start
    frame = loaded.registry.sessions if axis in ("practitioner", "clinic") else loaded.registry.components
    known = frame.get_column(axis).drop_nulls().unique().sort().to_list() if axis in frame.columns else []
    if not known:
        return f" No {axis} is recorded at all."
    near = [
        name for name, _score, _place in process.extract(values[0] if values else "", known, limit=NEAREST)
    ]
    return f" Recorded are, for example: {', '.join(near)}."
