"""The rates of one outcome, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisSummary:
    """One axis: `values` that somebody had, the `cases` counted on it, how many of the values have enough data, and the
    sessions without any value.

    `shrunken_to` is the ratio towards which the values are drawn and `spread` the coefficient of variation between them, or
    `not_shrunken` says why there is neither. `reasons` counts the values that have too little data, by reason.
    """

    axis: str
    values: int
    cases: float
    compared: int
    sessions_known: int
    sessions_unknown: int
    cases_unknown: int
    shrunken_to: float | None
    spread: float | None
    not_shrunken: str
    reasons: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OutcomeRates:
    """One outcome by every exposure, the worst first.

    `table` has one row for each exposure that somebody had:

    ``axis``, ``value``; ``sessions``, ``persons`` with it; ``reactions`` and ``sessions_ill`` recorded for its sessions;
    ``ill`` persons whose case counts for it and ``cases`` as the rule counts them; ``elapsed`` sessions (each by the share of
    its risk that has passed); ``expected`` cases by now. Then, each with ``_low`` and ``_high`` (95 %):
    ``reactions_per_session``, ``per_session``, ``per_person``, ``oe`` (observed / expected), ``rr`` (Mantel-Haenszel),
    ``shrunken``. ``funnel_95_low`` to ``funnel_998_high`` are smooth limits of chance around 1, ``excess_p`` and
    ``deficit_p`` the exact chances of as many and as few of the axis's cases (not corrected for how many exposures there
    are), ``position`` where these put the exposure, ``reason`` why there is not enough data ("" when there is). Null where
    there is no figure.

    `persons` had a session, `cases` of them the outcome. `left_out` says in words what is not counted.
    """

    outcome: str
    definition: str
    as_of: str | None
    sessions: int
    persons: int
    cases: int
    elapsed: float
    rule: str
    delay: str
    delay_evidence: tuple[str, ...]
    strata: int
    table: pl.DataFrame
    axes: tuple[AxisSummary, ...]
    left_out: tuple[str, ...] = ()
