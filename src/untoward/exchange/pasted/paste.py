"""A table pasted from a spreadsheet: every column kept, every cell clean or empty, every doubtful cell named.

A column that is mostly dates, numbers or yes and no is read as such; the cells of it that cannot be are faults. A date
that could be two days ("03/04/2025") is read only when another date of its column settles the order, or the caller
does; a number such as "1,250" only when another number of its column shows what the comma means.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

import polars as pl

from untoward.errors import Fault, InputError
from untoward.exchange.tables.date_parts import take_apart
from untoward.exchange.tables.dates import read_dates
from untoward.exchange.tables.draft import report_broken_rows
from untoward.exchange.tables.faults import FaultLog
from untoward.exchange.tables.headers import match_headers
from untoward.exchange.tables.inputs import find_line_list
from untoward.exchange.tables.layout import known_headers
from untoward.exchange.tables.line_list import ILL_WORDS, WELL_WORDS
from untoward.exchange.tables.raw import ROW, RawTable
from untoward.exchange.tables.values import NO_WORDS, YES_WORDS, is_unknown, read_numbers, read_yes_no
from untoward.model.names import fold
from untoward.model.tables import LINE_LIST, Column, ColumnKind

MOST_BYTES = 64 * 1024**2
_MOSTLY = 0.6
_SEX = ("sex", "gender", "sexo", "genero", "sexe")
"""Headers under which F is no answer to a question."""

_DATE_SHAPES = ("year first", "year last", "short year")
_YEAR_LAST = r"^([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})"
_NUMBER = r"^[-+]?[0-9]{1,3}(?:[.,\s][0-9]{3})*(?:[.,][0-9]+)?$|^[-+]?[0-9]+(?:[.,][0-9]+)?$"
_KEY_LIKE = r"^0[0-9]+$|^[0-9]{13,}$"
_COULD_BE_THOUSANDS = r"^[-+]?[0-9]{1,3},[0-9]{3}$"
_LINE_LIST = replace(
    LINE_LIST, columns=tuple(replace(column, required=False) for column in LINE_LIST.columns)
)
"""The line list's columns, none of them required: what is pasted may be half a list."""


class DateOrder(StrEnum):
    """What the caller knows of dates such as 03/04/2025."""

    UNKNOWN = "unknown"
    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


@dataclass(frozen=True, slots=True, kw_only=True)
class PastedTable:
    """The clean table (all text, ISO dates, a point for decimals, yes and no), what each column was taken for
    (header, name in the clean table, how), and every cell that is doubtful: those are empty in the table.
    """

    table: pl.DataFrame
    taken: tuple[tuple[str, str, str], ...]
    faults: tuple[Fault, ...]
    notes: tuple[str, ...]


def read_pasted(path: Path, order: DateOrder = DateOrder.UNKNOWN) -> PastedTable:
    """Read a pasted table from a file or standard input ("-"). Raises InputError when it is no table at all."""
    raw = find_line_list(path).read(known_headers([_LINE_LIST]), MOST_BYTES)
    if raw.frame.is_empty():
        fault = Fault(
            what="no row below the header", file=raw.file, hint="Copy the header and the rows together."
        )
        raise InputError(f"{raw.file} cannot be read", [fault])
    return _Pasted(raw, order).result()


