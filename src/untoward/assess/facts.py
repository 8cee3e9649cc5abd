"""What a rule may ask: signs, and beside them measurements, time, place, person, product and evidence."""

from __future__ import annotations

from collections.abc import Iterable

from untoward.assess.asking import Question, Signs
from untoward.assess.situation import best_state
from untoward.evidence.records import Criterion, Threshold
from untoward.model.answer import Answer
from untoward.model.case import Sign
from untoward.model.finding import CourseStanding, CourseState
from untoward.model.session import Session
from untoward.model.terms import TermKind

DAY = "day since the session"

KEY_OF_VITAL = {
    "temperature": "temperature_c",
    "heart-rate": "heart_rate",
    "respiratory-rate": "respiratory_rate",
    "systolic-bp": "systolic_bp",
    "spo2": "spo2_percent",
    "avpu": "avpu",
    "oxygen": "on_oxygen",
    "urine-output-gap": "hours_without_urine",
    "capillary-refill": "capillary_refill_s",
}
"""What a measured value is called among the facts: the key under which a case document carries it."""


class Facts(Signs):
    """The facts of one situation, as one rule asks for them. Made new for each rule; not shared."""

    __slots__ = ()

    # --- measured values ----------------------------------------------------------------------------------------

    def measured(self, vital: str) -> float | None:
        """A vital sign as a number in the unit of its term; None when it was not measured."""
        sign = self._signs.get(vital)
        value = None if sign is None else sign.number("value")
        if value is None:
            self.missing[KEY_OF_VITAL[vital]] = Question(vital, "value")
        else:
            self._noted[KEY_OF_VITAL[vital]] = f"{value:g}"
        return value

    def compare(self, vital: str, threshold: Threshold) -> Answer:
        """Whether a vital sign meets a published boundary."""
        value = self.measured(vital)
        return Answer.UNKNOWN if value is None else Answer.of(threshold.met_by(value))

    def consciousness(self) -> str | None:
        """The level of consciousness in one word ("alert", "confusion", …); None when it was not assessed."""
        level = self.text("avpu", "level")
        if level is None:
            self.missing[KEY_OF_VITAL["avpu"]] = Question("avpu", "level")
        else:
            self._noted[KEY_OF_VITAL["avpu"]] = level
        return level

    # --- time, place, person, product ------------------------------------------------------------------------------

    @property
    def day(self) -> float | None:
        """Days since the last session."""
        day = self._situation.day
        if day is None:
            self.missing[DAY] = Question("", DAY)
        else:
            self._noted[DAY] = f"{day:g}"
        return day

    def day_within(self, low: float, high: float) -> Answer:
        """Whether today lies in the closed window of days since the session.

        A reaction that has been there longer than the window is taken to have passed it, whatever the day.
        """
        day = self.day
        if day is not None:
            return Answer.of(low <= day <= high)
        at_least = self._situation.least_day
        if at_least is None or at_least <= high:
            return Answer.UNKNOWN
        self._noted["there for at least days"] = f"{at_least:g}"
        return Answer.NO

    @property
    def age_years(self) -> float | None:
        """Age of the person."""
        age = self._situation.case.patient.age_years
        if age is None:
            self.missing["age"] = None
        else:
            self._noted["age"] = f"{age:g}"
        return age

    @property
    def sessions(self) -> tuple[Session, ...]:
        """Everything injected, session by session. What a rule reads from it, it notes with `note`."""
        return self._situation.case.sessions

    @property
    def weight_kg(self) -> float | None:
        """Body weight of the person."""
        weight = self._situation.case.patient.weight
        if weight is None:
            self.missing["weight"] = None
            return None
        self._noted["weight"] = str(weight)
        return weight.value

    def note(self, name: str, value: str) -> None:
        """Note a fact that was worked out from what was recorded, such as a summed dose."""
        self._noted[name] = value

    def lacking(self, name: str) -> None:
        """Note a fact that is no sign and was not recorded, such as an amount."""
        self.missing[name] = None

    def on_face(self) -> Answer:
        """Whether a session was on the face."""
        answer = self._situation.on_face
        self._note("injected on the face", answer)
        return answer

    def on_lips(self) -> bool:
        """Whether the lips themselves are known to have been injected."""
        return self._situation.on_lips

    def injected(self, *compounds: str) -> Answer:
        """Whether one of these compounds was injected; UNKNOWN when something unknown may have been."""
        return self._was_injected(
            bool(set(compounds) & set(self._situation.compounds)), " or ".join(compounds)
        )

    def injected_class(self, words: str) -> Answer:
        """Whether a compound was injected whose class has these words in it, such as "local anaesthetic"."""
        compounds = self._situation.evidence.compounds
        found = any(words in compounds[key].drug_class for key in self._situation.compounds)
        return self._was_injected(found, words)

    def injected_named(self, what: str, *parts: str) -> Answer:
        """Whether something was injected whose name, as it was written, has one of these parts in it."""
        names = self._situation.names_injected
        return self._was_injected(any(part in name for part in parts for name in names), what)

    def _was_injected(self, found: bool, what: str) -> Answer:
        answer = Answer.YES if found else Answer.UNKNOWN if self._situation.unknown_compounds else Answer.NO
        self._note(f"injected: {what}", answer)
        return answer

    # --- what is known ------------------------------------------------------------------------------------------

    @property
    def reactions(self) -> tuple[str, ...]:
        """Ids of the reactions that are there now."""
        self.present_of(*self._situation.reactions)
        return self._situation.reactions

    @property
    def nothing_reported(self) -> bool:
        """Whether no sign or reaction is said to be there at this observation."""
        return not self._situation.reported

    @property
    def said_something(self) -> bool:
        """Whether this observation says anything at all, understood or not."""
        return bool(self._situation.observation.signs or self._situation.observation.unrecognised)

    @property
    def not_understood(self) -> tuple[str, ...]:
        """What was said or entered at this observation and could not be resolved."""
        return self._situation.observation.unrecognised

    def answered(self, term: str) -> Sign | None:
        """The sign when it has a clear answer, yes or no; None otherwise."""
        sign = self._signs.get(term)
        if sign is None or sign.answer is Answer.UNKNOWN:
            return None
        self._noted[self._label[term]] = sign
        return sign

    def lacks(self, term: str) -> None:
        """Note that a sign was not asked about."""
        self._lacks(term)

    def unclear(self) -> bool:
        """Whether something was not understood, or a sign was named without saying whether it is there; noted."""
        self.missing.update({f"what was meant by: {text}": None for text in self.not_understood})
        self.doubtful_of(*self._signs)
        return bool(self.missing)

    def course(self, term: str) -> CourseState:
        """Where a reaction stands against its expected course, by the compound that explains it best."""
        return best_state(self.standings(term))

    def standings(self, term: str) -> tuple[CourseStanding, ...]:
        """Where a reaction stands against every compound."""
        return self._situation.standings.get(term, ())

    def label(self, term: str) -> str:
        """The canonical English name of a term."""
        return self._label[term]

    def compound_label(self, key: str) -> str:
        """The English name of a compound."""
        return self._situation.evidence.compounds[key].label

    def in_group(self, terms: Iterable[str], groups: frozenset[str]) -> tuple[str, ...]:
        """Those of the terms that belong to one of the groups of the term list."""
        known = self._situation.evidence.terms
        return tuple(term for term in terms if known[term].group in groups)

    def criterion(self, key: str) -> Criterion:
        """A published criterion."""
        return self._situation.evidence.criterion(key)

    def boundary(self, criterion: str, name: str) -> Threshold:
        """One boundary of a published criterion."""
        return self.criterion(criterion).threshold(name)

    def signs_reported(self, *, red_flag: bool) -> tuple[str, ...]:
        """Ids of the signs there now that the term list marks as red flags, or of the bare signs it does not."""
        terms = self._situation.evidence.terms
        return tuple(
            sign.term for sign in self._situation.present
            if terms[sign.term].red_flag is red_flag and (red_flag or terms[sign.term].kind is TermKind.SIGN)
        )  # fmt: skip
