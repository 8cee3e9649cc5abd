"""CAN01: cannot tell

Question
    Has enough been said to reassure anyone?
Facts used
    Whether anything was recognised; whether the safety questions were answered (breathing, throat, collapse,
    fever, spreading, pus, black skin or blisters, pain out of proportion, and sight when the face was
    injected).
Logic
    Nothing recognised: a person must read it. A safety question unanswered: no reassurance, an ordinary
    review at the least. All answered: silent.
Levels
    same_day when nothing was recognised; routine while a safety question is open.
Evidence
    Safety netting: every answer short of an emergency says what it is unsure about (evidence record
    `safety-netting`).
Limits
    It raises the floor and never lowers anything. A full set of answers can still be wrong.
Example
    "My leg is weird" and nothing else: same_day, because nothing in it was recognised.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

SAFETY_QUESTIONS: tuple[tuple[str, ...], ...] = (
    ("breathlessness",),
    ("throat-swelling", "tongue-swelling", "throat-tightness"),
    ("collapse",),
    ("fever",),
    ("spreading-redness",),
    ("pus", "abscess"),
    ("necrosis", "blister"),
    ("pain-out-of-proportion",),
)
FACE_QUESTION = ("vision-loss",)


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    if facts.nothing_recognised:
        unread = "; ".join(facts.not_understood)
        return Conclusion(
            Disposition.SAME_DAY,
            "Nothing that was said could be recognised, so a person must read it"
            + (f": {unread}." if unread else "."),
            "no known sign in the input",
        )
    questions = SAFETY_QUESTIONS
    if facts.on_face() is not Answer.NO:
        questions = (*questions, FACE_QUESTION)
    unanswered = [question[0] for question in questions if not _answered(facts, question)]
    if not unanswered:
        return None
    return Conclusion(
        Disposition.ROUTINE,
        f"Not asked yet: {', '.join(facts.label(term) for term in unanswered)}. "
        "Until these are answered nobody can be reassured.",
        "every safety question answered",
    )


def _answered(facts: Facts, question: tuple[str, ...]) -> bool:
    """Any clear answer to one of the names of a question counts as the question having been asked."""
    answers = [facts.has(term) for term in question]  # asked one by one, so that each is noted
    return any(answer is not Answer.UNKNOWN for answer in answers)


RULE = Rule(
    code="CAN01",
    name="Cannot tell",
    most_urgent=Disposition.SAME_DAY,
    evidence=("safety-netting",),
    evaluate=evaluate,
)
