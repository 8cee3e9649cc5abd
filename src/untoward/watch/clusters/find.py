"""From a scan to findings: the places, with or without a time window, that hold most beyond what was expected."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from untoward.kernels import joint_scan
from untoward.kernels.joint_scan import FloatArray, IntArray, Scanned
from untoward.model.clusters import Place
from untoward.watch.clusters.ground import ScannedGround
from untoward.watch.clusters.nodes import BoolArray

Progress = Callable[[str, int, int], None]

LEAST_CASES = 2
"""One case is never a cluster."""

MOST_FINDINGS = 20
STANDS_OUT = 0.05
"""Findings up to this p are kept, and the best one whatever its p."""

STOP_WHEN = 200
"""So many replicates that reach the largest excess settle that nothing stands out: more would only confirm it."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Finding:
    """One place with more cases than expected.

    `first_day` and `last_day` are days since 1970 of the first and last session counted, `rows` the membership rows of
    the place (within the window), `sessions` their sessions in the ground, `case_sessions` for each case of the place the
    sessions there that may have caused it. `place_rows`, `place_sessions` and `place_cases` are those of the whole
    place, whatever the window.
    """

    node: int
    where: tuple[Place, ...]
    in_window: bool
    first_day: float
    last_day: float
    observed: int
    expected: float
    llr: float
    p: float
    rows: IntArray
    sessions: IntArray
    case_sessions: dict[int, tuple[int, ...]]
    place_rows: IntArray
    place_sessions: IntArray
    place_cases: frozenset[int]

    @property
    def stands_out(self) -> bool:
        """Whether chance alone seldom gives as much anywhere."""
        return self.p <= STANDS_OUT


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScannedOutcome:
    """One outcome scanned: its ground, what the kernel found, and the findings kept, the most striking first.

    `standing_out` counts the places that stand out, also those beyond the findings kept.
    """

    ground: ScannedGround
    scanned: Scanned
    findings: tuple[Finding, ...]
    standing_out: int

    @property
    def replicates(self) -> int:
        """How many replicates were run."""
        return int(self.scanned.largest.size)


def scan_outcome(
    laid_out: ScannedGround,
    *,
    replicates: int = 999,
    seed: int = 0,
    longest_window: float | None = None,
    progress: Progress | None = None,
) -> ScannedOutcome:
    """Scan one outcome over all places, with and without time windows of at most `longest_window` days.

    Of each place the less likely of whole and window counts, the whole place when chance gives both as often and the window
    scores no more. Kept are the findings that stand out, 20 at most, and the best one in any case.
    """
    name = f"scanning for {laid_out.outcome.outcome.name}"
    scanned = joint_scan.scan(
        laid_out.ground,
        laid_out.cases,
        replicates=replicates,
        seed=seed,
        longest_window=longest_window,
        least_cases=LEAST_CASES,
        stop_when=STOP_WHEN,
        progress=None if progress is None else lambda done, total: progress(name, done, total),
    )
    best = _best_of_each(scanned)
    standing_out = int((best.p <= STANDS_OUT).sum())
    ranked = np.lexsort((np.arange(best.p.size), -best.score, best.p))
    kept = ranked[: min(max(standing_out, 1), MOST_FINDINGS)]
    return ScannedOutcome(
        ground=laid_out,
        scanned=scanned,
        findings=tuple(_finding(laid_out, scanned, best, int(node)) for node in kept if best.score[node] > 0),
        standing_out=standing_out,
    )


class _Best(NamedTuple):
    """Of each place, whether its best window or the whole of it counts, the score of that and its p."""

    in_window: BoolArray
    score: FloatArray
    p: FloatArray


def _best_of_each(scanned: Scanned) -> _Best:
    excess = scanned.excess
    whole, window = joint_scan.family_wise_p(scanned)
    in_window = (window < whole) | ((window == whole) & (excess.window_score > excess.llr))
    return _Best(
        in_window,
        np.where(in_window, excess.window_score, excess.llr),
        np.where(in_window, window, whole),
    )


def _finding(laid_out: ScannedGround, scanned: Scanned, best: _Best, node: int) -> Finding:
    excess, ground = scanned.excess, laid_out.ground
    in_window = bool(best.in_window[node])
    rows = place_rows = np.flatnonzero(ground.node == node)
    sessions = place_sessions = session_of_rows(laid_out, rows)
    if in_window:
        # Sessions of one day belong together, whatever their hour.
        days = np.floor(ground.date[sessions])
        inside = (days >= np.floor(excess.window_from[node])) & (days <= np.floor(excess.window_to[node]))
        rows, sessions = rows[inside], sessions[inside]
    first, last = float(ground.date[sessions].min()), float(ground.date[sessions].max())
    members = joint_scan.members(ground, laid_out.cases, node, first, last)
    return Finding(
        node=node,
        where=laid_out.names.where(node),
        in_window=in_window,
        first_day=first,
        last_day=last,
        observed=int((excess.window_cases if in_window else excess.cases)[node]),
        expected=float((excess.window_expected if in_window else excess.expected)[node]),
        llr=float((excess.window_llr if in_window else excess.llr)[node]),
        p=float(best.p[node]),
        rows=rows,
        sessions=sessions,
        case_sessions={int(case): tuple(int(one) for one in counted) for case, counted in members},
        place_rows=place_rows,
        place_sessions=place_sessions,
        place_cases=frozenset(laid_out.counted.case[laid_out.counted.node == node].tolist()),
    )


def session_of_rows(laid_out: ScannedGround, rows: IntArray) -> IntArray:
    """The session of each membership row."""
    found: IntArray = np.searchsorted(laid_out.ground.node_start, rows, side="right") - 1
    return found
