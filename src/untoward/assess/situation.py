"""What was known of a case at one observation: the view that every rule shares.

Symptoms count at the time they are seen. Two things are carried forward from earlier observations:
circumstances (terms of kind `context`, such as a failed course of antibiotics) and reactions that were
present and have not been said to be gone, because a lump that nobody mentions has not healed. A "no" about a
symptom is never carried forward.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from untoward.evidence.base import EvidenceBase
from untoward.evidence.courses import INJECTION_ITSELF, ExpectedCourse
from untoward.model.answer import Answer
from untoward.model.case import Case, Observation, Sign
from untoward.model.finding import CourseStanding, CourseState
from untoward.model.terms import TermKind

CourseLookup = Callable[[str, str], ExpectedCourse | None]

LASTING_GROUPS = frozenset({"local", "infection", "skin-lasting"})
"""Reactions of these groups are taken as still present until someone says that they are gone."""

FACE_WORDS = frozenset(
    [
        "face",
        "facial",
        "cheek",
        "lip",
        "nose",
        "glabella",
        "forehead",
        "eyelid",
        "periorbital",
        "temple",
        "chin",
        "cara",
        "mejilla",
        "labio",
        "nariz",
        "frente",
    ]
)
HOME_WORDS = frozenset(["home", "hotel", "house", "salon", "spa", "gym", "party", "casa", "domicilio"])


@dataclass(frozen=True)
class Situation:
    """A case at one observation. `day` is days since the last session, None when it is not known."""

    case: Case
    observation: Observation
    signs: Mapping[str, Sign]
    earlier: tuple[Observation, ...]
    evidence: EvidenceBase
    course_of: CourseLookup = field(repr=False, compare=False)

    @classmethod
    def at(cls, case: Case, index: int, evidence: EvidenceBase, course_of: CourseLookup) -> Situation:
        """The situation at the observation of this index, with what was known by then and nothing later."""
        observation = case.observations[index]
        earlier = case.observations[:index]
        signs = {
            **_signs_of_person(case),
            **_carried_forward(earlier, evidence),
            **observation.signs,
        }
        return cls(case, observation, signs, earlier, evidence, course_of)

    @property
    def day(self) -> float | None:
        """Days since the last session before this observation."""
        return self.observation.day

    @cached_property
    def present(self) -> tuple[Sign, ...]:
        """Every sign that is there now."""
        return tuple(sign for sign in self.signs.values() if sign.answer is Answer.YES)

    @cached_property
    def reactions(self) -> tuple[str, ...]:
        """Terms of kind reaction that are there now, sorted."""
        terms = self.evidence.terms
        return tuple(sorted(s.term for s in self.present if terms[s.term].kind is TermKind.REACTION))

    @cached_property
    def compounds(self) -> tuple[str, ...]:
        """Keys of all compounds known to have been injected, sorted;

        a name that was not recognised is not here.
        """
        return tuple(
            sorted({part.compound for s in self.case.sessions for part in s.components if part.compound})
        )

    @cached_property
    def unknown_compounds(self) -> bool:
        """Whether something may have been injected that we do not know:

        nothing recorded, or a name not recognised.
        """
        parts = [part for session in self.case.sessions for part in session.components]
        return not parts or any(part.compound is None for part in parts)

    @cached_property
    def on_face(self) -> Answer:
        """Whether a session was on the face; UNKNOWN when no site is recorded."""
        words = {
            word
            for s in self.case.sessions
            for site in s.sites
            for word in site.lower().replace("-", " ").split()
        }
        if not words:
            return Answer.UNKNOWN
        return Answer.of(bool(words & FACE_WORDS))

    @cached_property
    def courses(self) -> tuple[CourseStanding, ...]:
        """Every reaction now present against the expected course of every compound, and of the injection itself."""
        compounds = tuple(dict.fromkeys((*self.compounds, INJECTION_ITSELF)))
        return tuple(self._standing(term, compound) for term in self.reactions for compound in compounds)

    def _standing(self, term: str, compound: str) -> CourseStanding:
        course = self.course_of(compound, term)
        if course is None or self.day is None:
            return CourseStanding(term=term, compound=compound, state=CourseState.NO_DATA, day=self.day)
        return CourseStanding(
            term=term,
            compound=compound,
            state=_state(self.day, course),
            day=self.day,
            band_days=course.band_days,
            longest_days=course.longest_days or None,
            still_present=course.still_present(self.day),
            people=course.people,
            evidence=course.evidence,
        )


def _state(day: float, course: ExpectedCourse) -> CourseState:
    if day <= course.band_days[2]:
        return CourseState.WITHIN
    return CourseState.LATE if day <= course.last_day else CourseState.BEYOND


def best_state(standings: Iterable[CourseStanding]) -> CourseState:
    """The most reassuring state that any compound with data supports; NO_DATA when none has any.

    In a mix, each reaction may come from any one compound, so one compound that explains it is enough.
    """
    states = {standing.state for standing in standings}
    for state in (CourseState.WITHIN, CourseState.LATE, CourseState.BEYOND):
        if state in states:
            return state
    return CourseState.NO_DATA


def _carried_forward(earlier: Iterable[Observation], evidence: EvidenceBase) -> dict[str, Sign]:
    carried: dict[str, Sign] = {}
    for observation in earlier:
        for term_id, sign in observation.signs.items():
            term = evidence.terms[term_id]
            lasting = term.kind is TermKind.REACTION and term.group in LASTING_GROUPS
            if term.kind is TermKind.CONTEXT or (lasting and sign.answer is Answer.YES):
                carried[term_id] = sign
            elif lasting and sign.answer is Answer.NO:
                carried.pop(term_id, None)
    return carried


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
    settings = {word for session in case.sessions for word in (session.setting or "").lower().split()}
    if settings & HOME_WORDS:
        known["non-clinical-setting"] = Answer.YES
    return {term: Sign(term=term, answer=answer, origin="case") for term, answer in known.items()}
