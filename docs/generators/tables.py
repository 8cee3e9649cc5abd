"""tables.md: every column that a registry or a line list may have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from generators.text import NOT_STATED, code, codes, page, table
from untoward.model.tables import LINE_LIST, REGISTRY_TABLES, Column, ColumnKind, Table

HOW_READ: Mapping[ColumnKind, str] = {
    ColumnKind.KEY: "compared as it stands, blanks around it removed",
    ColumnKind.TEXT: "text, kept as given",
    ColumnKind.LIST: "several texts in one cell, parted by `;`",
    ColumnKind.NUMBER: "a number alone, with a point for the decimals (a comma too where semicolons part the cells)",
    ColumnKind.COUNT: "a whole number",
    ColumnKind.YES_NO: "yes or no, also y/n, true/false, 1/0, sí/no",
    ColumnKind.DATE: "a date as precise as it is known: `2026`, `2026-03`, `2026-03-02` or `2026-03-02T14:30`",
}

INTRODUCTION = """
A registry is a folder of four tables as CSV, Parquet or XLSX files, or one workbook with a sheet for each. A line list is
one table of ill and well people. Only the columns marked required must be there; every other column that is missing makes
some answers impossible, and the review says which.

An empty cell, `?`, `-`, `unknown`, `n/d` and the like mean that the value is not known. Unknown is kept as unknown: it never
becomes zero or "no". Anything that cannot be read is listed as a fault with its row.

A column is recognised by its name or by one of its other headers, in any case, with or without accents. What each header was
taken for is printed with every review. How to fill the tables in: [prepare your tables](../how-to/prepare-your-tables.md).
"""


def pages() -> Mapping[str, str]:
    """The page of all tables."""
    kinds = table(("Kind", "How a cell is read"), [(code(kind.value), how) for kind, how in HOW_READ.items()])
    parts = [_table_text(one) for one in (*REGISTRY_TABLES.values(), LINE_LIST)]
    page_text = page("Tables", "`untoward.model.tables`", INTRODUCTION, "## Kinds of column", kinds, *parts)
    return {"tables.md": page_text}


def _table_text(one: Table) -> str:
    key = f" Key: {codes(one.key)}." if one.key else ""
    given = [column for column in one.columns if not column.derived]
    derived = [column for column in one.columns if column.derived]
    parts = [f"## {one.name}", f"One row is {one.row}.{key}", _given_table(given)]
    if derived:
        parts += [
            "Columns that the reader adds beside what was given, never over it:",
            _derived_table(derived),
        ]
    return "\n\n".join(parts)


def _given_table(columns: Iterable[Column]) -> str:
    headers = ("Column", "Kind", "Required", "Unit", "From – to", "Meaning", "Other headers")
    rows = [
        (
            code(column.name),
            column.kind.value,
            "yes" if column.required else "",
            column.unit,
            _range_of(column),
            column.description,
            ", ".join(column.aliases),
        )
        for column in columns
    ]
    return table(headers, rows)


def _derived_table(columns: Iterable[Column]) -> str:
    rows = [(code(column.name), column.kind.value, column.unit, column.description) for column in columns]
    return table(("Column", "Kind", "Unit", "Meaning"), rows)


def _range_of(column: Column) -> str:
    if column.minimum is None and column.maximum is None:
        return ""
    low, high = (NOT_STATED if bound is None else f"{bound:g}" for bound in (column.minimum, column.maximum))
    return f"{low} … {high}"
