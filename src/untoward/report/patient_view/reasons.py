"""Why a page says what it says, and what is not known yet, in the person's words."""

from __future__ import annotations

from collections.abc import Iterator

from untoward.aftercare.texts import Texts
from untoward.assess.facts import DAY, KEY_OF_VITAL
from untoward.assess.features import FEVER_CELSIUS
from untoward.evidence.base import EvidenceBase
from untoward.model.finding import Assessment, CourseState, Disposition, Finding
from untoward.model.terms import Term, TermKind
from untoward.report.patient_view.signs import by_label, is_yes, may_be_named, plain_name, sign_data, there

MOST_REASONS = 6
MOST_QUESTIONS = 3
FACE = "injected on the face"
_MEASURED = frozenset(KEY_OF_VITAL.values())
_TEMPERATURE = KEY_OF_VITAL["temperature"]
_OTHER_QUESTIONS = {DAY: "ask.day", FACE: "ask.face", "age": "ask.age", _TEMPERATURE: "ask.temperature"}


def because(assessment: Assessment, base: EvidenceBase, texts: Texts) -> tuple[str, ...]:
    """The signs behind the answer: those that its deciding findings used and that are there. Never empty."""
    deciding = [f for f in assessment.findings if f.disposition is assessment.disposition]
    at_home = assessment.disposition is Disposition.SELF_CARE
    found = [*_signs(deciding, base, texts), *(() if at_home else _beside_signs(deciding, base, texts))]
    lines = list(dict.fromkeys(found))[:MOST_REASONS]
    if at_home and _expected(assessment):
        lines.append(texts("because.expected"))
    return tuple(lines) or (texts(_when_no_sign(assessment.disposition)),)


def deciding_signs(assessment: Assessment, base: EvidenceBase) -> frozenset[str]:
    """Ids of every sign that any finding used and that is there."""
    return frozenset(term.id for term, _growing in there(assessment.findings, base))


def _signs(findings: list[Finding], base: EvidenceBase, texts: Texts) -> Iterator[str]:
    """Signs and reactions first, then circumstances of the person; what may not be named comes last, as one line."""
    unnamed = False
    for term, growing in sorted(there(findings, base), key=lambda pair: _is_context(pair[0])):
        words = _words_for(term, texts)
        if words is not None:
            yield texts("because.growing" if growing else "because.sign", sign=words)
        unnamed = unnamed or (words is None and not _is_context(term))
    if unnamed:
        yield texts("because.check")


def _beside_signs(findings: list[Finding], base: EvidenceBase, texts: Texts) -> Iterator[str]:
    """A measured fever, other measured values, and the face."""
    facts = {name: value for finding in findings for name, value in finding.facts_used.items()}
    if _TEMPERATURE in facts and _is_fever(facts[_TEMPERATURE]):
        yield texts("because.sign", sign=plain_name(base.terms["fever"], texts.language))
    if _MEASURED.intersection(facts) - {_TEMPERATURE}:
        yield texts("because.measured")
    if is_yes(facts.get(FACE, "")):
        yield texts("because.face")


def _is_fever(value: str) -> bool:
    """Whether a measured temperature is one that the rules take as a fever. A value that is no number is not named."""
    try:
        return float(value) >= FEVER_CELSIUS
    except ValueError:
        return False


def _words_for(term: Term, texts: Texts) -> str | None:
    """What may be said of a term: its plain name when that describes, a sentence for some circumstances, else None."""
    if term.id in sign_data().contexts:
        return texts(f"context.{term.id}")
    return plain_name(term, texts.language) if may_be_named(term) else None


def _is_context(term: Term) -> bool:
    return term.kind is TermKind.CONTEXT


def _expected(assessment: Assessment) -> bool:
    return any(standing.state is CourseState.WITHIN for standing in assessment.course)


def _when_no_sign(disposition: Disposition) -> str:
    urgent = disposition.rank <= Disposition.SAME_DAY.rank
    return "because.check" if urgent else "because.not_enough"


def not_sure(assessment: Assessment, base: EvidenceBase, texts: Texts) -> tuple[str, ...]:
    """What is uncertain: that this is a page, what was not understood, and up to three questions still open."""
    asked = list(dict.fromkeys(_questions(assessment.questions, base, texts)))[:MOST_QUESTIONS]
    unread = (texts("not_sure.unread"),) if assessment.unrecognised else ()
    return (texts("not_sure.always"), *unread, *asked)


def _questions(names: tuple[str, ...], base: EvidenceBase, texts: Texts) -> Iterator[str]:
    terms = by_label(base.terms)
    for name in names:
        label, _colon, attribute = name.partition(": ")
        if name in _OTHER_QUESTIONS:
            yield texts(_OTHER_QUESTIONS[name])
        elif (term := terms.get(label)) and (words := _words_for(term, texts)):
            key = _question_about(term, attribute)
            if key is not None:
                yield texts(key, sign=words)


def _question_about(term: Term, attribute: str) -> str | None:
    """The text that asks for a sign or for an attribute of it; None for an attribute that has no plain question."""
    if not attribute:
        return "ask.context" if term.id in sign_data().contexts else "ask.sign"
    asked = sign_data().attributes.get(attribute)
    return None if asked is None else f"ask.{asked}"
