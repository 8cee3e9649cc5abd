"""Likelihood-ratio tests of a class of drugs: which cells are too high, all questions corrected for at once.

    table = class_table(counts, ["atorvastatin", "simvastatin"])
    found = likelihood_ratio_test(table, form="conditional")

``conditional``: Huang, Zalkikar and Tiwari 2011, each drug's total given; ``poisson``: the form of a Poisson count, with
Chakraborty, Liu, Ball and Markatou (Stat Med 2022). Cells with more zeros than chance gives are not modelled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from untoward.kernels.likelihood_ratio import (
    Form,
    largest_by_chance,
    log_likelihood_ratio,
    monte_carlo_p,
)
from untoward.watch.signals.class_table import ClassTable


@dataclass(frozen=True, slots=True, kw_only=True)
class LikelihoodRatio:
    """The table of tested cells, most surprising first, and how it was made.

    Columns ``drug, event, n, n_drug, n_event, n_total, expected, llr, p``; the margins are sums of pair counts.
    """

    table: pl.DataFrame
    form: Form
    within: str
    replicates: int
    seed: int
    reference: tuple[str, ...]


def likelihood_ratio_test(
    table: ClassTable,
    *,
    form: Form = "conditional",
    by_drug: bool = True,
    replicates: int = 999,
    seed: int = 0,
) -> LikelihoodRatio:
    """Every cell but those of the references, with a Monte Carlo p that is never 0.

    p is corrected for all events of the drug (``by_drug``) or for all cells of the table.
    """
    counts, total = table.counts, table.counts.sum()
    rows, columns = counts.sum(axis=1), counts.sum(axis=0)
    expected = np.outer(rows, columns) / total
    llr = log_likelihood_ratio(counts, expected, columns[None, :], form)
    inside = table.tested()
    largest = largest_by_chance(counts, form, replicates, by_column=by_drug, tested=inside, seed=seed)
    p = monte_carlo_p(llr, largest)
    frame = _frame(table, inside & (counts > 0), expected, llr, p)
    return LikelihoodRatio(
        table=frame.sort("llr", "drug", "event", descending=[True, False, False]),
        form=form,
        within="all events of a drug" if by_drug else "all cells of the table",
        replicates=replicates,
        seed=seed,
        reference=tuple(sorted(table.reference)),
    )


def _frame(
    table: ClassTable,
    cells: NDArray[np.bool_],
    expected: NDArray[np.float64],
    llr: NDArray[np.float64],
    p: NDArray[np.float64],
) -> pl.DataFrame:
    at = np.nonzero(cells)
    counts = table.counts
    return pl.DataFrame(
        {
            "drug": pl.Series(table.drugs, dtype=pl.String).gather(at[1]),
            "event": pl.Series(table.events, dtype=pl.String).gather(at[0]),
            "n": counts[at],
            "n_drug": counts.sum(axis=0)[at[1]],
            "n_event": counts.sum(axis=1)[at[0]],
            "n_total": np.full(len(at[0]), counts.sum()),
            "expected": expected[at],
            "llr": llr[at],
            "p": p[at],
        }
    )
