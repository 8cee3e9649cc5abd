"""What was known of a case at one observation: the view that every rule shares.

Symptoms count at the time they are seen. Two things are carried forward from earlier observations:
circumstances (terms of kind `context`, such as a failed course of antibiotics) and lasting reactions that
were present for certain and have not been said to be gone, because a lump that nobody mentions has not healed. What an
injection itself makes (redness, soreness, swelling of the first two days) is not carried beyond these. Of such a
reaction only its being there is carried: whether it was growing or painful then says nothing about now. A
"no" about a symptom is never carried forward.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from untoward.evidence.base import EvidenceBase
from untoward.evidence.courses import INJECTION_ITSELF, ExpectedCourse
from untoward.model.answer import Answer
from untoward.model.case import Case, Observation, Sign
from untoward.model.finding import CourseStanding, CourseState
from untoward.model.names import fold
from untoward.model.session import Session
from untoward.model.terms import TermKind

LASTING_GROUPS = frozenset({"local", "infection", "skin-lasting"})
"""Reactions of these groups are taken as still present until someone says that they are gone."""

PROCEDURAL = frozenset(
    {
        "redness",
        "warmth",
        "swelling",
        "pain",
        "tenderness",
        "itch",
        "burning",
        "wheal",
        "bleeding",
        "rash",
        "paraesthesia",
    }
)
"""Signs that an injection itself makes: seen in its first days, they are not taken as still present later."""

PROCEDURAL_DAYS = 2.0
"""The first days, in which these signs are usually from the injection (evidence record `infection-timing`)."""

OF_THAT_TIME = frozenset({"spreading", "worse", "painful"})
"""Attributes that describe a moment and are not carried forward with a reaction."""

LIP_WORDS = frozenset("lip lips perioral philtrum labio labios labial lábio levre levres".split())
FACE_WORDS = LIP_WORDS | frozenset(
    """face facial cheek cheeks malar zygomatic nose nasal nasolabial glabella glabellar forehead brow brows eyebrow
    eyebrows eyelid eyelids eye eyes periorbital infraorbital tear temple temples chin jaw jawline jowl jowls
    mandible mandibular submental marionette frown crow crows canthal
    cara rostro mejilla mejillas pomulo pomulos nariz nasogeniano nasogenianos frente entrecejo ceja cejas parpado
    parpados ojo ojos ojera ojeras sien sienes menton barbilla papada mandibula submentoniana submentoniano
    rosto testa queixo visage joue joues nez""".split()
)  # fmt: skip
HOME_WORDS = frozenset(
    "home hotel house apartment flat garage salon spa gym party casa domicilio peluqueria gimnasio fiesta".split()
)


@dataclass(frozen=True, slots=True)
class KnownCourse:
    """An expected course with the days a rule asks for worked out once."""

    course: ExpectedCourse
    band_days: tuple[float, float, float]
    last_day: float

    @classmethod
    def of(cls, course: ExpectedCourse) -> KnownCourse:
        """Work out the band and the last day of a course."""
        return cls(course, course.band_days, course.last_day)

    def state(self, day: float) -> CourseState:
        """Where a day stands against this course; the ends belong to what lies before them."""
        if day <= self.band_days[2]:
            return CourseState.WITHIN
        return CourseState.LATE if day <= self.last_day else CourseState.BEYOND


CourseLookup = Callable[[str, str], KnownCourse | None]


@dataclass(frozen=True)
class Situation:
    """A case at one observation. `day` is days since the last session, None when it is not known."""

    case: Case
    observation: Observation
    signs: Mapping[str, Sign]
    earlier: tuple[Observation, ...]
    evidence: EvidenceBase
    labels: Mapping[str, str] = field(repr=False, compare=False)
    course_of: CourseLookup = field(repr=False, compare=False)

    @classmethod
    def at(
        cls,
        case: Case,
        index: int,
        evidence: EvidenceBase,
        labels: Mapping[str, str],
        course_of: CourseLookup,
    ) -> Situation:
        """The situation at the observation of this index, with what was known by then and nothing later."""
        observation = case.observations[index]
        earlier = _earlier(case.observations, index) if len(case.observations) > 1 else ()
        signs = {**_signs_of_person(case), **_carried_forward(earlier, observation.day, evidence)}
        _add_known(signs, observation.signs)
        return cls(case, observation, signs, earlier, evidence, labels, course_of)

    def supposing(self, sign: Sign) -> Situation:
        """The same situation if one sign were known to be so; nothing else changes."""
        other = self._like_this()
        other.__dict__["signs"] = {**self.signs, sign.term: sign}
        other.__dict__["yes"] = (
            self.yes | {sign.term} if sign.answer is Answer.YES else self.yes - {sign.term}
        )
        other.__dict__["no"] = self.no | {sign.term} if sign.answer is Answer.NO else self.no - {sign.term}
        return other

    def supposing_day(self, day: float) -> Situation:
        """The same situation if this were known to be so many days after the session."""
        other = self._like_this()
        other.__dict__["observation"] = replace(self.observation, day=day)
        other.__dict__.update(yes=self.yes, no=self.no)
        return other

    def _like_this(self) -> Situation:
        """A copy that has worked out nothing yet; many are made, so it does not go through the constructor."""
        other = object.__new__(Situation)
        other.__dict__.update({name: self.__dict__[name] for name in _STATED})
        return other

    @property
    def day(self) -> float | None:
        """Days since the last session before this observation."""
        return self.observation.day

    @cached_property
    def least_day(self) -> float | None:
        """The day, or where it is not known how many days the longest of the reactions has been there at least."""
        if self.day is not None:
            return self.day
        lasted = [self.signs[term].number("duration_days") for term in self.reactions]
        return max((days for days in lasted if days is not None), default=None)

    @cached_property
    def yes(self) -> frozenset[str]:
        """Terms that are there now."""
        return frozenset(term for term, sign in self.signs.items() if sign.answer is Answer.YES)

    @cached_property
    def no(self) -> frozenset[str]:
        """Terms that were clearly denied."""
        return frozenset(term for term, sign in self.signs.items() if sign.answer is Answer.NO)

    @cached_property
    def present(self) -> tuple[Sign, ...]:
        """Every sign that is there now, sorted by term."""
        return tuple(self.signs[term] for term in sorted(self.yes))

    @cached_property
    def reported(self) -> tuple[str, ...]:
        """Terms of reactions and signs that this observation itself says are there."""
        terms = self.evidence.terms
        return tuple(
            sign.term for sign in self.observation.signs.values()
            if sign.answer is Answer.YES and terms[sign.term].kind in (TermKind.REACTION, TermKind.SIGN)
        )  # fmt: skip

    @cached_property
    def reactions(self) -> tuple[str, ...]:
        """Terms of kind reaction that are there now, sorted."""
        terms = self.evidence.terms
        return tuple(sign.term for sign in self.present if terms[sign.term].kind is TermKind.REACTION)

    @cached_property
    def compounds(self) -> tuple[str, ...]:
        """Keys of all compounds known to have been injected, sorted;

        a name that was not recognised is not here.
        """
        return tuple(
            sorted({part.compound for s in self.case.sessions for part in s.components if part.compound})
        )

    @cached_property
    def names_injected(self) -> tuple[str, ...]:
        """Names of what was injected and of the techniques, as they were written, folded."""
        names = [part.as_named for session in self.case.sessions for part in session.components]
        names += [session.technique for session in self.case.sessions if session.technique]
        return tuple(fold(name) for name in names)

    @cached_property
    def unknown_compounds(self) -> bool:
        """Whether something may have been injected that we do not know:

        nothing recorded, or a name not recognised.
        """
        parts = [part for session in self.case.sessions for part in session.components]
        return not parts or any(part.compound is None for part in parts)

    @cached_property
    def on_face(self) -> Answer:
        """Whether a session was on the face; UNKNOWN when the sites of a session are not recorded."""
        if any(site_words(session) & FACE_WORDS for session in self.case.sessions):
            return Answer.YES
        recorded = [bool(session.sites) for session in self.case.sessions]
        return Answer.NO if recorded and all(recorded) else Answer.UNKNOWN

    @cached_property
    def on_lips(self) -> bool:
        """Whether the lips are among the recorded sites."""
        return any(site_words(session) & LIP_WORDS for session in self.case.sessions)

    @cached_property
    def standings(self) -> Mapping[str, tuple[CourseStanding, ...]]:
        """By reaction now present: where it stands against every compound and the injection itself."""
        compounds = tuple(dict.fromkeys((*self.compounds, INJECTION_ITSELF)))
        return {term: tuple(self._standing(term, key) for key in compounds) for term in self.reactions}

    @property
    def courses(self) -> tuple[CourseStanding, ...]:
        """All standings, reaction by reaction."""
        return tuple(standing for group in self.standings.values() for standing in group)

    def _standing(self, term: str, compound: str) -> CourseStanding:
        known = self.course_of(compound, term)
        if known is None or self.day is None:
            return CourseStanding(term=term, compound=compound, state=CourseState.NO_DATA, day=self.day)
        return CourseStanding(
            term=term,
            compound=compound,
            state=known.state(self.day),
            day=self.day,
            band_days=known.band_days,
            longest_days=known.course.longest_days or None,
            still_present=known.course.still_present(self.day),
            people=known.course.people,
            evidence=known.course.evidence,
        )


_STATED = tuple(Situation.__dataclass_fields__)
"""What a situation is made of; everything else about it is worked out when it is first asked for."""


def best_state(standings: Iterable[CourseStanding]) -> CourseState:
    """The most reassuring state that any compound with data supports; NO_DATA when none has any.

    In a mix, each reaction may come from any one compound, so one compound that explains it is enough.
    """
    states = {standing.state for standing in standings}
    for state in (CourseState.WITHIN, CourseState.LATE, CourseState.BEYOND):
        if state in states:
            return state
    return CourseState.NO_DATA


def site_words(session: Session) -> frozenset[str]:
    """The folded words of the sites of a session."""
    return _words_of(session.sites)


@lru_cache(maxsize=4096)
def _words_of(texts: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for text in texts for word in fold(text).split(" "))


def _earlier(observations: tuple[Observation, ...], index: int) -> tuple[Observation, ...]:
    """Observations made before this one: by day where both days are known, else by their place in the list."""
    day = observations[index].day
    before = [
        (place, seen)
        for place, seen in enumerate(observations)
        if (place < index if day is None or seen.day is None or seen.day == day else seen.day < day)
    ]
    before.sort(key=lambda item: (item[1].day is not None, item[1].day or 0.0, item[0]))
    return tuple(seen for _place, seen in before)


def _carried_forward(
    earlier: Iterable[Observation], today: float | None, evidence: EvidenceBase
) -> dict[str, Sign]:
    carried: dict[str, Sign] = {}
    for observation in earlier:
        fleeting = PROCEDURAL if _is_of_the_procedure(observation.day, today) else frozenset()
        for term_id, sign in observation.signs.items():
            term = evidence.terms[term_id]
            lasting = (
                term.kind is TermKind.REACTION and term.group in LASTING_GROUPS and term_id not in fleeting
            )
            if term.kind is TermKind.CONTEXT:
                _add_known(carried, {term_id: sign})
            elif lasting and sign.answer is Answer.YES and sign.truth("uncertain") is not Answer.YES:
                carried[term_id] = _without_moment(sign)
            elif lasting and sign.answer is Answer.NO:
                carried.pop(term_id, None)
    return carried


def _is_of_the_procedure(day: float | None, today: float | None) -> bool:
    """Whether an observation was made in the first days, and those are over today."""
    return day is not None and today is not None and day <= PROCEDURAL_DAYS < today


def _add_known(signs: dict[str, Sign], new: Mapping[str, Sign]) -> None:
    """Put new signs over old ones; what is merely unknown now does not undo what was known."""
    for term, sign in new.items():
        if sign.answer is not Answer.UNKNOWN or term not in signs:
            signs[term] = sign


def _without_moment(sign: Sign) -> Sign:
    if not OF_THAT_TIME & sign.attributes.keys():
        return sign
    kept = {name: value for name, value in sign.attributes.items() if name not in OF_THAT_TIME}
    return replace(sign, attributes=kept)


def _signs_of_person(case: Case) -> dict[str, Sign]:
    """Circumstances that the case states outside its observations."""
    person = case.patient
    known: dict[str, Answer] = dict.fromkeys(person.context, Answer.YES)
    if person.pregnant is not Answer.UNKNOWN:
        known["pregnancy"] = person.pregnant
    licensed = {session.licensed for session in case.sessions}
    if Answer.NO in licensed:
        known["unlicensed-injector"] = Answer.YES
    elif licensed == {Answer.YES}:
        known["unlicensed-injector"] = Answer.NO
    if any(_words_of((session.setting,)) & HOME_WORDS for session in case.sessions if session.setting):
        known["non-clinical-setting"] = Answer.YES
    return {term: Sign(term=term, answer=answer, origin="case") for term, answer in known.items()}
