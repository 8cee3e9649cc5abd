"""Between reading and counting: one name for one drug, and reports of one case found and, on wish, merged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from untoward.errors import UsageError
from untoward.model.reports import ReportTables
from untoward.tasks.knowledge import evidence
from untoward.tasks.signals_collection import Collection, Progress
from untoward.watch.signals.duplicates import Duplicates, accepted, find_duplicates, merge
from untoward.watch.signals.names import AS_IT_WAS, Named, candidates, normalise, read_dictionary

WORDED_FREELY = ("faers", "aers")
"""Sources whose names of drugs carry salts, strengths and forms, which are taken off. Elsewhere, as with foods and
cosmetics, they tell products apart and stay."""

OWN_TABLE = "pairs"
"""The format of a table of the user's own."""

FALSE_MATCHES = 0.05
"""Share of merged pairs that may be wrong, as far as the weights hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preparation:
    """What to do before counting.

    ``dictionary``: the user's file of brands and ingredients. ``as_named``: leave all names as they are read.
    ``find``: look for duplicates. ``merge``: merge them too.
    """

    dictionary: Path | None = None
    as_named: bool = False
    find: bool = False
    merge: bool = False


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Prepared:
    """The collection to count, what was done in words, and tables for review.

    ``names`` has a row per name that changed, and per name that looks like a known one: ``name, drug, how, rows,
    candidate, similarity``. ``duplicates`` has the suspected pairs with scores and reasons. None where not done.
    """

    collection: Collection
    said: tuple[tuple[str, str], ...]
    names: pl.DataFrame | None = None
    duplicates: pl.DataFrame | None = None


def prepare(collection: Collection, wanted: Preparation, progress: Progress) -> Prepared:
    """Name the drugs alike and look for duplicates. Raises InputError for a faulty dictionary."""
    tables = collection.tables
    if tables is None:
        if wanted.dictionary or wanted.find or wanted.merge:
            raise UsageError("Names and duplicates need reports; a table of counts has none.")
        return Prepared(collection=collection, said=())
    named = _named(collection, tables, wanted)
    tables = tables if named is None else named.tables
    found = _duplicates(tables, progress) if wanted.find or wanted.merge else None
    pairs = None if found is None else accepted(found, FALSE_MATCHES)
    if wanted.merge and pairs is not None:
        tables = merge(tables, pairs).tables
    return Prepared(
        collection=replace(collection, read=tables),
        said=(
            ("names of drugs", _names_said(named, wanted, collection.format)),
            ("duplicates", _duplicates_said(pairs, wanted)),
        ),
        names=None if named is None else _for_review(named),
        duplicates=None if found is None else _suspected(found),
    )


def _named(collection: Collection, tables: ReportTables, wanted: Preparation) -> Named | None:
    """The names made alike; None where they stay. A table of the user's own knows only the user's own names."""
    own = collection.format == OWN_TABLE
    if wanted.as_named or (own and wanted.dictionary is None):
        return None
    return normalise(
        tables,
        compounds=None if own else evidence().compound_names,
        dictionary=None if wanted.dictionary is None else read_dictionary(wanted.dictionary),
        clean=collection.format in WORDED_FREELY,
    )


def _duplicates(tables: ReportTables, progress: Progress) -> Duplicates:
    progress("Looking for duplicates", 0, 1)
    found = find_duplicates(tables)
    progress("Looking for duplicates", 1, 1)
    return found


def _names_said(named: Named | None, wanted: Preparation, format: str) -> str:
    if named is None:
        return "as the source gives them"
    by = (
        "as the source gives them"
        if format == OWN_TABLE
        else "ingredients of the source, compounds of the evidence base"
    )
    own = f", {wanted.dictionary.name}" if wanted.dictionary else ""
    changed = named.changes.filter(pl.col("how") != AS_IT_WAS).height
    return f"{by}{own}; {changed:,} of {named.changes.height:,} names changed"


def _duplicates_said(pairs: pl.DataFrame | None, wanted: Preparation) -> str:
    rule = "the source's own rule of versions"
    if pairs is None:
        return f"{rule}; none looked for beyond it"
    done = "merged" if wanted.merge else "found, not merged"
    return f"{rule}; then {pairs.height:,} pairs of suspected duplicates {done} (expected wrong: {FALSE_MATCHES:.0%})"


def _for_review(named: Named) -> pl.DataFrame:
    """Names that changed, and names that look like a known one and were left alone."""
    changed = named.changes.filter(pl.col("how") != AS_IT_WAS)
    alike = candidates(named).rename({"rows": "rows_alike"})
    rows = changed.join(alike, on="name", how="full", coalesce=True)
    return rows.with_columns(pl.coalesce("rows", "rows_alike").alias("rows")).drop("rows_alike").sort(
        "rows", "name", descending=[True, False], nulls_last=True
    )  # fmt: skip


def _suspected(found: Duplicates) -> pl.DataFrame:
    pairs = found.pairs.filter(pl.col("probability") >= 0.5)
    told = {name: kind for name, kind in pairs.schema.items() if isinstance(kind, pl.List)}
    return pairs.with_columns(pl.col(name).list.join("; ") for name in told)
