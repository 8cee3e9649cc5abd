"""Intervals, ratios, shrunken estimates and funnel of every exposure, computed for all of them at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl
from numpy.typing import NDArray

from untoward.kernels.intervals import clopper_pearson, poisson_exact
from untoward.kernels.rates import (
    Cells,
    GammaPrior,
    NoPrior,
    Ratio,
    deficit_p,
    excess_p,
    fit_gamma,
    funnel,
    mantel_haenszel_rate_ratio,
    poisson_limits,
    shrunken,
)
from untoward.watch.expected import LaidOut, Tally, of_axis

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Columns = Mapping[str, FloatArray]

WARNING, ALARM = 0.95, 0.998
"""Levels of the two funnels: Spiegelhalter, Stat Med 2005;24:1185."""

POSITIONS = ("above 99.8 %", "above 95 %", "within", "below 95 %", "below 99.8 %")


def crude(
    sessions: IntArray, sessions_ill: IntArray, reactions: IntArray, persons: IntArray, ill: IntArray
) -> Columns:
    """Exact intervals of what was counted, whatever time has passed: reactions per session (Garwood), sessions with a reaction
    and persons with a case (Clopper-Pearson).
    """
    rate = np.divide(reactions, sessions, out=np.full(sessions.size, np.nan), where=sessions > 0)
    low, high = poisson_exact(np.where(sessions > 0, reactions, 0), sessions.astype(np.float64))
    return {
        "reactions_per_session": rate,
        "reactions_per_session_low": low,
        "reactions_per_session_high": high,
        **_share("per_session", sessions_ill, sessions),
        **_share("per_person", ill, persons),
    }


def _share(name: str, some: IntArray, of: IntArray) -> Columns:
    low, high = clopper_pearson(np.minimum(some, of), of)
    value = np.divide(some, of, out=np.full(of.size, np.nan), where=of > 0)
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def against_expected(observed: FloatArray, expected: FloatArray, total: FloatArray) -> Columns:
    """Observed / expected with exact Poisson limits, the chances of as many and of as few, and both funnels around 1.

    `total` holds for each exposure the cases counted on its axis.
    """
    some = (expected > 0) & (total > 0)
    divisor, given = np.where(some, expected, 1.0), np.where(some, total, 1.0)
    limits = poisson_limits(observed)
    columns = {"oe": observed / divisor, "oe_low": limits.low / divisor, "oe_high": limits.high / divisor}
    for name, level in (("funnel_95", WARNING), ("funnel_998", ALARM)):
        around = funnel(divisor, given, level)
        columns |= {f"{name}_low": around.low, f"{name}_high": around.high}
    columns |= {
        "excess_p": excess_p(observed, divisor, given),
        "deficit_p": deficit_p(observed, divisor, given),
    }
    return {name: np.where(some, values, np.nan) for name, values in columns.items()}


def position() -> pl.Expr:
    """Where the cases stand to chance, by the exact chances of as many and as few; null where nothing is expected."""
    warning, alarm = (1 - WARNING) / 2, (1 - ALARM) / 2
    excess, deficit = pl.col("excess_p"), pl.col("deficit_p")
    return (
        pl.when(excess.is_null())
        .then(None)
        .when(excess <= alarm)
        .then(pl.lit(POSITIONS[0]))
        .when(excess <= warning)
        .then(pl.lit(POSITIONS[1]))
        .when(deficit <= alarm)
        .then(pl.lit(POSITIONS[4]))
        .when(deficit <= warning)
        .then(pl.lit(POSITIONS[3]))
        .otherwise(pl.lit(POSITIONS[2]))
        .alias("position")
    )


def adjusted(found: Tally, laid: LaidOut) -> Columns:
    """Mantel-Haenszel ratio of cases by elapsed sessions against everybody else with some value on the axis, over strata."""
    node, stratum = np.nonzero(found.at_risk[: laid.real])
    axis = laid.axis[node]
    cells = Cells(
        unit=node,
        cases=found.cases[node, stratum],
        at_risk=found.at_risk[node, stratum],
        all_cases=of_axis(found.cases, laid)[axis, stratum],
        all_at_risk=of_axis(found.at_risk, laid)[axis, stratum],
    )
    return _columns("rr", mantel_haenszel_rate_ratio(cells, laid.real))


def shrunken_by_axis(
    observed: FloatArray, expected: FloatArray, laid: LaidOut
) -> tuple[Columns, Mapping[str, GammaPrior | NoPrior]]:
    """Observed / expected drawn towards the mean of its axis, and the prior of each axis or why there is none."""
    values = [np.full(observed.size, np.nan) for _ in range(3)]
    priors: dict[str, GammaPrior | NoPrior] = {}
    for number, name in enumerate(laid.axes):
        mine = np.flatnonzero((laid.axis[: laid.real] == number) & (expected > 0))
        priors[name] = prior = fit_gamma(observed[mine], expected[mine])
        if isinstance(prior, GammaPrior):
            for column, shrunk in zip(values, shrunken(observed[mine], expected[mine], prior), strict=True):
                column[mine] = shrunk
    return _columns("shrunken", Ratio(*values)), priors


def _columns(name: str, ratio: Ratio) -> Columns:
    return {name: ratio.value, f"{name}_low": ratio.low, f"{name}_high": ratio.high}
