"""Small words and phrases, found at their places in a text."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence

Words = tuple[str, ...]


class Phrases:
    """Phrases of several kinds, looked up by their first word."""

    def __init__(self, by_kind: Mapping[str, Iterable[Words]]) -> None:
        self._by_first: dict[str, list[tuple[Words, str]]] = {}
        for kind, phrases in by_kind.items():
            for phrase in phrases:
                self._by_first.setdefault(phrase[0], []).append((phrase, kind))

    def found_in(self, words: Sequence[str]) -> FoundPhrases:
        """Where each of the phrases stands among these words."""
        found = FoundPhrases(len(words))
        for place, word in enumerate(words):
            for phrase, kind in self._by_first.get(word, ()):
                if len(phrase) == 1 or tuple(words[place : place + len(phrase)]) == phrase:
                    found.add(kind, place, place + len(phrase))
        return found


class FoundPhrases:
    """Phrases of a text by kind and by place; ends are excluded."""

    __slots__ = ("_at", "_by_kind", "_shorter")

    def __init__(self, length: int) -> None:
        self._at: list[dict[str, int]] = [{} for _place in range(length)]
        self._by_kind: dict[str, list[tuple[int, int]]] = {}
        self._shorter: dict[tuple[int, str], list[int]] = {}

    def add(self, kind: str, start: int, end: int) -> None:
        """Note a phrase, in the order of the text; of two of one kind at one place the longer stands first."""
        known = self._at[start].get(kind)
        if known is not None and known != end:
            self._shorter.setdefault((start, kind), []).append(min(known, end))
        self._at[start][kind] = max(end, known or 0)
        self._by_kind.setdefault(kind, []).append((start, end))

    def at(self, place: int) -> Mapping[str, int]:
        """The kinds of phrase that begin here, each with the end of the longest."""
        return self._at[place]

    def ends_at(self, place: int, kind: str) -> list[int]:
        """The ends of all phrases of a kind that begin here, the longest first."""
        longest = self._at[place].get(kind)
        if longest is None:
            return []
        return [longest, *sorted(self._shorter.get((place, kind), ()), reverse=True)]

    def of(self, kind: str, first: int, end: int) -> Iterator[tuple[int, int]]:
        """Every phrase of a kind that lies wholly between two places, in order."""
        spans = self._by_kind.get(kind, [])
        for place in range(bisect_left(spans, (first, 0)), len(spans)):
            if spans[place][0] >= end:
                return
            if spans[place][1] <= end:
                yield spans[place]

    def any_of(self, kind: str, first: int, end: int) -> bool:
        """Whether there is one."""
        return any(True for _span in self.of(kind, first, end))

    def has(self, place: int, *kinds: str) -> bool:
        """Whether the single word here is of one of these kinds."""
        here = self._at[place]
        return any(here.get(kind) is not None for kind in kinds)
