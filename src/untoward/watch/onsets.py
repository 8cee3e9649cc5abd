"""When reactions began and when they were first known, reaction by reaction and person by person.

A person is a case once: on the day the first of their case reactions began. Reactions and sessions of which nobody wrote
the person down stand for a person each.
"""

from __future__ import annotations

import polars as pl

from untoward.model.tables import Registry
from untoward.watch.columns import column_or_null, instant_or_null, text_or_null
from untoward.watch.outcomes import OutcomeCases

NOBODY_WROTE_IT = "session:"
"""Start of the id that stands for the person of a session without `patient_id`."""

_MICROSECONDS_PER_DAY = 86_400_000_000


def case_persons(registry: Registry, cases: OutcomeCases) -> pl.DataFrame:
    """One row for each person with a case reaction, in the order of their ids.

    `patient_id` (or "session:<id>" when nobody wrote it), `reaction_id` of the reaction that began first, `reaction_ids`
    of all case reactions of the person, `session_id` it was recorded for, `session_date` (first instant that the date of
    this session can mean), `onset` (the session's date and the day of onset, or the middle of the days it can have
    been; null when unknown), and `known`, when the first of the person's case reactions was first known (null when
    nothing of it is dated). Reactions with a known onset come before those without.
    """
    named = _with_person(reaction_moments(registry), registry)
    mine = named.join(
        cases.reactions.select(pl.col("reaction_id").cast(pl.String)).unique(), on="reaction_id", how="semi"
    )
    ordered = mine.sort("patient_id", "onset", "known", "reaction_id", nulls_last=True)
    first = ("reaction_id", "session_id", "session_date", "onset")
    return (
        ordered.group_by("patient_id", maintain_order=True)
        .agg(
            *(pl.col(name).first() for name in first),
            pl.col("reaction_id").alias("reaction_ids"),
            pl.col("known").min(),
        )
        .select("patient_id", "reaction_id", "reaction_ids", "session_id", "session_date", "onset", "known")
    )


def session_persons(sessions: pl.DataFrame) -> pl.Series:
    """`patient_id` of every session, in order; "session:<id>" for a session of which nobody wrote it."""
    own = pl.lit(NOBODY_WROTE_IT) + pl.col("session_id").cast(pl.String)
    return sessions.select(
        pl.coalesce(text_or_null(sessions, "patient_id"), own).alias("patient_id")
    ).to_series()


def reaction_moments(registry: Registry) -> pl.DataFrame:
    """`reaction_id`, `session_id`, `session_date`, `onset` and `known` of every reaction, in order.

    A reaction is known from its first dated observation, else from its onset: nobody can have known it earlier, and
    somebody knew it then. An observation dated to a span of days counts from the last of them. Null where no date says.
    """
    reactions = registry.reactions
    dated = reactions.select(
        pl.col("reaction_id").cast(pl.String),
        pl.col("session_id").cast(pl.String),
        onset_day(reactions).alias("day"),
    ).join(_session_dates(registry.sessions), on="session_id", how="left", maintain_order="left")
    seen = dated.join(_first_seen(registry.observations), on="reaction_id", how="left", maintain_order="left")
    onset = after_session("day")
    return seen.select(
        "reaction_id",
        "session_id",
        "session_date",
        onset.alias("onset"),
        pl.coalesce(after_session("seen"), onset).alias("known"),
    )


def onset_day(reactions: pl.DataFrame) -> pl.Expr:
    """Days from the session to the beginning of a reaction, or the middle of the days that its dates allow."""
    low = column_or_null(reactions, "onset_day_from", pl.Float64)
    high = column_or_null(reactions, "onset_day_to", pl.Float64)
    return pl.coalesce(column_or_null(reactions, "onset_day", pl.Float64), (low + high) / 2)


def observation_day(observations: pl.DataFrame) -> pl.Expr:
    """Days from the session to an observation; the last of the days that its date allows where that is a span."""
    return pl.coalesce(
        column_or_null(observations, "day", pl.Float64), column_or_null(observations, "day_to", pl.Float64)
    )


def after_session(day: str) -> pl.Expr:
    """The instant so many days (a column) after `session_date`."""
    since = (pl.col(day) * _MICROSECONDS_PER_DAY).round(0).cast(pl.Int64).cast(pl.Duration("us"))
    return pl.col("session_date") + since


def _session_dates(sessions: pl.DataFrame) -> pl.DataFrame:
    return sessions.select(
        pl.col("session_id").cast(pl.String), instant_or_null(sessions, "date_from").alias("session_date")
    )


def _first_seen(observations: pl.DataFrame) -> pl.DataFrame:
    if "reaction_id" not in observations.columns:
        return pl.DataFrame(schema={"reaction_id": pl.String, "seen": pl.Float64})
    days = observations.select(
        pl.col("reaction_id").cast(pl.String), observation_day(observations).alias("seen")
    )
    return days.group_by("reaction_id").agg(pl.col("seen").min())


def _with_person(moments: pl.DataFrame, registry: Registry) -> pl.DataFrame:
    """The person of a reaction: as its session says, else as the reaction says, else nobody but the session."""
    sessions = registry.sessions.select(
        pl.col("session_id").cast(pl.String),
        text_or_null(registry.sessions, "patient_id").alias("of_session"),
    )
    said = registry.reactions.select(text_or_null(registry.reactions, "patient_id").alias("said")).to_series()
    joined = moments.with_columns(said).join(sessions, on="session_id", how="left", maintain_order="left")
    nobody = pl.lit(NOBODY_WROTE_IT) + pl.col("session_id")
    return joined.with_columns(pl.coalesce("of_session", "said", nobody).alias("patient_id"))
