"""What an input is: a registry or a line list. Decided by the names of files and sheets, before anything is read."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from untoward.errors import InputError
from untoward.exchange.tables.raw import foreign_errors, refuse
from untoward.exchange.tables.sources import (
    PARQUET_SUFFIXES,
    TABLE_SUFFIXES,
    TEXT_SUFFIXES,
    WORKBOOK_SUFFIXES,
    Source,
    check_contents,
    must_exist,
    table_named,
)
from untoward.exchange.tables.workbook import Workbook
from untoward.model.names import fold

_LINE_LIST_NAMES = ("line list", "linelist")
_LOOKED_FOR = (
    "a folder with sessions (.csv, .tsv, .parquet or .xlsx) and the other tables of a registry; "
    "an .xlsx workbook with such sheets; "
    "or one line list (.csv, .tsv, .parquet, .xlsx), by itself or alone in a folder"
)


def find_input(path: Path) -> Literal["registry", "line-list"]:
    """Whether a path holds a registry or a line list ("-", standard input, is a line list).

    Raises InputError, saying what was looked for, when it holds neither.
    """
    if str(path) == "-":
        return "line-list"
    must_exist(path)
    if path.is_dir():
        return _of_folder(path)
    if path.suffix.lower() in WORKBOOK_SUFFIXES:
        check_contents(path, path.name)
        sheets = {table_named(sheet) for sheet in Workbook(path, path.name).sheets}
        return "registry" if "sessions" in sheets else "line-list"
    if table_named(path.stem) is not None:
        raise refuse(
            path.name,
            "this is one table of a registry",
            expected="the folder that holds all of its tables",
            hint=f"Give {path.parent} instead.",
        )
    if path.suffix.lower() in (*TEXT_SUFFIXES, *PARQUET_SUFFIXES):
        return "line-list"
    raise _neither(path.name, path.suffix or "no ending")


def _of_folder(folder: Path) -> Literal["registry", "line-list"]:
    if any(table_named(file.stem) == "sessions" for file in _table_files(folder)):
        return "registry"
    find_line_list(folder)
    return "line-list"


def find_line_list(path: Path) -> Source:
    """The line list at a path, or the one in a folder. Raises InputError when there is none, or more than one."""
    if str(path) == "-":
        return Source(path=path, label="standard input")
    must_exist(path)
    if not path.is_dir():
        if path.suffix.lower() not in (*TEXT_SUFFIXES, *PARQUET_SUFFIXES, *WORKBOOK_SUFFIXES):
            raise _neither(path.name, path.suffix or "no ending")
        return Source(path=path, label=path.name)
    files = [file for file in _table_files(path) if table_named(file.stem) is None]
    named = [file for file in files if fold(file.stem) in _LINE_LIST_NAMES]
    candidates = named or files
    if not candidates:
        raise _neither(
            path.name or str(path),
            ", ".join(sorted(entry.name for entry in path.iterdir())[:10]) or "an empty folder",
        )
    if len(candidates) > 1:
        raise refuse(
            path.name,
            "more than one table that could be the line list",
            got=", ".join(file.name for file in candidates[:10]),
            expected="one",
            hint="Give the file itself, or call it line-list.csv.",
        )
    return Source(path=candidates[0], label=candidates[0].name)


def _table_files(folder: Path) -> list[Path]:
    with foreign_errors(str(folder), "cannot be opened"):
        files = sorted(folder.iterdir())
        return [
            file
            for file in files
            if file.is_file()
            and file.suffix.lower() in TABLE_SUFFIXES
            and not file.name.startswith((".", "~$"))
        ]


def _neither(name: str, got: str) -> InputError:
    return refuse(name, "neither a registry nor a line list", got=got, expected=_LOOKED_FOR)
