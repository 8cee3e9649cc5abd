"""What a check-in asks, in which order, and what each answer says in the terms of an assessment.

One question is on the screen at a time. Whoever notices something that cannot wait is asked nothing more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from untoward.model.terms import TermKind
from untoward.report.patient_view.signs import by_label, may_be_named, plain_name, sign_data
from untoward.report.patient_view.texts import view_texts
from untoward.tasks.knowledge import evidence

HOW = ("fine", "something", "emergency")
SINCE: Mapping[str, float | None] = {
    "today": 0.0, "yesterday": 1.0, "days": 2.5, "week": 5.5, "longer": 10.0, "unsure": None,
}  # fmt: skip
"""How long it has been there, in days: the middle of what each answer says."""
BAD: Mapping[str, str | None] = {"mild": "mild", "moderate": "moderate", "severe": "severe", "unsure": None}
COURSE: Mapping[str, Mapping[str, bool]] = {
    "better": {"worse": False, "better": True}, "same": {"worse": False}, "worse": {"worse": True}, "unsure": {},
}  # fmt: skip
LONGEST_WORDS = 4000
MOST_ASKED = 3
"""Questions of one further round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """One thing that can be noticed: the term it stands for, closer ones to choose from, and whether it can wait."""

    term: str | None
    closer: tuple[str, ...] = ()
    urgent: bool = False


CONCERNS: Mapping[str, Concern] = {
    "breathing": Concern(term="breathlessness", urgent=True),
    "vision": Concern(term="blurred-vision", urgent=True),
    "colour": Concern(
        term="discolouration", closer=("pallor", "purple-discolouration", "livedo", "bruise", "hyperpigmentation")
    ),
    "swelling": Concern(term="swelling"),
    "redness": Concern(term="redness"),
    "pain": Concern(term="pain"),
    "lump": Concern(term="nodule"),
    "fever": Concern(term="fever"),
    "wound": Concern(term=None, closer=("ulcer", "pus", "blister", "necrosis", "bleeding", "clear-discharge")),
    "other": Concern(
        term=None,
        closer=(
            "itch", "hives", "rash", "numbness", "headache", "vomiting", "faint", "chest-pain", "weakness", "slurred-speech",
            "dysphagia",
        ),
    ),
}  # fmt: skip
URGENT = frozenset(
    {"pallor", "purple-discolouration", "livedo", "necrosis", "faint", "chest-pain", "weakness", "slurred-speech", "dysphagia"}
)  # fmt: skip
"""Closer signs after which nothing more is asked before the advice is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What a patient has answered so far; empty or None where it was not asked yet."""

    how: str = ""
    what: tuple[str, ...] = ()
    which: tuple[str, ...] | None = None
    since: str = ""
    bad: str = ""
    course: str = ""
    words: str = ""

    @property
    def urgent(self) -> bool:
        """Whether something was named that cannot wait for more questions."""
        named = (CONCERNS[key].urgent for key in self.what)
        return self.how == "emergency" or any(named) or bool(URGENT.intersection(self.which or ()))

    def document(self, *, by_phone: bool) -> dict[str, Any]:
        """As it is kept on the check-in."""
        return {
            "how": self.how,
            "what": list(self.what),
            "which": None if self.which is None else list(self.which),
            "since": self.since,
            "bad": self.bad,
            "course": self.course,
            "words": self.words,
            "by_phone": by_phone,
        }


def read_answers(given: Mapping[str, Any]) -> Answers:
    """Answers from texts and lists; what is not one of the choices was not answered."""
    which = given.get("which")
    closer = {term for concern in CONCERNS.values() for term in concern.closer}
    return Answers(
        how=_chosen(given.get("how"), HOW),
        what=tuple(key for key in CONCERNS if key in (given.get("what") or ())),
        which=None if which is None else tuple(term for term in which if term in closer),
        since=_chosen(given.get("since"), SINCE),
        bad=_chosen(given.get("bad"), BAD),
        course=_chosen(given.get("course"), COURSE),
        words=plain_words(given.get("words")),
    )


def plain_words(given: object) -> str:
    """What somebody wrote, without the space around it and without characters that no database keeps; never too long."""
    return str(given or "").replace("\x00", "").strip()[:LONGEST_WORDS]


