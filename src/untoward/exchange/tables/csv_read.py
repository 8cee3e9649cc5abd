"""Reading delimited text. Polars reads what keeps to the rules; anything else goes to the slower reader in `csv_repair`.

Polars must not be trusted with stray quotation marks or uneven rows (it fails, or drops cells without a word), so the
lines are looked over first: every line must be a record of its own, with proper quoting, and its cells are counted.
"""

from __future__ import annotations

import polars as pl

from untoward.errors import InputError
from untoward.exchange.tables.csv_repair import read_with_care
from untoward.exchange.tables.layout import Layout, find_layout
from untoward.exchange.tables.raw import (
    MOST_COLUMNS,
    ROW,
    Origin,
    RawTable,
    cell_names,
    no_uneven_rows,
    refuse,
    tidy,
)
from untoward.exchange.tables.text_bytes import HEAD_BYTES, TextFile

_QUOTED = r'"(?:[^"]|"")*"'


def read_csv(text: TextFile, known: frozenset[str]) -> RawTable:
    """The table in a delimited text. Raises InputError when it has no header or far too many columns."""
    layout = _layout_of(text, known)
    fast = _read_fast(text, layout)
    return fast if fast is not None else read_with_care(text, layout)


def _layout_of(text: TextFile, known: frozenset[str]) -> Layout:
    if text.size > HEAD_BYTES and "\n" not in text.head and "\r" not in text.head:
        raise refuse(
            text.file,
            "no line end within the first million letters",
            expected="a header row and rows below it",
        )
    layout = find_layout(text.head, known)
    if layout is None:
        raise refuse(text.file, "the file holds only blank lines", expected="a header row and rows below it")
    if len(layout.headers) > MOST_COLUMNS:
        raise refuse(
            text.file,
            "too many columns",
            got=f"{len(layout.headers):,}",
            expected=f"at most {MOST_COLUMNS}",
            hint="Is this the table that was meant?",
        )
    return layout


def _read_fast(text: TextFile, layout: Layout) -> RawTable | None:
    """Read with Polars, or None when the text breaks a rule that Polars needs kept."""
    if text.spare is None or text.lone_return:
        return None
    try:
        uneven = _uneven_lines(text, layout)
        frame = None if uneven is None else _cells(text, layout)
    except InputError:
        raise
    except (pl.exceptions.PolarsError, OSError):
        return None
    if uneven is None or frame is None:
        return None
    frame = tidy(frame)
    return RawTable(
        file=text.file,
        headers=layout.headers,
        frame=frame,
        origin=Origin.TEXT,
        decimal_comma=layout.decimal_comma,
        uneven=uneven.join(frame.select(ROW), on=ROW, how="semi"),
        nul=text.nul,
        damaged=text.damaged,
        notes=layout.notes(text),
    )


def _uneven_lines(text: TextFile, layout: Layout) -> pl.DataFrame | None:
    """Lines with more or fewer cells than the header (ROW, cells); None when some line is no record of its own."""
    line = pl.col("line").fill_null("")
    bare = line.str.replace_all(_QUOTED, "") if text.quotes else line
    cells = bare.str.count_matches(layout.separator, literal=True) + 1
    crooked = ~line.str.contains(_proper_record(layout.separator)) if text.quotes else pl.lit(False)
    lines = pl.scan_csv(
        text.source,
        has_header=False,
        schema={"line": pl.String},
        separator=text.spare or "\x1f",
        quote_char=None,
        eol_char=text.newline,
        glob=False,
    )
    odd = (
        lines.with_row_index("place")
        .select("place", cells.alias("cells"), crooked.alias("crooked"))
        .filter(
            pl.col("crooked") | ((pl.col("cells") != len(layout.headers)) & (pl.col("place") > layout.skip))
        )
        .collect(engine="streaming")
    )
    if odd["crooked"].any():
        return None
    if odd.is_empty():
        return no_uneven_rows()
    return odd.select(_row_number(layout), pl.col("cells").cast(pl.UInt32))


def _proper_record(separator: str) -> str:
    between = rf"\x{{{ord(separator):x}}}"
    cell = rf'(?:{_QUOTED}|[^"{between}]*)'
    return rf"^{cell}(?:{between}{cell})*$"


def _cells(text: TextFile, layout: Layout) -> pl.DataFrame:
    names = cell_names(len(layout.headers))
    frame = pl.read_csv(
        text.source,
        has_header=False,
        schema=dict.fromkeys(names, pl.String),
        separator=layout.separator,
        quote_char='"' if text.quotes else None,
        eol_char=text.newline,
        extra_columns="ignore",
        missing_columns="insert",
        glob=False,
    )
    return (
        frame.with_row_index("place").slice(layout.skip + 1).with_columns(_row_number(layout)).drop("place")
    )


def _row_number(layout: Layout) -> pl.Expr:
    return (pl.col("place") + 1 - layout.hidden).cast(pl.UInt32).alias(ROW)
