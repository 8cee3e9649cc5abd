"""Structured findings to signs:

term names resolved, units made plain, what is not known kept as unrecognised.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from untoward.model.answer import Answer
from untoward.model.case import Attribute, Sign
from untoward.model.terms import TermKind, TermList

VITAL_OF_KEY: Mapping[str, str] = {
    "temperature_c": "temperature",
    "heart_rate": "heart-rate",
    "respiratory_rate": "respiratory-rate",
    "systolic_bp": "systolic-bp",
    "spo2_percent": "spo2",
    "avpu": "avpu",
}
"""Keys of vital signs in a case document, with their unit in the name, and the terms they measure."""


def signs_from_findings(findings: Mapping[str, Any], terms: TermList) -> tuple[dict[str, Sign], list[str]]:
    """Signs by term id, and the names that no term has. A null value is unknown and gives no sign.

    Two names of one term are joined: a yes outweighs a no, because a denied synonym must not hide a stated
    one.
    """
    signs: dict[str, Sign] = {}
    unrecognised: list[str] = []
    for name, value in findings.items():
        if value is None:
            continue
        term_id = VITAL_OF_KEY.get(name.strip().lower()) or _resolved(name, terms)
        if term_id is None or term_id not in terms:
            unrecognised.append(name)
            continue
        sign = _sign(term_id, name, value, vital=terms[term_id].kind is TermKind.VITAL)
        known = signs.get(term_id)
        signs[term_id] = sign if known is None or known.answer is not Answer.YES else _joined(known, sign)
    return signs, unrecognised


def _resolved(name: str, terms: TermList) -> str | None:
    term = terms.resolve(name)
    return None if term is None else term.id


def _sign(term_id: str, name: str, value: object, *, vital: bool) -> Sign:
    if isinstance(value, bool):
        return Sign(term=term_id, answer=Answer.of(value), said_as=name)
    if isinstance(value, int | float):
        if not vital and value == 0:
            return Sign(term=term_id, answer=Answer.NO, said_as=name)
        return Sign(
            term=term_id,
            answer=Answer.YES,
            attributes={"value" if vital else "count": float(value)},
            said_as=name,
        )
    if isinstance(value, Mapping):
        return _from_object(term_id, name, value)
    return _from_text(term_id, name, str(value))


YES_WORDS = frozenset("yes y true present si sí oui sim positive".split())
NO_WORDS = frozenset("no n false absent none non não nao negative".split())
UNKNOWN_WORDS = frozenset({"", "unknown", "?", "not known", "na", "n/a", "desconocido"})


def _from_text(term_id: str, name: str, text: str) -> Sign:
    word = text.strip().lower()
    if word in UNKNOWN_WORDS:
        return Sign(term=term_id, answer=Answer.UNKNOWN, said_as=name)
    if word in NO_WORDS:
        return Sign(term=term_id, answer=Answer.NO, said_as=name)
    attributes: dict[str, Attribute] = {} if word in YES_WORDS else {"severity": word}
    return Sign(term=term_id, answer=Answer.YES, attributes=attributes, said_as=name)


def _from_object(term_id: str, name: str, value: Mapping[str, object]) -> Sign:
    """An object of attributes says that the sign is there, unless it says `present: false` or counts none."""
    attributes: dict[str, Attribute] = {}
    for key, item in value.items():
        if isinstance(item, bool | str):
            attributes[key] = item
        elif isinstance(item, int | float):
            attributes[key] = float(item)
    present = attributes.pop("present", True)
    absent = present is False or attributes.get("count") == 0.0
    return Sign(term=term_id, answer=Answer.NO if absent else Answer.YES, attributes=attributes, said_as=name)


def _joined(known: Sign, new: Sign) -> Sign:
    if new.answer is not Answer.YES:
        return known
    attributes = {**new.attributes, **known.attributes}
    return Sign(term=known.term, answer=Answer.YES, attributes=attributes, said_as=known.said_as)
