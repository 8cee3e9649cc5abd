"""Common Terminology Criteria for Adverse Events, versions 5.0 and 6.0, each graded by its own lines.

Only lines of terms that injections cause are here. Angioedema has no line in either version; fat atrophy has
none in version 6.0. A grade of one version is never read with the bands of the other. Grade 4 and 5 need a
recorded life-threatening course or death.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from untoward.assess.judgement.grading.line import (
    Line,
    Row,
    Test,
    because,
    graded_by,
    limits,
    said,
    when,
)
from untoward.assess.judgement.knowledge import knowledge_of
from untoward.assess.judgement.view import View
from untoward.model.answer import Answer
from untoward.model.judgement import Grade

SCALE = "CTCAE"
BOTH = ("5.0", "6.0")

ISR, ULCER, FEVER = "ctcae-injection-site-reaction", "ctcae-skin-ulceration", "ctcae-fever"
ITCH_HIVES, PIGMENT, ATROPHY = "ctcae-itch-and-hives", "ctcae-pigment-and-vessels", "ctcae-fat-atrophy"
VASOVAGAL, INFECTION, ALLERGY = "ctcae-vasovagal-reaction", "ctcae-infection", "ctcae-allergy"
BRUISE, DEATH_OF_TISSUE, FACE = "ctcae-bruise-and-haematoma", "ctcae-tissue-death", "ctcae-face-oedema"

LOCAL_ONE = ("tenderness", "warmth", "redness", "itch", "induration")
LOCAL_TWO = ("pain", "swelling", "lipoatrophy")
LOCAL_THREE = ("ulcer", "necrosis")
GENERALISED = frozenset({"generalised", "generalized", "widespread", "all over"})
PIGMENT_TERMS = {"hyperpigmentation": "skin hyperpigmentation", "hypopigmentation": "skin hypopigmentation"}


def over(grade: int, name: str, criterion: str, bound: str) -> Test:
    """A line that is met when a number given with the reaction passes a boundary of a criterion."""

    def test(view: View, term: str) -> Line:
        value = view.number(term, name)
        if value is None:
            return Line(grade, Answer.UNKNOWN, "", (f"{view.label(term)}: {name}",))
        limit = knowledge_of(view.situation.evidence).bound(criterion, bound)
        return Line(grade, Answer.of(limit.met_by(value)), f"{value:g} {limit.unit or ''}".strip())

    return test


def everywhere(grade: int) -> Test:
    """A line that is met when the attribute `extent` says that a reaction is not only local."""

    def test(view: View, term: str) -> Line:
        word = view.word(term, "extent")
        met = Answer.UNKNOWN if word is None else Answer.of(word in GENERALISED)
        return Line(grade, met, "generalised", (f"{view.label(term)}: extent",))

    return test


GRAVE: tuple[Test, ...] = (because(4, "life-threatening"),)


SITE: tuple[Test, ...] = (
    when(1, "tenderness"),
    when(2, *LOCAL_TWO),
    when(3, *LOCAL_THREE, "operation-needed"),
    *GRAVE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A term of the scale: what it is called, from which of our terms it is read, its first grade and its lines."""

    item: str
    of: tuple[str, ...]
    record: str
    base: int
    tests: tuple[Test, ...] = ()
    stands: bool = False
    versions: tuple[str, ...] = BOTH
    fatal: bool = False
    on_face: bool = False


