"""The registry as it stood at an earlier moment: only what had happened and could be known by then.

What carries no date stays in: nobody can say that it was not yet known, and leaving it out would hide reactions for good.
A study of how early a watch would have spoken is therefore a little too favourable wherever dates are missing; the share
of undated rows says how much. Words that were written later cannot be told from those written at once: notes, terms and
the known outbreak of a reaction are shown as they stand today.
"""

from __future__ import annotations

from datetime import datetime

import polars as pl

from untoward.model.tables import Registry
from untoward.watch.columns import column_or_null, instant_or_null
from untoward.watch.onsets import after_session, observation_day, reaction_moments

_OF_THE_END = ("resolved_date", "resolved_day", "resolved_day_to", "outcome")


def known_by(registry: Registry, moment: datetime) -> Registry:
    """Sessions that had begun at `moment` (it included; local time, without zone), and what was known of them.

    * Sessions without a date stay, and so do the components of every session that stays.
    * A reaction stays when its session does and it was known by then: by its first dated observation, else by its
      onset (`onsets.reaction_moments`). One without any date stays.
    * An observation stays when its reaction does and it was made by then, or nobody knows when.
    * An end after the moment becomes unknown, with the word that says how it ended.

    "As of a day" means until that day was over: hand in its last instant, not the first of the next day.
    """
    sessions = _by_then(registry.sessions, instant_or_null(registry.sessions, "date_from"), moment)
    moments = reaction_moments(registry)
    here = moments.join(_keys(sessions, "session_id"), on="session_id", how="semi", maintain_order="left")
    known = here.filter((pl.col("known") <= moment).fill_null(True)).select("reaction_id", "session_date")
    reactions = _only(registry.reactions, "reaction_id", known)
    return Registry(
        sessions=sessions,
        components=_only(registry.components, "session_id", _keys(sessions, "session_id")),
        reactions=_without_later_ends(reactions, known, moment),
        observations=_made_by(registry.observations, known, moment),
        findings=registry.findings,
    )


def _by_then(frame: pl.DataFrame, instant: pl.Expr, moment: datetime) -> pl.DataFrame:
    return frame.filter((instant <= moment).fill_null(True))


def _keys(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    return frame.select(pl.col(name).cast(pl.String))


def _only(frame: pl.DataFrame, key: str, kept: pl.DataFrame) -> pl.DataFrame:
    """Rows whose key is among those kept; a table without the key has no rows to keep or to lose."""
    if key not in frame.columns:
        return frame
    return frame.filter(pl.col(key).cast(pl.String).is_in(kept.get_column(key).implode()))


def _without_later_ends(reactions: pl.DataFrame, known: pl.DataFrame, moment: datetime) -> pl.DataFrame:
    """Ends after the moment, or in a span of days that reaches past it, become null."""
    end = pl.coalesce(
        column_or_null(reactions, "resolved_day", pl.Float64),
        column_or_null(reactions, "resolved_day_to", pl.Float64),
    )
    later = _dated(reactions, end, known).select((after_session("day") > moment).fill_null(False)).to_series()
    hidden = [name for name in _OF_THE_END if name in reactions.columns]
    return reactions.with_columns(pl.when(~later).then(pl.col(name)).alias(name) for name in hidden)


def _made_by(observations: pl.DataFrame, known: pl.DataFrame, moment: datetime) -> pl.DataFrame:
    mine = _only(observations, "reaction_id", known)
    if "reaction_id" not in mine.columns:
        return mine
    dated = _dated(mine, observation_day(mine), known)
    return mine.filter(dated.select((after_session("day") <= moment).fill_null(True)).to_series())


def _dated(frame: pl.DataFrame, day: pl.Expr, known: pl.DataFrame) -> pl.DataFrame:
    """`day` and `session_date` of each row, in order."""
    days = frame.select(pl.col("reaction_id").cast(pl.String), day.alias("day"))
    return days.join(known.unique("reaction_id"), on="reaction_id", how="left", maintain_order="left")
