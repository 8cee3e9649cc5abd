"""A text as words that know where they stand.

Words are folded one by one (lower case, no accents), so that every later step compares plain words, and each
keeps the span of the letters it was made of, so that every term found can be shown in the text itself.

Numbers come out in one way of writing: "38,5" and "38'5" as "38.5", "½" as "0.5", "1 ½" as "1.5". A number and the
letters glued to it are two words ("10mm", "3x4cm", "24h"), a clock time, a ratio and a dotted date one ("10:30",
"80/50", "1.2.2026"). A dash between two numbers is a word "-", a multiplication sign "x", an inch mark "″", and
the degree sign is "°" whichever of its look-alikes was typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from untoward.model.names import fold

_WORD = re.compile(
    r"\d+[ ]?[¼-¾⅐-⅞]|[¼-¾⅐-⅞]"
    r"|(?<!\d)\d\d['’´]\d(?!\d)"
    r"|\d+(?:[.,:/]\d+)*"
    r"|[^\W\d_ºª]+(?:['’][^\W\d_ºª]+)*"
    r"|(?<=\d)[-–—](?=\d)|(?<=\d[ ])[-–—](?=[ ]\d)"
    r"|[×✕](?=[ ]?\d)"
    r"|(?<=\d)(?:''|[\"”″])|(?<=\d[ ])″|\""
    r"|(?<=\d)[€$£]|[€$£](?=[ ]?\d)"
    r"|[%°º˚ª℃℉+]",
    re.UNICODE,
)
_ELIDED = re.compile(r"(?:[cdjlmnst]|(?:jus|lors|puis)?qu)['’]", re.IGNORECASE)
"""What French leaves of a small word before a vowel: it stands as a word of its own ("l'œil", "n'ai")."""

_STOP = re.compile(r"[.!?;:\n\r…]")
_DECIMAL = re.compile(r"(\d+)[,'’´](\d{1,2}|\d{4,})")
_FRACTION = re.compile(r"(\d*)[ ]?([¼-¾⅐-⅞])")
_SIGNS = {
    "º": "°",
    "˚": "°",
    "℃": "celsius",
    "℉": "fahrenheit",
    "×": "x",
    "✕": "x",
    "–": "-",
    "—": "-",
    "''": "″",
    "”": "″",
    '"': "″",
    **{sign: sign for sign in "%°ª+-€$£″"},
}
"""Signs that are words of their own, and the word each becomes. "ª" only follows an ordinal number."""


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
        if between in ("", " "):
            tokens.append(Token(word, start, end))
        else:
            marks = _STOP.findall(between)
            comma = any(mark in between for mark in ",()[]–—")
            tokens.append(Token(word, start, end, comma, marks[-1].replace("\r", "\n") if marks else ""))
        last = end
    return tuple(tokens)


def _words(text: str) -> Iterator[tuple[int, int]]:
    quoted = False
    for match in _WORD.finditer(text):
        start, end = match.span()
        if text[start] in '"”' and (quoted or start == 0 or not text[start - 1].isdigit()):
            quoted = not quoted and text[start] == '"'
            continue
        elided = _ELIDED.match(text, start, end)
        if elided is not None and elided.end() < end:
            yield start, elided.end()
            start = elided.end()
        yield start, end


def _folded(word: str) -> str:
    sign = _SIGNS.get(word)
    if sign is not None:
        return sign
    fraction = _FRACTION.fullmatch(word)
    if fraction is not None:
        return f"{int(fraction[1] or 0) + unicodedata.numeric(fraction[2]):.4g}"
    if word[0].isdecimal():
        decimal = _DECIMAL.fullmatch(word)
        return word if decimal is None else f"{decimal[1]}.{decimal[2]}"
    return fold(word.replace("'", "").replace("’", "")).replace(" ", "")
