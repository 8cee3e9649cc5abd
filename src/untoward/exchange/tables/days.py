"""From dates to days since the session, for reactions and observations, with the checks that need both dates."""

from __future__ import annotations

import polars as pl

from untoward.exchange.tables.checks import check_agree, check_before
from untoward.exchange.tables.draft import Draft
from untoward.exchange.tables.spans import TOLERANCE, day_high, day_low, day_shown

_SESSION = ("session:from", "session:to")


def derive_session_dates(sessions: Draft) -> None:
    """Fill `date_from` and `date_to`."""
    sessions.frame = sessions.frame.with_columns(
        pl.col("date:from").alias("date_from"), pl.col("date:to").alias("date_to")
    )


def derive_reaction_days(reactions: Draft, sessions: Draft) -> None:
    """Check the dates of reactions against their sessions, then fill their days and the person."""
    _join_sessions(reactions, sessions)
    _check_person(reactions)
    check_before(
        reactions,
        "onset_date",
        "session",
        "the reaction began before its session",
        "a date not before the session",
    )
    check_before(
        reactions,
        "resolved_date",
        "session",
        "the reaction was over before its session",
        "a date not before the session",
    )
    check_before(
        reactions,
        "resolved_date",
        "onset_date",
        "the reaction was over before it began",
        "a date not before its onset",
    )
    for day, dated in (("onset_day", "onset_date"), ("resolved_day", "resolved_date")):
        check_agree(reactions, day, day_low("session", dated), day_high("session", dated))
    reactions.frame = reactions.frame.with_columns(
        pl.coalesce("onset_day", day_shown("session", "onset_date")).alias("onset_day"),
        pl.coalesce("resolved_day", day_shown("session", "resolved_date")).alias("resolved_day"),
        pl.coalesce(day_low("session", "onset_date"), "onset_day").alias("onset_day_from"),
        pl.coalesce(day_high("session", "onset_date"), "onset_day").alias("onset_day_to"),
        pl.coalesce(day_high("session", "resolved_date"), "resolved_day").alias("resolved_day_to"),
        pl.coalesce("patient_id", "session:patient").alias("patient_id"),
    )
    _check_days_run_forward(reactions)


def _join_sessions(reactions: Draft, sessions: Draft) -> None:
    dated = sessions.good().select(
        "session_id",
        pl.col("date_from").alias("session:from"),
        pl.col("date_to").alias("session:to"),
        pl.col("patient_id").alias("session:patient"),
    )
    reactions.frame = reactions.frame.join(dated, on="session_id", how="left", maintain_order="left")


def _check_person(reactions: Draft) -> None:
    frame = reactions.frame
    other = (frame["patient_id"] != frame["session:patient"]).fill_null(False)
    reactions.log.about_rows(
        other,
        "another person than in the session",
        field="patient_id",
        got=frame["patient_id"],
        expected="the patient_id of the session, or nothing",
        hint="Check the session_id and the patient_id.",
    )


def _check_days_run_forward(reactions: Draft) -> None:
    frame = reactions.frame
    backwards = (frame["resolved_day_to"] < frame["onset_day_from"] - TOLERANCE).fill_null(
        False
    ) & ~reactions.log.bad
    reactions.log.about_rows(
        backwards,
        "the reaction was over before it began",
        field="resolved_day",
        got=frame["resolved_day"],
        expected="a day not before its onset",
    )


def derive_observation_days(observations: Draft, reactions: Draft) -> None:
    """Check the dates of observations against the session of their reaction, then fill their days."""
    dated = reactions.good().select("reaction_id", *_SESSION)
    observations.frame = observations.frame.join(dated, on="reaction_id", how="left", maintain_order="left")
    check_before(observations, "date", "session", "seen before the session", "a date not before the session")
    low, high = day_low("session", "date"), day_high("session", "date")
    check_agree(observations, "day", low, high)
    observations.frame = observations.frame.with_columns(
        pl.coalesce("day", day_shown("session", "date")).alias("day"),
        pl.coalesce(low, "day").alias("day_from"),
        pl.coalesce(high, "day").alias("day_to"),
    )
