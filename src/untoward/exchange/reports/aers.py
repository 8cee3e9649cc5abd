"""Legacy AERS, the forerunner of FAERS: quarters to 2012 Q3. The tables are the same, many columns have other names.

Source: the column notes that come with each quarter (ASC_NTS), of both eras. Some early FAERS quarters still use some
of the old names.
"""

from __future__ import annotations

from collections.abc import Sequence

from untoward.exchange.reports.archive import Progress, SourceFile
from untoward.exchange.reports.quarter_files import first_column
from untoward.exchange.reports.quarters import read_quarters
from untoward.model.reports import ReportTables


def looks_like_aers(names: Sequence[str], first_lines: Sequence[str]) -> bool:
    """Whether there is a table whose key is the ISR number."""
    return any(first_column(line) == "isr" for line in first_lines)


def read_aers(files: Sequence[SourceFile], progress: Progress) -> ReportTables:
    """The same as `read_faers`: quarters of both eras are read, and joined by their cases.

    `report_id` is the ISR number and `case_id` the number of the case.
    """
    return read_quarters(files, progress)
