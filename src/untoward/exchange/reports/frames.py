"""The three tables with all their columns in their types, from whatever a reader could fill."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from untoward.model.ledger import Ledger, LedgerEntry
from untoward.model.reports import DRUGS, EVENTS, REPORTS, ReportTables

_KINDS = {
    "version": pl.Int64(),
    "received": pl.Date(),
    "event_date": pl.Date(),
    "age_years": pl.Float64(),
    "serious": pl.Boolean(),
    "died": pl.Boolean(),
    "start": pl.Date(),
    "sequence": pl.Int64(),
}


def report_tables(
    reports: pl.DataFrame, drugs: pl.DataFrame, events: pl.DataFrame, entries: Iterable[LedgerEntry]
) -> ReportTables:
    """The tables of a source; columns that a reader does not fill are null. Raises ValueError for a column too many.

    Drugs and events without a name are left out here, and one event stands once for a report, as first written.
    """
    named = events.filter(pl.col("event").is_not_null() & (pl.col("event") != ""))
    alike = pl.col("event").str.to_uppercase().alias("alike")
    once = named.with_columns(alike).unique(["report_id", "alike"], keep="first", maintain_order=True)
    return ReportTables(
        reports=_with(reports, REPORTS),
        drugs=_with(drugs.filter(pl.col("drug").is_not_null() & (pl.col("drug") != "")), DRUGS),
        events=_with(once.drop("alike"), EVENTS),
        ledger=Ledger().with_entries(entries),
    )


def _with(frame: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    if strange := set(frame.columns) - set(columns):
        raise ValueError(f"a reader made columns that no table has: {sorted(strange)}")
    return frame.select(
        (pl.col(name) if name in frame.columns else pl.lit(None).alias(name)).cast(
            _KINDS.get(name, pl.String())
        )
        for name in columns
    )
