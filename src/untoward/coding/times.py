"""When, and for how long: days since the treatment, day on which something began, and how long it has lasted.

`day` is the day that the text speaks at: how long ago the treatment was ("injected 3 weeks ago"), or else the latest time
counted from the treatment ("on day 2 … on day 10" is 10). An earlier such time, or one beside a treatment that is dated
from now, is `since_day`: the day on which something began. `duration_days` is how long something has lasted.

A time before now with nothing to say what happened ("3 days ago") goes to the nearest word that does: a treatment
makes it the day, something that began makes it a duration. When something has lasted longer than
such a time, the day itself is unknown. A time after something other than the treatment ("2 days
after starting antibiotics") is neither.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from untoward.coding.cue import Cue
from untoward.coding.measure_matching import Match, Reading, Span, days_of
from untoward.coding.numbers import Number

LONGEST_DAYS = 36500.0
_YEAR = 365.0
_WINDOW = 14
_COMMA_COSTS = 2
_CLAUSE_COSTS = 3
_FOLLOWING = 5
_NEARBY = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSaid:
    """A time as it was said, before it is known what it is a time of.

    `kind` is "duration", "day" (after the treatment; `named` when it cannot be counted from anything said before),
    "since_day", "ago" (before now; `bare` when it is only a word such as "yesterday"), or "other": after something
    that is not the treatment.
    """

    kind: str
    days: float
    first: int
    last: int
    named: bool = False
    bare: bool = False


def _said(
    match: Match, kind: str, days: float, *, named: bool = False, bare: bool = False
) -> TimeSaid | None:
    if not 0.0 <= days <= LONGEST_DAYS:
        return None
    return TimeSaid(kind=kind, days=days, first=match.first, last=match.last, named=named, bare=bare)


def _span_days(match: Match) -> float:
    span: Span = match.one("span")
    return span.days


def _lasting(match: Match, _reading: Reading) -> TimeSaid | None:
    return _said(match, "duration", _span_days(match))


def _lasting_periods(match: Match, _reading: Reading) -> TimeSaid | None:
    periods = match.one("periods")
    return _said(match, "duration", 30.0 if periods is None else float(periods.value))


def _since(match: Match, _reading: Reading) -> TimeSaid | None:
    return _said(match, "duration", float(match.value))


def _ago(match: Match, _reading: Reading) -> TimeSaid | None:
    return _said(match, "ago", _span_days(match))


def _ago_named(match: Match, _reading: Reading) -> TimeSaid | None:
    return _said(match, "ago", float(match.value), bare=True)


def _bare(match: Match, _reading: Reading) -> TimeSaid | None:
    span: Span = match.one("span")
    return None if span.years else _said(match, "duration", span.days)


def _after(match: Match, reading: Reading) -> TimeSaid | None:
    return _counted(match, reading, _days_after(match), ("of", "of_after"))


def _later(match: Match, reading: Reading) -> TimeSaid | None:
    return _counted(match, reading, _days_after(match), ("of",))


def _after_period(match: Match, reading: Reading) -> TimeSaid | None:
    return _counted(match, reading, days_of(float(match.one("period").value)), ("of",))


def _after_periods(match: Match, reading: Reading) -> TimeSaid | None:
    return _counted(match, reading, float(match.one("periods").value), ("of", "of_after"))


def _after_weeks(match: Match, reading: Reading) -> TimeSaid | None:
    days = _days_after(match)
    return None if days is None else _counted(match, reading, 7.0 * days, ("of",))


def _on_day(match: Match, reading: Reading) -> TimeSaid | None:
    ordinal = match.one("ordinal")
    days = _days_after(match) if ordinal is None else float(ordinal.value)
    return _counted(match, reading, days, ("of",))


def _after_named(match: Match, reading: Reading) -> TimeSaid | None:
    return _counted(match, reading, float(match.value), ("of", "of_after"))


def _from(match: Match, reading: Reading) -> TimeSaid | None:
    said = _on_day(match, reading)
    return None if said is None or said.kind == "other" else replace(said, kind="since_day")


def _from_treatment(match: Match, reading: Reading) -> TimeSaid | None:
    other = any(
        reading.is_word("other_treatment", at) for at in (match.first - 1, match.last - 1, match.last + 1)
    )
    return None if other else _said(match, "since_day", float(match.value))


def _days_after(match: Match) -> float | None:
    span: Span | None = match.one("span")
    if span is not None:
        return span.days
    number: Number | None = match.one("n")
    return None if number is None or number.article or number.at_least else number.high


def _counted(match: Match, reading: Reading, days: float | None, of: Sequence[str]) -> TimeSaid | None:
    """A time after something: the treatment when it is named or nothing is, else no time at all."""
    if days is None:
        return None
    named = True if match.all("treatment") else _counted_from_treatment(reading, match.last + 1, of)
    if named is False:
        return _said(match, "other", days)
    return _said(match, "day", days, named=bool(named) or bool(match.all("n") or match.all("ordinal")))


def _counted_from_treatment(reading: Reading, at: int, of: Sequence[str]) -> bool | None:
    """Whether what follows a time names the treatment: True, False for something else, None for nothing."""
    if not reading.joined(at):
        return None
    bound = any(reading.is_word(name, at) for name in of)
    end = at
    while end < at + (_FOLLOWING if bound else _NEARBY) and (end == at or reading.joined(end)):
        if reading.is_word("other_treatment", end):
            return False
        if reading.is_word("treatment", end):
            return not other_treatment_beside(reading, end)
        end += 1
    return False if bound else None


def other_treatment_beside(reading: Reading, at: int) -> bool:
    """Whether the words around "treatment" or "shot" say that it is an antibiotic, a vaccine or the like."""
    near = range(max(at - 2, 0), min(at + 4, len(reading.words)))
    return any(reading.is_word("other_treatment", place) for place in near)


READERS: Mapping[str, Callable[[Match, Reading], TimeSaid | None]] = {
    "lasting": _lasting,
    "lasting_periods": _lasting_periods,
    "since": _since,
    "ago": _ago,
    "ago_named": _ago_named,
    "bare": _bare,
    "after": _after,
    "later": _later,
    "after_period": _after_period,
    "after_periods": _after_periods,
    "after_weeks": _after_weeks,
    "on_day": _on_day,
    "after_named": _after_named,
    "from": _from,
    "from_treatment": _from_treatment,
}


def resolve(said: Sequence[TimeSaid], reading: Reading) -> tuple[Cue, ...]:
    """What each time is a time of, now that the whole text was read."""
    settled = [one for time in said if (one := _settled(time, reading)) is not None]
    settled += _dated(reading)
    treated = [one for one in settled if one.kind == "treated"]
    if len(treated) > 1 or any(one.kind == "day" for one in settled):
        treated = [one for one in treated if one.days]  # "today" is when the person writes
    after = [one for one in _without_relative(settled) if one.kind == "day"]
    lasted = max((one.days for one in settled if one.kind == "duration" and one.days <= _YEAR), default=0.0)
    now = min(treated, key=lambda one: one.days) if treated else None
    if now is None and after:
        latest = max(after, key=lambda one: one.days)
        now = latest if latest.days >= lasted else None  # what has lasted longer makes it the day it began
    cues = [_cue("day", now)] if now is not None else []
    cues += [_cue("since_day", one) for one in after if one is not now]
    cues += [_cue("since_day", one) for one in settled if one.kind == "since_day"]
    cues += [_cue("duration_days", one) for one in settled if one.kind == "duration"]
    return tuple(cues)


def _cue(name: str, said: TimeSaid) -> Cue:
    return Cue(name=name, value=said.days, first=said.first, last=said.last)


def _without_relative(settled: Sequence[TimeSaid]) -> Iterator[TimeSaid]:
    """Without "3 days later" after another such time: it may be counted from that one."""
    seen = False
    for one in settled:
        if one.kind == "day" and seen and not one.named:
            continue
        seen = seen or one.kind == "day"
        yield one


def _settled(said: TimeSaid, reading: Reading) -> TimeSaid | None:
    if said.kind != "ago":
        return said
    owner = _nearest(said, reading)
    if owner == "treatment":
        return replace(said, kind="treated")
    if said.bare and (owner is None or not said.days):
        return None
    return replace(said, kind="duration")


def _nearest(said: TimeSaid, reading: Reading) -> str | None:
    """Whether a treatment or something that began is nearer to a time, in its sentence; None for neither.

    A word such as "yesterday" belongs to its own clause, "today" only to the words beside it.
    """
    reach = _WINDOW if not said.bare or said.days else _NEARBY
    before = range(said.first - 1, said.first - 1 - reach, -1)
    after = range(said.last + 1, said.last + 1 + reach)
    that = said.last + 1 < len(reading.words) and reading.words[said.last + 1] in ("que", "qu")
    found = [
        entry
        for places in ((after,) if that else (before, after))  # "hace 3 días que …" says itself what it is of
        if (entry := _first_owner(reading, places, across=not said.bare)) is not None
    ]
    return min(found)[1] if found else None


def _first_owner(reading: Reading, places: range, *, across: bool) -> tuple[int, str] | None:
    """The first word of either kind in one direction, and how far it is. A comma and a new clause add distance, or end it."""
    backwards = places.step < 0
    cost = 0
    for distance, at in enumerate(places):
        if not 0 <= at < len(reading.words):
            return None
        gap = reading.tokens[at + 1 if backwards else at]
        if gap.stop:
            return None
        cost += _COMMA_COSTS * gap.comma + _CLAUSE_COSTS * reading.is_word("clause", at)
        if cost and not across:
            return None
        if reading.is_word("treatment", at) and not other_treatment_beside(reading, at):
            return distance + cost, "treatment"
        if reading.is_word("onset", at) or reading.is_word("counted", at):
            return distance + cost, "onset"
    return None


def _dated(reading: Reading) -> list[TimeSaid]:
    """The day from two dates, one beside a treatment: 2026-03-02 and 2026-03-10."""
    dates = list(_dates(reading)) if "-" in reading.words else []
    if len(dates) != 2:
        return []
    owners = [_nearest(replace(place, kind="ago"), reading) for _date, place in dates]
    if owners[0] == owners[1] or "treatment" not in owners:
        return []
    treated, now = dates if owners[0] == "treatment" else dates[::-1]
    days = (now[0] - treated[0]).days
    return [replace(treated[1], kind="treated", days=float(days))] if 0 <= days <= LONGEST_DAYS else []


def _dates(reading: Reading) -> Iterator[tuple[datetime.date, TimeSaid]]:
    words = reading.words
    for at in range(len(words) - 4):
        if words[at + 1] == "-" == words[at + 3] and len(words[at]) == 4:
            try:
                date = datetime.date(int(words[at]), int(words[at + 2]), int(words[at + 4]))
            except ValueError:
                continue
            yield date, TimeSaid(kind="date", days=0.0, first=at, last=at + 4)
