"""The words of a review, the same on the page, in print and in the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from untoward.model.finding import CourseStanding, CourseState, Disposition
from untoward.model.review import CaseLine, Review, Totals
from untoward.report.dates import days_after, lateness, length_of, since_session, spoken
from untoward.report.numbers import count, counted

NOT_A_DIAGNOSIS = (
    "Decision support for trained clinicians, not a diagnosis. "
    "What is not recorded is unknown, and unknown is never a no."
)

NOT_ASSESSED = (
    "No reaction could be assessed: the input says who fell ill, not what was seen of each reaction."
)

NOT_COMPARED = (
    "No reaction could be compared with an expected course: the input does not say how long each one lasted."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DispositionWords:
    """What a disposition asks for, as a sentence and as a short label."""

    action: str
    short: str


DISPOSITION_WORDS: Mapping[Disposition, DispositionWords] = {
    Disposition.EMERGENCY_NOW: DispositionWords(action="Call an ambulance now", short="Emergency, now"),
    Disposition.WITHIN_1H: DispositionWords(action="See someone within 1 h", short="Within 1 h"),
    Disposition.SAME_DAY: DispositionWords(action="See someone the same day", short="Same day"),
    Disposition.WITHIN_72H: DispositionWords(action="See someone within 72 h", short="Within 72 h"),
    Disposition.ROUTINE: DispositionWords(action="Ordinary appointment", short="Routine"),
    Disposition.SELF_CARE: DispositionWords(action="Self-care, then look again", short="Self-care"),
}

COURSE_WORDS: Mapping[CourseState, str] = {
    CourseState.WITHIN: "within its expected course",
    CourseState.LATE: "late: longer than 95 % of such reactions",
    CourseState.BEYOND: "beyond: longer than 99 % of such reactions, and than any published",
    CourseState.NO_DATA: "no published course to compare with",
}

COURSE_SHORT: Mapping[CourseState, str] = {
    CourseState.WITHIN: "within",
    CourseState.LATE: "late",
    CourseState.BEYOND: "beyond",
    CourseState.NO_DATA: "no data",
}

SECTION_TITLES: Mapping[str, str] = {
    "urgent": "Who needs someone now",
    "course": "Which reactions left their expected course",
    "exposures": "What exposure stands out, and how sure that is",
    "clusters": "Which cases have something in common, and what may explain it",
    "curve": "The epidemic curve",
    "missing": "What was missing from the data",
    "evidence": "The evidence used",
}


def deadline_words(line: CaseLine, as_of: str | None) -> str:
    """By when: "by Fri 18 Nov 18:00", "at once", "look again by Mon 23 Nov", or why that cannot be said."""
    if line.disposition is Disposition.SELF_CARE:
        return _look_again(line, as_of)
    if line.disposition is Disposition.EMERGENCY_NOW:
        return "at once" if line.deadline is None else f"at once; seen {spoken(line.deadline, beside=as_of)}"
    if line.deadline is None:
        return "the day it was last seen is not known: treat as due now"
    return f"by {spoken(line.deadline, beside=as_of)}"


def overdue_words(line: CaseLine, as_of: str | None) -> str:
    """As in "Overdue by 2 days 3 h"; empty when it is not overdue."""
    if not line.overdue:
        return ""
    by = lateness(line.deadline, as_of)
    return f"Overdue by {by}" if by else "Overdue"


def standing_sentence(standing: CourseStanding) -> str:
    """One standing in words: when it was seen, when such reactions were over, and how many people that rests on."""
    seen = f"Last seen {since_session(standing.day)}"
    if standing.band_days is None:
        return f"{seen}. No course is published for this: nothing to compare with."
    _early, middle, late = standing.band_days
    people = (
        f"Of {counted(standing.people, 'person', 'people')}" if standing.people else "In published series"
    )
    longest = (
        f"; the longest published lasted {length_of(standing.longest_days)}" if standing.longest_days else ""
    )
    left = ""
    if standing.still_present is not None:
        share = "Under 0.1" if standing.still_present < 0.001 else f"About {100 * standing.still_present:.2g}"
        left = f" {share} % still have it this long after."
    return f"{seen}. {people}, half were over it in {length_of(middle)} and 95 % in {length_of(late)}{longest}.{left}"


def looked_at(totals: Totals) -> tuple[str, ...]:
    """How much was looked at, part by part; what the input does not say is left out here and named in section 5."""
    return tuple(
        counted(number, singular, plural)
        for number, singular, plural in (
            (totals.sessions, "session", "sessions"),
            (totals.patients, "person", "people"),
            (totals.clinics, "clinic", "clinics"),
            (totals.components, "component", "components"),
            (totals.reactions, "reaction", "reactions"),
            (totals.observations, "observation", "observations"),
        )
        if number is not None
    )


def period(totals: Totals) -> str:
    """The days that the data covers; empty when it has no date."""
    if totals.first_date is None and totals.last_date is None:
        return ""
    return f"{spoken(totals.first_date)} to {spoken(totals.last_date)}"


def urgent_summary(review: Review) -> str:
    """How many need someone within 72 hours, and how many of them are overdue."""
    total = urgent_total(review)
    if not total and not any(review.dispositions.values()):
        return NOT_ASSESSED if review.totals.reactions else "No reaction is recorded."
    if not total:
        return "No open reaction met a rule that asks for someone within 72 h."
    late = sum(line.overdue for line in review.urgent)
    shown = "" if total == len(review.urgent) else f" of the {count(len(review.urgent))} listed"
    overdue = f"; {count(late)}{shown} overdue" if late else "; none overdue"
    return f"{counted(total, 'open reaction')} {'needs' if total == 1 else 'need'} someone within 72 h or sooner{overdue}."


def course_summary(review: Review) -> str:
    """How many reactions are late or beyond, of how many."""
    total, looked = off_course_total(review), review.totals.reactions
    if not looked:
        return "No reaction is recorded."
    if not total and not review.courses:
        return NOT_COMPARED
    no_data = sum(course.no_data for course in review.courses)
    unknown = f" For {count(no_data)} there is nothing published to compare with." if no_data else ""
    return (
        f"{count(total)} of {counted(looked, 'reaction')} lasted longer than 95 % of such reactions.{unknown}"
    )


def urgent_total(review: Review) -> int:
    """Open reactions that need someone, also those that are not in the list."""
    return max(review.urgent_total, len(review.urgent))


def off_course_total(review: Review) -> int:
    """Reactions late or beyond, also those that are not in the list."""
    return max(review.off_course_total, len(review.off_course))


def compound_label(key: str) -> str:
    """A compound's key as words; the pseudo-compound of the needle reads "the injection itself"."""
    return "the injection itself" if key == "injection-itself" else key.replace("-", " ").replace("_", " ")


def _look_again(line: CaseLine, as_of: str | None) -> str:
    day = line.assessment.look_again_day
    when = None if day is None else days_after(line.session_date, day)
    return f"look again by {spoken(when, beside=as_of)}" if when else "no day to look again is set"


VITAL_WORDS: Mapping[str, str] = {
    "temperature_c": "temperature",
    "heart_rate": "heart rate",
    "respiratory_rate": "breathing rate",
    "systolic_bp": "blood pressure (upper number)",
    "spo2_percent": "oxygen saturation",
    "avpu": "how awake the person is",
}
"""Vital signs in words; documents name them by key, so that a script can fill them in."""


def question_words(question: str) -> str:
    """A missing fact as one would ask for it."""
    return VITAL_WORDS.get(question, question.replace("_", " "))
