"""What to ask next, most informative first: every missing fact is tried with the answers it could have.

A fact is tried on the rules that asked for it. How much an answer could change is how many steps the
disposition would become more urgent. Of facts that could change as much, the one comes first that completes a
picture already begun: the rules that lack it have found other signs. What can be asked comes before what must
be measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from untoward.assess.asking import Question
from untoward.assess.facts import DAY, KEY_OF_VITAL, Facts
from untoward.assess.rule import Conclusion, Rule
from untoward.assess.situation import Situation
from untoward.model.answer import Answer
from untoward.model.case import Attribute, Sign
from untoward.model.finding import Disposition

MOST_QUESTIONS = 12
"""Questions offered at most; all missing facts stay listed with their rules."""

MEASURED = frozenset(KEY_OF_VITAL.values())
"""Names under which vital signs are missing: they need an instrument, a question does not."""

POSSIBLE_VALUES: Mapping[Question, tuple[Attribute, ...]] = {
    Question("temperature", "value"): (39.2, 36.8),
    Question("heart-rate", "value"): (140.0, 75.0),
    Question("respiratory-rate", "value"): (30.0, 16.0),
    Question("systolic-bp", "value"): (80.0, 120.0),
    Question("spo2", "value"): (86.0, 98.0),
    Question("avpu", "level"): ("confusion", "alert"),
    Question("urine-output-gap", "value"): (20.0, 2.0),
    Question("capillary-refill", "value"): (5.0, 1.0),
}
"""A grave and an ordinary value of what is measured, tried in place of all values."""

POSSIBLE_ATTRIBUTES: Mapping[str, tuple[Attribute, ...]] = {
    "size_cm": (12.0, 1.0), "count": (5.0, 1.0), "days": (5.0, 1.0), "severity": ("severe", "mild"),
}  # fmt: skip
EITHER: tuple[Attribute, ...] = (True, False)
POSSIBLE_DAYS = (0.1, 4.0, 35.0)
"""A day of each time that rules tell apart: the first hours, the first week, and weeks later."""


@dataclass(frozen=True, slots=True)
class Asking:
    """One rule that lacks facts: what it lacks, what it has found, and its disposition so far, if any."""

    rule: Rule
    missing: Mapping[str, Question | None]
    found: int
    disposition: Disposition | None = None


@dataclass(slots=True)
class _Candidate:
    """A missing fact: who lacks it, how urgent any of these can be, and how many signs they have found."""

    name: str
    question: Question | None
    measured: bool
    askers: list[Asking] = field(default_factory=list)
    most_urgent: int = len(Disposition)
    found: int = 0

    def add(self, asker: Asking) -> None:
        self.askers.append(asker)
        self.most_urgent = min(self.most_urgent, asker.rule.most_urgent.rank)
        self.found += asker.found

    @property
    def before_trying(self) -> tuple[bool, int, int, int]:
        """What can be asked first, then what could matter most, then what completes the most."""
        return self.measured, self.most_urgent, -self.found, -len(self.askers)


def questions(situation: Situation, disposition: Disposition, asking: Iterable[Asking]) -> tuple[str, ...]:
    """Names of missing facts whose answers could change the disposition, the most informative first."""
    candidates = _candidates(disposition, asking)
    change: dict[str, int] = {}
    for candidate in candidates:
        if _enough(change, disposition.rank - candidate.most_urgent):
            break
        change[candidate.name] = _change(situation, disposition, candidate)
    ordered = sorted(
        (candidate for candidate in candidates if candidate.name in change),
        key=lambda candidate: (candidate.measured, -change[candidate.name]),
    )
    return tuple(candidate.name for candidate in ordered[:MOST_QUESTIONS])


def _enough(change: Mapping[str, int], at_most: int) -> bool:
    """Whether no further fact can displace those already found: the rest can change `at_most` steps or fewer."""
    return sum(steps >= at_most for steps in change.values()) >= MOST_QUESTIONS


def _candidates(disposition: Disposition, asking: Iterable[Asking]) -> list[_Candidate]:
    """Facts that a rule lacks which could still say something more urgent, the likeliest to matter first."""
    by_name: dict[str, _Candidate] = {}
    for asker in asking:
        if asker.rule.most_urgent.rank >= disposition.rank:
            continue
        for name, question in asker.missing.items():
            if name not in by_name:
                by_name[name] = _Candidate(name, question, name in MEASURED)
            by_name[name].add(asker)
    return sorted(by_name.values(), key=lambda candidate: candidate.before_trying)


def _change(situation: Situation, disposition: Disposition, candidate: _Candidate) -> int:
    """Steps on the ladder by which the most telling answer would make the disposition more urgent."""
    if candidate.question is None:
        return 0
    rank = disposition.rank
    for supposed in _suppositions(situation, candidate.question):
        for asker in candidate.askers:
            if asker.rule.most_urgent.rank < rank:
                answered = asker.rule.evaluate(Facts(supposed))
                if isinstance(answered, Conclusion):
                    rank = min(rank, answered.disposition.rank)
            if rank == candidate.most_urgent:
                return disposition.rank - rank
    return disposition.rank - rank


def _suppositions(situation: Situation, question: Question) -> Iterator[Situation]:
    """The situation with each answer that could make it more urgent; the "no" of a sign never does."""
    if question.attribute == DAY:
        yield from (situation.supposing_day(day) for day in POSSIBLE_DAYS)
    elif not question.attribute:
        yield situation.supposing(Sign(term=question.term, answer=Answer.YES))
    elif question.term in KEY_OF_VITAL:
        for value in POSSIBLE_VALUES.get(question, ()):
            measured = Sign(term=question.term, answer=Answer.YES, attributes={question.attribute: value})
            yield situation.supposing(measured)
    else:
        yield from _with_attribute(situation, question)


def _with_attribute(situation: Situation, question: Question) -> Iterator[Situation]:
    known = situation.signs.get(question.term)
    attributes = {} if known is None else dict(known.attributes)
    for value in POSSIBLE_ATTRIBUTES.get(question.attribute, EITHER):
        attributes[question.attribute] = value
        yield situation.supposing(Sign(term=question.term, answer=Answer.YES, attributes=dict(attributes)))
