"""The words of rates that terminal, page and chart share."""

from __future__ import annotations

from collections.abc import Iterator

from untoward.report.dates import spoken
from untoward.report.numbers import count, counted, sentence_case
from untoward.report.signals.figures import NONE, figure
from untoward.watch.rates.answer import AxisSummary, OutcomeRates

NOT_CORRECTED = (
    "By chance alone up to 1 value in 1,000 stands above the 99.8 % limit and up to 1 in 40 above the 95 % limit. "
    "An excess is an association, never a cause."
)


def heading(rates: OutcomeRates) -> str:
    """As in "Rates of infection by exposure, as of 30 Jun 2025"."""
    as_of = f", as of {spoken(rates.as_of)}" if rates.as_of else ""
    return f"Rates of {rates.outcome} by exposure{as_of}"


def totals(rates: OutcomeRates) -> str:
    """Sessions, persons, cases, and how much of the risk has passed."""
    share = 100 * rates.elapsed / max(rates.sessions, 1)
    passed = f" By now {share:.0f} % of their risk has passed." if rates.sessions else ""
    looked_at = f"{counted(rates.sessions, 'session')} of {counted(rates.persons, 'person')}"
    return f"{looked_at}; {counted(rates.cases, 'person')} with the outcome.{passed}"


def how_counted(rates: OutcomeRates) -> Iterator[str]:
    """How it was counted, a sentence or two each."""
    yield rates.definition
    yield rates.rule
    yield f"Delay. {rates.delay}"
    within = (
        "technique and year"
        if rates.strata > 1
        else "all sessions alike (too few cases to part by technique and year)"
    )
    parts = f" ({rates.strata} strata)" if rates.strata > 1 else ""
    yield f"Expected: cases by now if only time mattered, within {within}{parts}."
    if rates.left_out:
        yield f"Left out: {'; '.join(rates.left_out)}."


def axes_words(rates: OutcomeRates) -> Iterator[str]:
    """What each kind of exposure could tell, and why not more; kinds of which there is nothing in one line."""
    for axis in rates.axes:
        if axis.values:
            yield _axis_words(axis)
    nothing = [axis.axis for axis in rates.axes if not axis.values]
    if nothing:
        yield f"not recorded for any session: {', '.join(nothing)}"


def _axis_words(axis: AxisSummary) -> str:
    """As in "lot: 93 values, 77 with enough data; 10 with fewer than 20 sessions; …"."""
    parts = [
        f"{counted(axis.values, 'value')}, {count(axis.compared) if axis.compared else 'none'} with enough data"
    ]
    parts += [f"{count(number)} not: {reason}" for reason, number in axis.reasons.items()]
    if axis.sessions_unknown:
        cases = f" with {counted(axis.cases_unknown, 'case')}" if axis.cases_unknown else ""
        parts.append(f"{counted(axis.sessions_unknown, 'session')}{cases} without a record, kept apart")
    return f"{axis.axis}: {'; '.join(parts)}"


def not_drawn_in(rates: OutcomeRates) -> str:
    """Which kinds of exposure have no estimates drawn to the mean, and why; "" when all have."""
    why: dict[str, list[str]] = {}
    for axis in rates.axes:
        if axis.values and axis.not_shrunken:
            why.setdefault(axis.not_shrunken, []).append(axis.axis)
    said = "; ".join(f"{', '.join(names)} ({reason})" for reason, names in why.items())
    return f"Not drawn in: {said}." if said else ""


def short_ratio(value: float | None, low: float | None, high: float | None) -> str:
    """Observed over expected with its limits in two digits that count, as in "29 (5.9–84)"."""
    return NONE if value is None else f"{_two_digits(value)} ({_two_digits(low)}–{_two_digits(high)})"


def _two_digits(value: float | None) -> str:
    if value is None:
        return NONE
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"


def cases_words(value: float) -> str:
    """Cases: whole, or with two digits where a case is shared."""
    return count(int(value)) if float(value).is_integer() else figure(value)


def exposure_words(axis: str, value: str) -> str:
    """An exposure as it is named: "Lot L12"; a value that says its kind itself, such as "Clinic 1", as it stands."""
    return value if value.lower().startswith(f"{axis} ") else sentence_case(f"{axis} {value}")
