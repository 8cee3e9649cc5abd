"""Reports against drugs and against events, as two sparse matrices of zeros and ones.

Everything that is counted (pairs, strata, pairs of drugs) comes from these two matrices, and a report
counts once wherever it is counted, however often a drug or an event is repeated in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from untoward.errors import Fault, InputError
from untoward.watch.signals.report_ids import IntArray, as_number, linked

Frame = pl.DataFrame | pl.LazyFrame


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ReportMatrix:
    """The reports that name at least one drug and one event, what they name, and how many were left out.

    ``with_drug`` is reports by drugs, ``with_event`` reports by events (CSR, every entry 1); ``drugs`` and
    ``events`` are the names in alphabetical order. ``report_ids`` are the rows' identifiers, rising: numbers
    where all of them are the plain writing of a number, else text. ``without_event`` and ``without_drug``
    tell how many reports named only a drug or only an event.
    """

    drugs: pl.Series
    events: pl.Series
    with_drug: sparse.csr_matrix
    with_event: sparse.csr_matrix
    report_ids: pl.Series
    without_event: int = 0
    without_drug: int = 0

    @property
    def n_reports(self) -> int:
        """How many reports there are: N of every 2x2 table."""
        return int(self.with_drug.shape[0])

    def of(self, rows: NDArray[Any]) -> ReportMatrix:
        """The same for some of the reports (their positions); drugs and events keep their places."""
        return ReportMatrix(
            drugs=self.drugs,
            events=self.events,
            with_drug=self.with_drug[rows],
            with_event=self.with_event[rows],
            report_ids=self.report_ids.gather(rows),
        )


def report_matrix(drugs: Frame, events: Frame) -> ReportMatrix:
    """The matrices of two tables: ``report_id, drug`` and ``report_id, event``; other columns are ignored.

    Frames may be lazy (``polars.scan_parquet``): then names become numbers while the file is read, and the
    text is never all in memory. Names that differ only in capitals are one, shown as they came first. Rows
    without a report, a drug or an event name count nowhere. Raises InputError when a column is missing or
    nothing can be counted.
    """
    first, second = _Column.of(drugs, "drug"), _Column.of(events, "event")
    rows = (first.numbers(), second.numbers())
    if not all(part["exact"].all() for part in rows):
        rows = (first.texts(), second.texts())
    ids, places = linked(rows[0]["id"], rows[1]["id"])
    if ids.is_empty():
        fault = Fault(what="no report names both a drug and an event", field="report_id")
        raise InputError("There is nothing to count.", [fault])
    return ReportMatrix(
        drugs=first.shown,
        events=second.shown,
        with_drug=_ones(places.first_at, first.codes(rows[0]), (len(ids), len(first.shown))),
        with_event=_ones(places.second_at, second.codes(rows[1]), (len(ids), len(second.shown))),
        report_ids=ids,
        without_event=places.only_first,
        without_drug=places.only_second,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Column:
    """The rows of a table that have a report and a name; the names in them, and the ones they are shown by.

    ``place`` gives for every one of ``names`` (sorted) its position in ``shown``.
    """

    rows: pl.LazyFrame
    name: str
    names: pl.Series
    shown: pl.Series
    place: NDArray[np.int32]

    @classmethod
    def of(cls, frame: Frame, name: str) -> _Column:
        rows = _countable(frame, name)
        names = rows.select(pl.col(name).unique()).collect(engine="streaming").to_series().sort()
        if names.is_empty():
            fault = Fault(what="no row with a report and a name", field=name)
            raise InputError("There is nothing to count.", [fault])
        folded = names.str.to_uppercase()
        keys = folded.unique().sort()
        place = folded.cast(pl.Enum(keys)).to_physical().cast(pl.Int32).to_numpy()
        if len(keys) == len(names):
            return cls(rows, name, names, names.gather(np.argsort(place)), place)
        return cls(rows, name, names, _as_they_came_first(rows, name), place)

    def numbers(self) -> pl.DataFrame:
        """Report as a number, whether that is exact, and the code of the name."""
        number, exact = as_number(pl.col("report_id"), self.rows.collect_schema()["report_id"])
        return self._collected(number.alias("id"), exact.alias("exact"))

    def texts(self) -> pl.DataFrame:
        """Report as text and the code of the name."""
        return self._collected(pl.col("report_id").cast(pl.String).alias("id"))

    def codes(self, rows: pl.DataFrame) -> NDArray[np.int32]:
        """Position among the names shown, a row each."""
        codes = rows["code"].to_numpy()
        return codes if bool((np.diff(self.place) == 1).all()) else self.place[codes]

    def _collected(self, *columns: pl.Expr) -> pl.DataFrame:
        code = pl.col(self.name).cast(pl.Enum(self.names)).to_physical().cast(pl.Int32).alias("code")
        return self.rows.select(*columns, code).collect(engine="streaming")


def _countable(frame: Frame, column: str) -> pl.LazyFrame:
    """The rows that have a report and a name, with the two columns alone."""
    lazy = frame.lazy()
    missing = [name for name in ("report_id", column) if name not in lazy.collect_schema().names()]
    if missing:
        faults = [Fault(what="column missing", field=name) for name in missing]
        raise InputError("The reports cannot be counted.", faults)
    lazy = lazy.select("report_id", pl.col(column).cast(pl.String))
    return lazy.filter(
        pl.col("report_id").is_not_null() & pl.col(column).is_not_null() & (pl.col(column) != "")
    )


def _as_they_came_first(rows: pl.LazyFrame, name: str) -> pl.Series:
    """Of names that differ in capitals alone, the one that stands first in the table; in order of the capitals."""
    first = rows.with_row_index("row").group_by(name).agg(pl.col("row").min()).collect(engine="streaming")
    key = pl.col(name).str.to_uppercase().alias("key")
    return first.sort("row").group_by(key, maintain_order=True).agg(pl.col(name).first()).sort("key")[name]


def _ones(at: IntArray, code: NDArray[np.int32], shape: tuple[int, int]) -> sparse.csr_matrix:
    """A matrix of ones at the places named, each once; rows at -1 belong to no report of the matrix."""
    known = at >= 0
    if not known.all():
        at, code = at[known], code[known]
    matrix = sparse.csr_matrix((np.ones(len(at), np.int32), (at.astype(np.int32), code)), shape=shape)
    matrix.sum_duplicates()
    matrix.data[:] = 1
    return matrix
