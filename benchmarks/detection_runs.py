"""One run of the detection benchmark: with an outbreak, when it is named; without, how often something is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from detection_looks import (
    ALARM,
    ORDERS,
    OUTBREAK_CASES_ENOUGH,
    Look,
    Setting,
    as_read,
    first_outbreak_day,
    infections,
    is_right,
    made,
    plan_of,
    search,
    weekly_looks,
)
from detection_rivals import (
    FARRINGTON_YEARS,
    axes_alone,
    clinics_of,
    ears_alarms,
    farrington_alarms,
    weekly_counts,
)

from untoward.model.clusters import Cluster
from untoward.simulate.outbreaks import SimulatedOutbreak

Row = dict[str, Any]


def outbreak_run(setting: Setting, seed: int) -> Row:
    """After which case and how many days after the first the culprit is named, by each method.

    `cases` and `days` are None where it never was. `third` says whether it was by the first look at which three cases of the
    outbreak were known, and is None in runs in which there never were three.
    """
    truth = made(setting, seed)
    registry = as_read(truth.tables)
    first = first_outbreak_day(setting, registry, truth)
    row: Row = {"setting": setting.name, "seed": seed, "ill": truth.ill, "reached": 0}
    third: int | None = None
    ways = {order: _Naming(first) for order in ORDERS} | ({"alone": _Naming(first)} if setting.rivals else {})
    for look in weekly_looks(setting, registry, truth):
        if first is None or look.day < first:
            continue
        row["reached"] = look.outbreak_persons
        if third is None and look.outbreak_persons >= 3:
            third = look.day
        _look(setting, look, truth, ways, seed)
        done = all(way.cases is not None for way in ways.values()) and third is not None
        if look.outbreak_persons >= OUTBREAK_CASES_ENOUGH or done:
            break
    row |= {name: way.told(third) for name, way in ways.items()}
    return row | (_count_series(setting, registry, truth, first, third) if setting.rivals else {})


class _Naming:
    """When the culprit was first named first, and what was before."""

    def __init__(self, first: float | None) -> None:
        self.first = first
        self.day: int | None = None
        self.cases: int | None = None
        self.days: float | None = None
        self.wrong: str | None = None

    def named(self, look: Look, *, right: bool, what: str) -> None:
        if self.cases is not None or self.first is None:
            return
        if right:
            self.day, self.cases, self.days = look.day, look.outbreak_persons, look.day - self.first
        elif self.wrong is None:
            self.wrong = what

    def told(self, third: int | None) -> Row:
        by_third = None if third is None else self.day is not None and self.day <= third
        return {"cases": self.cases, "days": self.days, "third": by_third, "wrong_before": self.wrong}


def _look(
    setting: Setting, look: Look, truth: SimulatedOutbreak, ways: dict[str, _Naming], seed: int
) -> None:
    found = search(look, setting)
    if found.scanned is None:
        return
    for name, first in ORDERS.items():
        cluster = first(found)
        if cluster is not None and cluster.p <= ALARM:
            right = is_right(found.scanned, cluster.where, truth)
            ways[name].named(look, right=right, what=cluster.where[0].axis)
    if "alone" in ways and ways["alone"].cases is None:
        best = axes_alone(found.scanned, seed)
        if best is not None and best.p <= ALARM:
            right = is_right(found.scanned, best.where, truth)
            ways["alone"].named(look, right=right, what=best.where[0].axis)


def _count_series(
    setting: Setting, registry: Any, truth: SimulatedOutbreak, first: float | None, third: int | None
) -> Row:
    """Alarms for a clinic of the outbreak, at the end of the week: they name a clinic, never a vial."""
    plan = plan_of(setting)
    start = datetime.combine(plan.start, datetime.min.time())
    weekly = weekly_counts(registry, infections(registry), start, plan.days // 7)
    rows = [weekly.clinics.index(one) for one in clinics_of(registry, truth.exposed)]
    told: Row = {}
    alarms = {"ears": ears_alarms(weekly)}
    alarms["farrington"], could = farrington_alarms(weekly, FARRINGTON_YEARS)
    for method, alarm in alarms.items():
        weeks = np.flatnonzero(alarm[rows].any(axis=0))
        after = [7 * (int(week) + 1) for week in weeks if first is not None and 7 * (week + 1) > first]
        told[method] = {
            "days": after[0] - first if after and first is not None else None,
            "third": None if third is None else bool(after) and after[0] <= third,
        }
    told["farrington"]["could_run"] = bool(could[rows].any())
    return told


def quiet_run(setting: Setting, seed: int) -> Row:
    """Alarms in a registry without any outbreak: places newly named, and groups of cases newly named, per method."""
    truth = made(setting, seed)
    registry = as_read(truth.tables)
    plan = plan_of(setting)
    joint, alone = _Alarms(), _Alarms()
    looks = 0
    for look in weekly_looks(setting, registry, truth):
        looks += 1
        found = search(look, setting)
        joint.add([one for one in found.clusters if one.p <= ALARM])
        if found.scanned is not None and setting.rivals:
            best = axes_alone(found.scanned, seed)
            if best is not None and best.p <= ALARM:
                alone.places.add(best.where)
    row: Row = {
        "setting": setting.name,
        "seed": seed,
        "years": plan.days / 365.25,
        "cases": infections(registry).reactions.height,
        "looks": looks,
        "joint_places": len(joint.places),
        "joint_groups": joint.groups,
        "alone_places": len(alone.places) if setting.rivals else None,
    }
    start = datetime.combine(plan.start, datetime.min.time())
    weekly = weekly_counts(registry, infections(registry), start, plan.days // 7)
    alarms, could = farrington_alarms(weekly, FARRINGTON_YEARS)
    return row | {
        "ears": int(ears_alarms(weekly).sum()),
        "farrington": int(alarms.sum()) if could.any() else None,
    }


class _Alarms:
    """Places and groups of cases that were named so far; a group is new when none of its cases was in one before."""

    def __init__(self) -> None:
        self.places: set[Any] = set()
        self.seen: set[str] = set()
        self.groups = 0

    def add(self, clusters: Sequence[Cluster]) -> None:
        for cluster in clusters:
            self.places.add(cluster.where)
            if not self.seen & set(cluster.cases):
                self.groups += 1
            self.seen |= set(cluster.cases)
