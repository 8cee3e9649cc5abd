"""Pairs and counts as somebody else made them: a table of ``report_id, drug, event``, or of ``drug, event, n``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from untoward.errors import Fault, InputError
from untoward.watch.signals.counting import Counting, Margins, PairCounts, count_pairs, with_margins
from untoward.watch.signals.report_matrix import Frame

MARGINS = ("n_drug", "n_event", "n_total")


def count_pair_table(pairs: Frame, *, margins: Margins = "reports", least: int = 1) -> PairCounts:
    """Counts of a table of ``report_id, drug, event``, one row for every pair of a report.

    Rows may repeat; a report counts once in every count. A report that names a drug in one row and an event in another
    names both: 2x2 tables of reports know no pairs inside a report.
    """
    return count_pairs(pairs, pairs, margins=margins, least=least)


def count_table(counts: pl.DataFrame, *, margins: Margins = "reports", least: int = 1) -> PairCounts:
    """Counts of a table of ``drug, event, n``, with ``n_drug, n_event, n_total`` of distinct reports beside them.

    A table without those three has no margins of distinct reports, so sums of pair counts must be asked for by
    name (``margins="pair_sum"``). Raises InputError with every fault found: columns that are missing, counts that are
    not whole, pairs that stand there twice, margins that differ between rows or are too small.
    """
    needed = ("drug", "event", "n", *(MARGINS if margins == "reports" else ()))
    missing = [name for name in needed if name not in counts.columns]
    if missing:
        hint = "Sums of pair counts can stand in: margins='pair_sum'." if "n_total" in missing else ""
        raise InputError("The counts cannot be used.", [_missing(name, hint) for name in missing])
    table = _cleaned(counts, needed)
    given = _as_counts(table)
    if margins == "pair_sum":
        return with_margins(given, margins).at_least(least)
    _refuse_bad_margins(table)
    return _with_own_margins(table, given).at_least(least)


def _missing(name: str, hint: str) -> Fault:
    return Fault(what="column missing", field=name, hint=hint)


def _cleaned(counts: pl.DataFrame, needed: tuple[str, ...]) -> pl.DataFrame:
    """The rows with reports, as numbers and names that compare whatever their capitals."""
    numbers = [name for name in needed if name.startswith("n")]
    bad = [
        Fault(what="not a whole number of 0 or more", field=name, where=f"{wrong} rows")
        for name in numbers
        if (wrong := counts.height - counts.filter(_whole(name)).height)
    ]
    for name in ("drug", "event"):
        if empty := counts.filter(pl.col(name).is_null() | (pl.col(name).cast(pl.String) == "")).height:
            bad.append(Fault(what="empty", field=name, where=f"{empty} rows"))
    if bad:
        raise InputError("The counts cannot be used.", bad)
    table = counts.select(
        pl.col("drug", "event").cast(pl.String), pl.col(numbers).cast(pl.Float64).cast(pl.Int64)
    ).with_columns(
        drug_key=pl.col("drug").str.to_uppercase(), event_key=pl.col("event").str.to_uppercase()
    )  # fmt: skip
    twice = table.filter(pl.struct("drug_key", "event_key").is_duplicated())
    if twice.height:
        shown = ", ".join(f"{row['drug']} with {row['event']}" for row in twice.head(3).to_dicts())
        raise InputError(
            "The counts cannot be used.", [Fault(what="pairs that stand there twice", got=shown)]
        )
    table = table.filter(pl.col("n") > 0).sort("drug_key", "event_key")
    if table.is_empty():
        raise InputError("There is nothing to count.", [Fault(what="no pair with a report", field="n")])
    return table


def _whole(name: str) -> pl.Expr:
    value = pl.col(name).cast(pl.Float64, strict=False)
    return (value >= 0) & (value == value.floor()) & value.is_finite()


def _as_counts(table: pl.DataFrame) -> PairCounts:
    names, indices = {}, {}
    for name in ("drug", "event"):
        shown = table.group_by(f"{name}_key").agg(pl.col(name).first()).sort(f"{name}_key")
        names[name] = shown[name]
        indices[name] = table[f"{name}_key"].cast(pl.Enum(shown[f"{name}_key"])).to_physical().to_numpy()
    nothing = np.zeros(0, np.int64)
    return PairCounts(
        drugs=names["drug"],
        events=names["event"],
        drug_index=indices["drug"].astype(np.int32),
        event_index=indices["event"].astype(np.int32),
        n=table["n"].to_numpy(),
        drug_reports=nothing,
        event_reports=nothing,
        n_total=0,
        counting=Counting(unit="as in the table of counts"),
    )


def _refuse_bad_margins(table: pl.DataFrame) -> None:
    """Raise InputError where rows disagree about a margin, or a margin cannot hold its count."""
    faults = [
        Fault(what=f"{name} differs between the rows of one {of or 'table'}", field=name)
        for name, of in (("n_drug", "drug"), ("n_event", "event"), ("n_total", ""))
        if (table[name].n_unique() > 1 if not of else _differs(table, name, f"{of}_key"))
    ]
    small = table.filter(
        (pl.col("n") > pl.min_horizontal("n_drug", "n_event"))
        | (pl.col("n_drug") + pl.col("n_event") - pl.col("n") > pl.col("n_total"))
    )
    if small.height:
        row = small.row(0, named=True)
        got = f"{row['drug']} with {row['event']}: " + ", ".join(f"{k} {row[k]}" for k in ("n", *MARGINS))
        faults.append(Fault(what="margins too small for their counts", where=f"{small.height} rows", got=got))
    if faults:
        raise InputError("The counts cannot be used.", faults)


def _with_own_margins(table: pl.DataFrame, given: PairCounts) -> PairCounts:
    drug_reports, event_reports = np.zeros(len(given.drugs), np.int64), np.zeros(len(given.events), np.int64)
    drug_reports[given.drug_index] = table["n_drug"].to_numpy()
    event_reports[given.event_index] = table["n_event"].to_numpy()
    return replace(
        given, drug_reports=drug_reports, event_reports=event_reports, n_total=int(table["n_total"][0])
    )


def _differs(table: pl.DataFrame, name: str, key: str) -> bool:
    return bool((table.group_by(key).agg(pl.col(name).n_unique())[name] > 1).any())
