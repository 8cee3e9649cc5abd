"""Line lists: the cases and sessions behind every number of the watch pages, with or without identities.

Cases are persons, each once for an outcome, on the line of the reaction that began first: the same persons that the rates
count. A person belongs to every exposure of the sessions within reach before the onset.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

import polars as pl

from untoward.model.tables import Registry
from untoward.tasks.record.pseudonyms import age_band, pseudonym
from untoward.watch.onsets import case_persons, session_persons
from untoward.watch.outcomes import OutcomeCases
from untoward.watch.rates.axes import RateAxes

CASE_COLUMNS = (
    "patient", "reaction", "session", "what", "session_date", "onset", "days", "known", "resolved", "how_it_ended", "outbreak",
    "clinic", "practitioner", "technique", "sites", "compounds", "lots", "vials", "age", "sex",
)  # fmt: skip
SESSION_COLUMNS = (
    "patient", "session", "session_date", "clinic", "practitioner", "technique", "sites", "compounds", "lots", "vials",
    "age", "sex",
)  # fmt: skip
SHOWN_FIRST = {
    "cases": (
        "patient",
        "what",
        "session_date",
        "onset",
        "days",
        "outbreak",
        "practitioner",
        "compounds",
        "lots",
        "vials",
    ),
    "sessions": (
        "patient",
        "session_date",
        "practitioner",
        "technique",
        "sites",
        "compounds",
        "lots",
        "vials",
    ),
}
_KINDS = {"patient": "P", "reaction": "R", "session": "S"}
_DATES = ("session_date", "onset", "known", "resolved")
_MICROSECONDS_PER_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Lines:
    """`cases` (with `outcome`), `sessions` (with `unsure` outcomes), both with `nodes`; `names` says what a node is."""

    cases: pl.DataFrame
    sessions: pl.DataFrame
    names: pl.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines: of cases or of sessions, of one outcome, with one exposure, in a span of session days, or by their ids.

    `since` and `before` hold for the date named by `by`: the onset, or the day a case was first known.
    """

    kind: str = "cases"
    outcome: str = ""
    axis: str = ""
    value: str = ""
    start: date | None = None
    end: date | None = None
    by: str = "onset"
    since: date | None = None
    before: date | None = None
    reactions: tuple[str, ...] | None = None


def lines_of(
    registry: Registry, outcomes: Sequence[OutcomeCases], exposures: RateAxes, reach: Mapping[str, float]
) -> Lines:
    """The lines of a registry. `reach` is in days, by outcome."""
    sessions = _sessions(registry, exposures, outcomes)
    parts = [_cases(registry, one, sessions, reach[one.outcome.name]) for one in outcomes]
    return Lines(
        cases=pl.concat(parts),
        sessions=sessions.select(*SESSION_COLUMNS, "unsure", "nodes", "begun"),
        names=exposures.names.with_row_index("node").with_columns(pl.col("node").cast(pl.Int32)),
    )


def wanted_lines(lines: Lines, wanted: Wanted) -> pl.DataFrame:
    """The lines asked for, latest first; none when there is no such exposure."""
    frame = lines.cases if wanted.kind == "cases" else lines.sessions
    if wanted.outcome:
        known = pl.col("outcome") == wanted.outcome
        frame = frame.filter(
            known if wanted.kind == "cases" else ~pl.col("unsure").list.contains(wanted.outcome)
        )
    elif wanted.kind == "cases":
        frame = frame.unique("patient", keep="first", maintain_order=True)
    if wanted.axis:
        node = lines.names.filter((pl.col("axis") == wanted.axis) & (pl.col("value") == wanted.value))["node"]
        if node.is_empty():
            return frame.clear()
        frame = frame.filter(pl.col("nodes").list.contains(node.item()))
    if wanted.reactions is not None:
        frame = frame.filter(pl.col("reaction").is_in(list(wanted.reactions)))
    for column, low, high in (
        ("session_date", wanted.start, wanted.end),
        (wanted.by, wanted.since, wanted.before),
    ):
        if low is not None and column in frame.columns:
            frame = frame.filter(pl.col(column) >= low)
        if high is not None and column in frame.columns:
            frame = frame.filter(pl.col(column) < high)
    return frame.sort("session_date", descending=True, nulls_last=True, maintain_order=True)


def _hidden(key: str, kind: str, secret: str) -> str:
    return pseudonym(kind, key, secret)


def deidentified(frame: pl.DataFrame, secret: str, *, to_the_week: bool = True) -> pl.DataFrame:
    """Keys as pseudonyms, ages in bands of five years, and dates as the Monday of their week when `to_the_week`."""
    changes = [
        pl.col(name)
        .map_elements(partial(_hidden, kind=kind, secret=secret), return_dtype=pl.String)
        .alias(name)
        for name, kind in _KINDS.items()
        if name in frame.columns
    ]
    changes.append(pl.col("age").map_elements(age_band, return_dtype=pl.String).alias("age"))
    if to_the_week:
        changes += [pl.col(name).dt.truncate("1w").alias(name) for name in _DATES if name in frame.columns]
    return frame.with_columns(changes)


