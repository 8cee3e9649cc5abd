"""What the parts of a text say about each other: denied lists, and questions with their answers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from untoward.coding.parts import Mention, Part, Reading

LONGEST_LIST = 30
"""Members after which a list is taken for no list."""

_BEFORE_AN_ANSWER = frozenset(":?=-–—(")


def relate(reading: Reading) -> None:
    """Doubt what is asked, carry denials over lists, and take answers for what they are."""
    _doubt_questions(reading.parts)
    _deny_lists(reading)
    _answer_questions(reading)


def members(reading: Reading, first: int, denied_by: str) -> list[Part]:
    """The further members of a list, from part `first` to the one that "or" closes; none when nothing closes it."""
    found: list[Part] = []
    for number in range(first, len(reading.parts)):
        part = reading.parts[number]
        if part.stop_before != "," or len(found) >= LONGEST_LIST or not _is_member(reading, part):
            return []
        found.append(part)
        if _closes(reading, part, denied_by):
            return found
    return []


def _doubt_questions(parts: Sequence[Part]) -> None:
    """A term with a question mark behind it is doubtful."""
    for before, part in pairwise(parts):
        if "?" in part.stop_before:
            for mention in before.mentions:
                mention.doubtful = True


def _deny_lists(reading: Reading) -> None:
    """Carry a denial over the commas of a list that "or" closes: "no fever, chills or pus"."""
    seen = 0
    for place, part in enumerate(reading.parts):
        if place < seen or not part.ends_denied:
            continue
        opinion = part.mentions[-1].opinion
        for number, member in enumerate(members(reading, place + 1, part.denied_by), place + 1):
            seen = number
            member.denied_by = part.denied_by
            for mention in member.mentions:
                mention.denied, mention.opinion = True, opinion


def _is_member(reading: Reading, part: Part) -> bool:
    """Whether it could be a member of a list: terms, and nothing beside them but what joins them."""
    joins = ("list_closers", "and", "in_a_list")
    return bool(part.mentions) and all(reading.is_small(place, *joins) for place in part.others)


def _closes(reading: Reading, part: Part, denied_by: str) -> bool:
    """Whether a joining word in it closes a denied list."""
    joins = ("list_closers", "and") if denied_by in reading.and_closers else ("list_closers",)
    return any(reading.is_small(place, *joins) for place in part.others)


def _answer_questions(reading: Reading) -> None:
    """Read "fever: no", "fever? no", "fever no" as denials, and "redness: yes" as a statement."""
    for before, part in pairwise(reading.parts):
        if before.mentions and part.stop_before[-1:] in _BEFORE_AN_ANSWER and part.stop_before:
            _answer(reading, before.mentions, part.first, part.end)
    for part in reading.parts:
        if part.mentions:
            _answer(reading, part.mentions[-1:], part.mentions[-1].last + 1, part.end)


def _answer(reading: Reading, mentions: Sequence[Mention], first: int, end: int) -> None:
    denied = reading.says(first, end, "answers_no")
    if not denied and not reading.says(first, end, "answers_yes"):
        return
    for mention in mentions:
        mention.denied, mention.opinion = denied, False
