"""Why an exposure cannot be compared, in words. Enough data is no promise: it only means that a comparison is worth making."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from untoward.watch.wording import many

LEAST_SESSIONS = 20
LEAST_ELAPSED = 0.5
LEAST_KNOWN = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Enough:
    """How much data a comparison needs: sessions of the exposure, and shares between 0 and 1.

    `elapsed` of the risk of its sessions must have passed; the exposure must be known for `known` of all sessions.
    """

    sessions: int = LEAST_SESSIONS
    elapsed: float = LEAST_ELAPSED
    known: float = LEAST_KNOWN


def reasons(table: pl.DataFrame, enough: Enough, *, cases: int) -> pl.Expr:
    """The first reason why a row cannot be compared, or "" when it can.

    `table` has `sessions`, `elapsed` (sum of the elapsed shares), `known_share` and `values` (exposures of the axis that
    somebody had).
    """
    few = f"fewer than {many(enough.sessions, 'session')}"
    told = (
        (pl.lit(cases == 0), pl.lit("no case of this outcome")),
        (pl.col("sessions") == 0, pl.lit("no denominator: nobody is recorded with it")),
        (
            pl.col("known_share") < enough.known,
            pl.lit("exposure not recorded for more than half of the sessions"),
        ),
        (pl.col("values") < 2, pl.lit("every session with a record has it: nothing to compare with")),
        (pl.col("sessions") < enough.sessions, pl.lit(few)),
        (
            pl.col("elapsed") < enough.elapsed * pl.col("sessions"),
            pl.lit("the risk of its sessions has mostly not passed yet"),
        ),
    )
    return pl.coalesce(*(pl.when(is_so).then(why) for is_so, why in told), pl.lit("")).alias("reason")
