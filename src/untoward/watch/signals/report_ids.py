"""Report identifiers as numbers that sort and compare fast, without ever taking two identifiers for one.

Nearly all sources number their reports. Text that is the plain decimal writing of a whole number becomes that
number; as soon as one identifier is not ("07", "A12"), all of them are kept as text.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

IntArray = NDArray[np.int64]

_COMPACT = 8
"""A range of numbers at most so many times as long as the list of identifiers is looked up in a table."""


class Places(NamedTuple):
    """For every entry of two lists its place among the reports in both (or -1); how many are in one alone."""

    first_at: IntArray
    second_at: IntArray
    only_first: int
    only_second: int


class Linked(NamedTuple):
    """The reports that stand in both of two lists, rising, and where."""

    ids: pl.Series
    places: Places


def as_number(column: pl.Expr, kind: pl.DataType) -> tuple[pl.Expr, pl.Expr]:
    """Two columns: the identifier as a number, and whether that number is written exactly like the identifier."""
    if kind.is_integer():
        return column.cast(pl.Int64), pl.lit(value=True)
    number = column.cast(pl.String).cast(pl.Int64, strict=False)
    return number, (number.cast(pl.String) == column.cast(pl.String)).fill_null(value=False)


def linked(first: pl.Series, second: pl.Series) -> Linked:
    """Link two lists of identifiers, both of them numbers or both text."""
    if first.dtype == pl.Int64 and second.dtype == pl.Int64:
        ids, places = _linked_numbers(first.to_numpy(), second.to_numpy())
        return Linked(pl.Series("report_id", ids), places)
    names = pl.concat([first.unique(), second.unique()]).unique().sort()
    codes = pl.DataFrame({"id": names, "code": np.arange(len(names))})
    numbers = [
        side.rename("id")
        .to_frame()
        .join(codes, on="id", how="left", maintain_order="left")["code"]
        .to_numpy()
        for side in (first, second)
    ]
    ids, places = _linked_numbers(numbers[0], numbers[1])
    return Linked(names.gather(ids).rename("report_id"), places)


def positions(ids: pl.Series, wanted: pl.Series) -> IntArray:
    """For every wanted identifier its place in ``ids`` (which are rising), or -1."""
    if ids.dtype == pl.Int64:
        number, exact = as_number(pl.col("id"), wanted.dtype)
        frame = wanted.rename("id").to_frame().select(pl.when(exact).then(number).alias("id"))
        keys = frame["id"]
    else:
        keys = wanted.cast(pl.String)
    table = pl.DataFrame({"id": ids, "at": np.arange(len(ids))})
    found = keys.rename("id").to_frame().join(table, on="id", how="left", maintain_order="left")["at"]
    places: IntArray = found.fill_null(-1).to_numpy().astype(np.int64)
    return places


def _linked_numbers(first: IntArray, second: IntArray) -> tuple[IntArray, Places]:
    least, most = min(first.min(), second.min()), max(first.max(), second.max())
    if most - least < _COMPACT * (len(first) + len(second)):
        return _linked_in_table(first - least, second - least, int(least), int(most - least) + 1)
    firsts, seconds = _distinct(first), _distinct(second)
    ids = np.intersect1d(firsts, seconds, assume_unique=True)
    only = (len(firsts) - len(ids), len(seconds) - len(ids))
    return ids, Places(_places(ids, first), _places(ids, second), *only)


def _linked_in_table(first: IntArray, second: IntArray, least: int, size: int) -> tuple[IntArray, Places]:
    in_first, in_second = np.zeros(size, bool), np.zeros(size, bool)
    in_first[first], in_second[second] = True, True
    both = in_first & in_second
    place = np.where(both, np.cumsum(both) - 1, -1)
    ids = np.flatnonzero(both) + least
    only = (int(np.count_nonzero(in_first)) - len(ids), int(np.count_nonzero(in_second)) - len(ids))
    return ids, Places(place[first], place[second], *only)


def _distinct(ids: IntArray) -> IntArray:
    ordered = ids if bool((ids[1:] >= ids[:-1]).all()) else np.sort(ids)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))]


def _places(ids: IntArray, wanted: IntArray) -> IntArray:
    if not len(ids):
        return np.full(len(wanted), -1)
    at = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return np.where(ids[at] == wanted, at, -1)
