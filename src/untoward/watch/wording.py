"""The sentence that says what stands out and how sure that is.

The words stay with what counts can show: an exposure "stands out" or "cannot be told apart"; nothing is said
to cause anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from untoward.model.counts import ExposureResult, TwoByTwo
from untoward.watch.exposures import MIX_JOINT

SIGNIFICANT = 0.05
"""Corrected p below which an exposure is said to stand out."""

_NAMED_AT_MOST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Rest:
    """The next exposure in rank, and its table without the units that had the first."""

    result: ExposureResult
    table: TwoByTwo
    p_greater: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a reading is made of.

    `comparable` exposures are those that somebody had and somebody lacked. `persons` is how many persons the
    exposed cases of the first are, None when unknown. `twins` are (axis, value) of exposures that exactly the
    same units had.
    """

    cases: int
    n: int
    tested: int
    comparable: int
    left_out: int
    first: ExposureResult | None
    persons: int | None = None
    twins: Sequence[tuple[str, str]] = ()
    rest: Rest | None = None


def reading(standing: Standing, unit: str) -> str:
    """One plain reading for `unit` ("session", "person"), with a second sentence where the first would
    mislead.
    """
    sentences = [_main(standing, unit)]
    if standing.rest is not None and standing.first is not None:
        sentences.append(_nested(standing.first, standing.rest, unit))
    if standing.left_out:
        sentences.append(
            f"{many(standing.left_out, unit)} left out: the data cannot say whether"
            f" {'it is a case' if standing.left_out == 1 else 'they are cases'}."
        )
    return " ".join(sentences)


def exposure_name(axis: str, value: str) -> str:
    """How an exposure is spoken of: "vial V0213"; a yes/no column of a line list goes by its own name."""
    if value == "yes":
        return axis.replace("_", " ")
    if axis == "mix" and MIX_JOINT not in value:
        return f"mix {value} alone"
    return f"{axis} {value}"


_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def p_text(p: float) -> str:
    """A p as text, such as "p = 2 × 10⁻¹¹" or "p = 0.043"; a p too small for a float is given as a bound."""
    if p < 1e-300:
        return "p < 10⁻³⁰⁰"
    if p >= 0.001:
        return f"p = {p:.2g}"
    digit, exponent = f"{p:.0e}".split("e")
    return f"p = {digit} × 10{str(int(exponent)).translate(_SUPERSCRIPT)}"


def many(n: int, noun: str) -> str:
    """A count with its noun: "1 session", "2,310 sessions"."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def _main(standing: Standing, unit: str) -> str:
    first = standing.first
    if standing.cases == 0:
        return f"Not enough data: no case among {many(standing.n, unit)}."
    if standing.cases == standing.n:
        return f"Not enough data: every {unit} is a case, so there is nothing to compare with."
    if first is None or first.p_adjusted is None:
        return "No exposure is recorded, so none can be compared."
    if standing.comparable == 0:
        return f"Nothing to compare: each exposure recorded was had by every {unit} of which it is known."
    tested = f"{many(standing.tested, 'exposure')} tested"
    if first.p_adjusted >= SIGNIFICANT:
        smallest = p_text(first.p_adjusted).replace("p =", "p is")
        return (
            f"No exposure stands out: the smallest corrected {smallest}"
            f" ({exposure_name(first.axis, first.value)}, {_of(first.table, unit)}), {tested};"
            " those too rare to show anything count too."
        )
    name = _sentence_case(exposure_name(first.axis, first.value))
    beside = _same_person(standing.persons, first.table, unit) + _twins(standing.twins, first.table, unit)
    return (
        f"{name}: {_of(first.table, unit)} {_were(first.table)}, {_expected(first.table)} expected;"
        f" {p_text(first.p_adjusted)} after correction for {tested}.{beside} An association, not proof of a cause."
    )


def _same_person(persons: int | None, table: TwoByTwo, unit: str) -> str:
    """A warning where cases are not independent: the p value takes every session for a person of its own."""
    if persons is None or persons >= table.a:
        return ""
    whose = "1 person" if persons == 1 else f"only {persons:,} persons"
    return f" These {many(table.a, unit)} are of {whose}, which p does not allow for."


def _twins(twins: Sequence[tuple[str, str]], table: TwoByTwo, unit: str) -> str:
    if not twins:
        return ""
    names = [exposure_name(axis, value) for axis, value in twins]
    shown = names[:_NAMED_AT_MOST]
    if len(names) > len(shown):
        shown.append(f"{len(names) - len(shown)} more")
    listed = shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"
    return f" It cannot be told apart from {listed}: the same {many(table.exposed, unit)}."


def _nested(first: ExposureResult, rest: Rest, unit: str) -> str:
    first_name = exposure_name(first.axis, first.value)
    name = exposure_name(rest.result.axis, rest.result.value)
    if rest.table.exposed == 0:
        return f"Next, {name} ({_of(rest.result.table, unit)}): all of them also had {first_name}."
    shows = f"{rest.table.a:,} of {rest.table.exposed:,} ({p_text(rest.p_greater)} before correction)"
    if rest.p_greater < SIGNIFICANT:
        alone = "the first alone does not account for it"
        return f"Next, without {first_name}, {name} still shows {shows}: {alone}."
    return f"Next, without {first_name}, {name} shows {shows}: no clear excess of its own."


def _of(table: TwoByTwo, unit: str) -> str:
    return f"{table.a:,} of {many(table.exposed, unit)}"


def _were(table: TwoByTwo) -> str:
    return "was a case" if table.exposed == 1 else "were cases"


def _expected(table: TwoByTwo) -> str:
    """Cases among the exposed if they had fared like everyone whose exposure is known, two digits."""
    expected = table.exposed * (table.a + table.c) / (table.exposed + table.unexposed)
    return f"{expected:.0f}" if expected >= 10 else f"{expected:.2g}"


def _sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]
