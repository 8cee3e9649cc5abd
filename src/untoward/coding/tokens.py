"""A text as words that know where they stand.

Words are folded one by one (lower case, no accents), so that every later step compares plain words, and each
keeps the span of the letters it was made of, so that every term found can be shown in the text itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from untoward.model.names import fold

_WORD = re.compile(r"\d+(?:[.,:/]\d+)*|[^\W\d_]+(?:['’][^\W\d_]+)*|[%°+]", re.UNICODE)
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
    for match in _WORD.finditer(text):
        word = _folded(match.group())
        if not word:
            continue
        between = text[last : match.start()]
        marks = _STOP.findall(between)
        tokens.append(
            Token(
                word=word,
                start=match.start(),
                end=match.end(),
                comma=any(mark in between for mark in ",()[]–—"),
                stop=marks[-1].replace("\r", "\n") if marks else "",
            )
        )
        last = match.end()
    return tuple(tokens)


def _folded(word: str) -> str:
    if word in "%°+":
        return word
    if word[0].isdigit():
        return word
    return fold(word.replace("'", "").replace("’", "")).replace(" ", "")
