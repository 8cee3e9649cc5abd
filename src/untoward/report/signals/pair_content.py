"""All about one pair: what `untoward signals show` prints, filled by the task."""

from __future__ import annotations

from dataclasses import dataclass

from untoward.model.ledger import Ledger
from untoward.report.signals.content import Breakdown, OnsetCurve, Row, Source, Trend


@dataclass(frozen=True, slots=True, kw_only=True)
class StratumLine:
    """The pair among the reports of one stratum."""

    by: str
    stratum: str
    n: int
    n_drug: int
    n_event: int
    n_total: int
    expected: float
    ic: float | None
    ic_low: float | None
    ic_high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Masker:
    """Another drug whose reports hide the pair: how much the PRR grows once they are out, and the IC limit then."""

    drug: str
    n_event: int
    share: float | None
    masking_ratio: float | None
    ic_low: float | None
    ic_low_without: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PairStory:
    """One pair. ``row`` has the columns of the table of signals; ``report_ids`` all its reports, in order.

    ``serious`` and ``died`` count the reports that say so, with how many say yes or no at all.
    """

    version: str
    source: Source
    ledger: Ledger
    settings: tuple[str, ...]
    rules: tuple[tuple[str, str], ...]
    row: Row
    strata: tuple[StratumLine, ...]
    trend: Trend | None
    onset: OnsetCurve | None
    breakdowns: tuple[Breakdown, ...]
    maskers: tuple[Masker, ...]
    serious: tuple[int, int]
    died: tuple[int, int]
    report_ids: tuple[str, ...]
    notes: tuple[str, ...]