def _sessions(registry: Registry, exposures: RateAxes, outcomes: Sequence[OutcomeCases]) -> pl.DataFrame:
    """One row per session with everything a line may show."""
    member = exposures.axes.member
    nodes = pl.Series(
        "nodes",
        [
            member.indices[start:stop].tolist()
            for start, stop in zip(member.indptr, member.indptr[1:], strict=False)
        ],
        dtype=pl.List(pl.Int32),
    )
    frame = registry.sessions.select(
        pl.col("session_id").alias("session"),
        session_persons(registry.sessions).alias("patient"),
        pl.col("date_from").alias("begun"),
        pl.col("date_from").dt.date().alias("session_date"),
        "clinic", "practitioner", "technique", "sites", "age", "sex",
        nodes,
    )  # fmt: skip
    parts = registry.components.group_by("session_id").agg(
        *(
            pl.col(column).drop_nulls().unique(maintain_order=True).str.join("; ").alias(name)
            for column, name in (("compound", "compounds"), ("lot", "lots"), ("vial", "vials"))
        )
    )
    joined = frame.join(parts, left_on="session", right_on="session_id", how="left", maintain_order="left")
    return joined.join(_unsure(outcomes), on="session", how="left", maintain_order="left").with_columns(
        pl.col("unsure").fill_null([])
    )


def _unsure(outcomes: Sequence[OutcomeCases]) -> pl.DataFrame:
    """Sessions of which nobody can say whether an outcome followed, with those outcomes: no rate counts them."""
    rows = [
        pl.DataFrame(
            {"session": one.undetermined.cast(pl.String), "of": one.outcome.name},
            schema={"session": pl.String, "of": pl.String},
        )
        for one in outcomes
    ]
    return pl.concat(rows).group_by("session").agg(pl.col("of").alias("unsure"))


def _cases(registry: Registry, outcome: OutcomeCases, sessions: pl.DataFrame, reach: float) -> pl.DataFrame:
    """One row per person with the outcome; `nodes` are the exposures of all sessions within reach."""
    persons = case_persons(registry, outcome).filter(
        ~pl.col("session_id").is_in(outcome.undetermined.cast(pl.String).implode())
    )
    told = registry.reactions.select(
        pl.col("reaction_id"),
        pl.col("term").alias("what"),
        pl.col("onset_day").alias("days"),
        pl.col("outcome").alias("how_it_ended"),
        "outbreak",
        pl.col("resolved_day"),
    )
    rows = persons.join(told, on="reaction_id", how="left", maintain_order="left")
    own = sessions.drop("session_date", "patient", "nodes", "unsure", "begun")
    rows = rows.join(own, left_on="session_id", right_on="session", how="left", maintain_order="left")
    rows = rows.join(
        _nodes_within_reach(rows, outcome, sessions, reach),
        on="patient_id",
        how="left",
        maintain_order="left",
    )
    ended = (pl.col("resolved_day") * _MICROSECONDS_PER_DAY).round(0).cast(pl.Int64).cast(pl.Duration("us"))
    return rows.select(
        pl.lit(outcome.outcome.name).alias("outcome"),
        pl.col("patient_id").alias("patient"),
        pl.col("reaction_id").alias("reaction"),
        pl.col("session_id").alias("session"),
        "what",
        pl.col("session_date").dt.date().alias("session_date"),
        pl.col("onset").dt.date().alias("onset"),
        "days",
        pl.col("known").dt.date().alias("known"),
        (pl.col("session_date") + ended).dt.date().alias("resolved"),
        "how_it_ended", "outbreak", "clinic", "practitioner", "technique", "sites", "compounds", "lots", "vials", "age", "sex",
        pl.col("nodes").fill_null([]),
    )  # fmt: skip


def _nodes_within_reach(
    rows: pl.DataFrame, outcome: OutcomeCases, sessions: pl.DataFrame, reach: float
) -> pl.DataFrame:
    """The exposures of each person's sessions from `reach` days before the onset to the onset."""
    sure = sessions.filter(~pl.col("unsure").list.contains(outcome.outcome.name))
    onset = rows.select("patient_id", "session_id", pl.coalesce("onset", "session_date").alias("first"))
    near = sure.select("patient", "session", "begun", "nodes").join(
        onset, left_on="patient", right_on="patient_id", how="inner"
    )
    days = (pl.col("first") - pl.col("begun")).dt.total_microseconds() / _MICROSECONDS_PER_DAY
    recorded = pl.col("session") == pl.col("session_id")
    return (
        near.filter(recorded | ((days >= 0) & (days <= reach)))
        .select(pl.col("patient").alias("patient_id"), "nodes")
        .explode("nodes")
        .drop_nulls()
        .group_by("patient_id")
        .agg(pl.col("nodes").unique().sort())
    )


def csv_of(frame: pl.DataFrame) -> str:
    """The lines as CSV. A text that a spreadsheet would run as a formula gets an apostrophe in front."""
    texts = pl.col(pl.String)
    guarded = frame.with_columns(
        pl.when(texts.str.contains(r"^\s*[=+\-@\t\r]")).then(pl.lit("'") + texts).otherwise(texts).name.keep()
    )
    return guarded.write_csv()
