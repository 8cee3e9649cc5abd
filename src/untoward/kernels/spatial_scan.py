"""Where, and when, are there more cases than there should be: Kulldorff's scan statistics for counts by place and period.

Circles of every size around every place, alone or for a run of periods, are compared with all the rest; the windows that stand
out most are returned with the chance of one standing out so much anywhere, so that p is adjusted for all windows
looked at. Kulldorff, Commun Stat Theory Methods 1997;26:1481; over time Kulldorff, J R Stat Soc A 2001;164:61; with cases
alone Kulldorff and others, PLoS Med 2005;2:e59.

``poisson``      cases in proportion to the baseline: people, time under risk, or expected cases (`standardised`)
``bernoulli``    the baseline is people (cases and controls), each of whom is a case or is not
``permutation``  cases only: places and periods of the cases have nothing to do with each other; the baseline is not used

``none`` scans space alone (periods are added up), ``only`` time alone (places are added up), ``retrospective`` all runs of
periods, ``prospective`` those that reach the last period.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import nan
from typing import Literal, NamedTuple

import numpy as np
from numba import get_num_threads
from numpy.typing import ArrayLike, NDArray

from untoward.kernels.monte_carlo import gumbel_p, monte_carlo_p, stopped_after
from untoward.kernels.prospective_scan import LANES, largest_to_the_end
from untoward.kernels.scan_draws import BERNOULLI, PERMUTATION, POISSON, Null, null_of
from untoward.kernels.scan_statistics import Totals, relative_risk, standardised
from untoward.kernels.scan_windows import Area, Circles, circles, distances, everywhere
from untoward.kernels.space_time_scan import (
    ABREAST,
    BestWindows,
    Running,
    Spans,
    best_windows,
    largest_in_space_time,
    running,
)

__all__ = ["Area", "Circles", "Found", "Model", "ScanResult", "Time", "circles", "scan", "standardised"]

FloatArray = NDArray[np.float64]
Counts = NDArray[np.int32]
Model = Literal["poisson", "bernoulli", "permutation"]
Time = Literal["none", "retrospective", "prospective", "only"]
Progress = Callable[[int, int], None]

_NULLS: dict[str, int] = {"poisson": POISSON, "bernoulli": BERNOULLI, "permutation": PERMUTATION}
_MOST_CASES = 2**24
_WINDOWS_AT_A_TIME = 1_000_000_000
_MOST_AT_A_TIME = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A window with more cases than expected.

    ``members``        numbers of its places, the centre first and then by distance
    ``radius``         from the centre to the farthest member, in the unit of the area (km on a great circle); 0 for time alone
    ``first, last``    its first and last period, both inside
    ``observed``       cases, ``expected`` under the null hypothesis
    ``population``     baseline of its members, the mean of its periods; nan for permutation, which has none
    ``relative_risk``  risk inside over risk outside; inf where all cases are inside
    ``llr``            the statistic; ``p`` the chance that the largest one anywhere is at least as large
    ``gumbel_p``       the same from a curve through the simulated ones, which reaches below 1/(replicates + 1); None without one
    ``caution``        why not to lean on ``gumbel_p``, "" when nothing speaks against it
    """

    members: tuple[int, ...]
    centre: int
    radius: float
    first: int
    last: int
    observed: int
    expected: float
    population: float
    relative_risk: float
    llr: float
    p: float
    gumbel_p: float | None
    caution: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanResult:
    """Windows found, most likely first; how many replicates ran; totals; the largest statistic of each replicate.

    ``clusters`` is empty where no window has more cases than expected. After the first, windows are left out
    that all replicates exceed (p is 1).
    """

    clusters: tuple[Found, ...]
    replicates: int
    total_cases: int
    total_baseline: float
    largest: FloatArray


class _Scanned(NamedTuple):
    """What is scanned, after periods or places have been added up as the question asks; ``merged`` periods make one."""

    cases: Counts
    baseline: FloatArray
    circles: Circles
    spans: Spans
    totals: Totals
    null: Null
    merged: int


