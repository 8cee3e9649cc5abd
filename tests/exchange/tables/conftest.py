"""A small good registry, its names, and ways to write it in every format."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from untoward.exchange.tables import Names, RegistryReading, read_registry
from untoward.model.names import NameIndex
from untoward.model.terms import Term, TermKind, TermList

Rows = list[dict[str, str]]
Tables = dict[str, Rows]


def _term(term_id: str, name: str, *synonyms: str) -> Term:
    return Term(
        id=term_id,
        name={"en": name},
        plain={},
        synonyms={"en": synonyms},
        group="test",
        kind=TermKind.REACTION,
    )


@pytest.fixture(scope="session")
def names() -> Names:
    terms = {
        term.id: term
        for term in (
            _term("nodule", "nodule", "lump"),
            _term("swelling", "swelling", "hinchazón"),
            _term("fever", "fever", "fiebre"),
        )
    }
    index = NameIndex.build({key: term.every_name() for key, term in terms.items()})
    compounds = NameIndex.build(
        {"phosphatidylcholine": ["lecithin", "lecitina"], "procaine": ["procaína"], "carnitine": []}
    )
    return Names(compounds=compounds, terms=TermList(terms, index))


@pytest.fixture
def good() -> Tables:
    """Two people, three sessions, one nodule that was seen twice."""
    return {
        "sessions": [
            {"session_id": "S1", "patient_id": "P1", "date": "2026-03-02", "clinic": "León", "licensed": "yes", "age": "4"},
            {"session_id": "S2", "patient_id": "P1", "date": "2026-03-16T14:30", "clinic": "South", "licensed": "no", "age": "4"},
            {"session_id": "S3", "patient_id": "P2", "date": "2026-04", "clinic": "North", "licensed": "", "age": "33.5"},
        ],
        "components": [
            {"session_id": "S1", "compound": "Lecithin", "amount": "40", "unit": "mg", "lot": "007", "vial": "V1"},
            {"session_id": "S1", "compound": "procaína", "amount": "2.5", "unit": "mL", "lot": "L2", "vial": "V2"},
            {"session_id": "S3", "compound": "lecitina", "amount": "", "unit": "", "lot": "007", "vial": "V1"},
        ],
        "reactions": [
            {"reaction_id": "R1", "session_id": "S1", "term": "lumps", "onset_date": "2026-03-04", "resolved_date": "2026-03-20"},
            {"reaction_id": "R2", "session_id": "S2", "term": "swelling", "onset_date": "2026-03-17T02:30", "resolved_date": ""},
            {"reaction_id": "R3", "session_id": "S3", "term": "swelling", "onset_date": "2026-04", "resolved_date": ""},
        ],
        "observations": [
            {"reaction_id": "R1", "date": "2026-03-05", "day": "", "text": 'hard, "cold"', "size_cm": "1.5", "painful": "no",
             "fever": "no"},
            {"reaction_id": "R1", "date": "", "day": "9", "text": "", "size_cm": "1", "painful": "", "fever": ""},
        ],
    }  # fmt: skip


@pytest.fixture
def write_csv(tmp_path: Path) -> Callable[..., Path]:
    """Write tables as a folder of CSV files and give the folder."""

    def write(tables: Tables, separator: str = ",", encoding: str = "utf-8") -> Path:
        folder = tmp_path / "csv"
        folder.mkdir(exist_ok=True)
        for name, rows in tables.items():
            text = pl.DataFrame(rows).write_csv(separator=separator)
            (folder / f"{name}.csv").write_bytes(text.encode(encoding))
        return folder

    return write


@pytest.fixture
def write_xlsx(tmp_path: Path) -> Callable[..., Path]:
    """Write tables as one workbook with a sheet for each, every cell as text, and give the file."""

    def write(tables: Tables, name: str = "registry.xlsx") -> Path:
        path = tmp_path / name
        with xlsxwriter.Workbook(path) as book:
            for table, rows in tables.items():
                sheet = book.add_worksheet(table)
                for place, header in enumerate(rows[0]):
                    sheet.write_string(0, place, header)
                for number, row in enumerate(rows, start=1):
                    for place, cell in enumerate(row.values()):
                        sheet.write_string(number, place, cell)
        return path

    return write


@pytest.fixture
def read(names: Names, write_csv: Callable[..., Path]) -> Callable[..., RegistryReading]:
    """Write tables as CSV and read them back."""

    def write_and_read(tables: Tables, **options: object) -> RegistryReading:
        return read_registry(write_csv(tables), names, **options)

    return write_and_read
