"""A table of the user's own that is counted already: drug, event and the number of reports with both.

The margins (reports with the drug, reports with the event, all reports) may stand beside. Without them they cannot be
worked out from the counts, because a report with two drugs stands in two rows; whoever computes from them must say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from untoward.exchange.reports.archive import Progress, SourceFile
from untoward.exchange.reports.cell_values import number
from untoward.exchange.reports.headers import Columns
from untoward.exchange.reports.pairs import COLUMNS as PAIR_COLUMNS
from untoward.exchange.reports.pairs import DRUG, EVENT
from untoward.exchange.reports.pairs import REQUIRED as PAIR_REQUIRED
from untoward.exchange.reports.pairs_source import fold_names, read_rows, separator_of
from untoward.exchange.reports.tally import FILE, LINE, Tally
from untoward.model.ledger import Ledger

MARGINS = ("n_drug", "n_event", "n_total")
_COUNTS = ("n", *MARGINS)

COLUMNS: Columns = {
    "drug": DRUG,
    "event": EVENT,
    "n": ("n", "count", "reports", "n11", "observed"),
    "n_drug": ("n_drug", "n1", "drug_total"),
    "n_event": ("n_event", "m1", "event_total"),
    "n_total": ("n_total", "total"),
}
REQUIRED = ("drug", "event", "n")


@dataclass(frozen=True, slots=True, kw_only=True)
class CountTable:
    """Counts without the reports behind them.

    `frame` has drug (as counted), event, and n, n_drug, n_event, n_total as whole numbers; a margin that was not given
    is null. A pair stands once.
    """

    frame: pl.DataFrame
    ledger: Ledger


def looks_like_counts(names: Sequence[str], first_lines: Sequence[str]) -> bool:
    """Whether every file is a table with the columns drug, event and n, and none of them names reports."""
    return bool(names) and all(
        separator_of(line, COLUMNS, REQUIRED) is not None
        and separator_of(line, PAIR_COLUMNS, PAIR_REQUIRED) is None
        for line in first_lines
    )


def read_counts(files: Sequence[SourceFile], progress: Progress) -> CountTable:
    """Read count tables. Counts of one pair in several rows are added up; rows of impossible counts are dropped.

    Raises InputError when drug, event or n is missing.
    """
    tally = Tally("counts", "drug")
    parts = []
    for done, file in enumerate(files):
        progress("Reading counts", done, len(files))
        parts.append(read_rows(file, COLUMNS, REQUIRED, tally))
    rows = fold_names(_sound(pl.concat(parts), tally), "drug", "name")
    rows = rows.with_columns(pl.col("event").str.to_uppercase().alias("alike"))
    frame = _added(rows, tally)
    return CountTable(frame=frame, ledger=Ledger().with_entries(tally.entries()))


def _sound(rows: pl.DataFrame, tally: Tally) -> pl.DataFrame:
    """Rows with names and whole counts, none of them larger than its margins."""
    rows = tally.drop(rows, pl.col("drug").is_null() | pl.col("event").is_null(), "no drug or no event")
    read = rows.with_columns(number(pl.col(name)).alias(f"{name}_") for name in _COUNTS)
    odd = [(pl.col(f"{name}_") % 1 != 0) | _unread(name) for name in _COUNTS]
    read = tally.drop(read, pl.any_horizontal(odd) | pl.col("n").is_null(), "a count is not a whole number")
    whole = read.select(
        FILE, LINE, "drug", "event", *(pl.col(f"{name}_").cast(pl.Int64).alias(name) for name in _COUNTS)
    )
    margin = pl.min_horizontal("n_drug", "n_event")
    too_large = (pl.col("n") > margin) | (pl.max_horizontal("n_drug", "n_event", "n") > pl.col("n_total"))
    return tally.drop(whole, too_large, "a count is larger than the margin it is part of")


def _unread(name: str) -> pl.Expr:
    return pl.col(name).is_not_null() & (pl.col(f"{name}_").is_null() | (pl.col(f"{name}_") > 2**53))


def _added(rows: pl.DataFrame, tally: Tally) -> pl.DataFrame:
    pair = ["name", "alike"]
    same = [pl.col(name).n_unique().over(pair) == 1 for name in MARGINS]
    rows = tally.drop(rows, ~pl.all_horizontal(same), "the same pair stands with different margins")
    total = rows.with_columns(pl.col("n").sum().over(pair))
    given = pl.min_horizontal("n_drug", "n_event", "n_total")
    total = tally.drop(total, pl.col("n") > given, "the counts of the pair add up to more than its margins")
    once = tally.merge(
        total, ~pl.struct(pair).is_first_distinct(), "its count is added to that of the same pair"
    )
    tally.keep(once)
    return once.select(pl.col("name").alias("drug"), "event", *_COUNTS)
