"""Rows pasted from a sheet into an investigation: read cell by cell, then held against the record by a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from untoward.errors import Fault, InputError
from untoward.exchange.pasted import DateOrder, PastedTable, read_pasted
from untoward.tasks.record.pseudonyms import pseudonym

MOST_ROWS, MOST_COLUMNS, MOST_LETTERS = 2_000, 60, 1_000_000
ANOTHER = "another"
"""The decision that a pasted row is a person who is not in the record."""

MOST_CANDIDATES = 3
_KEYS = ("patient_id", "patient", "person", "key", "id", "paciente")
_KNOWN = (
    "ill", "onset", "session_date", "age", "sex", "vial", "lot", "diluent", "device", "product", "compound", "practitioner",
    "clinic",
)  # fmt: skip
_SAME_KEY, _LEAST = 10, 4
_WEIGHTS: Mapping[str, int] = {
    "onset": 3, "session_date": 3, "vial": 2, "lot": 2, "age": 1, "sex": 1, "practitioner": 1,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person of the record who may be the one of a pasted row: what agrees and what does not."""

    person: str
    level: str
    agree: tuple[str, ...]
    differ: tuple[str, ...]
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedRow:
    """One kept row: its number from 0, its cells, what was decided of it ("" when nothing yet), and who it may be."""

    number: int
    cells: tuple[str | None, ...]
    decided: str
    candidates: tuple[Candidate, ...]


def read_rows(text: str, order: str) -> PastedTable:
    """The pasted text as a table. Raises InputError when it is no table or too large."""
    if len(text) > MOST_LETTERS:
        raise _refused(_("too much at once"), _("at most %(n)s letters") % {"n": f"{MOST_LETTERS:,}"})
    if not text.strip():
        raise _refused(_("nothing was pasted"), _("a header and the rows below it"))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "pasted.txt"
        path.write_text(text, encoding="utf-8")
        try:
            pasted = read_pasted(path, DateOrder(order) if order in set(DateOrder) else DateOrder.UNKNOWN)
        except InputError as error:
            raise InputError(error.message, [_on_the_form(fault) for fault in error.faults]) from error
    if pasted.table.height > MOST_ROWS or pasted.table.width > MOST_COLUMNS:
        most = _("at most %(rows)s rows of %(columns)s columns") % {
            "rows": MOST_ROWS,
            "columns": MOST_COLUMNS,
        }
        raise _refused(_("too much at once"), most)
    return pasted


def as_kept(pasted: PastedTable) -> dict[str, Any]:
    """The table as it is kept with the investigation; every decision is still open."""
    return {
        "columns": list(pasted.table.columns),
        "rows": [list(row) for row in pasted.table.cast(pl.String).iter_rows()],
        "decided": {},
    }


def rows_of(kept: Mapping[str, Any], listed: pl.DataFrame) -> tuple[PastedRow, ...]:
    """The kept rows with who of the record each may be. `listed` is the line list of everybody in the definition's reach."""
    columns, decided = kept.get("columns", []), kept.get("decided", {})
    people = [_plain(row) for row in listed.iter_rows(named=True)]
    return tuple(
        PastedRow(
            number=number,
            cells=tuple(cells),
            decided=str(decided.get(str(number), "")),
            candidates=tuple(_candidates(dict(zip(columns, cells, strict=True)), people)),
        )
        for number, cells in enumerate(kept.get("rows", []))
    )


def without_pasted_keys(kept: Mapping[str, Any], secret: str) -> dict[str, Any]:
    """The kept rows for those who see no identities: keys as the pseudonyms of the record, and known columns alone."""
    columns = [_plain_name(header) for header in kept.get("columns", [])]
    shown = [place for place, name in enumerate(columns) if name in _KEYS or name in _KNOWN]
    return {
        **kept,
        "columns": [kept["columns"][place] for place in shown],
        "rows": [
            [
                pseudonym("P", row[place].strip(), secret)
                if row[place] and columns[place] in _KEYS
                else row[place]
                for place in shown
            ]
            for row in kept.get("rows", [])
        ],
    }


def _plain_name(header: str) -> str:
    return header.strip().lower().replace(" ", "_")


def own_rows(kept: Mapping[str, Any]) -> pl.DataFrame:
    """The rows that were decided to be another person than any of the record."""
    decided = kept.get("decided", {})
    rows = [row for number, row in enumerate(kept.get("rows", [])) if decided.get(str(number)) == ANOTHER]
    return pl.DataFrame(rows, schema=dict.fromkeys(kept.get("columns", []), pl.String), orient="row")


def _candidates(row: Mapping[str, str | None], people: Sequence[Mapping[str, str]]) -> Iterator[Candidate]:
    key = next((row[name] for name in row if _plain_name(name) in _KEYS and row[name]), None)
    found = [one for person in people if (one := _compared(row, key, person)) is not None]
    yield from sorted(found, key=lambda one: (-one.weight, one.person))[:MOST_CANDIDATES]


def _compared(row: Mapping[str, str | None], key: str | None, person: Mapping[str, str]) -> Candidate | None:
    agree, differ, weight = [], [], 0
    if key is not None and key.strip().lower() == person["patient_id"].lower():
        agree, weight = [_("key")], _SAME_KEY
    for name, worth in _WEIGHTS.items():
        mine, theirs = _cell(row, name), person.get(name, "")
        if not mine or not theirs:
            continue
        if _equal(name, mine, theirs):
            agree.append(name.replace("_", " "))
            weight += worth
        else:
            differ.append(name.replace("_", " "))
            weight -= 1
    if weight < _LEAST:
        return None
    return Candidate(
        person=person["patient_id"],
        level=person["level"],
        agree=tuple(agree),
        differ=tuple(differ),
        weight=weight,
    )


def _cell(row: Mapping[str, str | None], name: str) -> str:
    found = next(
        (cell for header, cell in row.items() if header.strip().lower().replace(" ", "_") == name), None
    )
    return (found or "").strip()


def _equal(name: str, mine: str, theirs: str) -> bool:
    if name == "age":
        try:
            return abs(float(mine) - float(theirs)) <= 1
        except ValueError:
            return False
    if name in ("onset", "session_date"):
        return mine[:10] == theirs[:10]
    if name == "sex":
        return mine[:1].lower() == theirs[:1].lower()
    return mine.lower() in [part.strip().lower() for part in theirs.split(";")]


def _plain(row: Mapping[str, Any]) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in row.items()}


def _refused(what: str, expected: str) -> InputError:
    return InputError(_("Nothing was read."), [Fault(what=what, field="pasted", expected=expected)])


def _on_the_form(fault: Fault) -> Fault:
    return Fault(what=fault.what, field="pasted", got=fault.got, expected=fault.expected, hint=fault.hint)
