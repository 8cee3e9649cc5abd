"""The last day on which anything was recorded of a person, and of the whole registry."""

from __future__ import annotations

from datetime import date

import polars as pl

from untoward.model.tables import Registry
from untoward.watch.columns import column_or_null, instant_or_null
from untoward.watch.onsets import after_session, observation_day, session_persons


def last_contacts(registry: Registry) -> pl.DataFrame:
    """`person` and `last_contact`: the last day of a session, of an onset, or of a look at a reaction."""
    sessions = registry.sessions
    dated = sessions.select(
        pl.col("session_id").cast(pl.String), instant_or_null(sessions, "date_from").alias("session_date")
    ).with_columns(session_persons(sessions).alias("person"))
    reactions = registry.reactions.select(
        pl.col("reaction_id").cast(pl.String),
        pl.col("session_id").cast(pl.String),
        column_or_null(registry.reactions, "onset_day", pl.Float64).alias("began"),
    ).join(dated, on="session_id", how="inner")
    seen = registry.observations.select(
        pl.col("reaction_id").cast(pl.String), observation_day(registry.observations).alias("day")
    ).join(reactions, on="reaction_id", how="inner")
    moments = [
        dated.select("person", pl.col("session_date").alias("moment")),
        seen.select("person", after_session("day").alias("moment")),
        reactions.select("person", after_session("began").alias("moment")),
    ]
    return pl.concat(moments).group_by("person").agg(pl.col("moment").max().dt.date().alias("last_contact"))


def last_day(registry: Registry) -> date | None:
    """The last day that the registry knows of; None when nothing in it is dated."""
    day = last_contacts(registry).get_column("last_contact").max()
    return day if isinstance(day, date) else None
