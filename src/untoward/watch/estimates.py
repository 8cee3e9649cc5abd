"""Attack rates, ratios and p values of one exposure, as values of the model."""

from __future__ import annotations

from untoward.kernels import two_by_two as kernel
from untoward.kernels.intervals import clopper_pearson
from untoward.model.counts import Estimate, ExposureResult, Proportion, TwoByTwo

ONLY_CASES = "not estimable: the number of people exposed is not in the data"


def proportion(cases: int, n: int | None) -> Proportion:
    """Cases among n with the Clopper-Pearson 95 % interval; all None when n is 0 or not in the data."""
    if not n:
        return Proportion(cases=cases, n=n, value=None, low=None, high=None)
    low, high = clopper_pearson(cases, n)
    return Proportion(cases=cases, n=n, value=cases / n, low=low, high=high)


def exposure_result(
    *,
    axis: str,
    value: str,
    outcome: str,
    table: TwoByTwo,
    unknown: int,
    p_greater: float,
    p_adjusted: float,
    cases: tuple[str, ...] = (),
) -> ExposureResult:
    """Everything one 2x2 table says. `p_greater` and `p_adjusted` come from the screen of all exposures.

    A table with an empty margin has p = 1 and ratios of None with the reason.
    """
    counts = kernel.Table(table.a, table.b, table.c, table.d)
    return ExposureResult(
        axis=axis,
        value=value,
        outcome=outcome,
        table=table,
        unknown=unknown,
        attack_rate_exposed=proportion(table.a, table.exposed),
        attack_rate_unexposed=proportion(table.c, table.unexposed),
        risk_ratio=_estimate(kernel.risk_ratio(counts)),
        odds_ratio=_estimate(kernel.odds_ratio_conditional(counts)),
        p=kernel.fisher_exact_two_sided(counts),
        p_mid=kernel.mid_p_two_sided(counts),
        p_greater=p_greater,
        p_adjusted=p_adjusted,
        cases=cases,
    )


def cases_only_result(
    *, axis: str, value: str, outcome: str, table: TwoByTwo, unknown: int
) -> ExposureResult:
    """An exposure among cases when no healthy person is in the data: counts, and no rate, ratio or p
    value.
    """
    return ExposureResult(
        axis=axis,
        value=value,
        outcome=outcome,
        table=table,
        unknown=unknown,
        attack_rate_exposed=proportion(table.a, None),
        attack_rate_unexposed=proportion(table.c, None),
        risk_ratio=Estimate(value=None, low=None, high=None, method="Katz log", reason=ONLY_CASES),
        odds_ratio=Estimate(value=None, low=None, high=None, method="conditional exact", reason=ONLY_CASES),
        p=None,
        p_mid=None,
        p_greater=None,
        p_adjusted=None,
    )


def _estimate(ratio: kernel.Ratio) -> Estimate:
    return Estimate(
        value=ratio.value,
        low=ratio.low,
        high=ratio.high,
        method=ratio.method,
        level=ratio.level,
        reason=ratio.reason or "",
    )
