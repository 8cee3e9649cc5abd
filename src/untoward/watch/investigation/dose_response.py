"""Does the attack rate rise with the dose: number of sessions, millilitres, sites?"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from untoward.kernels.trend import Trend, cochran_armitage, mantel_extension
from untoward.kernels.two_by_two import Table, odds_ratio_conditional
from untoward.model.counts import Estimate, Proportion
from untoward.watch.estimates import ONLY_CASES, proportion
from untoward.watch.investigation.estimates import TestResult, as_estimate, no_estimate, no_test
from untoward.watch.investigation.people import UNKNOWN, People, Strata, numbers_of, require_columns, words_of
from untoward.watch.wording import p_text

MOST_LEVELS = 12
"""Numbers with more different values are put into quarters of the people."""

_COCHRAN = "Cochran-Armitage"
_MANTEL = "Mantel extension"
_FIRST_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseLevel:
    """One level: its score in the trend, ill among how many, and the odds against the lowest level."""

    level: str
    score: float
    cases: int
    well: int
    attack_rate: Proportion
    odds_ratio: Estimate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseResult:
    """Levels from the lowest up; `odds_ratio` of the lowest is None, it is what the others are compared with.

    `scores` says what the scores are. `mantel_extension` keeps the strata of `by` apart, when there are any;
    `unknown_stratum` persons have a dose but no stratum and are missing there.
    """

    column: str
    scores: str
    only_cases: bool
    levels: tuple[DoseLevel, ...]
    unknown: int
    cochran_armitage: TestResult
    direction: str
    mantel_extension: TestResult
    by: tuple[str, ...]
    unknown_stratum: int
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Levels:
    """Levels in order, their scores, and the level of every row (-1 unknown)."""

    labels: tuple[str, ...]
    scores: NDArray[np.float64]
    codes: NDArray[np.int64]
    how: str


def dose_response(
    people: People, column: str, strata: Strata | None = None, *, sampled: bool = False
) -> DoseResult:
    """Attack rate and odds by level, and the trend. Raises InputError when the list lacks the column.

    `sampled` says that controls were chosen: then levels have no attack rate.
    """
    require_columns(people.frame, [column])
    levels = _levels(people, column)
    known = levels.codes != UNKNOWN
    cases, all_ = _counts(people, levels, np.zeros(len(known), np.int64), known, 1)
    tests = _tests(people, levels, cases[0], all_[0], strata)
    direction = _direction(tests[0], people)
    return DoseResult(
        column=column,
        scores=levels.how,
        only_cases=people.only_cases,
        levels=_rows(people, levels, cases[0], all_[0], sampled),
        unknown=people.persons(~known),
        cochran_armitage=tests[1],
        direction=direction,
        mantel_extension=tests[2],
        by=strata.columns if strata else (),
        unknown_stratum=people.persons(known & (strata.codes == UNKNOWN)) if strata else 0,
        reading=_reading(people, column, direction, tests[1], len(levels.labels)),
    )


def _levels(people: People, column: str) -> _Levels:
    numbers = numbers_of(people, column)
    if numbers is None:
        return _levels_of_words(people, column)
    values = numbers.drop_nulls().unique().sort().to_numpy()
    if len(values) > MOST_LEVELS:
        return _quarters(people, numbers)
    place = np.searchsorted(values, numbers.fill_null(np.inf).to_numpy())
    codes = np.where(numbers.is_null().to_numpy(), UNKNOWN, place).astype(np.int64)
    return _Levels(
        labels=tuple(f"{value:g}" for value in values),
        scores=values,
        codes=codes,
        how="the numbers themselves",
    )


def _quarters(people: People, numbers: pl.Series) -> _Levels:
    """Up to four bands with about as many people in each; scores are the medians of the people in them."""
    known = numbers.is_not_null().to_numpy()
    doses = np.repeat(numbers.drop_nulls().to_numpy(), people.weight[known])
    inner = np.unique(np.quantile(doses, (0.25, 0.5, 0.75), method="inverted_cdf"))
    bands = np.searchsorted(inner, doses, side="left")
    kept, place = np.unique(bands, return_inverse=True)
    parts = [doses[place == at] for at in range(len(kept))]
    band = np.searchsorted(inner, numbers.fill_null(0.0).to_numpy(), side="left")
    codes = np.where(known, np.searchsorted(kept, band), UNKNOWN).astype(np.int64)
    return _Levels(
        labels=tuple(_span(float(part.min()), float(part.max())) for part in parts),
        scores=np.array([float(np.median(part)) for part in parts]),
        codes=codes,
        how="medians of quarters of the people",
    )


def _span(low: float, high: float) -> str:
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _levels_of_words(people: People, column: str) -> _Levels:
    """Levels such as "1-2", "3-5", "6+" by their first number; words without one (none, no, low …) come first."""
    words = words_of(people.frame, column)
    labels = sorted(words.drop_nulls().unique().to_list(), key=_first_number)
    place = {label: at for at, label in enumerate(labels)}
    codes = np.array([UNKNOWN if one is None else place[one] for one in words], dtype=np.int64)
    return _Levels(
        labels=tuple(labels),
        scores=np.arange(len(labels), dtype=np.float64),
        codes=codes,
        how="0, 1, 2 … in the order shown",
    )


def _first_number(label: str) -> tuple[float, str]:
    found = _FIRST_NUMBER.search(label)
    return (float(found[0].replace(",", ".")) if found else -1.0), label


def _counts(
    people: People, levels: _Levels, strata: NDArray[np.int64], known: NDArray[np.bool_], groups: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Cases and people, both of shape (groups, levels)."""
    width = len(levels.labels)
    place = strata[known] * width + levels.codes[known]
    weight = people.weight[known].astype(np.float64)
    shape = (groups, width)
    cases = np.bincount(place, weight * people.ill[known], groups * width).reshape(shape)
    return cases.astype(np.float64), np.bincount(place, weight, groups * width).reshape(shape).astype(
        np.float64
    )


