"""What the joint scan is compared with: each axis scanned alone with Bonferroni, EARS C2 and Farrington per clinic."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import numpy as np
import polars as pl

from untoward.kernels import joint_scan
from untoward.kernels.ears import CDC_FACTOR, ears
from untoward.kernels.farrington import Original, original
from untoward.model.clusters import Place
from untoward.model.tables import Registry
from untoward.watch.clusters.find import LEAST_CASES, ScannedOutcome
from untoward.watch.onsets import case_persons
from untoward.watch.outcomes import OutcomeCases

REPLICATES, STOP_WHEN = 2999, 2
"""With 15 axes an axis must reach p <= 0.00067: 999 replicates could never say so."""

EARS_FLOOR = 0.5
FARRINGTON_YEARS = 5


class Alone(NamedTuple):
    """The best place of the axis with the smallest p, that p times the number of axes, and every place at 0.01 or less."""

    where: tuple[Place, ...]
    p: float


def axes_alone(scanned: ScannedOutcome, seed: int) -> Alone | None:
    """Each axis scanned by itself, p times the number of axes; of equals the more specific axis."""
    names = scanned.ground.names
    axis = names.frame.get_column("axis").to_numpy()
    axes = list(dict.fromkeys(axis))
    best: Alone | None = None
    for one in axes:
        nodes = np.flatnonzero(axis == one)
        p, node = _best_of_axis(scanned, nodes, seed)
        if best is None or p * len(axes) < best.p:
            best = Alone(names.where(int(nodes[node])), p * len(axes))
    return best


def _best_of_axis(scanned: ScannedOutcome, nodes: np.ndarray, seed: int) -> tuple[float, int]:
    ground = scanned.ground.ground
    number = np.full(ground.nodes, -1, dtype=np.int32)
    number[nodes] = np.arange(nodes.size, dtype=np.int32)
    renumbered = number[ground.node]
    start = np.concatenate([[0], np.cumsum(renumbered >= 0)])[ground.node_start]
    only = ground._replace(node_start=start, node=renumbered[renumbered >= 0], nodes=nodes.size)
    found = joint_scan.scan(
        only,
        scanned.ground.cases,
        replicates=REPLICATES,
        seed=seed,
        least_cases=LEAST_CASES,
        stop_when=STOP_WHEN,
    )
    whole, window = joint_scan.family_wise_p(found)
    p = np.minimum(whole, window)
    score = np.maximum(found.excess.llr, found.excess.window_score)
    node = int(np.lexsort((-score, p))[0])
    return float(p[node]), node


class Weekly(NamedTuple):
    """Newly known persons with an infection, clinics by weeks of the plan."""

    clinics: list[str]
    counts: np.ndarray


def weekly_counts(registry: Registry, outcome: OutcomeCases, start: datetime, weeks: int) -> Weekly:
    """Counts by the week in which each case became known, at the clinic of the session it was recorded for."""
    clinics = sorted(registry.sessions["clinic"].unique())
    persons = case_persons(registry, outcome).drop_nulls("known")
    placed = persons.join(registry.sessions.select("session_id", "clinic"), on="session_id")
    counts = np.zeros((len(clinics), weeks))
    for clinic, known in placed.select("clinic", "known").iter_rows():
        week = int((known - start).total_seconds() // 604_800)
        if week < weeks:
            counts[clinics.index(clinic), week] += 1
    return Weekly(clinics, counts)


def ears_alarms(weekly: Weekly) -> np.ndarray:
    """EARS C2 as CDC: mean and 3 SD (0.5 at least) of seven weeks, the last two left out; clinics by weeks."""
    return np.array([ears(row, "C2", CDC_FACTOR["C2"], floor=EARS_FLOOR).alarm for row in weekly.counts])


def farrington_alarms(weekly: Weekly, years: int) -> tuple[np.ndarray, np.ndarray]:
    """Alarms of the original method, and where it could run at all; clinics by weeks."""
    settings = Original(years=years)
    bounds = [[original(row, at, settings) for at in range(weekly.counts.shape[1])] for row in weekly.counts]
    alarms = np.array([[one.alarm for one in row] for row in bounds])
    return alarms, np.array([[not np.isnan(one.bound) for one in row] for row in bounds])


def clinics_of(registry: Registry, sessions: frozenset[str]) -> list[str]:
    """Clinics of these sessions."""
    exposed = registry.sessions.filter(pl.col("session_id").is_in(list(sessions)))
    return sorted(exposed["clinic"].unique())
