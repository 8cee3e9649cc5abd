"""Exact distribution of a 2x2 table's first cell when all four margins are held fixed.

Given the margins, the number of exposed cases follows Fisher's noncentral hypergeometric distribution,
which depends on the odds ratio alone. Everything here works with ``log_odds``, the natural logarithm of
that odds ratio (0 means no association), and with logarithms of probabilities, so that neither a
probability of 1e-400 nor an odds ratio of 1e12 overflows.

Precision: terms below ``exp(-50)`` (2e-22) of the largest term of a sum are left out. The distribution has
one peak and falls ever faster to both sides, so for a support of a million points the mass left out is
below 2e-16 of the sum, the spacing of doubles.
"""

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

FloatArray = NDArray[np.float64]

_NEGLIGIBLE = 50.0
_TIE = 1e-7
_STIRLING_FROM = 16


@dataclass(frozen=True, slots=True, eq=False)
class FirstCell:
    """Distribution of the number of exposed cases, all margins fixed.

    Attributes
    ----------
    first, last
        Smallest and largest possible count.
    log_weights
        Logarithm of each count's unnormalised probability at odds ratio 1, shape ``(last - first + 1,)``.
    log_steps
        Logarithm of each probability divided by the one before, shape ``(last - first,)``, falling.
    """

    first: int
    last: int
    log_weights: FloatArray
    log_steps: FloatArray

    @classmethod
    def of_margins(cls, *, exposed: int, unexposed: int, cases: int) -> Self:
        """Build from the two group sizes and the number of cases (``cases <= exposed + unexposed``)."""
        first, last = max(0, cases - unexposed), min(exposed, cases)
        k = np.arange(first, last + 1, dtype=np.float64)
        before = k[:-1]
        # Each factor is below 2**53 for totals up to 90 million, so the quotient is exact to the last digit.
        up = (exposed - before) * (cases - before)
        down = (before + 1) * (unexposed - cases + before + 1)
        weights = log_choose(np.float64(exposed), k) + log_choose(np.float64(unexposed), cases - k)
        return cls(first, last, weights, np.log(up / down))

    def log_tail(self, start: int, stop: int, log_odds: float = 0.0) -> float:
        """Logarithm of P(start <= X <= stop), both ends included; -inf for an empty range."""
        part = self._log_sum(start, stop, log_odds)
        return min(part - self._log_sum(self.first, self.last, log_odds), 0.0)

    def log_mid_tail(self, observed: int, side: int, log_odds: float = 0.0) -> float:
        """Logarithm of P(X beyond observed) + P(X = observed) / 2; ``side`` is +1 for above, -1 for below."""
        beyond = (observed + 1, self.last) if side > 0 else (self.first, observed - 1)
        half = self.log_tail(observed, observed, log_odds) - np.log(2.0)
        return float(np.logaddexp(self.log_tail(*beyond, log_odds), half))

    def mean(self, log_odds: float) -> float:
        """Expected count at this odds ratio."""
        k, log_terms = self._terms(self.first, self.last, log_odds)
        weights = np.exp(log_terms - log_terms.max())
        # Centred before averaging, else a mean near a million loses six digits.
        centre = k[0]
        return float(centre + np.dot(k - centre, weights) / weights.sum())

    def log_no_more_probable(self, observed: int) -> float:
        """Logarithm of the probability, at odds ratio 1, of all counts no more probable than ``observed``.

        Probabilities that agree to 1 part in 10 million count as equal, as in R's ``fisher.test``: rounding
        must not decide whether the mirror image of the observed table belongs to the tail.
        """
        limit = self.log_weights[observed - self.first] + np.log1p(_TIE)
        peak = self._mode(self.first, self.last, 0.0)
        rising = range(self.first, peak + 1)
        falling = range(peak + 1, self.last + 1)
        left_end = rising.start + bisect_left(rising, True, key=lambda k: self._weight(k) > limit)
        right_start = falling.start + bisect_left(falling, True, key=lambda k: self._weight(k) <= limit)
        if left_end == right_start:
            return 0.0
        left = self.log_tail(self.first, left_end - 1)
        right = self.log_tail(right_start, self.last)
        return min(float(np.logaddexp(left, right)), 0.0)

    def solve(self, excess: Callable[[float], float], start: float) -> float:
        """Log odds at which ``excess``, which rises with it, is zero; searched outwards from ``start``."""
        low, high, step = start - 1.0, start + 1.0, 1.0
        while excess(low) > 0:
            low, step = low - step, step * 2
        step = 1.0
        while excess(high) < 0:
            high, step = high + step, step * 2
        return float(optimize.brentq(excess, low, high, xtol=1e-13, rtol=1e-14))

    def _weight(self, k: int) -> float:
        return float(self.log_weights[k - self.first])

    def _log_sum(self, start: int, stop: int, log_odds: float) -> float:
        start, stop = max(start, self.first), min(stop, self.last)
        if start > stop:
            return -np.inf
        _, log_terms = self._terms(start, stop, log_odds)
        top = log_terms.max()
        return float(top + np.log(np.exp(log_terms - top).sum()))

    def _terms(self, start: int, stop: int, log_odds: float) -> tuple[FloatArray, FloatArray]:
        """Counts in the range that matter for its sum, and their log weights at this odds ratio."""
        peak = self._mode(start, stop, log_odds)

        def log_term(k: int) -> float:
            return self._weight(k) + (k - peak) * log_odds

        floor = log_term(peak) - _NEGLIGIBLE
        low = start + bisect_left(range(start, peak), True, key=lambda k: log_term(k) >= floor)
        high = peak + bisect_left(range(peak, stop + 1), True, key=lambda k: log_term(k) < floor)
        k = np.arange(low, high, dtype=np.float64)
        # Tilted about one fixed count, so that sums over different ranges stay comparable.
        tilted = self.log_weights[low - self.first : high - self.first] + (k - self.first) * log_odds
        return k, tilted

    def _mode(self, start: int, stop: int, log_odds: float) -> int:
        """Most probable count within the range."""
        rising = int(np.searchsorted(-self.log_steps, log_odds))
        return min(max(self.first + rising, start), stop)


