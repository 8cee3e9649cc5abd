"""What is scanned for one outcome: persons with their sessions, the places of each, the cases, and what was to be expected.

The unit is the person. A person's case counts once at every place of the sessions that may have caused it: those within
reach before its onset. Sessions of which nobody can say whether the outcome followed are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import polars as pl
from scipy import sparse

from untoward.kernels import joint_scan
from untoward.kernels.joint_scan import Cases, Counted, FloatArray, Ground, IntArray
from untoward.model.tables import Registry
from untoward.watch.clusters.nodes import BoolArray, Nodes, PlaceNames, nodes_of
from untoward.watch.clusters.strata import STRATUM_PARTS, Strata, strata_of
from untoward.watch.columns import instant_or_null
from untoward.watch.delays import (
    QUANTILES,
    Delay,
    day_of,
    days_since_1970,
    elapsed_share,
)
from untoward.watch.onsets import case_persons, session_persons
from untoward.watch.outcomes import OutcomeCases

LEAST_SHARE = 0.5 / QUANTILES
"""Least part of its risk that a session has had: a delay shorter than all those known is rare, not impossible."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sessions:
    """Everything about the sessions of a registry that is the same for every outcome, in the order of the table.

    `date` is in days since 1970 (nan when not known); `person` numbers the persons.
    """

    ids: pl.Series
    date: FloatArray
    person: IntArray
    person_ids: pl.Series
    nodes: Nodes
    strata: Strata


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ScannedGround:
    """One outcome laid out for the scan, with the names behind its numbers.

    Attributes
    ----------
    outcome
        The outcome with its reactions and its undetermined sessions.
    ground, cases
        What the kernel takes. Sessions stand person after person, by date within each; places are numbered with the
        most specific axis first.
    names
        What each place is: `names.where(node)` gives its `Place`s.
    session_ids, session_rows
        Id of each session of the ground, and its row in the sessions table.
    person_ids
        Id of each person of the ground: the patient, or "session:<id>" when nobody wrote one.
    case_rows
        One row per case, in the order of `cases`: the columns of `onsets.case_persons`, and `person`, its number here.
    known
        For each scanned axis, which sessions of the ground have any value on it. The others are unknown there.
    counted
        Which places count which case.
    expected
        (memberships,) expected cases per membership, adding up to the cases of each stratum over its sessions: their sum
        over a place is what is expected there.
    strata
        Names of the strata, and how they were made.
    delay
        The delays taken for granted, and where they come from.
    now
        Moment up to which something is known.
    undetermined, undated
        Sessions left out: because nobody can say whether the outcome followed, because they have no date.
    cases_left_out
        Case persons left out because the session they were recorded for has no date.
    onsets_unknown
        Cases whose onset nobody wrote down; they stand at the date of the session they were recorded for.
    pairs_left_out
        Syringes that held too many compounds to pair.
    """

    outcome: OutcomeCases
    ground: Ground
    cases: Cases
    names: PlaceNames
    session_ids: pl.Series
    session_rows: IntArray
    person_ids: pl.Series
    case_rows: pl.DataFrame
    known: Mapping[str, BoolArray]
    counted: Counted
    expected: FloatArray
    strata: Strata
    delay: Delay
    now: datetime
    undetermined: int
    undated: int
    cases_left_out: int
    onsets_unknown: int
    pairs_left_out: int


def sessions_of(
    registry: Registry,
    now: datetime | None,
    *,
    compound_labels: Mapping[str, str] | None = None,
    risk_classes: Mapping[str, str] | None = None,
    stratify_by: tuple[str, ...] = STRATUM_PARTS,
    nodes: Nodes | None = None,
) -> Sessions:
    """Persons, dates, places (`nodes`, where they are known already) and strata of all sessions.

    Raises InputError when a session id stands twice.
    """
    persons = session_persons(registry.sessions)
    person_ids = persons.unique().sort()
    number = persons.cast(pl.Enum(person_ids)).to_physical().to_numpy().astype(np.int64)
    return Sessions(
        ids=registry.sessions.get_column("session_id").cast(pl.String),
        date=days_since_1970(
            registry.sessions.select(instant_or_null(registry.sessions, "date_from")).to_series()
        ),
        person=number,
        person_ids=person_ids,
        nodes=nodes or nodes_of(registry, compound_labels),
        strata=strata_of(registry, risk_classes or {}, now, parts=stratify_by),
    )


