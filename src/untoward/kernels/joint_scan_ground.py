"""Sessions, their nodes and weights, and the cases, as the joint scan takes them; and what it cannot take."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Ground(NamedTuple):
    """Everything that stays the same in all replicates.

    ``date``        (sessions,) days; sessions stand person after person, by date within each
    ``first``       (persons + 1,) where the sessions of each person start, and where the last end
    ``weight``      (sessions,) expected cases, 0 or more
    ``stratum``     (sessions,) number of the stratum, from 0, fewer than sessions
    ``node_start``  (sessions + 1,) where the nodes of each session start in ``node``
    ``node``        (memberships,) numbers of the nodes, none twice within a session
    ``nodes``       how many nodes there are
    ``delays``      (delays,) equally likely delays from session to onset in days, ordered (quantiles)
    ``reach``       days before an onset in which a session may have caused it
    ``now``         day of knowledge: no onset is later (inf when nothing is to come)
    """

    date: FloatArray
    first: IntArray
    weight: FloatArray
    stratum: IntArray
    node_start: IntArray
    node: NDArray[np.int32]
    nodes: int
    delays: FloatArray
    reach: float
    now: float


class Cases(NamedTuple):
    """The cases observed: number of the person and day of onset of each, and the stratum of its likeliest session."""

    person: IntArray
    onset: FloatArray
    stratum: IntArray


def in_own_types(ground: Ground) -> Ground:
    """The same in the types that the compiled loops were made for."""
    return Ground(
        np.ascontiguousarray(ground.date, np.float64),
        np.ascontiguousarray(ground.first, np.int64),
        np.ascontiguousarray(ground.weight, np.float64),
        np.ascontiguousarray(ground.stratum, np.int64),
        np.ascontiguousarray(ground.node_start, np.int64),
        np.ascontiguousarray(ground.node, np.int32),
        int(ground.nodes),
        np.ascontiguousarray(ground.delays, np.float64),
        float(ground.reach),
        float(ground.now),
    )


def refuse(cases: Cases, ground: Ground, replicates: int, least_cases: int, stop_when: int | None) -> None:
    """Raise ValueError naming everything that does not fit."""
    faults = _faults_of_ground(ground) or _faults_of_cases(cases, len(ground.first) - 1)
    settings = {"replicates": replicates, "least_cases": least_cases, "stop_when": stop_when}
    faults += [name for name, value in settings.items() if value is not None and value < 1]
    if faults:
        raise ValueError(f"the joint scan cannot use {', '.join(faults)}")


def _faults_of_ground(ground: Ground) -> list[str]:
    sessions = len(ground.date)
    if not len(ground.weight) == len(ground.stratum) == len(ground.node_start) - 1 == sessions:
        return ["ground: sessions of different number"]
    if not _are_starts(ground.first, sessions) or (np.diff(ground.first) < 1).any():
        return ["ground.first"]
    wrong = {
        "ground.node_start": not _are_starts(ground.node_start, len(ground.node)),
        "ground.node": not _all_below(ground.node, ground.nodes),
        "ground.stratum": not _all_below(ground.stratum, sessions),
        "ground.date": not np.isfinite(ground.date).all() or _falls_within_person(ground),
        "ground.weight": not (np.isfinite(ground.weight).all() and (ground.weight >= 0).all()),
    }
    return [name for name, bad in wrong.items() if bad]


def _faults_of_cases(cases: Cases, persons: int) -> list[str]:
    twice = len(np.unique(cases.person)) != len(cases.person)
    wrong = {
        "cases: lengths": not len(cases.person) == len(cases.onset) == len(cases.stratum),
        "cases.person": twice or not _all_below(cases.person, persons),
        "cases.onset": not np.isfinite(cases.onset).all(),
        "cases.stratum": len(cases.stratum) > 0 and int(cases.stratum.min()) < 0,
    }
    return [name for name, bad in wrong.items() if bad]


def _are_starts(starts: IntArray, end: int) -> bool:
    return int(starts[0]) == 0 and int(starts[-1]) == end and not (np.diff(starts) < 0).any()


def _all_below(numbers: NDArray[np.integer[Any]], end: int) -> bool:
    return len(numbers) == 0 or (int(numbers.min()) >= 0 and int(numbers.max()) < end)


def _falls_within_person(ground: Ground) -> bool:
    falls = np.diff(ground.date) < 0
    falls[ground.first[1:-1] - 1] = False
    return bool(falls.any())
