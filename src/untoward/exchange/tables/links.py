"""Keys and links: keys that stand twice, and rows that point to a row which is not there."""

from __future__ import annotations

import polars as pl

from untoward.exchange.tables.draft import Draft
from untoward.exchange.tables.faults import LISTED_FAULTS
from untoward.exchange.tables.raw import ROW
from untoward.exchange.tables.values import blanked


def check_keys(draft: Draft) -> None:
    """One fault for each key that stands on several rows, naming them; all of those rows are left out."""
    for key in draft.table.key:
        keys = blanked(draft.frame[key], draft.log.whole)
        doubled = keys.is_duplicated() & keys.is_not_null()
        if not doubled.any():
            continue
        draft.log.mark(doubled)
        rows = (
            draft.frame.filter(doubled).group_by(key).agg(pl.col(ROW).sort()).sort(pl.col(ROW).list.first())
        )
        for value, numbers in rows.head(LISTED_FAULTS).iter_rows():
            draft.log.about_group(
                numbers,
                f"the same {key} on several rows",
                field=key,
                got=repr(value),
                expected=f"a {key} that no other row has",
                hint="Remove the double, or give each its own key.",
            )
        draft.log.count_more(f"the same {key} on several rows", key, rows.height - LISTED_FAULTS)


def check_link(draft: Draft, key: str, target: Draft) -> None:
    """A fault for each row whose `key` is in no row of `target`. Says nothing when `target` could not be read."""
    if not target.usable or not draft.usable:
        return
    known = target.frame[key].drop_nulls().unique()
    dangling = draft.frame[key].is_not_null() & ~draft.frame[key].is_in(known.implode()).fill_null(False)
    draft.log.about_rows(
        dangling,
        f"points to no row of {target.table.name}",
        field=key,
        got=draft.frame[key],
        expected=f"a {key} of the table {target.table.name}",
    )


def hang_on(rows: pl.DataFrame, key: str, kept: pl.DataFrame) -> pl.DataFrame:
    """The rows whose `key` is among the rows kept of the table it points to."""
    return rows.join(kept.select(key), on=key, how="semi", maintain_order="left")
