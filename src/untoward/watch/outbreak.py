"""The answer of `untoward outbreak`: attack rates and 2x2 tables of one line list, and the analyses asked for, in the
form that scripts rely on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

import polars as pl

from untoward.kernels.two_by_two import Table
from untoward.model.counts import EpiCurveBin, Estimate, ExposureResult, Proportion
from untoward.model.tables import LineList
from untoward.watch.estimates import proportion
from untoward.watch.investigation.covariates import covariates
from untoward.watch.investigation.dose_response import DoseResult, dose_response
from untoward.watch.investigation.epi_strata import BinWidth, StratifiedCurve, stratified_curve
from untoward.watch.investigation.estimates import (
    CONTROLS_CHOSEN,
    FurtherMeasures,
    TestResult,
    further_measures,
    no_estimate,
    no_further_measures,
)
from untoward.watch.investigation.incubation import (
    ExposurePeriod,
    IncubationTimes,
    exposure_period,
    incubation_times,
)
from untoward.watch.investigation.matched import MatchedResult, match
from untoward.watch.investigation.missing_exposure import MissingResult, missing_exposure
from untoward.watch.investigation.people import ExposureState, People, exposure_states, people_of, strata_by
from untoward.watch.investigation.regression import AdjustedResult, adjust
from untoward.watch.investigation.stratified import StratifiedResult, stratify
from untoward.watch.investigation.times import Incubation, Instants, instants_of
from untoward.watch.line_list import (
    exposure_results,
    is_only_cases,
    line_list_epi_curve,
    line_list_memberships,
    line_list_question,
)

METHOD = "Fisher exact, two-sided"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposedAt:
    """When people were exposed: one moment for all, or a date column of the line list."""

    shown: str
    column: str | None = None
    moment: datetime | None = None
    to_the_minute: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Questions:
    """What is asked beyond the attack rates; columns are those of the line list's frame.

    `case_control` says that the well were chosen, so that nothing in the list is a risk; `matched` implies it.
    """

    stratify: tuple[str, ...] = ()
    adjust: tuple[str, ...] = ()
    matched: str | None = None
    dose: str | None = None
    by: tuple[str, ...] = ()
    bins: BinWidth | None = None
    incubation: Incubation | None = None
    exposed_at: ExposedAt | None = None
    missing: bool = False
    case_control: bool = False

    @property
    def sampled(self) -> bool:
        """Whether the well people of the list were chosen as controls."""
        return self.case_control or self.matched is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutbreakExposure:
    """One exposure: a exposed ill, b exposed well, c unexposed ill, d unexposed well; `unknown` is in none of
    them.
    """

    exposure: str
    a: int
    b: int
    c: int
    d: int
    unknown: int
    attack_rate_exposed: Proportion
    attack_rate_unexposed: Proportion
    risk_ratio: Estimate
    odds_ratio: Estimate
    p: float | None
    method: str
    p_mid: float | None
    odds_ratio_wald: Estimate
    odds_ratio_mid_p: Estimate
    risk_difference: Estimate
    attributable_fraction_exposed: Estimate
    attributable_fraction_population: Estimate
    chi_square: TestResult
    chi_square_yates: TestResult


@dataclass(frozen=True, slots=True, kw_only=True)
class OutbreakResult:
    """A line list in numbers. `without_onset` cases are in no bin of the curve; `left_out` persons may be ill
    or not.

    `design` is "everybody", "case-control" or "cases only". What was not asked for is None.
    """

    n: int
    cases: int
    attack_rate: Proportion
    exposures: tuple[OutbreakExposure, ...]
    epi_curve: tuple[EpiCurveBin, ...]
    without_onset: int
    left_out: int
    design: str
    stratified: tuple[StratifiedResult, ...] | None = None
    adjusted: tuple[AdjustedResult, ...] | None = None
    matched: tuple[MatchedResult, ...] | None = None
    dose_response: DoseResult | None = None
    epi_curve_strata: StratifiedCurve | None = None
    incubation: IncubationTimes | None = None
    exposure_period: ExposurePeriod | None = None
    missing_exposure: tuple[MissingResult, ...] | None = None

    def as_document(self) -> dict[str, Any]:
        """The document of `untoward outbreak --json`: plain dicts, lists, texts, numbers and nulls.

        The attack rates of an exposure are plain numbers there, with their intervals beside them.
        """
        document = asdict(self)
        document["exposures"] = [_with_plain_rates(item) for item in document["exposures"]]
        return document


def _with_plain_rates(exposure: dict[str, Any]) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for name, value in exposure.items():
        if name.startswith("attack_rate_"):
            plain[name] = value["value"]
            plain[f"{name}_interval"] = {key: value[key] for key in ("low", "high", "level", "method")}
        else:
            plain[name] = value
    return plain


def outbreak(
    line_list: LineList,
    *,
    exposures: Iterable[str] | None = None,
    by_p: bool = False,
    bin_days: int | None = None,
    questions: Questions | None = None,
) -> OutbreakResult:
    """Attack rate, every exposure, the epidemic curve of a line list, and what `questions` ask.

    `exposures` chooses columns; without it all are taken. They stand in the order of the table, or, with
    `by_p`, the smallest two-sided p first. When only ill persons are listed, rates, ratios and p values are
    None. Raises InputError naming every column that the list does not have, UsageError for bins that cannot be, and
    MissingExtra where a regression is asked for and statsmodels is not installed.
    """
    asked = questions or Questions()
    names = None if exposures is None else tuple(exposures)
    units, question = line_list_memberships(line_list, names), line_list_question(line_list, "ill")
    left_out, cases = units.weight_of(question.out), units.weight_of(question.cases)
    n, only_cases = units.total - left_out, is_only_cases(units, question)
    found = exposure_results(units, question)
    order = _order(found, by_p)
    bins, without_onset = _curve(line_list, bin_days, asked)
    return OutbreakResult(
        n=n,
        cases=cases,
        attack_rate=proportion(cases, None if only_cases or asked.sampled else n),
        exposures=tuple(_exposure(found[at], only_cases, asked.sampled) for at in order),
        epi_curve=bins,
        without_onset=without_onset,
        left_out=left_out,
        design="cases only" if only_cases else "case-control" if asked.sampled else "everybody",
        **_answers(line_list, names, order, asked),
    )


def _order(found: Sequence[ExposureResult], by_p: bool) -> list[int]:
    def p_of(at: int) -> float:
        p = found[at].p
        return 1.0 if p is None else p

    return sorted(range(len(found)), key=p_of) if by_p else list(range(len(found)))


def _curve(
    line_list: LineList, bin_days: int | None, asked: Questions
) -> tuple[tuple[EpiCurveBin, ...], int]:
    if asked.bins is not None:
        curve = stratified_curve(people_of(line_list)[0], asked.bins)
        return curve.bins, curve.without_onset
    days = line_list_epi_curve(line_list, bin_days=bin_days)
    return days.bins, days.without_date


def _answers(
    line_list: LineList, names: Sequence[str] | None, order: Sequence[int], asked: Questions
) -> dict[str, Any]:
    if asked == Questions(bins=asked.bins, case_control=asked.case_control):
        return {}
    people, kept = people_of(line_list)
    states = exposure_states(line_list, kept, names)
    ordered = [states[at] for at in order]
    return {
        **_about_exposures(people, ordered, asked),
        **_about_everybody(people, asked),
    }


def _about_exposures(people: People, states: Sequence[ExposureState], asked: Questions) -> dict[str, Any]:
    """One answer for each exposure; a column is not held against itself."""
    answers: dict[str, Any] = {}
    if asked.stratify:
        strata = strata_by(people, asked.stratify)
        answers["stratified"] = tuple(
            stratify(people, state, strata, sampled=asked.sampled)
            for state in _other_than(states, asked.stratify)
        )
    if asked.adjust and asked.matched is None:
        others = covariates(people, asked.adjust)
        answers["adjusted"] = tuple(
            adjust(people, state, others, asked.adjust) for state in _other_than(states, asked.adjust)
        )
    if asked.matched is not None:
        terms = covariates(people, asked.adjust) if asked.adjust else None
        answers["matched"] = tuple(
            match(people, state, asked.matched, terms, asked.adjust)
            for state in _other_than(states, (asked.matched, *asked.adjust))
        )
    if asked.missing:
        answers["missing_exposure"] = tuple(
            missing_exposure(people, state, sampled=asked.sampled) for state in states
        )
    return answers


def _other_than(states: Sequence[ExposureState], columns: Sequence[str]) -> list[ExposureState]:
    return [state for state in states if state.column not in columns]


def _about_everybody(people: People, asked: Questions) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    if asked.dose is not None:
        strata = strata_by(people, asked.stratify) if asked.stratify else None
        answers["dose_response"] = dose_response(people, asked.dose, strata, sampled=asked.sampled)
    if asked.by:
        answers["epi_curve_strata"] = stratified_curve(people, asked.bins, strata_by(people, asked.by))
    if asked.incubation is not None:
        answers["exposure_period"] = exposure_period(people, asked.incubation)
    if asked.exposed_at is not None:
        exposed = _exposed(people, asked.exposed_at)
        answers["incubation"] = incubation_times(people, exposed, asked.exposed_at.shown)
    return answers


def _exposed(people: People, exposed_at: ExposedAt) -> Instants:
    if exposed_at.column is not None:
        return instants_of(people.frame, exposed_at.column)
    height = people.frame.height
    at = pl.repeat(exposed_at.moment, height, dtype=pl.Datetime("us"), eager=True)
    known = at.is_not_null().to_numpy()
    return Instants(at=at, known=known, to_the_minute=known & exposed_at.to_the_minute)


def _exposure(result: ExposureResult, only_cases: bool, sampled: bool) -> OutbreakExposure:
    table = result.table
    counts = Table(table.a, table.b, table.c, table.d)
    further = no_further_measures() if only_cases else further_measures(counts)
    rates = (result.attack_rate_exposed, result.attack_rate_unexposed)
    risk = result.risk_ratio
    if sampled and not only_cases:
        rates = (proportion(table.a, None), proportion(table.c, None))
        risk, further = no_estimate(risk.method, CONTROLS_CHOSEN), _without_risks(further)
    return OutbreakExposure(
        exposure=result.axis if result.value == "yes" else f"{result.axis}: {result.value}",
        a=table.a,
        b=table.b,
        c=table.c,
        d=table.d,
        unknown=result.unknown,
        attack_rate_exposed=rates[0],
        attack_rate_unexposed=rates[1],
        risk_ratio=risk,
        odds_ratio=result.odds_ratio,
        p=result.p,
        method=METHOD,
        p_mid=result.p_mid,
        **{field.name: getattr(further, field.name) for field in fields(further)},
    )


def _without_risks(further: FurtherMeasures) -> FurtherMeasures:
    none = no_further_measures(CONTROLS_CHOSEN)
    return FurtherMeasures(
        odds_ratio_wald=further.odds_ratio_wald,
        odds_ratio_mid_p=further.odds_ratio_mid_p,
        risk_difference=none.risk_difference,
        attributable_fraction_exposed=none.attributable_fraction_exposed,
        attributable_fraction_population=none.attributable_fraction_population,
        chi_square=further.chi_square,
        chi_square_yates=further.chi_square_yates,
    )
