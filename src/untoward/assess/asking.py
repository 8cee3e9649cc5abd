"""What a rule may ask about signs.

Every question is noted: answered ones as facts used, unanswered ones as facts missing. Several names of one
question ("short of breath", "wheeze") are asked together with `question`, so that what is missing stays a
list that a person can work through.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from untoward.assess.situation import Situation
from untoward.model.answer import Answer, at_least
from untoward.model.case import Sign

LARGER_FROM_DAYS = 0.25
"""Two sizes are compared when they were measured at least 6 hours apart."""


class Question(NamedTuple):
    """What a person could be asked for: a sign, an attribute of a sign, or (without a term) a fact of its own."""

    term: str
    attribute: str = ""


class Signs:
    """The signs of one situation, as one rule asks for them."""

    __slots__ = ("_label", "_no", "_noted", "_signs", "_situation", "_yes", "missing")

    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        self._signs = situation.signs
        self._yes, self._no = situation.yes, situation.no
        self._label = situation.labels
        self._noted: dict[str, Sign | str] = {}
        self.missing: dict[str, Question | None] = {}

    @property
    def used(self) -> dict[str, str]:
        """Every fact that was known when the rule asked, in the order of asking."""
        return {
            name: note if isinstance(note, str) else _described(note) for name, note in self._noted.items()
        }

    @property
    def found(self) -> int:
        """How many signs were found to be there by what was asked."""
        return sum(isinstance(note, Sign) and note.answer is Answer.YES for note in self._noted.values())

    def settle(self) -> None:
        """The question asked so far is settled: what was missing for it no longer matters."""
        self.missing.clear()

    def has(self, term: str) -> Answer:
        """Whether a sign is there: yes, no or unknown."""
        sign = self._signs.get(term)
        if sign is None or sign.answer is Answer.UNKNOWN:
            self._lacks(term)
            return Answer.UNKNOWN
        self._noted[self._label[term]] = sign
        return sign.answer

    def has_at_least(self, count: int, *groups: Iterable[str]) -> Answer:
        """Whether at least `count` of the groups have a sign that is there (one group = names of one feature)."""
        return at_least(count, [self.question(*group) for group in groups])

    def question(self, *names: str) -> Answer:
        """One question under several names, the most general first.

        YES when any of them is there, NO when the first or all of them are denied. Otherwise UNKNOWN, and
        only the first is noted as missing: it is the one to ask. Use `every_one` where a NO would reassure.
        """
        answer = self._any_there(names)
        if answer is Answer.UNKNOWN and self.denied(names[0]):
            return Answer.NO
        if answer is Answer.UNKNOWN:
            self._lacks(names[0])
        return answer

    def every_one(self, *names: str) -> Answer:
        """Like `question`, but NO only when every one is denied; the first that is not known is noted as missing."""
        answer = self._any_there(names)
        if answer is Answer.UNKNOWN:
            unknown = next(name for name in names if not self.denied(name))
            self._lacks(unknown)
        return answer

    def _any_there(self, names: tuple[str, ...]) -> Answer:
        if self.present_of(*names):
            return Answer.YES
        if not self._no.issuperset(names):
            return Answer.UNKNOWN
        for name in names:
            self.denied(name)
        return Answer.NO

    def present_of(self, *terms: str) -> tuple[str, ...]:
        """Labels of those signs that are there. A sign that nobody asked for is not noted as missing."""
        if self._yes.isdisjoint(terms):
            return ()
        here = [term for term in terms if term in self._yes]
        self._noted.update((self._label[term], self._signs[term]) for term in here)
        return tuple(self._label[term] for term in here)

    def denied(self, term: str) -> bool:
        """Whether it was clearly said that a sign is not there."""
        if term not in self._no:
            return False
        self._noted[self._label[term]] = self._signs[term]
        return True

    def doubtful_of(self, *terms: str) -> tuple[str, ...]:
        """Labels of those signs that were named without saying whether they are there; noted as missing."""
        named = [term for term in terms if term in self._signs]
        unknown = [term for term in named if self._signs[term].answer is Answer.UNKNOWN]
        for term in unknown:
            self._lacks(term)
        return tuple(self._label[term] for term in unknown)

    def attribute(self, term: str, name: str) -> Answer:
        """A yes/no attribute of a sign, such as "recovered"."""
        sign = self._signs.get(term)
        answer = Answer.UNKNOWN if sign is None else sign.truth(name)
        self._note(f"{self._label[term]}: {name}", answer, Question(term, name))
        return answer

    def text(self, term: str, name: str) -> str | None:
        """An attribute of a sign in words, such as "severity"; None when it was not given."""
        sign = self._signs.get(term)
        value = None if sign is None else sign.attributes.get(name)
        return value if isinstance(value, str) else None

    def number(self, term: str, name: str) -> float | None:
        """A numeric attribute of a sign, such as "size_cm" or "count"."""
        sign = self._signs.get(term)
        value = None if sign is None else sign.number(name)
        label = f"{self._label[term]}: {name}"
        if value is None:
            self.missing[label] = Question(term, name)
        else:
            self._noted[label] = f"{value:g}"
        return value

    def growing(self, term: str) -> Answer:
        """Whether a sign is larger than before, spreading or getting worse."""
        sign = self._signs.get(term)
        said = [] if sign is None else [sign.truth("spreading"), sign.truth("worse"), self._larger(term)]
        answer = Answer.YES if Answer.YES in said else Answer.NO if Answer.NO in said else Answer.UNKNOWN
        self._note(f"{self._label[term]}: growing", answer, Question(term, "spreading"))
        return answer

    def _larger(self, term: str) -> Answer:
        """Whether a sign is larger than when it was last measured, at least 6 hours ago."""
        size, day = self._signs[term].number("size_cm"), self._situation.day
        if size is None or day is None:
            return Answer.UNKNOWN
        for observation in reversed(self._situation.earlier):
            before = observation.signs.get(term)
            size_before = None if before is None else before.number("size_cm")
            if size_before is None or observation.day is None or day - observation.day < LARGER_FROM_DAYS:
                continue
            self._noted[f"{self._label[term]}: size_cm on day {observation.day:g}"] = f"{size_before:g}"
            return Answer.of(size > size_before)
        return Answer.UNKNOWN

    def onset_day(self, term: str) -> float | None:
        """Days from the session to the beginning of a sign: as said, or today less how long it has been there.

        None when neither was said; this is not noted as missing, because most rules can do without.
        """
        sign = self._signs.get(term)
        if sign is None:
            return None
        began, lasted = sign.number("since_day"), sign.number("duration_days")
        if began is None and lasted is not None and self._situation.day is not None:
            began = max(self._situation.day - lasted, 0.0)
        if began is not None:
            self._noted[f"{self._label[term]}: began on day"] = f"{began:g}"
        return began

    def last_without(self, term: str) -> float | None:
        """The latest earlier day on which a sign was denied, if it has not been seen in between or before."""
        quiet: float | None = None
        for observation in self._situation.earlier:
            sign = observation.signs.get(term)
            if sign is None or observation.day is None:
                continue
            if sign.answer is Answer.YES:
                return None
            quiet = observation.day if sign.answer is Answer.NO else quiet
        if quiet is not None:
            self._noted[f"{self._label[term]}: last said to be absent on day"] = f"{quiet:g}"
        return quiet

    def seen_before(self, within_days: float, *terms: str) -> tuple[str, ...]:
        """Labels of those signs that an earlier observation of the last days had."""
        day = self._situation.day
        recent = [
            observation
            for observation in self._situation.earlier
            if day is None or observation.day is None or day - observation.day <= within_days
        ]
        seen = [
            term for term in terms for observation in recent
            if (sign := observation.signs.get(term)) is not None and sign.answer is Answer.YES
        ]  # fmt: skip
        return tuple(self._label[term] for term in dict.fromkeys(seen))

    def _lacks(self, term: str) -> None:
        self.missing[self._label[term]] = Question(term)

    def _note(self, name: str, answer: Answer, question: Question | None = None) -> None:
        if answer is Answer.UNKNOWN:
            self.missing[name] = question
        else:
            self._noted[name] = answer.value


def _described(sign: Sign) -> str:
    details = [
        f"{name} {value:g}" if _is_number(value) else f"{name} {_words(value)}"
        for name, value in sign.attributes.items()
    ]
    return ", ".join([sign.answer.value, *details])


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _words(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
