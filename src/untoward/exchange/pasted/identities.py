"""A list of persons with their identifiers, as each clinic has it: read to make tokens of, never kept or quoted.

Faults name the row and the column and leave the value out: it would be somebody's name or birth date.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import polars as pl

from untoward.errors import Fault
from untoward.exchange.tables.draft import draft_table
from untoward.exchange.tables.inputs import find_line_list
from untoward.exchange.tables.layout import known_headers
from untoward.exchange.tables.text_bytes import DEFAULT_MAX_BYTES
from untoward.model.tables import Column, ColumnKind, Table

IDENTITIES = Table(
    name="identities",
    row="one person with the identifiers that tokens are made of",
    key=("patient_id",),
    columns=(
        Column(
            name="patient_id",
            kind=ColumnKind.KEY,
            required=True,
            aliases=("patient", "client", "person", "id", "paciente", "id paciente"),
            description="The clinic's own key of the person.",
        ),
        Column(
            name="given_name",
            kind=ColumnKind.TEXT,
            aliases=("first name", "given names", "forename", "nombre", "nome", "prenom"),
            description="Given name or names.",
        ),
        Column(
            name="family_name",
            kind=ColumnKind.TEXT,
            aliases=("last name", "surname", "surnames", "apellido", "apellidos", "sobrenome", "nom"),
            description="Family name or names.",
        ),
        Column(
            name="birth_date",
            kind=ColumnKind.DATE,
            aliases=("date of birth", "dob", "born", "fecha de nacimiento", "data de nascimento"),
            description="Day of birth.",
        ),
        Column(name="sex", kind=ColumnKind.TEXT, aliases=("gender", "sexo", "sexe"), description="F or M."),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityReading:
    """The persons of a list, as rows with `patient_id`, `given_name`, `family_name`, `birth_date` (a date) and `sex`.

    A birth date that is not known to the day is null. `faults` hold no value of a cell.
    """

    persons: pl.DataFrame
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]

    def rows(self) -> list[dict[str, Any]]:
        """One mapping for each person."""
        return self.persons.to_dicts()


def read_identities(path: Path, *, max_bytes: int = DEFAULT_MAX_BYTES) -> IdentityReading:
    """Read a list of persons from CSV, XLSX or Parquet. Raises InputError when it cannot be read at all."""
    raw = find_line_list(path).read(known_headers([IDENTITIES]), max_bytes)
    draft = draft_table(raw, IDENTITIES)
    ids = draft.frame.get_column("patient_id")
    twice = ids.is_duplicated() & ids.is_not_null()
    draft.log.about_rows(
        twice, "stands in more than one row", field="patient_id", expected="one row a person"
    )
    frame = draft.good()
    whole = (pl.col("birth_date:to") - pl.col("birth_date:from")) <= pl.duration(days=1)
    persons = frame.select(
        "patient_id", "given_name", "family_name",
        pl.when(whole).then(pl.col("birth_date:from").dt.date()).alias("birth_date"), "sex",
    )  # fmt: skip
    faults = tuple(replace(fault, got="") for fault in draft.log.faults())
    return IdentityReading(persons=persons, faults=faults, notes=tuple(raw.notes))
