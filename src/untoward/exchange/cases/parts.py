"""A text cut at its stops, and what the parts say about each other: denied lists, and questions with answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from untoward.exchange.cases import lexicon

_APOSTROPHES = str.maketrans("", "", "'’‘`´")
_WITHOUT = re.compile(r"\bw/o\b", re.IGNORECASE)
_STOPS = re.compile(
    r"((?:[;:!?\n\r=()\[\]|]|[.,](?!\d)|(?<!\d)[.,]|\s[-–—]+\s)+"
    r"|\b(?:but|however|although|though|except|pero|aunque|sino|excepto|salvo|mais|aber)\b)",
    re.IGNORECASE,
)
_BEFORE_AN_ANSWER = frozenset(":?=-–—(")


@dataclass(slots=True)
class Mention:
    """One term as it was mentioned once, by its place among the words of its part."""

    term: str
    name: str
    end: int
    denied: bool = False
    doubtful: bool = False


@dataclass(slots=True)
class Part:
    """A stretch of text between two stops.

    `denied_by` is the last word of denial in it, `others` are its words that belong to no mention.
    """

    text: str
    stop_before: str
    words: list[str]
    mentions: list[Mention] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    denied_by: str = ""

    @property
    def ends_denied(self) -> bool:
        """Whether it ends in a term that is denied."""
        return bool(self.mentions) and self.mentions[-1].denied and self.mentions[-1].end == len(self.words)

    @property
    def is_member(self) -> bool:
        """Whether it could be a member of a list: terms, and nothing beside them but what joins them."""
        return bool(self.mentions) and all(word in lexicon.IN_A_LIST for word in self.others)

    def closes(self, denied_by: str) -> bool:
        """Whether a joining word in it closes a denied list."""
        joins = lexicon.LIST_CLOSERS | (lexicon.AND if denied_by in lexicon.AND_CLOSES_AFTER else frozenset())
        return any(word in joins for word in self.others)


def pieces_of(text: str) -> Iterator[tuple[str, str]]:
    """Stretches of a text, each with the stop before it."""
    plain = _WITHOUT.sub("without", text.translate(_APOSTROPHES)).replace("/", " or ")
    pieces = _STOPS.split(plain)
    yield pieces[0], ""
    for place in range(1, len(pieces), 2):
        yield pieces[place + 1], pieces[place].strip()


def deny_lists(parts: Sequence[Part]) -> None:
    """Carry a denial over the commas of a list that "or" closes: "no fever, chills or pus"."""
    for place, part in enumerate(parts):
        if not part.ends_denied:
            continue
        members = list(_members(parts[place + 1 :], part.denied_by))
        for member in members:
            for mention in member.mentions:
                mention.denied, member.denied_by = True, part.denied_by


def _members(following: Sequence[Part], denied_by: str) -> Iterator[Part]:
    """The members of a list up to the one that closes it; none when nothing closes it."""
    for count, part in enumerate(following, 1):
        if part.stop_before != "," or not part.is_member:
            return
        if part.closes(denied_by):
            yield from following[:count]
            return


def answer_questions(parts: Sequence[Part]) -> None:
    """Read "fever: no", "fever? no", "fever no" as denials, and "redness: yes" as a statement."""
    for before, part in pairwise(parts):
        if before.mentions and part.words and part.stop_before[-1:] in _BEFORE_AN_ANSWER and part.stop_before:
            _answer(before.mentions, part.words)
    for part in parts:
        if part.mentions and part.mentions[-1].end == len(part.words) - 1:
            _answer(part.mentions[-1:], part.words[-1:])


def _answer(mentions: Sequence[Mention], words: Sequence[str]) -> None:
    if len(words) != 1 or not (words[0] in lexicon.ANSWERS_NO or words[0] in lexicon.ANSWERS_YES):
        return
    for mention in mentions:
        mention.denied = words[0] in lexicon.ANSWERS_NO


def mark_doubtful_questions(parts: Sequence[Part]) -> None:
    """A term with a question mark behind it is doubtful."""
    for before, part in pairwise(parts):
        if "?" in part.stop_before:
            for mention in before.mentions:
                mention.doubtful = True
