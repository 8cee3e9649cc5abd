"""Paths in, reports out: find the files, tell what they are, hand them to the reader of that source."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from untoward.errors import Fault, InputError
from untoward.exchange.reports.archive import Progress, find_sources
from untoward.exchange.reports.counts import CountTable
from untoward.exchange.reports.detect import detect, named
from untoward.model.reports import ReportTables


def no_progress(step: str, done: int, total: int) -> None:
    """Tell nobody."""


def read_source(
    paths: Iterable[str | Path], format: str | None = None, progress: Progress | None = None
) -> ReportTables | CountTable:
    """Read files, archives and folders of one source: reports, or a table that is counted already.

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


def read_reports(
    paths: Iterable[str | Path], format: str | None = None, progress: Progress | None = None
) -> ReportTables:
    """Reports of one source as three tables, with the ledger of every row; see `read_source`.

    Raises InputError also for a table of counts, because there are no reports behind it.
    """
    tables = read_source(paths, format, progress)
    if isinstance(tables, ReportTables):
        return tables
    raise InputError(
        "The source holds no reports.",
        [Fault(what="the table is counted already", expected="reports, or rows of report_id, drug, event")],
    )
