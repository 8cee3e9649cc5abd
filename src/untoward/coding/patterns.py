"""Names that stand apart: "my lips have turned blue", "se me hinchó la cara"."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from untoward.coding.lexicon import Lexicon, Pattern
from untoward.coding.phrases import Words

MOST_WORDS_BETWEEN_COMMAS = 3
"""Over a comma the words of a name may stand this far apart at most, the place first ("my lips, they are blue")."""

LONGEST_PHRASE = 6
FARTHEST = 12
"""More words than any pattern reaches over, its phrases included."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Apart:
    """A term named by two groups of words: where each begins and ends (end excluded)."""

    pattern: Pattern
    spans: tuple[Span, ...]

    @property
    def places(self) -> frozenset[int]:
        """The places of all its words."""
        return frozenset(place for start, end in self.spans for place in range(start, end))


class Patterns:
    """All patterns over the concepts of some languages."""

    def __init__(self, lexicon: Lexicon, languages: Sequence[str], terms: frozenset[str]) -> None:
        self._patterns = tuple(pattern for pattern in lexicon.patterns if pattern.term in terms)
        self._body = lexicon.places
        self._joiners = frozenset(_joiners(lexicon, languages))
        self._by_first: dict[str, list[tuple[Words, str]]] = {}
        self._by_start: dict[str, list[tuple[Words, str]]] = {}
        for concept, entries in _entries(lexicon, languages):
            self._add(entries, concept)
        self._starting_with = lru_cache(maxsize=65536)(self._phrases_from)

    def _add(self, words: Words, concept: str) -> None:
        first = words[0]
        if first.endswith("*"):
            self._by_start.setdefault(first[:3], []).append((words, concept))
        else:
            self._by_first.setdefault(first, []).append((words, concept))

    def _phrases_from(self, word: str) -> tuple[tuple[Words, str], ...]:
        by_start = self._by_start.get(word[:3], ())
        return (
            *self._by_first.get(word, ()),
            *((words, concept) for words, concept in by_start if word.startswith(words[0][:-1])),
        )

    def found_in(
        self, words: Sequence[str], first: int, end: int, commas: frozenset[int], barred: frozenset[int]
    ) -> tuple[Apart, ...]:
        """Every name that stands apart between two places; `barred` places are no part of any."""
        concepts = self._concepts(words, first, end, barred)
        if len(concepts) < 2:
            return ()
        return tuple(self._matches(words, concepts, commas))

    def _concepts(
        self, words: Sequence[str], first: int, end: int, barred: frozenset[int]
    ) -> dict[str, list[Span]]:
        found: dict[str, list[Span]] = {}
        for place in range(first, end):
            for phrase, concept in self._starting_with(words[place]):
                stop = place + len(phrase)
                if stop <= end and barred.isdisjoint(range(place, stop)) and _says(words, place, phrase):
                    spans = found.setdefault(concept, [])
                    if not spans or spans[-1][0] != place:
                        spans.append((place, stop))
                    elif stop > spans[-1][1]:
                        spans[-1] = (place, stop)
        return found

    def _matches(
        self, words: Sequence[str], concepts: dict[str, list[Span]], commas: frozenset[int]
    ) -> Iterator[Apart]:
        parts = sorted(span for name in self._body for span in concepts.get(name, ()))
        for pattern in self._patterns:
            where, what = pattern.concepts
            if where not in concepts or what not in concepts:
                continue
            if any(name in concepts for name in pattern.not_with):
                continue
            for finding in concepts[what]:
                for place in _around(finding, concepts[where], pattern.within):
                    if self._fit(words, pattern, place, finding, commas) and (
                        where not in self._body or self._belongs(words, finding, place, parts)
                    ):
                        yield Apart(pattern, tuple(sorted((place, finding))))

    def _fit(
        self, words: Sequence[str], pattern: Pattern, place: Span, finding: Span, commas: frozenset[int]
    ) -> bool:
        early, late = sorted((place, finding))
        between = late[0] - early[1]
        if between < 0 or between > pattern.within:
            return False
        crossed = any(at in commas for at in range(early[1], late[0] + 1))
        return not crossed or (early == place and between <= MOST_WORDS_BETWEEN_COMMAS)

    def _belongs(self, words: Sequence[str], finding: Span, place: Span, parts: Sequence[Span]) -> bool:
        """Whether the finding is said of this part of the body: the nearest, or one joined to the nearest."""
        away = _distance(finding, place)
        for other in _around(finding, parts, FARTHEST):
            if _distance(finding, other) < away and not self._joined(words, other, place):
                return False
        return True

    def _joined(self, words: Sequence[str], one: Span, other: Span) -> bool:
        early, late = sorted((one, other))
        return early == late or all(word in self._joiners for word in words[early[1] : late[0]])


def _around(finding: Span, places: Sequence[Span], within: int) -> Sequence[Span]:
    """The spans that begin near enough to a finding to be worth a look."""
    first = bisect_left(places, (finding[0] - within - LONGEST_PHRASE, 0))
    return places[first : bisect_left(places, (finding[1] + within + 1, 0))]


def _distance(one: Span, other: Span) -> float:
    """Words between two spans; of two as far away the one before is nearer ("my lips are blue and legs")."""
    early, late = sorted((one, other))
    return max(0, late[0] - early[1]) + (0.5 if other > one else 0)


def _says(words: Sequence[str], place: int, phrase: Words) -> bool:
    return len(phrase) == 1 or all(
        words[place + offset].startswith(word[:-1]) if word.endswith("*") else words[place + offset] == word
        for offset, word in enumerate(phrase)
    )


def _entries(lexicon: Lexicon, languages: Sequence[str]) -> Iterator[tuple[str, Words]]:
    for concept, by_language in lexicon.concepts.items():
        for code in languages:
            for words in by_language.get(code, ()):
                yield concept, words


def _joiners(lexicon: Lexicon, languages: Sequence[str]) -> Iterable[str]:
    for code in languages:
        kinds = lexicon.languages[code].kinds
        for kind in ("and", "list_closers", "in_a_list", "own"):
            yield from (phrase[0] for phrase in kinds[kind] if len(phrase) == 1)
        yield from (phrase[0] for phrase in kinds["function_words"] if len(phrase[0]) <= 3)
