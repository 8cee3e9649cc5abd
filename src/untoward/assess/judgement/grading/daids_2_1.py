"""DAIDS table, corrected version 2.1 (July 2017): injection-site reactions.

Above 15 years of age size counts from 2.5, 5 and 10 cm (or 6.25, 25 and 100 cm²), the lower bound included:
5.0 cm is grade 2 here and grade 1 by the FDA scale. Up to 15 years it counts by 2.5 cm and by half of the limb
segment. When the age is not known, both ways are tried, and a grade stands only where they agree. A case that
fits two grades has the higher.
"""

from __future__ import annotations

from dataclasses import replace

from untoward.assess.judgement.grading.fda_2007 import size_lines
from untoward.assess.judgement.grading.line import Line, Row, Test, because, graded, limits, said, when
from untoward.assess.judgement.knowledge import knowledge_of
from untoward.assess.judgement.view import View
from untoward.model.answer import Answer
from untoward.model.judgement import Grade

SCALE, VERSION = "DAIDS", "2.1"
ADULT, CHILD, OTHER = "daids-2-1-local-grading", "daids-2-1-child-grading", "daids-2-1-pain-and-itch"
SIZED = ("redness", "swelling", "induration")
INFECTED = ("ulcer", "injection-site-infection", "cellulitis", "sterile-abscess", "pus", "draining-sinus")

WORSE: tuple[Test, ...] = (
    limits(2, 1),
    limits(3, 2),
    when(3, *INFECTED),
    when(4, "abscess", "necrosis"),
)
WORSE_IN_CHILDREN: tuple[Test, ...] = (when(3, *INFECTED), when(4, "abscess", "necrosis"))
PAIN: tuple[Test, ...] = (
    limits(2, 1),
    limits(3, 2),
    limits(4, 3),
    said(1),
    said(2),
    said(3),
    because(4, "hospital-admission"),
)


def daids_grades(view: View) -> tuple[Grade, ...]:
    """DAIDS grades of redness, swelling or induration, of pain or tenderness, and of itch, where they are there."""
    yes = view.situation.yes
    found = [_sized(view, term) for term in SIZED if term in yes]
    sore = next((term for term in ("pain", "tenderness") if term in yes), None)
    if sore is not None:
        row = Row(scale=SCALE, version=VERSION, item="pain or tenderness", evidence=(OTHER,), base=1)
        found.append(graded(row, sore, [test(view, sore) for test in PAIN]))
    if "itch" in yes:
        found.append(_itch(view))
    return tuple(found)


def _sized(view: View, term: str) -> Grade:
    age, known = view.situation.case.patient.age_years, knowledge_of(view.situation.evidence)
    if age is None:
        return _either(_adult(view, term), _child(view, term))
    return _child(view, term) if known.bound(CHILD, "age").met_by(age) else _adult(view, term)


def _adult(view: View, term: str) -> Grade:
    row = Row(scale=SCALE, version=VERSION, item=_item(term), evidence=(ADULT,), base=0)
    sizes = _area_lines(view, term) or size_lines(view, term, ADULT)
    return graded(row, term, [*sizes, *(test(view, term) for test in WORSE)])


def _child(view: View, term: str) -> Grade:
    row = Row(
        scale=SCALE, version=VERSION, item=_item(term) + ", 15 years or younger", evidence=(CHILD,), base=1
    )
    tests = [test(view, term) for test in WORSE_IN_CHILDREN]
    return graded(row, term, [*_child_lines(view, term), *tests])


def _area_lines(view: View, term: str) -> list[Line]:
    """Lines by area, when an area was given and no diameter; the diameter is what people measure."""
    area, known = view.number(term, "area_cm2"), knowledge_of(view.situation.evidence)
    if area is None or view.size_cm(term) is not None:
        return []
    return [
        Line(grade, Answer.of(known.bound(ADULT, f"grade-{grade}-area").met_by(area)), f"{area:g} cm²")
        for grade in (1, 2, 3)
    ]


def _child_lines(view: View, term: str) -> list[Line]:
    size, known = view.size_cm(term), knowledge_of(view.situation.evidence)
    missing = (f"{view.label(term)}: size_cm",)
    met = Answer.UNKNOWN if size is None else Answer.of(known.bound(CHILD, "grade-2").met_by(size))
    share = view.number(term, "limb_share_percent")
    wide = Answer.UNKNOWN if share is None else Answer.of(known.bound(CHILD, "grade-3").met_by(share))
    if met is Answer.NO:
        wide = Answer.NO
    said_size = "" if size is None else f"{size:g} cm"
    small = Answer.UNKNOWN if size is None else Answer.YES
    return [
        Line(1, small, said_size, missing),
        Line(2, met, said_size, missing),
        Line(3, wide, f"{share:g} % of the limb segment" if share is not None else "", missing),
    ]


def _either(one: Grade, other: Grade) -> Grade:
    """What holds whichever age band the person belongs to."""
    agree = one.grade is not None and one.grade == other.grade
    return replace(
        one,
        grade=one.grade if agree else None,
        low=min(one.low, other.low),
        high=max(one.high, other.high),
        evidence=tuple(dict.fromkeys((*one.evidence, *other.evidence))),
        missing=tuple(dict.fromkeys((*(() if agree else ("age",)), *one.missing, *other.missing))),
    )


def _item(term: str) -> str:
    return "erythema or redness" if term == "redness" else "induration or swelling"


def _itch(view: View) -> Grade:
    """Grade 2 beyond the site or with 48 hours of treatment, grade 3 when generalised and disabling."""
    row = Row(scale=SCALE, version=VERSION, item="pruritus at the injection site", evidence=(OTHER,), base=1)
    hours, known = view.number("itch", "treated_hours"), knowledge_of(view.situation.evidence)
    limit = known.bound(OTHER, "itch-grade-2-treatment")
    treated = Answer.UNKNOWN if hours is None else Answer.of(limit.met_by(hours))
    everywhere, disabling = view.answer("generalised-itch"), view.reaches("itch", 2)
    whole = (
        Answer.NO
        if Answer.NO in (everywhere, disabling)
        else Answer.UNKNOWN
        if Answer.UNKNOWN in (everywhere, disabling)
        else Answer.YES
    )
    lines = [
        Line(2, treated, "" if hours is None else f"treated for {hours:g} hours", ("itch: treated_hours",)),
        Line(2, everywhere, "beyond the site", (view.label("generalised-itch"),)),
        Line(3, whole, "generalised and disabling", (view.label("generalised-itch"),)),
    ]
    return graded(row, "itch", lines)
