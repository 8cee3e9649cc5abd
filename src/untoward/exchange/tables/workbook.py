"""Reading the sheets of an XLSX workbook as text. Formulas are read as the values they last had."""

from __future__ import annotations

from pathlib import Path

import fastexcel
import polars as pl

from untoward.exchange.tables.layout import find_header
from untoward.exchange.tables.raw import ROW, Origin, RawTable, cell_names, foreign_errors, refuse, tidy
from untoward.exchange.tables.workbook_guard import check_workbook

_ROWS_LOOKED_AT = 40


class Workbook:
    """An open workbook. `sheets` are the names of its sheets, in order."""

    def __init__(self, path: Path, file: str) -> None:
        failed = check_workbook(path, file)
        self.notes: tuple[str, ...] = ()
        if failed:
            cells = "a cell holds a formula" if failed == 1 else f"{failed:,} cells hold formulas"
            self.notes = (f"{file}: {cells} that failed, read as not known",)
        self.file = file
        with foreign_errors(
            file, "is not an XLSX workbook", "Save it again as .xlsx, or save each sheet as CSV."
        ):
            self._reader = fastexcel.read_excel(path)
            self.sheets = tuple(self._reader.sheet_names)

    def read(self, sheet: str, known: frozenset[str]) -> RawTable:
        """One sheet as a raw table. Raises InputError when nothing is written on it."""
        file = f"{self.file}, sheet {sheet}"
        with foreign_errors(file, "the sheet cannot be read", "Save the sheet as CSV."):
            frame = self._reader.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string").to_polars()
        return _raw_table(frame, file, known, self.notes)


def _raw_table(frame: pl.DataFrame, file: str, known: frozenset[str], notes: tuple[str, ...]) -> RawTable:
    frame.columns = cell_names(frame.width)
    top = [[cell or "" for cell in row] for row in frame.head(_ROWS_LOOKED_AT).rows()]
    place = find_header(top, known)
    if place is None:
        raise refuse(file, "the sheet is empty", expected="a header row and rows below it")
    headers = tuple(cell.strip() for cell in top[place])
    numbered = (
        frame.with_row_index("place")
        .slice(place + 1)
        .with_columns((pl.col("place") + 1).cast(pl.UInt32).alias(ROW))
    )
    notes += (f"{file}: the header was found in row {place + 1}",) if place else ()
    return RawTable(
        file=file, headers=headers, frame=tidy(numbered.drop("place")), origin=Origin.WORKBOOK, notes=notes
    )
