"""A table as text, before anything is made of it: what every format is brought to first."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from zipfile import BadZipFile

import fastexcel
import polars as pl

from untoward.errors import Fault, InputError

ROW = "__row"
"""Column that holds the row number as a spreadsheet shows it; the header is usually row 1."""

MOST_COLUMNS = 700
_EMPTY_WORDS = ["", "NA", "N/A", "n/a", "na", "#N/A", "NULL", "null", "NaN", "nan"]


class Origin(Enum):
    """Where the text comes from. It decides how a cell that holds a date arrives."""

    TEXT = "text"
    WORKBOOK = "workbook"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class RawTable:
    """Headers, and the cells as text: `frame` has ROW and one column "c0", "c1", … per header; empty cells are null.

    `uneven` holds ROW and `cells` of rows that do not have as many cells as the header, `unquoted` the rows whose
    quotation marks do not pair up. Those rows are in `frame` as far as they could be read.
    """

    file: str
    headers: tuple[str, ...]
    frame: pl.DataFrame
    origin: Origin
    decimal_comma: bool = False
    uneven: pl.DataFrame = field(default_factory=lambda: no_uneven_rows())
    unquoted: tuple[int, ...] = ()
    nul: bool = False
    damaged: bool = False
    notes: tuple[str, ...] = ()


def no_uneven_rows() -> pl.DataFrame:
    """The empty table of uneven rows."""
    return pl.DataFrame(schema={ROW: pl.UInt32, "cells": pl.UInt32})


def cell_names(count: int) -> list[str]:
    """The names of the cell columns: c0, c1, …"""
    return [f"c{place}" for place in range(count)]


def tidy(frame: pl.DataFrame) -> pl.DataFrame:
    """Cells stripped, empty ones and the usual words for "nothing here" set to null, wholly blank rows dropped."""
    cells = pl.all().exclude(ROW)
    frame = frame.with_columns(cells.str.strip_chars())
    frame = frame.with_columns(pl.when(cells.is_in(_EMPTY_WORDS)).then(None).otherwise(cells).name.keep())
    if frame.width < 2:
        return frame.clear()
    return frame.filter(~pl.all_horizontal(cells.is_null()))


def refuse(file: str, what: str, *, got: str = "", expected: str = "", hint: str = "") -> InputError:
    """The error for a file that cannot be read at all."""
    fault = Fault(what=what, file=file, got=got, expected=expected, hint=hint)
    return InputError(f"{file} cannot be read", [fault])


_FOREIGN = (
    pl.exceptions.PolarsError,
    fastexcel.FastExcelError,
    OSError,
    ValueError,
    OverflowError,
    EOFError,
    BadZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
)


@contextmanager
def foreign_errors(file: str, what: str, hint: str = "") -> Iterator[None]:
    """Turn whatever a library raises over a broken file into one InputError."""
    try:
        yield
    except InputError:
        raise
    except OSError as error:
        raise refuse(file, "cannot be opened", got=error.strerror or _first_line(error), hint=hint) from error
    except _FOREIGN as error:
        raise refuse(file, what, got=_first_line(error), hint=hint) from error
    except BaseException as error:
        # A Rust library that panics raises outside of Exception; a broken file must not end the program.
        if type(error).__name__ != "PanicException":
            raise
        raise refuse(file, what, got=_first_line(error), hint=hint) from error


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:120]