def next_step(answers: Answers) -> str:
    """What to ask now: "how", "what", "which", "since", "bad", "course", or "" when nothing more is asked."""
    if not answers.how:
        return "how"
    if answers.how in ("fine", "emergency"):
        return ""
    if not answers.what and not answers.words:
        return "what"
    if answers.urgent:
        return ""
    if answers.which is None and closer_of(answers):
        return "which"
    return next((step for step in ("since", "bad", "course") if not getattr(answers, step)), "")


def closer_of(answers: Answers) -> tuple[str, ...]:
    """The closer signs to choose from, of everything that was noticed."""
    return tuple(dict.fromkeys(term for key in answers.what for term in CONCERNS[key].closer))


def findings_of(answers: Answers) -> dict[str, Any]:
    """The findings of an assessment that the answers state; nothing that was not said."""
    details: dict[str, Any] = {"present": True, **COURSE.get(answers.course, {})}
    if (lasted := SINCE.get(answers.since)) is not None:
        details["duration_days"] = lasted
    if (severity := BAD.get(answers.bad)) is not None:
        details["severity"] = severity
    return {term: dict(details) for term in _terms(answers)}


def _terms(answers: Answers) -> Iterator[str]:
    """The closer sign where one was chosen, else what the concern itself stands for."""
    which = dict.fromkeys(answers.which or ())
    yield from (term for term in which if term not in closer_of(answers))
    for key in answers.what:
        concern = CONCERNS[key]
        closer = [term for term in concern.closer if term in which]
        yield from closer
        if concern.term and not closer:
            yield concern.term


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """One further question: a sign, or with `attribute` something about it, and the words that ask it."""

    term: str
    text: str
    attribute: str = ""

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{self.term}.{self.attribute}" if self.attribute else self.term


def follow_ups(names: Sequence[str], language: str, known: Mapping[str, Any]) -> tuple[FollowUp, ...]:
    """The first of the questions that an assessment still has which yes, no and not sure can answer.

    `names` are those of the assessment, most informative first; `known` are findings: what was asked already is not asked again.
    """
    asked = (_follow_up(name, language) for name in names)
    new = {one.key: one for one in asked if one is not None and not _is_known(one, known)}
    return tuple(new.values())[:MOST_ASKED]


def with_answers(
    known: Mapping[str, Any], asked: Sequence[FollowUp], said: Mapping[str, str]
) -> dict[str, Any] | None:
    """The findings with what was answered to further questions: yes, no, or asked and not sure. None where nothing was."""
    answered = [(one, said[one.key]) for one in asked if said.get(one.key) in _VALUES]
    if not answered:
        return None
    findings = dict(known)
    for one, text in answered:
        value = _VALUES[text]
        if not one.attribute:
            findings[one.term] = value
            continue
        before = findings.get(one.term)
        findings[one.term] = {
            **(before if isinstance(before, dict) else {"present": before}),
            one.attribute: value,
        }
    return findings


_VALUES: Mapping[str, bool | None] = {"yes": True, "no": False, "unsure": None}


def _follow_up(name: str, language: str) -> FollowUp | None:
    """The question in the person's words; None for what has no plain question, or is not answered by yes or no."""
    label, _colon, attribute = name.partition(": ")
    term, data = by_label(evidence().terms).get(label), sign_data()
    if term is None:
        return None
    texts = view_texts(language)
    context = term.id in data.contexts
    words = (
        texts(f"context.{term.id}") if context else plain_name(term, language) if may_be_named(term) else None
    )
    kind = data.attributes.get(attribute) if attribute else "context" if context else "sign"
    if (
        not words
        or kind not in ("context", "sign", "growing", "painful", "passed")
        or term.kind is TermKind.VITAL
    ):
        return None
    stored = "spreading" if attribute == "growing" else attribute
    return FollowUp(term=term.id, attribute=stored, text=texts(f"ask.{kind}", sign=words))


def _is_known(question: FollowUp, known: Mapping[str, Any]) -> bool:
    if not question.attribute:
        return question.term in known
    details = known.get(question.term)
    return isinstance(details, dict) and question.attribute in details


def _chosen(value: object, choices: Any) -> str:  # noqa: ANN401 - any container of texts
    return value if isinstance(value, str) and value in choices else ""
