"""One line of a grading scale, and how lines become a grade.

A grade stands when a recorded fact meets its line, or when nothing unknown is left on the next line up.
Otherwise only a range is known: from what is established to what the unknown facts could make of it. Of
several lines that are met the highest counts.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import attrgetter

from untoward.assess.judgement.view import View
from untoward.model.answer import Answer
from untoward.model.judgement import Grade


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a scale: its grade, whether it is met, what meets it, and what would have to be known."""

    grade: int
    met: Answer
    fact: str
    missing: tuple[str, ...] = ()


Test = Callable[[View, str], Line]
"""Looks whether a line is met for a reaction (by its term)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a scale calls a reaction, in which version, on which record, and where its grades begin.

    `stands` says whether being there is itself what the first line asks for.
    """

    scale: str
    version: str
    item: str
    evidence: tuple[str, ...]
    base: int
    stands: bool = False


def graded(row: Row, term: str, lines: Sequence[Line]) -> Grade:
    """The grade of one reaction by one row of a scale."""
    return graded_by((row,), term, lines)[0]


def graded_by(rows: Sequence[Row], term: str, lines: Sequence[Line]) -> tuple[Grade, ...]:
    """The grades of one reaction by rows that differ in nothing but their names and versions."""
    row = rows[0]
    low, basis, stands = row.base, "it is there, and no higher line is known to be met", row.stands
    met = [line for line in lines if line.met is Answer.YES]
    best = max(met, key=_grade_of) if met else None
    if best is not None and best.grade >= low:
        low, basis, stands = best.grade, best.fact, True
    above = [line for line in lines if line.met is Answer.UNKNOWN and line.grade > low]
    high = max(above, key=_grade_of).grade if above else low
    stands = stands or not _next_is_open(lines, above, low)
    missing = tuple(dict.fromkeys([name for line in above for name in line.missing]))
    return tuple(
        Grade(
            term=term, scale=each.scale, version=each.version, item=each.item, grade=low if stands else None,
            low=low, high=high, basis=basis, evidence=each.evidence, missing=missing,
        )
        for each in rows
    )  # fmt: skip


_grade_of = attrgetter("grade")


def _next_is_open(lines: Sequence[Line], unknown: Sequence[Line], low: int) -> bool:
    """Whether something unknown is left on the next line up."""
    if not unknown:
        return False
    following = min(line.grade for line in lines if line.grade > low)
    return any(line.grade == following for line in unknown)


def when(grade: int, *terms: str) -> Test:
    """A line that is met when one of these terms is there."""
    wanted, not_met = frozenset(terms), _not_met(grade, terms)

    def test(view: View, _term: str) -> Line:
        if view.yes.isdisjoint(wanted):
            return not_met(view)
        there = [view.label(name) for name in terms if name in view.yes]
        return Line(grade, Answer.YES, ", ".join(there))

    return test


def because(grade: int, *facts: str) -> Test:
    """A line that is met when a treatment, a visit or an outcome is known to have been because of the reaction."""
    wanted, not_met = frozenset(facts), _not_met(grade, facts)

    def test(view: View, term: str) -> Line:
        if view.ever_yes.isdisjoint(wanted):
            return not_met(view)
        there = tuple(view.label(fact) for fact in facts if fact in view.ever_yes)
        if view.alone(term):
            return Line(grade, Answer.YES, ", ".join(there))
        return Line(
            grade, Answer.UNKNOWN, "", tuple(f"whether it was because of this: {name}" for name in there)
        )

    return test


def _not_met(grade: int, terms: tuple[str, ...]) -> Callable[[View], Line]:
    """The line when none of the terms is there: ruled out when all were denied, else open.

    Lines are kept by evidence base and by what was denied, because most cases ask for the same few.
    """
    kept: dict[tuple[str, frozenset[str]], Line] = {}
    wanted, ruled_out = frozenset(terms), Line(grade, Answer.NO, "")

    def line(view: View) -> Line:
        denied = wanted & view.no
        if len(denied) == len(wanted):
            return ruled_out
        key = view.situation.evidence.version, denied
        found = kept.get(key)
        if found is None:
            missing = tuple(view.label(name) for name in terms if name not in denied)
            found = kept[key] = Line(grade, Answer.UNKNOWN, "", missing)
        return found

    return line


def limits(grade: int, level: int) -> Test:
    """A line that is met when the reaction limits function to this level (see `View.reaches`)."""
    words = ("interferes with activity", "prevents daily activity", "limits self-care")[level - 1]
    lines = {met: Line(grade, met, words, (words,) if met is Answer.UNKNOWN else ()) for met in Answer}

    def test(view: View, term: str) -> Line:
        return lines[view.reaches(term, level)]

    return test


def said(grade: int) -> Test:
    """A line that is met when somebody called the reaction mild (1), moderate (2) or severe (3), and function is
    not known. Words are weaker than function and never rule a line out.
    """
    words = f"said to be {('mild', 'moderate', 'severe')[grade - 1]}"
    not_said, is_said = Line(grade, Answer.NO, words), Line(grade, Answer.YES, words)

    def test(view: View, term: str) -> Line:
        met = view.severity(term) == grade and view.reaches(term, 1) is Answer.UNKNOWN
        return is_said if met else not_said

    return test
