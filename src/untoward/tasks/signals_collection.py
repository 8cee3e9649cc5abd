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
    """What was read: reports (None for a table of counts), the format, the paths, and the ledger."""

    paths: tuple[str, ...]
    format: str
    title: str
    tables: ReportTables | None
    counts: CountTable | None
    ledger: Ledger

    def reports(self, needed_for: str) -> ReportTables:
        """The reports. Raises UsageError for a table of counts, which has none."""
        if self.tables is None:
            raise UsageError(f"{needed_for} needs reports; a table of counts has none.")
        return self.tables


def read_collection(paths: Sequence[str | Path], format: str | None, progress: Progress) -> Collection:
    """Read the files of one source. Raises InputError when a path is missing or the source is not clear."""
    files = find_sources(paths)
    source = named(format) if format is not None else detect(files)
    read: object = source.read(files, progress)
    assert isinstance(read, CountTable | ReportTables)
    return Collection(
        paths=tuple(str(path) for path in paths),
        format=source.name,
        title=source.title,
        tables=None if isinstance(read, CountTable) else read,
        counts=read if isinstance(read, CountTable) else None,
        ledger=read.ledger,
    )
