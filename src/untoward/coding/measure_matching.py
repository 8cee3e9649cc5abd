"""Find what the patterns say in a text: one pass, a look-up by each word, no search through all phrases.

A pattern never reaches across a comma, a bracket or the end of a sentence. Where several patterns begin at one word
the longest that makes sense is taken, and reading goes on after it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from untoward.coding.cue import Cue
from untoward.coding.measure_data import Meaning, MeasureWords, Node
from untoward.coding.numbers import barred, numbers_of
from untoward.coding.tokens import Token

_MOST_LINKS = 5
_MOST_APPROXIMATIONS = 2


@dataclass(frozen=True, slots=True)
class Held:
    """What filled a slot of a pattern: the slot, its value, and the places it took, the last included."""

    slot: str
    value: Any
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: days, and whether it is in years (which may be an age)."""

    days: float
    years: bool


@dataclass(frozen=True, slots=True)
class Match:
    """A pattern found: what kind of thing it says, with the value its record gives, and what its slots hold."""

    kind: str
    value: Any
    languages: frozenset[str]
    first: int
    last: int
    held: tuple[Held, ...]

    def all(self, slot: str) -> tuple[Held, ...]:
        """What the slots of this name hold, in order."""
        return tuple(one for one in self.held if one.slot == slot)

    def one(self, slot: str) -> Any:  # noqa: ANN401 - its type depends on the slot
        """The value of the first slot of this name, or None."""
        return next((one.value for one in self.held if one.slot == slot), None)


