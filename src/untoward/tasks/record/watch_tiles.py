"""The few numbers at the top of the watch page, each against the span of time before it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from untoward.kernels.intervals import clopper_pearson
from untoward.tasks.record.watch_lines import Lines
from untoward.watch.outcomes import ANY_REACTION, INFECTION

SPAN_DAYS = 90


def tiles_of(lines: Lines, today: date) -> Sequence[dict[str, Any]]:
    """Sessions, and persons with each outcome whose onset lies in the last 90 days, beside the 90 days before."""
    later = (today - timedelta(days=SPAN_DAYS - 1), today + timedelta(days=1))
    earlier = (later[0] - timedelta(days=SPAN_DAYS), later[0])
    sessions = [_within(lines.sessions, "session_date", *span) for span in (later, earlier)]
    tiles = [_tile("sessions", "", "session_date", later, sessions)]
    for outcome in (INFECTION.name, ANY_REACTION.name):
        cases = lines.cases.filter(pl.col("outcome") == outcome)
        numbers = [_within(cases, "onset", *span) for span in (later, earlier)]
        tiles.append({**_tile("cases", outcome, "onset", later, numbers), **_share(numbers[0], sessions[0])})
    return tiles


def _within(frame: pl.DataFrame, column: str, start: date, end: date) -> int:
    return frame.filter((pl.col(column) >= start) & (pl.col(column) < end)).height


def _tile(
    kind: str, outcome: str, column: str, span: tuple[date, date], numbers: Sequence[int]
) -> dict[str, Any]:
    return {
        "kind": kind,
        "outcome": outcome,
        "column": column,
        "start": span[0].isoformat(),
        "end": span[1].isoformat(),
        "number": numbers[0],
        "before": numbers[1],
    }


def _share(cases: int, sessions: int) -> dict[str, float | None]:
    """Cases per 100 sessions of the same days with exact 95 % limits; null without sessions or with more cases than those."""
    if not 0 < sessions >= cases:
        return {"share": None, "low": None, "high": None}
    low, high = (float(limit[0]) for limit in clopper_pearson(np.array([cases]), np.array([sessions])))
    return {"share": 100 * cases / sessions, "low": 100 * low, "high": 100 * high}
