"""What a rule may ask.

Every question is noted: answered ones as facts used, unanswered ones as facts missing. Several names of one
question ("short of breath", "wheeze") are asked together with `question`, so that what is missing stays a
list that a person can work through.
"""

from __future__ import annotations

from collections.abc import Iterable

from untoward.assess.situation import Situation, best_state
from untoward.evidence.records import Criterion, Threshold
from untoward.model.answer import Answer, any_of, at_least
from untoward.model.case import Sign
from untoward.model.finding import CourseStanding, CourseState
from untoward.model.terms import TermKind

DAY = "day since the session"

KEY_OF_VITAL = {
    "temperature": "temperature_c",
    "heart-rate": "heart_rate",
    "respiratory-rate": "respiratory_rate",
    "systolic-bp": "systolic_bp",
    "spo2": "spo2_percent",
    "avpu": "avpu",
    "oxygen": "oxygen",
    "urine-output-gap": "hours since urine",
    "capillary-refill": "capillary_refill_s",
}
"""What a measured value is called among the facts: the key under which a case document carries it."""

LARGER_FROM_DAYS = 0.25
"""Two sizes are compared when they were measured at least 6 hours apart."""


class Facts:
    """The facts of one situation, as one rule asks for them. Made new for each rule; not shared."""

    __slots__ = ("_label", "_noted", "_signs", "_situation", "missing")

    def __init__(self, situation: Situation) -> None:
        self._situation = situation
        self._signs = situation.signs
        self._label = situation.labels
        self._noted: dict[str, Sign | str] = {}
        self.missing: dict[str, None] = {}

    @property
    def used(self) -> dict[str, str]:
        """Every fact that was known when the rule asked, in the order of asking."""
        return {
            name: note if isinstance(note, str) else _described(note) for name, note in self._noted.items()
        }

    def settle(self) -> None:
        """The question asked so far is settled: what was missing for it no longer matters."""
        self.missing.clear()

    # --- signs -----------------------------------------------------------------------------------------------

    def has(self, term: str) -> Answer:
        """Whether a sign is there: yes, no or unknown."""
        sign = self._signs.get(term)
        if sign is None or sign.answer is Answer.UNKNOWN:
            self.missing[self._label[term]] = None
            return Answer.UNKNOWN
        self._noted[self._label[term]] = sign
        return sign.answer

    def has_any(self, *terms: str) -> Answer:
        """Whether at least one of the signs is there."""
        return any_of([self.has(term) for term in terms])

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
            self.missing[self._label[names[0]]] = None
        return answer

    def every_one(self, *names: str) -> Answer:
        """Like `question`, but NO only when every one is denied; the first that is not known is noted as missing."""
        answer = self._any_there(names)
        if answer is Answer.UNKNOWN:
            unknown = next(name for name in names if not self.denied(name))
            self.missing[self._label[unknown]] = None
        return answer

    def _any_there(self, names: Iterable[str]) -> Answer:
        names = tuple(names)
        if self.present_of(*names):
            return Answer.YES
        signs = [self._signs.get(name) for name in names]
        denied = [sign is not None and sign.answer is Answer.NO for sign in signs]
        if not all(denied):
            return Answer.UNKNOWN
        for name in names:
            self.denied(name)
        return Answer.NO

    def present_of(self, *terms: str) -> tuple[str, ...]:
        """Labels of those signs that are there. A sign that nobody asked for is not noted as missing."""
        labels = []
        for term in terms:
            sign = self._signs.get(term)
            if sign is not None and sign.answer is Answer.YES:
                label = self._label[term]
                self._noted[label] = sign
                labels.append(label)
        return tuple(labels)

    def denied(self, term: str) -> bool:
        """Whether it was clearly said that a sign is not there."""
        sign = self._signs.get(term)
        if sign is None or sign.answer is not Answer.NO:
            return False
        self._noted[self._label[term]] = sign
        return True

    def doubtful_of(self, *terms: str) -> tuple[str, ...]:
        """Labels of those signs that were named without saying whether they are there; noted as missing."""
        named = [term for term in terms if term in self._signs]
        labels = tuple(self._label[term] for term in named if self._signs[term].answer is Answer.UNKNOWN)
        self.missing.update(dict.fromkeys(labels))
        return labels

    def attribute(self, term: str, name: str) -> Answer:
        """A yes/no attribute of a sign, such as "recovered"."""
        sign = self._signs.get(term)
        answer = Answer.UNKNOWN if sign is None else sign.truth(name)
        self._note(f"{self._label[term]}: {name}", answer)
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
            self.missing[label] = None
        else:
            self._noted[label] = f"{value:g}"
        return value

    def growing(self, term: str) -> Answer:
        """Whether a sign is larger than before, spreading or getting worse."""
        sign = self._signs.get(term)
        said = [] if sign is None else [sign.truth("spreading"), sign.truth("worse"), self._larger(term)]
        answer = Answer.YES if Answer.YES in said else Answer.NO if Answer.NO in said else Answer.UNKNOWN
        self._note(f"{self._label[term]}: growing", answer)
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

    # --- measured values ----------------------------------------------------------------------------------------

    def measured(self, vital: str) -> float | None:
        """A vital sign as a number in the unit of its term; None when it was not measured."""
        sign = self._signs.get(vital)
        value = None if sign is None else sign.number("value")
        if value is None:
            self.missing[KEY_OF_VITAL[vital]] = None
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
            self.missing[KEY_OF_VITAL["avpu"]] = None
        else:
            self._noted[KEY_OF_VITAL["avpu"]] = level
        return level

    # --- time, place, person, product ------------------------------------------------------------------------------

    @property
    def day(self) -> float | None:
        """Days since the last session."""
        day = self._situation.day
        if day is None:
            self.missing[DAY] = None
        else:
            self._noted[DAY] = f"{day:g}"
        return day

    def day_within(self, low: float, high: float) -> Answer:
        """Whether today lies in the closed window of days since the session."""
        day = self.day
        return Answer.UNKNOWN if day is None else Answer.of(low <= day <= high)

    @property
    def age_years(self) -> float | None:
        """Age of the person."""
        age = self._situation.case.patient.age_years
        if age is None:
            self.missing["age"] = None
        else:
            self._noted["age"] = f"{age:g}"
        return age

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
        self.missing[self._label[term]] = None

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

    def _note(self, name: str, answer: Answer) -> None:
        if answer is Answer.UNKNOWN:
            self.missing[name] = None
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
