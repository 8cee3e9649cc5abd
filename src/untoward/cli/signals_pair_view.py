"""`untoward signals show`: all about one pair, printed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import typer
from rich.console import Console
from rich.table import Table

from untoward.cli.output import print_json, progress_bar
from untoward.cli.signals_view import READ_IT, flagged_by, sheet
from untoward.report.numbers import count, counted
from untoward.report.signals.balance import balance_sentence
from untoward.report.signals.content import Breakdown, Row, Trend
from untoward.report.signals.document import story_document
from untoward.report.signals.figures import between, cells, day, figure, with_limits
from untoward.report.signals.pair_content import PairStory
from untoward.tasks.signals import SignalOptions
from untoward.tasks.signals_pair import pair_story
from untoward.tasks.signals_writing import check_targets, table_writer, write_all

IDS_SHOWN = 50
_PERIODS_SHOWN = 12


def show_pair(
    drug: str,
    event: str,
    source: list[str],
    options: SignalOptions,
    places: Mapping[str, Path | None],
    *,
    as_json: bool,
) -> None:
    """Tell all about one pair, and write its reports where that was asked for. Raises UsageError for a report."""
    from untoward.errors import UsageError

    out = places["out"]
    if any(path is not None for option, path in places.items() if option != "out"):
        raise UsageError("show prints; of the files, it writes --out only (the reports of the pair).")
    check_targets({"out": out})
    with progress_bar() as progress:
        answer = pair_story(drug, event, source, options, progress)
    written: tuple[Path, ...] = ()
    if out is not None:
        if answer.reports is None:
            raise UsageError("--out needs reports; a table of counts has none.")
        written = write_all({out: table_writer(answer.reports, out)})
    if as_json:
        print_json(story_document(answer.story))
    else:
        print_story(answer.story)
    for path in written:
        typer.echo(f"wrote {path}", err=True)


def print_story(story: PairStory) -> None:
    """The pair in the order in which one asks: how many, how strong, in whom, when, how soon, how given, what hides it."""
    console = Console(highlight=False)
    for line in _opening(story):
        console.print(line, markup=False)
    for title, table in _tables(story):
        console.print()
        console.print(title, style="bold")
        console.print(table)
    console.print()
    for line in (*_watched(story), *_onset(story), *_reports(story)):
        console.print(line, markup=False)
    for line in (*story.settings[:2], *_prior(story), *story.notes, READ_IT):
        console.print(line, style="dim", markup=False)


def _opening(story: PairStory) -> Iterator[str]:
    row = story.row
    both, drug, event, neither = cells(row)
    yield f"{row['event']} with {row['drug']}"
    yield f"{story.source.title}: {count(story.source.reports)} reports. {balance_sentence(story.ledger)}"
    yield ""
    width = max(7, *(len(count(number)) + 2 for number in (both, drug, event, neither)))
    yield f"{'':12}{'event':>{width}}{'other':>{width + 1}}"
    yield f"{'drug':12}{count(both):>{width}}{count(drug):>{width + 1}}"
    yield f"{'other drugs':12}{count(event):>{width}}{count(neither):>{width + 1}}"
    yield ""
    yield f"Expected with both: {figure(row['expected'])}. Flagged by: {flagged_by(row)}."


def _tables(story: PairStory) -> Iterator[tuple[str, Table]]:
    yield "Measures", _measures(story.row)
    yield "Rules", _rules(story)
    if story.strata:
        yield "Within strata", _strata(story)
    if story.trend is not None:
        yield _first(story.trend), _trend(story.trend)
    for breakdown in story.breakdowns:
        yield f"By {breakdown.axis}", _breakdown(breakdown)
    if story.maskers:
        yield "Who hides it", _maskers(story)


def _measures(row: Row) -> Table:
    found = sheet("measure", "#value", "convention")
    found.add_row("PRR", between(row, "prr", "prr_low", "prr_high"), "95 % Wald limits on the logarithm")
    found.add_row("ROR", between(row, "ror", "ror_low", "ror_high"), "95 % Wald limits on the logarithm")
    found.add_row("IC", between(row, "ic", "ic_low", "ic_high"), "log2 (n + ½) / (E + ½); 95 % gamma limits")
    found.add_row(
        "EBGM", between(row, "ebgm", "eb05", "eb95"), "gamma-Poisson mixture; 5 % and 95 % of the posterior"
    )
    found.add_row(
        "χ²", f"{figure(row['chi2'])}; {figure(row['chi2_yates'])}", "without; with the correction of Yates"
    )
    found.add_row("p", f"{figure(row['fisher_p'])}; {figure(row['mid_p'])}", "one-sided; Fisher exact, mid-P")
    found.add_row("p, adjusted", figure(row["fdr"]), "mid-P after Benjamini and Hochberg over every cell")
    if row.get("heterogeneity_p") is not None:
        found.add_row(
            "strata differ", figure(row["heterogeneity_p"]), "p of Breslow and Day, corrected by Tarone"
        )
    return found


def _rules(story: PairStory) -> Table:
    found = sheet("rule", "answer", "says")
    for name, says in story.rules:
        answer = story.row[f"signal_{name}"]
        found.add_row(name, "cannot tell" if answer is None else "signal" if answer else "no", says)
    return found


def _strata(story: PairStory) -> Table:
    found = sheet("by", "stratum", "#both", "#drug", "#event", "#all", "#E", "#IC (95 %)")
    for line in story.strata:
        numbers = map(count, (line.n, line.n_drug, line.n_event, line.n_total))
        limits = with_limits(line.ic, line.ic_low, line.ic_high)
        found.add_row(line.by, line.stratum, *numbers, figure(line.expected), limits)
    return found


def _first(trend: Trend) -> str:
    if trend.first_signal is None:
        return f"Over time: the rule {trend.rule} never held"
    return (
        f"Over time: first flagged ({trend.rule}) in the {trend.period} from {day(trend.first_signal)}, "
        f"with {counted(trend.first_n or 0, 'report')}"
    )


def _trend(trend: Trend) -> Table:
    found = sheet(f"{trend.period} from", "#new", "#all until then", "#E", "#IC (95 %)", "signal")
    skipped = len(trend.points) - _PERIODS_SHOWN
    for point in trend.points[-_PERIODS_SHOWN:]:
        limits = with_limits(point.ic, point.ic_low, point.ic_high)
        said = "yes" if point.signal else "no" if point.signal is False else "–"
        found.add_row(
            day(point.start), count(point.new), count(point.n), figure(point.expected), limits, said
        )
    if skipped > 0:
        found.caption = f"{counted(skipped, 'earlier period')} not shown; --json has all"
    return found


def _breakdown(breakdown: Breakdown) -> Table:
    found = sheet(breakdown.axis, "#reports of the pair", "#of the drug")
    for share in breakdown.shares:
        found.add_row(share.value, count(share.n), count(share.of))
    if breakdown.others:
        found.add_row(f"{counted(breakdown.others, 'other value')}", "", "")
    if breakdown.unknown:
        found.add_row("not known", count(breakdown.unknown), "")
    return found


def _maskers(story: PairStory) -> Table:
    found = sheet("drug", "#its reports of the event", "#masking ratio", "#IC limit now", "#without it")
    for masker in story.maskers:
        found.add_row(
            masker.drug,
            count(masker.n_event),
            figure(masker.masking_ratio),
            figure(masker.ic_low),
            figure(masker.ic_low_without),
        )
    return found


def _watched(story: PairStory) -> Iterator[str]:
    if story.trend is not None and story.trend.sequential:
        yield f"Watched all along: {story.trend.sequential}"


def _onset(story: PairStory) -> Iterator[str]:
    curve = story.onset
    if curve is None:
        yield "Time to onset: no report tells both when it was given and when the event began."
        return
    low, high = curve.quartile_days
    yield (
        f"Time to onset: median day {figure(curve.median_day)}, half of them between {figure(low)} and {figure(high)}; "
        f"{counted(curve.known, 'report')} give both days, {count(curve.unknown)} do not. {curve.weibull} {curve.compared}"
    )


def _reports(story: PairStory) -> Iterator[str]:
    if not story.source.has_reports:
        return
    yield f"Serious: {_of(story.serious)}. Died: {_of(story.died)}."
    shown = ", ".join(story.report_ids[:IDS_SHOWN])
    rest = len(story.report_ids) - IDS_SHOWN
    more = f" … and {count(rest)} more; all of them with --out reports.csv" if rest > 0 else ""
    yield f"Reports: {shown or 'none'}{more}"


def _of(told: tuple[int, int]) -> str:
    return f"{count(told[0])} of {count(told[1])} that tell" if told[1] else "not told"


def _prior(story: PairStory) -> Iterator[str]:
    return (line for line in story.settings if line.startswith("EBGM"))
