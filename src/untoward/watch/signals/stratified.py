"""Age, sex and calendar year held still: expected counts summed over strata, Mantel-Haenszel ratios, agreement.

A report whose age (or sex, or year) is not known is in a stratum of its own, "unknown"; it is never guessed into
another and never left out.

    stratified = stratify(matrix, strata_of(tables.reports, ("age_group", "sex", "year")), counts)
    scored = measure(counts, adjusted=stratified.adjusted)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from untoward.errors import UsageError
from untoward.kernels import mantel_haenszel
from untoward.kernels.disproportionality import Ratio
from untoward.kernels.mantel_haenszel import Heterogeneity, Strata
from untoward.watch.signals.counting import IntArray, PairCounts, per_column, sum_of_products
from untoward.watch.signals.measures import Adjusted
from untoward.watch.signals.report_ids import positions
from untoward.watch.signals.report_matrix import ReportMatrix

FloatArray = NDArray[np.float64]

UNKNOWN = "unknown"
AGE_GROUPS = (
    (0, "0-1"),
    (2, "2-11"),
    (12, "12-17"),
    (18, "18-44"),
    (45, "45-64"),
    (65, "65-74"),
    (75, "75+"),
)
"""Completed years from which each group begins, and its name."""

_CELLS_AT_A_TIME = 2_000_000


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Stratified:
    """Adjusted expected counts and ratios, whether the strata agree on the ROR, and how large the strata are."""

    adjusted: Adjusted
    heterogeneity: Heterogeneity
    strata: pl.DataFrame

    def columns(self) -> pl.DataFrame:
        """Columns ``breslow_day, tarone, strata_compared, heterogeneity_p``, a row per pair, null where not known."""
        found = self.heterogeneity
        return pl.DataFrame(
            {
                "breslow_day": found.breslow_day,
                "tarone": found.tarone,
                "strata_compared": found.freedom + 1,
                "heterogeneity_p": found.p,
            }
        ).fill_nan(None)


def strata_of(reports: pl.DataFrame, by: Sequence[str] = ("age_group", "sex", "year")) -> pl.DataFrame:
    """``report_id, stratum`` of a table of reports.

    ``by`` names ``age_group`` (of ``age_years``), ``year`` (of ``received``), or any column as it stands.
    """
    made = {"age_group": _age_group(), "year": pl.col("received").dt.year().cast(pl.String)}
    known = (*made, *reports.columns)
    if not by or (unknown := [name for name in by if name not in known]):
        got = ", ".join(unknown) if by else "nothing"
        raise UsageError(f"strata: got {got}, expected some of {', '.join(known)}")
    parts = [made.get(name, pl.col(name).cast(pl.String)).fill_null(UNKNOWN) for name in by]
    return reports.select("report_id", stratum=pl.concat_str(parts, separator=" · "))


def _age_group() -> pl.Expr:
    age, group = pl.col("age_years"), pl.lit(None, pl.String)
    for start, name in AGE_GROUPS:
        group = pl.when(age >= start).then(pl.lit(name)).otherwise(group)
    return pl.when(age.is_nan()).then(None).otherwise(group)


def stratify(matrix: ReportMatrix, strata: pl.DataFrame, counts: PairCounts, how: str = "") -> Stratified:
    """Adjust every pair of ``counts``, which were made from ``matrix``.

    ``strata`` has ``report_id, stratum``; reports it does not hold are in "unknown". ``how`` names the strata for readers.
    """
    if counts.n_total != matrix.n_reports:
        raise UsageError("strata: the counts were not made from these reports (or have margins of pair sums)")
    labels = _labels(matrix, strata)
    names, which = np.unique(labels.to_numpy().astype(str), return_inverse=True)
    margins, within = _within_strata(matrix, counts, which, len(names))
    parts = list(_adjusted(counts, margins, within))
    joined = [np.concatenate(column) for column in zip(*parts, strict=True)]
    expected, *rest = joined
    return Stratified(
        adjusted=Adjusted(
            expected=expected, prr=Ratio(*rest[:3]), ror=Ratio(*rest[3:6]), how=how or f"{len(names)} strata"
        ),
        heterogeneity=Heterogeneity(*rest[6:]),
        strata=pl.DataFrame({"stratum": names, "reports": margins.reports}),
    )


class _Margins(NamedTuple):
    """Reports of each stratum, of each drug in it and of each event in it."""

    reports: IntArray
    drugs: IntArray
    events: IntArray


def _labels(matrix: ReportMatrix, strata: pl.DataFrame) -> pl.Series:
    at = positions(matrix.report_ids, strata["report_id"])
    here = at >= 0
    labels = np.full(matrix.n_reports, UNKNOWN, dtype=object)
    labels[at[here]] = strata["stratum"].fill_null(UNKNOWN).to_numpy()[here]
    return pl.Series(labels.tolist(), dtype=pl.String)


def _within_strata(
    matrix: ReportMatrix, counts: PairCounts, which: NDArray[np.intp], size: int
) -> tuple[_Margins, sparse.csr_matrix]:
    """The margins by stratum, and the reports of each pair by stratum (pairs by strata)."""
    width = len(counts.events)
    keys = counts.drug_index.astype(np.int64) * width + counts.event_index
    drugs, events, rows, columns, data = [], [], [], [], []
    for stratum in range(size):
        part = matrix.of(np.flatnonzero(which == stratum))
        drugs.append(per_column(part.with_drug))
        events.append(per_column(part.with_event))
        found = sum_of_products(part).tocoo()
        key = found.row.astype(np.int64) * width + found.col
        at = np.minimum(np.searchsorted(keys, key), len(keys) - 1)
        kept = keys[at] == key  # pairs below the least count are not asked for
        rows.append(at[kept])
        columns.append(np.full(int(kept.sum()), stratum))
        data.append(found.data[kept].astype(np.float64))
    entries = (np.concatenate(data), (np.concatenate(rows), np.concatenate(columns)))
    within = sparse.csr_matrix(entries, shape=(len(keys), size))
    reports = np.bincount(which, minlength=size).astype(np.int64)
    return _Margins(reports, np.array(drugs).T, np.array(events).T), within


def _adjusted(
    counts: PairCounts, margins: _Margins, within: sparse.csr_matrix
) -> Iterator[tuple[FloatArray, ...]]:
    step = max(1, _CELLS_AT_A_TIME // len(margins.reports))
    total = margins.reports.astype(float)
    for start in range(0, len(counts), step):
        these = slice(start, start + step)
        table = Strata(
            within[these].toarray(),
            margins.drugs[counts.drug_index[these]].astype(float),
            margins.events[counts.event_index[these]].astype(float),
            total,
        )
        ror = mantel_haenszel.reporting_odds_ratio(table)
        yield (
            mantel_haenszel.expected(table),
            *mantel_haenszel.proportional_reporting_ratio(table),
            *ror,
            *mantel_haenszel.heterogeneity(table, ror.value),
        )
