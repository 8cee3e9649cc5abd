"""Section 3: each outcome, how often it happened, and which exposure stands out for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from untoward.model.counts import ExposureResult
from untoward.model.review import OutcomeScreen
from untoward.report.charts import CLEAR, MOST_ROWS, Chart, exposure_chart
from untoward.report.numbers import (
    count,
    counted,
    exposure_sentence,
    p_value,
    proportion,
    ratio,
    sentence_case,
)
from untoward.report.tables import Cell, Link, TableView, table

MOST_IDS = 30
_HEADINGS = (
    "Exposure",
    "#Exposed: ill",
    "#Not exposed: ill",
    "#Risk ratio",
    "#Odds ratio",
    "#p (Fisher)",
    "Cases",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeView:
    """One outcome as it is shown."""

    anchor: str
    title: str
    definition: str
    reading: str
    attack_rate: str
    attack_rate_persons: str
    chart: Chart | None
    chart_reading: str
    arrows: str
    table: TableView | None
    how_many: str
    methods: str
    not_recorded: str


def outcome_view(screen: OutcomeScreen, anchor: str, cards: Mapping[str, str]) -> OutcomeView:
    """One outcome. `cards` maps the ids of reactions and sessions to the anchors of their cards on the page."""
    names = [exposure_name(result) for result in screen.results]
    chart = exposure_chart(screen.results, names, _described(screen))
    return OutcomeView(
        anchor=anchor,
        title=sentence_case(screen.outcome),
        definition=screen.definition,
        reading=screen.reading,
        attack_rate=f"{proportion(screen.attack_rate)}{_per(screen)}",
        attack_rate_persons=proportion(screen.attack_rate_persons) if screen.attack_rate_persons else "",
        chart=chart,
        arrows=chart.note if chart else "",
        chart_reading=exposure_sentence(screen.results[0], names[0]) if screen.results else "",
        table=_table(screen, names, cards) if screen.results else None,
        how_many=_how_many(screen),
        methods=_methods(screen),
        not_recorded=", ".join(screen.axes_without_data),
    )


def exposure_name(result: ExposureResult) -> str:
    """As in "vial V7"; the value alone on the bare axis "exposure", the axis alone where the value is a plain yes."""
    axis = result.axis.replace("_", " ")
    if axis in {"", "exposure"}:
        return result.value
    return axis if result.value.lower() in {"yes", "true"} else f"{axis} {result.value}"


def _per(screen: OutcomeScreen) -> str:
    return f" by {screen.unit}" if screen.unit and screen.attack_rate.value is not None else ""


def _described(screen: OutcomeScreen) -> str:
    shown = min(len(screen.results), MOST_ROWS)
    return f"Risk ratios with 95 % intervals for {screen.outcome}, {counted(shown, 'exposure')}; the table below has the same."


def _table(screen: OutcomeScreen, names: list[str], cards: Mapping[str, str]) -> TableView:
    rows = [_row(result, name, cards) for result, name in zip(screen.results, names, strict=True)]
    return table(f"Exposures and {screen.outcome}", _HEADINGS, rows)


def _row(result: ExposureResult, name: str, cards: Mapping[str, str]) -> tuple[Cell | str, ...]:
    unknown = f"not recorded for {count(result.unknown)}" if result.unknown else ""
    tests = f"adjusted {p_value(result.p_adjusted)}; mid-P {p_value(result.p_mid)}"
    shown = result.cases[:MOST_IDS]
    rest = len(result.cases) - len(shown)
    return (
        Cell(text=name, note=unknown),
        proportion(result.attack_rate_exposed),
        proportion(result.attack_rate_unexposed),
        ratio(result.risk_ratio),
        ratio(result.odds_ratio),
        Cell(text=p_value(result.p), note=tests),
        Cell(
            text="" if result.cases else "none listed",
            links=tuple(Link(text=one, href=f"#{cards[one]}" if one in cards else None) for one in shown),
            links_note=f"and {count(rest)} more in line-list.csv" if rest else "",
        ),
    )


def _how_many(screen: OutcomeScreen) -> str:
    shown = len(screen.results)
    if not screen.tested:
        return "No exposure could be tested."
    return f"{counted(screen.tested, 'exposure')}; the {count(shown)} most striking are listed"


def _methods(screen: OutcomeScreen) -> str:
    if not screen.results or not screen.tested:
        return ""
    first = screen.results[0]
    return (
        f"Attack rates: {first.attack_rate_exposed.method}. Risk ratio: {first.risk_ratio.method}. "
        f"Odds ratio: {first.odds_ratio.method}. p: Fisher exact, two-sided; adjusted p: one-sided for an excess, "
        f"Holm's correction over {counted(screen.tested, 'exposure')}. Drawn in colour: adjusted p below {CLEAR:g}."
    )
