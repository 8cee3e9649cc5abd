"""Read the known words out of a text: every name of every term, whether it is denied, doubted, growing or over.

This is a careful reading, not an understanding one. It knows the names of the term list and the small words of
`lexicon`. A term that is both denied and stated counts as stated, a doubtful denial counts as present, and a
part of the text in which nothing was recognised is handed back as unread, because a sign that was said must
never be lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from untoward.exchange.cases import lexicon
from untoward.exchange.cases.parts import (
    Mention,
    Part,
    answer_questions,
    deny_lists,
    mark_doubtful_questions,
    pieces_of,
)
from untoward.model.answer import Answer
from untoward.model.case import Sign
from untoward.model.names import fold
from untoward.model.terms import TermKind, TermList

LONGEST_TEXT = 20_000
"""Letters that are read; of a longer text the rest is handed back as unread."""

READINGS_KEPT = 8192
SHORTEST_NAME = 3
GROWING_GROUPS = frozenset({"local", "infection", "skin-lasting", "vascular", "allergy"})
DENIAL_REACH = 3
"""Words over which "not" reaches "getting bigger"."""


@dataclass(frozen=True, slots=True)
class TextReading:
    """Signs by term id that were read out of a text, and the parts in which nothing was recognised.

    The same text gives the same object, so nobody may change it.
    """

    signs: Mapping[str, Sign]
    unread: tuple[str, ...] = ()


class TextReader:
    """Finds the names of terms in free text, the longest name first. Deterministic; never raises on any text."""

    def __init__(self, terms: TermList) -> None:
        self._terms = terms
        self._by_first: dict[str, dict[tuple[str, ...], str]] = {}
        self._longest: dict[str, int] = {}
        self._exactly: dict[tuple[str, ...], str] = {}
        for name, term_id in _names(terms):
            self._add(name, term_id)
        self._read = lru_cache(maxsize=READINGS_KEPT)(self._reading)

    def read(self, text: str) -> TextReading:
        """Every term named in the text. A term that is both denied and stated counts as stated."""
        return self._read(text)

    def _reading(self, text: str) -> TextReading:
        parts = [self._part(piece, stop) for piece, stop in pieces_of(text[:LONGEST_TEXT])]
        mark_doubtful_questions(parts)
        deny_lists(parts)
        answer_questions(parts)
        signs: dict[str, Sign] = {}
        for part in parts:
            for mention in part.mentions:
                known = signs.get(mention.term)
                signs[mention.term] = _sign(mention) if known is None else _kept(known, mention)
        self._mark(signs, parts)
        unread = [part.text.strip() for part in parts if _is_unread(part)]
        if len(text) > LONGEST_TEXT:
            unread.append(f"… {len(text) - LONGEST_TEXT} more letters")
        return TextReading(signs, tuple(dict.fromkeys(unread)))

    def _add(self, name: str, term_id: str) -> None:
        self._exactly.setdefault(tuple(name.split(" ")), term_id)
        words = tuple(_stem(word) for word in name.split(" "))
        names = self._by_first.setdefault(words[0], {})
        known = names.get(words)
        if known is None or (self._terms[term_id].red_flag and not self._terms[known].red_flag):
            names[words] = term_id
        self._longest[words[0]] = max(len(words), self._longest.get(words[0], 0))

    def _part(self, text: str, stop: str) -> Part:
        folded = fold(text)
        part = Part(text, stop, folded.split(" ") if folded else [])
        stems = [_stem(word) for word in part.words]
        denials = _Denials(part)
        place = 0
        while place < len(stems):
            found = self._longest_at(part.words, stems, place)
            if found is None:
                denials.over(part.words[place], place)
                place += 1
                continue
            term_id, length = found
            mention = Mention(term_id, " ".join(part.words[place : place + length]), place + length)
            mention.denied, mention.doubtful = denials.denied, denials.doubtful
            if mention.denied and self._denies_degree_only(mention):
                mention.denied, mention.doubtful = False, True
            part.mentions.append(mention)
            place += length
            denials.after_term(part.words[place] if place < len(stems) else "")
        denials.finish()
        return part

    def _longest_at(self, words: Sequence[str], stems: Sequence[str], place: int) -> tuple[str, int] | None:
        """The term of the longest name here and its words; a name as it is listed goes before its plural's."""
        names = self._by_first.get(stems[place])
        if names is None:
            return None
        most = min(self._longest[stems[place]], len(stems) - place)
        for length in range(most, 0, -1):
            term_id = names.get(tuple(stems[place : place + length]))
            if term_id is not None:
                return self._exactly.get(tuple(words[place : place + length]), term_id), length
        return None

    def _denies_degree_only(self, mention: Mention) -> bool:
        """Whether what is denied is a strong form of a term whose name without the degree is the same term."""
        words = mention.name.split(" ")
        plain = [word for word in words if word not in lexicon.STRONG]
        if not plain or len(plain) == len(words):
            return False
        return self._longest_at(plain, [_stem(word) for word in plain], 0) == (mention.term, len(plain))

    def _mark(self, signs: dict[str, Sign], parts: Sequence[Part]) -> None:
        grows = _said(parts, lexicon.GROWING)
        if grows is None and _said(parts, lexicon.STEADY):
            grows = False
        if grows is not None:
            for term, sign in signs.items():
                if sign.answer is Answer.YES and self._terms[term].group in GROWING_GROUPS:
                    signs[term] = _with(sign, "spreading", grows)
        faint = signs.get("faint")
        if faint is not None and faint.answer is Answer.YES:
            since = next(
                place for place, part in enumerate(parts) if any(m.term == "faint" for m in part.mentions)
            )
            over = _said(parts[since:], lexicon.RECOVERED)
            if over is not None:
                signs["faint"] = _with(faint, "recovered", over)


