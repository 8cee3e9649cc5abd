"""The answer of `untoward outbreak`: attack rates and 2x2 tables of one line list, in the form that scripts
rely on.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from untoward.model.counts import EpiCurveBin, Estimate, ExposureResult, Proportion
from untoward.model.tables import LineList
from untoward.watch.estimates import proportion
from untoward.watch.line_list import (
    exposure_results,
    is_only_cases,
    line_list_epi_curve,
    line_list_memberships,
    line_list_question,
)

METHOD = "Fisher exact, two-sided"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class OutbreakResult:
    """A line list in numbers. `without_onset` cases are in no bin of the curve; `left_out` persons may be ill
    or not.
    """

    n: int
    cases: int
    attack_rate: Proportion
    exposures: tuple[OutbreakExposure, ...]
    epi_curve: tuple[EpiCurveBin, ...]
    without_onset: int
    left_out: int

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
) -> OutbreakResult:
    """Attack rate, every exposure and the epidemic curve of a line list.

    `exposures` chooses columns; without it all are taken. They stand in the order of the table, or, with
    `by_p`, the smallest two-sided p first. When only ill persons are listed, rates, ratios and p values are
    None. Raises InputError naming every exposure column that the list does not have.
    """
    units, question = line_list_memberships(line_list, exposures), line_list_question(line_list, "ill")
    left_out, cases = units.weight_of(question.out), units.weight_of(question.cases)
    n = units.total - left_out
    found = exposure_results(units, question)
    if by_p:
        found = tuple(sorted(found, key=lambda result: 1.0 if result.p is None else result.p))
    curve = line_list_epi_curve(line_list, bin_days=bin_days)
    return OutbreakResult(
        n=n,
        cases=cases,
        attack_rate=proportion(cases, None if is_only_cases(units, question) else n),
        exposures=tuple(_exposure(result) for result in found),
        epi_curve=curve.bins,
        without_onset=curve.without_date,
        left_out=left_out,
    )


def _exposure(result: ExposureResult) -> OutbreakExposure:
    table = result.table
    return OutbreakExposure(
        exposure=result.axis if result.value == "yes" else f"{result.axis}: {result.value}",
        a=table.a,
        b=table.b,
        c=table.c,
        d=table.d,
        unknown=result.unknown,
        attack_rate_exposed=result.attack_rate_exposed,
        attack_rate_unexposed=result.attack_rate_unexposed,
        risk_ratio=result.risk_ratio,
        odds_ratio=result.odds_ratio,
        p=result.p,
        method=METHOD,
        p_mid=result.p_mid,
    )
