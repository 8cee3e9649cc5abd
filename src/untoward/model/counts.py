"""Counts and the estimates made from them.

Every estimate carries its interval, level and method; nothing is a bare number.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Proportion:
    """Cases among n, with a confidence interval.

    `value` and the bounds are None when n is 0 or was never published.
    """

    cases: int
    n: int | None
    value: float | None
    low: float | None
    high: float | None
    level: float = 0.95
    method: str = "Clopper-Pearson exact"


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A ratio or other estimate with its interval. A None is explained by `reason`, never silent."""

    value: float | None
    low: float | None
    high: float | None
    method: str
    level: float = 0.95
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoByTwo:
    """a exposed ill, b exposed well, c unexposed ill, d unexposed well."""

    a: int
    b: int
    c: int
    d: int

    @property
    def exposed(self) -> int:
        """Everyone exposed."""
        return self.a + self.b

    @property
    def unexposed(self) -> int:
        """Everyone not exposed."""
        return self.c + self.d


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposureResult:
    """What one exposure shows for one outcome: its table, attack rates, ratios and p values.

    `axis` is what kind of exposure it is ("vial", "lot", "practitioner" …), `value` which one. `p` is Fisher
    exact two-sided, `p_greater` one-sided for an excess, `p_adjusted` is `p_greater` after Holm's correction
    over every exposure that was tested for this outcome. `unknown` counts the units for which the exposure is
    not recorded: they are in neither row of the table.
    """

    axis: str
    value: str
    outcome: str
    table: TwoByTwo
    unknown: int
    attack_rate_exposed: Proportion
    attack_rate_unexposed: Proportion
    risk_ratio: Estimate
    odds_ratio: Estimate
    p: float | None
    p_mid: float | None
    p_greater: float | None
    p_adjusted: float | None
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EpiCurveBin:
    """Cases whose onset lies in [start, end):

    ISO dates, and counts by stratum (one stratum "all" when not split).
    """

    start: str
    end: str
    n: int


@dataclass(frozen=True, slots=True, kw_only=True)
class EpiCurve:
    """Cases of one outcome by onset. `without_date` cases have no onset date and are in no bin."""

    outcome: str
    bin_days: int
    bins: tuple[EpiCurveBin, ...]
    without_date: int
    reading: str