ENTRIES = (
    Entry(item="bruising", of=("bruise",), record=BRUISE, base=1, tests=(everywhere(2),)),
    Entry(item="haematoma", of=("haematoma",), record=BRUISE, base=1, fatal=True, tests=(
        because(2, "needle-drainage"), because(3, "transfusion-needed", "operation-needed"), *GRAVE)),
    Entry(item="pruritus", of=("itch", "generalised-itch"), record=ITCH_HIVES, base=1, tests=(
        because(1, "topical-treatment"), when(2, "generalised-itch"), because(2, "oral-treatment"), limits(2, 1),
        because(3, "systemic-steroid", "insomnia"), limits(3, 3))),
    Entry(item="urticaria", of=("hives",), record=ITCH_HIVES, base=1, versions=("5.0",), tests=(
        over(2, "bsa_percent", ITCH_HIVES, "hives-5-grade-2"), because(2, "oral-treatment"),
        over(3, "bsa_percent", ITCH_HIVES, "hives-5-grade-3"), because(3, "intravenous-treatment"))),
    Entry(item="urticaria", of=("hives",), record=ITCH_HIVES, base=1, versions=("6.0",), tests=(
        because(1, "topical-treatment"), because(2, "oral-treatment"), because(3, "intravenous-treatment"))),
    Entry(item="oedema face", of=("swelling", "angioedema", "lip-swelling"), record=FACE, base=1, on_face=True,
          tests=(said(2), said(3), limits(2, 1), limits(3, 3))),
    Entry(item="allergic reaction", of=("allergy",), record=ALLERGY, base=1, fatal=True, tests=(
        because(2, "oral-treatment"), when(3, "wheeze"), because(3, "intravenous-treatment", "hospital-admission"),
        *GRAVE)),
    Entry(item="anaphylaxis", of=("anaphylaxis",), record=ALLERGY, base=3, stands=True, fatal=True, tests=GRAVE),
    Entry(item="skin infection", of=("cellulitis", "injection-site-infection", "pustule", "folliculitis"),
          record=INFECTION, base=1, fatal=True, tests=(
              because(1, "topical-treatment"), because(2, "oral-treatment"),
              because(3, "intravenous-treatment", "operation-needed", "needle-drainage"), *GRAVE)),
    Entry(item="soft tissue infection", of=("abscess", "necrotising-infection", "mycobacterial-infection", "orbital-cellulitis"),
          record=INFECTION, base=2, fatal=True, tests=(
              because(3, "intravenous-treatment", "operation-needed", "needle-drainage"), *GRAVE)),
    Entry(item="soft tissue necrosis", of=("necrosis",), record=DEATH_OF_TISSUE, base=2, fatal=True, tests=(
        because(3, "operation-needed"), *GRAVE)),
    Entry(item="vasovagal reaction", of=("faint",), record=VASOVAGAL, base=3, stands=True, versions=("5.0",),
          fatal=True, tests=GRAVE),
    Entry(item="vasovagal reaction", of=("faint",), record=VASOVAGAL, base=2, versions=("6.0",), fatal=True, tests=(
        because(3, "intravenous-treatment", "emergency-visit"), *GRAVE)),
    *(Entry(item=item, of=(term,), record=PIGMENT, base=1, versions=("5.0",), tests=(
        over(2, "bsa_percent", PIGMENT, "pigment-5-grade-2"), when(2, "psychosocial-impact")))
      for term, item in PIGMENT_TERMS.items()),
    *(Entry(item=item, of=(term,), record=PIGMENT, base=1, stands=True, versions=("6.0",), tests=(
        when(2, "psychosocial-impact"),)) for term, item in PIGMENT_TERMS.items()),
    Entry(item="telangiectasia", of=("telangiectasia",), record=PIGMENT, base=1, versions=("5.0",), tests=(
        over(2, "bsa_percent", PIGMENT, "telangiectasia-5-grade-2"), when(2, "psychosocial-impact"))),
    Entry(item="telangiectasia", of=("telangiectasia",), record=PIGMENT, base=1, stands=True, versions=("6.0",),
          tests=(when(2, "psychosocial-impact"),)),
    Entry(item="fat atrophy", of=("lipoatrophy",), record=ATROPHY, base=1, versions=("5.0",), tests=(
        over(2, "bsa_percent", ATROPHY, "grade-2"), limits(2, 1),
        over(3, "bsa_percent", ATROPHY, "grade-3"), limits(3, 3))),
)  # fmt: skip


def ctcae_grades(view: View) -> tuple[Grade, ...]:
    """CTCAE grades in both versions; where a version has no line for something, it has no grade."""
    return tuple(_grades(view))


def _grades(view: View) -> Iterator[Grade]:
    yes = view.situation.yes
    if not yes.isdisjoint((*LOCAL_ONE, *LOCAL_TWO, *LOCAL_THREE)):
        yield from _injection_site(view)
    if "ulcer" in yes:
        yield from graded_by(_both("skin ulceration", ULCER, 1), "ulcer", _ulcer_lines(view))
    if "fever" in yes or view.number("temperature", "value") is not None:
        yield from _fever(view)
    for entry in _entries_for(yes):
        if entry.on_face and view.situation.on_face is not Answer.YES:
            continue
        term = next(term for term in entry.of if term in yes)
        lines = [test(view, term) for test in entry.tests]
        if entry.fatal:
            lines.append(_fatal(view, term))
        yield from graded_by(_ROWS[entry], term, lines)