def scan(
    area: Area,
    cases: ArrayLike,
    baseline: ArrayLike,
    *,
    model: Model = "poisson",
    time: Time = "none",
    largest_share: float = 0.5,
    longest: int | None = None,
    replicates: int = 999,
    seed: int = 0,
    stop_when: int | None = None,
    progress: Progress | None = None,
    overlap: bool = False,
) -> ScanResult:
    """Scan cases and baseline (places, periods).

    Circles hold at most ``largest_share`` of the baseline (for permutation, of the cases), windows at most ``longest`` periods
    (half of all when None). After the most likely cluster come others that share no place with one before them, at
    any time; with ``overlap`` the best window of every centre. ``stop_when`` replicates that reach the most likely cluster end
    the simulation early. The same seed gives the same answer on any number of cores. ``progress`` is told the
    replicates done and wanted.

    Raises ValueError for shapes that do not fit, counts that are negative or not whole, no cases, cases where the baseline is 0
    (bernoulli: fewer people than cases), permutation without time, and periods too few for ``longest``.
    """
    scanned = _prepared(area, cases, baseline, model, time, largest_share, longest)
    best = best_windows(scanned.circles, scanned.cases, scanned.baseline, scanned.totals, scanned.spans)
    top = float(best.llr.max(initial=0.0))
    by_chance = _simulated(scanned, top, replicates, seed, stop_when, progress)
    choose = _of_every_centre if overlap else _apart
    chosen = choose(scanned.circles, best.llr, float(by_chance.min()))
    found = tuple(_found(area, scanned, best, entry, by_chance, model, time) for entry in chosen)
    return ScanResult(
        clusters=found,
        replicates=len(by_chance),
        total_cases=scanned.totals.cases,
        total_baseline=scanned.totals.baseline,
        largest=by_chance,
    )


def _prepared(
    area: Area,
    cases: ArrayLike,
    baseline: ArrayLike,
    model: Model,
    time: Time,
    largest_share: float,
    longest: int | None,
) -> _Scanned:
    count, base = _checked(area, np.asarray(cases), np.asarray(baseline, float), model, time)
    if model == "permutation":
        base = np.outer(count.sum(axis=1), count.sum(axis=0)).astype(float)
    around = everywhere(len(area.ids)) if time == "only" else circles(area, base.sum(axis=1), largest_share)
    merged = count.shape[1] if time == "none" else 1
    if time == "none":
        count, base = count.sum(axis=1, keepdims=True), base.sum(axis=1, keepdims=True)
    elif time == "only":
        count, base = count.sum(axis=0, keepdims=True), base.sum(axis=0, keepdims=True)
        around = everywhere(1)
    spans = Spans(_longest(longest, count.shape[1], time), time in ("none", "prospective"))
    totals = Totals(int(count.sum()), float(base.sum()), model == "bernoulli")
    whole = np.ascontiguousarray(count, np.int32)
    return _Scanned(whole, base, around, spans, totals, null_of(_NULLS[model], whole, base), merged)


