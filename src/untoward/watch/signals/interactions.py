"""Do drugs together bring out what neither brings out alone: every pair, and sets of three, with every event.

    pairs = pair_interactions(matrix, counts)              # all pairs of drugs with an event in 3 reports or more
    mixes = set_interactions(matrix, counts, drugs=[...])  # all sets of three of some drugs

``omega`` compares what is reported with what the drugs' excess odds add up to (Norén and others 2008); it is in
units of doubling, and a lower limit above 0 is the usual sign to look. ``signal_omega`` says that it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from untoward.errors import UsageError
from untoward.kernels.interaction import Interaction, arms, interaction, interaction_of_three
from untoward.watch.signals.counting import IntArray, PairCounts
from untoward.watch.signals.drug_sets import SetCounts, sets_with_events
from untoward.watch.signals.report_matrix import ReportMatrix

PAIR_COLUMNS = (
    "drug_1", "drug_2", "event", "n", "n_both", "n_1_event", "n_2_event", "n_1", "n_2", "n_event", "n_total",
    "expected", "omega", "omega_low", "omega_high", "signal_omega", "expected_multiplicative", "multiplicative",
    "multiplicative_low", "expected_three_way", "three_way", "three_way_low",
)  # fmt: skip
"""Columns of the table of pairs: counts of distinct reports, then observed against expected under three baselines."""

SET_COLUMNS = (
    "drug_1", "drug_2", "drug_3", "event", "n", "n_together", "expected", "omega", "omega_low", "omega_high",
    "signal_omega", "expected_by_pairs", "omega_by_pairs", "omega_by_pairs_low", "signal_omega_by_pairs",
)  # fmt: skip
"""Columns of the table of sets of three: against the drugs one by one, and against the strongest of the three pairs."""


def pair_interactions(
    matrix: ReportMatrix, counts: PairCounts, *, least: int = 3, drugs: Sequence[str] | None = None
) -> pl.DataFrame:
    """All pairs of drugs with an event that ``least`` reports or more name together, ordered by ``omega_low``.

    ``counts`` are those of ``matrix`` with nothing left out. ``drugs`` limits the search to pairs of these.
    """
    found = _found(matrix, counts, 2, least, drugs)
    n1, n2 = counts.drug_reports[found.drugs].T
    n1_event, n2_event = (_reports_of_pair(counts, drug, found.event) for drug in found.drugs.T)
    n_event, total = counts.event_reports[found.event], counts.n_total
    both, n = found.together, found.n
    events = (n, n1_event - n, n2_event - n, n_event - n1_event - n2_event + n)
    table = arms(events, (both, n1 - both, n2 - both, total - n1 - n2 + both))
    additive, multiplicative, three_way = (
        interaction(table, "additive"), interaction(table, "multiplicative"), interaction(table, "three_way"),
    )  # fmt: skip
    columns: dict[str, pl.Series | NDArray[Any]] = {
        **_names(matrix, found), "n": n, "n_both": both, "n_1_event": n1_event, "n_2_event": n2_event,
        "n_1": n1, "n_2": n2, "n_event": n_event, "n_total": np.full(len(n), total),
        **_measured(additive, "", "omega"),
        **_measured(multiplicative, "_multiplicative", "multiplicative"),
        **_measured(three_way, "_three_way", "three_way"),
    }  # fmt: skip
    return _table(columns).with_columns(signal_omega=pl.col("omega_low") > 0).select(PAIR_COLUMNS)


def set_interactions(
    matrix: ReportMatrix, counts: PairCounts, *, least: int = 3, drugs: Sequence[str] | None = None
) -> pl.DataFrame:
    """All sets of three drugs with an event that ``least`` reports or more name together, ordered by ``omega_by_pairs_low``.

    As ``pair_interactions``; over a whole collection of reports it takes minutes, over a list of drugs seconds.
    """
    found = _found(matrix, counts, 3, least, drugs)
    alone = [counts.drug_reports[drug] for drug in found.drugs.T]
    alone_event = [_reports_of_pair(counts, drug, found.event) for drug in found.drugs.T]
    pairs = [_together(matrix, found, *two) for two in combinations(range(3), 2)]
    everyone = np.full(len(found.n), counts.n_total)
    # by the bits of the drugs in the subset: 0, 1, 2, 1+2, 4, 1+4, 2+4, 1+2+4
    totals = (everyone, alone[0], alone[1], pairs[0][0], alone[2], pairs[1][0], pairs[2][0], found.together)
    events = (
        counts.event_reports[found.event], alone_event[0], alone_event[1], pairs[0][1], alone_event[2], pairs[1][1],
        pairs[2][1], found.n,
    )  # fmt: skip
    result = interaction_of_three(events, totals)
    columns: dict[str, pl.Series | NDArray[Any]] = {
        **_names(matrix, found), "n": found.n, "n_together": found.together,
        **_measured(result.by_singles, "", "omega"),
        **_measured(result.by_pairs, "_by_pairs", "omega_by_pairs"),
    }  # fmt: skip
    table = _table(columns, "omega_by_pairs_low")
    return table.with_columns(
        signal_omega=pl.col("omega_low") > 0, signal_omega_by_pairs=pl.col("omega_by_pairs_low") > 0
    ).select(SET_COLUMNS)


def _found(
    matrix: ReportMatrix, counts: PairCounts, size: int, least: int, drugs: Sequence[str] | None
) -> SetCounts:
    if least < 1:
        raise UsageError(f"least: got {least}, expected 1 or more")
    if counts.n_total != matrix.n_reports or counts.counting.least > least:
        raise UsageError("interactions: expected the counts of these reports, with no pair left out")
    if drugs is None:
        return sets_with_events(matrix.with_drug, matrix.with_event, size, least)
    wanted = {name.upper() for name in drugs}
    chosen = matrix.drugs.str.to_uppercase().is_in(list(wanted)).to_numpy()
    keep = sparse.diags(chosen.astype(np.int32), dtype=np.int32, format="csr")
    some = (matrix.with_drug @ keep).tocsr()
    some.eliminate_zeros()
    some.sort_indices()
    return sets_with_events(some, matrix.with_event, size, least)


def _reports_of_pair(counts: PairCounts, drug: IntArray, event: IntArray) -> IntArray:
    """Reports of drug and event; pairs are ordered, so they are found by halving."""
    width = len(counts.events)
    keys = counts.drug_index.astype(np.int64) * width + counts.event_index
    return counts.n[np.searchsorted(keys, drug * width + event)]


def _together(matrix: ReportMatrix, found: SetCounts, one: int, other: int) -> tuple[IntArray, IntArray]:
    """Reports with two drugs of every set, and with those and the event of the set."""
    by_drug = matrix.with_drug.tocsc()
    wanted, inverse = np.unique(found.drugs[:, [one, other]], axis=0, return_inverse=True)
    totals, events = np.zeros(len(wanted), np.int64), np.zeros(len(found.n), np.int64)
    members = np.argsort(inverse.ravel(), kind="stable")
    edges = np.searchsorted(inverse.ravel()[members], np.arange(len(wanted) + 1))
    for at, (first, second) in enumerate(wanted):
        rows = np.intersect1d(_rows(by_drug, first), _rows(by_drug, second), assume_unique=True)
        per_event = np.bincount(matrix.with_event[rows].indices, minlength=len(matrix.events))
        these = members[edges[at] : edges[at + 1]]
        totals[at], events[these] = len(rows), per_event[found.event[these]]
    return totals[inverse.ravel()], events


def _rows(by_drug: sparse.csc_matrix, drug: int) -> NDArray[np.int32]:
    rows: NDArray[np.int32] = by_drug.indices[by_drug.indptr[drug] : by_drug.indptr[drug + 1]]
    return rows


def _names(matrix: ReportMatrix, found: SetCounts) -> dict[str, pl.Series]:
    names = {f"drug_{at + 1}": matrix.drugs.gather(drug) for at, drug in enumerate(found.drugs.T)}
    return {**names, "event": matrix.events.gather(found.event)}


def _measured(found: Interaction, suffix: str, name: str) -> dict[str, NDArray[np.float64]]:
    return {
        f"expected{suffix}": found.expected,
        name: found.omega.value,
        f"{name}_low": found.omega.low,
        f"{name}_high": found.omega.high,
    }


def _table(columns: Mapping[str, pl.Series | NDArray[Any]], by: str = "omega_low") -> pl.DataFrame:
    """The columns as a table, unknown values null, the strongest first and ties in the order of the names."""
    series = [pl.Series(name, values) for name, values in columns.items()]
    table = pl.DataFrame(series).with_columns(pl.selectors.float().fill_nan(None))
    names = [name for name in columns if name.startswith("drug_") or name == "event"]
    return table.sort(by, *names, descending=[True, *(False for _ in names)], nulls_last=True)
