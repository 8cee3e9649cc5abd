"""What a case answers to the questions that the causality tools share.

Everything injected is taken as one. Only what was said counts: a question nobody asked is UNKNOWN, also when
the answer seems likely.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from untoward.assess.judgement.knowledge import Knowledge, knowledge_of
from untoward.assess.judgement.view import View
from untoward.evidence.courses import INJECTION_ITSELF
from untoward.model.answer import Answer

OBJECTIVE = (
    "objective-confirmation",
    "culture-positive",
    "mycobacteria-culture-positive",
    "biopsy-granuloma",
    "tryptase-raised",
)
"""Findings that confirm that the reaction happened."""

MECHANISM = ("mechanism-shown", "toxic-level", "dose-related")
"""Findings that show how the product caused it; that the reaction happened is not enough."""


class Known(NamedTuple):
    """An answer and the fact behind it."""

    answer: Answer
    fact: str


class Question(NamedTuple):
    """A question of a point score in our words, and its points for yes and for no."""

    text: str
    yes: int
    no: int


NOT_ASKED = Known(answer=Answer.UNKNOWN, fact="not known")


def stated(view: View, *terms: str) -> Known:
    """Whether one of these terms is there; NO only when every one was denied."""
    there = [term for term in terms if term in view.ever_yes]
    if there:
        return Known(answer=Answer.YES, fact=f"{', '.join(view.label(term) for term in there)}: yes")
    if view.no.issuperset(terms):
        return Known(answer=Answer.NO, fact=f"{', '.join(view.label(term) for term in terms)}: no")
    return NOT_ASKED


def reported_before(view: View, term: str | None) -> tuple[Known, tuple[str, ...]]:
    """Whether this reaction is published for anything that was injected, and the records.

    That this evidence base holds no record does not mean that there is none: UNKNOWN then.
    """
    if term is None:
        return NOT_ASKED, ()
    return _published(knowledge_of(view.situation.evidence), view.situation.compounds, term)


@lru_cache(maxsize=4096)
def _published(known: Knowledge, compounds: tuple[str, ...], term: str) -> tuple[Known, tuple[str, ...]]:
    keys = dict.fromkeys((*compounds, INJECTION_ITSELF))
    records = tuple(record for key in keys for record in known.reported(key, term))
    if not records:
        return Known(answer=Answer.UNKNOWN, fact="no record of it is held"), ()
    return Known(answer=Answer.YES, fact=f"published: {len(records)} records"), records


def after_injection(view: View, term: str | None) -> Known:
    """Whether it came after the injection. The day counts from the session, so a day of 0 or more is after."""
    before = view.answer("there-before")
    if before is Answer.YES or _seen_before(view, term):
        return Known(answer=Answer.NO, fact="it was there before the injection")
    since = None if term is None else view.number(term, "since_day")
    day = view.situation.day if since is None else since
    if day is not None:
        return Known(answer=Answer.of(day >= 0), fact=f"day {day:g} after the session")
    if before is Answer.NO and view.situation.case.sessions:
        return Known(answer=Answer.YES, fact="it was not there before the injection")
    return NOT_ASKED


def _seen_before(view: View, term: str | None) -> bool:
    """Whether an observation from before the session already had it."""
    if term is None:
        return False
    return any(
        seen.day is not None and seen.day < 0 and (sign := seen.signs.get(term)) is not None
        and sign.answer is Answer.YES
        for seen in view.situation.earlier
    )  # fmt: skip


def rechallenge(view: View) -> Known:
    """Whether it came back when it was given again. That it was not said to come back says nothing."""
    positive, negative = view.ever("positive-rechallenge"), view.ever("negative-rechallenge")
    if positive is Answer.YES:
        return Known(answer=Answer.YES, fact=view.label("positive-rechallenge"))
    if negative is Answer.YES:
        return Known(answer=Answer.NO, fact=view.label("negative-rechallenge"))
    return NOT_ASKED


def contradictory(view: View) -> bool:
    """Whether it is said both to have come back and not to have come back."""
    return view.ever("positive-rechallenge") is view.ever("negative-rechallenge") is Answer.YES
