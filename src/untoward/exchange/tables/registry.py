"""Reading a registry: four tables, checked cell by cell, row by row and against each other, all faults at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from untoward.errors import Fault, InputError
from untoward.exchange.tables.checks import check_amounts, check_future, check_lots
from untoward.exchange.tables.days import derive_observation_days, derive_reaction_days, derive_session_dates
from untoward.exchange.tables.draft import Draft, draft_table, empty_draft
from untoward.exchange.tables.headers import FindTerm
from untoward.exchange.tables.kept import finished, kept_rows
from untoward.exchange.tables.known_names import resolve_compounds, resolve_terms
from untoward.exchange.tables.layout import known_headers
from untoward.exchange.tables.links import check_keys, check_link
from untoward.exchange.tables.results import Names, Progress, RegistryReading, Unrecognised
from untoward.exchange.tables.sources import Located, locate_registry
from untoward.exchange.tables.text_bytes import DEFAULT_MAX_BYTES
from untoward.model.tables import REGISTRY_TABLES, Registry, Table

_NEEDED = ("sessions", "reactions")
_ABSENT_NOTES = {
    "components": "no table of components was found: what was injected is not known",
    "observations": "no table of observations was found: how reactions went on is not known",
}


def read_registry(
    path: Path,
    names: Names,
    *,
    progress: Progress | None = None,
    today: date | None = None,
    max_bytes: int = DEFAULT_MAX_BYTES,
) -> RegistryReading:
    """Read a folder of CSV, Parquet or XLSX files, or a workbook with a sheet per table, into a registry.

    Files and sheets are named sessions, components, reactions and observations (any case, singular too). Sessions must
    be there; a table of reactions that is absent is a fault, because nobody wrote down that there were none.

    Rows with a fault are left out, and so are the rows that hang on them; the ledger counts both. Compounds and terms
    that no list knows are faults too, but their rows are kept with an empty key. With `today`, sessions more than a day
    after it are faults. Raises InputError when the input is not a registry at all. No fault stops the reading of
    another table.
    """
    located = locate_registry(path)
    steps = _Steps(progress, total=len(REGISTRY_TABLES) + 3)
    reading = _Reading(located, names, max_bytes)
    for table in REGISTRY_TABLES.values():
        steps.begin(f"reading {table.name}")
        reading.read(table)
    steps.begin("checking keys, links and dates")
    reading.check(today)
    steps.begin("looking up names")
    reading.look_up()
    steps.begin("putting the registry together")
    result = reading.result()
    steps.end()
    return result


@dataclass(slots=True)
class _Steps:
    progress: Progress | None
    total: int
    done: int = 0

    def begin(self, step: str) -> None:
        if self.progress is not None:
            self.progress(step, self.done, self.total)
        self.done += 1

    def end(self) -> None:
        if self.progress is not None:
            self.progress("done", self.total, self.total)


class _Reading:
    """The drafts of all tables, from the first byte to the finished registry."""

    def __init__(self, located: Located, names: Names, max_bytes: int) -> None:
        self.located = located
        self.names = names
        self.max_bytes = max_bytes
        self.drafts: dict[str, Draft] = {}
        self.unreadable: dict[str, tuple[Fault, ...]] = {}
        self.notes = list(located.notes)
        self.unrecognised: tuple[Unrecognised, ...] = ()

    def read(self, table: Table) -> None:
        source = self.located.sources.get(table.name)
        if source is None:
            self.drafts[table.name] = empty_draft(table, table.name, present=False)
            self._note_absence(table.name)
            return
        try:
            raw = source.read(known_headers([table]), self.max_bytes)
        except InputError as error:
            self.unreadable[table.name] = tuple(error.faults)
            self.drafts[table.name] = empty_draft(table, source.label, present=True)
            return
        self.notes += [note for note in raw.notes if note not in self.notes]
        draft = draft_table(raw, table, self._find_term if table.name == "observations" else None)
        if table.name == "sessions" and not draft.read:
            draft.log.about_table("there are no rows below the header", expected="one row for each session")
        self.drafts[table.name] = draft

    def _note_absence(self, name: str) -> None:
        if name in _ABSENT_NOTES:
            self.notes.append(_ABSENT_NOTES[name])
            return
        self.drafts[name].log.about_table(
            f"no table of {name}",
            expected=f"{name} (.csv, .tsv, .parquet or .xlsx), or a sheet of this name",
            hint="If there were none, give the table with its header alone.",
        )

    @property
    def _find_term(self) -> FindTerm:
        def find(header: str) -> str | None:
            term = self.names.terms.resolve(header)
            return None if term is None else term.id

        return find

    def check(self, today: date | None) -> None:
        sessions, components, reactions, observations = (self.drafts[name] for name in REGISTRY_TABLES)
        check_keys(sessions)
        check_keys(reactions)
        check_link(components, "session_id", sessions)
        check_link(reactions, "session_id", sessions)
        check_link(observations, "reaction_id", reactions)
        check_amounts(components)
        check_lots(components)
        derive_session_dates(sessions)
        if today is not None:
            check_future(sessions, today)
        derive_reaction_days(reactions, sessions)
        derive_observation_days(observations, reactions)

    def look_up(self) -> None:
        compounds = resolve_compounds(self.drafts["components"], self.names)
        self.unrecognised = (*compounds, *resolve_terms(self.drafts["reactions"], self.names))

    def result(self) -> RegistryReading:
        kept = kept_rows(self.drafts)
        drafts = self.drafts.values()
        faults = [
            fault
            for draft in drafts
            for fault in (*self.unreadable.get(draft.table.name, ()), *draft.log.faults())
        ]
        registry = Registry(
            **{name: finished(self.drafts[name], kept[name]) for name in REGISTRY_TABLES},
            findings=dict(self.drafts["observations"].findings),
        )
        return RegistryReading(
            registry=registry,
            faults=(*self.located.faults, *faults),
            columns=tuple(taken for draft in drafts for taken in draft.taken),
            ledger=tuple(self.drafts[name].ledger(kept[name].height) for name in REGISTRY_TABLES),
            unrecognised=self.unrecognised,
            notes=tuple(self.notes),
        )
