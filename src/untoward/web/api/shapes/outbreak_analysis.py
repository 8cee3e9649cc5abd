"""The analysis of an outbreak: attack rates, two-by-two tables, strata, incubation and the curve."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from untoward.report.investigation import InvestigationContent
from untoward.report.investigation.notes import method_lines, unknown_lines
from untoward.tasks.record.outbreak_desk_counting import INCUBATION, Analysis
from untoward.watch.outbreak import OutbreakResult
from untoward.web.api.shapes.base import Given, Number, Told


class AnalysisIn(Given):
    """Within which strata, and the shortest and longest incubation in days, as "10-114"."""

    stratum: Literal["", "practitioner", "sex", "clinic", "product", "device"] = ""
    incubation: Annotated[str, Field(max_length=20, pattern=r"^[^\x00]*$")] = INCUBATION


class ShareOut(Told):
    """Cases among n, with the exact 95 % interval."""

    cases: int
    n: int | None
    value: Number
    low: Number
    high: Number


class EstimateOut(Told):
    """A ratio with its 95 % interval and method; `reason` says why there is none."""

    value: Number
    low: Number
    high: Number
    method: str
    reason: str


class ExposureOut(Told):
    """One exposure: a exposed ill, b exposed well, c unexposed ill, d unexposed well, `unknown` in none of them."""

    exposure: str
    a: int
    b: int
    c: int
    d: int
    unknown: int
    attack_rate_exposed: ShareOut
    attack_rate_unexposed: ShareOut
    risk_ratio: EstimateOut
    odds_ratio: EstimateOut
    p: Number


class StratifiedOut(Told):
    """One exposure, crude and adjusted for strata, and what that tells."""

    exposure: str
    unknown: int
    crude_risk_ratio: EstimateOut
    risk_ratio: EstimateOut
    odds_ratio_exact: EstimateOut
    verdict: str
    reading: str


class OnsetBin(Told):
    """Cases that began from `start` to before `end`, by level."""

    start: date
    end: date
    counts: dict[str, int]


class MethodLine(Told):
    """A step of the analysis, and how it was done."""

    name: str
    how: str


class AnalysisOut(Told):
    """An outbreak in numbers; `reason` says why there are none. Associations are no proof of a cause.

    `added` pasted rows are among the persons, `same` are persons of the record, `open` wait for a decision. `p` is Fisher's,
    two-sided, not corrected for how many exposures there are. `exposure_period` is empty where days are given as weeks.
    """

    reason: str
    added: int
    same: int
    open: int
    n: int
    cases: int
    left_out: int
    attack_rate: ShareOut | None
    exposures: list[ExposureOut]
    stratified: list[StratifiedOut]
    incubation: str
    exposure_period: str
    curve: list[OnsetBin]
    unknown: list[str]
    methods: list[MethodLine]


def analysis_out(found: Analysis, content: InvestigationContent, *, weeks: bool) -> AnalysisOut:
    """An analysis with the curve and the notes of the report."""
    result = found.result
    return AnalysisOut(
        reason=found.reason,
        added=found.added,
        same=found.same,
        open=found.open,
        n=result.n if result else 0,
        cases=result.cases if result else 0,
        left_out=result.left_out if result else 0,
        attack_rate=ShareOut.model_validate(result.attack_rate) if result else None,
        exposures=[ExposureOut.model_validate(one) for one in result.exposures] if result else [],
        stratified=_stratified(result),
        incubation=result.incubation.reading if result and result.incubation else "",
        exposure_period=_period(result, weeks=weeks),
        curve=_curve(content),
        unknown=list(unknown_lines(content)),
        methods=[MethodLine(name=name, how=how) for name, how in method_lines(content)],
    )


def _stratified(result: OutbreakResult | None) -> list[StratifiedOut]:
    found = (result.stratified if result else None) or ()
    return [StratifiedOut.model_validate(one) for one in found]


def _period(result: OutbreakResult | None, *, weeks: bool) -> str:
    """When they may have been exposed, in days: not for those who are shown weeks."""
    if weeks or result is None or result.exposure_period is None:
        return ""
    return result.exposure_period.reading


def _curve(content: InvestigationContent) -> list[OnsetBin]:
    curve = content.curve
    return [
        OnsetBin(
            start=date.fromisoformat(one.start),
            end=date.fromisoformat(one.end),
            counts={level: numbers[place] for level, numbers in curve.by_level.items()},
        )
        for place, one in enumerate(curve.whole.bins)
    ]
