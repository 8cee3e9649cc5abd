"""A text cut at its stops, and the terms mentioned in each part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from untoward.coding.phrases import FoundPhrases
from untoward.coding.tokens import Token
from untoward.model.case import Attribute

SLASH = "/"
_STOPS = re.compile(r"(?:[;:!?\n\r=()\[\]|…]|[.,]|(?<=\s)[-–—]+(?=\s)|[–—])+")
_SENTENCE_ENDS = frozenset(".!?;\n\r…")


@dataclass(slots=True)
class Mention:
    """One term as it was mentioned once: the places of its words and what is said of it."""

    term: str
    places: tuple[int, ...]
    alternatives: tuple[str, ...] = ()
    denied: bool = False
    doubtful: bool = False
    opinion: bool = False
    past: bool = False
    conditional: bool = False
    other: bool = False
    denied_at_start: bool = False
    felt: bool = False
    inverse: bool = False
    attributes: dict[str, Attribute] = field(default_factory=dict)

    @property
    def first(self) -> int:
        """The place of its first word."""
        return self.places[0]

    @property
    def last(self) -> int:
        """The place of its last word."""
        return self.places[-1]


@dataclass(slots=True)
class Part:
    """The words between two stops: places from `first` to `end`, excluded.

    `others` are places of words that belong to no mention; `denied_by` is the last word of denial in it.
    """

    first: int
    end: int
    stop_before: str = ""
    mentions: list[Mention] = field(default_factory=list)
    others: list[int] = field(default_factory=list)
    denied_by: str = ""

    @property
    def ends_denied(self) -> bool:
        """Whether it ends in a term that is denied."""
        return bool(self.mentions) and self.mentions[-1].denied and self.mentions[-1].last == self.end - 1

    @property
    def begins_sentence(self) -> bool:
        """Whether a mark that ends a sentence stands before it."""
        return not _SENTENCE_ENDS.isdisjoint(self.stop_before)


@dataclass(slots=True)
class Reading:
    """A text while it is being read: its words, the small words among them, and its parts in order."""

    tokens: Sequence[Token]
    words: Sequence[str]
    small: FoundPhrases
    and_closers: frozenset[str]
    slashes: frozenset[int] = frozenset()
    parts: list[Part] = field(default_factory=list)

    def mentions(self) -> Iterator[Mention]:
        """Every mention, in the order of the parts."""
        for part in self.parts:
            yield from part.mentions

    def is_small(self, place: int, *kinds: str) -> bool:
        """Whether the word here is a small word of one of these kinds."""
        return self.small.has(place, *kinds)

    def only(self, first: int, end: int, *kinds: str) -> bool:
        """Whether every word between two places is, or stands in, a small phrase of these kinds, or is a number."""
        place = first
        while place < end:
            ends = [stop for kind, stop in self.small.at(place).items() if kind in kinds and stop <= end]
            if not ends and not self.words[place][0].isdigit():
                return False
            place = max(ends, default=place + 1)
        return True

    def says(self, first: int, end: int, kind: str) -> bool:
        """Whether a phrase of this kind is all that stands between two places."""
        return first < end and self.small.at(first).get(kind) == end


def stop_between(text: str, before: Token | None, token: Token | None) -> str:
    """The stop marks between two words, without spaces; empty when they belong together."""
    gap = text[before.end if before else 0 : token.start if token else len(text)]
    glued = before is not None and token is not None and len(gap) == 1 and gap not in ";:!?\n\r=()[]|…"
    if glued and gap == "." and before is not None and token is not None and _abbreviates(before, token):
        return ""
    return "".join(_STOPS.findall(gap))


def _abbreviates(before: Token, token: Token) -> bool:
    """Whether a dot between two words is that of a shortened word ("a.m")."""
    return before.end - before.start == 1 and token.end - token.start == 1


def cut(text: str, tokens: Sequence[Token], small: FoundPhrases, inside: frozenset[int]) -> list[Part]:
    """The parts of a text; a word such as "but" ends a part and belongs to none, unless it is `inside` a name.

    The last part may be empty.
    """
    parts = [Part(0, 0, stop_between(text, None, tokens[0] if tokens else None))]
    place = 0
    while place < len(tokens):
        stop = stop_between(text, tokens[place - 1], tokens[place]) if place else ""
        if stop:
            parts.append(Part(place, place, stop))
        breaks = small.at(place).get("breakers")
        if breaks is not None and place not in inside:
            before = "".join(part.stop_before for part in parts[-1:] if part.first == place)
            parts.append(Part(breaks, breaks, before + "but"))
            place = breaks
            continue
        place += 1
        parts[-1].end = place
    tail = stop_between(text, tokens[-1], None) if tokens else ""
    parts.append(Part(len(tokens), len(tokens), tail))
    return parts


def slashes_in(text: str, tokens: Sequence[Token]) -> frozenset[int]:
    """Places of the words before which a slash stands ("redness/pus")."""
    return frozenset(
        place for place in range(1, len(tokens)) if SLASH in text[tokens[place - 1].end : tokens[place].start]
    )


def sentences(parts: Iterable[Part]) -> Iterator[list[Part]]:
    """The parts of each sentence; a "but" does not end one."""
    gathered: list[Part] = []
    for part in parts:
        if gathered and part.begins_sentence:
            yield gathered
            gathered = []
        gathered.append(part)
    if gathered:
        yield gathered
