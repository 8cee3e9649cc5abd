"""Which way it goes: spreading, worse, better, the same, recovered, read from phrases of the lexicon."""

from __future__ import annotations

from collections.abc import Mapping

from untoward.coding.parts import Mention, Part, Reading

GROWING_GROUPS = frozenset({"local", "infection", "skin-lasting", "vascular", "allergy"})
RECOVERING = frozenset({"faint", "seizure", "collapse"})
DENIAL_REACH = 3
"""Words over which "not" reaches "getting bigger"."""

_TRENDS = ("worse", "better", "same")


def mark_trends(reading: Reading, groups: Mapping[str, str]) -> frozenset[int]:
    """Give each trend to the terms it is said of; the places of its words, which need no other reading.

    A phrase speaks of the terms of its own part, or, when there are none, of all local terms before it, or else
    of all of the text.
    """
    taken: set[int] = set()
    alone: dict[tuple[str, bool], int] = {}
    for number, part in enumerate(reading.parts):
        owned = {place for mention in part.mentions for place in mention.places}
        said: set[tuple[str, bool]] = set()
        for kind in ("growing", "steady", *_TRENDS):
            for start, end in reading.small.of(kind, part.first, part.end):
                if owned.isdisjoint(range(start, end)):
                    taken.update(range(start, end))
                    said.add((kind, _is_denied(reading, part, start)))
        here = _meant_in(part, groups)
        for kind, denied in sorted(said):
            if not here:
                alone[kind, denied] = number
            for mention in here:
                _give(mention, kind, denied)
    _give_alone(reading, alone, groups)
    _mark_recovered(reading)
    return frozenset(taken)


def _meant_in(part: Part, groups: Mapping[str, str]) -> list[Mention]:
    stated = [mention for mention in part.mentions if not mention.denied]
    return [mention for mention in stated if groups[mention.term] in GROWING_GROUPS] or stated


def _give_alone(reading: Reading, alone: Mapping[tuple[str, bool], int], groups: Mapping[str, str]) -> None:
    """Give the trends of parts without a term to the local terms before the last of them, or to those of all the text."""
    for (kind, denied), number in sorted(alone.items()):
        before = [mention for part in reading.parts[:number] for mention in part.mentions]
        for mention in before or list(reading.mentions()):
            if groups[mention.term] in GROWING_GROUPS and not mention.denied:
                _give(mention, kind, denied)


def is_trend(reading: Reading, part: Part) -> bool:
    """Whether a part says something about the course, and so is not unread."""
    kinds = ("growing", "steady", "recovered", "over", "returned", *_TRENDS)
    return any(reading.small.any_of(kind, part.first, part.end) for kind in kinds)


def _give(mention: Mention, kind: str, denied: bool) -> None:
    attributes = mention.attributes
    if kind == "growing":
        attributes["spreading"] = not denied or attributes.get("spreading") is True
    elif kind == "steady":
        if not denied:
            attributes.setdefault("spreading", False)
    elif not denied:
        attributes[kind] = True
    elif kind == "better":
        attributes["same"] = True


def _is_denied(reading: Reading, part: Part, start: int) -> bool:
    for place in range(start - 1, max(part.first, start - DENIAL_REACH) - 1, -1):
        if reading.is_small(place, "denials", "also_deny"):
            return True
        if not reading.is_small(place, "between"):
            return False
    return False


def _mark_recovered(reading: Reading) -> None:
    """A faint is over when something from its part on says so; only denied, it is not."""
    over: bool | None = None
    for part in reversed(reading.parts):
        for start, _end in reading.small.of("recovered", part.first, part.end):
            over = bool(over) or not _is_denied(reading, part, start)
        for mention in part.mentions:
            if over is not None and mention.term in RECOVERING and not mention.denied:
                mention.attributes["recovered"] = over
