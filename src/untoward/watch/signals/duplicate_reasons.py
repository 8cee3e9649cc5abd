"""What speaks for and against two reports being of one case, in words."""

from __future__ import annotations

import numpy as np
import polars as pl

from untoward.watch.signals.duplicate_fields import KINDS, UNKNOWN, Fields, IntArray
from untoward.watch.signals.duplicate_weights import Weights


def reasons(fields: Fields, first: IntArray, second: IntArray, weights: Weights, kept: IntArray) -> pl.Series:
    """One sentence a pair: every field that says something, with its bits; for the pairs at ``kept``."""
    one, other = first[kept], second[kept]
    apart = {
        name: _apart(values, one, other)
        for name, values in (
            ("event_date", fields.event_day),
            ("age", fields.age),
            ("sex", fields.sex),
            ("country", fields.country),
        )
    }
    frame = pl.DataFrame(
        {
            **apart,
            **{f"w_{name}": weights.by_field[name][kept] for name in (*apart, *KINDS)},
            **{f"{kind}_shared": weights.shared[kind][kept] for kind in KINDS},
            **{f"{kind}_other": weights.other[kind][kept] for kind in KINDS},
        }
    )
    told = pl.concat_str(
        _measured("event_date", "date of the event", "days"),
        _measured("age", "age", "years"),
        _plain("sex"),
        _plain("country"),
        *(_named(kind) for kind in KINDS),
        separator="; ",
        ignore_nulls=True,
    )
    return frame.select(told.alias("reasons")).to_series()


def _apart(values: IntArray, one: IntArray, other: IntArray) -> pl.Series:
    known = (values[one] != UNKNOWN) & (values[other] != UNKNOWN)
    apart = np.where(known, np.abs(values[one] - values[other]), -1)
    return pl.Series(apart).replace(-1, None)


def _bits(field: str) -> pl.Expr:
    weight = pl.col(f"w_{field}").round(1)
    return pl.when(weight > 0).then(pl.format("+{}", weight)).otherwise(weight.cast(pl.String))


def _measured(field: str, name: str, unit: str) -> pl.Expr:
    apart = pl.col(field)
    differs = pl.format(f"{name} {{}} {unit} apart ({{}})", apart, _bits(field))
    same = pl.format(f"same {name} ({{}})", _bits(field))
    return pl.when(apart == 0).then(same).when(apart > 0).then(differs)


def _plain(field: str) -> pl.Expr:
    apart = pl.col(field)
    same, differs = (pl.format(f"{word} {field} ({{}})", _bits(field)) for word in ("same", "other"))
    return pl.when(apart == 0).then(same).when(apart > 0).then(differs)


def _named(kind: str) -> pl.Expr:
    shared, other = pl.col(f"{kind}_shared"), pl.col(f"{kind}_other")
    told = pl.format(f"{kind}: {{}} shared, {{}} not ({{}})", shared, other, _bits(kind))
    return pl.when((shared > 0) | (pl.col(f"w_{kind}") != 0)).then(told)
