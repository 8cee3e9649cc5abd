"""What happens after a compound: how often, for how long, from when, and in single cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from untoward.evidence.base import EvidenceBase
from untoward.evidence.records import CaseReport, Incidence, Outbreak, Record, Timing
from untoward.model.profile import Band, Figure, Line, Section
from untoward.tasks.profile_figures import Course, Figures, Pooled
from untoward.tasks.profile_text import (
    capital,
    counted,
    day,
    days,
    in_all,
    interval_figure,
    joined,
    line,
    percent,
    share_figure,
)

_ARMS = {"active": "treated arm of a trial", "placebo": "placebo arm", "uncontrolled": "no control group"}
_BAND_NOTE = (
    "Band: from the day by which 5 % were over to that by which 95 % were; dot: half over; dotted: where the last "
    "of these days may lie. In brackets 95 % intervals for so few people; other populations may differ more. "
    "The clock starts at the session."
)
_ARM_ORDER = ("active", "placebo", "uncontrolled", "not stated")
_UNIT_ORDER = ("person", "session", "injection", "lesion")


def how_often(base: EvidenceBase, compound: str, figures: Figures) -> Section:
    """Each reaction with its best figure first, most frequent first; everything else stands below it."""
    terms = dict.fromkeys(r.term for r in base.about(compound) if isinstance(r, Incidence))
    blocks = [_often_block(base, compound, term, figures) for term in terms]
    blocks.sort(key=lambda block: (-block[0], block[1][0].cells[0]))
    return Section(
        key="often",
        title="What happens, and how often",
        columns=("Reaction", "#How often", "#95 % interval", "#Counted", "#Placebo, same trial"),
        lines=tuple(line for _share, lines in blocks for line in lines),
        note="Populations are put together by random effects only where they count the same thing in the same kind "
        "of arm and agree well enough; otherwise the best single record stands first.",
        empty="No data: no record counts how many people were looked at and how many had a reaction.",
    )


def _often_block(base: EvidenceBase, compound: str, term: str, figures: Figures) -> tuple[float, list[Line]]:
    """The share that leads, and the lines of one reaction."""
    records = sorted(base.incidences(compound, term), key=_best_first)
    pooled = figures.pooled.get((compound, term), ())
    leads = next((p for p in pooled if p.agree and _same_group(p, records[0])), None)
    label = capital(base.terms[term].label)
    first = (
        (leads.share, _pooled_line(base, leads, label))
        if leads
        else _single(base, records[0], label, figures)
    )
    rest: list[Line] = [_pooled_line(base, p, "put together", under=True) for p in pooled if p is not leads]
    others = records if leads else records[1:]
    rest += [_single(base, record, "also", figures, under=True)[1] for record in others]
    return first[0], [first[1], *rest]


def _best_first(record: Incidence) -> tuple[int, int, bool, str, int, str]:
    arm = _ARM_ORDER.index(record.arm or "not stated")
    return arm, _UNIT_ORDER.index(record.per), not record.verified, record.grade, -record.of, record.key


def _same_group(pooled: Pooled, record: Incidence) -> bool:
    return (pooled.per, pooled.arm) == (record.per, record.arm or "not stated")


def _single(
    base: EvidenceBase, record: Incidence, label: str, figures: Figures, *, under: bool = False
) -> tuple[float, Line]:
    share, interval = share_figure(record), interval_figure(record, figures)
    placebo = _placebo_of(base, record)
    made = [share, interval]
    beside = ""
    if placebo is not None:
        made.append(share_figure(placebo))
        beside = _of_placebo(placebo)
    return record.n / record.of, line(
        (label, f"{share.text} %", interval.text, counted(record), beside),
        (record, placebo) if placebo else (record,),
        detail=joined(record.population, record.follow_up, _ARMS.get(record.arm or "")),
        under=under,
        figures=made,
    )


def _of_placebo(record: Incidence) -> str:
    return f"{share_figure(record).text} % ({record.n:,} of {record.of:,})"


def _placebo_of(base: EvidenceBase, record: Record) -> Incidence | None:
    """The placebo arm of the same source, counted in the same way over the same time."""
    if not isinstance(record, Incidence) or record.arm != "active":
        return None
    same = (
        other
        for other in base.of_class(Incidence)
        if other.arm == "placebo"
        and (other.source, other.term, other.per, other.follow_up)
        == (record.source, record.term, record.per, record.follow_up)
    )
    return next(same, None)


def _pooled_line(base: EvidenceBase, pooled: Pooled, label: str, *, under: bool = False) -> Line:
    """Several populations as one figure with its heterogeneity; as none where they disagree too much."""
    keys = pooled.evidence
    spread = f"I² {100 * pooled.i2:.0f} %, τ² {pooled.tau2:.2g}"
    share = interval = further = ""
    if pooled.agree:
        share, interval = percent(pooled.share), f"{percent(pooled.low)} to {percent(pooled.high)}"
    if pooled.agree and pooled.predicted is not None:
        further = f"a further population: {percent(pooled.predicted[0])} to {percent(pooled.predicted[1])} %"
    warning = "" if pooled.agree else "they disagree too much for one figure"
    records = [record for key in keys if isinstance(record := base.records[key], Incidence)]
    people = in_all(records)
    placebo = None if under else next(filter(None, (_placebo_of(base, record) for record in records)), None)
    return line(
        (
            label,
            f"{share} %" if share else "no single figure",
            interval,
            f"{people} in {pooled.populations} populations",
            f"{_of_placebo(placebo)} in one of them" if placebo else "",
        ),
        [*records, placebo] if placebo else records,
        detail=joined("Random effects", spread, further, warning, _ARMS.get(pooled.arm)),
        under=under,
        figures=(
            Figure(text=f"{share} {interval} {spread} {further}", method="random effects", keys=keys),
            Figure(text=str(pooled.populations), method="count", keys=keys),
            Figure(text=people, method="count", keys=keys),
            *([share_figure(placebo)] if placebo else []),
        ),
    )


def how_long(base: EvidenceBase, compound: str, figures: Figures) -> Section:
    """The course of each reaction as a band; then durations that are published but do not make a band."""
    found = {term: course for (key, term), course in figures.courses.items() if key == compound}
    bands = sorted(found.items(), key=lambda item: item[1].days[1])
    lines = [line for term, course in bands for line in _course_lines(base, compound, term, course)]
    for record in base.about(compound):
        if isinstance(record, Timing) and record.kind == "duration" and record.term not in found:
            lines.append(_statement_line(base, record))
    borrowed = _borrowed(base, compound, found.values())
    return Section(
        key="long",
        title="For how long",
        columns=(
            "Reaction",
            "Course, in days",
            "#Half over by day",
            "#95 % over by day",
            "#Longest, days",
            "#People",
        ),
        lines=tuple(lines),
        note=f"{_BAND_NOTE}{borrowed}" if found else "What is published is not enough to draw a course.",
        empty="No data: no duration is published that could be used.",
    )


def _borrowed(base: EvidenceBase, compound: str, courses: Iterable[Course]) -> str:
    """That bands rest on the durations of a mixture's parts, where they do."""
    records = (base.records[key] for course in courses for key in course.evidence)
    others = dict.fromkeys(r.compound for r in records if isinstance(r, Timing) and r.compound != compound)
    if not others:
        return ""
    labels = " and ".join(base.compounds[key].label for key in others)
    return f" Where the mixture has no band of its own, that of {labels} is shown."


