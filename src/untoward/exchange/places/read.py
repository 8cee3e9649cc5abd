"""Reading all files of a scan by place, with every fault of every one of them at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from untoward.errors import Fault, InputError
from untoward.exchange.places import assemble
from untoward.exchange.places.case_rows import check_period, known_by, read_case_rows
from untoward.exchange.places.columns import CASES, CONTROLS
from untoward.exchange.places.coordinates import Located, read_coordinates
from untoward.exchange.places.inputs import PlaceCounts, PlaceFiles, PlaceSettings
from untoward.exchange.places.open_table import has
from untoward.exchange.places.periods import Periods, cut
from untoward.exchange.places.population_rows import read_population
from untoward.exchange.tables.draft import Draft
from untoward.exchange.tables.faults import shorten
from untoward.model.tables import ColumnTaken

_FEW = 5


def read_places(files: PlaceFiles, settings: PlaceSettings, today: date | None = None) -> PlaceCounts:
    """Counts by place and period. Raises InputError with all faults; nothing that is at fault is ever counted.

    `today` decides the century of years of two digits.
    """
    reading = _Reading(files, settings, today or date.today())
    reading.open_all()
    reading.stop_at_faults()
    counts = reading.counts()
    reading.stop_at_faults()
    return counts


@dataclass(slots=True)
class _Reading:
    files: PlaceFiles
    settings: PlaceSettings
    today: date
    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    cases: Draft | None = None
    controls: Draft | None = None
    population: Draft | None = None
    located: Located | None = None
    periods: Periods | None = None

    def open_all(self) -> None:
        files, settings = self.files, self.settings
        self._try(lambda: self._take_cases())
        if files.coordinates is not None:
            path = files.coordinates
            self._try(lambda: self._take_located(read_coordinates(path, settings.axes, settings.place)))
        if files.population is not None:
            population = files.population
            self._try(lambda: self._take_population(*read_population(population, settings, self.today)))
        if files.controls is not None:
            controls = files.controls
            self._try(lambda: self._take_controls(*read_case_rows(controls, CONTROLS, settings)))
        self._check_places()
        self._cut_periods()

    def _try(self, read: Callable[[], None]) -> None:
        try:
            read()
        except InputError as error:
            self.faults += error.faults

    def _take_cases(self) -> None:
        self.cases, notes = read_case_rows(self.files.cases, CASES, self.settings)
        self.notes += notes

    def _take_located(self, located: Located) -> None:
        self.located = located
        self.notes.append(located.note)

    def _take_population(self, draft: Draft, notes: tuple[str, ...]) -> None:
        self.population = draft
        self.notes += notes

    def _take_controls(self, draft: Draft, notes: tuple[str, ...]) -> None:
        self.controls = draft
        self.notes += notes

    def stop_at_faults(self) -> None:
        """Raise InputError when anything was wrong so far."""
        drafts = [
            self.cases,
            None if self.located is None else self.located.draft,
            self.population,
            self.controls,
        ]
        faults = [
            *self.faults,
            *(fault for draft in drafts if draft is not None for fault in draft.log.faults()),
        ]
        if faults:
            many = "1 fault" if len(faults) == 1 else f"{len(faults)} faults"
            raise InputError(f"The files of this scan have {many}, so nothing was counted.", faults)

    def _check_places(self) -> None:
        """Cases, controls and population only of places that are known; cases only where people were at risk."""
        known = None
        if self.located is not None and self.located.draft.usable:
            known = self.located.draft.frame["place"]
            for draft in (self.cases, self.controls, self.population):
                _check_known(draft, known, self.located.draft.log.file)
        keys = ["place", *self.settings.categories]
        if (
            self.population is None
            or not self.population.usable
            or self.cases is None
            or not self.cases.usable
        ):
            return
        at_risk = (self.population.frame["population"] > 0).fill_null(False) | self.population.log.bad
        people = self.population.frame.filter(at_risk).select(keys).unique()
        frame = self.cases.frame.select(*keys, "n").with_row_index("at")
        without = frame.filter(pl.col("n") > 0).join(people, on=keys, how="anti")["at"]
        if known is not None:
            without = without.filter(frame["place"].gather(without).is_in(known.implode()))
        marked = pl.Series("at", range(frame.height), dtype=pl.UInt32).is_in(without.implode())
        of_group = " of this group" if self.settings.categories else ""
        self.cases.log.about_rows(
            marked & frame["place"].is_not_null(), f"cases where nobody{of_group} was at risk", field="place",
            got=frame["place"], expected=f"a population above 0 in {self.population.log.file}",
        )  # fmt: skip

    def _cut_periods(self) -> None:
        """The study period: as given, else from the first to the last date known (or to `as_of`)."""
        settings, cases = self.settings, self.cases
        if cases is None or not cases.usable:
            return
        dated = [draft for draft in (cases, self.controls) if draft is not None and has(draft, "date")]
        if cases not in dated:
            if settings.as_of is not None:
                cases.log.about_table("--as-of needs a date", field="date", expected="the date of each case")
            return
        first, last = self._limits(dated)
        if first is None or last is None:
            return
        given = settings.first is not None or settings.last is not None
        for draft in dated:
            check_period(draft, settings.first, settings.last)
        try:
            self.periods = cut(first, last, settings.unit)
        except ValueError as error:
            cases.log.about_table(f"the study period cannot be used: {error}", field="date")
            return
        if settings.time == "none":
            self.periods = Periods(unit=settings.unit, edges=self.periods.edges[[0, -1]])
        if not given:
            self.notes.append(f"study period found from the dates: {first} to {last}")

    def _limits(self, dated: list[Draft]) -> tuple[date | None, date | None]:
        settings = self.settings
        known = [self._known(draft).filter(pl.col("n") > 0) for draft in dated]
        rows = pl.concat([frame.select("date:from", "date:to") for frame in known])
        return settings.first or _first(rows), settings.last or settings.as_of or _last(rows)

    def _known(self, draft: Draft) -> pl.DataFrame:
        """The good rows, of a day to look from only those known then."""
        if self.settings.as_of is None or not has(draft, "date"):
            return draft.good()
        return known_by(draft, self.settings.as_of)

    def counts(self) -> PlaceCounts:
        """The arrays of what was read, when nothing was wrong with it."""
        assert self.cases is not None  # else there was a fault
        rows = self._known(self.cases)
        later = int(self.cases.frame["n"].sum()) - int(rows["n"].sum())
        if later:
            self.notes.append(f"{later:,} cases known only after {self.settings.as_of} left out")
        built = assemble.Assembly(
            settings=self.settings, periods=self.periods, located=self.located, cases=rows, population=self.population,
            controls=None if self.controls is None else self._known(self.controls), notes=self.notes,
        )  # fmt: skip
        try:
            return built.counts((*self.cases.taken, *self._taken()), named=has(self.cases, "case_id"))
        except ValueError as error:
            self.faults.append(Fault(what=str(error), file=self.cases.log.file))
            self.stop_at_faults()
            raise

    def _taken(self) -> list[ColumnTaken]:
        drafts = [None if self.located is None else self.located.draft, self.population, self.controls]
        return [one for draft in drafts if draft is not None for one in draft.taken]


def _check_known(draft: Draft | None, known: pl.Series, file: str) -> None:
    if draft is None or not draft.usable:
        return
    places = draft.frame["place"]
    closest = (
        f"The first ones there: {', '.join(shorten(one) for one in known.drop_nulls().head(_FEW).to_list())}."
    )
    draft.log.about_rows(
        places.is_not_null() & ~places.is_in(known.implode()), "a place without coordinates", field="place", got=places,
        expected=f"a place of {file}", hint=closest,
    )  # fmt: skip


def _first(rows: pl.DataFrame) -> date | None:
    first = rows["date:from"].min()
    return first.date() if first is not None else None  # type: ignore[union-attr]


def _last(rows: pl.DataFrame) -> date | None:
    """The last day that any date can mean."""
    ends = rows.select(pl.when(pl.col("date:to") == pl.col("date:from")).then(pl.col("date:to")).otherwise(
        pl.col("date:to") - pl.duration(days=1)).max()).item()  # fmt: skip
    return None if ends is None else ends.date()
