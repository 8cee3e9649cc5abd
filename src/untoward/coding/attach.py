"""Numbers, sizes, times and degrees given to the terms of which they are said."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence

from untoward.coding.cue import Cue
from untoward.coding.parts import Mention, Part, Reading, sentences
from untoward.coding.trends import GROWING_GROUPS, RECOVERING
from untoward.model.case import Attribute

SENSED = frozenset(
    "pain tenderness itch warmth numbness paraesthesia burning skin-tightness skin-anaesthesia "
    "pain-out-of-proportion any-reaction".split()
)
"""Local terms that have no size and cannot be counted."""

DIFFUSE = frozenset({"redness", "warmth", "discolouration", "flushing", "spreading-redness"})
"""Local terms that are measured only when nothing with an edge stands beside them."""

SHORTEST_COMPARISON = 3
"""Words of a size that compares; "3 cm" has two."""

MOST_BEFORE = 40
"""Mentions, or parts of a sentence, that are looked at to find what a number is said of."""

_OF_LESIONS = frozenset({"size_cm", "count", "colour", "painful"})
_TRENDS = frozenset({"worse", "better", "same", "spreading"})
_SAFER_FALSE = frozenset({"better", "recovered"})


def drop_comparisons(parts: Sequence[Part], cues: Iterable[Cue]) -> None:
    """Take away what is no term but a measure ("the size of a golf ball")."""
    compared = {
        place
        for cue in cues
        if cue.name == "size_cm" and cue.last - cue.first >= SHORTEST_COMPARISON - 1
        for place in range(cue.first + 1, cue.last + 1)
    }
    if compared:
        for part in parts:
            part.mentions = [m for m in part.mentions if not compared.issuperset(m.places)]


class Attaching:
    """Gives each cue of a text to the terms it is said of."""

    def __init__(self, reading: Reading, groups: Mapping[str, str]) -> None:
        self._reading = reading
        self._groups = groups
        self._owned = {place for mention in reading.mentions() for place in mention.places}
        self._firsts = [part.first for part in reading.parts]
        self._sentences = list(sentences(reading.parts))
        self._sentence_firsts = [sentence[0].first for sentence in self._sentences]
        self._mentions = sorted(reading.mentions(), key=lambda mention: mention.last)
        self._lasts = [mention.last for mention in self._mentions]

    def attach(self, cues: Iterable[Cue], taken: frozenset[int], vitals: frozenset[str]) -> float | None:
        """Attach all cues; the day since the treatment when one of them says it. `taken` places are read already."""
        day: float | None = None
        for cue in cues:
            if cue.name == "day":
                day = _number(cue.value) if day is None else day
            elif cue.name in vitals:
                self._add_vital(cue)
            elif cue.name == "recovered":
                self._recover(cue)
            elif cue.name in _TRENDS and not taken.isdisjoint(range(cue.first, cue.last + 1)):
                continue
            elif not self._is_part_of_a_name(cue):
                for mention in self._meant(cue):
                    _put(mention, cue.name, cue.value)
        return day

    def _is_part_of_a_name(self, cue: Cue) -> bool:
        """Whether the words of a cue are the name of a term ("double vision"), and no more than that."""
        only_name = self._owned.issuperset(range(cue.first, cue.last + 1))
        return only_name and (cue.name in _OF_LESIONS or cue.value == "mild")

    def _recover(self, cue: Cue) -> None:
        """What happens once, and was told before, is over; the lexicon's own phrases for it have been read already."""
        for mention in (m for m in self._before(cue.first) if m.term in RECOVERING):
            mention.attributes.setdefault("recovered", cue.value)

    def _add_vital(self, cue: Cue) -> None:
        part = self._part_of(cue.first)
        places = tuple(range(cue.first, cue.last + 1))
        part.mentions.append(Mention(cue.name, places, attributes={"value": cue.value}))

    def _part_of(self, place: int) -> Part:
        return self._reading.parts[max(0, bisect_right(self._firsts, place) - 1)]

    def _before(self, place: int) -> Sequence[Mention]:
        """The mentions that end before a place, the last ones only: what was said long before is no more meant."""
        end = bisect_right(self._lasts, place - 1)
        return self._mentions[max(0, end - MOST_BEFORE) : end]

    def _meant(self, cue: Cue) -> Sequence[Mention]:
        fits = self._is_lesion if cue.name in _OF_LESIONS else _is_stated
        here = [m for m in self._near(cue) if fits(m)]
        if cue.name in _TRENDS:
            return here or self._local_before(cue.first)
        if cue.name in ("size_cm", "count"):
            here = list(_by_shape(here))
        return _nearest(here, cue) or self._nearest_around(cue, fits)

    def _near(self, cue: Cue) -> Sequence[Mention]:
        """The mentions of the cue's part; of a part without end only those around it."""
        here = self._part_of(cue.first).mentions
        if len(here) <= MOST_BEFORE:
            return here
        at = bisect_right(here, cue.first, key=lambda mention: mention.last)
        return here[max(0, at - MOST_BEFORE // 2) : at + MOST_BEFORE // 2]

    def _nearest_around(self, cue: Cue, fits: Callable[[Mention], bool]) -> Sequence[Mention]:
        """The nearest that fits in the sentence, or, of a lesion, the last one before."""
        sentence = self._sentences[max(0, bisect_right(self._sentence_firsts, cue.first) - 1)]
        found = _nearest([m for part in sentence[:MOST_BEFORE] for m in part.mentions if fits(m)], cue)
        if found or cue.name not in _OF_LESIONS:
            return found
        return [m for m in self._before(cue.first) if fits(m)][-1:]

    def _local_before(self, place: int) -> Sequence[Mention]:
        before = self._before(place) or self._mentions[:MOST_BEFORE]
        return [m for m in before if _is_stated(m) and self._groups[m.term] in GROWING_GROUPS]

    def _is_lesion(self, mention: Mention) -> bool:
        local = self._groups[mention.term] in GROWING_GROUPS and mention.term not in SENSED
        return local and not mention.denied


def _is_stated(mention: Mention) -> bool:
    return not mention.denied and "value" not in mention.attributes


def _nearest(mentions: Sequence[Mention], cue: Cue) -> Sequence[Mention]:
    """The nearest; of two as near the one behind, because a number stands before what it counts."""

    def away(mention: Mention) -> tuple[int, int]:
        if mention.first > cue.last:
            return mention.first - cue.last, 0
        return max(0, cue.first - mention.last), 1

    return [min(mentions, key=away)] if mentions else []


def _put(mention: Mention, name: str, value: Attribute) -> None:
    known = mention.attributes.get(name)
    if known is None:
        mention.attributes[name] = value
    elif isinstance(known, bool) and isinstance(value, bool):
        mention.attributes[name] = (known and value) if name in _SAFER_FALSE else (known or value)
    elif isinstance(known, int | float) and isinstance(value, int | float):
        mention.attributes[name] = max(known, value)


def _by_shape(mentions: Sequence[Mention]) -> Sequence[Mention]:
    """Of several things with a size or a number those with an edge, if there are any."""
    return [m for m in mentions if m.term not in DIFFUSE] or mentions


def _number(value: Attribute) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
