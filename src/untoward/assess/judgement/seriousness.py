"""Serious in the regulatory sense (ICH E2A and E2D): an outcome, not a degree.

Severe is not serious. A visit to the emergency department is no admission. Life-threatening means that the
person was at risk of death at the time; it is read only where it was said. Besides the criteria stands our own
list of medically important reactions; it can make a reaction serious, never not serious. NO needs every
criterion to have been denied; anything less stays UNKNOWN.
"""

from __future__ import annotations

from untoward.assess.judgement.view import View
from untoward.model.answer import Answer, any_of
from untoward.model.judgement import Seriousness

CRITERIA, OWN_LIST = "ich-seriousness", "medically-important-reactions"

OUTCOMES = {
    "death": "death",
    "life-threatening": "life-threatening at the time",
    "hospital-admission": "admission to hospital or a longer stay",
    "disability": "lasting or significant disability",
    "congenital-anomaly": "congenital anomaly",
    "harm-prevented": "treatment needed to prevent one of these",
}
"""Terms that state a criterion, and what the criterion is called."""

IMPORTANT = (
    "anaphylaxis",
    "sepsis",
    "necrotising-infection",
    "vision-loss",
    "stroke",
    "botulism",
    "vascular-occlusion",
    "methaemoglobinaemia",
    "pulmonary-embolism",
    "thrombosis",
    "haemolysis",
    "kidney-failure",
    "liver-injury",
    "seizure",
    "local-anaesthetic-toxicity",
    "cardiac-arrest",
    "coma",
    "orbital-cellulitis",
    "nicolau-syndrome",
)
MAY_LAST = ("vision-loss", "necrosis", "scar", "nerve-injury", "stroke", "lipoatrophy")
"""Reactions that may mean a lasting impairment: a person has to judge that."""


def seriousness(view: View) -> Seriousness:
    """Whether it is serious, by everything known up to this observation."""
    answers = {term: _criterion(view, term) for term in OUTCOMES}
    criteria = tuple(OUTCOMES[term] for term, answer in answers.items() if answer is Answer.YES)
    important = tuple(view.label(term) for term in IMPORTANT if term in view.ever_yes)
    lasting = tuple(view.label(term) for term in MAY_LAST if term in view.ever_yes)
    value = Answer.YES if criteria or important else any_of(answers.values())
    if lasting and value is Answer.NO:
        value = Answer.UNKNOWN
    missing = tuple(view.label(term) for term, answer in answers.items() if answer is Answer.UNKNOWN)
    return Seriousness(
        value=value,
        criteria=criteria,
        medically_important=important,
        needs_judgement=lasting,
        missing=missing,
        evidence=(CRITERIA, OWN_LIST) if important else (CRITERIA,),
    )


def _criterion(view: View, term: str) -> Answer:
    """A criterion so far. A congenital anomaly cannot be where there is no pregnancy."""
    answer = view.ever(term)
    if term == "congenital-anomaly" and answer is Answer.UNKNOWN and view.answer("pregnancy") is Answer.NO:
        return Answer.NO
    return answer