def _course_lines(base: EvidenceBase, compound: str, term: str, course: Course) -> Iterator[Line]:
    """The band of one reaction, and below it what else is published of its length."""
    yield _course_line(base, term, course)
    for record in base.durations(compound, term):
        if record.key not in course.evidence:
            yield line(("also", "", "", "", "", ""), [record], detail=record.statement, under=True)


def _course_line(base: EvidenceBase, term: str, course: Course) -> Line:
    low, middle, high = course.days
    half, late = days(middle, course.half), days(high, course.late)
    longest = f"{course.longest:,.0f}" if course.longest else ""
    made = line(
        (capital(base.terms[term].label), "", half, late, longest, f"{course.people:,}"),
        [base.records[key] for key in course.evidence],
        figures=(
            Figure(text=f"{day(low)} {half} {late} {longest}", method="course", keys=course.evidence),
            Figure(text=f"{course.people:,}", method="count", keys=course.evidence),
        ),
    )
    band = Band(low=low, middle=middle, high=high, high_from=course.late[0], high_to=course.late[1],
                longest=course.longest or None)  # fmt: skip
    return Line(
        **{name: getattr(made, name) for name in Line.__dataclass_fields__ if name != "band"}, band=band
    )


def _statement_line(base: EvidenceBase, record: Timing) -> Line:
    detail = f"{record.statement} (Not enough for a band.)"
    return line(
        (capital(base.terms[record.term].label), "", "", "", "", f"{record.n:,}"), [record], detail=detail
    )


def onsets(base: EvidenceBase, records: Iterable[Record]) -> Section:
    """When each reaction begins, as published."""
    found = [r for r in records if isinstance(r, Timing) and r.kind == "onset"]
    return Section(
        key="onset",
        title="When it begins",
        columns=("Reaction", "What is published"),
        lines=tuple(line((capital(base.terms[r.term].label), r.statement), [r]) for r in found),
    )


def single_cases(base: EvidenceBase, records: Iterable[Record]) -> Section:
    """Single cases and outbreaks: what can happen. They have no denominator and are no rate."""
    return Section(
        key="cases",
        title="Single cases and outbreaks",
        columns=("What happened", "#Cases", "What was seen"),
        lines=tuple(_case_lines(base, records)),
        note="They show what can happen, not how often.",
        empty="No data: no case is on record here.",
    )


def _case_lines(base: EvidenceBase, records: Iterable[Record]) -> Iterator[Line]:
    for record in records:
        if isinstance(record, CaseReport):
            ended = f"Outcome: {record.outcome}." if record.outcome else ""
            label = capital(base.terms[record.term].label)
            yield line((label, f"{record.n:,}", joined(record.statement, ended, by=". ") + "."), [record])
        elif isinstance(record, Outbreak):
            where = f"Outbreak, {record.place}, {record.period}"
            ill = f"{record.n:,}" if record.of is None else f"{record.n:,} of {record.of:,}"
            yield line((where, ill, record.statement), [record])
