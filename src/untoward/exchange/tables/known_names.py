"""Compound and term names: each distinct name is looked up once; what no list knows is kept, listed and asked about."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from untoward.exchange.tables.draft import Draft
from untoward.exchange.tables.faults import name_rows, shorten
from untoward.exchange.tables.raw import ROW
from untoward.exchange.tables.results import Names, Unrecognised
from untoward.model.names import NameIndex

_NAMES_WITH_SUGGESTIONS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lookup:
    word: str  # "compound" or "term"
    column: str
    key: str
    find: Callable[[str], str | None]
    index: NameIndex


def resolve_compounds(components: Draft, names: Names) -> tuple[Unrecognised, ...]:
    """Fill `compound_key`; names that are not known come back, commonest first."""
    lookup = _Lookup(
        word="compound",
        column="compound",
        key="compound_key",
        find=names.compounds.find,
        index=names.compounds,
    )
    return _resolve(components, lookup)


def resolve_terms(reactions: Draft, names: Names) -> tuple[Unrecognised, ...]:
    """Fill `term_id`; names that are not known come back, commonest first."""

    def find(text: str) -> str | None:
        term = names.terms.resolve(text)
        return None if term is None else term.id

    return _resolve(
        reactions, _Lookup(word="term", column="term", key="term_id", find=find, index=names.terms.index)
    )


def _resolve(draft: Draft, lookup: _Lookup) -> tuple[Unrecognised, ...]:
    counted = (
        draft.good()
        .drop_nulls(lookup.column)
        .group_by(lookup.column)
        .agg(pl.len().alias("rows"), pl.col(ROW).min().alias("first"))
    )
    found = {name: lookup.find(name) for name in counted[lookup.column].to_list()}
    keys = pl.DataFrame(
        {lookup.column: list(found), lookup.key: list(found.values())},
        schema={lookup.column: pl.String, lookup.key: pl.String},
    )
    draft.frame = draft.frame.drop(lookup.key).join(keys, on=lookup.column, how="left", maintain_order="left")
    unknown = counted.filter(
        pl.col(lookup.column).is_in([name for name, key in found.items() if key is None])
    )
    unknown = unknown.sort(["rows", "first"], descending=[True, False])
    return tuple(_unrecognised(draft, lookup, place, *row) for place, row in enumerate(unknown.iter_rows()))


def _unrecognised(
    draft: Draft, lookup: _Lookup, place: int, name: str, rows: int, first: int
) -> Unrecognised:
    suggestions = lookup.index.suggest(name) if place < _NAMES_WITH_SUGGESTIONS else ()
    where = name_rows([first]) + (f" and {rows - 1:,} more" if rows > 1 else "")
    meant = f"Did you mean {' or '.join(suggestions)}?" if suggestions else ""
    draft.log.about_name(
        f"unknown {lookup.word} {shorten(name)}",
        where=where,
        row=first,
        field=lookup.column,
        got=f"{rows:,} {'row' if rows == 1 else 'rows'}",
        expected=f"a {lookup.word} that the evidence base knows",
        hint=meant,
    )
    return Unrecognised(table=draft.table.name, name=name, rows=rows, suggestions=suggestions)
