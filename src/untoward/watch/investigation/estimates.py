"""Estimates and tests as values of the model, and the further measures of one 2x2 table."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, isfinite, sqrt

from untoward.kernels import stratified as kernel
from untoward.kernels import two_by_two
from untoward.kernels.two_by_two import Table
from untoward.model.counts import Estimate
from untoward.watch.estimates import ONLY_CASES

Z95 = 1.959963984540054

CONTROLS_CHOSEN = "not estimable: controls were chosen, so the list does not say who was at risk"


@dataclass(frozen=True, slots=True, kw_only=True)
class TestResult:
    """A test: its statistic, degrees of freedom and p; None with the reason where the data cannot say."""

    statistic: float | None
    freedom: int | None
    p: float | None
    method: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FurtherMeasures:
    """What one 2x2 table says beside its risk ratio and exact odds ratio."""

    odds_ratio_wald: Estimate
    odds_ratio_mid_p: Estimate
    risk_difference: Estimate
    attributable_fraction_exposed: Estimate
    attributable_fraction_population: Estimate
    chi_square: TestResult
    chi_square_yates: TestResult


_METHODS = (
    "Woolf logit", "mid-P exact", "Newcombe hybrid score", "from the risk ratio, Katz log", "Fleiss, log of the complement",
)  # fmt: skip


def further_measures(table: Table) -> FurtherMeasures:
    """Odds ratios by Woolf and by mid-P, risk difference, attributable fractions, chi-square without and with Yates."""
    return FurtherMeasures(
        odds_ratio_wald=as_estimate(two_by_two.odds_ratio_woolf(table)),
        odds_ratio_mid_p=as_estimate(two_by_two.odds_ratio_mid_p(table)),
        risk_difference=as_estimate(two_by_two.risk_difference_newcombe(table)),
        attributable_fraction_exposed=fraction_of_exposed(two_by_two.risk_ratio(table)),
        attributable_fraction_population=fraction_of_everybody(table),
        chi_square=_chi_square(two_by_two.chi_square(table)),
        chi_square_yates=_chi_square(two_by_two.chi_square_yates(table)),
    )


def no_further_measures(reason: str = ONLY_CASES) -> FurtherMeasures:
    """The same, when nothing can be compared."""
    wald, mid_p, difference, exposed, everybody = (no_estimate(method, reason) for method in _METHODS)
    return FurtherMeasures(
        odds_ratio_wald=wald,
        odds_ratio_mid_p=mid_p,
        risk_difference=difference,
        attributable_fraction_exposed=exposed,
        attributable_fraction_population=everybody,
        chi_square=no_test("Pearson chi-square", reason),
        chi_square_yates=no_test("Pearson chi-square, Yates-corrected", reason),
    )


def as_estimate(found: two_by_two.Estimate) -> Estimate:
    """A kernel's estimate as a value of the model."""
    return Estimate(
        value=found.value,
        low=found.low,
        high=found.high,
        method=found.method,
        level=found.level,
        reason=found.reason or "",
    )


def no_estimate(method: str, reason: str) -> Estimate:
    """An estimate that the data cannot give."""
    return Estimate(value=None, low=None, high=None, method=method, reason=reason)


def no_test(method: str, reason: str) -> TestResult:
    """A test that the data cannot answer."""
    return TestResult(statistic=None, freedom=None, p=None, method=method, reason=reason)


def as_test(found: kernel.Test, method: str, reason: str) -> TestResult:
    """A kernel's test as a value; `reason` is used where it says nothing."""
    if found.value is None:
        return no_test(method, reason)
    return TestResult(statistic=found.value, freedom=found.freedom, p=found.p, method=method)


def ratio_estimate(value: float, low: float, high: float, method: str, reason: str) -> Estimate:
    """An estimate of floats in which nan and infinity mean "no such number"; `reason` is used when one is."""
    numbers = [float(x) if isfinite(x) and abs(x) != inf else None for x in (value, low, high)]
    missing = any(number is None for number in numbers)
    return Estimate(
        value=numbers[0],
        low=numbers[1],
        high=numbers[2],
        method=method,
        reason=reason if missing else "",
    )


def wald_odds_ratio(log_odds: float, error: float, method: str) -> Estimate:
    """Exp of a coefficient with Wald's 95 % limits."""
    return Estimate(
        value=exp(log_odds), low=exp(log_odds - Z95 * error), high=exp(log_odds + Z95 * error), method=method
    )


def fraction_of_exposed(risk_ratio: two_by_two.Ratio) -> Estimate:
    """Share of the illness among the exposed that goes with the exposure, (RR - 1) / RR, limits by those of RR.

    Below nought for an exposure with the lower risk. Meaningful only where the exposure is a cause.
    """
    method = _METHODS[3]
    if risk_ratio.value is None and (risk_ratio.reason or "").startswith("infinite"):
        return Estimate(
            value=1.0, low=None, high=None, method=method, reason="no interval: " + _after_colon(risk_ratio)
        )
    if not risk_ratio.value:
        return no_estimate(method, risk_ratio.reason or "not estimable: no case among the exposed")
    low, high = (None if x is None else 1 - 1 / x for x in (risk_ratio.low, risk_ratio.high))
    return Estimate(
        value=1 - 1 / risk_ratio.value, low=low, high=high, method=method, reason=risk_ratio.reason or ""
    )


def fraction_of_everybody(table: Table) -> Estimate:
    """Share of all illness in the group that goes with the exposure, (risk of all - risk of unexposed) / risk of all.

    Limits from the delta method on the log of its complement, the people being one sample of everybody.
    Fleiss, Am J Epidemiol 1979;110:103.
    """
    method = _METHODS[4]
    risk = two_by_two.risk_ratio(table)
    if min(table.exposed, table.unexposed, table.ill) == 0:
        return no_estimate(method, risk.reason or "not estimable")
    complement = (table.c / table.unexposed) * table.total / table.ill
    if table.c == 0 or table.well == 0:
        reason = "no interval: " + ("no case among the unexposed" if table.c == 0 else "everybody is ill")
        return Estimate(value=1 - complement, low=None, high=None, method=method, reason=reason)
    value = 1 - complement
    error = sqrt((table.b + value * (table.a + table.d)) / (table.total * table.c))
    low, high = 1 - complement * exp(Z95 * error), 1 - complement * exp(-Z95 * error)
    return Estimate(value=value, low=low, high=high, method=method)


def _after_colon(ratio: two_by_two.Ratio) -> str:
    return (ratio.reason or "").partition(": ")[2]


def _chi_square(found: two_by_two.ChiSquare) -> TestResult:
    if found.value is None:
        return no_test(found.method, found.reason or "")
    return TestResult(statistic=found.value, freedom=1, p=found.p, method=found.method)
