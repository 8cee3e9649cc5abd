"""The drug interaction probability scale (Horn 2007), for each pair of compounds that is known to interact.

Points only: the categories were cut off in every copy that could be opened, so none is given. It is asked only
where two named compounds, injected or taken, have a published interaction.
"""

from __future__ import annotations

from itertools import combinations

from untoward.assess.judgement.causality.answers import (
    NOT_ASKED,
    OBJECTIVE,
    Known,
    Question,
    after_injection,
    rechallenge,
    stated,
)
from untoward.assess.judgement.knowledge import knowledge_of
from untoward.assess.judgement.view import View
from untoward.evidence.records import Pair
from untoward.model.answer import Answer
from untoward.model.judgement import Answered, Dips

RECORD = "dips-interaction"
IN_PEOPLE = frozenset({"case-report", "series", "trial", "registry", "outbreak"})
"""Sources that report an interaction in people; a label or a review may only warn of it."""


QUESTIONS = {
    1: Question("credible reports in people", 1, -1),
    2: Question("fits what the causing compound does", 1, -1),
    3: Question("fits what happens to the affected compound", 1, -1),
    4: Question("fits the time course", 1, -1),
    5: Question("went away when the causing compound was stopped", 1, -2),
    6: Question("came back when it was given again", 2, -1),
    7: Question("reasonable other causes", -1, 1),
    8: Question("level of the affected compound fits", 1, 0),
    9: Question("confirmed by other objective evidence", 1, 0),
    10: Question("greater with more, less with less", 1, -1),
}


def dips(view: View, term: str | None) -> tuple[Dips, ...]:
    """The scale for each pair with a published interaction; none when fewer than two compounds are named."""
    names = _named(view)
    if term is None or len(names) < 2:
        return ()
    known = knowledge_of(view.situation.evidence)
    found = ((pair, known.interactions(*pair)) for pair in combinations(names, 2))
    return tuple(_of_pair(view, term, pair, records) for pair, records in found if records)


def _named(view: View) -> tuple[str, ...]:
    """Compounds that were injected, and medicines taken that are known under a compound's name."""
    base = view.situation.evidence
    taken = [base.compound(name) for name in view.situation.case.patient.medicines]
    keys = {*view.situation.compounds, *(compound.key for compound in taken if compound is not None)}
    return tuple(sorted(keys))


def _of_pair(view: View, term: str, pair: tuple[str, str], records: tuple[Pair, ...]) -> Dips:
    base = view.situation.evidence
    people = any(base.source_of(record).type in IN_PEOPLE for record in records)
    stopped = stated(view, "improved-after-stopping")
    known = {
        1: Known(answer=Answer.YES, fact="published in people") if people else NOT_ASKED,
        4: after_injection(view, term),
        5: stopped,
        6: NOT_ASKED if stopped.answer is Answer.UNKNOWN else rechallenge(view),
        7: stated(view, "other-cause-likely"),
        8: stated(view, "toxic-level"),
        9: stated(view, *OBJECTIVE),
        10: stated(view, "dose-related"),
    }
    return dips_of(known, pair, (RECORD, *(record.key for record in records)))


def dips_of(known: dict[int, Known], pair: tuple[str, str], evidence: tuple[str, ...] = (RECORD,)) -> Dips:
    """The points of answers by number of question; without an answer to the fifth the sixth is skipped."""
    if known.get(5, NOT_ASKED).answer is Answer.UNKNOWN:
        known = {number: item for number, item in known.items() if number != 6}
    answers = tuple(_answered(number, known.get(number, NOT_ASKED)) for number in QUESTIONS)
    open_questions = [QUESTIONS[item.question] for item in answers if item.answer is Answer.UNKNOWN]
    score = sum(item.points for item in answers)
    return Dips(
        pair=pair,
        score=score,
        low=score + sum(min(question.yes, question.no, 0) for question in open_questions),
        high=score + sum(max(question.yes, question.no, 0) for question in open_questions),
        answers=answers,
        evidence=evidence,
    )


def _answered(number: int, known: Known) -> Answered:
    question = QUESTIONS[number]
    points = {Answer.YES: question.yes, Answer.NO: question.no, Answer.UNKNOWN: 0}[known.answer]
    return Answered(question=number, text=question.text, answer=known.answer, points=points, fact=known.fact)
