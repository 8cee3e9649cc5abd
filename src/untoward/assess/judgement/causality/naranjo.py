"""Naranjo's adverse drug reaction probability scale (1981): ten questions, -4 to 13 points.

Made for medicines that can be stopped and given again. A one-off injection can seldom answer questions 3, 4
and 8, so the most that can be reached without them is shown beside the score. Unknown answers give no points;
`low` and `high` are what they could still give.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from untoward.assess.judgement.causality.answers import (
    NOT_ASKED,
    OBJECTIVE,
    Known,
    Question,
    after_injection,
    rechallenge,
    reported_before,
    stated,
)
from untoward.assess.judgement.view import View
from untoward.model.answer import Answer
from untoward.model.judgement import Answered, Naranjo

RECORD = "naranjo"


QUESTIONS: Mapping[int, Question] = {
    1: Question("reported before", 1, 0),
    2: Question("came after the injection", 2, -1),
    3: Question("better after stopping or an antidote", 1, 0),
    4: Question("came back when given again", 2, -1),
    5: Question("other causes could explain it alone", -1, 2),
    6: Question("came with placebo", -1, 1),
    7: Question("toxic level measured", 1, 0),
    8: Question("worse with more, milder with less", 1, 0),
    9: Question("similar reaction before", 1, 0),
    10: Question("confirmed by objective evidence", 1, 0),
}
NEED_REPETITION = (3, 4, 8)
"""Questions that need stopping, giving again or another dose."""

CATEGORIES = ((9, "definite"), (5, "probable"), (1, "possible"))


def naranjo(view: View, term: str | None) -> Naranjo:
    """Naranjo's score of a case for one reaction."""
    return naranjo_of(known_answers(view, term))


def naranjo_of(known: Mapping[int, Known]) -> Naranjo:
    """The score of answers by number of question; questions that are left out are unknown."""
    return _scored(tuple(known.get(number, NOT_ASKED) for number in QUESTIONS))


@lru_cache(maxsize=4096)
def _scored(known: tuple[Known, ...]) -> Naranjo:
    answers = tuple(_answered(number, item) for number, item in zip(QUESTIONS, known, strict=True))
    unknown = {item.question: QUESTIONS[item.question] for item in answers if item.answer is Answer.UNKNOWN}
    score = sum(item.points for item in answers)
    low = score + sum(min(question.yes, question.no, 0) for question in unknown.values())
    high = score + sum(max(question.yes, question.no, 0) for question in unknown.values())
    repeated = sum(unknown[number].yes for number in NEED_REPETITION if number in unknown)
    return Naranjo(
        score=score, low=low, high=high, reachable=high - repeated, category=category(score),
        category_low=category(low), category_high=category(high), answers=answers,
    )  # fmt: skip


def category(score: int) -> str:
    """The category of a score: definite from 9, probable from 5, possible from 1, else doubtful."""
    return next((name for least, name in CATEGORIES if score >= least), "doubtful")


def known_answers(view: View, term: str | None) -> dict[int, Known]:
    """What a case answers to the ten questions."""
    return {
        1: reported_before(view, term)[0],
        2: after_injection(view, term),
        3: stated(view, "improved-after-stopping"),
        4: rechallenge(view),
        5: stated(view, "other-cause-likely"),
        6: stated(view, "placebo-reaction"),
        7: stated(view, "toxic-level"),
        8: stated(view, "dose-related"),
        9: stated(view, "previous-reaction-to-same"),
        10: stated(view, *OBJECTIVE),
    }


def _answered(number: int, known: Known) -> Answered:
    question = QUESTIONS[number]
    points = {Answer.YES: question.yes, Answer.NO: question.no, Answer.UNKNOWN: 0}[known.answer]
    return Answered(question=number, text=question.text, answer=known.answer, points=points, fact=known.fact)
