"""From reports to counts of pairs: how many distinct reports name a drug and an event, and each of them.

The unit of count is the distinct report. A drug that a report names three times counts once, and so do the
margins: ``n_drug`` is how many reports name the drug, whatever number of events they hold. Sums of pair counts
as margins, which some programs use, count a report with five events five times; they are on offer by the
name ``pair_sum`` for comparison and for tables that hold nothing else.

    counts = count_reports(tables, roles=("suspect", "interacting"))
    counts = count_pairs(pl.scan_parquet("drugs.parquet"), pl.scan_parquet("events.parquet"))
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from untoward.errors import UsageError
from untoward.model.reports import ReportTables
from untoward.watch.signals.report_matrix import Frame, ReportMatrix, report_matrix

IntArray = NDArray[np.int64]
Margins = Literal["reports", "pair_sum"]
Role = Literal["suspect", "interacting", "concomitant"]
Roles = tuple[Role, ...] | Literal["all"]

SUSPECTED: Roles = ("suspect", "interacting")
"""The roles that count when nothing else is asked for."""

_CHUNK = 2_000_000
"""Reports whose pairs are counted at a time; bounds the memory that the product takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting:
    """How pairs were counted.

    ``roles`` is None where the source was a table of pairs or counts; ``least`` the smallest count kept.
    ``without_event`` and ``without_drug``: reports that stand in no 2x2 table since they name no event, or
    no drug in a role that counts. ``without_role``: rows of drugs whose role is not known; they count.
    """

    unit: str = "distinct reports"
    margins: Margins = "reports"
    roles: Roles | None = None
    least: int = 1
    without_event: int = 0
    without_drug: int = 0
    without_role: int = 0


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PairCounts:
    """Counts of the pairs that have reports, ordered by drug and then event.

    ``drugs`` and ``events`` are the names, ``drug_reports`` and ``event_reports`` their margins (an entry per
    name). ``drug_index``, ``event_index`` and ``n`` have an entry per pair; ``n_drug`` and ``n_event`` are the
    margins of every pair. ``n_total`` is the number of reports (or the sum of pair counts, for ``pair_sum``).
    """

    drugs: pl.Series
    events: pl.Series
    drug_index: NDArray[np.int32]
    event_index: NDArray[np.int32]
    n: IntArray
    drug_reports: IntArray
    event_reports: IntArray
    n_total: int
    counting: Counting

    def __len__(self) -> int:
        return len(self.n)

    @property
    def n_drug(self) -> IntArray:
        """Reports of each pair's drug."""
        return self.drug_reports[self.drug_index]

    @property
    def n_event(self) -> IntArray:
        """Reports of each pair's event."""
        return self.event_reports[self.event_index]

    def names(self) -> pl.DataFrame:
        """Columns ``drug`` and ``event``, a row per pair."""
        return pl.DataFrame(
            {"drug": self.drugs.gather(self.drug_index), "event": self.events.gather(self.event_index)}
        )

    def frame(self) -> pl.DataFrame:
        """Columns ``drug, event, n, n_drug, n_event, n_total``, a row per pair."""
        return self.names().with_columns(
            pl.Series("n", self.n),
            pl.Series("n_drug", self.n_drug),
            pl.Series("n_event", self.n_event),
            pl.lit(self.n_total, pl.Int64).alias("n_total"),
        )

    def only(self, pairs: NDArray[np.bool_]) -> PairCounts:
        """Some of the pairs; margins and names stay."""
        return replace(
            self, drug_index=self.drug_index[pairs], event_index=self.event_index[pairs], n=self.n[pairs]
        )

    def at_least(self, least: int) -> PairCounts:
        """The pairs with ``least`` reports or more; margins and names stay."""
        few = self.only(self.n >= least)
        return replace(few, counting=replace(self.counting, least=max(least, self.counting.least)))


def count_reports(
    tables: ReportTables, *, roles: Roles = SUSPECTED, margins: Margins = "reports", least: int = 1
) -> PairCounts:
    """Counts of the pairs of a collection of reports.

    ``roles``: drugs in which roles count, or "all". A drug whose role is not known always counts: not known
    is not "not suspect". The reports of the tables are those that name a drug that counts and an event.
    """
    matrix, without_role = matrix_of(tables, roles)
    counts = count_matrix(matrix, margins=margins, least=least)
    return replace(counts, counting=replace(counts.counting, roles=roles, without_role=without_role))


