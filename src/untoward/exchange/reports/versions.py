"""Which version of a case stands: the rule of the agency for FAERS and AERS, over all quarters at once.

Of each case the report received last stands; of several received on one day, the one with the highest number; and
none of a case that the agency has deleted since, in whichever quarter. So versions are told apart only once all
quarters are together.
"""

from __future__ import annotations

from enum import IntEnum

import polars as pl

from untoward.model.ledger import Fate


class Standing(IntEnum):
    """What became of one row of DEMO; a lower number wins where two rows are of one report."""

    STANDS = 0
    EARLIER = 1
    AGAIN = 2
    DELETED = 3
    ORPHAN = 4


FATES = {
    Standing.STANDS: (Fate.KEPT, ""),
    Standing.AGAIN: (Fate.MERGED, "the same report, read a second time"),
    Standing.EARLIER: (Fate.MERGED, "an earlier version of a case"),
    Standing.DELETED: (Fate.DROPPED, "a case that the agency has deleted"),
    Standing.ORPHAN: (Fate.DROPPED, "no report of this number is in the DEMO files"),
}
"""The fate of a row and the reason, by the standing of its report."""


def with_standing(demo: pl.DataFrame, deleted: pl.Series) -> pl.DataFrame:
    """The rows with the column `standing`, in the order they came in.

    Needs `key` and `case` (whole numbers) and `received_digits` (a date as eight digits, null as the earliest).
    `deleted` holds numbers of cases.
    """
    ordered = demo.select(
        "key", "case", pl.col("received_digits").fill_null(0), pl.int_range(pl.len()).alias("row")
    ).sort("received_digits", pl.col("key").abs(), "row", descending=True)
    again = ~pl.col("key").is_first_distinct()
    # A row that repeats a report must not stand for its case, whatever case it says it is of.
    latest = pl.when(~again).then("case").is_first_distinct()
    standing = (
        pl.when(pl.col("case").is_in(deleted.implode()))
        .then(int(Standing.DELETED))
        .when(again)
        .then(int(Standing.AGAIN))
        .when(latest)
        .then(int(Standing.STANDS))
        .otherwise(int(Standing.EARLIER))
        .cast(pl.UInt8)
    )
    back = ordered.select("row", standing.alias("standing")).sort("row")
    return demo.with_columns(back.get_column("standing"))


class Standings:
    """How the reports stand, by the quarter in which they are.

    Made of rows of DEMO with `key`, `group` (which quarter) and `standing`.
    """

    def __init__(self, demo: pl.DataFrame) -> None:
        own = demo.select("key", "group", "standing")
        if (own.get_column("standing") == int(Standing.AGAIN)).any():
            own = own.sort("standing").unique(("group", "key"), keep="first")
        self._by_group = own.partition_by("group", as_dict=True, include_key=False)
        self._stands = demo.filter(pl.col("standing") == int(Standing.STANDS)).get_column("key")

    def of(self, rows: pl.DataFrame, group: int) -> pl.Series:
        """The standing of each row of another table.

        It is that of their report in their own quarter. A row whose report is only in another quarter belongs to it
        when it stands there.
        """
        # Rows of one report stand together: it is enough to look up the first of each run.
        first = rows.select("key").filter(pl.col("key").ne_missing(pl.col("key").shift()))
        standing = self._looked_up(first, group)
        if (standing == int(Standing.STANDS)).all():
            return pl.repeat(int(Standing.STANDS), rows.height, dtype=pl.UInt8, eager=True)
        return standing.gather(rows.select(pl.col("key").rle_id()).to_series())

    def _looked_up(self, keys: pl.DataFrame, group: int) -> pl.Series:
        own = self._by_group.get((group,))
        if own is None:
            found = keys.with_columns(standing=pl.lit(None, dtype=pl.UInt8))
        else:
            found = keys.join(own, on="key", how="left", maintain_order="left")
        if not found.get_column("standing").has_nulls():
            return found.get_column("standing")
        elsewhere = pl.when(pl.col("key").is_in(self._stands.implode())).then(int(Standing.STANDS))
        otherwise = elsewhere.otherwise(int(Standing.ORPHAN)).cast(pl.UInt8)
        return found.select(pl.col("standing").fill_null(otherwise)).to_series()
