"""A table of events by drugs, for the methods that look at a whole class of drugs at once.

Likelihood-ratio and tree scan treat every mention of an event with a drug as one count, so their margins are
sums of pair counts by definition, whatever the margins of the collection are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from untoward.errors import UsageError
from untoward.watch.signals.counting import IntArray, PairCounts

OTHERS = "(all other drugs)"
_LARGEST = 20_000_000


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class ClassTable:
    """Counts, events by drugs, with the names; names in ``reference`` count in the margins and are not tested."""

    drugs: tuple[str, ...]
    events: tuple[str, ...]
    counts: IntArray
    reference: frozenset[str]

    def tested(self) -> NDArray[np.bool_]:
        """The cells that are tested."""
        rows = np.array([name not in self.reference for name in self.events])
        columns = np.array([name not in self.reference for name in self.drugs])
        return np.outer(rows, columns)


def class_table(
    counts: PairCounts,
    drugs: Sequence[str] | None = None,
    *,
    reference_drugs: Sequence[str] = (),
    reference_events: Sequence[str] = (),
    pool_others: bool = True,
) -> ClassTable:
    """The table of some drugs (all of them by default) and all events, other drugs pooled into one column.

    References are named, never taken by their place in the table; the pooled column is one. Raises UsageError for a
    name that is not there, and for tables of more than 20 million cells.
    """
    names = counts.drugs.to_list() if drugs is None else _known(counts.drugs, drugs, "drug")
    pooled = pool_others and len(names) < len(counts.drugs)
    if len(counts.events) * (len(names) + pooled) > _LARGEST:
        raise UsageError("the table of events by drugs is too large; name the drugs of interest")
    column = np.full(len(counts.drugs), len(names) if pooled else -1)
    column[[_place(counts.drugs, name) for name in names]] = np.arange(len(names))
    table = np.zeros((len(counts.events), len(names) + pooled), np.int64)
    at = column[counts.drug_index]
    np.add.at(table, (counts.event_index[at >= 0], at[at >= 0]), counts.n[at >= 0])
    some = table.sum(axis=1) > 0
    references = {
        *_known(counts.drugs, reference_drugs, "drug"), *_known(counts.events, reference_events, "event"),
        *([OTHERS] if pooled else []),
    }  # fmt: skip
    return ClassTable(
        drugs=(*names, OTHERS) if pooled else tuple(names),
        events=tuple(counts.events.filter(pl.Series(some)).to_list()),
        counts=table[some],
        reference=frozenset(references),
    )


def _known(shown: pl.Series, wanted: Sequence[str], what: str) -> list[str]:
    """The names as they are shown, found whatever their capitals."""
    by_key = dict(zip(shown.str.to_uppercase().to_list(), shown.to_list(), strict=True))
    missing = [name for name in wanted if name.upper() not in by_key]
    if missing:
        raise UsageError(f"{what}: got {', '.join(missing)}, expected a name that is in the reports")
    return list(dict.fromkeys(by_key[name.upper()] for name in wanted))


def _place(shown: pl.Series, name: str) -> int:
    place = shown.index_of(name)
    if place is None:
        raise KeyError(name)
    return place
