"""One ratio over many strata: Mantel-Haenszel estimates, and whether the strata agree.

Arrays of shape (pairs, strata). ``n`` are the reports of drug and event, ``n_drug``, ``n_event`` and ``n_total``
the margins within the stratum. PRR: variance after Greenland and Robins (Biometrics 1985;41:55); ROR:
variance after Robins, Breslow and Greenland (Biometrics 1986;42:311). Agreement: Breslow and Day, with the
correction of Tarone (Biometrika 1985;72:91). A stratum without the drug, without the event, or with nothing
else says nothing about a ratio and adds nothing to it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from untoward.kernels.disproportionality import Ratio

FloatArray = NDArray[np.float64]


class Strata(NamedTuple):
    """Counts of pairs within strata; the margins may be of any shape that broadcasts to (pairs, strata)."""

    n: FloatArray
    n_drug: FloatArray
    n_event: FloatArray
    n_total: FloatArray


class Heterogeneity(NamedTuple):
    """Statistics of Breslow and Day and of Tarone, informative strata less one, and p by the latter.

    ``nan`` where fewer than two strata can be compared, or the common odds ratio is 0 or infinite.
    """

    breslow_day: FloatArray
    tarone: FloatArray
    freedom: FloatArray
    p: FloatArray


def expected(strata: Strata) -> FloatArray:
    """Reports to be expected if drug and event had nothing to do with each other in any stratum."""
    _n, drug, event, total = strata
    summed: FloatArray = (drug * event / np.maximum(total, 1)).sum(axis=-1)
    return summed


def proportional_reporting_ratio(strata: Strata, level: float = 0.95) -> Ratio:
    """The common PRR; ``inf`` or ``nan`` as for one table."""
    a, drug, event, total = strata
    whole = np.maximum(total, 1)
    others, c = total - drug, event - a
    above, below = (a * others / whole).sum(axis=-1), (c * drug / whole).sum(axis=-1)
    spread = ((event * drug * others - a * c * total) / whole**2).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return _limits(above / below, spread / (above * below), level)


def reporting_odds_ratio(strata: Strata, level: float = 0.95) -> Ratio:
    """The common ROR; ``inf`` or ``nan`` as for one table."""
    a, drug, event, total = strata
    whole = np.maximum(total, 1)
    b, c = drug - a, event - a
    d = total - drug - c
    along, across = a * d / whole, b * c / whole
    p, q = (a + d) / whole, (b + c) / whole
    r, s = along.sum(axis=-1), across.sum(axis=-1)
    mixed = (p * across + q * along).sum(axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = (
            (p * along).sum(axis=-1) / (2 * r**2)
            + mixed / (2 * r * s)
            + (q * across).sum(axis=-1) / (2 * s**2)
        )
        return _limits(r / s, variance, level)


def heterogeneity(strata: Strata, odds_ratio: FloatArray) -> Heterogeneity:
    """Do the strata share one odds ratio, the Mantel-Haenszel estimate given?"""
    a, drug, event, total = np.broadcast_arrays(*strata)
    speaks = (drug > 0) & (event > 0) & (drug < total) & (event < total)
    psi = np.where(np.isfinite(odds_ratio) & (odds_ratio > 0), odds_ratio, np.nan)[..., None]
    rest = total - drug - event
    lean = rest + psi * (drug + event)
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.sqrt(np.maximum(lean**2 + 4 * (1 - psi) * psi * drug * event, 0.0))
        fitted = 2 * psi * drug * event / (lean + root)
        variance = 1 / (1 / fitted + 1 / (drug - fitted) + 1 / (event - fitted) + 1 / (rest + fitted))
        off = np.where(speaks, a - fitted, 0.0)
        breslow_day = np.where(speaks, off**2 / variance, 0.0).sum(axis=-1)
        tarone = breslow_day - off.sum(axis=-1) ** 2 / np.where(speaks, variance, 0.0).sum(axis=-1)
    freedom = speaks.sum(axis=-1) - 1.0
    known = (freedom > 0) & np.isfinite(tarone)
    breslow_day, tarone = np.where(known, breslow_day, np.nan), np.where(known, tarone, np.nan)
    p = special.chdtrc(np.where(known, freedom, 1.0), np.maximum(tarone, 0.0))
    return Heterogeneity(breslow_day, tarone, np.where(known, freedom, np.nan), p)


def _limits(value: FloatArray, variance: FloatArray, level: float) -> Ratio:
    known = np.isfinite(value) & (value > 0) & np.isfinite(variance)
    reach = special.ndtri((1 + level) / 2) * np.sqrt(np.where(known, np.maximum(variance, 0.0), np.nan))
    return Ratio(value, value * np.exp(-reach), value * np.exp(reach))
