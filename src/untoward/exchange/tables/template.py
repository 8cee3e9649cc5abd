"""Writing the empty workbook a clinic fills in: a sheet for each table, a page that explains, and a small example."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from untoward.errors import OutsideError, UsageError
from untoward.exchange.tables.template_example import EXAMPLE
from untoward.model.tables import REGISTRY_TABLES, Column, ColumnKind, Table

_LAST_ROW = 1_048_575
_FIXED_TIME = datetime(2000, 1, 1)  # so that the same version writes the same bytes
_READ_ME = (
    "One sheet for each table. Fill in what you know; leave empty what you do not know: empty means unknown, never no.",
    "Columns with a dark header are required. Rest the pointer on a header to read what belongs there.",
    "Use keys, not names: a patient_id that only your clinic can trace back.",
    "Write dates as year-month-day, such as 2026-03-02, with the time if you know it: 2026-03-02T14:30. 2026-03 or 2026 will do.",
    "Write decimals with a point. Part several values in one cell by a semicolon.",
    "To record a sign such as fever at an observation, add a column with its name to the sheet observations.",
    "The sheets 'read me' and 'example' are not read; the example is invented.",
)


def write_template(path: Path) -> None:
    """Write the template workbook to a new .xlsx file; all of it or nothing.

    Raises UsageError when the file exists already (it may have been filled in) or is not called .xlsx, and OutsideError
    when it cannot be written.
    """
    if path.suffix.lower() != ".xlsx":
        raise UsageError(
            f"the template is an XLSX workbook: give a name that ends in .xlsx, not {path.name!r}"
        )
    if path.exists():
        raise UsageError(
            f"{path} exists already and may have been filled in: give another name, or remove it first"
        )
    try:
        partial = path.with_name(f".{path.stem}-{os.getpid()}.xlsx")
        try:
            _fill(partial)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except (OSError, FileCreateError) as error:
        raise OutsideError(
            f"{path} cannot be written: {getattr(error, 'strerror', None) or error}"
        ) from error


def _fill(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"title": "untoward: registry template", "created": _FIXED_TIME})
        pages = _Pages(book)
        pages.read_me()
        for table in REGISTRY_TABLES.values():
            pages.table(table)
        pages.example()


class _Pages:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        frame = {"bold": True, "border": 1, "border_color": "#9AA5B1", "valign": "vcenter"}
        self.required = book.add_format({**frame, "bg_color": "#243B53", "font_color": "#FFFFFF"})
        self.optional = book.add_format({**frame, "bg_color": "#E4E7EB", "font_color": "#102A43"})
        self.text = book.add_format({"num_format": "@"})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.pale = book.add_format({"italic": True, "font_color": "#616E7C", "num_format": "@"})

    def read_me(self) -> None:
        sheet = self.book.add_worksheet("read me")
        sheet.hide_gridlines(2)
        sheet.set_column(0, 1, 20, self.wrapped)
        sheet.set_column(2, 2, 12, self.wrapped)
        sheet.set_column(3, 3, 90, self.wrapped)
        sheet.write_string(0, 0, "How to fill in this workbook", self.title)
        for row, line in enumerate(_READ_ME, start=1):
            sheet.merge_range(row, 0, row, 3, line, self.wrapped)
        self._dictionary(sheet, len(_READ_ME) + 2)

    def _dictionary(self, sheet: Worksheet, row: int) -> None:
        for place, word in enumerate(("table", "column", "kind", "meaning")):
            sheet.write_string(row, place, word, self.optional)
        for table in REGISTRY_TABLES.values():
            for column in filled_in(table):
                row += 1
                for place, word in enumerate((table.name, column.name, column.kind.value, describe(column))):
                    sheet.write_string(row, place, word, self.wrapped)

    def table(self, table: Table) -> None:
        sheet = self.book.add_worksheet(table.name)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(filled_in(table)):
            sheet.set_column(place, place, max(len(column.name) + 3, 12), self._format_of(column))
            sheet.write_string(0, place, column.name, self.required if column.required else self.optional)
            sheet.write_comment(0, place, describe(column), {"x_scale": 2, "author": ""})
            _validate(sheet, place, column)

    def _format_of(self, column: Column) -> Format | None:
        # Text keeps 007 a key and 2026-03 a month; a spreadsheet would make a number and a day of them.
        return None if column.kind in (ColumnKind.NUMBER, ColumnKind.COUNT) else self.text

    def example(self) -> None:
        sheet = self.book.add_worksheet("example")
        sheet.set_column(0, 20, 16)
        sheet.write_string(0, 0, "An invented example. This sheet is not read.", self.title)
        row = 2
        for name, rows in EXAMPLE.items():
            columns = [column.name for column in filled_in(REGISTRY_TABLES[name])]
            sheet.write_string(row, 0, name, self.title)
            for place, header in enumerate(columns):
                sheet.write_string(row + 1, place, header, self.optional)
            for offset, cells in enumerate(rows, start=2):
                for place, header in enumerate(columns):
                    sheet.write_string(row + offset, place, cells.get(header, ""), self.pale)
            row += len(rows) + 3


def filled_in(table: Table) -> list[Column]:
    """The columns of a table that people fill in."""
    return [column for column in table.columns if not column.derived]


def describe(column: Column) -> str:
    """What belongs in a column, in a sentence or three."""
    parts = [column.description]
    if column.unit:
        parts.append(f"Unit: {column.unit}.")
    if column.kind is ColumnKind.YES_NO:
        parts.append("yes or no; empty when not known.")
    if column.minimum is not None and column.maximum is not None:
        parts.append(f"From {column.minimum:g} to {column.maximum:g}.")
    if column.required:
        parts.append("Required.")
    return " ".join(parts)


def _validate(sheet: Worksheet, place: int, column: Column) -> None:
    rule = _rule_of(column)
    if rule:
        sheet.data_validation(1, place, _LAST_ROW, place, rule)


def _rule_of(column: Column) -> dict[str, object]:
    """What the spreadsheet program shall check while the column is filled in; empty for free text."""
    if column.kind is ColumnKind.YES_NO:
        message = "yes or no; leave it empty when not known"
        return {"validate": "list", "source": ["yes", "no"], "error_message": message}
    if column.kind not in (ColumnKind.NUMBER, ColumnKind.COUNT) or column.minimum is None:
        return {}
    rule: dict[str, object] = {
        "validate": "integer" if column.kind is ColumnKind.COUNT else "decimal",
        "error_type": "warning",
        "error_message": describe(column)[:255],
    }
    if column.maximum is None:
        return {**rule, "criteria": ">=", "value": column.minimum}
    return {**rule, "criteria": "between", "minimum": column.minimum, "maximum": column.maximum}
