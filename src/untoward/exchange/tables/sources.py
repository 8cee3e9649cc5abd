"""Finding the tables of an input: the files of a folder, the sheets of a workbook, or one file by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from untoward.errors import Fault, InputError
from untoward.exchange.tables.csv_read import read_csv
from untoward.exchange.tables.parquet import read_parquet
from untoward.exchange.tables.raw import RawTable, foreign_errors, refuse
from untoward.exchange.tables.text_bytes import open_text
from untoward.exchange.tables.workbook import Workbook
from untoward.model.names import fold, singular_forms
from untoward.model.tables import REGISTRY_TABLES

TEXT_SUFFIXES = (".csv", ".tsv", ".tab", ".txt")
PARQUET_SUFFIXES = (".parquet", ".pq")
WORKBOOK_SUFFIXES = (".xlsx", ".xlsm")
_PREFERRED = (".parquet", ".pq", ".csv", ".tsv", ".xlsx", ".xlsm")
TABLE_SUFFIXES = (".csv", ".tsv", ".parquet", ".pq", ".xlsx", ".xlsm")
_NEAR_SUFFIXES = (
    ".xls",
    ".xlsb",
    ".ods",
    ".gz",
    ".zip",
    ".zst",
    ".json",
    ".txt",
    ".sav",
    ".dta",
    ".rds",
    ".numbers",
    ".feather",
)

_CONTENTS = (
    (b"PK\x03\x04", WORKBOOK_SUFFIXES, "an XLSX workbook or another zip file"),
    (b"PAR1", PARQUET_SUFFIXES, "a Parquet file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", (), "an old .xls workbook or one with a password"),
    (b"\x1f\x8b", (), "a gzip file"),
    (b"\x28\xb5\x2f\xfd", (), "a Zstandard file"),
    (b"BZh", (), "a bzip2 file"),
    (b"\xfd7zXZ\x00", (), "an xz file"),
    (b"7z\xbc\xaf\x27\x1c", (), "a 7-Zip file"),
    (b"%PDF", (), "a PDF"),
    (b"SQLite format 3\x00", (), "an SQLite database"),
    (b"\x89PNG", (), "a picture"),
    (b"\xff\xd8\xff", (), "a picture"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One table to be read: a file, or one sheet of an open workbook. `label` is what faults call it."""

    path: Path
    label: str
    workbook: Workbook | None = None
    sheet: str | None = None

    def read(self, known: frozenset[str], max_bytes: int) -> RawTable:
        """The table as text. Raises InputError when it cannot be read at all."""
        if self.workbook is not None and self.sheet is not None:
            return self.workbook.read(self.sheet, known)
        if str(self.path) == "-":
            return read_csv(open_text(self.path, self.label, max_bytes), known)
        check_contents(self.path, self.label)
        suffix = self.path.suffix.lower()
        if suffix in PARQUET_SUFFIXES:
            return read_parquet(self.path, self.label)
        if suffix in WORKBOOK_SUFFIXES:
            workbook = Workbook(self.path, self.label)
            return workbook.read(self._sheet_of(workbook), known)
        return read_csv(open_text(self.path, self.label, max_bytes), known)

    def _sheet_of(self, workbook: Workbook) -> str:
        """The sheet named like the file, or else the first that is not a leaf of the template."""
        name = table_named(self.path.stem)
        named = [sheet for sheet in workbook.sheets if name is not None and table_named(sheet) == name]
        others = [sheet for sheet in workbook.sheets if fold(sheet) not in ("read me", "example")]
        sheets = named or others or list(workbook.sheets)
        if not sheets:
            raise refuse(self.label, "the workbook has no sheets")
        return sheets[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """The tables that were found, what was wrong on the way, and what was passed over."""

    sources: Mapping[str, Source]
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()


def table_named(name: str) -> str | None:
    """The registry table of this file or sheet name (any case, singular too), or None."""
    by_form = {form: table for table in REGISTRY_TABLES for form in singular_forms(table)}
    return by_form.get(fold(name))


def locate_registry(path: Path) -> Located:
    """The tables of a registry. Raises InputError, saying what was looked for, when there is no table of sessions."""
    must_exist(path)
    located = _in_folder(path) if path.is_dir() else _in_workbook(path)
    if "sessions" not in located.sources:
        found = ", ".join(sorted(located.sources)) or "none of the tables"
        problem = refuse(
            str(path.name or path),
            "no table of sessions",
            got=found,
            expected="sessions (.csv, .tsv, .parquet or .xlsx), or a sheet of this name",
            hint="Name the tables sessions, components, reactions and observations.",
        )
        raise InputError(problem.message, [*problem.faults, *located.faults])
    return located


def must_exist(path: Path) -> None:
    """Raise InputError unless there is a folder or an ordinary file at this path."""
    file = str(path)
    with foreign_errors(file, "cannot be opened"):
        if not path.exists():
            raise refuse(file, "there is no such file or folder")
        if not path.is_dir() and not path.is_file():
            raise refuse(file, "is neither a file nor a folder")


def _in_folder(folder: Path) -> Located:
    with foreign_errors(str(folder), "cannot be opened"):
        files = sorted(
            entry for entry in folder.iterdir() if entry.is_file() and not entry.name.startswith((".", "~$"))
        )
    candidates: dict[str, list[Path]] = {}
    faults, notes = [], []
    for file in files:
        table, suffix = table_named(_stem(file)), file.suffix.lower()
        if table is not None and suffix in TABLE_SUFFIXES:
            candidates.setdefault(table, []).append(file)
        elif table is not None and suffix in _NEAR_SUFFIXES:
            faults.append(
                Fault(
                    what="a table in a format that is not read",
                    file=file.name,
                    got=suffix,
                    expected="CSV, Parquet or XLSX",
                    hint="Save it as .xlsx or .csv.",
                )
            )
        elif suffix in TABLE_SUFFIXES:
            notes.append(f"{file.name}: not used; its name is none of {', '.join(REGISTRY_TABLES)}")
    for table, found in candidates.items():
        if len(found) > 1:
            faults.append(_two_files(table, found))
    sources = {table: _file_source(_preferred(found)) for table, found in candidates.items()}
    return Located(sources=sources, faults=tuple(faults), notes=tuple(notes))


def _stem(file: Path) -> str:
    """The name up to its first dot, so that sessions.csv.gz is seen as a table too."""
    return file.name.split(".")[0]


def _preferred(files: list[Path]) -> Path:
    return min(files, key=lambda file: (_PREFERRED.index(file.suffix.lower()), file.name))


def _two_files(table: str, files: list[Path]) -> Fault:
    return Fault(
        what=f"{len(files)} files for one table",
        file=", ".join(file.name for file in files),
        field=table,
        expected="one file for each table",
        hint=f"Remove all but one; {_preferred(files).name} was read.",
    )


def _file_source(file: Path) -> Source:
    return Source(path=file, label=file.name)


def _in_workbook(path: Path) -> Located:
    if path.suffix.lower() not in WORKBOOK_SUFFIXES:
        raise refuse(
            path.name,
            "one file cannot hold the tables of a registry unless it is an XLSX workbook",
            got=path.suffix or "no ending",
            expected="a folder of tables, or an .xlsx workbook with a sheet for each",
        )
    check_contents(path, path.name)
    workbook = Workbook(path, path.name)
    sources: dict[str, Source] = {}
    faults, notes = [], []
    for sheet in workbook.sheets:
        table = table_named(sheet)
        if table is None:
            notes.append(f"{path.name}, sheet {sheet}: not used")
        elif table in sources:
            faults.append(
                Fault(
                    what="two sheets for one table",
                    file=path.name,
                    field=table,
                    got=f"{sources[table].sheet} and {sheet}",
                    expected="one sheet for each table",
                    hint=f"{sources[table].sheet} was read.",
                )
            )
        else:
            sources[table] = Source(
                path=path, label=f"{path.name}, sheet {sheet}", workbook=workbook, sheet=sheet
            )
    return Located(sources=sources, faults=tuple(faults), notes=tuple(notes))


def check_contents(path: Path, label: str) -> None:
    """Raise InputError when the first bytes of a file say that it is something else than its name does."""
    with foreign_errors(label, "cannot be opened"), path.open("rb") as stream:
        start = stream.read(16)
    suffix = path.suffix.lower()
    for sign, suffixes, name in _CONTENTS:
        if start.startswith(sign) and suffix not in suffixes:
            raise refuse(
                label,
                "the file is not what its name says",
                got=name,
                expected=_expected(suffix),
                hint="Save it as .xlsx or .csv under its proper name.",
            )
    for sign, suffixes, _name in _CONTENTS[:2]:
        if suffix in suffixes and start and not start.startswith(sign):
            raise refuse(
                label,
                f"is not {_expected(suffix)}",
                got="a file that begins otherwise",
                hint="Save or copy it again.",
            )
    if not start:
        raise refuse(label, "the file is empty", expected="a header row and rows below it")


def _expected(suffix: str) -> str:
    if suffix in WORKBOOK_SUFFIXES:
        return "an XLSX workbook"
    return "a Parquet file" if suffix in PARQUET_SUFFIXES else "text with separators (CSV)"
