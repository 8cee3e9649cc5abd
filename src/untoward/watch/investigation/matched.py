"""Matched sets: cases against their own controls, by conditional logistic regression, McNemar's test for pairs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray
from scipy import special

from untoward.kernels import stratified as kernel
from untoward.kernels.logistic import has_direction, independent_columns
from untoward.kernels.two_by_two import Table
from untoward.model.counts import Estimate
from untoward.watch.estimates import ONLY_CASES
from untoward.watch.investigation.covariates import Covariates
from untoward.watch.investigation.estimates import (
    TestResult,
    as_estimate,
    no_estimate,
    no_test,
    wald_odds_ratio,
)
from untoward.watch.investigation.models_extra import Fit, fit_conditional
from untoward.watch.investigation.people import ExposureState, Mask, People, words_of
from untoward.watch.investigation.regression import Term
from untoward.watch.wording import many, p_text

FloatArray = NDArray[np.float64]

MOST_IN_A_SET = 60
MOST_PEOPLE = 20_000

EXACT = "conditional logistic regression, exact"
MID_P = "mid-P exact, given the sets"
CONDITIONAL = "conditional logistic regression, maximum likelihood, Wald interval"
_MCNEMAR = "McNemar chi-square, without correction"
_MCNEMAR_EXACT = "McNemar exact binomial, two-sided"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPattern:
    """How many sets look alike: exposed of their cases, exposed of their controls."""

    cases_exposed: int
    cases: int
    controls_exposed: int
    controls: int
    sets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Pairs of one case and one control. Only the discordant ones, `case_only` and `control_only`, inform."""

    both: int
    case_only: int
    control_only: int
    neither: int
    mcnemar: TestResult
    mcnemar_exact: TestResult


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedResult:
    """One exposure in matched sets.

    `sets` have a case and a control of whom the exposure is known; `informative` are those in which exposures differ.
    `unknown` persons lack the exposure or the set (or a covariate, for the adjusted ratio, `unknown_adjusted`).
    """

    exposure: str
    by: str
    sets: int
    informative: int
    unknown: int
    patterns: tuple[SetPattern, ...]
    pairs: Pairs | None
    odds_ratio: Estimate
    odds_ratio_mid_p: Estimate
    p: float | None
    adjusted_for: tuple[str, ...]
    odds_ratio_adjusted: Estimate | None
    p_adjusted: float | None
    unknown_adjusted: int | None
    terms: tuple[Term, ...]
    reading: str


def match(
    people: People,
    exposure: ExposureState,
    column: str,
    others: Covariates | None = None,
    columns: tuple[str, ...] = (),
) -> MatchedResult:
    """Sets by the column. With covariates the adjusted ratio too, which raises MissingExtra without statsmodels."""
    sets, named = _set_codes(people, column)
    known = exposure.known & named
    tables = {} if people.only_cases else _tables(people, exposure, sets, known)
    cell = kernel.common_cell(list(tables.values())) if tables else None
    odds, mid_p, p = _exact(people, tables, cell)
    pairs = _pairs(tables)
    adjusted, p_adjusted, terms = None, None, tuple[Term, ...]()
    unknown_adjusted = None
    if others is not None:
        all_known = known & others.known
        adjusted, p_adjusted, terms = _adjusted(people, exposure, sets, all_known, others)
        unknown_adjusted = people.persons(~all_known)
    informative = sum(_informs(table) for table in tables.values())
    return MatchedResult(
        exposure=exposure.name,
        by=column,
        sets=len(tables),
        informative=informative,
        unknown=people.persons(~known),
        patterns=_patterns(tables.values()),
        pairs=pairs,
        odds_ratio=odds,
        odds_ratio_mid_p=mid_p,
        p=p,
        adjusted_for=columns if others is not None else (),
        odds_ratio_adjusted=adjusted,
        p_adjusted=p_adjusted,
        unknown_adjusted=unknown_adjusted,
        terms=terms,
        reading=_reading(people, odds, p, len(tables), informative, pairs),
    )


