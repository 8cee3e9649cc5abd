"""The outbreak workbench: the case definition and its counts, the cases found, and the rows pasted from a sheet."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from untoward.exchange.pasted import PastedTable
from untoward.registry.models import Investigation
from untoward.tasks.investigating import CasesAnswer
from untoward.tasks.record import outbreak_desk as desk
from untoward.tasks.record.outbreak_desk_form import DefinitionFields
from untoward.tasks.record.outbreak_desk_pasted import MOST_ROWS, PastedRow
from untoward.watch.workbench.definition import CANNOT_BE_TOLD, LEVELS, NOT_A_CASE
from untoward.web.api.shapes.base import Fault, Given, Sheet, Text, Told, Version


class OutbreakIn(Given):
    """An outbreak investigation that no cluster or signal began, and why it begins."""

    title: Text
    rationale: Text


class DefinitionIn(Given):
    """A case definition, every field as text. Lists are parted by commas, semicolons or lines.

    `onset_*` are days after a session; `sessions_*` and `begun_*` dates (a month or a year will do). `culture` are findings
    that confirm; `signs`, or so many `lesions`, make a case probable. `counts` are the levels that count as ill. `own`, when
    filled, is a definition as the command line reads it, and takes the place of the rest.
    """

    name: Text = ""
    question: Text = ""
    terms: Text = ""
    onset_from: Text = ""
    onset_to: Text = ""
    sessions_from: Text = ""
    sessions_to: Text = ""
    begun_from: Text = ""
    begun_to: Text = ""
    practitioners: Text = ""
    techniques: Text = ""
    age_from: Text = ""
    age_to: Text = ""
    culture: Text = ""
    signs: Text = ""
    lesions: Text = ""
    counts: Text = ""
    own: Text = ""


class DefinitionKeptIn(Given):
    """The version of the investigation that was read, and the definition to keep."""

    version: Version
    definition: DefinitionIn


class SheetIn(Given):
    """Rows of a sheet with their header, parted by tabs or as CSV, and how dates such as 03/04/2026 are written. Never names."""

    text: Sheet
    dates: Literal["unknown", "day-first", "month-first"] = "unknown"


class SheetKeptIn(SheetIn):
    """The version of the investigation that was read, and the rows to keep in the place of earlier ones."""

    version: Version


class DecidedRow(Given):
    """Who a pasted row is: "another" person than any of the record, the `who` of a candidate, or "" for still open."""

    row: Annotated[int, Field(ge=0, lt=MOST_ROWS)]
    who: Annotated[str, Field(pattern=r"^(another|P-[0-9a-f]{10})?$", max_length=12)]


class DecidedIn(Given):
    """The version of the investigation that was read, and who its pasted rows are."""

    version: Version
    decided: Annotated[list[DecidedRow], Field(max_length=MOST_ROWS)]


class DefinitionFieldsOut(Told):
    """A case definition, every field as text (see DefinitionIn)."""

    name: str
    question: str
    terms: str
    onset_from: str
    onset_to: str
    sessions_from: str
    sessions_to: str
    begun_from: str
    begun_to: str
    practitioners: str
    techniques: str
    age_from: str
    age_to: str
    culture: str
    signs: str
    lesions: str
    counts: str
    own: str


class DefinitionOut(Told):
    """The definition of an investigation; `kept` is false for one that is only proposed. Pasted rows, and those still open."""

    uid: UUID
    version: int
    title: str
    kept: bool
    definition: DefinitionFieldsOut
    pasted_rows: int
    open_rows: int


class LevelOut(Told):
    """How many persons have a level, whether it is one of a case, and how many of them could be of which other level."""

    level: str
    number: int
    case: bool
    could_be: dict[str, int]


class ConditionOut(Told):
    """One condition, among those who are a case or of whom it cannot be told."""

    label: str
    met: int
    not_met: int
    cannot_be_told: int


class CountsOut(Told):
    """A definition counted in the record as of a time. `still_in_window` persons may yet fall ill within its days."""

    as_of: datetime
    levels: list[LevelOut]
    cases: int
    cannot_be_told: int
    not_a_case: int
    concerned: int
    still_in_window: int | None
    conditions: list[ConditionOut]


class OutbreakLine(Told):
    """A case, or somebody of whom it cannot be told. `person` is the key, or a pseudonym for who sees no patients."""

    person: str
    level: str
    onset: date | None
    days: int | None
    session_date: date | None
    practitioner: str | None
    lot: str | None
    vial: str | None
    cannot_be_told: str | None


class OutbreakLinesOut(Told):
    """A part of the cases of the kept definition. `weeks`: days are the Mondays of their weeks."""

    identified: bool
    weeks: bool
    items: list[OutbreakLine]
    total: int
    next: int | None


class ColumnTaken(Told):
    """A column of the sheet, what it was taken for, and how."""

    header: str
    name: str
    how: str


class SheetOut(Told):
    """What a sheet reads as. `doubtful` cells would stay empty. Nothing is kept."""

    rows: int
    columns: list[str]
    taken: list[ColumnTaken]
    doubtful: list[Fault]
    notes: list[str]


class CandidateOut(Told):
    """A person of the record who may be the one of a row; `who` is what a decision sends."""

    who: str
    person: str
    level: str
    agree: list[str]
    differ: list[str]


class CellOut(Told):
    """A cell that is not empty."""

    column: str
    value: str


class PastedRowOut(Told):
    """A pasted row: its cells, who it was decided to be ("" while open), and who it may be, the likeliest first."""

    row: int
    cells: list[CellOut]
    decided: str
    candidates: list[CandidateOut]


def definition_out(one: Investigation) -> DefinitionOut:
    """The definition of an investigation as it stands."""
    pasted = desk.pasted_of(one)
    rows = len(pasted.get("rows", []))
    return DefinitionOut(
        uid=one.uid,
        version=one.version,
        title=one.title,
        kept=bool(one.subject.get("definition")),
        definition=DefinitionFieldsOut.model_validate(desk.fields_of(one)),
        pasted_rows=rows,
        open_rows=rows - len(pasted.get("decided", {})),
    )


def fields_in(given: DefinitionIn) -> DefinitionFields:
    """The definition that was sent."""
    return DefinitionFields(**{name: value.strip() for name, value in given.model_dump().items()})


def counts_out(answer: CasesAnswer, as_of: datetime) -> CountsOut:
    """A definition in numbers."""
    counts = answer.classified.counts
    return CountsOut(
        as_of=as_of,
        levels=[
            LevelOut(
                level=level,
                number=number,
                case=level in LEVELS,
                could_be=answer.open_levels.get(level, {}),
            )
            for level, number in counts.items()
        ],
        cases=sum(number for level, number in counts.items() if level in LEVELS),
        cannot_be_told=counts[CANNOT_BE_TOLD],
        not_a_case=counts[NOT_A_CASE],
        concerned=answer.listed.height,
        still_in_window=answer.waiting,
        conditions=[ConditionOut.model_validate(one) for one in answer.conditions],
    )


def line_out(row: Mapping[str, Any]) -> OutbreakLine:
    """One line of the list."""
    return OutbreakLine(person=row["patient_id"], **row)


def sheet_read_out(pasted: PastedTable) -> SheetOut:
    """What a sheet was read as."""
    return SheetOut(
        rows=pasted.table.height,
        columns=pasted.table.columns,
        taken=[ColumnTaken(header=header, name=name, how=how) for header, name, how in pasted.taken],
        doubtful=[Fault.model_validate(one) for one in pasted.faults],
        notes=[note.removeprefix("pasted.txt: ") for note in pasted.notes],
    )


def pasted_row_out(row: PastedRow, cells: list[tuple[str, str]], names: Mapping[str, str]) -> PastedRowOut:
    """A pasted row; `names` gives the pseudonym that a decision about a person is kept under."""
    return PastedRowOut(
        row=row.number,
        cells=[CellOut(column=column, value=value) for column, value in cells],
        decided=row.decided,
        candidates=[
            CandidateOut(
                who=names[one.person],
                person=one.person,
                level=one.level,
                agree=list(one.agree),
                differ=list(one.differ),
            )
            for one in row.candidates
        ],
    )