class _Denials:
    """What the words of one part deny and doubt, word by word."""

    def __init__(self, part: Part) -> None:
        self._part = part
        self.denied = False
        self.doubtful = False

    def over(self, word: str, place: int) -> None:
        """Go over a word that is no term."""
        self._part.others.append(word)
        if word in lexicon.DENIED_IN_ONE_WORD:
            self._part.mentions.append(
                Mention(lexicon.DENIED_IN_ONE_WORD[word], word, place + 1, denied=True)
            )
        elif word in lexicon.ALSO_DENY:
            self._deny(word)
        elif word in lexicon.DENIALS:
            if self.denied:
                self.denied = False
            else:
                self._deny(word)
        elif word in lexicon.DOUBTS:
            self.doubtful, self.denied = True, False
        elif word not in lexicon.BETWEEN and word not in lexicon.LIST_CLOSERS and not self._and_joins(word):
            self.denied = False

    def after_term(self, next_word: str) -> None:
        """A denial goes on over a term only when the next word joins a further one to it."""
        if next_word not in lexicon.LIST_CLOSERS and not self._and_joins(next_word):
            self.denied = False

    def finish(self) -> None:
        """A denial of another time or measure is doubtful, and so counts as present."""
        if any(word in lexicon.THEN_NOT_NOW for word in self._part.others):
            for mention in self._part.mentions:
                if mention.denied:
                    mention.denied, mention.doubtful = False, True

    def _deny(self, word: str) -> None:
        self.denied = True
        self._part.denied_by = word

    def _and_joins(self, word: str) -> bool:
        return word in lexicon.AND and self._part.denied_by in lexicon.AND_CLOSES_AFTER


def _names(terms: TermList) -> Iterator[tuple[str, str]]:
    """Every name worth looking for, folded, with and without its apostrophes; sorted, so that order never matters."""
    pairs = set()
    for term_id, term in terms.terms.items():
        for name in (term_id, *term.every_name()) if term.kind is not TermKind.VITAL else ():
            folded = {fold(name), fold(name.replace("'", "").replace("’", ""))}
            pairs |= {(text, term_id) for text in folded if len(text) >= SHORTEST_NAME}
    return iter(sorted(pairs))


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    """A word without what makes it plural in English or Spanish; the same for one and for many."""
    if len(word) <= 3:
        return word
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    if word.endswith("e") and len(word) > 4:
        word = word[:-1]
    if word.endswith("y"):
        return word[:-1] + "i"
    return word[:-1] + "c" if word.endswith("z") else word


def _sign(mention: Mention) -> Sign:
    answer = Answer.NO if mention.denied else Answer.YES
    doubt = {"uncertain": True} if mention.doubtful and not mention.denied else {}
    return Sign(term=mention.term, answer=answer, attributes=doubt, said_as=mention.name, origin="text")


def _kept(known: Sign, mention: Mention) -> Sign:
    """Of two mentions of one term: stated before denied, certain before doubtful, then the earlier."""
    if mention.denied:
        return known
    certain_now = known.answer is Answer.NO or ("uncertain" in known.attributes and not mention.doubtful)
    return _sign(mention) if certain_now else known


def _with(sign: Sign, name: str, value: bool) -> Sign:
    return replace(sign, attributes={**sign.attributes, name: value})


def _is_unread(part: Part) -> bool:
    """Whether a part says something of which nothing was recognised ("I do not feel well" denies, so it does)."""
    known = (*lexicon.GROWING, *lexicon.RECOVERED, *lexicon.STEADY)
    if part.mentions or _said([part], known) is not None:
        return False
    if len(part.words) > 1 and any(word in lexicon.DENIALS for word in part.words):
        return True
    return any(
        len(word) > 1 and not word.isdigit() and word not in lexicon.SAYS_NOTHING for word in part.words
    )


def _said(parts: Iterable[Part], phrases: Iterable[str]) -> bool | None:
    """Whether one of the phrases is said (True), only denied (False), or not there at all (None)."""
    denied = False
    for part in parts:
        for phrase in phrases:
            for place in _places(part.words, phrase):
                if not _is_denied(part.words, place):
                    return True
                denied = True
    return False if denied else None


def _places(words: Sequence[str], phrase: str) -> Iterator[int]:
    wanted = phrase.split(" ")
    for place in range(len(words) - len(wanted) + 1):
        if words[place] == wanted[0] and list(words[place : place + len(wanted)]) == wanted:
            yield place


def _is_denied(words: Sequence[str], place: int) -> bool:
    for word in reversed(words[max(0, place - DENIAL_REACH) : place]):
        if word in lexicon.DENIALS:
            return True
        if word not in lexicon.BETWEEN:
            return False
    return False
