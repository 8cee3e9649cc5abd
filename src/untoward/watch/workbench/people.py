"""Persons, sessions and reactions as numbers, and which session may lie behind which reaction.

Days between a session and an onset are calendar days, as an investigator counts them: 2 March to 9 March is day 7,
whatever the clock said. A date known only to the month is a range of days.

A reaction hangs on the last session before it, as the tables demand, but an earlier session of the same person may have
caused it: every earlier session stands beside it with its own number of days. A later session cannot have.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from untoward.model.tables import Registry
from untoward.watch.columns import column_or_null, instant_or_null
from untoward.watch.epi_curve import whole_date
from untoward.watch.onsets import session_persons

Index = NDArray[np.uint32]

_FAR = 1_000_000
"""Days that stand for no limit."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class People:
    """The registry by person.

    Attributes
    ----------
    registry
        The tables themselves.
    ids
        `patient_id` of each person; its position is the person's number.
    sessions
        One row per session, in the order of the table: `session_id`, `person`, `first` and `last` (the days that its
        date can mean; null when unknown).
    reactions
        One row per reaction: `reaction_id`, `session` (position in `sessions`), `person`, `term_id`, `onset_first`
        and `onset_last` (days it can have begun on; null when nothing is known of it).
    pairs
        Reactions with the sessions of their person that came before: `reaction`, `session` (positions), `is_own`
        (whether it is the session the reaction was recorded for, the last before it), and `day_low`, `day_high`, the
        days from that session to the onset.
    """

    registry: Registry
    ids: pl.Series
    sessions: pl.DataFrame
    reactions: pl.DataFrame
    pairs: pl.DataFrame

    @property
    def session_person(self) -> Index:
        """The person of each session."""
        return self.sessions.get_column("person").to_numpy()

    @property
    def reaction_person(self) -> Index:
        """The person of each reaction."""
        return self.reactions.get_column("person").to_numpy()


def people_of(registry: Registry) -> People:
    """The registry by person. Reactions to sessions that are not in the registry are passed over."""
    sessions, ids = _sessions(registry)
    reactions = _reactions(registry, sessions)
    return People(
        registry=registry, ids=ids, sessions=sessions, reactions=reactions, pairs=_pairs(sessions, reactions)
    )


def _sessions(registry: Registry) -> tuple[pl.DataFrame, pl.Series]:
    table = registry.sessions
    person = session_persons(table)
    ids = person.unique().sort()
    numbers = pl.DataFrame({"patient_id": ids, "person": np.arange(ids.len(), dtype=np.uint32)})
    begun, over = instant_or_null(table, "date_from"), instant_or_null(table, "date_to")
    frame = table.select(
        pl.col("session_id").cast(pl.String),
        begun.dt.date().alias("first"),
        pl.max_horizontal(begun.dt.date(), (over - pl.duration(microseconds=1)).dt.date()).alias("last"),
    ).with_columns(person.alias("patient_id"))
    return (
        frame.join(numbers, on="patient_id", how="left", maintain_order="left").drop("patient_id"),
        ids,
    )


def _reactions(registry: Registry, sessions: pl.DataFrame) -> pl.DataFrame:
    table = registry.reactions
    exact = (column_or_null(table, "onset_day", pl.Float64)).alias("exact")
    own = sessions.with_row_index("session").select("session", "session_id", "person", "first", "last")
    begun = registry.sessions.select(
        pl.col("session_id").cast(pl.String), instant_or_null(registry.sessions, "date_from").alias("begun")
    )
    rows = table.select(
        pl.col("reaction_id").cast(pl.String),
        pl.col("session_id").cast(pl.String),
        column_or_null(table, "term_id", pl.String).alias("term_id"),
        whole_date(table, "onset_date").alias("dated"),
        exact,
        column_or_null(table, "onset_day_from", pl.Float64).alias("low"),
        column_or_null(table, "onset_day_to", pl.Float64).alias("high"),
    )
    joined = rows.join(own, on="session_id", how="inner", maintain_order="left").join(
        begun, on="session_id", how="left", maintain_order="left"
    )
    timed = pl.when(pl.col("first") == pl.col("last")).then(_shifted("begun", "exact").dt.date())
    return joined.select(
        "reaction_id", "session", "person", "term_id",
        pl.coalesce("dated", timed, _shifted("last", "low").dt.date()).alias("onset_first"),
        pl.coalesce("dated", timed, _shifted("first", "high").dt.date()).alias("onset_last"),
    )  # fmt: skip


def _shifted(start: str, days: str) -> pl.Expr:
    since = (pl.col(days) * 86_400_000_000).round(0).cast(pl.Int64).cast(pl.Duration("us"))
    return pl.col(start).cast(pl.Datetime("us")) + since


def _pairs(sessions: pl.DataFrame, reactions: pl.DataFrame) -> pl.DataFrame:
    mine = reactions.with_row_index("reaction").select(
        "reaction", "person", pl.col("session").alias("own"), "onset_first", "onset_last"
    )
    theirs = sessions.with_row_index("session").select("session", "person", "first", "last")
    own_day = theirs.select(
        pl.col("session").alias("own"),
        pl.col("first").alias("own_first"),
        pl.col("last").alias("own_last"),
    )
    joined = mine.join(theirs, on="person", how="inner").join(own_day, on="own", how="left")
    is_own = pl.col("session") == pl.col("own")
    before = is_own | ~(pl.col("first") > pl.col("own_last")).fill_null(False)
    low = (pl.coalesce("onset_first", "own_first") - pl.col("last")).dt.total_days()
    high = (pl.col("onset_last") - pl.col("first")).dt.total_days()
    return (
        joined.filter(before)
        .select(
            "reaction",
            "session",
            is_own.alias("is_own"),
            pl.max_horizontal(low.fill_null(0), pl.lit(0)).alias("day_low"),
            high.fill_null(_FAR).alias("day_high"),
        )
        .filter(pl.col("day_high") >= 0)
        .sort("reaction", "session")
    )
