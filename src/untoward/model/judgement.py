"""What a judgement of a case gives back: how bad, how serious, how expected, how likely, how well documented.

Grade (how bad), seriousness (regulatory), expectedness, causality and disposition (what to do by when) are
separate outputs. None is worked out from another, and none of them changes how urgent a case is.

Every output says what it rests on (`basis`, `evidence`) and what was not known (`missing`). A number that
unknown facts could change is a range.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from untoward.model.answer import Answer


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """How bad one reaction is on one published scale, 0 to 5.

    `grade` stands when a recorded fact meets its line or rules the next line out; otherwise it is None and
    only the range is known. `low` is what the recorded facts establish; `high` is what the unknown ones
    (`missing`) could still make of it. `item` is what the scale itself calls this line.
    """

    term: str
    scale: str
    version: str
    item: str
    grade: int | None
    low: int
    high: int
    basis: str
    evidence: tuple[str, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDefinition:
    """How certain it is that a case is what a surveillance definition describes. Certainty is not severity.

    `level` is "1", "1a", "1b", "2", "not a case" or "cannot tell".
    """

    definition: str
    level: str
    basis: str
    evidence: tuple[str, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Points of a published score: `low` from what was measured, `high` with the worst of what was not.

    `positive` says whether the published cut-off is reached: UNKNOWN as long as what was not measured decides.
    """

    name: str
    low: int
    high: int
    positive: Answer
    basis: str
    evidence: tuple[str, ...]
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seriousness:
    """Whether a reaction is serious in the regulatory sense, so far.

    `criteria` are regulatory criteria that were met; `medically_important` are reactions of our own list;
    `needs_judgement` are reactions that may mean a lasting impairment, which a person must judge.
    """

    value: Answer
    criteria: tuple[str, ...]
    medically_important: tuple[str, ...]
    needs_judgement: tuple[str, ...]
    missing: tuple[str, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectedness:
    """Whether a reaction is listed for what was injected: "expected", "unexpected" or "no_reference"."""

    term: str
    compound: str
    state: str
    basis: str
    evidence: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One question of a causality tool, its answer, the points it gave, and the fact that answered it."""

    question: int
    text: str
    answer: Answer
    points: int
    fact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Naranjo:
    """Naranjo's score. `score` counts unknown answers as 0 points; `low` and `high` are what they could make of it.

    `reachable` is the most that can be reached when the injection is not repeated. `category_low` and
    `category_high` are the categories of the two ends.
    """

    score: int
    low: int
    high: int
    reachable: int
    category: str
    category_low: str
    category_high: str
    answers: tuple[Answered, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Liverpool:
    """The Liverpool tool: its category with the path taken, and the categories that unknown answers leave open.

    `category` is None when the path stops at a question that nobody answered.
    """

    category: str | None
    low: str
    high: str
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dips:
    """The interaction scale for one pair of compounds, as points only: its categories were not verified."""

    pair: tuple[str, str]
    score: int
    low: int
    high: int
    answers: tuple[Answered, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Causality:
    """How likely it is that everything injected, taken as one, caused the leading reaction (`term`)."""

    term: str | None
    who_umc: str
    who_umc_reason: str
    naranjo: Naranjo
    liverpool: Liverpool
    dips: tuple[Dips, ...]
    missing: tuple[str, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Penalty:
    """What a report lacks, and the share of its completeness that this costs."""

    dimension: str
    share: float
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """How well documented a report is, 0 to 1. It rewards information, not suspicion."""

    score: float
    well_documented: bool
    penalties: tuple[Penalty, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """How much of what is there now one candidate could explain, among all candidates (weights sum to 1).

    `low` and `high` are the ends of the weight when what is not known is taken at its least and at its most.
    """

    compound: str
    weight: float
    low: float
    high: float
    basis: tuple[str, ...]
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContext:
    """What a report says beyond the case itself. None means that it does not say."""

    indication: str | None = None
    country: str | None = None
    reporter: str | None = None
    report_type: str | None = None
    age_group: str | None = None


class Judgement(Protocol):
    """All judgements of one case at one observation. Each may be worked out only when it is asked for."""

    @property
    def grades(self) -> tuple[Grade, ...]:
        """Grades by every scale that has a line for what is there."""
        ...

    @property
    def conflicts(self) -> tuple[str, ...]:
        """Where two scales or two versions disagree, in words."""
        ...

    @property
    def definitions(self) -> tuple[CaseDefinition, ...]:
        """Surveillance case definitions that something here points at."""
        ...

    @property
    def scores(self) -> tuple[Score, ...]:
        """Scores of a severe infection, as far as they were measured."""
        ...

    @property
    def seriousness(self) -> Seriousness:
        """Whether it is serious in the regulatory sense."""
        ...

    @property
    def expectedness(self) -> tuple[Expectedness, ...]:
        """Whether each reaction is listed for each compound."""
        ...

    @property
    def causality(self) -> Causality:
        """How likely it is that the injection caused it."""
        ...

    @property
    def completeness(self) -> Completeness:
        """How well documented it is."""
        ...

    @property
    def attribution(self) -> tuple[Share, ...]:
        """How much of it each candidate could explain; empty without data."""
        ...
