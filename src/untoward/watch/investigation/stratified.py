"""One exposure within strata: is the crude ratio confounded, and do the strata share one ratio?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from untoward.kernels import mantel_haenszel, two_by_two
from untoward.kernels import stratified as kernel
from untoward.kernels.two_by_two import Table
from untoward.model.counts import Estimate, Proportion
from untoward.watch.estimates import ONLY_CASES, proportion
from untoward.watch.investigation.estimates import (
    CONTROLS_CHOSEN,
    TestResult,
    as_estimate,
    as_test,
    no_estimate,
    no_test,
    ratio_estimate,
)
from untoward.watch.investigation.people import UNKNOWN, ExposureState, People, Strata, table_of
from untoward.watch.wording import p_text

CHANGE = 0.10
"""Share by which adjustment must move the ratio before anybody speaks of confounding (Maldonado and Greenland, Am J
Epidemiol 1993;138:923)."""

DIFFER = 0.05

_RISK = "Mantel-Haenszel, Greenland-Robins interval"
_ODDS = "Mantel-Haenszel, Robins-Breslow-Greenland interval"
_EXACT = "conditional exact, given the strata"
_CMH = "Cochran-Mantel-Haenszel"
_BRESLOW, _TARONE = "Breslow-Day", "Breslow-Day, Tarone's correction"
_WOOLF_ODDS, _WOOLF_RISK = (
    "Woolf, odds ratios (a half added to tables with an empty cell)",
    "Woolf, risk ratios",
)
_ONE = "not estimable: fewer than two strata can be compared"
_NONE = "not estimable: no stratum has ill and well, exposed and unexposed people"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """The 2x2 table of one stratum."""

    stratum: str
    a: int
    b: int
    c: int
    d: int
    attack_rate_exposed: Proportion
    attack_rate_unexposed: Proportion
    risk_ratio: Estimate
    odds_ratio: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class StratifiedResult:
    """One exposure, crude and adjusted for strata. Crude ratios are of the same people as the adjusted ones.

    `unknown` persons lack the exposure or the stratum. `change` is adjusted over crude, less 1, of the measure that
    the reading speaks of. `verdict` is "effect modification", "confounding", "neither" or "cannot tell".
    """

    exposure: str
    by: tuple[str, ...]
    strata: tuple[Stratum, ...]
    unknown: int
    crude_risk_ratio: Estimate
    crude_odds_ratio: Estimate
    risk_ratio: Estimate
    odds_ratio: Estimate
    odds_ratio_exact: Estimate
    cochran_mantel_haenszel: TestResult
    breslow_day: TestResult
    tarone: TestResult
    woolf_odds_ratio: TestResult
    woolf_risk_ratio: TestResult
    change: float | None
    verdict: str
    reading: str


def stratify(
    people: People, exposure: ExposureState, strata: Strata, *, sampled: bool = False
) -> StratifiedResult:
    """Every stratum, crude and common ratios, homogeneity and what that means.

    `sampled` says that controls were chosen: then there are no risks, and the reading goes by odds ratios.
    """
    known = exposure.known & (strata.codes != UNKNOWN)
    unknown = people.persons(~known)
    if people.only_cases:
        return _nothing(exposure.name, strata.columns, unknown)
    tables = [table_of(people, exposure, strata.codes == code) for code in range(len(strata.labels))]
    shown = [(label, table) for label, table in zip(strata.labels, tables, strict=True) if table.total]
    return _result(exposure.name, strata.columns, shown, unknown, sampled)


def _result(
    name: str, by: tuple[str, ...], shown: Sequence[tuple[str, Table]], unknown: int, sampled: bool
) -> StratifiedResult:
    tables = [table for _label, table in shown]
    crude = _summed(tables)
    crude_risk = (
        no_estimate("Katz log", CONTROLS_CHOSEN) if sampled else as_estimate(two_by_two.risk_ratio(crude))
    )
    crude_odds = as_estimate(two_by_two.odds_ratio_woolf(crude))
    risk = no_estimate(_RISK, CONTROLS_CHOSEN) if sampled else _common_risk(tables)
    odds = _common_odds(tables)
    breslow, tarone = _homogeneity(tables, odds)
    change = _change(crude_odds, odds) if sampled else _change(crude_risk, risk)
    verdict = _verdict(tarone, change)
    measure, before, after = ("odds ratio", crude_odds, odds) if sampled else ("risk ratio", crude_risk, risk)
    return StratifiedResult(
        exposure=name,
        by=by,
        strata=tuple(_stratum(label, table, sampled) for label, table in shown),
        unknown=unknown,
        crude_risk_ratio=crude_risk,
        crude_odds_ratio=crude_odds,
        risk_ratio=risk,
        odds_ratio=odds,
        odds_ratio_exact=_exact(tables),
        cochran_mantel_haenszel=as_test(kernel.cochran_mantel_haenszel(tables), _CMH, _NONE),
        breslow_day=breslow,
        tarone=tarone,
        woolf_odds_ratio=as_test(
            kernel.woolf_homogeneity(*kernel.log_odds_ratios(tables)), _WOOLF_ODDS, _ONE
        ),
        woolf_risk_ratio=no_test(_WOOLF_RISK, CONTROLS_CHOSEN)
        if sampled
        else as_test(kernel.woolf_homogeneity(*kernel.log_risk_ratios(tables)), _WOOLF_RISK, _ONE),
        change=change,
        verdict=verdict,
        reading=_reading(verdict, " and ".join(by), measure, before, after, tarone),
    )


def _summed(tables: Sequence[Table]) -> Table:
    return Table(*(sum(getattr(table, cell) for table in tables) for cell in "abcd"))


def _stratum(label: str, table: Table, sampled: bool) -> Stratum:
    risk = no_estimate("Katz log", CONTROLS_CHOSEN) if sampled else as_estimate(two_by_two.risk_ratio(table))
    return Stratum(
        stratum=label,
        a=table.a,
        b=table.b,
        c=table.c,
        d=table.d,
        attack_rate_exposed=proportion(table.a, None if sampled else table.exposed),
        attack_rate_unexposed=proportion(table.c, None if sampled else table.unexposed),
        risk_ratio=risk,
        odds_ratio=as_estimate(two_by_two.odds_ratio_conditional(table)),
    )


def _common_risk(tables: Sequence[Table]) -> Estimate:
    return _finite(mantel_haenszel.proportional_reporting_ratio(kernel.strata_of(tables)), _RISK)


def _common_odds(tables: Sequence[Table]) -> Estimate:
    return _finite(mantel_haenszel.reporting_odds_ratio(kernel.strata_of(tables)), _ODDS)


def _finite(found: Sequence[object], method: str) -> Estimate:
    value, low, high = (float(np.asarray(part)) for part in found)
    reason = (
        "infinite or not estimable: no stratum has cases on both sides"
        if not np.isfinite(value)
        else ("no interval: no exposed case in any stratum that can be compared")
    )
    return ratio_estimate(value, low, high, method, reason)


def _exact(tables: Sequence[Table]) -> Estimate:
    cell = kernel.common_cell(tables)
    if cell is None:
        return no_estimate(_EXACT, "not computed: too many people for the exact method; see odds_ratio")
    return as_estimate(kernel.exact_odds_ratio(cell))


def _homogeneity(tables: Sequence[Table], odds: Estimate) -> tuple[TestResult, TestResult]:
    value = np.nan if odds.value is None else odds.value
    found = mantel_haenszel.heterogeneity(kernel.strata_of(tables), np.asarray(value))
    if not np.isfinite(found.tarone):
        return no_test(_BRESLOW, _ONE), no_test(_TARONE, _ONE)
    freedom = int(found.freedom)
    breslow = TestResult(
        statistic=float(found.breslow_day),
        freedom=freedom,
        p=kernel.chi_square_p(float(found.breslow_day), freedom),
        method=_BRESLOW,
    )
    return breslow, TestResult(
        statistic=float(found.tarone), freedom=freedom, p=float(found.p), method=_TARONE
    )


def _change(crude: Estimate, adjusted: Estimate) -> float | None:
    return adjusted.value / crude.value - 1 if crude.value and adjusted.value else None


def _verdict(tarone: TestResult, change: float | None) -> str:
    if tarone.p is not None and tarone.p < DIFFER:
        return "effect modification"
    if change is None:
        return "cannot tell"
    return "confounding" if abs(change) >= CHANGE else "neither"


def _reading(
    verdict: str, by: str, measure: str, crude: Estimate, adjusted: Estimate, tarone: TestResult
) -> str:
    if verdict == "cannot tell":
        return f"Cannot tell whether {by} confounds or modifies: {adjusted.reason or crude.reason or _ONE}."
    same = "whether the strata differ cannot be tested"
    if tarone.p is not None:
        same = f"no sign that the strata differ ({p_text(tarone.p)}, a weak test with few cases)"
    if verdict == "effect modification":
        return (
            f"Effect modification: the odds ratios differ between strata of {by} more than chance explains"
            f" ({p_text(tarone.p or 0.0)}). Read the strata; one common ratio hides this."
        )
    moved = f"crude {measure} {crude.value:.2f}, adjusted {adjusted.value:.2f}"
    if verdict == "confounding":
        return f"Confounding by {by}: {moved}, a change of 10 % or more; {same}. Quote the adjusted one."
    return f"No confounding by {by} to speak of: {moved}; {same}."


def _nothing(name: str, by: tuple[str, ...], unknown: int) -> StratifiedResult:
    """What can be said when only cases are listed."""
    return StratifiedResult(
        exposure=name,
        by=by,
        strata=(),
        unknown=unknown,
        crude_risk_ratio=no_estimate("Katz log", ONLY_CASES),
        crude_odds_ratio=no_estimate("Woolf logit", ONLY_CASES),
        risk_ratio=no_estimate(_RISK, ONLY_CASES),
        odds_ratio=no_estimate(_ODDS, ONLY_CASES),
        odds_ratio_exact=no_estimate(_EXACT, ONLY_CASES),
        cochran_mantel_haenszel=no_test(_CMH, ONLY_CASES),
        breslow_day=no_test(_BRESLOW, ONLY_CASES),
        tarone=no_test(_TARONE, ONLY_CASES),
        woolf_odds_ratio=no_test(_WOOLF_ODDS, ONLY_CASES),
        woolf_risk_ratio=no_test(_WOOLF_RISK, ONLY_CASES),
        change=None,
        verdict="cannot tell",
        reading=f"Cannot tell: {ONLY_CASES.partition(': ')[2]}.",
    )
