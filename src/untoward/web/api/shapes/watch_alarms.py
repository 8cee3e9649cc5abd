"""The streams of the sequential watch, and the signals with what is known of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from untoward.registry.models import Investigation
from untoward.tasks.record.investigations import covering
from untoward.tasks.record.watch_known import Known, Outside
from untoward.web.api.shapes.base import Told

MOST_OUTSIDE = 20


class EvidencePoint(Told):
    """The evidence on a day: log10 of how many times likelier the cases are with an excess than without."""

    day: date
    log10_e: float | None
    cases: int
    expected: float | None


class StreamOut(Told):
    """One exposure and outcome, watched as the record grows. `needed` is the log10 that lights it, `crossed` the day it did.

    `level` and `p` hold at every look, however often one looks. `investigation` is one of your clinic that covers it.
    """

    number: int
    outcome: str
    axis: str
    value: str
    cases: int
    share: float | None
    expected: float | None
    log10_e: float | None
    highest: float | None
    needed: float | None
    level: float | None
    p: float | None
    lit: bool
    lit_high: bool
    crossed: EvidencePoint | None
    history: list[EvidencePoint]
    investigation: UUID | None


class WatchedOutcome(Told):
    """An outcome that is watched: the baseline rate and whose it is, streams and cases; or why it is not watched."""

    outcome: str
    rate: float | None
    source: str
    streams: int
    cases: int
    not_watched: str


class SequentialOut(Told):
    """The sequential watch: when it began, the level it holds, looks kept so far, and the streams, the strongest first."""

    not_watched: str
    note: str
    start: date | None
    alpha: float | None
    looks: int
    outcomes: list[WatchedOutcome]
    streams: list[StreamOut]
    left: int


class KnownOut(Told):
    """What the evidence has on a compound and an outcome: how many records, and of which terms."""

    compound: str
    label: str
    records: int
    terms: list[str]


class OutsideOut(Told):
    """A pair of an outside result. `ic_low` is the lower 95 % limit of the information component; null: not worked out."""

    drug: str
    event: str
    reports: int
    ic_low: float | None
    signal: bool
    file: str


class SignalOut(Told):
    """An exposure above the 99.8 % limit of chance, with what is known of it (`known`) and outside reports."""

    outcome: str
    axis: str
    value: str
    sessions: int
    persons: int
    ill: int
    expected: float | None
    oe: float | None
    oe_low: float | None
    oe_high: float | None
    excess_p: float | None
    known_outbreaks: dict[str, int]
    known: list[KnownOut]
    outside: list[OutsideOut]
    investigation: UUID | None


class SignalsOut(Told):
    """The signals of the last look, and the files of outside results that were read."""

    signals: list[SignalOut]
    files: list[str]


def sequential_out(kept: Mapping[str, Any], streams: list[StreamOut]) -> SequentialOut:
    """The sequential watch as a look kept it."""
    start = kept.get("start")
    return SequentialOut(
        not_watched=kept.get("not_watched", ""),
        note=kept.get("note", ""),
        start=_day(start) if start else None,
        alpha=kept.get("alpha"),
        looks=kept.get("looks", 0),
        outcomes=[WatchedOutcome(**one) for one in kept.get("outcomes", [])],
        streams=streams,
        left=kept.get("left", 0),
    )


def stream_out(one: Mapping[str, Any], mine: Iterable[Investigation]) -> StreamOut:
    """One stream; its reactions are told by GET /watch/lines."""
    plain = {name: one[name] for name in StreamOut.model_fields if name in one and name not in _MADE}
    return StreamOut(
        **plain,
        crossed=_point(one["crossed"]) if one["crossed"] else None,
        history=[_point(point) for point in one["history"]],
        investigation=_work(one, mine),
    )


def signal_out(
    one: Mapping[str, Any],
    known: Sequence[Known],
    outside: Sequence[Outside],
    mine: Iterable[Investigation],
) -> SignalOut:
    """One signal with what is known of it."""
    return SignalOut(
        **one,
        known=[KnownOut.model_validate(fact) for fact in known],
        outside=[OutsideOut.model_validate(pair) for pair in outside[:MOST_OUTSIDE]],
        investigation=_work(one, mine),
    )


_MADE = frozenset({"crossed", "history", "investigation"})


def _point(one: Mapping[str, Any]) -> EvidencePoint:
    return EvidencePoint(
        day=_day(one["at"]), log10_e=one["log10_e"], cases=one["cases"], expected=one["expected"]
    )


def _day(text: str) -> date:
    return datetime.fromisoformat(text).date()


def _work(one: Mapping[str, Any], mine: Iterable[Investigation]) -> UUID | None:
    found = covering(mine, one["outcome"], [{"axis": one["axis"], "value": one["value"]}])
    return None if found is None else found.uid
