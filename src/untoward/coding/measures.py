"""Every number, size, time, degree, trend and measured value that a text gives, in four languages at once.

The words and patterns are data (`data/measures`). A text is read once from left to right; what is found takes its words,
so that a number is never used twice, and ages, doses, money, telephone numbers and sessions give nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from untoward.coding import degrees, sizes, times, vitals_in_text
from untoward.coding.cue import Cue
from untoward.coding.measure_data import measure_words
from untoward.coding.measure_matching import Handler, Match, Reading
from untoward.coding.tokens import Token

_HANDLERS: Mapping[str, Handler] = {**sizes.HANDLERS, **degrees.HANDLERS, **vitals_in_text.HANDLERS}
_GO_ON_INSIDE = frozenset({"count", "treatment"})
"""After these the words behind the first are read again: "three red lumps" also gives a colour."""


def measures_of(tokens: Sequence[Token]) -> tuple[Cue, ...]:
    """Every cue in the tokens of one text, in the order in which they stand there.

    Names and values: `count` (number), `count_is_at_least` (True), `size_cm`, `size_is_approximate` (True),
    `duration_days`, `day` (days since the treatment; at most one), `since_day`, `severity` ("mild", "moderate", "severe"),
    `worse`, `spreading` and `painful` (True, or False when denied), `better`, `same`, `recovered` (True), `colour` (in
    English), and the ids `temperature`, `heart-rate`, `respiratory-rate`, `systolic-bp`, `spo2`. Never raises for
    anything that `tokens_of` gives.
    """
    reading = Reading(tokens, measure_words())
    cues: list[Cue] = []
    said: list[times.TimeSaid] = []
    at, count = 0, len(reading.words)
    while at < count:
        at = _read(reading, at, cues, said) if reading.opens(at) else at + 1
    cues.extend(times.resolve(said, reading))
    return tuple(sorted(cues, key=lambda cue: (cue.first, cue.last)))


def _read(reading: Reading, at: int, cues: list[Cue], said: list[times.TimeSaid]) -> int:
    """Take the longest pattern that makes sense at a place, and say where to read on."""
    for match in reading.matches(at):
        reader = times.READERS.get(match.kind)
        if reader is not None:
            time = reader(match, reading)
            if time is None:
                continue
            said.append(time)
        elif match.kind != "treatment":
            found = _HANDLERS[match.kind](match, reading)
            if found is None:
                continue
            cues.extend(found)
        return _next(match)
    return at + 1


def _next(match: Match) -> int:
    if match.kind not in _GO_ON_INSIDE:
        return match.last + 1
    number = match.one("n")
    return match.first + 1 if number is None else int(number.last) + 1
