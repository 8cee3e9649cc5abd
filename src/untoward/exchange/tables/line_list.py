"""Reading a line list: one row a person (or `count` alike persons), ill or not, and what each was exposed to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from untoward.errors import InputError
from untoward.exchange.tables.draft import report_broken_rows, typed_dates
from untoward.exchange.tables.exposures import Exposure, judge_exposure
from untoward.exchange.tables.faults import FaultLog, shorten
from untoward.exchange.tables.headers import HeaderMatch, match_headers
from untoward.exchange.tables.inputs import find_line_list
from untoward.exchange.tables.layout import known_headers
from untoward.exchange.tables.raw import ROW, RawTable, refuse
from untoward.exchange.tables.results import LineListReading
from untoward.exchange.tables.spans import wholly_before
from untoward.exchange.tables.text_bytes import DEFAULT_MAX_BYTES
from untoward.exchange.tables.values import NO_WORDS, YES_WORDS, read_counts, read_yes_no
from untoward.model.names import fold
from untoward.model.tables import LINE_LIST, ColumnTaken, LineList, RowLedger

ILL_WORDS = [
    *YES_WORDS, "ill", "sick", "case", "infected", "affected", "positive", "+", "caso", "enfermo", "enferma", "cas", "malade",
]  # fmt: skip
WELL_WORDS = [
    *NO_WORDS, "well", "not ill", "healthy", "control", "non-case", "noncase", "not a case", "no case", "not infected",
    "unaffected", "negative", "sano", "sana", "no caso", "témoin", "non malade",
]  # fmt: skip
_OWN_COLUMNS = (
    "count",
    "ill",
    "onset",
    "onset_from",
    "onset_to",
    "session_date",
    "session_date_from",
    "session_date_to",
)


def read_line_list(
    path: Path,
    *,
    case_column: str | None = None,
    onset_column: str | None = None,
    exposure_columns: Sequence[str] | None = None,
    max_bytes: int = DEFAULT_MAX_BYTES,
) -> LineListReading:
    """Read a line list from CSV, TSV, XLSX or Parquet, a folder that holds one such file, or standard input ("-").

    Whether somebody was ill may be written yes/no, 1/0, true/false, sí/no, case/control or ill/well; what is not known
    stays null. The frame has `count`, `ill`, the dates that are there (as given, with first and last instant beside
    them) and the exposures: Boolean for yes/no columns, else text by category (several in one cell are parted by ";").

    Raises InputError when the file cannot be read, or has no column that says who was ill.
    """
    source = find_line_list(path)
    chosen = [name for name in (case_column, onset_column) if name is not None]
    raw = source.read(known_headers([LINE_LIST], chosen), max_bytes)
    named = {
        column: _header_of(raw, header)
        for column, header in (("ill", case_column), ("onset", onset_column))
        if header is not None
    }
    wanted = None if exposure_columns is None else [_header_of(raw, header) for header in exposure_columns]
    return _Reading(raw, named, wanted).result()


def _header_of(raw: RawTable, name: str) -> str:
    """The header the caller means. Raises InputError, naming the headers there are, when there is none."""
    alike = [header for header in raw.headers if header == name] or [
        header for header in raw.headers if fold(header) == fold(name)
    ]
    if not alike:
        raise refuse(
            raw.file,
            "no such column",
            got=shorten(name),
            expected=f"one of {', '.join(shorten(header) for header in raw.headers[:30] if header)}",
        )
    return alike[0]


class _Reading:
    def __init__(self, raw: RawTable, named: dict[str, str], wanted: list[str] | None) -> None:
        self.raw = raw
        self.wanted = wanted
        self.log = FaultLog(raw.file, raw.frame[ROW])
        self.match = match_headers(raw, LINE_LIST, self.log, named=named, reserved=wanted or ())
        self.notes = list(raw.notes)

    def result(self) -> LineListReading:
        if "ill" not in self.match.cells or not self.raw.frame.height:
            if not self.raw.frame.height:
                self.log.about_table("there are no rows below the header", expected="one row for each person")
            raise InputError(f"{self.raw.file} cannot be read as a line list", self.log.faults())
        report_broken_rows(self.raw, self.log)
        frame = pl.DataFrame([self._count(), self._ill(), *self._dates()])
        self._check_order(frame)
        exposures = self._exposures()
        kept = frame.with_columns(
            one.values.alias(one.header) for one in exposures if one.values is not None
        ).filter(~self.log.bad)
        self._note_unknown(kept, exposures)
        return LineListReading(
            line_list=LineList(frame=_with_plain_names(kept), exposures=self._in_order(exposures)),
            faults=self.log.faults(),
            columns=self._taken(self.match, exposures),
            ledger=(
                RowLedger(
                    table="line-list",
                    read=frame.height,
                    kept=kept.height,
                    left_out=frame.height - kept.height,
                ),
            ),
            notes=tuple(self.notes),
        )

    def _text(self, column: str) -> pl.Series | None:
        cell = self.match.cells.get(column)
        return None if cell is None else self.raw.frame[cell]

    def _count(self) -> pl.Series:
        text = self._text("count")
        if text is None:
            return pl.Series("count", [1], dtype=pl.Int64).new_from_index(0, self.raw.frame.height)
        counts = read_counts(text, LINE_LIST.column("count"), self.log, decimal_comma=self.raw.decimal_comma)
        self.log.about_rows(
            counts.is_null() & ~self.log.bad,
            "the cell is empty",
            field="count",
            expected="how many persons the row stands for",
        )
        return counts.alias("count")

    def _ill(self) -> pl.Series:
        text = self.raw.frame[self.match.cells["ill"]]
        return read_yes_no(text, "ill", self.log, yes=ILL_WORDS, no=WELL_WORDS).alias("ill")

    def _dates(self) -> list[pl.Series]:
        dates: list[pl.Series] = []
        for column in ("onset", "session_date"):
            text = self._text(column)
            if text is not None:
                dates += [
                    values.alias(name)
                    for name, values in typed_dates(text, column, self.log, self.raw.origin).items()
                ]
        return dates

    def _check_order(self, frame: pl.DataFrame) -> None:
        if "onset" in frame.columns and "session_date" in frame.columns:
            before = frame.select(wholly_before("onset", "session_date").alias("before"))["before"]
            self.log.about_rows(
                before,
                "fell ill before the session",
                field="onset",
                got=frame["onset"],
                expected="a date not before the session",
            )

    def _exposures(self) -> list[Exposure]:
        exposures: list[Exposure] = []
        for place in self.match.unused:
            header = self.raw.headers[place]
            if not header or any(header == other.header for other in exposures):
                how = "not used: no header" if not header else "not used: another column has the same header"
                exposures.append(Exposure(header=header, values=None, how=how))
            elif header in _OWN_COLUMNS:
                exposures.append(
                    Exposure(header=header, values=None, how="not used: a name this reader needs for itself")
                )
            else:
                exposures.append(self._judged(header, self.raw.frame[f"c{place}"]))
        return exposures

    def _judged(self, header: str, text: pl.Series) -> Exposure:
        exposure = judge_exposure(header, text, self.wanted)
        if exposure.odd is not None:
            expected = "yes or no, or nothing when it is not known"
            self.log.about_rows(exposure.odd, "neither yes nor no", field=header, got=text, expected=expected)
        return exposure

    def _in_order(self, exposures: list[Exposure]) -> tuple[str, ...]:
        used = [one.header for one in exposures if one.values is not None]
        return tuple(
            used if self.wanted is None else dict.fromkeys(header for header in self.wanted if header in used)
        )

    def _note_unknown(self, kept: pl.DataFrame, exposures: list[Exposure]) -> None:
        unknown = int(kept.filter(pl.col("ill").is_null())["count"].sum())
        if unknown:
            persons = f"{unknown:,} {'person' if unknown == 1 else 'persons'}"
            self.notes.append(
                f"{self.raw.file}: not known of {persons} whether ill; counted neither as ill nor as well"
            )
        blank = [one.header for one in exposures if one.without_no]
        if blank:
            self.notes.append(
                f"{self.raw.file}: no 'no' in {', '.join(blank)}; an empty cell is read as not known"
            )

    def _taken(self, match: HeaderMatch, exposures: list[Exposure]) -> tuple[ColumnTaken, ...]:
        how = dict(zip(match.unused, exposures, strict=True))
        nameless = {place for place, header in enumerate(self.raw.headers) if not header and place not in how}
        places = [place for place in range(len(self.raw.headers)) if place not in nameless]
        return tuple(
            ColumnTaken(
                file=one.file,
                header=one.header,
                taken_for="exposure" if how[place].values is not None else None,
                how=how[place].how,
            )
            if place in how and one.how == "not used"
            else one
            for place, one in zip(places, match.taken, strict=True)
        )


def _with_plain_names(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.rename(
        {
            name: name.replace(":", "_")
            for name in frame.columns
            if name.split(":")[0] in ("onset", "session_date") and ":" in name
        }
    )