def matrix_of(tables: ReportTables, roles: Roles = SUSPECTED) -> tuple[ReportMatrix, int]:
    """The matrices of a collection of reports, and how many rows of drugs that counted have no known role."""
    drugs = in_roles(tables.drugs, roles)
    without = drugs.select(pl.col("role").is_null().sum()).item() if "role" in drugs.columns else drugs.height
    return report_matrix(drugs, tables.events), int(without)


def in_roles(drugs: pl.DataFrame, roles: Roles) -> pl.DataFrame:
    """The rows of drugs in the roles asked for, with those of unknown role."""
    if roles == "all" or "role" not in drugs.columns:
        return drugs
    unknown = [role for role in roles if role not in get_args(Role)]
    if unknown or not roles:
        raise UsageError(
            f"roles: got {', '.join(unknown) or 'none'}, expected {', '.join(get_args(Role))} or all"
        )
    return drugs.filter(pl.col("role").is_null() | pl.col("role").is_in(list(roles)))


def count_pairs(drugs: Frame, events: Frame, *, margins: Margins = "reports", least: int = 1) -> PairCounts:
    """Counts of the pairs of two tables, ``report_id, drug`` and ``report_id, event``, lazy ones too."""
    return count_matrix(report_matrix(drugs, events), margins=margins, least=least)


def count_matrix(matrix: ReportMatrix, *, margins: Margins = "reports", least: int = 1) -> PairCounts:
    """Counts of the pairs of reports that are matrices already."""
    pairs = sum_of_products(matrix)
    counts = PairCounts(
        drugs=matrix.drugs,
        events=matrix.events,
        drug_index=np.repeat(np.arange(pairs.shape[0], dtype=np.int32), np.diff(pairs.indptr)),
        event_index=pairs.indices.astype(np.int32, copy=False),
        n=pairs.data.astype(np.int64),
        drug_reports=per_column(matrix.with_drug),
        event_reports=per_column(matrix.with_event),
        n_total=matrix.n_reports,
        counting=Counting(without_event=matrix.without_event, without_drug=matrix.without_drug),
    )
    return with_margins(counts, margins).at_least(least)


def per_column(matrix: sparse.csr_matrix) -> IntArray:
    """How many reports have each drug (or event)."""
    return np.bincount(matrix.indices, minlength=matrix.shape[1]).astype(np.int64)


def sum_of_products(matrix: ReportMatrix) -> sparse.csr_matrix:
    """Drugs by events, how many reports have both, columns in order; chunk of reports by chunk of reports."""
    pairs = None
    for with_drug, with_event in _chunks(matrix):
        product = with_drug.T.tocsr() @ with_event
        pairs = product if pairs is None else pairs + product
    if pairs is None:
        return sparse.csr_matrix((len(matrix.drugs), len(matrix.events)), dtype=np.int32)
    pairs.sort_indices()
    return pairs


def _chunks(matrix: ReportMatrix) -> Iterator[tuple[sparse.csr_matrix, sparse.csr_matrix]]:
    for start in range(0, matrix.n_reports, _CHUNK):
        yield matrix.with_drug[start : start + _CHUNK], matrix.with_event[start : start + _CHUNK]


def with_margins(counts: PairCounts, margins: Margins) -> PairCounts:
    """The counts as they are, or with sums of pair counts for margins."""
    if margins == "reports":
        return counts
    if margins != "pair_sum":
        raise UsageError(f"margins: got {margins!r}, expected 'reports' or 'pair_sum'")
    return replace(
        counts,
        drug_reports=_sums(counts.drug_index, counts.n, len(counts.drugs)),
        event_reports=_sums(counts.event_index, counts.n, len(counts.events)),
        n_total=int(counts.n.sum()),
        counting=replace(counts.counting, margins="pair_sum"),
    )


def _sums(index: NDArray[np.int32], n: IntArray, size: int) -> IntArray:
    # exact: bincount adds in double precision, which holds whole numbers to 2**53
    return np.bincount(index, n, size).astype(np.int64)
