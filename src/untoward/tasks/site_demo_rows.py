"""The simulated registry as visits and problems in order of time, moved so that its chosen day is today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from untoward.model.tables import Registry

Row = dict[str, Any]
_FINDINGS = ("count", "size_cm", "severity", "painful", "spreading")


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One session: the row, what was injected, and when it was on the demonstration's calendar."""

    at: datetime
    row: Row
    parts: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One reaction, and what was seen of it when; `told` is when the clinic first heard of it."""

    told: datetime
    onset: datetime
    resolved: datetime | None
    row: Row
    seen: tuple[tuple[datetime, dict[str, Any]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """All of it up to today; `planted` are the problems of the outbreak."""

    visits: tuple[Visit, ...]
    problems: tuple[Problem, ...]
    clinics: tuple[Row, ...]
    practitioners: tuple[Row, ...]
    planted: frozenset[str]
    now: datetime

    @classmethod
    def of(cls, registry: Registry, *, planted: frozenset[str], until: datetime, now: datetime) -> Rows:
        """What happened before `until`, which becomes `now`; whole days are moved, so that hours stay those of a clinic."""
        move = timedelta(days=(now.date() - until.date()).days)

        def moved(at: datetime) -> datetime:
            return at.replace(tzinfo=UTC) + move

        sessions = registry.sessions.filter(pl.col("date_from") < until).sort("date_from", "session_id")
        parts = _grouped(registry.components, "session_id")
        visits = tuple(
            Visit(
                at=_in_hours(moved(row["date_from"])), row=row, parts=tuple(parts.get(row["session_id"], ()))
            )
            for row in sessions.iter_rows(named=True)
        )
        return cls(
            visits=tuple(visit for visit in visits if visit.at < now),
            problems=tuple(_problems(registry, {visit.row["session_id"]: visit for visit in visits}, now)),
            clinics=tuple(sessions.select("clinic", "city", "region").unique().sort("clinic").to_dicts()),
            practitioners=tuple(
                sessions.select("clinic", "practitioner").unique().sort("practitioner").to_dicts()
            ),
            planted=planted,
            now=now,
        )


def _in_hours(at: datetime) -> datetime:
    """A visit recorded by its day alone is put at noon."""
    return at.replace(hour=12) if (at.hour, at.minute) == (0, 0) else at


def _problems(registry: Registry, visits: dict[str, Visit], now: datetime) -> Iterator[Problem]:
    seen = _grouped(registry.observations, "reaction_id")
    for row in registry.reactions.iter_rows(named=True):
        visit = visits.get(row["session_id"])
        if visit is None or row["onset_day_from"] is None:
            continue
        onset = visit.at + timedelta(days=max(row["onset_day_from"], 0.01))
        looks = sorted(
            (max(onset, visit.at + timedelta(days=look["day_from"])), _findings(look))
            for look in seen.get(row["reaction_id"], ())
            if look["day_from"] is not None
        )
        looks = looks or [(onset + timedelta(hours=20), {})]
        known = tuple(look for look in looks if look[0] < now - timedelta(hours=3))
        if not known:
            continue
        resolved = (
            None
            if row["resolved_day_to"] is None
            else visit.at + timedelta(days=max(row["resolved_day_to"], row["onset_day_from"]))
        )
        over = resolved if resolved is not None and resolved < now else None
        yield Problem(told=known[0][0], onset=onset, resolved=over, row=row, seen=known)


def _findings(look: Row) -> dict[str, Any]:
    """What was said of the reaction itself; what was not recorded is left out, for it is unknown."""
    return {name: look[name] for name in _FINDINGS if look.get(name) is not None}


def _grouped(table: pl.DataFrame, key: str) -> dict[str, list[Row]]:
    groups: dict[str, list[Row]] = {}
    for row in table.iter_rows(named=True):
        groups.setdefault(row[key], []).append(row)
    return groups
