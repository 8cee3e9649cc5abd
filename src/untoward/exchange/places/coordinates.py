"""Reading where places are: latitude and longitude, or x and y on a flat map. Which of them is never guessed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from untoward.exchange.places.columns import COORDINATES
from untoward.exchange.places.inputs import Axes
from untoward.exchange.places.open_table import draft_of, has, open_table
from untoward.exchange.tables.draft import Draft
from untoward.exchange.tables.raw import ROW

MOST_PLACES = 10_000
_LIMITS = {"latitude": 90.0, "longitude": 180.0}
_ASK = "Say which with --axes lat-lon, --axes lon-lat or --axes x-y."


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """The draft of a coordinates file, and which of its columns are x and y (longitude and latitude on the globe)."""

    draft: Draft
    x: str
    y: str
    note: str

    @property
    def great_circle(self) -> bool:
        """Whether distances are along the globe."""
        return self.x == "longitude"

    def places(self) -> pl.DataFrame:
        """`place`, `x`, `y` of the rows without a fault."""
        columns = ("place", pl.col(self.x).alias("x"), pl.col(self.y).alias("y"))
        return self.draft.good().select(*columns).drop_nulls()


def read_coordinates(path: Path, axes: Axes | None, place: str | None) -> Located:
    """The places of a file. Raises InputError when it cannot be opened; other faults are in the log of the draft."""
    order = {"lat-lon": ("latitude", "longitude"), "lon-lat": ("longitude", "latitude")}
    raw = open_table(path, COORDINATES, ("place", *order.get(axes or "", ("x", "y"))))
    draft = draft_of(raw, COORDINATES, {} if place is None else {"place": place})
    plain = any("no header" in note for note in raw.notes)
    x, y = _columns(draft, axes, plain=plain)
    if draft.usable:
        _check_values(draft, x, y)
        _check_twice(draft)
    how = "said by --axes" if axes else "told by the header"
    if plain and not axes:
        how = "beyond what degrees can be"
    kind = (
        "longitude and latitude, distances along the globe" if x == "longitude" else "x and y on a flat map"
    )
    return Located(draft=draft, x=x, y=y, note=f"{raw.file}: {kind} ({how})")


def _columns(draft: Draft, axes: Axes | None, *, plain: bool) -> tuple[str, str]:
    globe = has(draft, "latitude") or has(draft, "longitude")
    flat = has(draft, "x") or has(draft, "y")
    if axes is None and ((globe and flat) or (plain and _could_be_degrees(draft))):
        got = (
            "columns of both kinds"
            if globe and flat
            else "numbers that can be degrees or x and y, and no header"
        )
        draft.log.about_table(
            "cannot tell whether places are in latitude and longitude or in x and y", got=got,
            expected="one of them", hint=_ASK,
        )  # fmt: skip
    on_globe = globe if axes is None else axes != "x-y"
    pair = ("longitude", "latitude") if on_globe else ("x", "y")
    absent = [name for name in pair if not has(draft, name)]
    if absent:
        draft.usable = False
        draft.log.about_table(
            "required column is missing", field=" and ".join(absent), expected="latitude and longitude, or x and y",
        )  # fmt: skip
    return pair


def _could_be_degrees(draft: Draft) -> bool:
    widest = draft.frame.select(pl.max_horizontal(pl.col("x").abs().max(), pl.col("y").abs().max())).item()
    return widest is None or widest <= 180


def _check_values(draft: Draft, x: str, y: str) -> None:
    if draft.frame.height > MOST_PLACES:
        draft.log.about_table(
            "too many places", got=f"{draft.frame.height:,}", expected=f"at most {MOST_PLACES:,}",
        )  # fmt: skip
    for name in (x, y):
        values = draft.frame[name]
        missing = values.is_null() & ~draft.log.bad
        draft.log.about_rows(missing, "the cell is empty", field=name, expected="where the place is")
        limit = _LIMITS.get(name)
        if limit is not None:
            draft.log.about_rows(
                values.abs() > limit, f"no such {name}", field=name, got=values,
                expected=f"degrees from {-limit:g} to {limit:g}",
                hint="Are the two columns the wrong way round, or is this x and y?",
            )  # fmt: skip


def _check_twice(draft: Draft) -> None:
    rows = draft.frame.filter(pl.col("place").is_not_null())
    twice = rows.group_by("place", maintain_order=True).agg(pl.col(ROW)).filter(pl.col(ROW).list.len() > 1)
    draft.log.about_rows(
        draft.frame["place"].is_in(twice["place"].implode()) & draft.frame["place"].is_not_null(),
        "the place stands more than once", field="place", got=draft.frame["place"], expected="one row for each place",
    )  # fmt: skip
