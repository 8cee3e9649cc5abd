"""Assess every reaction of a registry: who needs someone, and what left its expected course.

All reactions are assessed; each gives one light row of the line list. Only the most urgent ones, and those
furthest from their course, are kept whole, so that a registry with many thousand reactions does not fill the
memory with explanations nobody will read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappush, heappushpop

import polars as pl

from untoward.assess.run import Assessor
from untoward.assess.situation import best_state
from untoward.exchange.cases import CaseNames
from untoward.model.finding import Assessment, CourseState, Disposition
from untoward.model.review import CaseLine
from untoward.model.tables import Registry
from untoward.report.line_list import line_list_frame
from untoward.tasks.registry_cases import ReactionCase, Row, reaction_cases

Progress = Callable[[str, int, int], None]

KEPT_WHOLE = 500
"""Cases kept with their whole explanation, for each of the two lists."""

REPORT_EVERY = 500
OFF_COURSE = frozenset({CourseState.LATE, CourseState.BEYOND})


@dataclass(slots=True)
class Judgement:
    """What assessing every reaction gave.

    `line_list` has one row per reaction, open and most urgent first.
    """

    line_list: pl.DataFrame = field(default_factory=lambda: line_list_frame([]))
    dispositions: Counter[Disposition] = field(default_factory=Counter)
    course_states: Counter[tuple[str, CourseState]] = field(default_factory=Counter)
    off_course_ids: list[str] = field(default_factory=list)
    urgent: tuple[CaseLine, ...] = ()
    off_course: tuple[CaseLine, ...] = ()
    urgent_total: int = 0
    closed_urgent: int = 0
    evidence_keys: Counter[str] = field(default_factory=Counter)


def judge_registry(
    registry: Registry,
    assessor: Assessor,
    names: CaseNames,
    as_of: datetime | None,
    progress: Progress,
) -> Judgement:
    """Assess the last observation of every reaction at which it was present, with all that was known by then."""
    judged = Judgement()
    urgent, off_course = _Most(KEPT_WHOLE), _Most(KEPT_WHOLE)
    total = registry.reactions.height
    labels = {key: compound.label for key, compound in assessor.evidence.compounds.items()}
    sheets, waiting = [line_list_frame([])], list[CaseLine]()
    for number, item in enumerate(reaction_cases(registry, names)):
        if number % REPORT_EVERY == 0:
            progress("assessing reactions", number, total)
        assessment = assessor.assess_at(item.case, len(item.case.observations) - 1)
        line = _case_line(item, assessment, as_of, labels)
        _count(judged, line)
        waiting.append(line)
        if len(waiting) == REPORT_EVERY:
            sheets.append(line_list_frame(waiting))
            waiting.clear()
        if line.open and line.disposition.needs_someone:
            urgent.offer((-line.disposition.rank, -_days_ago(line, as_of)), line)
        if line.course in OFF_COURSE:
            off_course.offer((line.course is CourseState.BEYOND, line.open, line.last_seen_day or 0.0), line)
    progress("assessing reactions", total, total)
    judged.urgent, judged.off_course = urgent.best_first(), off_course.best_first()
    judged.line_list = _most_urgent_first(pl.concat([*sheets, line_list_frame(waiting)]))
    return judged


class _Most:
    """Keeps the n largest items by a key, and gives them largest first; of equals the earlier stays."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._heap: list[tuple[tuple[float, ...], int, CaseLine]] = []
        self._offered = 0

    def offer(self, key: tuple[float, ...], line: CaseLine) -> None:
        self._offered += 1
        entry = (key, -self._offered, line)
        if len(self._heap) < self._size:
            heappush(self._heap, entry)
        else:
            heappushpop(self._heap, entry)

    def best_first(self) -> tuple[CaseLine, ...]:
        return tuple(
            line for _key, _order, line in sorted(self._heap, key=lambda item: item[:2], reverse=True)
        )


def _count(judged: Judgement, line: CaseLine) -> None:
    judged.dispositions[line.disposition] += 1
    judged.course_states[(line.term, line.course)] += 1
    if line.course in OFF_COURSE:
        judged.off_course_ids.append(line.reaction_id)
    if line.disposition.needs_someone:
        judged.urgent_total += line.open
        judged.closed_urgent += not line.open
    judged.evidence_keys.update(_records_behind(line.assessment))


def _most_urgent_first(sheet: pl.DataFrame) -> pl.DataFrame:
    ranks = {disposition.value: disposition.rank for disposition in Disposition}
    rank = pl.col("disposition").replace_strict(ranks, return_dtype=pl.Int8)
    return sheet.sort(pl.col("open").not_(), rank, "deadline", nulls_last=True, maintain_order=True)


def _records_behind(assessment: Assessment) -> Iterable[str]:
    for finding in assessment.findings:
        yield from finding.evidence


def _case_line(
    item: ReactionCase, assessment: Assessment, as_of: datetime | None, labels: Mapping[str, str]
) -> CaseLine:
    start = item.session.get("date_from")
    seen = None if start is None or item.last_seen_day is None else start + timedelta(days=item.last_seen_day)
    hours = assessment.disposition.deadline_hours
    deadline = None if seen is None or hours is None else seen + timedelta(hours=hours)
    return CaseLine(
        reaction_id=item.reaction["reaction_id"],
        patient_id=item.session.get("patient_id") or "",
        session_id=item.reaction["session_id"],
        session_date=item.session.get("date") or "",
        term=item.reaction.get("term_id") or "",
        term_label=item.reaction.get("term") or "",
        last_seen_day=item.last_seen_day,
        last_seen_date=None if seen is None else seen.date().isoformat(),
        open=item.open,
        disposition=assessment.disposition,
        deadline=None if deadline is None else deadline.isoformat(timespec="minutes"),
        overdue=bool(item.open and deadline and as_of and deadline < as_of),
        course=_course_of(item, assessment),
        assessment=assessment,
        clinic=item.session.get("clinic"),
        practitioner=item.session.get("practitioner"),
        compounds=_distinct(_compound_name(row, labels) for row in item.components),
        lots=_distinct(row.get("lot") for row in item.components),
        vials=_distinct(row.get("vial") for row in item.components),
    )


def _course_of(item: ReactionCase, assessment: Assessment) -> CourseState:
    term = item.reaction.get("term_id")
    return best_state([standing for standing in assessment.course if standing.term == term])


def _days_ago(line: CaseLine, as_of: datetime | None) -> float:
    """How long ago the person was last seen; the most recent come first among the equally urgent."""
    if as_of is None or line.last_seen_date is None:
        return 0.0
    return (as_of - datetime.fromisoformat(line.last_seen_date)) / timedelta(days=1)


def _compound_name(row: Row, labels: Mapping[str, str]) -> str:
    return labels.get(row.get("compound_key") or "", row["compound"])


def _distinct(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
