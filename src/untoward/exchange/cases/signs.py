"""Structured findings to signs:

term names resolved, units made plain, what is not known kept as unrecognised.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from untoward.coding.coder import Coder
from untoward.coding.measures import measures_of
from untoward.coding.signs import signs_of
from untoward.coding.tokens import tokens_of
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

_SAYABLE = frozenset(
    {
        "count",
        "size_cm",
        "duration_days",
        "since_day",
        "severity",
        "worse",
        "better",
        "same",
        "spreading",
        "colour",
        "painful",
    }
)
ON_A_SCALE = frozenset({"pain", "tenderness", "burning", "itch", "headache", "abdominal-pain"})
"""Signs whose number is a score from 0 to 10; of every other sign it counts how many there are."""

SAID_BY_NAME = frozenset({"severity", "worse", "painful"})
"""What the name of a finding may say of it."""

_WEIGHT = {Answer.UNKNOWN: 0, Answer.NO: 1, Answer.YES: 2}


def signs_from_findings(
    findings: Mapping[str, Any], terms: TermList, coder: Coder | None = None
) -> tuple[dict[str, Sign], list[str]]:
    """Signs by term id, and the names in which no term was found. A null value is unknown and gives no sign.

    A name that no term has is read as free text when there is a `coder` ("painful purple plaques"). Two names of one term
    are joined: a yes outweighs a no, because a denied synonym must not hide a stated one.
    """
    signs: dict[str, Sign] = {}
    unrecognised: list[str] = []
    for name, value in findings.items():
        if value is None or fold(name) in RECOVERED_KEYS:
            continue
        read = _read(name, value, terms)
        found = [read] if read is not None else _coded(name, value, terms, coder)
        if not found:
            unrecognised.append(_shown(name, value, terms))
        for sign in found:
            signs[sign.term] = sign if sign.term not in signs else stronger(signs[sign.term], sign)
    _mark_recovered(signs, findings)
    return signs, unrecognised


def _coded(name: str, value: object, terms: TermList, coder: Coder | None) -> list[Sign]:
    """Signs of the terms that a name in free words tells of; none when the name is known and only its value is not."""
    if coder is None or _is_known(name, terms):
        return []
    read = signs_of(coder.code(name), terms).signs
    return [_answered(sign, _sign(sign.term, name, value), alone=len(read) == 1) for sign in read.values()]


def _answered(sign: Sign, value: Sign, *, alone: bool) -> Sign:
    """What a value says of a sign that its name tells of.

    A false value denies the sign only when the name tells of nothing else. Of a name that denies by itself ("no
    fever") only a true value is plain.
    """
    if value.answer is Answer.YES:
        attributes = joined(sign.attributes, value.attributes)
        return replace(value, answer=sign.answer, attributes=attributes)
    if value.answer is Answer.NO and sign.answer is Answer.YES and alone:
        return value
    return replace(value, answer=Answer.UNKNOWN, attributes={})


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
    if term_id == "fever" and _is_number(value) and value:
        return vital_sign("temperature", name, value)
    sign = _sign(term_id, name, value)
    return _graded_by_name(sign, name) if sign.answer is Answer.YES else sign


def _graded_by_name(sign: Sign, name: str) -> Sign:
    """A sign with what its name says of it besides ("severe pain", "worsening redness")."""
    said = {cue.name: cue.value for cue in measures_of(tokens_of(name)) if cue.name in SAID_BY_NAME}
    return replace(sign, attributes={**said, **sign.attributes}) if said else sign


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _shown(name: str, value: object, terms: TermList) -> str:
    """An unrecognised finding as it was entered: the name, and the value of a measurement that cannot be one."""
    return f"{name}: {str(value)[:40]}" if _is_known(name, terms) else name


def _is_known(name: str, terms: TermList) -> bool:
    return fold(name).replace(" ", "_") in VITAL_OF_KEY or terms.resolve(name) is not None


def _sign(term_id: str, name: str, value: object) -> Sign:
    if isinstance(value, bool):
        return Sign(term=term_id, answer=Answer.of(value), said_as=name)
    if isinstance(value, int | float):
        kind = "value" if term_id in ON_A_SCALE else "count"
        attributes: dict[str, Attribute] = {} if value == 0 else {kind: float(value)}
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
    attributes = {} if word in YES_WORDS else _said(text)
    return Sign(term=term_id, answer=Answer.YES, attributes=attributes, said_as=name)


def _said(text: str) -> dict[str, Attribute]:
    """What a text beside a sign says of it: sizes, counts, times and degrees; what gives no degree is kept as said."""
    cues = measures_of(tokens_of(text))
    read: dict[str, Attribute] = {cue.name: cue.value for cue in cues if cue.name in _SAYABLE}
    if "severity" not in read:
        read["said"] = text.strip().lower()
    return dict(sorted(read.items()))


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