def log_choose(n: FloatArray | np.float64, k: FloatArray | np.float64) -> FloatArray:
    """Logarithm of the binomial coefficient "n over k", element by element, for whole ``0 <= k <= n``.

    Built from entropies and Stirling remainders instead of differences of log-gammas: those are near 3e7
    for n = 2 million and would leave only eight digits.
    """
    n, k = np.broadcast_arrays(np.asarray(n, dtype=np.float64), np.asarray(k, dtype=np.float64))
    rest = n - k
    inner = (k > 0) & (rest > 0)
    size, chosen, left = np.where(inner, n, 2.0), np.where(inner, k, 1.0), np.where(inner, rest, 1.0)
    entropy = -chosen * _log_share(chosen, left) - left * _log_share(left, chosen)
    width = 0.5 * np.log(size / (2 * np.pi * chosen * left))
    remainder = _stirling_remainder(size) - _stirling_remainder(chosen) - _stirling_remainder(left)
    return np.where(inner, entropy + width + remainder, 0.0)


def _log_share(part: FloatArray, rest: FloatArray) -> FloatArray:
    """log(part / (part + rest)), accurate when the share is close to 1 too."""
    return -np.log1p(rest / part)


def _stirling_remainder(n: FloatArray) -> FloatArray:
    """log(n!) minus Stirling's formula; the series is used where its fifth term is below 2e-14."""
    small = np.minimum(n, _STIRLING_FROM)
    direct = special.gammaln(small + 1) - (small + 0.5) * np.log(small) + small - 0.5 * np.log(2 * np.pi)
    square = 1.0 / (n * n)
    series = (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680))) / n
    return np.where(n < _STIRLING_FROM, direct, series)
