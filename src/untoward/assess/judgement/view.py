"""What a judgement reads of a situation: answers, sizes, words of severity, and what was said of function.

Function (what a reaction keeps a person from doing) is read from the present observation only: that somebody
could not work last week says nothing of today. Treatments and outcomes are read as far as they are known.
"""

from __future__ import annotations

from functools import cached_property

from untoward.assess.situation import Situation
from untoward.model.answer import Answer
from untoward.model.case import Sign
from untoward.model.names import fold
from untoward.model.terms import TermKind

OUTCOMES = frozenset(
    {"death", "life-threatening", "hospital-admission", "disability", "congenital-anomaly", "any-reaction"}
)
"""Terms of kind reaction that say how it went, not what it was."""

FUNCTION = ("limits-activity", "prevents-activity", "limits-self-care")
"""What a reaction keeps a person from, each including those before it."""

FUNCTION_WORDS = {
    **dict.fromkeys(("none", "normal", "not limited", "no interference"), 0),
    **dict.fromkeys(("interferes", "limits", "limited", "some interference"), 1),
    **dict.fromkeys(("prevents", "prevented", "cannot"), 2),
    **dict.fromkeys(("self care", "limits self care", "bedridden"), 3),
}
"""Folded values of the attribute `activity` of a sign, and how far down they reach in `FUNCTION` (0 is nowhere)."""

SEVERITY_WORDS = {
    **dict.fromkeys("mild slight leve ligero ligera suave leger legere".split(), 1),
    **dict.fromkeys("moderate moderado moderada modere moderee".split(), 2),
    **dict.fromkeys("severe intense grave severo severa intenso intensa fuerte forte".split(), 3),
}


class View:
    """The facts of one situation, looked up once."""

    def __init__(self, situation: Situation) -> None:
        self.situation = situation
        self.signs = situation.signs
        self._now = situation.observation.signs
        self.yes, self.no = situation.yes, situation.no
        self._labels = situation.labels

    def label(self, term: str) -> str:
        """The canonical English name of a term."""
        return self._labels[term]

    def answer(self, term: str) -> Answer:
        """What is known of a term."""
        if term in self.yes:
            return Answer.YES
        return Answer.NO if term in self.no else Answer.UNKNOWN

    def ever(self, term: str) -> Answer:
        """Like `answer`, but YES when any earlier observation had it."""
        if term in self.ever_yes:
            return Answer.YES
        return Answer.NO if term in self.no else Answer.UNKNOWN

    @cached_property
    def ever_yes(self) -> frozenset[str]:
        """Terms that are there now or were at any earlier observation."""
        earlier = self.situation.earlier
        if not earlier:
            return self.yes
        before = {term for seen in earlier for term, sign in seen.signs.items() if sign.answer is Answer.YES}
        return self.yes | before

    def size_cm(self, term: str) -> float | None:
        """The largest diameter of a sign; None when it was not given."""
        sign = self.signs.get(term)
        return None if sign is None else sign.number("size_cm")

    def number(self, term: str, name: str) -> float | None:
        """A number that was given with a sign."""
        sign = self.signs.get(term)
        return None if sign is None else sign.number(name)

    def word(self, term: str, name: str) -> str | None:
        """A text that was given with a sign, folded."""
        sign = self.signs.get(term)
        value = None if sign is None else sign.attributes.get(name)
        return fold(value) if isinstance(value, str) else None

    def severity(self, term: str) -> int | None:
        """1 mild, 2 moderate, 3 severe, as somebody said in words; None when nobody did."""
        word = self.word(term, "severity")
        said = [SEVERITY_WORDS[part] for part in (word or "").split() if part in SEVERITY_WORDS]
        return max(said) if said else None

    def reaches(self, term: str, level: int) -> Answer:
        """Whether what a reaction limits reaches this level: 1 activity is limited, 2 prevented, 3 self-care."""
        word = self.word(term, "activity")
        if word in FUNCTION_WORDS:
            return Answer.of(FUNCTION_WORDS[word] >= level)
        said = [self._function_now(name) for name in FUNCTION]
        if Answer.YES in said[level - 1 :]:
            return Answer.YES
        return Answer.NO if Answer.NO in said[:level] else Answer.UNKNOWN

    def about(self, term: str, fact: str) -> Answer:
        """A fact such as an admission, as far as it was because of this reaction.

        When there is another trouble it may have been because of that one: UNKNOWN then.
        """
        answer = self.ever(fact)
        return Answer.UNKNOWN if answer is Answer.YES and not self.alone(term) else answer

    def alone(self, term: str) -> bool:
        """Whether nothing but troubles of its own group and ordinary local ones is there beside this one."""
        terms = self.situation.evidence.terms
        own = (terms[term].group, "local")
        return all(other == term or terms[other].group in own for other in self.troubles)

    @cached_property
    def troubles(self) -> tuple[str, ...]:
        """Reactions and red-flag signs that are there now, outcomes left out, sorted."""
        terms = self.situation.evidence.terms
        return tuple(
            sign.term for sign in self.situation.present
            if sign.term not in OUTCOMES
            and (terms[sign.term].kind is TermKind.REACTION
                 or (terms[sign.term].kind is TermKind.SIGN and terms[sign.term].red_flag))
        )  # fmt: skip

    @cached_property
    def leading(self) -> str | None:
        """The reaction that causality is about: a red flag first, then what this observation itself says,

        then what was there before; the largest first, and by name among equals. None when nothing is there.
        """
        terms = self.situation.evidence.terms
        order = sorted(
            self.troubles,
            key=lambda term: (
                not terms[term].red_flag,
                not _is_yes(self._now.get(term)),
                -(self.size_cm(term) or 0.0),
                term,
            ),
        )
        return order[0] if order else None

    def _function_now(self, term: str) -> Answer:
        sign = self._now.get(term)
        return Answer.UNKNOWN if sign is None else sign.answer


def _is_yes(sign: Sign | None) -> bool:
    return sign is not None and sign.answer is Answer.YES
