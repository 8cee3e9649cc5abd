"""Measured values in words: temperature, pulse, breaths, blood pressure and oxygen saturation.

A cue's name is the id of the term and its value stands in the unit of the term: degrees Celsius, per minute, mmHg,
percent. What no living person can have is no measurement and gives no cue. Of a range the more alarming end counts.
"""

from __future__ import annotations

from collections.abc import Mapping

from untoward.coding.cue import Cue
from untoward.coding.measure_matching import Handler, Match, Reading
from untoward.coding.numbers import Number

POSSIBLE: Mapping[str, tuple[float, float]] = {
    "temperature": (30.0, 45.0),
    "heart-rate": (20.0, 350.0),
    "respiratory-rate": (4.0, 120.0),
    "systolic-bp": (30.0, 350.0),
    "spo2": (30.0, 100.0),
}
"""Least and most taken for a measurement. A table has a column for each value; in a sentence a small number near
the word "pulse" or "oxygen" is more often something else, so the least is higher here."""

FAHRENHEIT = (86.0, 113.0)
BARE = (34.0, 42.9)
"""Degrees Celsius of a number that stands alone, as in "38.5 since yesterday"; only with one decimal place."""

LARGEST_CMHG = 30.0
"""Blood pressure up to here is in centimetres of mercury, as people say it in Spanish, Portuguese and French."""


def temperature(match: Match, reading: Reading) -> tuple[Cue, ...] | None:
    """`temperature` in degrees Celsius; a number that can only be Fahrenheit is converted."""
    number = _number(match, reading)
    if number is None:
        return None
    given = number.high
    if FAHRENHEIT[0] <= given <= FAHRENHEIT[1]:
        given = celsius(given)
    return _cue("temperature", given, match)


def fahrenheit(match: Match, reading: Reading) -> tuple[Cue, ...] | None:
    """`temperature` from a number said to be in Fahrenheit."""
    number = _number(match, reading)
    return None if number is None else _cue("temperature", celsius(number.high), match)


def bare_number(match: Match, reading: Reading) -> tuple[Cue, ...] | None:
    """`temperature` from a number alone that hardly can be anything else: 38.5."""
    number = _number(match, reading)
    if number is None or number.decimals != 1 or not BARE[0] <= number.high <= BARE[1]:
        return None
    after = match.last + 1
    measured = any(reading.is_word(name, after) for name in ("length", "percent", "unit_of_other", "times"))
    return None if measured and reading.joined(after) else _cue("temperature", number.high, match)


def bare_fever(match: Match, reading: Reading) -> tuple[Cue, ...] | None:
    """`temperature` in "estoy con 39"."""
    number = _number(match, reading)
    if number is None or not BARE[0] <= number.high <= BARE[1]:
        return None
    measured = any(reading.is_word(name, match.last + 1) for name in ("length", "percent", "unit_of_other"))
    return None if measured else _cue("temperature", number.high, match)


def rate(match: Match, reading: Reading) -> tuple[Cue, ...] | None:
    """`heart-rate` or `respiratory-rate` per minute."""
    number = _number(match, reading)
    return None if number is None else _cue(match.kind, number.high, match)


def pressure(match: Match, reading: Reading) -> tuple[Cue, ...] | None:
    """`systolic-bp` in mmHg, from one number, "80/50", "80 over 50", or "8/5" in centimetres of mercury."""
    ratio = match.one("ratio")
    if ratio is None:
        number = _number(match, reading)
        if number is None:
            return None
        others = match.all("n")[1:]
        ratio = (number.low, others[0].value.low if others else None)
    upper, lower = ratio
    if lower is not None and upper <= lower:
        return None
    return _cue("systolic-bp", upper * 10.0 if upper <= LARGEST_CMHG else upper, match)


def bare_ratio(match: Match, _reading: Reading) -> tuple[Cue, ...] | None:
    """`systolic-bp` from "80/50" or "80 over 50" alone, where hardly anything else can be meant."""
    upper, lower = match.one("ratio") or tuple(one.value.low for one in match.all("n"))
    if not (60.0 <= upper <= 260.0 and 30.0 <= lower <= 160.0 and upper > lower):
        return None
    return _cue("systolic-bp", upper, match)


def saturation(match: Match, reading: Reading) -> tuple[Cue, ...] | None:
    """`spo2` in percent."""
    number = _number(match, reading)
    return None if number is None else _cue("spo2", number.low, match)


def celsius(degrees: float) -> float:
    """Degrees Fahrenheit in degrees Celsius, to two places."""
    return round((degrees - 32.0) / 1.8, 2)


def _number(match: Match, reading: Reading) -> Number | None:
    """The number of a match, unless it counts times or a length of time, or belongs to a word ("B12")."""
    number: Number = match.one("n")
    after = match.last + 1
    timed = (reading.is_word("period", after) or reading.is_word("often", after)) and reading.joined(after)
    part_of_name = number.glued and match.first == number.first
    return None if number.article or number.at_least or part_of_name or timed else number


def _cue(name: str, value: float, match: Match) -> tuple[Cue, ...] | None:
    low, high = POSSIBLE[name]
    if not low <= value <= high:
        return None
    return (Cue(name=name, value=value, first=match.first, last=match.last),)


HANDLERS: Mapping[str, Handler] = {
    "temperature": temperature,
    "fahrenheit": fahrenheit,
    "bare_number": bare_number,
    "bare_fever": bare_fever,
    "heart-rate": rate,
    "respiratory-rate": rate,
    "systolic-bp": pressure,
    "bare_ratio": bare_ratio,
    "spo2": saturation,
}
