"""Work up an outbreak in a registry: who is a case by a written definition, and the files that come of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

import untoward
from untoward.errors import InputError, UsageError
from untoward.exchange.definitions import DefinitionReading, Wanted, definition_template, read_definition
from untoward.exchange.tables import Names, RegistryReading, find_input, read_registry
from untoward.model.tables import Registry
from untoward.model.time import PartialDate
from untoward.tasks.investigating_files import read_small_file
from untoward.tasks.knowledge import evidence
from untoward.watch.known_by import known_by
from untoward.watch.workbench.classify import Classified, classify, still_in_window
from untoward.watch.workbench.contacts import last_day
from untoward.watch.workbench.definition import (
    CANNOT_BE_TOLD,
    LEVELS,
    STANDINGS,
    CaseDefinition,
    definition_from,
)
from untoward.watch.workbench.line_list import line_list
from untoward.watch.workbench.truth import CANNOT_TELL, NO, YES

MOST_DEFINITION_BYTES = 1_000_000
SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedRegistry:
    """A registry as it was known on a day, with what was said while reading it."""

    path: Path
    registry: Registry
    reading: RegistryReading
    as_of: date | None
    as_of_given: bool
    left_out: int

    @property
    def inputs(self) -> dict[str, str]:
        """The SHA-256 of each file read, by name."""
        names = {column.file.partition(", sheet ")[0] for column in self.reading.columns}
        files = (
            [self.path]
            if self.path.is_file()
            else sorted(file for file in self.path.iterdir() if file.name in names)
        )
        return {file.name: sha256_of(file) for file in files}


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedDefinition:
    """A case definition with the file it stands in and what its names were taken for."""

    definition: CaseDefinition
    reading: DefinitionReading
    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionTally:
    """One condition among those who are a case or cannot be told."""

    label: str
    met: int
    not_met: int
    cannot_be_told: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CasesAnswer:
    """Every person by the definition. `waiting` counts who may still fall ill within the definition's window."""

    loaded: LoadedRegistry
    defined: LoadedDefinition
    classified: Classified
    listed: pl.DataFrame
    conditions: tuple[ConditionTally, ...]
    waiting: int | None
    open_levels: dict[str, dict[str, int]] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The document of `untoward investigate cases --json`; `persons` are cases and those who cannot be told."""
        rows = [
            {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}
            for row in self.listed.iter_rows(named=True)
        ]
        return {
            "schema": "untoward/cases",
            "schema_version": SCHEMA_VERSION,
            "version": untoward.__version__,
            "definition": {"name": self.classified.definition.name, "file": self.defined.name,
                           "sha256": self.defined.sha256, "as_read": self.defined.reading.document},
            "as_of": None if self.loaded.as_of is None else self.loaded.as_of.isoformat(),
            "inputs": self.loaded.inputs,
            "rows_left_out": self.loaded.left_out,
            "counts": dict(self.classified.counts),
            "could_be": self.open_levels,
            "still_in_window": self.waiting,
            "conditions": [asdict(tally) for tally in self.conditions],
            "persons": rows,
        }  # fmt: skip


def load_registry(path: Path, *, as_of: str | None = None, keep_good_rows: bool = False) -> LoadedRegistry:
    """Read a registry, and with `as_of` only what was known on that day.

    Raises InputError with every fault, unless `keep_good_rows` leaves out rows with one; UsageError for a date that is
    none, or for a line list: it has no sessions to investigate.
    """
    moment = _moment(as_of)
    if find_input(path) == "line-list":
        raise UsageError(
            f"{path} is a line list. This needs a registry: sessions, components and reactions. "
            "To count a line list: untoward outbreak."
        )
    base = evidence()
    reading = read_registry(path, Names(compounds=base.compound_names, terms=base.terms))
    if reading.faults and not keep_good_rows:
        raise InputError(
            f"{path} has {len(reading.faults)} fault(s), so nothing was counted. Mend them, or use the good rows alone "
            "with --keep-good-rows.",
            reading.faults,
        )
    registry = reading.registry if moment is None else known_by(reading.registry, moment)
    return LoadedRegistry(
        path=path,
        registry=registry,
        reading=reading,
        as_of=last_day(registry) if moment is None else moment.date(),
        as_of_given=moment is not None,
        left_out=sum(row.left_out for row in reading.ledger),
    )


def _moment(text: str | None) -> datetime | None:
    """The last instant of a day, month or year; the instant itself where the minute is given."""
    if text is None:
        return None
    try:
        given = PartialDate.parse(text)
    except ValueError as error:
        raise UsageError(f"--as-of: {error}.") from error
    return given.latest() if given.minute_of_day is not None else given.latest() - timedelta(microseconds=1)


def load_definition(path: Path) -> LoadedDefinition:
    """Read and check a case definition. Raises InputError with every fault of it."""
    text, digest = read_small_file(path, MOST_DEFINITION_BYTES)
    base = evidence()
    reading = read_definition(text, file=path.name, terms=base.terms, compounds=base.compound_names)
    return LoadedDefinition(
        definition=definition_from(reading.document), reading=reading, name=path.name, sha256=digest
    )


def find_cases(loaded: LoadedRegistry, defined: LoadedDefinition) -> CasesAnswer:
    """Give every person the highest level of the definition that is met."""
    classified = classify(loaded.registry, defined.definition)
    return CasesAnswer(
        loaded=loaded,
        defined=defined,
        classified=classified,
        listed=line_list(classified, cases_only=True),
        conditions=tuple(_tallies(classified)),
        waiting=still_in_window(classified, loaded.as_of),
        open_levels=_open_levels(classified),
    )


def whole_line_list(answer: CasesAnswer) -> pl.DataFrame:
    """Everyone whom the definition speaks of, ill or not: the table for `untoward outbreak`."""
    return line_list(answer.classified)


def definition_text(wanted: Wanted) -> str:
    """A commented definition, checked as any other. Raises InputError when what was asked for makes none."""
    base = evidence()
    text = definition_template(wanted)
    read_definition(text, file="the definition", terms=base.terms, compounds=base.compound_names)
    return text


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _tallies(classified: Classified) -> Iterable[ConditionTally]:
    concerned = classified.standing <= STANDINGS.index(CANNOT_BE_TOLD)
    for label, truth in classified.conditions:
        among = truth[concerned]
        yield ConditionTally(
            label=label,
            met=int((among == YES).sum()),
            not_met=int((among == NO).sum()),
            cannot_be_told=int((among == CANNOT_TELL).sum()),
        )


def _open_levels(classified: Classified) -> dict[str, dict[str, int]]:
    """For each standing how many could be of which higher level."""
    found: dict[str, dict[str, int]] = {}
    counted = classified.persons.drop_nulls("could_be").group_by("level", "could_be").len()
    for level in (*LEVELS, CANNOT_BE_TOLD):
        rows = counted.filter(pl.col("level") == level).sort("could_be")
        if not rows.is_empty():
            found[level] = dict(zip(rows.get_column("could_be"), rows.get_column("len"), strict=True))
    return found