def _set_codes(people: People, column: str) -> tuple[NDArray[np.int64], Mask]:
    words = words_of(people.frame, column)
    codes = words.rank("dense").fill_null(0).to_numpy().astype(np.int64) - 1
    return codes, words.is_not_null().to_numpy()


def _tables(
    people: People, exposure: ExposureState, sets: NDArray[np.int64], known: Mask
) -> dict[int, Table]:
    """The 2x2 table of every set with a case and a control."""
    kind = np.where(exposure.exposed, 0, 2) + np.where(people.ill, 0, 1)
    place = sets[known] * 4 + kind[known]
    size = int(sets.max(initial=0)) + 1
    cells = np.bincount(place, people.weight[known], size * 4).astype(np.int64).reshape(size, 4)
    tables = {code: Table(*(int(count) for count in row)) for code, row in enumerate(cells)}
    return {code: table for code, table in tables.items() if table.ill and table.well}


def _informs(table: Table) -> bool:
    return table.exposed > 0 and table.unexposed > 0


def _exact(
    people: People, tables: dict[int, Table], cell: kernel.CommonCell | None
) -> tuple[Estimate, Estimate, float | None]:
    if people.only_cases or not tables:
        reason = ONLY_CASES if people.only_cases else "not estimable: no set has a case and a control"
        return no_estimate(EXACT, reason), no_estimate(MID_P, reason), None
    if cell is None:
        reason = "not computed: the sets are too large for the exact method"
        return no_estimate(EXACT, reason), no_estimate(MID_P, reason), None
    found = [as_estimate(kernel.exact_odds_ratio(cell, mid_p=mid_p)) for mid_p in (False, True)]
    odds, mid = (
        Estimate(
            value=one.value,
            low=one.low,
            high=one.high,
            method=method,
            reason=one.reason.replace("stratum", "set"),
        )
        for one, method in zip(found, (EXACT, MID_P), strict=True)
    )
    informs = cell.distribution.last > cell.distribution.first
    return odds, mid, kernel.exact_p(cell) if informs else None


def _pairs(tables: dict[int, Table]) -> Pairs | None:
    """Counts of pairs, when every set is one case and one control."""
    if not tables or any(table.ill != 1 or table.well != 1 for table in tables.values()):
        return None
    counted = Counter((table.a, table.b) for table in tables.values())
    case_only, control_only = counted[1, 0], counted[0, 1]
    discordant = case_only + control_only
    if discordant == 0:
        reason = "not estimable: no pair differs in exposure"
        chi_square, exact = no_test(_MCNEMAR, reason), no_test(_MCNEMAR_EXACT, reason)
    else:
        value = (case_only - control_only) ** 2 / discordant
        p = float(special.chdtrc(1, value))
        chi_square = TestResult(statistic=value, freedom=1, p=p, method=_MCNEMAR)
        exact = TestResult(
            statistic=None, freedom=None, p=_sign_test(case_only, control_only), method=_MCNEMAR_EXACT
        )
    return Pairs(
        both=counted[1, 1],
        case_only=case_only,
        control_only=control_only,
        neither=counted[0, 0],
        mcnemar=chi_square,
        mcnemar_exact=exact,
    )


def _sign_test(one: int, other: int) -> float:
    """Twice the smaller binomial tail with probability one half, at most 1."""
    n, k = one + other, min(one, other)
    if n <= 1000:
        return min(1.0, float(2 * sum(comb(n, i) for i in range(k + 1)) / 2**n))
    return min(1.0, 2 * float(special.bdtr(k, n, 0.5)))


def _patterns(tables: Iterable[Table]) -> tuple[SetPattern, ...]:
    counted = Counter((table.a, table.ill, table.b, table.well) for table in tables)
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(
        SetPattern(cases_exposed=a, cases=ill, controls_exposed=b, controls=well, sets=sets)
        for (a, ill, b, well), sets in ordered
    )


