"""Columns to adjust for, as the columns of a regression."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from untoward.errors import Fault, InputError
from untoward.watch.investigation.people import Codes, Mask, People, numbers_of, require_columns, words_of

FloatArray = NDArray[np.float64]

FEWEST_FOR_A_LINE = 6
"""A column of numbers with fewer different values is taken by category."""

MOST_TERMS = 60


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Covariates:
    """`terms` name the columns of `design` (people by terms); `known` marks the people of whom all of it is known.

    People who are alike share a row of `patterns`: `codes` says which.
    """

    terms: tuple[str, ...]
    design: FloatArray
    known: Mask
    patterns: FloatArray
    codes: Codes


def covariates(people: People, columns: Iterable[str]) -> Covariates:
    """Terms of all columns: yes or no, numbers per unit, words against the most common one.

    Raises InputError for columns there are not, and when they make more than 60 terms.
    """
    names = tuple(dict.fromkeys(columns))
    require_columns(people.frame, names)
    terms: list[str] = []
    parts: list[FloatArray] = []
    known = np.ones(people.frame.height, np.bool_)
    for name in names:
        found, values, here = _terms_of(people, name)
        terms += found
        parts += values
        known &= here
    if len(terms) > MOST_TERMS:
        raise _too_many(names, len(terms))
    design = np.column_stack(parts) if parts else np.zeros((people.frame.height, 0))
    design = np.where(known[:, None], design, 0.0)
    # Sorted once here and not for every exposure: in a list of 100,000 that is most of the time.
    patterns, codes = np.unique(design, axis=0, return_inverse=True)
    return Covariates(
        terms=tuple(terms),
        design=design,
        known=known,
        patterns=patterns,
        codes=codes.reshape(-1).astype(np.int64),
    )


def _terms_of(people: People, name: str) -> tuple[list[str], list[FloatArray], Mask]:
    numbers = numbers_of(people, name)
    if numbers is not None and numbers.n_unique() - (numbers.null_count() > 0) >= FEWEST_FOR_A_LINE:
        known = numbers.is_not_null().to_numpy()
        return [f"{name}, per 1"], [numbers.fill_null(0.0).to_numpy().astype(np.float64)], known
    words = words_of(people.frame, name)
    levels = _most_common_first(words, people)
    if len(levels) - 1 > MOST_TERMS:
        raise _too_many((name,), len(levels) - 1)
    rest = list(levels[1:])
    if set(levels) == {"yes", "no"}:
        levels, rest = ["no", "yes"], ["yes"]
    columns = [(words == level).fill_null(False).to_numpy().astype(np.float64) for level in rest]
    terms = [
        name if level == "yes" and len(rest) == 1 else f"{name} {level} (against {levels[0]})"
        for level in rest
    ]
    return terms, columns, words.is_not_null().to_numpy()


def _most_common_first(words: pl.Series, people: People) -> list[str]:
    counted = (
        pl.DataFrame({"word": words, "n": people.weight}).drop_nulls().group_by("word").agg(pl.col("n").sum())
    )
    return counted.sort(["n", "word"], descending=[True, False]).get_column("word").to_list()


def _too_many(names: Iterable[str], terms: int) -> InputError:
    fault = Fault(
        what="too many terms to adjust for",
        file="line list",
        field=", ".join(names),
        got=f"{terms:,} terms",
        expected=f"at most {MOST_TERMS}",
        hint="Put the values into groups first.",
    )
    return InputError("The line list cannot be analysed as asked.", [fault])