class _Pasted:
    """One pasted table on its way to a clean one."""

    def __init__(self, raw: RawTable, order: DateOrder) -> None:
        self.raw = raw
        self.order = order
        self.log = FaultLog(raw.file, raw.frame[ROW])
        match = match_headers(raw, _LINE_LIST, self.log)
        self.own = {int(cell[1:]): name for name, cell in match.cells.items()}
        report_broken_rows(raw, self.log)
        self.notes = list(raw.notes)

    def result(self) -> PastedTable:
        columns: dict[str, pl.Series] = {}
        taken = []
        for place, header in self._used():
            name = self.own.get(place) or _free_name(header or f"column {place + 1}", columns)
            how, columns[name] = self._clean(place, name)
            taken.append((header or f"(column {place + 1}, no header)", name, how))
        whole = pl.DataFrame(columns).filter(self.log.whole)
        return PastedTable(table=whole, taken=tuple(taken), faults=self.log.faults(), notes=tuple(self.notes))

    def _used(self) -> Iterator[tuple[int, str]]:
        for place, header in enumerate(self.raw.headers):
            if header or self.raw.frame[f"c{place}"].null_count() < self.raw.frame.height:
                yield place, header

    def _clean(self, place: int, name: str) -> tuple[str, pl.Series]:
        text = self.raw.frame[f"c{place}"]
        kind = self._kind(place, text)
        if kind == "yes or no":
            words = (ILL_WORDS, WELL_WORDS) if self.own.get(place) == "ill" else (YES_WORDS, NO_WORDS)
            answers = read_yes_no(text, name, self.log, yes=words[0], no=words[1])
            word = pl.when(answers).then(pl.lit("yes")).when(~answers).then(pl.lit("no"))
            return kind, pl.select(word.alias(name)).to_series()
        if kind == "dates":
            return kind, self._dates(text, name)
        if kind == "numbers":
            return kind, self._numbers(text, name)
        return kind, text.set(is_unknown(text), None).alias(name)

    def _kind(self, place: int, text: pl.Series) -> str:
        fixed = {ColumnKind.YES_NO: "yes or no", ColumnKind.DATE: "dates", ColumnKind.COUNT: "numbers"}
        if place in self.own:
            return fixed[_LINE_LIST.column(self.own[place]).kind]
        if fold(self.raw.headers[place] or "") in _SEX:
            return "words"
        known = text.set(is_unknown(text), None).drop_nulls()
        if known.is_empty():
            return "words"
        shares = {
            "yes or no": known.str.to_lowercase().is_in([*YES_WORDS, *NO_WORDS]).mean(),
            "dates": take_apart(known).get_column("shape").is_in(_DATE_SHAPES).mean(),
            "numbers": known.str.contains(_NUMBER).mean(),
        }
        if known.str.contains(_KEY_LIKE).any():
            shares["numbers"] = 0.0
        kind = max(shares, key=lambda one: float(shares[one] or 0.0))  # type: ignore[arg-type]
        return kind if float(shares[kind] or 0.0) >= _MOSTLY else "words"  # type: ignore[arg-type]

    def _dates(self, text: pl.Series, name: str) -> pl.Series:
        read = read_dates(self._ordered(text), name, self.log)
        self._note_order(text, name)
        start, end = pl.col("from"), pl.col("to")
        shown = (
            pl.when(start == end)
            .then(start.dt.strftime("%Y-%m-%dT%H:%M"))
            .when(end - start <= pl.duration(days=1))
            .then(start.dt.strftime("%Y-%m-%d"))
            .when(end - start <= pl.duration(days=31))
            .then(start.dt.strftime("%Y-%m"))
            .otherwise(start.dt.strftime("%Y"))
        )
        return read.select(shown.alias(name)).to_series()

    def _note_order(self, text: pl.Series, name: str) -> None:
        """Say which date settled the order of the others, so that the reader can object."""
        if self.order is not DateOrder.UNKNOWN:
            return
        parts = take_apart(text.drop_nulls().unique()).filter(pl.col("shape") == "year last")
        first, second = pl.col("first"), pl.col("second")
        unclear = parts.filter(first.is_between(1, 12) & second.is_between(1, 12) & (first != second))
        day_first = (
            parts.filter(first.is_between(13, 31) & second.is_between(1, 12)).get_column("text").sort()
        )
        month_first = (
            parts.filter(second.is_between(13, 31) & first.is_between(1, 12)).get_column("text").sort()
        )
        if unclear.is_empty() or day_first.is_empty() == month_first.is_empty():
            return
        words, proof = ("day", day_first) if len(day_first) else ("month", month_first)
        self.notes.append(f"{name}: dates were read {words} first, because of {proof[0]}; please confirm")

    def _ordered(self, text: pl.Series) -> pl.Series:
        """Dates with the year last turned into year first, where the caller said in which order they are."""
        if self.order is DateOrder.UNKNOWN:
            return text
        turned = "${3}-${2}-${1}" if self.order is DateOrder.DAY_FIRST else "${3}-${1}-${2}"
        return text.str.replace(_YEAR_LAST, turned)

    def _numbers(self, text: pl.Series, name: str) -> pl.Series:
        column = Column(name=name, kind=ColumnKind.NUMBER, description="")
        commas = text.filter(text.str.contains(",", literal=True).fill_null(False))
        unclear = text.str.contains(_COULD_BE_THOUSANDS).fill_null(False)
        settled = not bool(commas.str.contains(_COULD_BE_THOUSANDS).all()) if len(commas) else True
        if not settled:
            self.log.about_rows(
                unclear, "a comma that could part thousands or decimals", field=name, got=text,
                expected="1250 or 1.25", hint="Write the number without a comma, or with a point for the decimals.",
            )  # fmt: skip
            text = text.set(unclear, None)
        values = read_numbers(text, column, self.log, decimal_comma=bool(len(commas)) and settled)
        return values.map_elements(lambda value: f"{value:.12g}", return_dtype=pl.String).alias(name)


def _free_name(header: str, taken: dict[str, pl.Series]) -> str:
    name, number = header, 2
    while name in taken:
        name, number = f"{header} ({number})", number + 1
    return name
