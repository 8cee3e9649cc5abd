"""An outbreak on the terminal: its table, and one section for each analysis that was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from untoward.cli.outbreak_sheet import (
    named,
    p_cell,
    percent,
    print_heading,
    print_method,
    print_reading,
    print_sheet,
    ratio,
    short,
)
from untoward.cli.outbreak_time_view import print_curve, print_incubation, print_period
from untoward.watch.wording import many

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.console import Console

    from untoward.watch.investigation.dose_response import DoseResult
    from untoward.watch.investigation.matched import MatchedResult
    from untoward.watch.investigation.missing_exposure import Allocation, MissingResult
    from untoward.watch.investigation.regression import AdjustedResult
    from untoward.watch.investigation.stratified import StratifiedResult
    from untoward.watch.outbreak import OutbreakResult

SHOWN_IN_FULL = 3
"""With more exposures than this, each gets one line and not a table of its own."""

PATTERNS_SHOWN = 6


def print_outbreak(result: OutbreakResult) -> None:
    """The whole answer, for people."""
    from rich.console import Console

    console = Console(highlight=False)
    console.print(_attack_rate(result))
    _print_exposures(console, result)
    if result.stratified is not None:
        _print_stratified(console, result.stratified)
    if result.adjusted is not None:
        _print_adjusted(console, result.adjusted)
    if result.matched is not None:
        _print_matched(console, result.matched)
    if result.dose_response is not None:
        _print_dose(console, result.dose_response)
    if result.epi_curve_strata is not None:
        print_curve(console, result.epi_curve_strata)
    if result.incubation is not None:
        print_incubation(console, result.incubation)
    if result.exposure_period is not None:
        print_period(console, result.exposure_period)
    if result.missing_exposure is not None:
        _print_missing(console, result.missing_exposure, case_control=result.design == "case-control")


def _attack_rate(result: OutbreakResult) -> str:
    rate = result.attack_rate
    if result.design == "case-control":
        well = result.n - result.cases
        return f"{result.cases} ill and {well} chosen as controls: no attack rate, no risk ratio."
    if rate.value is None or rate.low is None or rate.high is None:
        return (
            f"{result.cases} ill. The number of people exposed is not in the data, so no rate can be given."
        )
    interval = f"95 % {100 * rate.low:.1f} to {100 * rate.high:.1f}"
    return f"{result.cases} ill of {result.n}; attack rate {100 * rate.value:.1f} % ({interval})."


def _print_exposures(console: Console, result: OutbreakResult) -> None:
    print_sheet(
        console,
        ("exposure", "ill/with", "ill/without", "risk ratio", "odds ratio", "p"),
        (
            (
                named(item.exposure),
                f"{item.a}/{_whole(item.a + item.b, result)}",
                f"{item.c}/{_whole(item.c + item.d, result)}",
                ratio(item.risk_ratio),
                ratio(item.odds_ratio),
                p_cell(item.p),
            )
            for item in result.exposures
        ),
    )
    for line in _footnotes(result):
        print_method(console, line)


def _whole(people: int, result: OutbreakResult) -> str:
    return "?" if result.design == "cases only" else str(people)


def _footnotes(result: OutbreakResult) -> Iterator[str]:
    yield "Risk ratio with Katz log interval; conditional odds ratio with exact interval; both 95 %."
    yield "p: Fisher exact, two-sided, not corrected for the number of exposures."
    if result.matched is not None:
        yield "This table does not know of the matched sets; the one below does."
    ratios = [one for item in result.exposures for one in (item.risk_ratio, item.odds_ratio)]
    for reason in dict.fromkeys(one.reason for one in ratios if one.reason):
        yield f"– or …: {reason}."
    unknown = [f"{named(item.exposure)} {item.unknown}" for item in result.exposures if item.unknown]
    if unknown:
        more = f" and {len(unknown) - 6} more" if len(unknown) > 6 else ""
        yield f"Exposure not known, so in neither column: {', '.join(unknown[:6])}{more}."
    peak = max(result.epi_curve, key=lambda item: item.n, default=None)
    if peak is not None:
        start = peak.start.replace("T", " ")
        yield f"Onsets peak from {start}: {many(peak.n, 'case')}; {result.without_onset} without an onset date."


def _print_nothing_left(console: Console) -> None:
    console.print()
    print_reading(
        console, "No exposure is left beside the columns that were named; name one with --exposure."
    )


def _print_stratified(console: Console, results: Sequence[StratifiedResult]) -> None:
    if not results:
        _print_nothing_left(console)
        return
    by = " and ".join(named(column) for column in results[0].by)
    print_heading(console, f"Within strata of {by}")
    if len(results) <= SHOWN_IN_FULL:
        for result in results:
            _print_strata(console, result)
    else:
        _print_stratified_lines(console, results)
    print_method(
        console,
        "Mantel-Haenszel; intervals of Greenland-Robins (risk) and Robins-Breslow-Greenland (odds). differ: p of"
        " Breslow-Day with Tarone's correction, that the odds ratios are the same in all strata.",
    )


def _print_stratified_lines(console: Console, results: Sequence[StratifiedResult]) -> None:
    odds = all(result.crude_risk_ratio.value is None for result in results)
    print_sheet(
        console,
        ("exposure", "crude OR" if odds else "crude RR", "adjusted", "differ", "verdict"),
        (
            (
                named(result.exposure),
                ratio(result.crude_odds_ratio if odds else result.crude_risk_ratio),
                ratio(result.odds_ratio if odds else result.risk_ratio),
                p_cell(result.tarone.p),
                result.verdict,
            )
            for result in results
        ),
    )
    print_reading(console, "Name one with --exposure to see its strata.")


def _print_strata(console: Console, result: StratifiedResult) -> None:
    rows = [
        (
            stratum.stratum,
            f"{stratum.a}/{stratum.a + stratum.b}",
            f"{stratum.c}/{stratum.c + stratum.d}",
            ratio(stratum.risk_ratio),
            ratio(stratum.odds_ratio),
        )
        for stratum in result.strata
    ]
    rows.append(("crude", "", "", ratio(result.crude_risk_ratio), ratio(result.crude_odds_ratio)))
    rows.append(("adjusted", "", "", ratio(result.risk_ratio), ratio(result.odds_ratio)))
    print_sheet(
        console, (named(result.exposure), "ill/with", "ill/without", "risk ratio", "odds ratio"), rows
    )
    print_reading(console, result.reading)
    print_method(console, f"Exact common odds ratio {ratio(result.odds_ratio_exact)}.")
    if result.breslow_day.p is not None:
        print_method(
            console,
            f"differ: Tarone {p_cell(result.tarone.p)}, Breslow-Day {p_cell(result.breslow_day.p)}, Woolf"
            f" {p_cell(result.woolf_odds_ratio.p)} (odds), {p_cell(result.woolf_risk_ratio.p)} (risk).",
        )
    if result.unknown:
        print_method(console, f"{many(result.unknown, 'person')} left out: exposure or stratum not known.")


def _print_adjusted(console: Console, results: Sequence[AdjustedResult]) -> None:
    if not results:
        _print_nothing_left(console)
        return
    by = " and ".join(named(column) for column in results[0].adjusted_for)
    print_heading(console, f"Adjusted for {by}")
    print_sheet(
        console,
        ("exposure", "people", "crude OR", "adjusted OR", "p"),
        (
            (
                named(result.exposure) + (" *" if _is_firth(result) else ""),
                str(result.n),
                ratio(result.crude_odds_ratio),
                ratio(result.odds_ratio),
                p_cell(result.p),
            )
            for result in results
        ),
    )
    if len(results) <= SHOWN_IN_FULL:
        for result in results:
            _print_terms(console, result)
    for reason in dict.fromkeys(one.odds_ratio.reason for one in results if one.odds_ratio.reason):
        print_method(console, f"– or …: {reason}.")
    print_method(console, "Logistic regression, maximum likelihood, Wald intervals of 95 %.")
    if any(_is_firth(result) for result in results):
        print_method(
            console,
            "* no finite answer: Firth's penalty, profile penalised likelihood interval and p instead.",
        )


def _is_firth(result: AdjustedResult) -> bool:
    return "Firth" in result.odds_ratio.method


def _print_terms(console: Console, result: AdjustedResult) -> None:
    print_reading(console, f"{named(result.exposure).capitalize()}: {result.reading}")
    for term in result.terms:
        print_method(
            console, f"  {named(term.term)}: odds ratio {ratio(term.odds_ratio)}, p {p_cell(term.p)}"
        )
    if result.dropped:
        print_method(console, f"  left out, said by the others: {', '.join(map(named, result.dropped))}")
    if result.unknown:
        print_method(console, f"  {many(result.unknown, 'person')} left out: something of it not known")


def _print_matched(console: Console, results: Sequence[MatchedResult]) -> None:
    if not results:
        _print_nothing_left(console)
        return
    print_heading(console, f"Matched by {named(results[0].by)}")
    adjusted = any(result.odds_ratio_adjusted is not None for result in results)
    heads = ("exposure", "sets", "inform", "odds ratio", "p", *(["adjusted"] if adjusted else []))
    print_sheet(
        console,
        heads,
        (
            (
                named(result.exposure),
                str(result.sets),
                str(result.informative),
                ratio(result.odds_ratio),
                p_cell(result.p),
                *([ratio(result.odds_ratio_adjusted)] if adjusted else []),
            )
            for result in results
        ),
    )
    if len(results) <= SHOWN_IN_FULL:
        for result in results:
            _print_sets(console, result)
    reasons = [
        one.reason for result in results for one in (result.odds_ratio, result.odds_ratio_adjusted) if one
    ]
    for reason in dict.fromkeys(reason for reason in reasons if reason):
        print_method(console, f"– or …: {reason}.")
    print_method(
        console, "Conditional logistic regression, exact interval and p; only sets that differ inform."
    )
    if adjusted:
        print_method(console, "adjusted: conditional maximum likelihood, Wald interval.")


def _print_sets(console: Console, result: MatchedResult) -> None:
    print_reading(console, f"{named(result.exposure).capitalize()}: {result.reading}")
    if result.pairs is not None:
        print_method(
            console,
            f"  Pairs: both exposed {result.pairs.both}, case only {result.pairs.case_only}, control only"
            f" {result.pairs.control_only}, neither {result.pairs.neither}. McNemar p"
            f" {p_cell(result.pairs.mcnemar.p)}, exact {p_cell(result.pairs.mcnemar_exact.p)}.",
        )
    else:
        for pattern in result.patterns[:PATTERNS_SHOWN]:
            print_method(
                console,
                f"  {pattern.sets} sets: exposed {pattern.cases_exposed} of {pattern.cases} ill,"
                f" {pattern.controls_exposed} of {pattern.controls} controls",
            )
    if result.unknown:
        print_method(console, f"  {many(result.unknown, 'person')} left out: exposure or set not known")


def _print_dose(console: Console, result: DoseResult) -> None:
    print_heading(console, f"Dose: {named(result.column)}")
    print_sheet(
        console,
        ("level", "ill", "well", "attack rate, %", "odds ratio"),
        (
            (
                level.level,
                str(level.cases),
                "?" if result.only_cases else str(level.well),
                percent(level.attack_rate),
                "1 (lowest)" if level.odds_ratio is None else ratio(level.odds_ratio),
            )
            for level in result.levels
        ),
    )
    print_reading(console, result.reading)
    if result.cochran_armitage.p is not None:
        strata = f" within strata of {' and '.join(result.by)}" if result.by else ""
        print_method(
            console,
            f"Trend: Cochran-Armitage chi-square {short(result.cochran_armitage.statistic or 0.0)}, p"
            f" {p_cell(result.cochran_armitage.p)}; Mantel extension{strata} p {p_cell(result.mantel_extension.p)};"
            f" scores {result.scores}. Exact intervals.",
        )
    if result.unknown:
        print_method(console, f"{many(result.unknown, 'person')} left out: dose not known.")


def _print_missing(console: Console, results: Sequence[MissingResult], *, case_control: bool) -> None:
    print_heading(console, "What if the unknown had been exposed, or not?")
    shown = [result for result in results if result.unknown_ill + result.unknown_well]
    if not shown:
        print_reading(console, "Every exposure is known of everybody: nothing is missing.")
        return
    odds = case_control
    print_sheet(
        console,
        ("exposure", "unknown ill", "well", "known OR" if odds else "known RR", "least", "most", "holds"),
        (
            (
                named(result.exposure),
                str(result.unknown_ill),
                str(result.unknown_well),
                *(_value(one, odds=odds) for one in (result.known, result.least, result.most)),
                {True: "always", False: "not always", None: "–"}[result.holds_always],
            )
            for result in shown
        ),
    )
    for result in shown[:SHOWN_IN_FULL]:
        print_reading(console, f"{named(result.exposure).capitalize()}: {result.reading}")
    print_method(
        console,
        "least: the unknown ill all unexposed and the unknown well all exposed; most: the reverse. holds: the exact"
        " 95 % interval of the odds ratio stays on its side of 1 throughout.",
    )


def _value(one: Allocation | None, *, odds: bool) -> str:
    if one is None:
        return "–"
    estimate = one.odds_ratio if odds else one.risk_ratio
    if estimate.value is None:
        return "infinite" if estimate.reason.startswith("infinite") else "–"
    return short(estimate.value)
