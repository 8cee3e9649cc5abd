"""A registry read for a task: its faults, its files, and the last moment it knows of."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

import polars as pl

from untoward.errors import Fault, InputError
from untoward.exchange.tables import Names, RegistryReading, find_input, read_registry
from untoward.model.tables import ColumnTaken, Registry
from untoward.tasks.knowledge import evidence
from untoward.watch.columns import instant_or_null
from untoward.watch.onsets import after_session, observation_day, reaction_moments

Progress = Callable[[str, int, int], None]


def no_progress(step: str, done: int, total: int) -> None:
    """Say nothing."""


def open_registry(
    path: Path, *, keep_good_rows: bool = False, progress: Progress = no_progress
) -> RegistryReading:
    """Read a registry: a folder or workbook of four tables, names resolved by the evidence base.

    Raises InputError with every fault of it unless `keep_good_rows`, and for a line list, which has no sessions.
    """
    if find_input(path) == "line-list":
        raise _not_a_registry(path)
    base = evidence()
    reading = read_registry(path, Names(compounds=base.compound_names, terms=base.terms), progress=progress)
    stop_on_faults(reading.faults, path, keep_good_rows)
    return reading


def stop_on_faults(faults: Iterable[Fault], path: Path, keep_good_rows: bool) -> None:
    """Raise InputError with all faults, unless only the good rows are wanted."""
    found = tuple(faults)
    if found and not keep_good_rows:
        raise InputError(
            f"{path} has {len(found)} fault(s), so nothing was worked out or written. Mend them, or use the good rows alone"
            " with --keep-good-rows.",
            found,
        )


def input_hashes(path: Path, columns: Iterable[ColumnTaken]) -> dict[str, str]:
    """SHA-256 of each file that the answer rests on: whatever else lies in the folder had no part in it."""
    return {file.name: sha256_of(file) for file in files_read(path, (column.file for column in columns))}


def files_read(path: Path, named: Iterable[str]) -> list[Path]:
    """The files of a folder that were read, by the names columns were taken from; or the one file."""
    if not path.is_dir():
        return [path] if path.is_file() else []
    names = {name.partition(", sheet ")[0] for name in named}
    return sorted(file for file in path.iterdir() if file.name in names and file.is_file())


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def last_moment(registry: Registry) -> datetime | None:
    """The last moment the registry knows of: a session, an onset, an end or an observation; None without any date."""
    moments = reaction_moments(registry)
    last = [
        registry.sessions.select(instant_or_null(registry.sessions, "date_from")).to_series().max(),
        moments.get_column("onset").max(),
        moments.get_column("known").max(),
        *_later_days(registry),
    ]
    known = [moment for moment in last if isinstance(moment, datetime)]
    return max(known) if known else None


def _later_days(registry: Registry) -> Iterable[object]:
    """The last end of a reaction, and the last observation."""
    reactions, observations = registry.reactions, registry.observations
    dates = reaction_moments(registry).select("reaction_id", "session_date")
    if "resolved_day" in reactions.columns:
        ends = dates.with_columns(reactions.get_column("resolved_day").alias("day"))
        yield ends.select(after_session("day")).to_series().max()
    if "reaction_id" in observations.columns:
        seen = observations.select(
            pl.col("reaction_id").cast(pl.String), observation_day(observations).alias("day")
        )
        yield seen.join(dates, on="reaction_id").select(after_session("day")).to_series().max()


def _not_a_registry(path: Path) -> InputError:
    fault = Fault(
        what="is one table of ill and well persons",
        file=path.name,
        expected="a registry: sessions, components, reactions and observations",
        hint="Compare its exposures with: untoward outbreak, or untoward review.",
    )
    return InputError("This needs a registry: a line list has no sessions, dates and lots.", [fault])
