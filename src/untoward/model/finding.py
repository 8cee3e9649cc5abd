"""What assessment gives back: findings, and one disposition.

Grade (how bad), seriousness (regulatory), causality, expectedness and disposition (what to do by when) are
five separate outputs; none is derived from another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from untoward.model.judgement import Judgement


class Disposition(Enum):
    """How urgently someone must see this, most urgent first, with the hours within which it must happen.

    The hours follow published contact limits (see evidence record `disposition-limits`): now, 1 h, the same
    day (6 h), 3 days (72 h), and an ordinary appointment within 14 days. Self-care has no such limit; it
    carries a day on which to look again instead.
    """

    EMERGENCY_NOW = "emergency_now"
    WITHIN_1H = "within_1h"
    SAME_DAY = "same_day"
    WITHIN_72H = "within_72h"
    ROUTINE = "routine"
    SELF_CARE = "self_care"

    @cached_property
    def rank(self) -> int:
        """0 for the most urgent, 5 for the least."""
        return _RANK[self]

    @property
    def deadline_hours(self) -> float | None:
        """Hours within which someone must see the person; None for self-care."""
        return _HOURS[self]

    @property
    def needs_someone(self) -> bool:
        """Whether someone must see the person within 72 hours or sooner."""
        return self.rank <= Disposition.WITHIN_72H.rank

    @classmethod
    def most_urgent(cls, dispositions: list[Disposition]) -> Disposition:
        """The most urgent of a list; raises ValueError on an empty one."""
        return min(dispositions, key=lambda disposition: disposition.rank)


_RANK = {disposition: rank for rank, disposition in enumerate(Disposition)}
_HOURS: dict[Disposition, float | None] = {
    Disposition.EMERGENCY_NOW: 0.0,
    Disposition.WITHIN_1H: 1.0,
    Disposition.SAME_DAY: 6.0,
    Disposition.WITHIN_72H: 72.0,
    Disposition.ROUTINE: 336.0,
    Disposition.SELF_CARE: None,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one rule concludes, and everything needed to check it.

    `threshold` states the published criterion that was met, with operator and unit; `evidence` names the
    records behind it; `facts_missing` are facts that were not known and could still change the conclusion.
    For clinicians alone: `alternatives` are other things that look like this, `treatment` names records of what
    published guidance does about it.
    """

    rule: str
    disposition: Disposition
    statement: str
    threshold: str
    facts_used: Mapping[str, str] = field(default_factory=dict)
    facts_missing: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    treatment: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CannotTell:
    """A rule that could not be evaluated, and the facts it lacks."""

    rule: str
    missing: tuple[str, ...]


class CourseState(Enum):
    """Where a reaction stands against its expected course."""

    WITHIN = "within"
    LATE = "late"
    BEYOND = "beyond"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseStanding:
    """One reaction against what is known of one compound.

    `band_days` are the days by which 5 %, 50 % and 95 % of such reactions were over; None when there is no
    data. `still_present` is the share of people in whom the reaction lasts at least until this day. `people`
    is how many people the band rests on.
    """

    term: str
    compound: str
    state: CourseState
    day: float | None
    band_days: tuple[float, float, float] | None = None
    longest_days: float | None = None
    still_present: float | None = None
    people: int | None = None
    evidence: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Coded:
    """A term found in the input, and whether it came from free text or from structured findings."""

    term: str
    negated: bool
    origin: str
    said_as: str = ""


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """All findings of a case at one observation, with one disposition: the most urgent that any rule gave.

    `judgement` holds grades, seriousness, expectedness, causality, completeness and attribution; they have no
    part in the disposition. They and the `questions` are worked out when they are first asked for.
    """

    day: float | None
    disposition: Disposition
    summary: str
    findings: tuple[Finding, ...]
    not_evaluated: tuple[CannotTell, ...]
    course: tuple[CourseStanding, ...]
    coded: tuple[Coded, ...]
    unrecognised: tuple[str, ...]
    look_again_day: float | None = None
    judgement: Judgement | None = field(default=None, repr=False, compare=False)
    ask: Callable[[], tuple[str, ...]] = field(default=tuple, repr=False, compare=False)

    @cached_property
    def questions(self) -> tuple[str, ...]:
        """What to ask next, the most informative first."""
        return self.ask()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseAssessment:
    """The assessments of one case, one per observation, and the rule set and evidence that made them."""

    id: str
    rule_set: str
    evidence_version: str
    assessments: tuple[Assessment, ...]

    @property
    def most_urgent(self) -> Disposition | None:
        """The most urgent disposition over all observations; None when there were none."""
        return (
            Disposition.most_urgent([a.disposition for a in self.assessments]) if self.assessments else None
        )
