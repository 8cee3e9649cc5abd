"""Numbers in a text: figures, number words up to 999, "a couple", "several", ranges and halves.

Number words are looked up in one table for four languages. A word that means something else in another language
("once", "dos") counts only beside a word of its own language. Numbers are only found here; what they count or
measure is for others to say, and one that belongs to nothing gives no cue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from untoward.coding.measure_data import Meaning, MeasureWords
from untoward.coding.tokens import Token

ANY = frozenset({"any"})
FRACTIONS: Mapping[str, float] = {"1/2": 0.5, "1/4": 0.25, "3/4": 0.75, "1/3": 0.33, "2/3": 0.67}
_LONGEST_FIGURE = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number from `first` to `last` among the tokens, the last included.

    `low` and `high` differ for a range ("2-3"). `languages` in which it is one; `article` when it is "a" or "una";
    `at_least` when it is the least that a word such as "several" means; `figures` when it was written in figures,
    `decimals` with how many places; `glued` when letters stand directly before it ("B12").
    """

    first: int
    last: int
    low: float
    high: float
    languages: frozenset[str] = ANY
    article: bool = False
    at_least: bool = False
    figures: bool = False
    decimals: int = 0
    glued: bool = False


def barred(token: Token) -> bool:
    """Whether a comma, a bracket or the end of a sentence parts this word from the one before."""
    return token.comma or token.stop not in ("", ":")


def figure(word: str) -> float | None:
    """The value of a number in figures, or None for a clock time, a date, a long number or one read two ways.

    "1.500" may be one and a half or fifteen hundred; nobody measures a lump to a thousandth.
    """
    if word in FRACTIONS:
        return FRACTIONS[word]
    whole, _point, decimals = word.partition(".")
    if len(word) > _LONGEST_FIGURE or len(decimals) == 3 or not (whole + decimals).isdecimal():
        return None
    return float(word)


def numbers_of(tokens: Sequence[Token], words: Sequence[str], data: MeasureWords) -> dict[int, Number]:
    """Every number by the place of its first word. A range is one number; its parts are not found again."""
    return _Numbers(tokens, words, data).all()


class _Numbers:
    """One text while its numbers are looked for."""

    def __init__(self, tokens: Sequence[Token], words: Sequence[str], data: MeasureWords) -> None:
        self.tokens = tokens
        self.words = words
        self.cardinals = data.words["number"]
        self.quantities = data.words["quantity"]
        self.particles = {name: data.words[f"number_{name}"] for name in ("article", "to", "and", "half")}

    def all(self) -> dict[int, Number]:
        found: dict[int, Number] = {}
        cardinals, quantities = self.cardinals.by_first, self.quantities.by_first
        at = 0
        for here, word in enumerate(self.words):
            if here < at or not (word[0].isdigit() or word in cardinals or word in quantities):
                continue
            number = self.ranged(here)
            if number is not None:
                found[here] = number
                at = number.last + 1
        return found

    def ranged(self, at: int) -> Number | None:
        number = self.one(at)
        if number is None or not self.particle(number.last + 1, "to"):
            return number
        other = self.one(number.last + 2)
        if (
            other is None
            or other.article
            or other.high <= number.low
            or (other.glued and not self.dash(other))
        ):
            return number
        decimals = max(number.decimals, other.decimals)
        return replace(number, last=other.last, high=other.high, article=False, decimals=decimals)

    def dash(self, number: Number) -> bool:
        return self.words[number.first - 1] == "-"

    def one(self, at: int) -> Number | None:
        if at >= len(self.words):
            return None
        number = self.quantity(at) or self.in_figures(at) or self.in_words(at)
        return None if number is None else self.halved(number)

    def in_figures(self, at: int) -> Number | None:
        word = self.words[at]
        value = figure(word) if word[0].isdigit() else None
        if value is None:
            return None
        before = self.tokens[at - 1] if at else None
        glued = before is not None and before.end == self.tokens[at].start and before.word.isalpha()
        decimals = len(word.partition(".")[2])
        number = Number(
            first=at, last=at, low=value, high=value, figures=True, decimals=decimals, glued=glued
        )
        more = figure(self.words[at + 1]) if at + 1 < len(self.words) and "/" in self.words[at + 1] else None
        if more is not None and value == int(value) and not barred(self.tokens[at + 1]):
            return replace(number, last=at + 1, low=value + more, high=value + more)
        return number

    def quantity(self, at: int) -> Number | None:
        for end, meaning in self.quantities.find(self.words, at):
            if not self.unbroken(at, end):
                continue
            value, at_least = meaning.value, False
            if isinstance(value, str):
                value, at_least = float(value.removesuffix("+")), True
            value = float(value)
            return Number(
                first=at, last=end - 1, low=value, high=value, languages=meaning.languages, at_least=at_least
            )
        return None

    def in_words(self, at: int) -> Number | None:
        start = self.cardinal(at)
        if start is None:
            return None
        total, languages, end = float(start.value), start.languages, at + 1
        article = self.particle(at, "article")
        while True:
            skip = 1 if total >= 20 and self.particle(end, "and") else 0
            more = self.cardinal(end + skip)
            if more is None or (not skip and self.particle(end, "article")):
                break
            joined = None if not more.agrees(languages) else _joined(total, float(more.value), skip)
            if joined is None:
                break
            total, article, end = joined, False, end + skip + 1
            languages = languages & more.languages or languages
        return Number(first=at, last=end - 1, low=total, high=total, languages=languages, article=article)

    def halved(self, number: Number) -> Number:
        """With "and a half", "y medio", "point five" after it."""
        if number.last + 1 >= len(self.words):
            return number
        for end, _meaning in self.particles["half"].find(self.words, number.last + 1):
            if self.unbroken(number.last, end):
                return replace(
                    number, last=end - 1, low=number.low + 0.5, high=number.high + 0.5, article=False
                )
        return number

    def cardinal(self, at: int) -> Meaning | None:
        if at >= len(self.words):
            return None
        return next((meaning for end, meaning in self.cardinals.find(self.words, at) if end == at + 1), None)

    def particle(self, at: int, name: str) -> bool:
        """Whether one of the small words called `name` stands here, with no comma before it."""
        if at >= len(self.words) or (name != "article" and barred(self.tokens[at])):
            return False
        return self.words[at] in self.particles[name].by_first

    def unbroken(self, at: int, end: int) -> bool:
        return not any(barred(token) for token in self.tokens[at + 1 : end])


def _joined(total: float, more: float, skipped: int) -> float | None:
    """Two number words in a row as one number ("twenty" "five", "quatre" "vingt"), or None when they are two."""
    if more == 100 and 1 <= total < 10 and not skipped:
        return total * 100
    if total == 4 and more == 20:
        return 80.0
    tens = total % 100
    if total >= 100 and tens == 0 and more < 100:
        return total + more
    if tens == 10 and 7 <= more < 10:  # "dix-sept"
        return total + more
    if (tens in (60.0, 80.0) and more < 20) or (tens >= 20 and tens % 10 == 0 and more < 10):
        return total + more
    return None
