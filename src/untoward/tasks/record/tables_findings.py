"""Observations as rows of text: findings as columns named like their terms, what is said of the reaction itself in its own
columns (present, count, size, severity, painful, spreading).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl

from untoward.model.terms import TermList

_OF_THE_REACTION = ("count", "size_cm", "severity", "painful", "spreading")
_YES, _NO = "yes", "no"

Row = tuple[Any, str, int, Any, str, Mapping[str, Any] | None]
"""Uid and term of the reaction, its clinic, when it was seen, the words and the findings."""


def observation_text(rows: Iterable[Row], terms: TermList) -> pl.DataFrame:
    """One row per observation. Times stay instants (`at`), for the clinic's clock to be put on them.

    Of two findings of one term a yes outweighs a no. A finding that no term has joins the words, so that it is not lost.
    """
    known: dict[str, str | None] = {}
    made: list[dict[str, Any]] = []
    columns: dict[str, None] = {}
    for uid, reaction_term, clinic, at, text, findings in rows:
        row: dict[str, Any] = {"reaction_id": str(uid), "clinic_pk": clinic, "at": at, "text": text or None}
        own = _label(reaction_term, terms, known)
        for name, value in (findings or {}).items():
            _put(row, name, value, _label(name, terms, known), own, columns)
        made.append(row)
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "reaction_id": pl.String,
        "clinic_pk": pl.Int64,
        "at": pl.Datetime("us", "UTC"),
        "text": pl.String,
        "present": pl.String,
        **dict.fromkeys((*_OF_THE_REACTION, *columns), pl.String),
    }
    return pl.DataFrame({name: [row.get(name) for row in made] for name in schema}, schema=schema)


def _label(name: str, terms: TermList, known: dict[str, str | None]) -> str | None:
    """The label of the term of this name; each name is looked up once."""
    if name not in known:
        term = terms.resolve(name) if name else None
        known[name] = None if term is None else term.label
    return known[name]


def _put(
    row: dict[str, Any],
    name: str,
    value: object,
    label: str | None,
    own: str | None,
    columns: dict[str, None],
) -> None:
    said = _said(value)
    if said is None:
        return
    if label is None:
        if said != _NO:
            told = name if said == _YES else f"{name}: {said}"
            row["text"] = f"{row['text']}; {told}" if row["text"] else told
        return
    if label == own:
        _of_the_reaction(row, value, said)
        return
    columns[label] = None
    before = row.get(label)
    row[label] = said if before is None or before == _NO else before


def _of_the_reaction(row: dict[str, Any], value: object, said: str) -> None:
    row["present"] = _NO if said == _NO and row.get("present") != _YES else _YES
    if isinstance(value, Mapping):
        for name in _OF_THE_REACTION:
            if value.get(name) is not None:
                row[name] = _plain(value[name])


def _said(value: object) -> str | None:
    """A finding in one cell: yes, no, a number, or what is said of it; None when it is not known."""
    if value is None or value == "":
        return None
    if isinstance(value, Mapping):
        if value.get("present") is False or value.get("count") == 0:
            return _NO
        told = [_plain(value[name]) for name in ("severity", "said") if value.get(name)]
        told += [f"{value['size_cm']} cm"] if value.get("size_cm") else []
        return ", ".join(told) or _YES
    return _plain(value)


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return _YES if value else _NO
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
