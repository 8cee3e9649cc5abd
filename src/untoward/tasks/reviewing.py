"""The main job: review a registry or a line list, and write what was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

import untoward
from untoward.evidence.courses import INJECTION_ITSELF, expected_course
from untoward.exchange.tables import (
    LineListReading,
    Names,
    RegistryReading,
    find_input,
    read_line_list,
    read_registry,
)
from untoward.model.finding import CourseState
from untoward.model.review import (
    CourseSummary,
    EvidenceUsed,
    OutcomeScreen,
    Provenance,
    Review,
    Totals,
    Unrecognised,
)
from untoward.model.tables import ColumnTaken, Registry
from untoward.report.html import render_html
from untoward.report.json_document import render_json
from untoward.tasks.clusters import cluster_names
from untoward.tasks.delays import published_delays
from untoward.tasks.judging import Judgement, judge_registry
from untoward.tasks.knowledge import assessor, case_names, evidence
from untoward.tasks.missing import missing_data
from untoward.tasks.published import ABOUT, published_example, read_about
from untoward.tasks.registry_input import (
    Progress,
    files_read,
    last_moment,
    no_progress,
    sha256_of,
    stop_on_faults,
)
from untoward.tasks.writing import write_together
from untoward.watch.clusters.nodes import nodes_of
from untoward.watch.clusters.search import find_clusters
from untoward.watch.epi_curve import registry_epi_curve
from untoward.watch.estimates import proportion
from untoward.watch.exposures import registry_memberships
from untoward.watch.known_by import known_by
from untoward.watch.line_list import line_list_epi_curve, screen_line_list
from untoward.watch.outcomes import registry_outcomes
from untoward.watch.screening import screen


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """A review beside its complete line list."""

    review: Review
    line_list: pl.DataFrame


def review(
    path: Path,
    *,
    as_of: datetime | None = None,
    keep_good_rows: bool = False,
    title: str | None = None,
    progress: Progress = no_progress,
) -> Reviewed:
    """Review a registry (folder or workbook of four tables) or a line list.

    With `as_of`, a registry is reviewed as it stood then: what happened or became known later plays no part.

    Raises InputError with every fault of the input, unless `keep_good_rows` is true: then rows with a fault
    are left out, counted and shown.
    """
    if find_input(path) == "line-list":
        return _review_line_list(path, as_of, keep_good_rows, title)
    return _review_registry(path, as_of, keep_good_rows, title, progress)


def write_review(reviewed: Reviewed, out: Path) -> Mapping[str, Path]:
    """Write review.html, review.json and line-list.csv: all of them or none.

    Raises OutsideError when the folder cannot be written; what stood there before is then still there.
    """
    import json

    contents = {
        "review.html": render_html(reviewed.review),
        "review.json": json.dumps(render_json(reviewed.review), ensure_ascii=False, indent=1),
        "line-list.csv": reviewed.line_list.write_csv(),
    }
    return write_together(contents, out)


def _review_registry(
    path: Path, as_of: datetime | None, keep_good_rows: bool, title: str | None, progress: Progress
) -> Reviewed:
    base = evidence()
    reading = read_registry(path, Names(compounds=base.compound_names, terms=base.terms), progress=progress)
    stop_on_faults(reading.faults, path, keep_good_rows)
    registry = reading.registry if as_of is None else known_by(reading.registry, as_of)
    last = as_of or last_moment(registry)
    judged = judge_registry(registry, assessor(), case_names(), last, progress)
    progress("comparing exposures", 0, 1)
    groups = {term.id: term.group for term in base.terms.terms.values()}
    outcomes = registry_outcomes(registry, groups, judged.off_course_ids)
    labels = {key: compound.label for key, compound in base.compounds.items()}
    memberships = registry_memberships(registry, labels)
    screens = tuple(screen(registry, cases, memberships=memberships) for cases in outcomes)
    progress("comparing exposures", 1, 1)
    clusters = find_clusters(
        registry,
        outcomes,
        now=last,
        as_of=as_of,
        names=cluster_names(base),
        published=published_delays(base),
        progress=progress,
        nodes=nodes_of(registry, labels, memberships),
    )
    return Reviewed(
        review=Review(
            title=title or f"Safety review of {path.stem or path.resolve().name}",
            provenance=_provenance(path, reading.columns, last, keep_good_rows),
            totals=_totals(registry),
            dispositions=dict(judged.dispositions),
            urgent=judged.urgent,
            urgent_total=judged.urgent_total,
            closed_urgent=judged.closed_urgent,
            off_course=judged.off_course,
            off_course_total=len(judged.off_course_ids),
            courses=_course_summaries(registry, judged),
            outcomes=screens,
            clusters=clusters,
            epi_curves=tuple(
                registry_epi_curve(registry, cases) for cases in outcomes if cases.reactions.height
            ),
            missing=missing_data(registry),
            unrecognised=_unrecognised(reading),
            columns=reading.columns,
            ledger=reading.ledger,
            faults_left_out=sum(row.left_out for row in reading.ledger),
            evidence=_evidence_used(judged.evidence_keys),
        ),
        line_list=judged.line_list,
    )


def _review_line_list(
    path: Path, as_of: datetime | None, keep_good_rows: bool, title: str | None
) -> Reviewed:
    reading = read_line_list(path)
    stop_on_faults(reading.faults, path, keep_good_rows)
    about = read_about(path) if path.is_dir() else None
    outcome = str(about.get("outcome") or "ill") if about else "ill"
    screened = screen_line_list(reading.line_list, outcome)
    curve = line_list_epi_curve(reading.line_list, outcome)
    example = published_example(about, screened) if about else None
    return Reviewed(
        review=Review(
            title=title or (example.title if example else f"Review of {path.name}"),
            provenance=_provenance(path, reading.columns, as_of, keep_good_rows),
            totals=_line_list_totals(reading, screened),
            dispositions={},
            urgent=(),
            off_course=(),
            off_course_total=0,
            courses=(),
            outcomes=(screened,),
            epi_curves=(curve,),
            missing=(),
            unrecognised=(),
            columns=reading.columns,
            ledger=reading.ledger,
            faults_left_out=sum(row.left_out for row in reading.ledger),
            evidence=(),
            example=example,
        ),
        line_list=reading.line_list.frame,
    )


def _totals(registry: Registry) -> Totals:
    sessions = registry.sessions
    first, last = sessions.get_column("date_from").min(), sessions.get_column("date_from").max()
    return Totals(
        sessions=sessions.height,
        patients=sessions.get_column("patient_id").n_unique(),
        components=registry.components.height,
        reactions=registry.reactions.height,
        observations=registry.observations.height,
        clinics=sessions.get_column("clinic").drop_nulls().n_unique()
        if "clinic" in sessions.columns
        else None,
        first_date=first.date().isoformat() if isinstance(first, datetime) else None,
        last_date=last.date().isoformat() if isinstance(last, datetime) else None,
    )


def _line_list_totals(reading: LineListReading, screened: OutcomeScreen) -> Totals:
    return Totals(
        sessions=None,
        patients=screened.attack_rate.n,
        components=None,
        reactions=screened.attack_rate.cases,
        observations=None,
        clinics=None,
        first_date=None,
        last_date=None,
    )


def _provenance(
    path: Path, columns: Iterable[ColumnTaken], as_of: datetime | None, keep_good_rows: bool
) -> Provenance:
    judge = assessor()
    named = [*(column.file for column in columns), ABOUT]
    return Provenance(
        version=untoward.__version__,
        rule_set=judge.rule_set,
        evidence_version=judge.evidence.version,
        inputs={file.name: sha256_of(file) for file in files_read(path, named)},
        as_of=None if as_of is None else as_of.isoformat(timespec="minutes"),
        parameters={"keep good rows": str(keep_good_rows).lower()},
    )


def _unrecognised(reading: RegistryReading) -> tuple[Unrecognised, ...]:
    column = {"components": "compound", "reactions": "term"}
    return tuple(
        Unrecognised(
            table=item.table,
            column=column.get(item.table, ""),
            name=item.name,
            rows=item.rows,
            suggestions=item.suggestions,
        )
        for item in reading.unrecognised
    )


def _course_summaries(registry: Registry, judged: Judgement) -> tuple[CourseSummary, ...]:
    """Every term of the registry, the most frequent first."""
    terms = sorted({term for term, _state in judged.course_states})
    summaries = [_course_summary(term, registry, judged) for term in terms]
    return tuple(sorted(summaries, key=lambda summary: (-summary.reactions, summary.term_label)))


def _course_summary(term: str, registry: Registry, judged: Judgement) -> CourseSummary:
    counts = {state: judged.course_states[(term, state)] for state in CourseState}
    base = evidence()
    sessions = registry.reactions.filter(pl.col("term_id") == term).get_column("session_id").n_unique()
    return CourseSummary(
        term=term,
        term_label=base.terms[term].label if term in base.terms else "not recognised",
        reactions=sum(counts.values()),
        within=counts[CourseState.WITHIN],
        late=counts[CourseState.LATE],
        beyond=counts[CourseState.BEYOND],
        no_data=counts[CourseState.NO_DATA],
        incidence=proportion(sessions, registry.sessions.height),
        published=tuple(_published_courses(term, registry)),
    )


def _published_courses(term: str, registry: Registry) -> Iterable[str]:
    """The published course of a term after each compound of the registry that has one, in words."""
    base = evidence()
    compounds = registry.components.get_column("compound_key").drop_nulls().unique().sort().to_list()
    for key in (*compounds, INJECTION_ITSELF):
        course = expected_course(base, key, term)
        if course is not None:
            _low, middle, high = course.band_days
            yield (
                f"{base.compounds[key].label}: half over by day {middle:.0f}, 95 % by day {high:.0f} "
                f"({course.people} people)"
            )


def _evidence_used(keys: Iterable[str]) -> tuple[EvidenceUsed, ...]:
    base = evidence()
    records = [base.records[key] for key in sorted(set(keys))]
    return tuple(
        EvidenceUsed(
            key=record.key,
            statement=record.statement,
            citation=base.source_of(record).citation,
            url=base.source_of(record).link,
            locator=record.locator,
            grade=record.grade,
            verified=record.verified,
        )
        for record in records
    )
