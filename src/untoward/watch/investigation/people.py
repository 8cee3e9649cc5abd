"""The people of a line list as arrays: who is ill, for how many each row stands, and which exposure each had."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from untoward.errors import Fault, InputError
from untoward.kernels.two_by_two import Table
from untoward.model.tables import LineList
from untoward.watch.line_list import is_only_cases, line_list_memberships, line_list_question
from untoward.watch.memberships import Memberships

Mask = NDArray[np.bool_]
Codes = NDArray[np.int64]

UNKNOWN = -1
"""The code of whoever it is not known of."""

MOST_STRATA = 500


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class People:
    """Rows of which it is known whether they are ill.

    ``frame``, ``ill`` and ``weight`` have one row each; ``weight`` is how many persons it stands for.
    """

    frame: pl.DataFrame
    ill: Mask
    weight: Codes
    only_cases: bool

    def persons(self, mask: Mask) -> int:
        """How many persons these rows stand for."""
        return int(self.weight[mask].sum())


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ExposureState:
    """One exposure: 1 exposed, 0 not exposed, -1 not known, for every row of the people."""

    name: str
    column: str
    state: Codes

    @property
    def known(self) -> Mask:
        """Rows of which the exposure is known."""
        mask: Mask = self.state != UNKNOWN
        return mask

    @property
    def exposed(self) -> Mask:
        """Rows that had the exposure."""
        mask: Mask = self.state == 1
        return mask


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Strata:
    """Groups by one or several columns: ``codes`` of the rows into ``labels``, -1 where a column is not known."""

    columns: tuple[str, ...]
    labels: tuple[str, ...]
    codes: Codes


def people_of(line_list: LineList) -> tuple[People, Mask]:
    """The people, and which rows of the line list they are."""
    units, question = line_list_memberships(line_list, ()), line_list_question(line_list, "ill")
    kept = ~question.out
    weight = np.ones(len(kept), np.int64) if units.weights is None else units.weights
    people = People(
        frame=line_list.frame.filter(pl.Series(kept)),
        ill=question.cases[kept],
        weight=weight[kept],
        only_cases=is_only_cases(units, question),
    )
    return people, kept


def exposure_states(
    line_list: LineList, kept: Mask, exposures: Iterable[str] | None
) -> tuple[ExposureState, ...]:
    """Every exposure of these columns in their order; a column of words is one exposure a word."""
    units = line_list_memberships(line_list, exposures)
    return tuple(
        _state(units, position, kept)
        for position in range(units.exposures.height)
        if position not in units.reference
    )


def _state(units: Memberships, position: int, kept: Mask) -> ExposureState:
    axis, value = units.exposures.select("axis", "value").row(position)
    rows = slice(*units.axis_starts[[units.axis_of_exposure[position], units.axis_of_exposure[position] + 1]])
    known = np.zeros(units.units.len(), np.bool_)
    known[units.row_unit[rows]] = True
    state = np.where(known, units.units_with(position).astype(np.int64), UNKNOWN)
    name = axis if value == "yes" else f"{axis}: {value}"
    return ExposureState(name=name, column=axis, state=state[kept])


def table_of(people: People, exposure: ExposureState, within: Mask | None = None) -> Table:
    """The 2x2 table of the rows ``within``, those whose exposure is not known left out."""
    mask = exposure.known if within is None else exposure.known & within
    exposed, ill = exposure.exposed, people.ill
    return Table(
        people.persons(mask & exposed & ill),
        people.persons(mask & exposed & ~ill),
        people.persons(mask & ~exposed & ill),
        people.persons(mask & ~exposed & ~ill),
    )


def words_of(frame: pl.DataFrame, column: str) -> pl.Series:
    """A column as words: yes and no, or the text; null where nobody wrote anything."""
    series = frame.get_column(column)
    if series.dtype == pl.Boolean:
        return series.replace_strict({True: "yes", False: "no"}, return_dtype=pl.String, default=None)
    text = series.cast(pl.String).str.strip_chars()
    return text.set(text == "", None)


def strata_by(people: People, columns: Iterable[str]) -> Strata:
    """Groups by every combination of the columns that occurs. Raises InputError beyond 500 groups."""
    names = tuple(dict.fromkeys(columns))
    require_columns(people.frame, names)
    words = pl.DataFrame({name: words_of(people.frame, name) for name in names})
    alone = len(names) == 1
    labelled = [pl.col(name) if alone else pl.lit(f"{name} ") + pl.col(name) for name in names]
    label = words.select(pl.concat_str(labelled, separator=", ").alias("label")).to_series()
    labels = _in_natural_order(label.drop_nulls().unique().to_list())
    if len(labels) > MOST_STRATA:
        raise _refused(
            ", ".join(names), "too many groups", f"{len(labels):,} groups", f"at most {MOST_STRATA:,}",
            "Put the values into groups first.",
        )  # fmt: skip
    place = {name: at for at, name in enumerate(labels)}
    codes = np.array([UNKNOWN if one is None else place[one] for one in label], dtype=np.int64)
    return Strata(columns=names, labels=tuple(labels), codes=codes)


def numbers_of(people: People, column: str) -> pl.Series | None:
    """A column of numbers as such, unknown null; None when something else stands in it."""
    series = people.frame.get_column(column)
    if series.dtype.is_numeric():
        return series.cast(pl.Float64)
    if series.dtype != pl.String:
        return None
    text = words_of(people.frame, column)
    found = text.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    whole = found.null_count() == text.null_count() and bool(found.drop_nulls().is_finite().all())
    return found if whole and found.null_count() < len(found) else None


def require_columns(frame: pl.DataFrame, names: Iterable[str]) -> None:
    """Raise InputError naming every column that the list does not have."""
    lacking = [name for name in names if name not in frame.columns]
    if lacking:
        raise InputError(
            "The line list lacks columns that were asked for.",
            [
                Fault(
                    what="no such column",
                    file="line list",
                    field=name,
                    expected=f"one of {', '.join(frame.columns)}",
                    hint="Name a column of the list.",
                )
                for name in lacking
            ],
        )


def _refused(field: str, what: str, got: str, expected: str, hint: str) -> InputError:
    fault = Fault(what=what, file="line list", field=field, got=got, expected=expected, hint=hint)
    return InputError("The line list cannot be analysed as asked.", [fault])


def _in_natural_order(labels: list[str]) -> list[str]:
    """Numbers by size, before everything else by letters."""

    def key(label: str) -> tuple[int, float, str]:
        try:
            return 0, float(label.replace(",", ".")), label
        except ValueError:
            return 1, 0.0, label

    return sorted(labels, key=key)
