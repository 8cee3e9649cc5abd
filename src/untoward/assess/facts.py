"""What a rule may ask.

Every question is noted: answered ones as facts used, unanswered ones as facts missing.
"""

from __future__ import annotations

from collections.abc import Iterable

from untoward.assess.situation import Situation, best_state
from untoward.evidence.records import Criterion, Threshold
from untoward.model.answer import Answer, any_of, at_least
from untoward.model.case import Sign
from untoward.model.finding import CourseStanding, CourseState

DAY = "day since the session"


class Facts:
    """The facts of one situation, as one rule asks for them. Made new for each rule; not shared."""

    __slots__ = ("_situation", "missing", "used")

    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        self.used: dict[str, str] = {}
        self.missing: dict[str, None] = {}

    # --- signs -----------------------------------------------------------------------------------------------

    def has(self, term: str) -> Answer:
        """Whether a sign is there: yes, no or unknown."""
        label = self._situation.evidence.terms[term].label
        sign = self._situation.signs.get(term)
        if sign is None or sign.answer is Answer.UNKNOWN:
            self.missing.setdefault(label)
            return Answer.UNKNOWN
        self.used[label] = _described(sign)
        return sign.answer

    def has_any(self, *terms: str) -> Answer:
        """Whether at least one of the signs is there."""
        return any_of([self.has(term) for term in terms])

    def has_at_least(self, count: int, *groups: Iterable[str]) -> Answer:
        """Whether at least `count` of the groups have a sign that is there (one group = names of one feature)."""
        return at_least(count, [self.has_any(*group) for group in groups])

    def present_of(self, *terms: str) -> tuple[str, ...]:
        """Labels of those signs that are there."""
        return tuple(
            self._situation.evidence.terms[term].label for term in terms if self.has(term) is Answer.YES
        )

    def sign(self, term: str) -> Sign | None:
        """The sign itself, for its attributes; None when nothing was said of it."""
        return self._situation.signs.get(term)

    def attribute(self, term: str, name: str) -> Answer:
        """A yes/no attribute of a sign, such as "spreading"."""
        sign = self._situation.signs.get(term)
        answer = Answer.UNKNOWN if sign is None else sign.truth(name)
        self._note(f"{self._situation.evidence.terms[term].label}: {name}", answer)
        return answer

    def attribute_of_any(self, name: str, *terms: str) -> Answer:
        """A yes/no attribute of whichever of these signs are there."""
        present = [term for term in terms if self.has(term) is Answer.YES]
        return any_of([self.attribute(term, name) for term in present]) if present else Answer.UNKNOWN

    def number(self, term: str, name: str) -> float | None:
        """A numeric attribute of a sign, such as "size_cm" or "count"."""
        sign = self._situation.signs.get(term)
        value = None if sign is None else sign.number(name)
        label = f"{self._situation.evidence.terms[term].label}: {name}"
        if value is None:
            self.missing.setdefault(label)
        else:
            self.used[label] = f"{value:g}"
        return value

    def size_before(self, term: str) -> tuple[float, float] | None:
        """(day, size in cm) of the last earlier observation that measured this sign;

        None when there is none.
        """
        for observation in reversed(self._situation.earlier):
            sign = observation.signs.get(term)
            size = None if sign is None else sign.number("size_cm")
            if size is not None and observation.day is not None:
                return observation.day, size
        return None

    # --- measured values ----------------------------------------------------------------------------------------

    def measured(self, vital: str) -> float | None:
        """A vital sign as a number in the unit of its term; None when it was not measured."""
        return self.number(vital, "value")

    def compare(self, vital: str, threshold: Threshold) -> Answer:
        """Whether a vital sign meets a published boundary."""
        value = self.measured(vital)
        return Answer.UNKNOWN if value is None else Answer.of(threshold.met_by(value))

    # --- time, place, person, product ------------------------------------------------------------------------------

    @property
    def day(self) -> float | None:
        """Days since the last session."""
        day = self._situation.day
        if day is None:
            self.missing.setdefault(DAY)
        else:
            self.used[DAY] = f"{day:g}"
        return day

    def day_within(self, low: float, high: float) -> Answer:
        """Whether today lies in the closed window of days since the session."""
        day = self.day
        return Answer.UNKNOWN if day is None else Answer.of(low <= day <= high)

    def on_face(self) -> Answer:
        """Whether a session was on the face."""
        answer = self._situation.on_face
        self._note("injected on the face", answer)
        return answer

    def injected(self, *compounds: str) -> Answer:
        """Whether one of these compounds was injected; UNKNOWN when something unknown may have been."""
        if set(compounds) & set(self._situation.compounds):
            answer = Answer.YES
        else:
            answer = Answer.UNKNOWN if self._situation.unknown_compounds else Answer.NO
        self._note(f"injected: {' or '.join(compounds)}", answer)
        return answer

    # --- what is known ------------------------------------------------------------------------------------------

    @property
    def reactions(self) -> tuple[str, ...]:
        """Ids of the reactions that are there now."""
        for term in self._situation.reactions:
            self.has(term)
        return self._situation.reactions

    @property
    def nothing_recognised(self) -> bool:
        """Whether no sign at all, present or absent, was recognised at this observation."""
        return not self._situation.observation.signs

    @property
    def not_understood(self) -> tuple[str, ...]:
        """Texts of this observation and case that could not be resolved."""
        return (*self._situation.observation.unrecognised, *self._situation.case.unrecognised)

    def course(self, term: str) -> CourseState:
        """Where a reaction stands against its expected course, by the compound that explains it best."""
        return best_state(self.standings(term))

    def standings(self, term: str) -> tuple[CourseStanding, ...]:
        """Where a reaction stands against every compound."""
        return tuple(standing for standing in self._situation.courses if standing.term == term)

    def label(self, term: str) -> str:
        """The canonical English name of a term."""
        return self._situation.evidence.terms[term].label

    def compound_label(self, key: str) -> str:
        """The English name of a compound."""
        return self._situation.evidence.compounds[key].label

    def criterion(self, key: str) -> Criterion:
        """A published criterion."""
        return self._situation.evidence.criterion(key)

    def boundary(self, criterion: str, name: str) -> Threshold:
        """One boundary of a published criterion."""
        return self.criterion(criterion).threshold(name)

    def red_flags_present(self) -> tuple[str, ...]:
        """Ids of all signs there now that the term list marks as red flags."""
        terms = self._situation.evidence.terms
        return tuple(sign.term for sign in self._situation.present if terms[sign.term].red_flag)

    def _note(self, name: str, answer: Answer) -> None:
        if answer is Answer.UNKNOWN:
            self.missing.setdefault(name)
        else:
            self.used[name] = answer.value


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
