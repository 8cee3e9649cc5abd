"""Code free text: every term named in it, with its span, and what the words around it say of it.

This is a careful reading, not an understanding one. It knows the names of the term list, the small words and the patterns
of the lexicon. A term that is both denied and stated counts as stated, a doubtful denial counts as present, and a part of
the text in which nothing was recognised is handed back as unread, because a sign that was said must never be lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from untoward.coding.attach import Attaching, drop_comparisons
from untoward.coding.context import mark_conditional, mark_others, mark_past
from untoward.coding.cue import Cue
from untoward.coding.denials import read_denials
from untoward.coding.language import LanguageVote
from untoward.coding.lexicon import LANGUAGES, Lexicon, default_lexicon
from untoward.coding.lists import relate
from untoward.coding.measures import measures_of
from untoward.coding.mentions import Finder, Run
from untoward.coding.original import LONGEST_TEXT, Readable, readable
from untoward.coding.parts import Mention, Part, Reading, cut, slashes_in
from untoward.coding.patterns import Patterns
from untoward.coding.phrases import Phrases
from untoward.coding.small_words import and_closers_of, denied_words_of, small_words_of
from untoward.coding.spelling import Spelling
from untoward.coding.tokens import Token, tokens_of
from untoward.coding.trends import is_trend, mark_trends
from untoward.coding.vocabulary import Vocabulary
from untoward.model.coding import CodedTerm, Coding, Subject
from untoward.model.terms import TermKind, TermList

_DENIES_A_LIST = re.compile(
    r"\b(den(?:y|ies|ied|ying)|niegan?|neg(?:aba|ó|a|ou)|nie(?:nt)?)[:]", re.IGNORECASE
)
"""A verb of denial before a colon: the list behind it is denied as if there were none."""

CODINGS_KEPT = 8192
_SAYS_NOTHING = (
    "says_nothing",
    "between",
    "denials",
    "also_deny",
    "list_closers",
    "and",
    "answers_yes",
    "function_words",
)


class Coder:
    """Codes free text in English, Spanish, Portuguese and French. Deterministic; never raises on any text.

    The same text gives the same object, so nobody may change it.
    """

    def __init__(self, terms: TermList, lexicon: Lexicon | None = None) -> None:
        self._terms = terms
        self._lexicon = default_lexicon() if lexicon is None else lexicon
        self._groups = {key: term.group for key, term in terms.terms.items()}
        self._vitals = frozenset(key for key, term in terms.terms.items() if term.kind is TermKind.VITAL)
        self._vocabulary = Vocabulary(terms, self._lexicon)
        self._denied_words = denied_words_of(self._lexicon)
        spelling = Spelling(self._words_to_correct_to(), self._words_known())
        self._finder = Finder(self._vocabulary, spelling, lambda term: terms[term].red_flag)
        self._vote = LanguageVote(self._vocabulary.words, self._lexicon)
        self._and_closers = and_closers_of(self._lexicon)
        self._small = lru_cache(maxsize=len(LANGUAGES))(self._small_words)
        self._patterns = lru_cache(maxsize=64)(self._patterns_of)
        self._code = lru_cache(maxsize=CODINGS_KEPT)(self._coding)

    def code(self, text: str, lang: str = "auto") -> Coding:
        """Every term named in the text. `lang` is "en", "es", "pt", "fr", or "auto" to tell it from the text."""
        return self._code(text, lang if lang in LANGUAGES else "auto")

    def _coding(self, text: str, lang: str) -> Coding:
        form = readable(_DENIES_A_LIST.sub(r"\1 ", text[:LONGEST_TEXT]))
        tokens = tokens_of(form.text)
        words = [token.word for token in tokens]
        ranked = (lang,) if lang != "auto" else self._vote.ranked(form.text, words)
        small = self._small(ranked[0]).found_in(words)
        slashes = slashes_in(form.text, tokens)
        run = self._finder.run(words, ranked, small, _in_capitals(form.text, tokens))
        parts = self._parts(form.text, tokens, run)
        reading = Reading(tokens, words, small, self._and_closers, slashes, parts)
        commas = frozenset(part.first for part in parts if part.stop_before == ",")
        self._finder.find(run, parts, commas, self._patterns(ranked))
        cues = measures_of(tokens)
        drop_comparisons(parts, cues)
        day = self._read_context(reading, cues)
        return Coding(
            terms=tuple(self._coded(mention, reading, form, text) for mention in _in_order(reading)),
            day=day,
            lang=ranked[0],
            unread=self._unread(reading, form, len(text)),
        )

    def _parts(self, text: str, tokens: Sequence[Token], run: Run) -> list[Part]:
        """The parts of a text; a "but" that is a word of a name ends none."""
        small = run.small
        if not small.any_of("breakers", 0, len(tokens)):
            return cut(text, tokens, small, frozenset())
        whole = cut(text, tokens, small, frozenset(range(len(tokens))))
        return cut(text, tokens, small, self._finder.inside_names(run, whole))

    def _read_context(self, reading: Reading, cues: Sequence[Cue]) -> float | None:
        """Say of each mention what the words around it say; the day since the treatment, if told."""
        for part in reading.parts:
            self._add_denied_words(reading, part)
            read_denials(reading, part, lambda mention: self._denies_degree_only(reading, mention))
        relate(reading)
        mark_conditional(reading)
        others = mark_others(reading, self._groups)
        mark_past(reading)
        taken = mark_trends(reading, self._groups)
        day = Attaching(reading, self._groups).attach(cues, taken, self._vitals)
        if others and reading.parts and "others-affected" in self._terms:
            reading.parts[0].mentions += others
        return day

    def _add_denied_words(self, reading: Reading, part: Part) -> None:
        """Words that deny a term by themselves, such as "painless"."""
        owned = {place for mention in part.mentions for place in mention.places}
        for place in range(part.first, part.end):
            term = self._denied_words.get(reading.words[place])
            if term is not None and place not in owned and term in self._terms:
                part.mentions.append(Mention(term, (place,), denied=True))
        part.mentions.sort(key=lambda mention: (mention.last, mention.first))

    def _denies_degree_only(self, reading: Reading, mention: Mention) -> bool:
        """Whether what is denied is a strong form of a term whose name without the degree is the same term."""
        strong = [place for place in mention.places if reading.is_small(place, "strong")]
        if not strong:
            return False
        plain = [reading.words[place] for place in mention.places if place not in strong]
        return self._vocabulary.term_of(plain) == mention.term

    def _coded(self, mention: Mention, reading: Reading, form: Readable, text: str) -> CodedTerm:
        start, end = form.span(reading.tokens[mention.first].start, reading.tokens[mention.last].end)
        return CodedTerm(
            term=mention.term,
            span=(start, end),
            said_as=text[start:end],
            negated=mention.denied,
            uncertain=mention.opinion if mention.denied else mention.doubtful,
            past=mention.past,
            conditional=mention.conditional,
            subject=Subject.OTHER if mention.other else Subject.PATIENT,
            attributes=dict(sorted(mention.attributes.items())),
            alternatives=tuple(term for term in mention.alternatives if term in self._terms),
        )

    def _unread(self, reading: Reading, form: Readable, length: int) -> tuple[tuple[int, int], ...]:
        named = {place for mention in reading.mentions() for place in mention.places}
        spans = [
            form.span(reading.tokens[part.first].start, reading.tokens[part.end - 1].end)
            for part in reading.parts
            if part.end > part.first and _is_unread(reading, part, named)
        ]
        if length > LONGEST_TEXT:
            spans.append((LONGEST_TEXT, length))
        return tuple(spans)

    def _small_words(self, language: str) -> Phrases:
        return small_words_of(self._lexicon, language)

    def _patterns_of(self, languages: tuple[str, ...]) -> Patterns:
        return Patterns(self._lexicon, languages, frozenset(self._terms.terms))

    def _words_to_correct_to(self) -> dict[str, set[str]]:
        wanted = {code: set(words) for code, words in self._vocabulary.words.items()}
        for by_language in self._lexicon.concepts.values():
            for code, entries in by_language.items():
                wanted[code].update(word for phrase in entries for word in phrase if not word.endswith("*"))
        return wanted

    def _words_known(self) -> set[str]:
        return set(self._denied_words) | {
            word
            for words in self._lexicon.languages.values()
            for phrases in words.kinds.values()
            for phrase in phrases
            for word in phrase
        }


def _in_order(reading: Reading) -> list[Mention]:
    return sorted(reading.mentions(), key=lambda mention: (mention.first, mention.last, mention.term))


def _in_capitals(text: str, tokens: Sequence[Token]) -> frozenset[int]:
    """Places of words in capitals, in a text that is not all in capitals."""
    shouted = frozenset(
        place
        for place, token in enumerate(tokens)
        if token.end - token.start > 1 and text[token.start : token.end].isupper()
    )
    return shouted if len(shouted) < len(tokens) or len(tokens) == 1 else frozenset()


def _is_unread(reading: Reading, part: Part, named: set[int]) -> bool:
    """Whether a part says something of which nothing was recognised ("I do not feel well" denies, so it does)."""
    if part.mentions or is_trend(reading, part):
        return False
    places = range(part.first, part.end)
    if len(places) > 1 and any(reading.is_small(place, "denials", "also_deny") for place in places):
        return True
    return any(place not in named and _says_something(reading, place) for place in places)


def _says_something(reading: Reading, place: int) -> bool:
    word = reading.words[place]
    return len(word) > 1 and not word[0].isdigit() and not reading.is_small(place, *_SAYS_NOTHING)
