"""FDA toxicity grading scale for healthy volunteers in vaccine trials (September 2007): local reactions.

Size is the largest single diameter. The scale prints 2.5 to 5 cm and 5.1 to 10 cm; what lies between 5.0 and
5.1 counts as more than 5.0. Swelling takes the higher of its grade by size and its grade by function. Below
2.5 cm the grade by size is 0. The rows of vital signs are left out: no copy of them could be verified.

Made for one injection in a trial: after many punctures it does not separate expected from unexpected.
"""

from __future__ import annotations

from functools import lru_cache

from untoward.assess.judgement.grading.line import Line, Row, Test, because, graded, limits, said, when
from untoward.assess.judgement.knowledge import Knowledge, knowledge_of
from untoward.assess.judgement.view import View
from untoward.evidence.records import Threshold
from untoward.model.answer import Answer
from untoward.model.judgement import Grade

SCALE, VERSION = "FDA", "2007"
BY_SIZE, BY_FUNCTION = "fda-2007-local-grading", "fda-2007-function-grading"
SIZED = ("redness", "swelling", "induration")
VISIT = ("emergency-visit", "hospital-admission")
TENDER_WORDS = {"touch": 1, "on touch": 1, "movement": 2, "with movement": 2, "rest": 3, "at rest": 3}

PAIN: tuple[Test, ...] = (
    when(2, "repeated-painkiller"),
    limits(2, 1),
    when(3, "opioid-needed"),
    limits(3, 2),
    said(1),
    said(2),
    said(3),
    because(4, *VISIT),
)
SWELLING: tuple[Test, ...] = (limits(2, 1), limits(3, 2), when(4, "necrosis"))
REDNESS: tuple[Test, ...] = (when(4, "necrosis"),)


def fda_grades(view: View) -> tuple[Grade, ...]:
    """FDA grades of pain, tenderness, redness, swelling and induration, where they are there."""
    yes = view.situation.yes
    found = [_sized(view, term) for term in SIZED if term in yes]
    if "pain" in yes:
        row = Row(scale=SCALE, version=VERSION, item="pain", evidence=(BY_FUNCTION,), base=1)
        found.append(graded(row, "pain", [test(view, "pain") for test in PAIN]))
    if "tenderness" in yes:
        found.append(_tender(view))
    return tuple(found)


def size_lines(view: View, term: str, criterion: str) -> list[Line]:
    """The lines of a scale that ask for a diameter: grades 1 to 3 by the boundaries of a criterion."""
    size = view.size_cm(term)
    if size is None:
        missing = (f"{view.label(term)}: size_cm",)
        return [Line(grade, Answer.UNKNOWN, "", missing) for grade in (1, 2, 3)]
    bounds, words = _bounds(knowledge_of(view.situation.evidence), criterion), f"{size:g} cm"
    return [Line(grade, Answer.of(bound.met_by(size)), words) for grade, bound in bounds]


@lru_cache(maxsize=64)
def _bounds(known: Knowledge, criterion: str) -> tuple[tuple[int, Threshold], ...]:
    return tuple((grade, known.bound(criterion, f"grade-{grade}")) for grade in (1, 2, 3))


def _sized(view: View, term: str) -> Grade:
    tests = REDNESS if term == "redness" else SWELLING
    item = "erythema" if term == "redness" else "induration or swelling"
    row = Row(scale=SCALE, version=VERSION, item=item, evidence=(BY_SIZE, BY_FUNCTION), base=0)
    return graded(row, term, [*size_lines(view, term, BY_SIZE), *(test(view, term) for test in tests)])


def _tender(view: View) -> Grade:
    """Mild on touch is 1, with movement 2, significant at rest 3: read from the attribute `when`."""
    row = Row(scale=SCALE, version=VERSION, item="tenderness", evidence=(BY_FUNCTION,), base=1)
    word = view.word("tenderness", "when")
    level = None if word is None else TENDER_WORDS.get(word)
    missing = (f"{view.label('tenderness')}: when",)
    lines = [
        Line(grade, Answer.UNKNOWN if level is None else Answer.of(level >= grade), f"tender {word}", missing)
        for grade in (1, 2, 3)
    ]
    spoken = [said(grade)(view, "tenderness") for grade in (1, 2, 3)] if level is None else []
    return graded(row, "tenderness", [*lines, *spoken, because(4, *VISIT)(view, "tenderness")])
