"""Strata of sessions with alike risk: technique, kind of compound and period.

Periods are years counted back from the last day known, not calendar years: the one that matters, the latest, then always
holds a whole year of sessions to compare with, also in January.

Cases are compared within a stratum, so an exposure that goes with a risky technique does not stand out because of the
technique. The price: technique, kind of compound and period can show no excess of their own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from untoward.model.tables import Registry
from untoward.watch.columns import instant_or_null, text_or_null

IntArray = NDArray[np.int64]

RISK_CLASSES = ("tissue-dissolving", "filler", "unknown", "other")
"""Kinds of compounds, the riskiest first; a session is as risky as its riskiest compound, and unknown is no "other"."""

STRATUM_PARTS = ("technique", "risk class", "period")
"""Strata for what should not depend on which compound was given, such as an infection."""

COMMON_PARTS = ("compounds", "technique", "period")
"""Strata for reactions that are usual after some compounds: only sessions with the same compounds are alike."""

LEAST_SESSIONS = 2000
"""A stratum with fewer sessions is merged with the next. A vial serves some tens of sessions; in a stratum that is not fifty
times as large its own cases would set what is expected of it, and hide it.
"""

LEAST_ALIKE = 20
"""The same for strata of one mix of compounds: usual reactions are many, and differ more between mixes than anything else."""

NOT_RECORDED = "not recorded"
_DAYS_PER_YEAR = 365.25


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Strata:
    """The stratum of each session, in the order of the sessions table, from 0.

    `labels` names them; `merged` counts the strata that were put together because one of them had too few sessions.
    """

    number: IntArray
    labels: tuple[str, ...]
    merged: int
    parts: tuple[str, ...]


def strata_of(
    registry: Registry,
    risk_classes: Mapping[str, str],
    now: datetime | None,
    *,
    parts: Sequence[str] = STRATUM_PARTS,
    least: int = LEAST_SESSIONS,
) -> Strata:
    """Strata by the given parts, of `STRATUM_PARTS` and `COMMON_PARTS`; with none, all sessions are one stratum.

    `risk_classes` maps compound keys to `RISK_CLASSES`; a compound that is not in it is of unknown risk. Periods are
    counted back from `now`, from the last session when it is None.
    """
    if not parts or registry.sessions.is_empty():
        one = np.zeros(registry.sessions.height, dtype=np.int64)
        return Strata(number=one, labels=("all sessions",), merged=0, parts=tuple(parts))
    described = pl.DataFrame([_part(registry, risk_classes, now, part) for part in parts])
    kinds = described.group_by(*parts).agg(pl.len().alias("sessions")).sort(*parts)
    group = _merged_groups(kinds.get_column("sessions").to_list(), least)
    grouped = kinds.with_columns(pl.Series("group", group, dtype=pl.Int64))
    number = described.join(grouped, on=list(parts), how="left", maintain_order="left").get_column("group")
    sizes = np.bincount(group)
    return Strata(
        number=number.to_numpy().astype(np.int64),
        labels=_labels(grouped, parts),
        merged=int(sizes[sizes > 1].sum()),
        parts=tuple(parts),
    )


def _part(registry: Registry, risk_classes: Mapping[str, str], now: datetime | None, part: str) -> pl.Series:
    sessions = registry.sessions
    if part == "risk class":
        return _session_classes(registry, risk_classes).alias(part)
    if part == "compounds":
        return _session_compounds(registry).fill_null(NOT_RECORDED).alias(part)
    said = _periods(sessions, now) if part == "period" else text_or_null(sessions, part).str.to_lowercase()
    return sessions.select(said.fill_null(NOT_RECORDED).alias(part)).to_series()


def _periods(sessions: pl.DataFrame, now: datetime | None) -> pl.Expr:
    """The year of each session, counted back: "1 year back" is the last one."""
    day = instant_or_null(sessions, "date_from").dt.date()
    last = day.max() if now is None else pl.lit(now.date())
    back = ((last - day).dt.total_days() / _DAYS_PER_YEAR).floor().cast(pl.Int64) + 1
    return back.cast(pl.String).str.zfill(3) + " years back"


def _session_classes(registry: Registry, risk_classes: Mapping[str, str]) -> pl.Series:
    """The riskiest class among the compounds of each session; unknown without any."""
    rank = {name: position for position, name in enumerate(RISK_CLASSES)}
    unknown = rank["unknown"]
    ranks = {key: rank[name] for key, name in risk_classes.items()}
    key = text_or_null(registry.components, "compound_key")
    by_session = (
        registry.components.select(
            pl.col("session_id").cast(pl.String),
            key.replace_strict(ranks, default=unknown, return_dtype=pl.Int64)
            .fill_null(unknown)
            .alias("rank"),
        )
        .group_by("session_id")
        .agg(pl.col("rank").min())
    )
    joined = registry.sessions.select(pl.col("session_id").cast(pl.String)).join(
        by_session, on="session_id", how="left", maintain_order="left"
    )
    names = dict(enumerate(RISK_CLASSES))
    return joined.select(
        pl.col("rank").fill_null(unknown).replace_strict(names, return_dtype=pl.String)
    ).to_series()


def _session_compounds(registry: Registry) -> pl.Series:
    """All compounds of each session in order of name, joined; null without any."""
    components = registry.components
    name = pl.coalesce(text_or_null(components, "compound_key"), text_or_null(components, "compound"))
    named = components.select(pl.col("session_id").cast(pl.String), name.alias("name")).drop_nulls("name")
    joined = named.group_by("session_id").agg(pl.col("name").unique().sort().str.join(" + "))
    sessions = registry.sessions.select(pl.col("session_id").cast(pl.String))
    return sessions.join(joined, on="session_id", how="left", maintain_order="left").get_column("name")


def _merged_groups(sizes: Sequence[int], least: int) -> list[int]:
    """The group of each stratum: strata in order go together until they hold enough; a small rest joins the last."""
    groups, group, held = list[int](), 0, 0
    for size in sizes:
        groups.append(group)
        held += size
        if held >= least:
            group, held = group + 1, 0
    if held and group:
        return [min(one, group - 1) for one in groups]
    return groups


def _labels(grouped: pl.DataFrame, parts: Sequence[str]) -> tuple[str, ...]:
    named = grouped.select("group", pl.concat_str(*parts, separator=", ").alias("label"))
    joined = named.group_by("group").agg(pl.col("label").str.join("; ")).sort("group")
    return tuple(joined.get_column("label"))
