"""Published delays from session to onset, by outcome, out of the evidence base.

Only records about the injection itself are used: when a reaction to one compound begins says little about an outcome after
others. A record tells a delay when it prints how many people, their median and their range.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from math import log
from typing import Any, NamedTuple

from untoward.evidence.base import EvidenceBase
from untoward.evidence.courses import INJECTION_ITSELF
from untoward.evidence.records import Outbreak, Record, Timing
from untoward.kernels.survival import expected_largest_normal, pool_lognormal
from untoward.model.quantity import Quantity
from untoward.watch.delays import PublishedDelay
from untoward.watch.outcomes import ALLERGY, INFECTION

_GROUP_OF_OUTCOME = {INFECTION.name: "infection", ALLERGY.name: "allergy"}


class _Series(NamedTuple):
    key: str
    source: str
    n: int
    median: float
    low: float
    high: float


def published_delays(base: EvidenceBase) -> Mapping[str, PublishedDelay]:
    """The delay of each outcome that has a published one, by its name; several series are pooled by people."""
    found = {outcome: _delay(base, group) for outcome, group in _GROUP_OF_OUTCOME.items()}
    return {outcome: delay for outcome, delay in found.items() if delay is not None}


def _delay(base: EvidenceBase, group: str) -> PublishedDelay | None:
    series = list(_series(base, group))
    pooled = pool_lognormal([(*_lognormal(one), one.n) for one in series])
    if pooled is None:
        return None
    return PublishedDelay(
        mu=pooled.mu,
        sigma=pooled.sigma,
        longest=max(one.high for one in series),
        n=pooled.n,
        source=f"{_said(series)}, as a log-normal",
        evidence=tuple(one.key for one in series),
    )


def _series(base: EvidenceBase, group: str) -> Iterator[_Series]:
    """Onset records first; outbreaks add the incubations that no onset record has from the same source."""
    onsets = [
        record
        for record in base.of_class(Timing)
        if record.kind == "onset"
        and record.compound == INJECTION_ITSELF
        and _in_group(base, record.term, group)
    ]
    outbreaks = [record for record in base.of_class(Outbreak) if _in_group(base, record.term, group)]
    seen: set[str] = set()
    for one in _readable([*onsets, *outbreaks]):
        if one.source not in seen:
            seen.add(one.source)
            yield one


def _in_group(base: EvidenceBase, term: str | None, group: str) -> bool:
    return term is not None and term in base.terms and base.terms[term].group == group


def _readable(records: Iterable[Record]) -> Iterator[_Series]:
    for record in records:
        printed = _printed(record)
        n: Any = printed.get("n")
        days: list[Any] = [printed.get(name) for name in ("median", "low", "high")]
        if n and int(n) > 1 and all(days) and printed.get("interval") == "range":
            unit = str(printed["unit"])
            median, low, high = (Quantity(float(value), unit).to("day").value for value in days)
            yield _Series(record.key, record.source, int(n), median, low, high)


def _printed(record: Record) -> Mapping[str, Any]:
    if isinstance(record, Timing):
        names = ("n", "median", "low", "high", "interval", "unit")
        return {name: getattr(record, name) for name in names}
    return record.incubation or {} if isinstance(record, Outbreak) else {}


def _lognormal(one: _Series) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm of the days.

    Smallest and largest of n lie, on the log scale, where those of n normal values lie on average; their distance is
    twice that of the largest from the middle.
    """
    return log(one.median), log(one.high / one.low) / (2 * expected_largest_normal(one.n))


def _said(series: Iterable[_Series]) -> str:
    said = [f"{one.n} people, median {one.median:g} days ({one.low:g} to {one.high:g})" for one in series]
    return " and ".join(said)