def ground_of(
    registry: Registry,
    sessions: Sessions,
    outcome: OutcomeCases,
    delay: Delay,
    now: datetime,
    strata: Strata | None = None,
) -> ScannedGround:
    """Lay out one outcome for the scan. `registry` and `outcome` hold only what was known at `now`.

    `strata` takes the place of those of `sessions`.
    """
    strata = strata or sessions.strata
    out = sessions.ids.is_in(outcome.undetermined.cast(pl.String).implode()).to_numpy()
    undated = np.isnan(sessions.date)
    rows = _in_order(sessions, ~(out | undated))
    persons, person, first = _persons(sessions, rows)
    member, names = _questions(sessions.nodes, rows)
    day = day_of(now)
    date = sessions.date[rows]
    ground = Ground(
        date=date,
        first=first,
        weight=np.maximum(elapsed_share(delay, date, day), LEAST_SHARE),
        stratum=strata.number[rows],
        node_start=member.indptr.astype(np.int64),
        node=member.indices.astype(np.int32),
        nodes=len(names),
        delays=delay.onset_days,
        reach=delay.reach,
        now=day,
    )
    session_ids = sessions.ids.gather(rows)
    all_cases = case_persons(registry, outcome)
    case_rows = _located(all_cases, session_ids, person)
    cases = _cases(case_rows, ground)
    return ScannedGround(
        outcome=outcome,
        ground=ground,
        cases=cases,
        names=names,
        session_ids=session_ids,
        session_rows=rows,
        person_ids=persons,
        case_rows=case_rows,
        known={axis: mask[rows] for axis, mask in sessions.nodes.known.items()},
        counted=joint_scan.counted(ground, cases),
        expected=joint_scan.expected(joint_scan.calibrated(ground, cases)),
        strata=strata,
        delay=delay,
        now=now,
        undetermined=int((out & ~undated).sum()),
        undated=int(undated.sum()),
        cases_left_out=all_cases.height - case_rows.height,
        onsets_unknown=case_rows.get_column("onset").null_count(),
        pairs_left_out=sessions.nodes.pairs_left_out,
    )


def _in_order(sessions: Sessions, kept: BoolArray) -> IntArray:
    """Rows of the sessions kept, person after person, by date within each."""
    rows = np.flatnonzero(kept)
    order: IntArray = rows[np.lexsort((sessions.date[rows], sessions.person[rows]))]
    return order


def _persons(sessions: Sessions, rows: IntArray) -> tuple[pl.Series, IntArray, IntArray]:
    """Ids of the persons who have a session left, the person of each session, and where each one's sessions start."""
    present, starts, person = np.unique(sessions.person[rows], return_index=True, return_inverse=True)
    first = np.append(starts, rows.size).astype(np.int64)
    return sessions.person_ids.gather(present), person.astype(np.int64), first


def _questions(nodes: Nodes, rows: IntArray) -> tuple[sparse.csr_array, PlaceNames]:
    """The places that some but not all of these sessions belong to; the others ask nothing."""
    member = nodes.member[rows]
    sessions = np.bincount(member.indices, minlength=member.shape[1])
    kept = np.flatnonzero((sessions > 0) & (sessions < rows.size))
    number = np.full(member.shape[1], -1, dtype=np.int32)
    number[kept] = np.arange(kept.size, dtype=np.int32)
    renumbered = number[member.indices]
    inside = renumbered >= 0
    start = np.concatenate([[0], np.cumsum(inside)])[member.indptr]
    shape = (rows.size, kept.size)
    chosen = sparse.csr_array((member.data[inside], renumbered[inside], start), shape=shape)
    return chosen, nodes.names.chosen(kept)


def _located(cases: pl.DataFrame, session_ids: pl.Series, person: IntArray) -> pl.DataFrame:
    """Cases with the number of their person, taken from the session they were recorded for; one row per person."""
    numbers = pl.DataFrame({"session_id": session_ids, "person": person})
    found = cases.join(numbers, on="session_id", how="inner", maintain_order="left")
    return found.sort("person", "onset", nulls_last=True).unique("person", keep="first", maintain_order=True)


def _cases(case_rows: pl.DataFrame, ground: Ground) -> Cases:
    """Person, day of onset and stratum of each case; an onset nobody wrote down stands at the session's date."""
    person = case_rows.get_column("person").to_numpy().astype(np.int64)
    onset = days_since_1970(case_rows.select(pl.coalesce("onset", "session_date")).to_series())
    likeliest = joint_scan.likeliest_session(ground, person, onset)
    return Cases(person=person, onset=onset, stratum=ground.stratum[likeliest])
