"""The fields by which two reports are compared, as numbers: dates, age, sex, country, and the terms they name.

Drugs, events and lots are terms of one sparse matrix, the rarest term first, so that the first term that two
reports share is the one that says most.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from untoward.model.reports import ReportTables

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

KINDS = ("drugs", "events", "lots")
"""Kinds of terms, in the order of their numbers."""

UNKNOWN = -(2**31)
"""Stands where a whole number is not known."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Fields:
    """Every report's fields, an entry (or a row of ``terms``) each, in the order of the reports.

    ``event_day`` is the date of the event in days since 1970, ``age`` in whole years; ``sex`` and ``country`` are
    codes. ``UNKNOWN`` where not known. ``terms`` is reports by terms (CSR of ones, indices rising),
    ``term_kind`` the number of each term's kind, ``term_reports`` how many reports name it (rising).
    """

    report_ids: pl.Series
    event_day: IntArray
    age: IntArray
    sex: IntArray
    country: IntArray
    terms: sparse.csr_matrix
    term_kind: IntArray
    term_reports: IntArray

    @property
    def n(self) -> int:
        """How many reports there are."""
        return len(self.report_ids)

    @classmethod
    def of(cls, tables: ReportTables) -> Fields:
        """The fields of a collection; drugs count in every role, and capitals do not matter."""
        reports = tables.reports.unique("report_id", keep="first", maintain_order=True)
        terms, kinds = _terms(tables, reports["report_id"])
        counts = np.bincount(terms.indices, minlength=terms.shape[1]).astype(np.int64)
        order = np.argsort(counts, kind="stable")
        terms = terms[:, order].tocsr()
        terms.sort_indices()
        return cls(
            report_ids=reports["report_id"],
            event_day=_whole(reports["event_date"].to_physical()),
            age=_whole(reports["age_years"].round(0)),
            sex=_codes(reports["sex"]),
            country=_codes(reports["country"]),
            terms=terms,
            term_kind=kinds[order],
            term_reports=counts[order],
        )


def frequency(values: IntArray, *, reach: int = 0) -> FloatArray:
    """For every entry the share of known entries with its value, or the mean share within ``reach`` of it."""
    known = values != UNKNOWN
    shares = np.full(len(values), np.nan)
    if not known.any():
        return shares
    least = int(values[known].min())
    counts = np.bincount(values[known] - least).astype(float)
    if reach:
        # ends of the range have fewer neighbours; the mean is over those there are
        window = np.ones(2 * reach + 1)
        counts = np.convolve(np.pad(counts, reach), window, "valid") / len(window)
    shares[known] = (
        np.maximum(counts[values[known] - least], 1.0 / len(window) if reach else 1.0) / known.sum()
    )
    return shares


def _whole(column: pl.Series) -> IntArray:
    numbers: IntArray = column.cast(pl.Int64).fill_null(UNKNOWN).to_numpy().astype(np.int64)
    return numbers


def _codes(column: pl.Series) -> IntArray:
    text = column.cast(pl.String).str.to_uppercase()
    return _whole(text.cast(pl.Enum(text.drop_nulls().unique().sort())).to_physical())


def _terms(tables: ReportTables, ids: pl.Series) -> tuple[sparse.csr_matrix, IntArray]:
    place = pl.DataFrame({"report_id": ids, "row": np.arange(len(ids))})
    lots = pl.col("lot").cast(pl.String).str.replace_all(r"[^0-9A-Za-z]", "")
    named = pl.concat(
        frame.select("report_id", pl.lit(kind).alias("kind"), term.str.to_uppercase().alias("term"))
        for kind, (frame, term) in enumerate(
            [(tables.drugs, pl.col("drug")), (tables.events, pl.col("event")), (tables.drugs, lots)]
        )
    )
    rows = (
        named.filter(pl.col("term").str.len_bytes() > 0)
        .join(place, on="report_id")
        .unique(["row", "kind", "term"])
    )
    names = rows.select("kind", "term").unique().sort("kind", "term").with_row_index("at")
    rows = rows.join(names, on=["kind", "term"])
    at = (rows["row"].to_numpy(), rows["at"].to_numpy())
    matrix = sparse.csr_matrix((np.ones(rows.height, np.int32), at), shape=(len(ids), names.height))
    return matrix, names["kind"].to_numpy().astype(np.int64)
