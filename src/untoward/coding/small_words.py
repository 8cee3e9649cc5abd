"""The small words that hold in a text of one language: its own, and those of the others that mean nothing else in it.

People mix languages, and a short text may be taken for the wrong one, so "sin" denies in an English text too. But "no" is
"in the" in Portuguese, and "mais" there is "more": a foreign small word that the language itself has does not hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from untoward.coding.lexicon import Lexicon, SmallWords
from untoward.coding.phrases import Phrases, Words

_ONLY_OWN = frozenset({"function_words", "ordinary"})


def small_words_of(lexicon: Lexicon, language: str) -> Phrases:
    """All small words that hold in a text of this language."""
    own = lexicon.languages[language]
    known = _words_of(own)
    by_kind: dict[str, list[Words]] = {}
    for kind, phrases in own.kinds.items():
        foreign = _foreign(lexicon, language, kind, known) if kind not in _ONLY_OWN else ()
        by_kind[kind] = [*phrases, *foreign]
    return Phrases(by_kind)


def denied_words_of(lexicon: Lexicon) -> Mapping[str, str]:
    """Words that deny a term by themselves, of every language."""
    return {
        word: term for words in lexicon.languages.values() for word, term in words.denied_in_one_word.items()
    }


def and_closers_of(lexicon: Lexicon) -> frozenset[str]:
    """The denials after which "and" goes on denying, of every language."""
    return frozenset(
        " ".join(phrase) for words in lexicon.languages.values() for phrase in words.kinds["and_closes_after"]
    )


def _foreign(lexicon: Lexicon, language: str, kind: str, known: frozenset[str]) -> Iterator[Words]:
    for code, words in lexicon.languages.items():
        if code != language:
            yield from (phrase for phrase in words.kinds[kind] if not known.issuperset(phrase))


def _words_of(words: SmallWords) -> frozenset[str]:
    """What a language has as small words of their own; those that it has only inside a phrase do not count."""
    return frozenset(phrase[0] for phrases in words.kinds.values() for phrase in phrases if len(phrase) == 1)
