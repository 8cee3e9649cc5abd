"""Structured findings to signs:

term names resolved, units made plain, what is not known kept as unrecognised.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from untoward.exchange.cases.attributes import NO_WORDS, YES_WORDS, attributes_of, joined
from untoward.exchange.cases.vitals import VITAL_OF_KEY, vital_sign
from untoward.model.answer import Answer
from untoward.model.case import Attribute, Sign
from untoward.model.names import fold
from untoward.model.terms import TermKind, TermList

UNKNOWN_WORDS = frozenset(
    {"", "unknown", "not known", "na", "n a", "unclear", "not asked", "desconocido", "no se"}
)
RECOVERED_KEYS = frozenset({"recovered", "fully recovered", "full recovery", "recuperado", "recuperada"})
"""A finding of this name says of a faint beside it that it is over."""

_WEIGHT = {Answer.UNKNOWN: 0, Answer.NO: 1, Answer.YES: 2}


def signs_from_findings(findings: Mapping[str, Any], terms: TermList) -> tuple[dict[str, Sign], list[str]]:
    """Signs by term id, and the names that no term has. A null value is unknown and gives no sign.

    Two names of one term are joined: a yes outweighs a no, because a denied synonym must not hide a stated
    one.
    """
    signs: dict[str, Sign] = {}
    unrecognised: list[str] = []
    for name, value in findings.items():
        if value is None or fold(name) in RECOVERED_KEYS:
            continue
        sign = _read(name, value, terms)
        if sign is None:
            unrecognised.append(_shown(name, value, terms))
        else:
            signs[sign.term] = sign if sign.term not in signs else stronger(signs[sign.term], sign)
    _mark_recovered(signs, findings)
    return signs, unrecognised


def stronger(one: Sign, other: Sign) -> Sign:
    """Two signs of one term as one: yes outweighs no, no outweighs unknown; of two yes the attributes are joined."""
    if one.answer is other.answer:
        return replace(one, attributes=joined(one.attributes, other.attributes))
    return one if _WEIGHT[one.answer] > _WEIGHT[other.answer] else other


def merged(read: Mapping[str, Sign], entered: Mapping[str, Sign]) -> dict[str, Sign]:
    """Signs read out of a text beside those entered on purpose.

    What was entered outweighs what was read, except that a denial does not hide what the text states: the
    contradiction stands as yes.
    """
    both = dict(entered)
    for term, sign in read.items():
        known = both.get(term)
        if (
            known is None
            or known.answer is Answer.UNKNOWN
            or (known.answer, sign.answer) == (Answer.NO, Answer.YES)
        ):
            both[term] = sign
        elif known.answer is sign.answer is Answer.YES:
            both[term] = replace(known, attributes={**sign.attributes, **known.attributes})
    return both


def _read(name: str, value: object, terms: TermList) -> Sign | None:
    term_id = VITAL_OF_KEY.get(fold(name).replace(" ", "_"))
    if term_id is None:
        term = terms.resolve(name)
        term_id = None if term is None else term.id
    if term_id is None or term_id not in terms:
        return None
    if terms[term_id].kind is TermKind.VITAL:
        return vital_sign(term_id, name, value)
    return _sign(term_id, name, value)


def _shown(name: str, value: object, terms: TermList) -> str:
    """An unrecognised finding as it was entered: the name, and the value of a measurement that cannot be one."""
    known = fold(name).replace(" ", "_") in VITAL_OF_KEY or terms.resolve(name) is not None
    return f"{name}: {str(value)[:40]}" if known else name


def _sign(term_id: str, name: str, value: object) -> Sign:
    if isinstance(value, bool):
        return Sign(term=term_id, answer=Answer.of(value), said_as=name)
    if isinstance(value, int | float):
        attributes: dict[str, Attribute] = {} if value == 0 else {"count": float(value)}
        return Sign(term=term_id, answer=Answer.of(value != 0), attributes=attributes, said_as=name)
    if isinstance(value, Mapping):
        return _from_object(term_id, name, value)
    return _from_text(term_id, name, str(value))


def _from_text(term_id: str, name: str, text: str) -> Sign:
    word = fold(text)
    if word in UNKNOWN_WORDS:
        return Sign(term=term_id, answer=Answer.UNKNOWN, said_as=name)
    if word in NO_WORDS:
        return Sign(term=term_id, answer=Answer.NO, said_as=name)
    attributes: dict[str, Attribute] = {} if word in YES_WORDS else {"severity": text.strip().lower()}
    return Sign(term=term_id, answer=Answer.YES, attributes=attributes, said_as=name)


def _from_object(term_id: str, name: str, value: Mapping[str, object]) -> Sign:
    """An object of attributes says that the sign is there, unless it says `present: false` or counts none."""
    attributes = attributes_of(value)
    present = attributes.pop("present", True)
    absent = present is False or attributes.get("count") == 0.0
    return Sign(term=term_id, answer=Answer.NO if absent else Answer.YES, attributes=attributes, said_as=name)


def _mark_recovered(signs: dict[str, Sign], findings: Mapping[str, Any]) -> None:
    said = [value for name, value in findings.items() if fold(name) in RECOVERED_KEYS and value is not None]
    faint = signs.get("faint")
    if said and faint is not None:
        told = attributes_of({"recovered": said[0] if not isinstance(said[0], Mapping) else True})
        signs["faint"] = replace(faint, attributes=joined(faint.attributes, told))
