"""FAERS, the reports on drugs to the agency of the United States: quarters of `$`-separated text from 2012 Q4 on."""

from __future__ import annotations

from collections.abc import Sequence

from untoward.exchange.reports.archive import Progress, SourceFile
from untoward.exchange.reports.quarter_files import first_column, is_named_like_a_table
from untoward.exchange.reports.quarters import read_quarters
from untoward.model.reports import ReportTables


def looks_like_faers(names: Sequence[str], first_lines: Sequence[str]) -> bool:
    """Whether there is a table whose key is the PRIMARYID, or none with another key but one named like a table."""
    keys = [first_column(line) for line in first_lines]
    return "primaryid" in keys or ("isr" not in keys and any(map(is_named_like_a_table, names)))


def read_faers(files: Sequence[SourceFile], progress: Progress) -> ReportTables:
    """Quarters of FAERS and of legacy AERS, all together, with one version of each case.

    Of each case the version received last stands (`versions`), unless the agency has deleted the case. `report_id` is
    the PRIMARYID (of legacy reports the ISR number) and `case_id` the number of the case.

    `serious` and `died` come from the outcome codes: true when there is one (death for `died`), false when the quarter
    has outcomes but none for the report, null when its file of outcomes is missing. `drug` is the active ingredient
    that the source names, one row for each of several; else the name as reported, in upper case.

    Raises InputError when there is no DEMO file or a header is wrong.
    """
    return read_quarters(files, progress)
