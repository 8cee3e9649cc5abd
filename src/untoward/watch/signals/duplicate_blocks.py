"""Pairs of reports worth comparing, found by what they share instead of by trying all.

Two reports meet when they share, exactly, at least one of: date of the event and a drug; date of the event and an
event; date of the event, age and sex; a lot and an event; or two of each other's three rarest terms. A key that
more than a set number of reports share says little and would cost its square: it is passed over, and counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from untoward.watch.signals.duplicate_fields import KINDS, UNKNOWN, Fields, IntArray

_RAREST = 3


class Candidates(NamedTuple):
    """Pairs of positions of reports, the first always the smaller; how many keys were too common to be used."""

    first: IntArray
    second: IntArray
    passed_over: int


def candidates(fields: Fields, largest: int) -> Candidates:
    """Every pair of reports that share a key with at most ``largest`` reports."""
    codes, passed_over = [np.zeros(0, np.int64)], 0
    for key, report in _keys(fields):
        found, common = _pairs(key, report, fields.n, largest)
        codes.append(found)
        passed_over += common
    every = np.sort(np.concatenate(codes))  # sorting beats the hash table of np.unique tenfold here
    every = every[np.diff(every, prepend=-1) > 0]
    return Candidates(every // fields.n, every % fields.n, passed_over)


def _keys(fields: Fields) -> Iterator[tuple[IntArray, IntArray]]:
    """Keys and the reports that hold them; a key is one number for the values that must agree."""
    report = np.repeat(np.arange(fields.n), np.diff(fields.terms.indptr))
    term = fields.terms.indices.astype(np.int64)
    size = max(fields.terms.shape[1], 1)
    kind = fields.term_kind[term]
    dated = fields.event_day[report] != UNKNOWN
    for number in (KINDS.index("drugs"), KINDS.index("events")):
        chosen = dated & (kind == number)
        yield fields.event_day[report[chosen]] * size + term[chosen], report[chosen]
    yield _persons(fields)
    yield _lots(fields, report, term, size)
    yield from _rare(fields, size)


def _persons(fields: Fields) -> tuple[IntArray, IntArray]:
    whole = (fields.event_day != UNKNOWN) & (fields.age != UNKNOWN) & (fields.sex != UNKNOWN)
    chosen = np.flatnonzero(whole)
    key = (fields.event_day[chosen] * 1000 + fields.age[chosen]) * 8 + fields.sex[chosen]
    return key, chosen


def _lots(fields: Fields, report: IntArray, term: IntArray, size: int) -> tuple[IntArray, IntArray]:
    """Each lot of a report with each of its events."""
    kind = fields.term_kind[term]
    lot, event = (np.flatnonzero(kind == KINDS.index(name)) for name in ("lots", "events"))
    per_report = np.bincount(report[event], minlength=fields.n)
    starts = np.cumsum(per_report) - per_report
    times = per_report[report[lot]]
    lots = np.repeat(lot, times)
    within = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    events = event[np.repeat(starts[report[lot]], times) + within]
    return term[lots] * size + term[events], report[lots]


def _rare(fields: Fields, size: int) -> Iterator[tuple[IntArray, IntArray]]:
    """Each two of a report's rarest terms."""
    starts, ends = fields.terms.indptr[:-1].astype(np.int64), fields.terms.indptr[1:]
    for first in range(_RAREST):
        for second in range(first + 1, _RAREST):
            chosen = np.flatnonzero(starts + second < ends)
            one, other = (
                fields.terms.indices[starts[chosen] + at].astype(np.int64) for at in (first, second)
            )
            yield one * size + other, chosen


def _pairs(key: IntArray, report: IntArray, n: int, largest: int) -> tuple[IntArray, int]:
    """All pairs of reports with equal keys as numbers ``first * n + second``; and how many keys were too common."""
    order = np.lexsort((report, key))
    key, report = key[order], report[order]
    edges = np.flatnonzero(np.diff(key, prepend=key[:1] - 1, append=key[-1:] + 1))
    sizes = np.diff(edges)
    room = np.repeat(np.where(sizes <= largest, edges[1:], 0), sizes)  # where the run ends; 0: passed over
    found = [np.zeros(0, np.int64)]
    places = np.flatnonzero(room > np.arange(len(key)) + 1)
    step = 1
    while len(places):
        found.append(report[places] * n + report[places + step])
        step += 1
        places = places[places + step < room[places]]
    pairs = np.concatenate(found)
    return pairs[pairs // n != pairs % n], int(np.count_nonzero(sizes > largest))
