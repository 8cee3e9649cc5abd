"""What a report of signals shows, whatever it is shown as: filled by the task, rendered as a page or a document.

Rows of pairs are mappings with the columns of the table of signals (`untoward.watch.signals.measures`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from untoward.model.ledger import Ledger
from untoward.watch.signals.readus import Item

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What was read: paths, format and its title, how much is in it, and from when to when reports were received.

    ``reports`` is the number of reports that count (N of every 2x2 table); the reports that name no drug in a role
    that counts, or no event, stand in ``without_drug`` and ``without_event``. ``has_reports`` is false for counts.
    """

    paths: tuple[str, ...]
    format: str
    title: str
    reports: int
    drugs: int
    events: int
    without_drug: int
    without_event: int
    first_received: date | None
    last_received: date | None
    has_reports: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTally:
    """How many of the pairs listed a rule flags, and of how many it cannot tell."""

    name: str
    says: str
    flagged: int
    cannot_tell: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TopPair:
    """One of the strongest pairs, with the identifiers of its first reports."""

    row: Row
    report_ids: tuple[str, ...]

    @property
    def name(self) -> str:
        """The pair as in "LIPO MIX with Lump"."""
        return f"{self.row['drug']} with {self.row['event']}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """Where a pair stood at the end of the period from `start`, counting all reports received by then."""

    start: date
    new: int
    n: int
    expected: float | None
    ic: float | None
    ic_low: float | None
    ic_high: float | None
    signal: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """A pair over time: the first period in which a rule held, with how many reports, and a test that watches all along.

    ``period`` is "month", "quarter" or "year". ``first_signal`` is the first day of that period; None: it never held.
    ``undated`` reports have no date of receipt and stand in no period.
    """

    drug: str
    event: str
    rule: str
    period: str
    points: tuple[TrendPoint, ...]
    first_signal: date | None
    first_n: int | None
    sequential: str
    undated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OnsetCurve:
    """How soon after the start the event began, among reports of a pair that give both days.

    ``curve`` has (day, share of reports in which the event had begun). ``weibull`` says what the shape of the
    distribution suggests, in words with its numbers, or why nothing can be said. ``compared`` is the p value of a
    comparison with the same event after other drugs.
    """

    drug: str
    event: str
    known: int
    unknown: int
    median_day: float | None
    quartile_days: tuple[float | None, float | None]
    curve: tuple[tuple[float, float], ...]
    weibull: str
    compared: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One value of an axis: reports of the pair with it, and all reports of the drug with it."""

    value: str
    n: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """The reports of a pair by route, site or lot; the values most often named first, the rest counted."""

    axis: str
    shares: tuple[Share, ...]
    others: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalsContent:
    """All that the report of a run shows.

    ``listed`` is how many pairs have ``least`` reports or more (of the names chosen, if any); ``top`` are the first of
    them in ``order``. ``points`` are (ic, mid_p, signal) of every pair listed, for the picture of all pairs. ``notes``
    are sentences that a reader must know before reading the numbers.
    """

    version: str
    source: Source
    ledger: Ledger
    settings: tuple[str, ...]
    options: Mapping[str, str]
    prior: Mapping[str, Any] | None
    refused: tuple[str, ...]
    rules: tuple[RuleTally, ...]
    main_rule: str
    least: int
    pairs: int
    listed: int
    order: str
    top: tuple[TopPair, ...]
    points: tuple[tuple[float, float, bool], ...]
    trends: tuple[Trend, ...] = ()
    onsets: tuple[OnsetCurve, ...] = ()
    interactions: tuple[Row, ...] | None = None
    strata: tuple[str, ...] = ()
    checklist: tuple[Item, ...] = ()
    notes: tuple[str, ...] = ()
