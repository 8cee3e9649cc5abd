"""When a window of a scan cannot beat a statistic, seen without a logarithm.

With x = c - E, what lies inside and outside the window adds at most ``x^2 / 2E`` and ``x^2 / (C - E)`` to the statistic
(and people who are not cases ``x^2 / (b - E)`` and ``x^2 / 2(B - b - C + E)``), from ``(1+u) log(1+u) - u <= u^2/2`` and
``(1-u) log(1-u) + u <= u^2``. So a window beats a statistic s only with more than ``E + sqrt(s) room`` cases.
"""

from __future__ import annotations

import math

from untoward.kernels.compiled import compiled

SAFELY = 1.0 - 1e-6
"""The bound is held in 32 bits; this much less lets no rounding hide a window that would have won."""


@compiled
def slope(baseline: float, total_cases: int, total_baseline: float, bernoulli: bool) -> float:
    """The statistic is at most this times the square of the cases above their expectation; inf where all cases are expected."""
    expected = total_cases * baseline / total_baseline
    steep = 0.5 / expected + 1.0 / (total_cases - expected)
    if bernoulli:
        steep += 1.0 / (baseline - expected) + 0.5 / (total_baseline - baseline - total_cases + expected)
    return steep


@compiled
def room(baseline: float, total_cases: int, total_baseline: float, bernoulli: bool) -> float:
    """How far, in units of the root of the statistic to beat, cases must lie above their expectation."""
    return 1.0 / math.sqrt(max(slope(baseline, total_cases, total_baseline, bernoulli), 0.0))
