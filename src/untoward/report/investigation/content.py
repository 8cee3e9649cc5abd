"""What stands in a report of an investigation, before it is put into words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from untoward.model.review import MissingData, OutcomeScreen
from untoward.model.tables import RowLedger
from untoward.watch.workbench.classify import Classified
from untoward.watch.workbench.curve import LevelCurve
from untoward.watch.workbench.trace import Trace


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TraceContent:
    """A trace, who counts as ill in it, and what made it."""

    found: Trace
    ill_by: str
    case: str | None
    as_of: str | None
    version: str
    inputs: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class InvestigationContent:
    """The whole investigation. `traced` is None when no exposure that can be traced was had by a case; `partly` counts
    the persons of whom some vials or lots are recorded and some not.
    """

    title: str
    classified: Classified
    listed: pl.DataFrame
    conditions: tuple[tuple[str, int, int, int], ...]
    open_levels: Mapping[str, Mapping[str, int]]
    waiting: int | None
    curve: LevelCurve
    screen: OutcomeScreen
    partly: Mapping[str, int]
    traced: TraceContent | None
    missing: tuple[MissingData, ...]
    ledger: tuple[RowLedger, ...]
    as_of: str | None
    as_of_given: bool
    version: str
    evidence_version: str
    names_taken: tuple[tuple[str, str], ...]
    inputs: Mapping[str, str]
