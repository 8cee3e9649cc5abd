"""The fate of every row of one table: rows carry their file and line, and leave through one of three doors.

A frame that is being read has the columns FILE (a number this tally gave out) and LINE. Nothing is worked out by
subtraction: rows kept are counted where they are kept, so that a ledger that adds up means something.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from untoward.exchange.reports.line_tally import EXAMPLES, example
from untoward.model.ledger import Fate, LedgerEntry

FILE, LINE = "__file", "__line"


class Tally:
    """What became of the rows of one table, in however many files it came.

    `shown` is the column whose value stands for a row in an example; a line of a report can hold more about a person
    than a ledger should.
    """

    def __init__(self, table: str, shown: str) -> None:
        self.table = table
        self.shown = shown
        self._files: list[str] = []
        self._entries: list[LedgerEntry] = []

    def begin(self, file: str) -> int:
        """The number of a file whose rows come next."""
        self._files.append(file)
        return len(self._files) - 1

    def read(self, file: int, rows: int) -> None:
        """Rows were read from a file."""
        self._add(file, Fate.READ, rows)

    def lose(self, file: int, reason: str, rows: int, examples: Iterable[str] = ()) -> None:
        """Rows were dropped before they became part of a frame."""
        self._add(file, Fate.DROPPED, rows, reason, examples)

    def drop(self, frame: pl.DataFrame, where: pl.Expr | pl.Series, reason: str) -> pl.DataFrame:
        """The frame without some rows, which are dropped."""
        return self._let_go(frame, where, Fate.DROPPED, reason)

    def merge(self, frame: pl.DataFrame, where: pl.Expr | pl.Series, reason: str) -> pl.DataFrame:
        """The frame without some rows, which say what another row says better or as well."""
        return self._let_go(frame, where, Fate.MERGED, reason)

    def keep(self, frame: pl.DataFrame, reason: str = "") -> None:
        """All rows of a frame are part of the tables."""
        for file, rows in frame.group_by(FILE).len().sort(FILE).iter_rows():
            self._add(file, Fate.KEPT, rows, reason)

    def entries(self) -> tuple[LedgerEntry, ...]:
        """What happened, entries alike put together."""
        together: dict[tuple[str, Fate, str], LedgerEntry] = {}
        for entry in self._entries:
            key = (entry.file, entry.fate, entry.reason)
            former = together.get(key)
            together[key] = entry if former is None else _sum(former, entry)
        return tuple(together.values())

    def _let_go(
        self, frame: pl.DataFrame, where: pl.Expr | pl.Series, fate: Fate, reason: str
    ) -> pl.DataFrame:
        leaving = frame.select(where.alias("leaving")).to_series().fill_null(False)
        if not leaving.any():
            return frame
        gone = frame.filter(leaving).select(FILE, LINE, self.shown)
        for (file,), rows in gone.group_by(FILE, maintain_order=True):
            examples = [self._example(*row[1:]) for row in rows.head(EXAMPLES).iter_rows()]
            self._add(int(file), fate, rows.height, reason, examples)
        return frame.filter(~leaving)

    def _example(self, line: int, value: object) -> str:
        return example(line, f"{self.shown} {'' if value is None else value}".strip())

    def _add(self, file: int, fate: Fate, rows: int, reason: str = "", examples: Iterable[str] = ()) -> None:
        self._entries.append(
            LedgerEntry(
                file=self._files[file],
                table=self.table,
                fate=fate,
                rows=rows,
                reason=reason,
                examples=tuple(examples)[:EXAMPLES],
            )
        )


def _sum(one: LedgerEntry, other: LedgerEntry) -> LedgerEntry:
    return LedgerEntry(
        file=one.file,
        table=one.table,
        fate=one.fate,
        rows=one.rows + other.rows,
        reason=one.reason,
        examples=(one.examples + other.examples)[:EXAMPLES],
    )
