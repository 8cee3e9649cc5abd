"""The collection of reports that a run works on: files in, reports or counts out, with the ledger of every row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from untoward.errors import UsageError
from untoward.exchange.reports.archive import find_sources
from untoward.exchange.reports.counts import CountTable
from untoward.exchange.reports.detect import detect, named
from untoward.model.ledger import Ledger
from untoward.model.reports import ReportTables

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Collection:
    """What was read, its format, and from which paths: reports, or a table that is counted already."""

    paths: tuple[str, ...]
    format: str
    title: str
    read: ReportTables | CountTable

    @property
    def tables(self) -> ReportTables | None:
        """The reports; None for a table of counts."""
        return self.read if isinstance(self.read, ReportTables) else None

    @property
    def ledger(self) -> Ledger:
        """What became of every row."""
        return self.read.ledger

    def reports(self, needed_for: str) -> ReportTables:
        """The reports. Raises UsageError for a table of counts, which has none."""
        if isinstance(self.read, ReportTables):
            return self.read
        raise UsageError(f"{needed_for} needs reports; a table of counts has none.")


def read_collection(paths: Sequence[str | Path], format: str | None, progress: Progress) -> Collection:
    """Read the files of one source. Raises InputError when a path is missing or the source is not clear."""
    files = find_sources(paths)
    source = named(format) if format is not None else detect(files)
    return Collection(
        paths=tuple(str(path) for path in paths),
        format=source.name,
        title=source.title,
        read=source.read(files, progress),
    )
