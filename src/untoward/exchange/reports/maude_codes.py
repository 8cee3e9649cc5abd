"""What the codes of problems mean: the lists that stand beside the MAUDE files."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from untoward.exchange.reports.archive import SourceFile
from untoward.exchange.reports.delimited import split_line
from untoward.exchange.reports.line_tally import example
from untoward.exchange.reports.tally import FILE, LINE, Tally
from untoward.exchange.reports.text_blocks import Lines, text_blocks

_LONGEST_NAME = 250


def read_codes(files: Sequence[SourceFile], tally: Tally) -> dict[str, str]:
    """From code to name. A header is no row; a line without a code and a name is dropped."""
    rows: list[tuple[int, int, str, str]] = []
    for file in files:
        place = tally.begin(file.name)
        rows += [(place, *row) for row in _rows_of(file, place, tally)]
    schema = {FILE: pl.UInt32, LINE: pl.UInt32, "code": pl.String, "name": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    frame = tally.merge(frame, ~pl.col("code").is_last_distinct(), "the code is explained again")
    tally.keep(frame)
    return dict(frame.select("code", "name").iter_rows())


def _rows_of(file: SourceFile, place: int, tally: Tally) -> list[tuple[int, str, str]]:
    lines = Lines(text_blocks(file))
    good: list[tuple[int, str, str]] = []
    bad: list[str] = []
    while (line := lines.take()) is not None:
        separator = "|" if "|" in line else ","
        cells = [cell.strip() for cell in split_line(line, separator, quoted=True)]
        if not any(cells):
            continue
        if len(cells) > 1 and cells[0].isdigit() and cells[1]:
            good.append((lines.number, cells[0], cells[1][:_LONGEST_NAME]))
        elif lines.number > 1:
            bad.append(example(lines.number, line))
    tally.read(place, len(good) + len(bad))
    if bad:
        tally.lose(place, "no code, or no name for it", len(bad), bad)
    return good
