"""Spontaneous reports as three tables, whatever file they came from, with the ledger of their rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from untoward.model.ledger import Ledger

if TYPE_CHECKING:
    import polars as pl

REPORTS = (
    "report_id", "case_id", "version", "received", "event_date", "age_years", "sex", "country", "reporter", "serious",
    "died", "source",
)  # fmt: skip
"""Columns of `reports`: keys as text; dates; age in years; sex "F" or "M"; truth values; null when not known."""

DRUGS = (
    "report_id", "drug", "as_reported", "role", "route", "site", "lot", "dose", "start", "sequence",
)  # fmt: skip
"""Columns of `drugs`: the normalised name and the name as reported; role "suspect", "interacting" or "concomitant"."""

EVENTS = ("report_id", "event")
"""Columns of `events`: the term as published."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTables:
    """Reports, the drugs they name and the events they name, one row each; and what became of every row read.

    After reading, a case stands in `reports` once, in its latest version.
    """

    reports: pl.DataFrame
    drugs: pl.DataFrame
    events: pl.DataFrame
    ledger: Ledger
