"""Where a drug or an event stands among the names of a collection, whatever capitals it is written in."""

from __future__ import annotations

import polars as pl

from untoward.errors import UsageError


def place_of(names: pl.Series, wanted: str, what: str) -> int:
    """The place of a name; raises UsageError with names that contain it or begin like it when there is none."""
    folded = names.str.to_uppercase()
    key = wanted.strip().upper()
    found = (folded == key).arg_true()
    if len(found):
        return int(found[0])
    near = names.filter(folded.str.contains(key, literal=True) | folded.str.starts_with(key[:4]))[:3]
    hint = f"; near it: {', '.join(near)}" if key and len(near) else ""
    raise UsageError(f"{what}: no report that counts names {wanted!r}{hint}")
