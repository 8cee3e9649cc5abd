"""Read the known words out of a sentence: every name of every term, with a plain look for "no" and "not"
before it.

This is the first, careful reading: it knows the words of the term list and the nearest negation, nothing of
grammar. Anything it does not know stays in the text, and the text stays in the observation. A doubtful
negation counts as present, because a red flag that was said must never be lost.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from untoward.model.answer import Answer
from untoward.model.case import Sign
from untoward.model.names import fold
from untoward.model.terms import TermKind, TermList

LONGEST_NAME_WORDS = 6
NEGATIONS = frozenset(
    "no not never without dont doesnt didnt isnt arent wasnt havent hasnt denies denied sin ni nunca tampoco nao sem".split()
)
NEGATION_REACH_WORDS = 4
BREAKS = re.compile(r"[.;:!?\n]|,|\b(?:but|however|although|except|pero|aunque|mas|sino)\b", re.IGNORECASE)
JOINERS = frozenset("or nor and ni o y a any some un una".split())


@dataclass(frozen=True, slots=True)
class TextReading:
    """Signs by term id that were read out of a text."""

    signs: Mapping[str, Sign]


class TextReader:
    """Finds the names of terms in free text, the longest name first."""

    def __init__(self, terms: TermList) -> None:
        self._terms = terms
        self._names = {name: key for name, key in terms.index.keys.items() if _worth_reading(name)}

    def read(self, text: str) -> TextReading:
        """Every term named in the text. A term that is both denied and stated counts as stated."""
        signs: dict[str, Sign] = {}
        for clause in BREAKS.split(text.replace("'", "").replace("\u2019", "")):
            for term_id, name, negated in self._in_clause(fold(clause).split(" ")):
                known = signs.get(term_id)
                if known is None or (known.answer is Answer.NO and not negated):
                    answer = Answer.NO if negated else Answer.YES
                    signs[term_id] = Sign(term=term_id, answer=answer, said_as=name, origin="text")
        return TextReading(signs)

    def _in_clause(self, words: list[str]) -> Iterator[tuple[str, str, bool]]:
        position = 0
        negated_until = -1
        while position < len(words):
            if words[position] in NEGATIONS:
                negated_until = position + NEGATION_REACH_WORDS
                position += 1
                continue
            found = self._longest_at(words, position)
            if found is None:
                position += 1
                continue
            term_id, length = found
            name = " ".join(words[position : position + length])
            yield term_id, name, position <= negated_until
            position += length
            if position < len(words) and words[position] in JOINERS and negated_until >= 0:
                negated_until = max(negated_until, position + 2)

    def _longest_at(self, words: list[str], position: int) -> tuple[str, int] | None:
        for length in range(min(LONGEST_NAME_WORDS, len(words) - position), 0, -1):
            text = " ".join(words[position : position + length])
            found = self._names.get(text) or self._names.get(_singular(text))
            if found is not None and self._terms[found].kind is not TermKind.VITAL:
                return found, length
        return None


def _worth_reading(name: str) -> bool:
    return len(name) > 2


def _singular(text: str) -> str:
    return text[:-1] if text.endswith("s") else text
