"""CAN01: cannot tell

Question
    Has enough been said, and understood, to reassure anyone?
Facts used
    Whether anything was recognised, and what was not; the safety questions (breathing, throat, collapse,
    fever, spreading, pus, dead or blistered skin, pain out of proportion, and sight unless the face was
    certainly not injected); day since the session; whether the answers were read out of free text.
Logic
    Nothing that was said could be recognised: a person must read it. A safety question unanswered, the day
    unknown, something not understood, or answers that were only read out of a sentence: no reassurance, an
    ordinary review at the least. All answered: it stands aside.
Levels
    same_day when nothing was recognised; routine while something is open; self_care when nothing is open,
    which leaves the answer to the other rules.
Evidence
    Safety netting: every answer short of an emergency says what it is unsure about (evidence record
    `safety-netting`).
Limits
    It raises the floor and never lowers anything. A full set of answers can still be wrong.
Example
    "My leg is weird" and nothing else: same_day, because nothing in it was recognised.
"""

from __future__ import annotations

from dataclasses import dataclass

from untoward.assess.facts import DAY, Facts
from untoward.assess.rule import Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition


@dataclass(frozen=True, slots=True)
class SafetyQuestion:
    """A question under its names: any clear answer to one of them answers it; so does a no to what implies it."""

    names: tuple[str, ...]
    implied_by_no: tuple[str, ...] = ()


SAFETY_QUESTIONS = (
    SafetyQuestion(("breathlessness", "wheeze", "stridor")),
    SafetyQuestion(("throat-swelling", "tongue-swelling", "throat-tightness")),
    SafetyQuestion(("collapse", "faint", "low-blood-pressure")),
    SafetyQuestion(("fever", "temperature")),
    SafetyQuestion(("spreading-redness", "red-streak"), ("redness", "cellulitis")),
    SafetyQuestion(("pus", "abscess", "fluctuance")),
    SafetyQuestion(("necrosis", "blister", "ulcer")),
    SafetyQuestion(("pain-out-of-proportion",), ("pain",)),
)
SIGHT = SafetyQuestion(("vision-loss", "double-vision", "blurred-vision"))
MOST_SHOWN = 200


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    unread = "; ".join(facts.not_understood)[:MOST_SHOWN]
    if not facts.said_something or (unread and facts.nothing_reported):
        return Conclusion(
            Disposition.SAME_DAY,
            "Nothing that was said could be recognised, so a person must read it"
            + (f": {unread}." if unread else "."),
            "no known sign in the input",
        )
    open_points = _open_points(facts, unread)
    if not open_points:
        return Conclusion(Disposition.SELF_CARE, "Every safety question was answered.", "all answered")
    return Conclusion(
        Disposition.ROUTINE,
        f"{' '.join(open_points)} Until then nobody can be reassured.",
        "every safety question answered, the day known, everything understood",
    )


def _open_points(facts: Facts, unread: str) -> list[str]:
    asked = SAFETY_QUESTIONS if facts.on_face() is Answer.NO else (*SAFETY_QUESTIONS, SIGHT)
    origins = {question.names[0]: _origin(facts, question) for question in asked}
    unanswered = [facts.label(name) for name, origin in origins.items() if origin is None]
    unanswered += [DAY] if facts.day is None else []
    only_read = [facts.label(name) for name, origin in origins.items() if origin == "text"]
    points = []
    if unanswered:
        points.append(f"Not asked yet: {', '.join(unanswered)}.")
    elif only_read:
        points.append(f"Only read out of a sentence, to be confirmed: {', '.join(only_read)}.")
    if unread:
        points.append(f"Not understood, a person must read it: {unread}.")
    return points


def _origin(facts: Facts, question: SafetyQuestion) -> str | None:
    """Where the answer to a question came from; None when it has none. An entered answer outweighs a read one."""
    signs = [facts.answered(term) for term in question.names]
    implied = [facts.answered(term) for term in question.implied_by_no if facts.denied(term)]
    origins = {sign.origin for sign in (*signs, *implied) if sign is not None}
    if not origins:
        facts.lacks(question.names[0])
        return None
    return "text" if origins == {"text"} else "findings"


RULE = Rule(
    code="CAN01",
    name="Cannot tell",
    most_urgent=Disposition.SAME_DAY,
    evidence=("safety-netting",),
    evaluate=evaluate,
)
