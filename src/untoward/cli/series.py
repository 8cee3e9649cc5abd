"""`untoward series`: does the last week of a count series stand out?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import typer

from untoward.cli.series_options import (
    Alpha,
    AsJson,
    AsOf,
    ByColumn,
    Complete,
    CountColumn,
    DateColumn,
    EarsAlpha,
    Floor,
    Last,
    Methods,
    StepWanted,
    TablePath,
    Years,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.console import Console

    from untoward.tasks.series import GroupAnswer, SeriesAnswer
    from untoward.watch.series.methods import Judged, MethodResult

MOST_ALARMS = 5


def series(
    table: TablePath,
    date_column: DateColumn = None,
    count: CountColumn = None,
    by: ByColumn = None,
    method: Methods = None,
    complete: Complete = False,
    as_of: AsOf = None,
    step: StepWanted = None,
    last: Last = 52,
    years: Years = 5,
    alpha: Alpha = None,
    ears_alpha: EarsAlpha = None,
    floor: Floor = 0.5,
    as_json: AsJson = False,
) -> None:
    """Judge the last weeks or days of a count series by EARS, CUSUM and Farrington's methods.

    Exit 0 when the last complete period alarms by no method, 1 when it does by one.

    Example: untoward series weekly.csv --date week --count cases --complete
    """
    from untoward.cli.dates import last_instant
    from untoward.cli.output import print_json
    from untoward.tasks.series import SeriesQuestion, judge_series
    from untoward.watch.series.methods import SeriesSettings

    known_until = last_instant(as_of)
    answer = judge_series(
        table,
        SeriesQuestion(
            date_column=date_column,
            count_column=count,
            by_column=by,
            methods=tuple(method or ()),
            step=step,
            complete=complete,
            as_of=known_until.date() if known_until else None,
            settings=SeriesSettings(last=last, ears_alpha=ears_alpha, floor=floor, years=years, alpha=alpha),
        ),
    )
    if as_json:
        print_json(_document(answer))
    else:
        _print_for_people(answer)
    raise typer.Exit(1 if any(group.alarms_now for group in answer.groups) else 0)


def _print_for_people(answer: SeriesAnswer) -> None:
    from rich.console import Console

    console = Console(highlight=False)
    for group in answer.groups:
        _print_group(console, group, named=len(answer.groups) > 1)
    for line in _footnotes(answer):
        console.print(line, style="dim")


def _print_group(console: Console, group: GroupAnswer, *, named: bool) -> None:
    from rich.table import Table

    console.print(_verdict(group, named), style="bold")
    judged = [result for result in group.methods if not result.reason]
    if judged:
        sheet = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
        sheet.add_column("method", no_wrap=True)
        for heading in ("count", "expected", "bound"):
            sheet.add_column(heading, justify="right", no_wrap=True)
        sheet.add_column(f"alarms among the last {len(judged[0].periods)}", overflow="fold")
        for result in judged:
            now = result.periods[-1]
            sheet.add_row(
                result.method,
                _number(now.count, 0),
                _number(now.expected),
                _number(now.bound),
                _alarms(result),
            )
        console.print(sheet)
    for result in group.methods:
        if result.reason:
            console.print(f"  {result.method} could not judge: {result.reason}.")
        elif result.periods[-1].note:
            console.print(f"  {result.method}: {result.periods[-1].note}.")
    if group.series.gaps:
        console.print(
            f"  {group.series.gaps} {group.series.step}s are not in the table: gaps, not zeros. If no row means no case, "
            "say --complete."
        )
    console.print("")


def _verdict(group: GroupAnswer, named: bool) -> str:
    series = group.series
    name = f"{series.name}: " if named else ""
    if not series.starts:
        return f"{name}no {series.step} is over yet."
    when = f"{series.step} of {series.starts[-1]}" if series.step == "week" else str(series.starts[-1])
    if group.alarms_now:
        return f"{name}ALARM in the {when} by {', '.join(group.alarms_now)}."
    if all(result.reason for result in group.methods):
        return f"{name}no method could judge the {when}."
    return f"{name}no alarm in the {when}."


def _alarms(result: MethodResult) -> str:
    starts = [str(period.start) for period in result.alarms]
    shown = starts[-MOST_ALARMS:]
    earlier = f"{len(starts) - len(shown)} earlier, " if len(starts) > len(shown) else ""
    return earlier + ", ".join(shown) if starts else "none"


def _footnotes(answer: SeriesAnswer) -> Iterator[str]:
    reading = answer.reading
    what = "one row a case" if reading.line_list else f"counts in {reading.taken['count']!r}"
    yield f"Read: {what}, dates in {reading.taken['date']!r}, up to {answer.as_of}. An alarm is a reason to look, no proof."
    if reading.undated:
        yield f"{reading.undated} cases without a date are in no period."
    if any(group.series.running for group in answer.groups):
        yield "The period that is not over was left out."
    filled = sum(group.series.filled for group in answer.groups)
    if filled:
        yield f"{filled} periods without a row counted as zero, as you said the record is complete."
    for result in answer.groups[0].methods if answer.groups else ():
        if result.settings:
            yield f"{result.method}: {result.settings}."


def _number(value: float | None, digits: int = 2) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def _document(answer: SeriesAnswer) -> dict[str, Any]:
    return {
        "as_of": answer.as_of.isoformat(),
        "complete": answer.complete,
        "line_list": answer.reading.line_list,
        "undated": answer.reading.undated,
        "columns": answer.reading.taken,
        "groups": [_group_document(group) for group in answer.groups],
    }


def _group_document(group: GroupAnswer) -> dict[str, Any]:
    series = group.series
    return {
        "name": series.name,
        "step": series.step,
        "periods": len(series.starts),
        "first": series.starts[0].isoformat() if series.starts else None,
        "last": series.starts[-1].isoformat() if series.starts else None,
        "gaps": series.gaps,
        "filled": series.filled,
        "alarms_now": list(group.alarms_now),
        "methods": [
            {
                "method": result.method,
                "settings": result.settings,
                "reason": result.reason,
                "periods": [_period_document(period) for period in result.periods],
            }
            for result in group.methods
        ],
    }


def _period_document(period: Judged) -> dict[str, Any]:
    return {
        "start": period.start.isoformat(),
        "count": period.count,
        "expected": period.expected,
        "bound": period.bound,
        "alarm": period.alarm,
        "note": period.note,
    }