class Reading:
    """One text while it is read: its words, its numbers, and what may stand in a slot at a place."""

    __slots__ = ("_said", "data", "numbers", "tokens", "words")

    def __init__(self, tokens: Sequence[Token], data: MeasureWords) -> None:
        self.tokens = tokens
        self.data = data
        self.words = [token.word for token in tokens]
        self.numbers = numbers_of(tokens, self.words, data)
        self._said: dict[str, bool] = {}

    def is_word(self, name: str, at: int) -> bool:
        """Whether one of the words called `name` stands at a place."""
        if not 0 <= at < len(self.words) or self.words[at] not in self.data.words[name].by_first:
            return False
        return any(True for _end, _meaning in self.data.words[name].find(self.words, at))

    def says(self, name: str) -> bool:
        """Whether one of the words called `name` stands anywhere in the text."""
        if name not in self._said:
            self._said[name] = any(self.is_word(name, at) for at in range(len(self.words)))
        return self._said[name]

    def joined(self, at: int) -> bool:
        """Whether the word at a place follows the one before with nothing between them."""
        return 0 < at < len(self.tokens) and not barred(self.tokens[at])

    def matches(self, at: int) -> list[Match]:
        """Every pattern that begins at a place, longest first; of two equally long "nothing" comes first."""
        found = list(self._openings(at))
        if len(found) > 1:
            found.sort(key=lambda match: (-match.last, match.kind != "nothing", -len(match.held)))
        return found

    def opens(self, at: int) -> bool:
        """Whether a pattern may begin at a place."""
        word = self.words[at]
        return word in self.data.openings or at in self.numbers or "/" in word

    def _openings(self, at: int) -> Iterator[Match]:
        """As `_walk` from the root, but only through the slots that this word may open."""
        root, word = self.data.root, self.words[at]
        child = root.words.get(word)
        if child is not None:
            yield from self._walk(child, at, at + 1, ())
        slots = self.data.openings.get(word, ())
        numeric = ("n", "span") if at in self.numbers else ("ratio",) if "/" in word else ()
        for slot in dict.fromkeys((*slots, *numeric)) if numeric else slots:
            for start, end, value in self._filling(slot, at):
                yield from self._walk(root.slots[slot], at, end, (Held(slot, value, start, end - 1),))

    def _walk(self, node: Node, first: int, at: int, held: tuple[Held, ...]) -> Iterator[Match]:
        for kind, value, languages in node.ends:
            yield Match(kind, value, languages, first, at - 1, held)
        if at >= len(self.words) or (at > first and self._apart(at, held)):
            return
        child = node.words.get(self.words[at])
        if child is not None:
            yield from self._walk(child, first, at + 1, held)
        for slot, child in node.slots.items():
            for start, end, value in self._filling(slot, at):
                yield from self._walk(child, first, end, (*held, Held(slot, value, start, end - 1)))

    def _apart(self, at: int, held: tuple[Held, ...]) -> bool:
        """Whether a pattern may not go on here; only "four hard, painful lumps" reaches across a comma."""
        token = self.tokens[at]
        return barred(token) and (bool(token.stop) or not held or held[-1].slot != "fill")

    def _filling(self, slot: str, at: int) -> Iterator[tuple[int, int, Any]]:
        if slot == "n":
            start = self._after_about(at)
            number = self.numbers.get(start)
            if number is not None:
                yield start, number.last + 1, number
        elif slot == "span":
            yield from self._spans(at)
        elif slot == "link":
            yield from self._links(at)
        elif slot == "ratio":
            ratio = ratio_of(self.words[at])
            if ratio is not None:
                yield at, at + 1, ratio
        else:
            yield from self._vocabulary(slot, at)

    def _vocabulary(self, slot: str, at: int) -> Iterator[tuple[int, int, Any]]:
        if self.words[at] not in self.data.words[slot].by_first:
            return
        for end, meaning in self.data.words[slot].find(self.words, at):
            if end == at + 1 or not any(barred(token) for token in self.tokens[at + 1 : end]):
                yield at, end, meaning

    def _links(self, at: int) -> Iterator[tuple[int, int, Any]]:
        for end in range(at + 1, min(at + _MOST_LINKS, len(self.words)) + 1):
            if (end - 1 in self.numbers and self.numbers[end - 1].figures) or not self.is_word(
                "link", end - 1
            ):
                return
            if end - 1 > at and barred(self.tokens[end - 1]):
                return
            yield at, end, None

    def _after_about(self, at: int) -> int:
        for _ in range(_MOST_APPROXIMATIONS):
            number = self.numbers.get(at)
            if at >= len(self.words) or (number is not None and not number.at_least):
                return at
            entry = next(self._vocabulary("about", at), None)
            if entry is None or entry[1] >= len(self.words) or barred(self.tokens[entry[1]]):
                return at
            if number is not None and entry[1] not in self.numbers:
                return at
            at = entry[1]
        return at

    def _spans(self, at: int) -> Iterator[tuple[int, int, Any]]:
        start = self._after_about(at)
        number = self.numbers.get(start)
        if number is None:
            entry = self._period(start)
            half = None if entry is None else self._half(entry[0])
            if entry is not None and half is not None:
                yield start, half, Span(days_of(1.5 * entry[1].value), entry[1].value == 365)
            return
        entry = self._period(number.last + 1) if self.joined(number.last + 1) and not number.glued else None
        if entry is not None and entry[1].agrees(number.languages):
            half = self._half(entry[0])
            value = number.high + (0.0 if half is None else 0.5)
            yield start, half or entry[0], Span(days_of(value * entry[1].value), entry[1].value == 365)

    def _period(self, at: int) -> tuple[int, Meaning] | None:
        """A unit of time: the place after it, and what it means. "10h30" and the French "j'ai" have none."""
        if at >= len(self.words):
            return None
        entry = next(self._vocabulary("period", at), None)
        if entry is None:
            return None
        token = self.tokens[at]
        clock = entry[1] in self.numbers and self.numbers[entry[1]].glued
        elided = token.end - token.start > len(token.word)
        return None if clock or elided else (entry[1], entry[2])

    def _half(self, at: int) -> int | None:
        if not self.joined(at):
            return None
        return next((end for _at, end, _meaning in self._vocabulary("number_half", at)), None)


def ratio_of(word: str) -> tuple[float, float] | None:
    """The two numbers of "80/50" or "8,5/5", or None."""
    upper, slash, lower = word.replace(",", ".").partition("/")
    if not slash or len(word) > 11:
        return None
    try:
        return float(upper), float(lower)
    except ValueError:
        return None


def days_of(days: float) -> float:
    """Days to two places; what lasts at all is never nothing."""
    rounded = round(days, 2)
    return rounded if rounded or not days else 0.01


Handler = Callable[[Match, Reading], "tuple[Cue, ...] | None"]
"""What a match gives: cues, none at all, or None when it makes no sense and the next match is to be tried."""
