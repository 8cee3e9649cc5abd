"""Which terms the words of a text name, before anything is said of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from untoward.coding.parts import Mention, Part
from untoward.coding.patterns import Apart, Patterns
from untoward.coding.phrases import FoundPhrases
from untoward.coding.spelling import Spelling
from untoward.coding.stems import stem
from untoward.coding.vocabulary import Named, Vocabulary

PLAIN = frozenset(
    "pain swelling redness itch warmth numbness paraesthesia discolouration any-reaction".split()
)
"""Complaints that say less than any name with a place ("j'ai mal" beside "mal à la poitrine")."""

_LONGER_GOES_FIRST = ("sees_none", "certain", "same", "over", "steady")
"""Phrases that go before a shorter name which begins with them ("can't see any")."""


@dataclass(frozen=True, slots=True)
class Run:
    """The words of one text with their stems; `ties` are terms that a corrected word may name as well."""

    words: Sequence[str]
    stems: Sequence[str]
    ties: Mapping[int, tuple[str, ...]]
    languages: tuple[str, ...]
    small: FoundPhrases
    capitals: frozenset[int]


class Finder:
    """Finds the terms of one text: names, misspelt names, and names that stand apart."""

    def __init__(self, vocabulary: Vocabulary, spelling: Spelling, flagged: Callable[[str], bool]) -> None:
        self._vocabulary = vocabulary
        self._spelling = spelling
        self._flagged = flagged

    def run(
        self, words: Sequence[str], languages: tuple[str, ...], small: FoundPhrases, capitals: frozenset[int]
    ) -> Run:
        """The words of a text, spelt as they were meant."""
        spelt, ties = self._spelt(words, languages)
        return Run(spelt, [stem(word) for word in spelt], ties, languages, small, capitals)

    def inside_names(self, run: Run, parts: Sequence[Part]) -> frozenset[int]:
        """The places of all words but the first of names of several words."""
        return frozenset(
            place
            for part in parts
            for name in self._names(run, part.first, part.end)
            for place in range(name.first + 1, name.end)
        )

    def find(self, run: Run, parts: Sequence[Part], commas: frozenset[int], patterns: Patterns) -> None:
        """Put every mention into its part, in the order of their last words."""
        barred = frozenset(
            at for start, end in run.small.of("sees_none", 0, len(run.words)) for at in range(start, end)
        )
        named = [self._names(run, part.first, part.end) for part in parts]
        apart = [
            found
            for first, end in _stretches(parts)
            for found in patterns.found_in(run.words, first, end, commas, barred)
        ]
        by_part = _by_part(parts, _unnamed(_nearest_only(apart), [name for names in named for name in names]))
        for part, names, here in zip(parts, named, by_part, strict=True):
            part.mentions = _without_repeats(names, here, run.ties)

    def _spelt(
        self, words: Sequence[str], languages: tuple[str, ...]
    ) -> tuple[list[str], dict[int, tuple[str, ...]]]:
        """The words with misspelt ones corrected, and by place what else a corrected word alone may name."""
        spelt = list(words)
        ties: dict[int, tuple[str, ...]] = {}
        for place, word in enumerate(words):
            candidates = self._spelling.candidates(word, languages)
            if candidates:
                spelt[place], ties[place] = self._chosen(candidates)
        return spelt, ties

    def _chosen(self, candidates: Sequence[str]) -> tuple[str, tuple[str, ...]]:
        """Of several words the cautious one, and the terms of the others."""
        terms = {word: tuple(self._vocabulary.terms_of_word(word)) for word in candidates}

        def rank(word: str) -> tuple[bool, bool]:
            return not any(self._flagged(term) for term in terms[word]), not terms[word]

        best = min(candidates, key=rank)
        others = {term for word in candidates for term in terms[word]} - set(terms[best])
        return best, tuple(sorted(others))

    def _names(self, run: Run, first: int, end: int) -> list[Named]:
        """The names between two places, the longest first; of two as long the one that does not begin with a denial."""
        found: list[Named] = []
        taken: set[int] = set()
        waiting = [self._waiting(name, run) for name in self._longest_at_each(run, first, end)]
        heapify(waiting)
        while waiting:
            name = heappop(waiting)[-1]
            free = next((at for at in range(name.first, name.end) if at in taken), name.end)
            if free == name.end:
                found.append(name)
                taken.update(range(name.first, name.end))
            elif free > name.first:
                shorter = self._name_at(run, name.first, free)
                if shorter is not None:
                    heappush(waiting, self._waiting(shorter, run))
        return sorted(found, key=lambda name: name.first)

    def _waiting(self, name: Named, run: Run) -> tuple[int, bool, int, Named]:
        return name.first - name.end, run.small.has(name.first, "denials"), name.first, name

    def _longest_at_each(self, run: Run, first: int, end: int) -> Iterator[Named]:
        place = first
        while place < end:
            name = self._name_at(run, place, end)
            until = max((run.small.at(place).get(kind, 0) for kind in _LONGER_GOES_FIRST), default=0)
            if name is not None and name.end >= until:
                yield name
            place = until if name is not None and name.end < until <= end else place + 1

    def _name_at(self, run: Run, place: int, end: int) -> Named | None:
        name = self._vocabulary.longest_at(
            run.words, run.stems, place, end, run.languages, place in run.capitals
        )
        return None if name is not None and _runs_into(name, run.small, end) else name


def _runs_into(name: Named, small: FoundPhrases, end: int) -> bool:
    """Whether a phrase that is no sign begins within the name and goes on behind it ("I can't see | any")."""
    inside = small.of("sees_none", name.first, end)
    return any(start < name.end < stop for start, stop in inside)


def _stretches(parts: Sequence[Part]) -> list[tuple[int, int]]:
    """Runs of parts that only commas divide."""
    runs: list[tuple[int, int]] = []
    for part in parts:
        if runs and part.stop_before == "," and runs[-1][1] == part.first:
            runs[-1] = (runs[-1][0], part.end)
        else:
            runs.append((part.first, part.end))
    return runs


def _nearest_only(apart: Sequence[Apart]) -> list[Apart]:
    """Of several ways to read one term out of the same finding, the closest."""
    best: dict[tuple[str, int], Apart] = {}
    for found in apart:
        for key in ((found.pattern.term, found.spans[0][0]), (found.pattern.term, found.spans[1][0])):
            known = best.get(key)
            if known is None or _length(found) < _length(known):
                best[key] = found
    kept = [found for found in apart if _is_best(found, best)]
    return list(dict.fromkeys(kept))


def _is_best(found: Apart, best: dict[tuple[str, int], Apart]) -> bool:
    return all(best[found.pattern.term, span[0]] == found for span in found.spans)


def _length(found: Apart) -> int:
    return found.spans[1][1] - found.spans[0][0]


def _unnamed(apart: Sequence[Apart], names: Sequence[Named]) -> list[Apart]:
    """Those that no name says already: with all their words, as one of their alternatives, or as the same term."""
    whole = {
        place: name for name in names if name.end > name.first + 1 for place in range(name.first, name.end)
    }
    return [found for found in apart if not _is_named(found, whole)]


def _is_named(found: Apart, whole: Mapping[int, Named]) -> bool:
    names = [whole[place] for place in found.places if place in whole]
    same = {found.pattern.term, *found.pattern.alternatives}
    if any(name.term in same for name in names):
        return True
    return any(all(name.first <= place < name.end for place in found.places) for name in names)


def _by_part(parts: Sequence[Part], apart: Sequence[Apart]) -> list[list[Apart]]:
    """The names that stand apart, by the part in which each ends."""
    firsts = [part.first for part in parts]
    divided: list[list[Apart]] = [[] for _part in parts]
    for found in apart:
        last = max(found.places)
        number = bisect_right(firsts, last) - 1
        divided[number].append(found)
    return divided


def _without_repeats(
    names: Sequence[Named], here: Sequence[Apart], ties: Mapping[int, tuple[str, ...]]
) -> list[Mention]:
    """Names that stand apart, and the names that are not a word of one of them."""
    words = {place for found in here if not found.pattern.denies for place in found.places}
    said = {name.term for name in names} | {found.pattern.term for found in here if not found.pattern.denies}
    mentions = [
        _apart_mention(found) for found in here if not found.pattern.denies or found.pattern.term not in said
    ]
    mentions += [_named_mention(name, ties) for name in names if not _is_word_of(name, words)]
    return sorted(mentions, key=lambda mention: (mention.last, mention.first))


def _is_word_of(name: Named, words: set[int]) -> bool:
    """Whether a name is one word of a longer one, or a plain complaint that a longer name places."""
    if name.end == name.first + 1:
        return name.first in words
    return name.term in PLAIN and not words.isdisjoint(range(name.first, name.end))


def _apart_mention(found: Apart) -> Mention:
    pattern = found.pattern
    return Mention(
        pattern.term,
        tuple(sorted(found.places)),
        pattern.alternatives,
        felt=pattern.felt,
        inverse=pattern.denies,
    )


def _named_mention(name: Named, ties: Mapping[int, tuple[str, ...]]) -> Mention:
    alternatives = name.alternatives
    if name.end == name.first + 1:
        alternatives = (*alternatives, *(term for term in ties.get(name.first, ()) if term != name.term))
    return Mention(name.term, tuple(range(name.first, name.end)), tuple(dict.fromkeys(alternatives)))
