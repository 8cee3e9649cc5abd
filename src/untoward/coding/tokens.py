"""A text as words that know where they stand.

Words are folded one by one (lower case, no accents), so that every later step compares plain words, and each
keeps the span of the letters it was made of, so that every term found can be shown in the text itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from untoward.model.names import fold

_WORD = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|[%°+]", re.UNICODE)
_ELIDED = re.compile(r"(?:[cdjlmnst]|(?:jus|lors|puis)?qu)['’]", re.IGNORECASE)
"""What French leaves of a small word before a vowel: it stands as a word of its own ("l'œil", "n'ai")."""

_STOP = re.compile(r"[.!?;:\n\r…]")


@dataclass(frozen=True, slots=True)
class Token:
    """One word or number: folded, with the span of its letters in the original text, the end excluded.

    `comma` says that a comma or a bracket stands between it and the word before; `stop` that a sentence mark
    does, and which.
    """

    word: str
    start: int
    end: int
    comma: bool = False
    stop: str = ""


def tokens_of(text: str) -> tuple[Token, ...]:
    """Every word and number of a text, in order. An apostrophe inside a word is dropped ("don't" is "dont")."""
    tokens: list[Token] = []
    last = 0
    for start, end in _words(text):
        word = _folded(text[start:end])
        if not word:
            continue
        between = text[last:start]
        marks = _STOP.findall(between)
        comma = any(mark in between for mark in ",()[]–—")
        stop = marks[-1].replace("\r", "\n") if marks else ""
        tokens.append(Token(word, start, end, comma, stop))
        last = end
    return tuple(tokens)


def _words(text: str) -> Iterator[tuple[int, int]]:
    for match in _WORD.finditer(text):
        start, end = match.span()
        elided = _ELIDED.match(text, start, end)
        if elided is not None and elided.end() < end:
            yield start, elided.end()
            start = elided.end()
        yield start, end


def _folded(word: str) -> str:
    if word in "%°+":
        return word
    if word[0].isdigit():
        return word
    return fold(word.replace("'", "").replace("’", "")).replace(" ", "")
