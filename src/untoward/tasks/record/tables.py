"""The record as the four tables of a registry, exactly as reading them from files would give them.

What the record holds is first written as text (`tables_text`), column by column as in an export, then goes through the same
typing, checks and look-ups as a file. So whatever reads tables works on the record, and an export read back is the same.

registry = registry_tables([clinic])
registry.sessions       # date_from, clinic, practitioner, …
registry.reactions      # term_id, onset_day, …
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import polars as pl

from untoward.errors import Fault
from untoward.exchange.tables.checks import check_amounts, check_lots
from untoward.exchange.tables.days import derive_observation_days, derive_reaction_days, derive_session_dates
from untoward.exchange.tables.draft import Draft, draft_table
from untoward.exchange.tables.kept import finished, kept_rows
from untoward.exchange.tables.known_names import resolve_compounds, resolve_terms
from untoward.exchange.tables.raw import ROW, Origin, RawTable, cell_names, tidy
from untoward.exchange.tables.results import Names
from untoward.model.tables import REGISTRY_TABLES, Registry, RowLedger
from untoward.registry.models import Clinic
from untoward.tasks.knowledge import evidence
from untoward.tasks.record.tables_text import record_text
from untoward.watch.known_by import known_by

_FIRST_ROW = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReading:
    """The record as tables. Rows that contradict themselves are left out, counted in `ledger`, and each is a fault."""

    registry: Registry
    ledger: tuple[RowLedger, ...]
    faults: tuple[Fault, ...]

    @property
    def rows_left_out(self) -> int:
        """How many rows of all tables could not be used."""
        return sum(row.left_out for row in self.ledger)


def registry_tables(clinics: Iterable[Clinic], as_of: datetime | None = None) -> Registry:
    """The tables of these clinics together; with `as_of`, what was known by then (see `watch.known_by`).

    Keys are those of the record: sessions and reactions by uid, patients and practitioners by key. Times are local to the
    clinic. Names and contacts are in no table.
    """
    return read_record(clinics, as_of).registry


def read_record(clinics: Iterable[Clinic], as_of: datetime | None = None) -> RecordReading:
    """The same, with an account of every row that could not be used."""
    chosen = tuple(clinics)
    base = evidence()
    names = Names(compounds=base.compound_names, terms=base.terms)
    drafts = _drafts(record_text(chosen, base.terms), names)
    _check(drafts)
    resolve_compounds(drafts["components"], names)
    resolve_terms(drafts["reactions"], names)
    kept = kept_rows(drafts)
    registry = Registry(
        **{name: finished(drafts[name], rows) for name, rows in kept.items()},
        findings=dict(drafts["observations"].findings),
    )
    return RecordReading(
        registry=registry if as_of is None else known_by(registry, _local(as_of, chosen)),
        ledger=tuple(drafts[name].ledger(rows.height) for name, rows in kept.items()),
        faults=tuple(fault for draft in drafts.values() for fault in draft.log.faults()),
    )


def _drafts(texts: Mapping[str, pl.DataFrame], names: Names) -> dict[str, Draft]:
    def term_of(header: str) -> str | None:
        term = names.terms.resolve(header)
        return None if term is None else term.id

    return {
        name: draft_table(_raw(name, texts[name]), table, term_of if name == "observations" else None)
        for name, table in REGISTRY_TABLES.items()
    }


def _raw(name: str, text: pl.DataFrame) -> RawTable:
    """A table of text as a reader of files would hand it on."""
    rows = pl.int_range(_FIRST_ROW, text.height + _FIRST_ROW, dtype=pl.UInt32, eager=True).alias(ROW)
    cells = text.rename(dict(zip(text.columns, cell_names(text.width), strict=True)))
    return RawTable(
        file=name, headers=tuple(text.columns), frame=tidy(cells.with_columns(rows)), origin=Origin.TEXT
    )


def _check(drafts: Mapping[str, Draft]) -> None:
    """What must hold between the rows. Keys and links hold already: the database sees to them."""
    check_amounts(drafts["components"])
    check_lots(drafts["components"])
    derive_session_dates(drafts["sessions"])
    derive_reaction_days(drafts["reactions"], drafts["sessions"])
    derive_observation_days(drafts["observations"], drafts["reactions"])


def _local(moment: datetime, clinics: tuple[Clinic, ...]) -> datetime:
    """The moment on the clocks of the first clinic, without zone, as the tables have it."""
    if moment.tzinfo is None:
        return moment
    zone = ZoneInfo(clinics[0].time_zone) if clinics else ZoneInfo("UTC")
    return moment.astimezone(zone).replace(tzinfo=None)
