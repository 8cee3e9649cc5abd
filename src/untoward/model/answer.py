"""Yes, no, unknown. Unknown is never "no"."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Answer(Enum):
    """What is known about a question (Kleene's three-valued logic)."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"

    @classmethod
    def of(cls, value: bool | None) -> Answer:
        """YES for true, NO for false, UNKNOWN for None."""
        if value is None:
            return cls.UNKNOWN
        return cls.YES if value else cls.NO

    def __bool__(self) -> bool:
        raise TypeError("an Answer has three values: compare it with Answer.YES or Answer.NO")


def any_of(answers: Iterable[Answer]) -> Answer:
    """YES if one is yes; NO only if every one is no; UNKNOWN otherwise."""
    seen = set(answers)
    if Answer.YES in seen:
        return Answer.YES
    return Answer.UNKNOWN if Answer.UNKNOWN in seen else Answer.NO


def all_of(answers: Iterable[Answer]) -> Answer:
    """NO if one is no; YES only if every one is yes; UNKNOWN otherwise."""
    seen = set(answers)
    if Answer.NO in seen:
        return Answer.NO
    return Answer.UNKNOWN if Answer.UNKNOWN in seen else Answer.YES


def at_least(count: int, answers: Iterable[Answer]) -> Answer:
    """YES if `count` are yes;

    NO if even all the unknown ones could not make it `count`; UNKNOWN otherwise.
    """
    seen = list(answers)
    yes = seen.count(Answer.YES)
    if yes >= count:
        return Answer.YES
    return Answer.UNKNOWN if yes + seen.count(Answer.UNKNOWN) >= count else Answer.NO
