"""Of whom and of when a term is said: the patient or another, now or before, or only if it comes to that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from untoward.coding.lists import members
from untoward.coding.parts import Mention, Part, Reading, sentences

EVENTS = frozenset({"faint", "seizure", "collapse", "anaphylaxis", "stroke", "life-threatening", "death"})
"""Things that happen once: that they are over does not take them back."""

OTHERS_AFFECTED = "others-affected"
_SHARED = frozenset({"local", "infection", "skin-lasting", "vascular", "allergy"})
_REPORTED_WITHIN = 2
_BRIDGE = ("between", "and", "now", "in_a_list", "list_closers", "own")
_AFTER = (*_BRIDGE, "says_nothing", "same_too")


def mark_conditional(reading: Reading) -> None:
    """Mark what is only spoken of as something that may come ("call if you get fever or chills")."""
    for place, part in enumerate(reading.parts):
        starts = [start for start, _end in reading.small.of("conditional", part.first, part.end)]
        starts = [start for start in starts if not _cancelled(reading, part, start)]
        named = {at for mention in part.mentions if len(mention.places) > 1 for at in mention.places}
        starts = [start for start in starts if start not in named]
        if not starts:
            continue
        now = [start for start, _end in reading.small.of("now", min(starts), part.end)]
        marked = [m for m in part.mentions if m.last > min(starts) and not any(n < m.first for n in now)]
        for mention in marked:
            mention.conditional, mention.doubtful = True, False
        if marked and marked[-1].last == part.end - 1:
            for member in members(reading, place + 1, ""):
                for mention in member.mentions:
                    mention.conditional = True


def _cancelled(reading: Reading, part: Part, start: int) -> bool:
    """Whether it is no condition: after a doubt ("not sure if I have"), or one of touch ("if I press")."""
    doubted = any(end <= start for _start, end in reading.small.of("doubts", part.first, start))
    return doubted or "touching" in reading.small.at(start)


def mark_others(reading: Reading, groups: Mapping[str, str]) -> list[Mention]:
    """Mark what is said of another person, and tell of others with the same trouble after the same treatment."""
    told: list[Mention] = []
    for sentence in sentences(reading.parts):
        first, end = sentence[0].first, sentence[-1].end
        named = list(_others_in(reading, first, end))
        turns = _turns(reading, sentence) if named else []
        for start, stop in named:
            until = next((turn for turn in turns if turn >= stop), end)
            theirs = [
                m for part in sentence for m in part.mentions if stop <= m.first < until and not m.other
            ]
            for mention in theirs:
                mention.other = True
            if not told and _same_trouble(reading, theirs, first, end, groups):
                told.append(Mention(OTHERS_AFFECTED, tuple(range(start, stop))))
        for part in sentence:
            if reading.small.any_of("family", part.first, part.end):
                for mention in part.mentions:
                    mention.other = True
    already = any(mention.term == OTHERS_AFFECTED for mention in reading.mentions())
    return [] if already else told


def _others_in(reading: Reading, first: int, end: int) -> Iterator[tuple[int, int]]:
    """Where another person is named who does more than say or see something."""
    for start, stop in reading.small.of("others", first, end):
        near = range(stop, min(stop + _REPORTED_WITHIN, end))
        if not any(reading.is_small(place, "reports") for place in near):
            yield start, stop


def _turns(reading: Reading, sentence: Sequence[Part]) -> list[int]:
    """Where the sentence turns back to the patient."""
    first, end = sentence[0].first, sentence[-1].end
    named = {place for span in reading.small.of("others", first, end) for place in range(*span)}
    turns = [start for start, _end in reading.small.of("own", first, end) if start not in named]
    turns += [part.first for part in sentence if part.stop_before.endswith("but")]
    return sorted(turns)


def _same_trouble(
    reading: Reading, theirs: Sequence[Mention], first: int, end: int, groups: Mapping[str, str]
) -> bool:
    if any(mention.denied or mention.conditional for mention in theirs):
        return False
    own = {m.term for m in reading.mentions() if not m.other and not m.denied}
    if any(mention.term in own for mention in theirs):
        return True
    if not reading.small.any_of("same_too", first, end):
        return False
    return not theirs or any(groups[mention.term] in _SHARED for mention in theirs)


def mark_past(reading: Reading) -> None:
    """Mark what is over, was there before the treatment, or is denied by now."""
    for place, part in enumerate(reading.parts):
        for mention in _over(reading, place, part):
            if mention.term in EVENTS:
                mention.attributes.setdefault("recovered", True)
            elif not mention.denied:
                mention.past = True
        for mention in _before_treatment(reading, place, part):
            mention.past = True
    _now_denied(reading)


def _over(reading: Reading, place: int, part: Part) -> Iterator[Mention]:
    """Mentions that a part says are gone, when nothing later says that they came back."""
    for start, end in reading.small.of("over", part.first, part.end):
        if _denied_before(reading, part, start) or not reading.only(end, part.end, *_AFTER):
            continue
        if reading.small.any_of("returned", end, len(reading.words)):
            continue
        here = [mention for mention in part.mentions if mention.last < start]
        if here:
            yield from _reached(reading, here, start)
        elif reading.only(part.first, start, *_BRIDGE) and place > 0:
            yield from _before(reading, place)


def _reached(reading: Reading, here: Sequence[Mention], start: int) -> Iterator[Mention]:
    """The mentions from which only harmless words lead to the phrase."""
    for mention in sorted(here, key=lambda item: -item.last):
        if not reading.only(mention.last + 1, start, *_BRIDGE):
            return
        yield mention
        start = mention.first


def _before(reading: Reading, place: int) -> Iterator[Mention]:
    """The mentions of the part before, and of the list that it ends."""
    earlier = reading.parts[place - 1]
    yield from earlier.mentions
    while place > 1 and earlier.stop_before == ",":
        place -= 1
        earlier = reading.parts[place - 1]
        if not earlier.mentions or not all(
            reading.is_small(at, "past_time", "in_a_list", "own", "between") for at in earlier.others
        ):
            return
        yield from earlier.mentions


def _denied_before(reading: Reading, part: Part, start: int) -> bool:
    """Whether a denial stands close before a phrase ("has not gone")."""
    return any(
        reading.is_small(place, "denials", "also_deny") for place in range(max(part.first, start - 3), start)
    )


def _before_treatment(reading: Reading, place: int, part: Part) -> Iterator[Mention]:
    for start, end in reading.small.of("before_treatment", part.first, part.end):
        until = min((now for now, _end in reading.small.of("now", end, part.end)), default=part.end)
        had = reading.small.any_of("past_time", end, part.end)
        for mention in part.mentions:
            if mention.denied or mention.doubtful:
                continue
            if mention.last < start or (had and mention.last < until):
                yield mention
        follows = reading.parts[place + 1 : place + 2]
        if (start, end) == (part.first, part.end) and follows and follows[0].stop_before == ",":
            yield from _had(reading, follows[0])


def _had(reading: Reading, part: Part) -> Iterator[Mention]:
    until = min((now for now, _end in reading.small.of("now", part.first, part.end)), default=part.end)
    if reading.small.any_of("past_time", part.first, until):
        yield from (m for m in part.mentions if m.last < until and not m.denied)


def _now_denied(reading: Reading) -> None:
    """What an earlier part had and a later one denies of now is past: "yesterday I had fever, no fever now"."""
    denied: dict[str, int] = {}
    for part in reading.parts:
        if reading.small.any_of("now", part.first, part.end):
            denied |= {m.term: part.first for m in part.mentions if m.denied and not m.doubtful}
    for part in reading.parts:
        had = reading.small.any_of("past_time", part.first, part.end)
        if had and not reading.small.any_of("now", part.first, part.end):
            for mention in part.mentions:
                if not mention.denied and denied.get(mention.term, -1) >= part.end:
                    mention.past = True
