"""How bad, which way it goes, what colour, whether it is painful, whether it is over.

A denied phrase is resolved here: "not getting worse" is `worse` False, "no better" is `same` True, "not red" is no
colour. What is only feared or foreseen ("if it gets worse") gives no cue.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping

from untoward.coding.cue import Cue
from untoward.coding.measure_matching import Handler, Match, Reading
from untoward.model.case import Attribute

MILD_UP_TO = 3.0
MODERATE_UP_TO = 6.0
FULL_SCORE = 10.0
_REACH = 4


def severity(match: Match, reading: Reading) -> tuple[Cue, ...]:
    """`severity` as "mild", "moderate" or "severe"; denied, none."""
    return () if denied(match, reading) else _cue("severity", match.value, match)


def score(match: Match, reading: Reading) -> tuple[Cue, ...] | None:
    """`severity` from "8 out of 10": up to 3 mild, up to 6 moderate, above severe."""
    first, *others = [one.value for one in match.held if one.slot == "n"]
    if (others and others[0].high != FULL_SCORE) or reading.is_word("unit_of_other", match.last + 1):
        return None
    return _score(first.high, match)


def score_ratio(match: Match, _reading: Reading) -> tuple[Cue, ...] | None:
    """`severity` from "8/10"."""
    given, of = match.one("ratio")
    return _score(given, match) if of == FULL_SCORE else None


def worse(match: Match, reading: Reading) -> tuple[Cue, ...]:
    """`worse`, True or denied False."""
    return () if _foreseen(match, reading) else _cue("worse", not denied(match, reading), match)


def better(match: Match, reading: Reading) -> tuple[Cue, ...]:
    """`better`; denied, `same`: who says "no better" does not say whether it is worse. Not of sight or breath."""
    if _foreseen(match, reading) or _of_a_function(match, reading):
        return ()
    return _cue("same" if denied(match, reading) else "better", True, match)


def spreading(match: Match, reading: Reading) -> tuple[Cue, ...]:
    """`spreading`, True or denied False."""
    if _foreseen(match, reading):
        return ()
    return _cue("spreading", not denied(match, reading), match)


def increasing(match: Match, reading: Reading) -> tuple[Cue, ...]:
    """`worse` and `spreading`: what increases may be a pain or a lump."""
    return worse(match, reading) + spreading(match, reading)


def same(match: Match, reading: Reading) -> tuple[Cue, ...]:
    """`same`, True; nothing when denied or foreseen."""
    if _foreseen(match, reading) or denied(match, reading):
        return ()
    return _cue("same", True, match)


def recovered(match: Match, reading: Reading) -> tuple[Cue, ...]:
    """`recovered`, True; nothing when foreseen, or when any denial stands shortly before, because it reassures."""
    if _before(match, reading, "condition", "denial") or _of_a_function(match, reading):
        return ()
    return _cue("recovered", True, match)


def painful(match: Match, reading: Reading) -> tuple[Cue, ...]:
    """`painful`: True for "painful", False when that is denied or said to be without pain."""
    return _cue("painful", bool(match.value) and not denied(match, reading), match)


def colour(match: Match, reading: Reading) -> tuple[Cue, ...]:
    """`colour`, in English; denied, none."""
    return () if denied(match, reading) else _cue("colour", match.value, match)


def nothing(_match: Match, _reading: Reading) -> tuple[Cue, ...]:
    """Words that look like a measure and are none."""
    return ()


def denied(match: Match, reading: Reading) -> bool:
    """Whether a denial stands before the match, with small words at most between them, or after it in French."""
    at = match.first
    for _ in range(_REACH):
        if not reading.joined(at):
            break
        at -= 1
        if reading.is_word("denial", at):
            return True
        if not reading.is_word("between", at):
            break
    after = match.last + 1
    return "fr" in match.languages and reading.joined(after) and reading.is_word("denial_after", after)


def _foreseen(match: Match, reading: Reading) -> bool:
    return _before(match, reading, "condition")


def _of_a_function(match: Match, reading: Reading) -> bool:
    """Whether sight, breath, strength or the like is what goes or falls, shortly before or after."""
    if _before(match, reading, "function"):
        return True
    after = range(match.last + 1, match.last + 1 + _REACH)
    joined = itertools.takewhile(reading.joined, after)
    return any(reading.is_word("function", at) for at in joined)


def _before(match: Match, reading: Reading, *names: str) -> bool:
    """Whether one of these words stands shortly before a match, in the same clause."""
    at = match.first
    for _ in range(_REACH):
        if not reading.joined(at):
            return False
        at -= 1
        if any(reading.is_word(name, at) for name in names):
            return True
    return False


def _score(given: float, match: Match) -> tuple[Cue, ...] | None:
    if not 0.0 <= given <= FULL_SCORE:
        return None
    if given <= MILD_UP_TO:
        return _cue("severity", "mild", match)
    return _cue("severity", "moderate" if given <= MODERATE_UP_TO else "severe", match)


def _cue(name: str, value: Attribute, match: Match) -> tuple[Cue, ...]:
    return (Cue(name=name, value=value, first=match.first, last=match.last),)


HANDLERS: Mapping[str, Handler] = {
    "severity": severity,
    "score": score,
    "score_ratio": score_ratio,
    "worse": worse,
    "better": better,
    "same": same,
    "recovered": recovered,
    "spreading": spreading,
    "increasing": increasing,
    "painful": painful,
    "colour": colour,
    "nothing": nothing,
}
