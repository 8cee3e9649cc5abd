"""One exposure adjusted for several columns at once: logistic regression, Firth's where the data are separated."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp

import numpy as np
from numpy.typing import NDArray
from scipy import special

from untoward.kernels import penalised_logistic
from untoward.kernels.logistic import firth_profile, independent_columns, is_separated
from untoward.kernels.two_by_two import odds_ratio_woolf
from untoward.model.counts import Estimate
from untoward.watch.estimates import ONLY_CASES
from untoward.watch.investigation.covariates import Covariates
from untoward.watch.investigation.estimates import as_estimate, no_estimate, wald_odds_ratio
from untoward.watch.investigation.models_extra import fit_logistic
from untoward.watch.investigation.people import ExposureState, People, table_of
from untoward.watch.wording import many, p_text

FloatArray = NDArray[np.float64]

FEW_PER_TERM = 10
"""Cases (or well people, whichever are fewer) per term below which the reading warns (Peduzzi and others, J Clin
Epidemiol 1996;49:1373)."""

WALD = "logistic regression, maximum likelihood, Wald interval"
FIRTH = "logistic regression, Firth's penalty, profile interval"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One covariate of the model beside the exposure."""

    term: str
    odds_ratio: Estimate
    p: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedResult:
    """An exposure's odds ratio with other columns held equal.

    `crude_odds_ratio` is of the same `n` people; `unknown` lack the exposure or a covariate. `separated` says that
    maximum likelihood had no finite answer. `dropped` covariates say nothing that the others do not.
    """

    exposure: str
    adjusted_for: tuple[str, ...]
    n: int
    cases: int
    unknown: int
    crude_odds_ratio: Estimate
    odds_ratio: Estimate
    p: float | None
    separated: bool
    dropped: tuple[str, ...]
    terms: tuple[Term, ...]
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Model:
    """Patterns of covariates: the intercept, the exposure, then the terms kept."""

    design: FloatArray
    events: FloatArray
    people: FloatArray
    terms: tuple[str, ...]
    dropped: tuple[str, ...]
    exposure_kept: bool


def adjust(
    people: People, exposure: ExposureState, others: Covariates, columns: tuple[str, ...]
) -> AdjustedResult:
    """Logistic regression of illness on the exposure and the covariates. Raises MissingExtra without statsmodels."""
    known = exposure.known & others.known
    table = table_of(people, exposure, known)
    crude = as_estimate(odds_ratio_woolf(table))
    reason = _impossible(people, table.ill, table.well, table.exposed, table.unexposed)
    model = None if reason else _model(people, exposure, others)
    if model is not None and not model.exposure_kept:
        reason = "not estimable: the columns adjusted for already say who was exposed"
    if model is None or reason:
        found, p, separated = no_estimate(WALD, reason), None, False
        terms: tuple[Term, ...] = ()
    else:
        found, p, separated, terms = _fitted(model)
    return AdjustedResult(
        exposure=exposure.name,
        adjusted_for=columns,
        n=table.total,
        cases=table.ill,
        unknown=people.persons(~known),
        crude_odds_ratio=no_estimate("Woolf logit", ONLY_CASES) if people.only_cases else crude,
        odds_ratio=found,
        p=p,
        separated=separated,
        dropped=model.dropped if model else (),
        terms=terms,
        reading=_reading(found, p, crude, separated, min(table.ill, table.well), 1 + len(terms)),
    )


def _impossible(people: People, ill: int, well: int, exposed: int, unexposed: int) -> str:
    if people.only_cases:
        return ONLY_CASES
    if min(ill, well) == 0:
        return (
            "not estimable: nobody is "
            + ("ill" if ill == 0 else "well")
            + " among those of whom all is known"
        )
    if min(exposed, unexposed) == 0:
        return "not estimable: nobody was " + ("exposed" if exposed == 0 else "unexposed")
    return ""


def _model(people: People, exposure: ExposureState, others: Covariates) -> _Model:
    known = exposure.known & others.known
    place = others.codes[known] * 2 + exposure.exposed[known]
    weight, size = people.weight[known].astype(np.float64), 2 * len(others.patterns)
    total = np.bincount(place, weight, size).astype(np.float64)
    events = np.bincount(place, weight * people.ill[known], size).astype(np.float64)
    there = total > 0
    total, events = total[there], events[there]
    which = np.flatnonzero(there)
    # The exposure stands last here, so that it is the one found wanting when the covariates say the same.
    patterns = np.column_stack([np.ones(len(which)), others.patterns[which // 2], which % 2])
    kept, last = independent_columns(patterns), patterns.shape[1] - 1
    middle = [column for column in kept if 0 < column < last]
    order = [0, last, *middle] if last in kept else [0, *middle]
    names = others.terms
    return _Model(
        design=patterns[:, order],
        events=events,
        people=total,
        terms=tuple(names[column - 1] for column in middle),
        dropped=tuple(name for at, name in enumerate(names, 1) if at not in kept),
        exposure_kept=last in kept,
    )


def _fitted(model: _Model) -> tuple[Estimate, float | None, bool, tuple[Term, ...]]:
    """Maximum likelihood where it has an answer and finds it, else Firth's penalty."""
    separated = is_separated(model.design, model.events, model.people)
    if not separated:
        fit = fit_logistic(model.design, model.events, model.people)
        if fit.converged:
            found = [_wald(fit.coefficients[at], fit.errors[at]) for at in range(1, len(fit.coefficients))]
            return (*found[0], False, _terms(model, found[1:]))
    try:
        found = [_profile(model, at) for at in range(1, model.design.shape[1])]
    except penalised_logistic.NotConverged as error:
        return no_estimate(FIRTH, f"not estimable: {error}"), None, separated, ()
    return (*found[0], separated, _terms(model, found[1:]))


def _wald(coefficient: float, error: float) -> tuple[Estimate, float]:
    p = float(special.chdtrc(1, (coefficient / error) ** 2))
    return wald_odds_ratio(float(coefficient), float(error), WALD), p


def _profile(model: _Model, at: int) -> tuple[Estimate, float]:
    found = firth_profile(model.design, model.events, model.people, at)
    low, high = (None if x is None else exp(x) for x in (found.low, found.high))
    reason = "" if low is not None and high is not None else "open at one end: the likelihood stays high"
    return Estimate(value=exp(found.value), low=low, high=high, method=FIRTH, reason=reason), found.p


def _terms(model: _Model, found: list[tuple[Estimate, float]]) -> tuple[Term, ...]:
    return tuple(
        Term(term=name, odds_ratio=ratio, p=p) for name, (ratio, p) in zip(model.terms, found, strict=True)
    )


def _reading(
    found: Estimate, p: float | None, crude: Estimate, separated: bool, fewer: int, terms: int
) -> str:
    if found.value is None or p is None:
        return f"No adjusted odds ratio: {found.reason.partition(': ')[2] or found.reason}."
    before = (
        f"{crude.value:.2f}"
        if crude.value is not None
        else "infinite"
        if "infinite" in crude.reason
        else "no"
    )
    text = f"Odds ratio {found.value:.2f} adjusted, {before} crude, {p_text(p)}."
    if separated:
        text += " The covariates part the ill from the well, so Firth's penalty was used."
    elif found.method == FIRTH:
        text += " Maximum likelihood did not settle, so Firth's penalty was used."
    if fewer < FEW_PER_TERM * terms:
        text += f" Only {many(fewer, 'person')} in the smaller group for {many(terms, 'term')}: rough."
    return text
