"""How large and how many: lengths, things of a known size, and counts of what is seen on the skin.

A size in several directions, or from one figure to another, is the largest of them. A size taken from a thing ("like a
golf ball") comes with `size_is_approximate`. "Several" gives the least it can mean, with `count_is_at_least`.
"""

from __future__ import annotations

from collections.abc import Mapping

from untoward.coding.cue import Cue
from untoward.coding.measure_matching import Handler, Match, Reading
from untoward.coding.numbers import Number

LARGEST_CM = 100.0
MOST = 500.0
_INCH_CM = 2.54


def size(match: Match, reading: Reading) -> tuple[Cue, ...] | None:
    """`size_cm` of one or more numbers with a unit, the largest. A unit counts for the numbers before it."""
    numbers = [one.value for one in match.held if one.slot == "n"]
    units = [one.value.value for one in match.held if one.slot == "length"] or [_INCH_CM]
    if any(number.glued and reading.words[number.first - 1] != "x" for number in numbers):
        return None
    if any(not one.value.agrees(numbers[-1].languages) for one in match.held if one.slot == "length"):
        return None
    shared = units * len(numbers) if len(units) == 1 else units
    largest = max(number.high * unit for number, unit in zip(numbers, shared, strict=False))
    if not 0.0 < largest <= LARGEST_CM:
        return None
    return (Cue(name="size_cm", value=round(largest, 2), first=match.first, last=match.last),)


def thing(match: Match, _reading: Reading) -> tuple[Cue, ...] | None:
    """`size_cm` of a thing that something is likened to, and that it is approximate."""
    named = match.one("thing")
    if not named.agrees(match.languages):
        return None  # "like the main …" is no French hand
    value = float(named.value)
    return (
        Cue(name="size_cm", value=value, first=match.first, last=match.last),
        Cue(name="size_is_approximate", value=True, first=match.first, last=match.last),
    )


def count(match: Match, reading: Reading) -> tuple[Cue, ...] | None:
    """`count` of things on the skin. "A lump" is one, unless the text speaks of another."""
    number: Number = match.one("n")
    counted = match.one("counted")
    if not counted.agrees(number.languages) or (number.article and reading.says("another")):
        return None
    return _count(number, match.first, match.last)


def number_there(match: Match, _reading: Reading) -> tuple[Cue, ...] | None:
    """`count` in "five of them"."""
    number: Number = match.one("n")
    return None if number.high <= 1 else _count(number, match.first, match.last)


def often(match: Match, _reading: Reading) -> tuple[Cue, ...] | None:
    """`count` in "fainted three times"."""
    number: Number = match.one("n")
    if number.article or not match.one("often").agrees(number.languages):
        return None
    return _count(number, match.first, match.last)


def twice(match: Match, _reading: Reading) -> tuple[Cue, ...]:
    """`count` of one word."""
    return (Cue(name="count", value=float(match.value), first=match.first, last=match.last),)


def _count(number: Number, first: int, last: int) -> tuple[Cue, ...] | None:
    if number.glued or number.decimals or number.high != int(number.high) or not 1 <= number.high <= MOST:
        return None
    cues = [Cue(name="count", value=number.high, first=first, last=last)]
    if number.at_least:
        cues.append(Cue(name="count_is_at_least", value=True, first=first, last=last))
    return tuple(cues)


HANDLERS: Mapping[str, Handler] = {
    "size": size,
    "thing": thing,
    "count": count,
    "number_there": number_there,
    "often": often,
    "twice": twice,
}
