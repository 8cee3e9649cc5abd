"""Count series: read dated counts, and judge the last periods by every method that can."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import cast

from untoward.errors import InputError, UsageError
from untoward.exchange.series import SeriesReading, read_series
from untoward.watch.series.binning import DAYS, Series, Step, series_of, step_of, weekday_of
from untoward.watch.series.methods import METHODS, MethodResult, SeriesSettings, run_method


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAnswer:
    """One series and what each method says of it."""

    series: Series
    methods: tuple[MethodResult, ...]

    @property
    def alarms_now(self) -> tuple[str, ...]:
        """The methods by which the last complete period alarms."""
        return tuple(result.method for result in self.methods if result.alarms_now)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesAnswer:
    """Every group, and how the table was read. `as_of` is the last day that counts."""

    groups: tuple[GroupAnswer, ...]
    as_of: date
    complete: bool
    reading: SeriesReading


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesQuestion:
    """What to read and how to judge it. None takes what the table says (`step`) or its last day (`as_of`)."""

    date_column: str | None = None
    count_column: str | None = None
    by_column: str | None = None
    methods: Sequence[str] = ()
    step: str | None = None
    complete: bool = False
    as_of: date | None = None
    settings: SeriesSettings = field(default_factory=SeriesSettings)


def judge_series(path: Path, question: SeriesQuestion) -> SeriesAnswer:
    """Read a table of dates or counts and judge its last periods.

    Raises InputError with every fault of the table, UsageError for a method or step that is none, or for settings that
    cannot be.
    """
    methods = _methods(question.methods)
    _check(question)
    reading = read_series(
        path,
        date_column=question.date_column,
        count_column=question.count_column,
        by_column=question.by_column,
    )
    if reading.faults:
        raise InputError(f"{path} has {len(reading.faults)} fault(s), so nothing was judged.", reading.faults)
    days = [day for group in reading.groups for day in group.days]
    if not days:
        raise InputError(f"{path} holds no dated case or count.", [])
    step = cast("Step", question.step) if question.step else step_of(days, line_list=reading.line_list)
    # a count belongs to a whole period, a case to its own day
    last = max(days) if reading.line_list or step == "day" else _end_of_week(max(days))
    as_of = question.as_of or last
    weekday = weekday_of(days, line_list=reading.line_list)
    answers = []
    for group in reading.groups:
        series = series_of(
            group.name,
            group.days,
            group.counts,
            step=step,
            complete=question.complete,
            as_of=as_of,
            first=min(days),
            weekday=weekday,
        )
        found = tuple(run_method(method, series, question.settings) for method in methods)
        answers.append(GroupAnswer(series=series, methods=found))
    return SeriesAnswer(groups=tuple(answers), as_of=as_of, complete=question.complete, reading=reading)


def _end_of_week(day: date) -> date:
    return date.fromordinal(day.toordinal() + DAYS["week"] - 1)


def _methods(wanted: Sequence[str]) -> tuple[str, ...]:
    chosen = tuple(dict.fromkeys(method.strip().lower() for method in wanted)) or METHODS
    unknown = [method for method in chosen if method not in METHODS]
    if unknown:
        raise UsageError(
            f"There is no method {', '.join(map(repr, unknown))}. Methods are {', '.join(METHODS)}."
        )
    return chosen


def _check(question: SeriesQuestion) -> None:
    settings = question.settings
    wrong = [
        text
        for holds, text in (
            (question.step in (None, *DAYS), f"--step: got {question.step!r}, expected week or day"),
            (1 <= settings.last <= 1000, f"--last: got {settings.last}, expected 1 to 1000"),
            (1 <= settings.years <= 20, f"--years: got {settings.years}, expected 1 to 20"),
            (settings.floor >= 0, f"--floor: got {settings.floor}, expected 0 or more"),
            (
                _chance(settings.alpha),
                f"--alpha: got {settings.alpha}, expected more than 0 and less than 0.5",
            ),
            (
                _chance(settings.ears_alpha),
                f"--ears-alpha: got {settings.ears_alpha}, expected more than 0 and less than 0.5",
            ),
        )
        if not holds
    ]
    if wrong:
        raise UsageError(f"{'; '.join(wrong)}.")


def _chance(alpha: float | None) -> bool:
    return alpha is None or 0 < alpha < 0.5
