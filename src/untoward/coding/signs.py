"""From coded terms to signs: what the rules may take for granted of what a text says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from untoward.coding.original import LONGEST_TEXT
from untoward.model.answer import Answer
from untoward.model.case import Attribute, Sign
from untoward.model.coding import CodedTerm, Coding, Subject
from untoward.model.terms import TermList

_SAFER_FALSE = frozenset({"better", "recovered"})


@dataclass(frozen=True, slots=True)
class TextReading:
    """Signs by term id that were read out of a text, the parts in which nothing was recognised, and the day if told.

    The same text gives the same object, so nobody may change it.
    """

    signs: Mapping[str, Sign]
    unread: tuple[str, ...] = ()
    day: float | None = None


def signs_of(coding: Coding, terms: TermList, text: str = "") -> TextReading:
    """Signs of what was coded; `text` is the text it was coded from, for the words of its unread parts.

    A term that is stated anywhere is YES, with doubt only when every mention is doubtful. One that is only denied is NO. One
    that is over, or denied as an opinion ("I don't think"), is UNKNOWN and says so in `past` or `uncertain`. What is only
    feared gives no sign. When a text speaks of nobody but another person ("my daughter has a fever"), that person is the
    patient.
    """
    spoken = [coded for coded in coding.terms if coded.term in terms and not coded.conditional]
    own = [coded for coded in spoken if coded.subject is Subject.PATIENT]
    if not own:
        own = spoken
    signs: dict[str, Sign] = {}
    for term in dict.fromkeys(coded.term for coded in own):
        signs[term] = _sign(term, [coded for coded in own if coded.term == term])
    return TextReading(signs, _unread(coding, text), coding.day)


def _sign(term: str, said: list[CodedTerm]) -> Sign:
    stated = [coded for coded in said if not coded.negated and not coded.past]
    if stated:
        return _stated(term, stated)
    denied = [coded for coded in said if coded.negated and not coded.uncertain]
    if denied:
        return Sign(term=term, answer=Answer.NO, said_as=denied[0].said_as, origin="text")
    past: dict[str, Attribute] = {"past": True} if any(coded.past for coded in said) else {"uncertain": True}
    return Sign(term=term, answer=Answer.UNKNOWN, attributes=past, said_as=said[0].said_as, origin="text")


def _stated(term: str, stated: list[CodedTerm]) -> Sign:
    certain = [coded for coded in stated if not coded.uncertain]
    attributes = _joined(coded.attributes for coded in stated)
    if not certain:
        attributes["uncertain"] = True
    said_as = (certain or stated)[0].said_as
    return Sign(term=term, answer=Answer.YES, attributes=attributes, said_as=said_as, origin="text")


def _joined(several: Iterable[Mapping[str, Attribute]]) -> dict[str, Attribute]:
    """All attributes; where mentions contradict each other, the more cautious value."""
    both: dict[str, Attribute] = {}
    for attributes in several:
        for name, value in attributes.items():
            known = both.get(name, value)
            if isinstance(known, bool) and isinstance(value, bool):
                value = (known and value) if name in _SAFER_FALSE else (known or value)
            elif isinstance(known, int | float) and isinstance(value, int | float):
                value = max(known, value)
            elif isinstance(known, str):
                value = known
            both[name] = value
    return both


def _unread(coding: Coding, text: str) -> tuple[str, ...]:
    parts = []
    for start, end in coding.unread:
        over = start >= LONGEST_TEXT
        parts.append(f"… {end - start} more letters" if over else text[start:end].strip())
    return tuple(dict.fromkeys(part for part in parts if part))
