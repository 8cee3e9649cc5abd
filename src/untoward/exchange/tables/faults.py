"""Collecting the faults of one table: every one is counted, the first of each kind are listed, rows at fault are marked."""

from __future__ import annotations

from dataclasses import dataclass, field

import polars as pl

from untoward.errors import Fault
from untoward.model.names import fold

LISTED_FAULTS = 200
"""At most this many faults of one table are listed one by one; a last one says how many more there are."""

_LONGEST_VALUE = 40
_ROWS_NAMED = 5


@dataclass(slots=True)
class _Kind:
    count: int = 0
    listed: list[tuple[int, Fault]] = field(default_factory=list)


class FaultLog:
    """The faults of one table while it is being read. `rows` are the row numbers as a spreadsheet shows them.

    `headers` maps the name of a column to its header in the file; a fault names both when they differ.
    """

    def __init__(self, file: str, rows: pl.Series) -> None:
        self.file = file
        self.rows = rows
        self.bad = pl.repeat(False, len(rows), dtype=pl.Boolean, eager=True)
        self.headers: dict[str, str] = {}
        self._hushed = self.bad
        self._kinds: dict[tuple[str, str], _Kind] = {}

    def about_table(
        self, what: str, *, field: str = "", got: str = "", expected: str = "", hint: str = ""
    ) -> None:
        """One fault of the whole table or of one column; marks no row."""
        self._add(
            0,
            Fault(
                what=what, file=self.file, field=self._called(field), got=got, expected=expected, hint=hint
            ),
        )

    def about_rows(
        self,
        mask: pl.Series,
        what: str,
        *,
        field: str,
        got: pl.Series | None = None,
        expected: str = "",
        hint: str = "",
    ) -> None:
        """One fault for each row that `mask` marks; `got` holds the offending value of every row."""
        mask = mask.fill_null(False) & ~self._hushed
        count = int(mask.sum())
        if not count:
            return
        self.bad = self.bad | mask
        kind = self._kinds.setdefault((what, field), _Kind())
        kind.count += count
        room = max(LISTED_FAULTS - len(kind.listed), 0)
        places = mask.arg_true().head(room)
        values = [None] * len(places) if got is None else got.gather(places).to_list()
        for row, value in zip(self.rows.gather(places).to_list(), values, strict=True):
            fault = Fault(
                what=what,
                file=self.file,
                where=f"row {row}",
                field=self._called(field),
                got=shorten(value),
                expected=expected,
                hint=hint,
            )
            kind.listed.append((row, fault))

    def about_group(
        self, rows: list[int], what: str, *, field: str, got: str, expected: str = "", hint: str = ""
    ) -> None:
        """One fault that several rows share; mark them with `mark` when they are to be left out."""
        self._add(
            rows[0],
            Fault(
                what=what,
                file=self.file,
                where=name_rows(rows),
                field=self._called(field),
                got=got,
                expected=expected,
                hint=hint,
            ),
        )

    def about_name(
        self, what: str, *, where: str, row: int, field: str, got: str, expected: str, hint: str
    ) -> None:
        """One fault of a name on several rows; they are kept. All such faults of a column count as one kind."""
        fault = Fault(
            what=what,
            file=self.file,
            where=where,
            field=self._called(field),
            got=got,
            expected=expected,
            hint=hint,
        )
        self._add(row, fault, kind="unknown name")

    def count_more(self, what: str, field: str, more: int) -> None:
        """Count `more` faults of this kind that there is no use in building."""
        if more > 0:
            self._kinds.setdefault((what, field), _Kind()).count += more

    def hush(self) -> None:
        """List nothing more about the rows that are bad by now: they are broken as rows, their cells mean nothing."""
        self._hushed = self.bad

    @property
    def whole(self) -> pl.Series:
        """Which rows are whole rows, so that their cells may be judged."""
        return ~self._hushed

    def _called(self, column: str) -> str:
        header = self.headers.get(column, column)
        return header if fold(header) == fold(column) else f"{header} ({column})"

    def mark(self, mask: pl.Series) -> None:
        """Leave these rows out without a fault of their own (a shared fault was told already)."""
        self.bad = self.bad | mask.fill_null(False)

    def _add(self, row: int, fault: Fault, kind: str = "") -> None:
        group = self._kinds.setdefault((kind or fault.what, fault.field), _Kind())
        group.count += 1
        if len(group.listed) < LISTED_FAULTS:
            group.listed.append((row, fault))

    def faults(self) -> tuple[Fault, ...]:
        """The faults to show, in the order of the rows: a fair share of each kind, then how many are not shown."""
        ranked = [
            (row != 0, rank, row, place, fault)
            for place, kind in enumerate(self._kinds.values())
            for rank, (row, fault) in enumerate(kind.listed)
        ]
        ranked.sort(key=lambda entry: entry[:4])
        shown = sorted(ranked[:LISTED_FAULTS], key=lambda entry: (entry[2], entry[3], entry[1]))
        faults = [entry[4] for entry in shown]
        further = sum(kind.count for kind in self._kinds.values()) - len(faults)
        return tuple([*faults, self._summary(further)] if further else faults)

    def _summary(self, further: int) -> Fault:
        largest = sorted(self._kinds.items(), key=lambda item: -item[1].count)[:5]
        groups = "; ".join(
            f"{kind.count:,} x {what}{f' in {field}' if field else ''}" for (what, field), kind in largest
        )
        return Fault(
            what=f"{further:,} further faults of this table are not listed",
            file=self.file,
            got=groups,
            hint="Mend the ones above and read the file again.",
        )


def shorten(value: object) -> str:
    """A value as a fault may quote it: on one line, and never more than forty characters of it."""
    if value is None:
        return ""
    text = f"{value:g}" if isinstance(value, float) else str(value)
    text = text.encode("unicode_escape").decode("ascii") if not text.isprintable() else text
    return repr(text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…")


def name_rows(rows: list[int]) -> str:
    """As in "row 3", "rows 3 and 7", or "rows 3, 7, 9, 12, 15 and 20 more"."""
    if len(rows) == 1:
        return f"row {rows[0]}"
    if len(rows) <= _ROWS_NAMED:
        return f"rows {', '.join(map(str, rows[:-1]))} and {rows[-1]}"
    return f"rows {', '.join(map(str, rows[:_ROWS_NAMED]))} and {len(rows) - _ROWS_NAMED:,} more"
