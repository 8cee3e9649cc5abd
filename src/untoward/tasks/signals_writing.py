"""The files of a run: all of them or none, and never half of one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from untoward.errors import OutsideError, UsageError

Write = Callable[[Path], None]

TABLE_KINDS = (".parquet", ".csv")
TABLES = ("out", "names-review", "duplicates")


def check_targets(places: Mapping[str, Path | None]) -> None:
    """Raise UsageError for places where the files cannot go, before anybody waits for them.

    ``places``: by option, without its dashes; those of `TABLES` are tables, which their ending makes CSV or Parquet.
    """
    given = {option: path for option, path in places.items() if path is not None}
    for option, path in given.items():
        if option in TABLES and path.suffix.lower() not in TABLE_KINDS:
            raise UsageError(
                f"--{option}: got {path}, expected a name that ends in {' or '.join(TABLE_KINDS)}."
            )
        if path.is_dir():
            raise UsageError(f"--{option}: {path} is a folder; a file was expected.")
    if len({path.absolute() for path in given.values()}) < len(given):
        raise UsageError("Two of the files to write have the same name.")


def table_writer(table: pl.DataFrame, path: Path) -> Write:
    """Writes a table as the name of the file says: Parquet or CSV."""
    return table.write_parquet if path.suffix.lower() == ".parquet" else table.write_csv


def text_writer(text: str) -> Write:
    """Writes text as UTF-8."""

    def write(path: Path) -> None:
        path.write_text(text, encoding="utf-8")

    return write


def write_all(files: Mapping[Path, Write]) -> tuple[Path, ...]:
    """Write every file under another name beside its place, then let all of them take their places.

    Whatever stops it before that, a fault or the user, leaves the places as they were and nothing beside them.
    Raises OutsideError when a place cannot be written.
    """
    try:
        with _removed_if_unfinished(files) as unfinished:
            for path, write in files.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                write(unfinished[path])
            for path, ready in unfinished.items():
                ready.replace(path)
    except OSError as error:
        raise OutsideError(f"Nothing was written: {error.strerror or error} ({error.filename}).") from error
    return tuple(files)


@contextmanager
def _removed_if_unfinished(files: Mapping[Path, Write]) -> Iterator[Mapping[Path, Path]]:
    names = {path: path.with_name(f".unfinished-{os.getpid()}-{path.name}") for path in files}
    try:
        yield names
    finally:
        for name in names.values():
            name.unlink(missing_ok=True)
