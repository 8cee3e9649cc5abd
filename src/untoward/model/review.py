"""A safety review of a registry or a line list: the answer, in the order in which it is read.

1 who needs someone now · 2 which reactions left their expected course · 3 what exposure stands out and how
sure that is · 4 clusters and what may explain them · 5 the epidemic curve · 6 what was missing from the data · 7 the
evidence used.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from untoward.model.clusters import ClusterAnswer
from untoward.model.counts import EpiCurve, ExposureResult, Proportion
from untoward.model.finding import Assessment, CourseState, Disposition
from untoward.model.tables import ColumnTaken, RowLedger


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What made this review: enough to make it again. `inputs` maps each file name to its SHA-256."""

    version: str
    rule_set: str
    evidence_version: str
    inputs: Mapping[str, str]
    as_of: str | None
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """How much was looked at. None where the input does not say (a line list has no components)."""

    sessions: int | None
    patients: int | None
    components: int | None
    reactions: int
    observations: int | None
    clinics: int | None
    first_date: str | None
    last_date: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseLine:
    """One reaction as one line: who, what, how urgent, by when, why, and what was injected.

    `deadline` is an ISO date and time, counted from the last observation; `overdue` compares it with the
    review's date. `open` is false once the reaction is recorded as over.
    """

    reaction_id: str
    patient_id: str
    session_id: str
    session_date: str
    term: str
    term_label: str
    last_seen_day: float | None
    last_seen_date: str | None
    open: bool
    disposition: Disposition
    deadline: str | None
    overdue: bool
    course: CourseState
    assessment: Assessment
    clinic: str | None
    practitioner: str | None
    compounds: tuple[str, ...] = ()
    lots: tuple[str, ...] = ()
    vials: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseSummary:
    """All reactions of one term against their expected course."""

    term: str
    term_label: str
    reactions: int
    within: int
    late: int
    beyond: int
    no_data: int
    incidence: Proportion | None
    published: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeScreen:
    """One outcome: how often it happened, and every exposure tested for it, the most striking first.

    `tested` is the number of exposures that the adjusted p values account for. `axes_without_data` are axes
    for which the input holds no value at all. `results` holds the first `len(results)` of `tested`; `reading`
    says in one sentence what stands out and how sure that is.
    """

    outcome: str
    definition: str
    unit: str
    attack_rate: Proportion
    attack_rate_persons: Proportion | None
    tested: int
    results: tuple[ExposureResult, ...]
    reading: str
    axes_without_data: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingData:
    """One thing the data does not say, for how many rows, and what it keeps us from answering."""

    table: str
    column: str
    missing: int
    of: int
    matters_for: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceUsed:
    """One evidence record behind this review, with its source as a reader would cite it."""

    key: str
    statement: str
    citation: str
    url: str | None
    locator: str
    grade: str
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedFigure:
    """A figure printed in the publication an example was entered from, beside ours.

    `agrees` to the printed digits.
    """

    what: str
    printed: str
    ours: str
    agrees: bool | None
    locator: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedExample:
    """What is known of a published outbreak that this input re-enters."""

    title: str
    citation: str
    url: str | None
    what_happened: str
    how_entered: str
    figures: tuple[PublishedFigure, ...]
    not_published: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecognised:
    """A name that is in no list of ours: kept, counted, treated as unknown."""

    table: str
    column: str
    name: str
    rows: int
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """The whole review. Every list is complete unless its own field says how much was left out."""

    title: str
    provenance: Provenance
    totals: Totals
    dispositions: Mapping[Disposition, int]
    urgent: tuple[CaseLine, ...]
    off_course: tuple[CaseLine, ...]
    off_course_total: int
    courses: tuple[CourseSummary, ...]
    outcomes: tuple[OutcomeScreen, ...]
    epi_curves: tuple[EpiCurve, ...]
    missing: tuple[MissingData, ...]
    unrecognised: tuple[Unrecognised, ...]
    columns: tuple[ColumnTaken, ...]
    ledger: tuple[RowLedger, ...]
    faults_left_out: int
    evidence: tuple[EvidenceUsed, ...]
    example: PublishedExample | None = None
    clusters: ClusterAnswer | None = None
    urgent_total: int = 0
    closed_urgent: int = 0
