"""Paths in, reports out: find the files, tell what they are, hand them to the reader of that source."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from untoward.exchange.reports.archive import Progress, find_sources
from untoward.exchange.reports.detect import detect, named
from untoward.model.reports import ReportTables


def no_progress(step: str, done: int, total: int) -> None:
    """Tell nobody."""


def read_reports(
    paths: Iterable[str | Path], format: str | None = None, progress: Progress | None = None
) -> ReportTables:
    """Read files, archives and folders of one source into the three tables, with the ledger of every row.

    Parameters
    ----------
    paths
        Files, `.gz` files, zip archives or folders of these; many quarters or years at once.
    format
        The name of the source (`detect.FORMATS`); found from the files when None.
    progress
        Called with what is being done, how many files are done and how many there are.

    Raises
    ------
    InputError
        When a path is missing, an archive is damaged or unsafe, or the source is not clear. A bad row never
        raises: it is dropped, and the ledger says why.
    """
    files = find_sources(paths)
    source = named(format) if format is not None else detect(files)
    return source.read(files, progress or no_progress)