def _longest(longest: int | None, periods: int, time: Time) -> int:
    if time == "none":
        return 1
    if periods < 2:
        raise ValueError(f"time {time!r}: got {periods} period, expected 2 or more")
    wanted = max(1, periods // 2) if longest is None else longest
    most = periods - 1 if time == "only" else periods
    if not 1 <= wanted <= most:
        raise ValueError(f"longest: got {wanted} periods, expected 1 to {most}")
    return wanted


def _simulated(
    scanned: _Scanned,
    top: float,
    replicates: int,
    seed: int,
    stop_when: int | None,
    progress: Progress | None,
) -> FloatArray:
    """The largest statistic of each replicate, in turns that leave room for an interruption."""
    if replicates < 1 or not 0 <= seed < 2**63:
        raise ValueError(
            f"expected 1 or more replicates and a seed of 0 or more, got {replicates} and {seed}"
        )
    if stop_when is not None and stop_when < 1:
        raise ValueError(f"stop_when: got {stop_when}, expected 1 or more")
    ground = running(scanned.baseline, scanned.spans.longest)
    step = _at_a_time(scanned)
    largest = np.zeros(0)
    while len(largest) < replicates:
        many = min(step, replicates - len(largest))
        largest = np.append(largest, _turn(scanned, ground, seed, len(largest), many))
        if progress is not None:
            progress(len(largest), replicates)
        enough = None if stop_when is None or top <= 0 else stopped_after(largest, top, stop_when)
        if enough is not None:
            return largest[:enough]
    return largest


def _turn(scanned: _Scanned, ground: Running, seed: int, first: int, many: int) -> FloatArray:
    spans, null = scanned.spans, scanned.null
    if spans.to_the_end:
        last = np.cumsum(scanned.baseline[:, ::-1], axis=1)[:, : spans.longest]
        return largest_to_the_end(scanned.circles, last, null, scanned.totals, seed, first, many)
    return largest_in_space_time(scanned.circles, ground, null, scanned.totals, seed, first, many)


def _at_a_time(scanned: _Scanned) -> int:
    """Replicates per turn: enough to keep all cores busy, and few enough for a turn to end within seconds."""
    periods, spans = scanned.cases.shape[1], scanned.spans
    windows = len(scanned.circles.place) * spans.longest * (1 if spans.to_the_end else periods)
    least = (LANES if spans.to_the_end else ABREAST) * get_num_threads()
    return least * min(max(_WINDOWS_AT_A_TIME // (least * windows + 1), 1), _MOST_AT_A_TIME)


def _apart(around: Circles, llr: FloatArray, floor: float) -> list[int]:
    """The largest statistic, then those above the floor, the largest first, of circles sharing no place with one before."""
    left = llr.copy()
    chosen: list[int] = []
    while len(left) and left.max() > (floor if chosen else 0.0):
        entry = int(left.argmax())
        chosen.append(entry)
        left[_touching(around, around.members(entry))] = 0.0
    return chosen


def _touching(around: Circles, members: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Which circles hold one of the members: from the first of them on, all larger ones around the same centre."""
    hit = np.zeros(int(around.place.max()) + 1, np.bool_)
    hit[members] = True
    before = np.concatenate([[0], np.cumsum(hit[around.place])])
    since = np.repeat(before[around.start[:-1]], np.diff(around.start))
    touching: NDArray[np.bool_] = before[1:] > since
    return touching


def _of_every_centre(around: Circles, llr: FloatArray, floor: float) -> list[int]:
    """The best circle of every centre, the largest statistic first: the first one, and others above the floor."""
    pairs = zip(around.start[:-1], around.start[1:], strict=True)
    tops = [int(a + llr[a:b].argmax()) for a, b in pairs if b > a]
    ranked = sorted((entry for entry in tops if llr[entry] > 0), key=lambda entry: -llr[entry])
    return ranked[:1] + [entry for entry in ranked[1:] if llr[entry] > floor]


def _found(
    area: Area,
    scanned: _Scanned,
    best: BestWindows,
    entry: int,
    by_chance: FloatArray,
    model: Model,
    time: Time,
) -> Found:
    totals, observed, statistic = scanned.totals, int(best.cases[entry]), float(best.llr[entry])
    expected = totals.cases * float(best.baseline[entry]) / totals.baseline
    tail = gumbel_p(statistic, by_chance, observed)
    periods = scanned.merged * (int(best.last[entry]) - int(best.first[entry]) + 1)
    where = range(len(area.ids)) if time == "only" else scanned.circles.members(entry).tolist()
    return Found(
        members=tuple(where),
        centre=where[0],
        radius=0.0 if time == "only" else float(distances(area, where[0])[list(where)].max()),
        first=int(best.first[entry]),
        last=int(best.last[entry]),
        observed=observed,
        expected=expected,
        population=nan if model == "permutation" else float(best.baseline[entry]) / periods,
        relative_risk=relative_risk(observed, expected, totals.cases),
        llr=statistic,
        p=float(monte_carlo_p(statistic, by_chance)),
        gumbel_p=tail.p,
        caution=tail.caution,
    )


def _checked(
    area: Area, cases: NDArray[np.generic], baseline: FloatArray, model: Model, time: Time
) -> tuple[NDArray[np.int64], FloatArray]:
    if model not in _NULLS or time not in ("none", "retrospective", "prospective", "only"):
        raise ValueError(f"expected a model and time as documented, got {model!r} and {time!r}")
    count = np.asarray(cases, float)
    if (
        count.ndim != 2
        or len(count) != len(area.ids)
        or (model != "permutation" and count.shape != baseline.shape)
    ):
        raise ValueError(f"expected (places, periods) twice, got {count.shape} and {baseline.shape}")
    if not (np.isfinite(count).all() and (count >= 0).all() and (count == np.floor(count)).all()):
        raise ValueError("expected cases as whole numbers of 0 or more")
    if not 0 < count.sum() <= _MOST_CASES:
        raise ValueError(f"expected 1 to {_MOST_CASES} cases in all, got {count.sum():.0f}")
    if model == "permutation":
        if time not in ("retrospective", "prospective"):
            raise ValueError(
                "permutation compares places over time: expected time retrospective or prospective"
            )
        return count.astype(np.int64), baseline
    return count.astype(np.int64), _baseline(count, baseline, model)


def _baseline(count: FloatArray, baseline: FloatArray, model: Model) -> FloatArray:
    if not np.isfinite(baseline).all() or (baseline < 0).any():
        raise ValueError("expected baselines of 0 or more")
    if model == "poisson" and (count[baseline == 0] > 0).any():
        raise ValueError("cases where the baseline is 0")
    if model == "bernoulli":
        if (baseline != np.floor(baseline)).any() or (baseline < count).any():
            raise ValueError("expected whole numbers of people, cases included")
        if baseline.sum() == count.sum():
            raise ValueError("everybody is a case: there is nobody to compare with")
    return np.ascontiguousarray(baseline)
