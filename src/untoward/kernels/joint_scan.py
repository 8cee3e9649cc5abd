"""Which place, on any of many crossing axes and in any time window, holds more cases than chance: the joint permutation scan.

A person has one or more sessions, each session belongs to any number of nodes (this lot, that practitioner, …). A case is
a person with an onset. The sessions that may have caused it are those of the person from `reach` days before
the onset up to the onset; the case counts once in every node that one of them belongs to. Under the null hypothesis each
case falls on a session of the same stratum with a probability in proportion to the session's weight (its expected
cases: risk times the part of the risk window that has passed), with a delay drawn from the given delays, at
most once per person. All axes are counted from the same drawn sessions, so what they have in common stays in the null.

Statistic of a node, and of every run of its sessions in time: ``c log(c/E) + (C - c) log((C - c)/(C - E))`` where c > E and c is
at least `least_cases`, else 0. p of a finding: (1 + replicates whose largest statistic anywhere reaches it) / (1 + replicates).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Ground(NamedTuple):
    """Everything that stays the same in all replicates.

    ``date``        (sessions,) days; sessions stand person after person, by date within each
    ``first``       (persons + 1,) where the sessions of each person start, and where the last end
    ``weight``      (sessions,) expected cases, 0 or more
    ``stratum``     (sessions,) number of the stratum, from 0
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


class Excess(NamedTuple):
    """Per node, without and with the best time window: cases, expected, statistic and (with a window) first and last date.

    All of shape (nodes,). ``window_*`` is the best run of the node's sessions in time, at most `longest_window` days long.
    """

    cases: FloatArray
    expected: FloatArray
    llr: FloatArray
    window_cases: FloatArray
    window_expected: FloatArray
    window_llr: FloatArray
    window_from: FloatArray
    window_to: FloatArray


class Scanned(NamedTuple):
    """The excess of every node, and the largest statistic of each replicate that was run."""

    excess: Excess
    largest: FloatArray
