"""What is kept of the tables of a registry once every row was read: good rows whose links lead to good rows."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from untoward.exchange.tables.draft import Draft, schema_of
from untoward.exchange.tables.links import hang_on


def kept_rows(drafts: Mapping[str, Draft]) -> dict[str, pl.DataFrame]:
    """The good rows of each table; a row that hangs on one which is left out is left out with it."""
    good = {name: draft.good() for name, draft in drafts.items()}
    reactions = hang_on(good["reactions"], "session_id", good["sessions"])
    return {
        "sessions": good["sessions"],
        "components": hang_on(good["components"], "session_id", good["sessions"]),
        "reactions": reactions,
        "observations": hang_on(good["observations"], "reaction_id", reactions),
    }


def finished(draft: Draft, rows: pl.DataFrame) -> pl.DataFrame:
    """Rows with the columns and types of their table, and one column for each finding."""
    columns = [pl.col(name).cast(kind) for name, kind in schema_of(draft.table).items()]
    return rows.select(*columns, *(pl.col(name) for name in draft.findings))