def _adjusted(
    people: People, exposure: ExposureState, sets: NDArray[np.int64], known: Mask, others: Covariates
) -> tuple[Estimate, float | None, tuple[Term, ...]]:
    rows = (
        np.repeat(np.flatnonzero(known), people.weight[known])
        if people.persons(known) <= MOST_PEOPLE
        else None
    )
    if rows is None or people.only_cases:
        reason = ONLY_CASES if people.only_cases else f"not computed: more than {MOST_PEOPLE:,} people"
        return no_estimate(CONDITIONAL, reason), None, ()
    ill, codes = people.ill[rows], sets[rows]
    mixed = _sets_with_both(codes, ill)
    rows, ill, codes = rows[mixed], ill[mixed], codes[mixed]
    if rows.size == 0:
        return (
            no_estimate(CONDITIONAL, "not estimable: no set has a case and a control of whom all is known"),
            None,
            (),
        )
    if np.bincount(codes).max() > MOST_IN_A_SET:
        return no_estimate(CONDITIONAL, f"not computed: a set of more than {MOST_IN_A_SET} people"), None, ()
    design = np.column_stack([others.design[rows], exposure.exposed[rows].astype(np.float64)])
    names = (*others.terms, exposure.name)
    differences = _case_less_control(design, ill, codes)
    kept = independent_columns(differences)
    if len(names) - 1 not in kept:
        return (
            no_estimate(CONDITIONAL, "not estimable: within the sets the covariates say who was exposed"),
            None,
            (),
        )
    if has_direction(differences[:, kept]):
        reason = "no finite answer: within the sets the covariates part cases from controls"
        return no_estimate(CONDITIONAL, reason), None, ()
    fit = fit_conditional(design[:, kept], ill.astype(np.float64), codes)
    if not fit.converged:
        return no_estimate(CONDITIONAL, "not estimable: the search for an answer did not settle"), None, ()
    found = _terms_of(fit, [names[at] for at in kept])
    return found[-1].odds_ratio, found[-1].p, found[:-1]


def _terms_of(fit: Fit, names: list[str]) -> tuple[Term, ...]:
    return tuple(
        Term(
            term=name,
            odds_ratio=wald_odds_ratio(float(value), float(error), CONDITIONAL),
            p=float(special.chdtrc(1, (value / error) ** 2)),
        )
        for name, value, error in zip(names, fit.coefficients, fit.errors, strict=True)
    )


def _sets_with_both(codes: NDArray[np.int64], ill: Mask) -> Mask:
    size = int(codes.max(initial=0)) + 1
    cases, people = np.bincount(codes, ill, size), np.bincount(codes, minlength=size)
    mixed: Mask = ((cases > 0) & (cases < people))[codes]
    return mixed


def _case_less_control(design: FloatArray, ill: Mask, codes: NDArray[np.int64]) -> FloatArray:
    """Covariates of every case less those of every control of its set."""
    parts = []
    for code in np.unique(codes):
        here = codes == code
        cases, controls = design[here & ill], design[here & ~ill]
        parts.append((cases[:, None, :] - controls[None, :, :]).reshape(-1, design.shape[1]))
    return np.concatenate(parts)


def _reading(
    people: People, odds: Estimate, p: float | None, sets: int, informative: int, pairs: Pairs | None
) -> str:
    if people.only_cases:
        return "No comparison: the list holds no controls."
    if p is None:
        return f"No comparison: {odds.reason.partition(': ')[2] or odds.reason}."
    told = f"{informative:,} of {many(sets, 'set')} differ in exposure and inform"
    if pairs is not None:
        told = (
            f"{pairs.case_only + pairs.control_only:,} of {many(sets, 'pair')} are discordant: the case alone was"
            f" exposed in {pairs.case_only:,}, the control alone in {pairs.control_only:,}"
        )
    value = "infinite" if odds.value is None else f"{odds.value:.2f}"
    return f"{told}. Odds ratio {value}, exact {p_text(p)}."