def _tests(
    people: People,
    levels: _Levels,
    cases: NDArray[np.float64],
    all_: NDArray[np.float64],
    strata: Strata | None,
) -> tuple[Trend, TestResult, TestResult]:
    if people.only_cases:
        return Trend(None, None, None), no_test(_COCHRAN, ONLY_CASES), no_test(_MANTEL, ONLY_CASES)
    crude = cochran_armitage(cases, all_, levels.scores)
    within = mantel_extension(cases, all_, levels.scores)
    if strata is not None:
        known = (levels.codes != UNKNOWN) & (strata.codes != UNKNOWN)
        groups = _counts(people, levels, strata.codes, known, max(len(strata.labels), 1))
        within = mantel_extension(*groups, levels.scores)
    return crude, _as_test(crude, _COCHRAN), _as_test(within, _MANTEL)


def _as_test(trend: Trend, method: str) -> TestResult:
    if trend.chi_square is None:
        return no_test(method, "not estimable: fewer than two levels, or everybody or nobody is ill")
    return TestResult(statistic=trend.chi_square, freedom=1, p=trend.p, method=method)


def _rows(
    people: People, levels: _Levels, cases: NDArray[np.float64], all_: NDArray[np.float64], sampled: bool
) -> tuple[DoseLevel, ...]:
    ill, everybody = cases.astype(np.int64).tolist(), all_.astype(np.int64).tolist()
    no_rate = people.only_cases or sampled
    return tuple(
        DoseLevel(
            level=label,
            score=float(levels.scores[at]),
            cases=ill[at],
            well=everybody[at] - ill[at],
            attack_rate=proportion(ill[at], None if no_rate else everybody[at]),
            odds_ratio=None
            if at == 0
            else _odds(people, Table(ill[at], everybody[at] - ill[at], ill[0], everybody[0] - ill[0])),
        )
        for at, label in enumerate(levels.labels)
    )


def _odds(people: People, table: Table) -> Estimate:
    if people.only_cases:
        return no_estimate("conditional exact", ONLY_CASES)
    return as_estimate(odds_ratio_conditional(table))


def _direction(trend: Trend, people: People) -> str:
    if people.only_cases or trend.z is None:
        return "cannot tell"
    return "rising" if trend.z > 0 else "falling" if trend.z < 0 else "level"


def _reading(people: People, column: str, direction: str, test: TestResult, levels: int) -> str:
    if test.p is None:
        why = test.reason.partition(": ")[2]
        return f"No trend with {column} can be given: {why}."
    if test.p >= 0.05:
        return f"No clear trend with {column} over {levels} levels ({p_text(test.p)})."
    words = "rises" if direction == "rising" else "falls"
    return f"The share ill {words} with {column} ({p_text(test.p)}, {levels} levels)."
