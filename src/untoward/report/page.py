"""The page as values: everything a template shows, in reading order, with all words and numbers already made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from untoward.model.finding import Disposition
from untoward.model.review import CaseLine, EvidenceUsed, PublishedExample, Review
from untoward.report.anchors import anchors, web_address
from untoward.report.cases import CaseCard, case_card
from untoward.report.charts import Chart, course_chart
from untoward.report.cluster_section import NO_CLUSTERS, ClustersView, clusters_summary, clusters_view
from untoward.report.curves import CurveView, curve_summary, curve_view
from untoward.report.data_quality import DataView, data_view
from untoward.report.dates import spoken
from untoward.report.exposures import OutcomeView, outcome_view
from untoward.report.numbers import count, counted, proportion, sentence_case
from untoward.report.tables import TableView, table
from untoward.report.words import (
    DISPOSITION_WORDS,
    NOT_A_DIAGNOSIS,
    SECTION_TITLES,
    course_summary,
    looked_at,
    off_course_total,
    period,
    urgent_summary,
    urgent_total,
)

MOST_CARDS = 100
LINE_LIST = "line-list.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """One numbered section: its anchor, title and the one sentence that answers it."""

    key: str
    number: int
    title: str
    answer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TallyView:
    """How many reactions have one disposition."""

    disposition: Disposition
    short: str
    n: str
    none: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceView:
    """One evidence record as it is shown."""

    anchor: str
    key: str
    statement: str
    citation: str
    locator: str
    grade: str
    grade_words: str
    verified: bool
    href: str | None
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleView:
    """A published outbreak beside our figures."""

    title: str
    citation: str
    href: str | None
    url: str
    what_happened: str
    how_entered: str
    summary: str
    table: TableView | None
    not_published: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageView:
    """The whole page."""

    title: str
    looked_at: tuple[str, ...]
    period: str
    as_of: str
    disclaimer: str
    sections: tuple[SectionView, ...]
    example: ExampleView | None
    tally: tuple[TallyView, ...]
    urgent: tuple[CaseCard, ...]
    urgent_shown: str
    closed_urgent: str
    off_course: tuple[CaseCard, ...]
    off_course_shown: str
    course_chart: Chart | None
    course_table: TableView | None
    outcomes: tuple[OutcomeView, ...]
    clusters: ClustersView | None
    curves: tuple[CurveView, ...]
    data: DataView
    evidence: tuple[EvidenceView, ...]
    provenance: tuple[tuple[str, str], ...]
    hashes: tuple[tuple[str, str], ...]
    parameters: tuple[tuple[str, str], ...]

    def section(self, key: str) -> SectionView:
        """The section of this key."""
        return next(section for section in self.sections if section.key == key)


GRADES: Mapping[str, str] = {
    "A": "controlled trial, label or systematic review",
    "B": "series or cohort",
    "C": "case report, expert or second-hand",
}

_AGREEMENT: Mapping[bool | None, str] = {True: "agrees", False: "differs", None: "not comparable"}


def page_view(review: Review) -> PageView:
    """The page of a review. At most `MOST_CARDS` cards stand in each section; the line list has them all."""
    as_of = review.provenance.as_of
    records = anchors("evidence", (record.key for record in review.evidence))
    urgent, off_course = review.urgent[:MOST_CARDS], review.off_course[:MOST_CARDS]
    full = anchors("case", (line.reaction_id for line in (*urgent, *off_course)))
    in_urgent = {line.reaction_id for line in urgent}
    places = _places((*urgent, *off_course), full)
    return PageView(
        title=review.title,
        looked_at=looked_at(review.totals),
        period=period(review.totals),
        as_of=spoken(as_of) if as_of else "",
        disclaimer=NOT_A_DIAGNOSIS,
        sections=_sections(review),
        example=_example(review.example) if review.example else None,
        tally=_tally(review),
        urgent=tuple(
            case_card(line, full[line.reaction_id], as_of=as_of, evidence=records) for line in urgent
        ),
        urgent_shown=_shown(len(urgent), urgent_total(review)),
        closed_urgent=_closed(review.closed_urgent),
        off_course=tuple(_off_course_card(line, full, in_urgent, as_of, records) for line in off_course),
        off_course_shown=_shown(len(off_course), off_course_total(review)),
        course_chart=course_chart(review.courses, f"Bars of reactions by standing. {course_summary(review)}"),
        course_table=_course_table(review),
        outcomes=tuple(
            outcome_view(one, f"outcome-{n}", places) for n, one in enumerate(review.outcomes, start=1)
        ),
        clusters=clusters_view(review.clusters, places) if review.clusters else None,
        curves=tuple(curve_view(one, f"curve-{n}") for n, one in enumerate(review.epi_curves, start=1)),
        data=data_view(review),
        evidence=tuple(_evidence(record, records[record.key]) for record in review.evidence),
        provenance=_provenance(review),
        hashes=tuple(sorted(review.provenance.inputs.items())),
        parameters=tuple(sorted(review.provenance.parameters.items())),
    )


def _sections(review: Review) -> tuple[SectionView, ...]:
    answers = {
        "urgent": urgent_summary(review),
        "course": course_summary(review),
        "exposures": review.outcomes[0].reading if review.outcomes else "No outcome could be screened.",
        "clusters": clusters_summary(review.clusters) if review.clusters else NO_CLUSTERS,
        "curve": curve_summary(review),
        "missing": data_view(review).summary,
        "evidence": _evidence_summary(review),
    }
    return tuple(
        SectionView(key=key, number=number, title=SECTION_TITLES[key], answer=answer)
        for number, (key, answer) in enumerate(answers.items(), start=1)
    )


def _evidence_summary(review: Review) -> str:
    if not review.evidence:
        return "No record of evidence was used."
    verified = sum(record.verified for record in review.evidence)
    return f"{counted(len(review.evidence), 'record')}; {count(verified)} checked against the source."


def _tally(review: Review) -> tuple[TallyView, ...]:
    """One entry for each disposition, in order; none at all where nothing was assessed, since 0 would look like calm."""
    if not any(review.dispositions.values()):
        return ()
    return tuple(
        TallyView(disposition=one, short=DISPOSITION_WORDS[one].short, n=count(n), none=not n)
        for one in Disposition
        for n in (review.dispositions.get(one, 0),)
    )


def _shown(shown: int, total: int) -> str:
    return f"{count(shown)} of {count(total)} shown; all in {LINE_LIST}" if shown < total else ""


def _closed(number: int) -> str:
    if not number:
        return ""
    return f"{counted(number, 'further reaction')} met such a rule, but {'is' if number == 1 else 'are'} recorded as over."


def _off_course_card(
    line: CaseLine,
    full: Mapping[str, str],
    in_urgent: set[str],
    as_of: str | None,
    records: Mapping[str, str],
) -> CaseCard:
    """A card of section 2. One that stands in section 1 too gets the short form with a link to it."""
    anchor = full[line.reaction_id]
    if line.reaction_id not in in_urgent:
        return case_card(line, anchor, as_of=as_of, evidence=records)
    return case_card(line, f"course-of-{anchor}", as_of=as_of, evidence=records, elsewhere=anchor)


def _places(lines: tuple[CaseLine, ...], full: Mapping[str, str]) -> dict[str, str]:
    """Where an id leads: a reaction to its card, a session to the first card of one of its reactions."""
    places: dict[str, str] = {}
    for line in lines:
        places.setdefault(line.session_id, full[line.reaction_id])
    return places | dict(full)


def _course_table(review: Review) -> TableView | None:
    if not review.courses:
        return None
    rows = [
        (
            sentence_case(course.term_label),
            count(course.reactions),
            count(course.within),
            count(course.late),
            count(course.beyond),
            count(course.no_data),
            proportion(course.incidence) if course.incidence else "no denominator",
            "; ".join(course.published) or "no data",
        )
        for course in review.courses
    ]
    headings = (
        "Reaction",
        "#All",
        "#Within",
        "#Late",
        "#Beyond",
        "#No data",
        "#How often here",
        "How often published",
    )
    return table("Reactions against their expected course", headings, rows)


def _evidence(record: EvidenceUsed, anchor: str) -> EvidenceView:
    return EvidenceView(
        anchor=anchor,
        key=record.key,
        statement=record.statement,
        citation=record.citation,
        locator=record.locator,
        grade=record.grade,
        grade_words=GRADES.get(record.grade, ""),
        verified=record.verified,
        href=web_address(record.url),
        url=record.url or "",
    )


def _example(example: PublishedExample) -> ExampleView:
    rows = [
        (figure.what, figure.printed, figure.ours, _AGREEMENT[figure.agrees], figure.locator)
        for figure in example.figures
    ]
    compared = [figure.agrees for figure in example.figures if figure.agrees is not None]
    others = len(example.figures) - len(compared)
    rest = f"; {count(others)} cannot be compared" if others else ""
    summary = f"{count(sum(compared))} of {counted(len(compared), 'printed figure')} agree to the printed digits{rest}."
    headings = ("Figure", "#Printed", "#This review", "To the printed digits", "Where it is printed")
    return ExampleView(
        title=example.title,
        citation=example.citation,
        href=web_address(example.url),
        url=example.url or "",
        what_happened=example.what_happened,
        how_entered=example.how_entered,
        summary=summary
        if compared
        else "The publication prints no figure that this review can be compared with.",
        table=table("Printed figures beside ours", headings, rows) if rows else None,
        not_published=example.not_published,
    )


def _provenance(review: Review) -> tuple[tuple[str, str], ...]:
    made = review.provenance
    return (
        ("untoward", made.version),
        ("Rule set", made.rule_set),
        ("Evidence", made.evidence_version),
        ("As of", spoken(made.as_of) if made.as_of else "not stated"),
    )