def _entries_for(yes: frozenset[str]) -> list[Entry]:
    """The entries that one of these terms opens, in the order of the table."""
    opened = {number for term in yes for number in _OPENED_BY.get(term, ())}
    return [ENTRIES[number] for number in sorted(opened)]


_OPENED_BY: dict[str, tuple[int, ...]] = {
    term: tuple(number for number, entry in enumerate(ENTRIES) if term in entry.of)
    for term in {term for entry in ENTRIES for term in entry.of}
}


_ROWS: dict[Entry, tuple[Row, ...]] = {
    entry: tuple(
        Row(scale=SCALE, version=version, item=entry.item, evidence=(entry.record,), base=entry.base,
            stands=entry.stands)
        for version in entry.versions
    )
    for entry in ENTRIES
}  # fmt: skip


def _fatal(view: View, term: str) -> Line:
    """Death, when it is known to have been of this; a death that may have been of something else stays open."""
    answer = view.about(term, "death")
    dead = view.ever("death") is Answer.YES
    return Line(5, answer if dead else Answer.NO, view.label("death"), (view.label("death"),))


@lru_cache(maxsize=16)
def _both(item: str, record: str, base: int) -> tuple[Row, ...]:
    return tuple(
        Row(scale=SCALE, version=version, item=item, evidence=(record,), base=base) for version in BOTH
    )


def _injection_site(view: View) -> tuple[Grade, ...]:
    """One grade for the site as a whole, under the worst sign that is there."""
    yes = view.situation.yes
    worst = next(term for term in (*LOCAL_THREE, *LOCAL_TWO, *LOCAL_ONE) if term in yes)
    return graded_by(_both("injection site reaction", ISR, 1), worst, [test(view, worst) for test in SITE])


def _ulcer_lines(view: View) -> list[Line]:
    """By the size of all ulcers together, by depth, and by what was destroyed (attribute `depth`)."""
    size, known = view.size_cm("ulcer"), knowledge_of(view.situation.evidence)
    depth = view.word("ulcer", "depth")
    missing, deep = (f"{view.label('ulcer')}: size_cm",), (f"{view.label('ulcer')}: depth",)
    names: tuple[tuple[Literal[2, 3], str], ...] = ((2, "grade-2"), (3, "grade-3"))
    lines = [
        Line(grade, Answer.UNKNOWN if size is None else Answer.of(known.bound(ULCER, name).met_by(size)),
             "" if size is None else f"{size:g} cm", missing)
        for grade, name in names
    ]  # fmt: skip
    full = None if depth is None else depth in ("full thickness", "full", "muscle", "bone", "fascia")
    muscle = None if depth is None else depth in ("muscle", "bone")
    return [
        *lines,
        Line(3, Answer.of(full), f"{depth} deep", deep),
        Line(4, Answer.of(muscle), f"down to {depth}", deep),
    ]


def _fever(view: View) -> Iterator[Grade]:
    """By the measured temperature. A fever that was felt and not measured is somewhere between 1 and 4."""
    value, known = view.number("temperature", "value"), knowledge_of(view.situation.evidence)
    label, felt = view.label("temperature"), view.answer("fever") is Answer.YES
    if value is not None and not felt and not known.bound(FEVER, "grade-1").met_by(value):
        return
    if value is None:
        lines = [Line(grade, Answer.UNKNOWN, "", (label,)) for grade in (2, 3, 4)]
    else:
        lines = [
            Line(grade, Answer.of(known.bound(FEVER, f"grade-{grade}").met_by(value)), f"{value:g} °C")
            for grade in (1, 2, 3)
        ]
        lines.append(_lasting(view, known.bound(FEVER, "grade-3").met_by(value)))
    yield from graded_by(_both("fever", FEVER, 1), "fever", lines)


def _lasting(view: View, above: bool) -> Line:
    days = view.number("fever", "days")
    limit = knowledge_of(view.situation.evidence).bound(FEVER, "grade-4-lasting").days
    longer = Answer.NO if not above else Answer.UNKNOWN if days is None else Answer.of(days > limit)
    return Line(4, longer, "for more than 24 hours", (f"{view.label('fever')}: days",))
