"""Numbers as they are shown: never bare, always with their count, interval and level, or with why there is none."""

from __future__ import annotations

from math import isfinite

from untoward.model.counts import Estimate, ExposureResult, Proportion

_NO_ESTIMATE = "not estimable"


def count(value: int) -> str:
    """A whole number with a comma between thousands."""
    return f"{value:,}"


def counted(value: int, singular: str, plural: str | None = None) -> str:
    """As in "1 case", "2 cases"."""
    return f"{count(value)} {singular if value == 1 else plural or singular + 's'}"


def sentence_case(text: str) -> str:
    """The text with a capital at its start; the rest, which may be a name, stays as it is."""
    return text[:1].upper() + text[1:]


def percent(share: float) -> str:
    """The figure of a share in percent, with one decimal, or with two digits that count below 1 %."""
    value = 100 * share
    return f"{value:.1f}" if value == 0 or value >= 1 else _two_digits(value)


def level(value: float) -> str:
    """A confidence level: "95 %"."""
    return f"{100 * value:g} %"


def proportion(value: Proportion) -> str:
    """As in "22.1 % (17 of 77; 95 % 13.4 to 33.0)"; words when there is no denominator."""
    if value.n is None:
        return f"not published ({counted(value.cases, 'case')}; how many were at risk is not known)"
    if value.value is None:
        return f"no rate ({count(value.cases)} of {count(value.n)})"
    return f"{percent(value.value)} % ({count(value.cases)} of {count(value.n)}{_interval(value)})"


def ratio(value: Estimate) -> str:
    """As in "8.3 (95 % 4.1 to 16.9)"; an infinite ratio keeps its lower limit, one that does not exist says why."""
    if value.value is not None:
        return f"{_figure(value.value)} ({_limits(value)})"
    if value.low is not None:
        return f"above any limit ({level(value.level)} from {_figure(value.low)})"
    return value.reason or _NO_ESTIMATE


def p_value(value: float | None) -> str:
    """A p value with two digits that count, four places at most; a tiny one as "< 0.0001"."""
    if value is None:
        return "not tested"
    if value < 0.0001:
        return "< 0.0001"
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def exposure_sentence(result: ExposureResult, name: str) -> str:
    """As in "9 of 11 with vial V7 were cases (81.8 %), against 17 of 6,001 of the others (0.28 %)."."""
    table = result.table
    if not table.exposed:
        return f"Nobody is recorded with {name}."
    said = f"{count(table.a)} of {count(table.exposed)} with {name} were cases ({percent(table.a / table.exposed)} %)"
    if not table.unexposed:
        return f"{said}; nobody was without it, so there is nothing to compare with."
    others = f"{count(table.c)} of {count(table.unexposed)} of the others"
    return f"{said}, against {others} ({percent(table.c / table.unexposed)} %)."


def _interval(value: Proportion) -> str:
    if value.low is None or value.high is None:
        return ""
    return f"; {level(value.level)} {percent(value.low)} to {percent(value.high)}"


def _limits(value: Estimate) -> str:
    if value.low is None and value.high is None:
        return "no interval"
    if value.low is None:
        return f"{level(value.level)} up to {_figure(value.high or 0.0)}"
    if value.high is None:
        return f"{level(value.level)} from {_figure(value.low)}, no upper limit"
    return f"{level(value.level)} {_figure(value.low)} to {_figure(value.high)}"


def _figure(value: float) -> str:
    if not isfinite(value):
        return "no limit"
    if value >= 1000:
        return f"{value:,.0f}"
    if value >= 100 or value == 0:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 1 else _two_digits(value)


def _two_digits(value: float) -> str:
    """A figure below 1 with two digits that count, its last nought kept: "0.80", "0.031"."""
    shown = f"{value:.2f}" if value >= 0.1 else f"{value:#.2g}"
    return shown if "e" not in shown else f"{value:.2g}"
