"""What is usual and until when, from the expected courses of the compounds given and of the needle itself.

One line per reaction: among the compounds of the session the one with the longest course, as in an assessment, where one
compound that explains a reaction is enough. A course is never said to go beyond the longest that was published. Lumps
get no end date: a late infection begins as a lump.
"""

from __future__ import annotations

from collections.abc import Iterator

from untoward.aftercare.days import Days
from untoward.aftercare.rates import Rate, best_rate, frequency
from untoward.aftercare.sheet import Statement, Usual, UsualRow
from untoward.aftercare.subjects import Subjects, compound_name, term_name
from untoward.aftercare.topics import topics
from untoward.evidence.base import EvidenceBase
from untoward.evidence.courses import INJECTION_ITSELF, ExpectedCourse, expected_course

MOST_ROWS = 8
"""More lines would not fit a page; `Topics["usual"]` names the reactions in the order in which they are wanted."""


def usual(base: EvidenceBase, subjects: Subjects, days: Days) -> Usual:
    """The lines that have data, and what must be said beside them."""
    found = [(term, longest_course(base, subjects, term)) for term in topics()["usual"]]
    rows = [_row(base, subjects, days, term, course) for term, course in found if course is not None]
    rows += [
        row for term, course in found if course is None if (row := _undated_row(base, subjects, days, term))
    ]
    courses = [course for _term, course in found if course is not None]
    return Usual(rows=tuple(rows[:MOST_ROWS]), notes=tuple(_notes(base, subjects, days, courses)))


def longest_course(base: EvidenceBase, subjects: Subjects, term: str) -> ExpectedCourse | None:
    """The course of this reaction after the compounds of the session that lasts longest; None when none is published."""
    courses = (expected_course(base, compound, term) for compound in (*subjects.own, INJECTION_ITSELF))
    return max((course for course in courses if course), key=lambda course: course.band_days[2], default=None)


def almost_all_day(course: ExpectedCourse) -> float:
    """The day by which 95 % were over it, never later than the longest that was published."""
    late = course.band_days[2]
    return min(late, course.longest_days) if course.longest_days else late


def _row(base: EvidenceBase, subjects: Subjects, days: Days, term: str, course: ExpectedCourse) -> UsualRow:
    texts, name = days.texts, term_name(base, term, days.texts)
    half, late = course.band_days[1], almost_all_day(course)
    rate = _rate_beside(base, subjects, term, course.compound)
    key, end = _end_of(term, late, days)
    words = {"term": name, "half": days.by(half), "almost_all": days.by(late), "day": days.on(_show_from())}
    return UsualRow(
        term=term,
        name=name,
        how_often=frequency(rate, texts) if rate else "",
        half=days.cell(half),
        almost_all=end,
        people=texts("normal.people", people=course.people),
        statement=Statement(
            key=key,
            text=texts(key, **words),
            evidence=(*course.evidence, *((rate.record.key,) if rate else ())),
            numbers={
                "half_over_days": round(half, 2),
                "almost_all_over_days": round(late, 2),
                "percent_95_over_days": round(course.band_days[2], 2),
                "longest_published_days": round(course.longest_days, 2),
                "people": course.people,
                **_rate_numbers(rate),
            },
        ),
    )


def _end_of(term: str, late: float, days: Days) -> tuple[str, str]:
    """The text of a sentence and the words of a cell: a date, or when to show what has no end date."""
    if term in topics()["lumps"]:
        return "normal.lump", days.texts("normal.show")
    if term in topics()["like_infection"] and late > _show_from():
        return "normal.open_end", days.texts("normal.show_on", day=days.on(_show_from()))
    return "normal.sentence", days.cell(late)


def _show_from() -> int:
    return int(topics()["show_from"])


def _undated_row(base: EvidenceBase, subjects: Subjects, days: Days, term: str) -> UsualRow | None:
    """A reaction that was counted after what was given, though nobody published how long it lasts."""
    rate = best_rate(base, subjects.wider, term)
    if rate is None or rate.record.n == 0:
        return None
    texts, name = days.texts, term_name(base, term, days.texts)
    compound = compound_name(base, rate.record.compound, texts)
    return UsualRow(
        term=term,
        name=name,
        how_often=frequency(rate, texts),
        half=texts("normal.not_published"),
        almost_all=texts("normal.show") if term in topics()["lumps"] else texts("normal.not_published"),
        people="",
        statement=Statement(
            key="normal.unpublished",
            text=f"{texts('page.pair', name=name, text=frequency(rate, texts))}. "
            + texts("normal.unpublished", compounds=compound),
            evidence=(rate.record.key,),
            numbers=_rate_numbers(rate),
        ),
    )


def _rate_beside(base: EvidenceBase, subjects: Subjects, term: str, compound: str) -> Rate | None:
    """The rate after the compound that gave the course; after its parts when it has none of its own."""
    known = base.compounds.get(compound)
    rate = best_rate(base, (compound, *(known.parts if known else ())), term)
    return rate or best_rate(base, subjects.wider, term)


def _rate_numbers(rate: Rate | None) -> dict[str, int]:
    return {"n": rate.record.n, "of": rate.record.of} if rate else {}


def _notes(
    base: EvidenceBase, subjects: Subjects, days: Days, courses: list[ExpectedCourse]
) -> Iterator[Statement]:
    texts = days.texts
    without = _without_course(base, subjects)
    if courses and all(course.compound == INJECTION_ITSELF for course in courses):
        yield Statement(key="normal.needle_only", text=texts("normal.needle_only"))
    if without:
        names = ", ".join(
            compound_name(base, key, texts) if key in base.compounds else key for key in without
        )
        yield Statement(key="normal.unpublished", text=texts("normal.unpublished", compounds=names))
    if courses:
        yield Statement(key="normal.caution", text=texts("normal.caution"))
    day = _show_from()
    text = texts("normal.still_there", day=days.on(day))
    yield Statement(key="normal.still_there", text=text, evidence=("safety-netting",), numbers={"day": day})


def _without_course(base: EvidenceBase, subjects: Subjects) -> tuple[str, ...]:
    """Compounds given after which nobody published how long any common reaction lasts, then the names we do not know."""
    terms = topics()["usual"]
    bare = (key for key in subjects.own if not any(expected_course(base, key, term) for term in terms))
    return (*bare, *subjects.unknown)
