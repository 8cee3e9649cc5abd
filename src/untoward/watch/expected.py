"""How many cases were to be expected of each exposure by now, given how much of each session's risk has passed.

A session brings ``baseline x F``: F is the share of its cases that would be known by now (`delays.elapsed_share`), the
baseline of a stratum its cases divided by the sum of F of its sessions. So a lot of last month is not called safe because
nothing has surfaced yet, nor alarming because its sessions are few in the books.

A person with several sessions counts by a stated rule, and what is expected follows the same rule: each session's
part goes wherever a case of that session would be counted, with delays as in `Delay`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import sparse

from untoward.kernels import joint_scan
from untoward.kernels.joint_scan import Cases, Ground
from untoward.kernels.rates import by_stratum
from untoward.watch.delays import Delay, days_since_1970, elapsed_share, onset_density

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]

LEAST_CASES_OF_STRATUM = 5.0
"""Strata in which fewer cases are expected share one baseline: of so few it would be mostly chance."""

MOST_STRATA = 40


class CountingRule(Enum):
    """How the case of a person with several sessions counts."""

    OVERLAP = "overlap"
    FRACTIONAL = "fractional"
    LAST = "last"


SENTENCE_OF_RULE: Mapping[CountingRule, str] = {
    CountingRule.OVERLAP: (
        "A person's case counts once for every exposure of the sessions within reach before the onset."
    ),
    CountingRule.FRACTIONAL: (
        "A person's case is shared among the sessions within reach before the onset, by how likely each delay is."
    ),
    CountingRule.LAST: "A person's case counts for the last session before the onset alone.",
}


class Axes(NamedTuple):
    """Sessions by exposures: `member` (sessions, nodes) 1 where a session had the exposure, in the order of the sessions
    table; `axis` (nodes,) the number of the axis of each; `known` (sessions, axes) 1 where something is known of the
    session on the axis: it had one of the values, or is known to have had none of them.
    """

    member: sparse.csr_array
    axis: IntArray
    known: sparse.csr_array
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LaidOut:
    """The sessions of one outcome, person after person and by date within each, with the cases among them.

    `ground.weight` is the elapsed share. Its nodes from `real` on stand for "known on this axis", one per axis; `axis`
    numbers the axis of every node. `rows` are the positions in the sessions table, `case_rows` the cases counted (a
    person each, in the order of `cases`). Left out: sessions of which nobody can say whether the outcome followed
    (`undetermined`), sessions without a date (`undated`), and cases recorded for either (`cases_left_out`).
    """

    ground: Ground
    real: int
    axis: IntArray
    axes: tuple[str, ...]
    rows: IntArray
    case_rows: pl.DataFrame
    cases: Cases
    delay: Delay
    undetermined: int
    undated: int
    cases_left_out: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tally:
    """What fell on each node by stratum, (nodes, strata): `cases` counted by the rule, and `at_risk`, the elapsed sessions of
    which a case would be counted there. `ill` (nodes,): persons with a case that counts there at all.
    """

    cases: FloatArray
    at_risk: FloatArray
    ill: IntArray


def lay_out(
    axes: Axes,
    *,
    date: FloatArray,
    person: IntArray,
    out: BoolArray,
    session_ids: pl.Series,
    cases: pl.DataFrame,
    delay: Delay,
    now: float,
) -> LaidOut:
    """Put the sessions of one outcome in order.

    `date` (days since 1970), `person` (numbers) and `out` (nobody can say whether the outcome followed) stand in the order
    of the sessions table, as `axes.member` does; `cases` comes from `onsets.case_persons`. A session still to come is no
    session yet. An onset nobody wrote down stands on the day of the session it was recorded for.
    """
    undated = np.isnan(date)
    kept = np.flatnonzero(~(out | undated | (date > now)))
    rows = kept[np.lexsort((date[kept], person[kept]))]
    _present, starts, number = np.unique(person[rows], return_index=True, return_inverse=True)
    member = sparse.csr_array(sparse.hstack([axes.member[rows], axes.known[rows]], format="csr"))
    ground = Ground(
        date=date[rows],
        first=np.append(starts, rows.size).astype(np.int64),
        weight=elapsed_share(delay, date[rows], now),
        stratum=np.zeros(rows.size, np.int64),
        node_start=member.indptr.astype(np.int64),
        node=member.indices.astype(np.int32),
        nodes=member.shape[1],
        delays=delay.onset_days,
        reach=delay.reach,
        now=now,
    )
    placed = _placed(cases, session_ids.gather(rows), number.astype(np.int64))
    onset = days_since_1970(placed.select(pl.coalesce("onset", "session_date")).to_series())
    ill = placed.get_column("person").to_numpy().astype(np.int64)
    return LaidOut(
        ground=ground,
        real=axes.member.shape[1],
        axis=np.concatenate([axes.axis, np.arange(len(axes.names))]),
        axes=axes.names,
        rows=rows,
        case_rows=placed,
        cases=Cases(person=ill, onset=onset, stratum=np.zeros(onset.size, np.int64)),
        delay=delay,
        undetermined=int((out & ~undated).sum()),
        undated=int(undated.sum()),
        cases_left_out=cases.height - placed.height,
    )


def tally(
    laid: LaidOut, rule: CountingRule, stratum: IntArray, coarse: IntArray, coarse_axes: IntArray
) -> Tally:
    """Count cases and elapsed sessions of every node by stratum.

    `stratum` and `coarse` number the strata of each session of `laid.ground`, from 0. On the axes numbered in
    `coarse_axes` the coarse strata are used: a stratum that fixes the exposure could show no excess of it.
    """
    ground = laid.ground
    counted, at_risk = _by_row(laid, rule)
    strata = int(max(stratum.max(initial=0), coarse.max(initial=0))) + 1
    is_coarse = np.isin(laid.axis, coarse_axes)
    node = ground.node[counted.row]
    session = np.searchsorted(ground.node_start, counted.row, side="right") - 1
    cell = node.astype(np.int64) * strata + np.where(is_coarse[node], coarse[session], stratum[session])
    cases = np.bincount(cell, counted.share, minlength=ground.nodes * strata)
    return Tally(
        cases=cases.reshape(ground.nodes, strata).astype(np.float64),
        at_risk=by_stratum(ground.node_start, ground.node, at_risk, stratum, coarse, is_coarse, strata),
        ill=_persons_ill(counted, ground),
    )


def expected_cases(found: Tally, laid: LaidOut) -> FloatArray:
    """(nodes,) cases to be expected by now if, within each stratum and axis, only time mattered.

    The baseline of an axis and stratum is its cases over its elapsed sessions, among the sessions known on the
    axis: those of which nobody knows the exposure are no comparison. Over the values of an axis on which every person
    has one value the expected counts add up to the cases.
    """
    cases, at_risk = of_axis(found.cases, laid), of_axis(found.at_risk, laid)
    baseline = np.divide(cases, at_risk, out=np.zeros_like(cases), where=at_risk > 0)
    expected: FloatArray = (found.at_risk * baseline[laid.axis]).sum(axis=1)
    return expected


def of_axis(counts: FloatArray, laid: LaidOut) -> FloatArray:
    """The counts of "known on this axis": (axes, strata)."""
    return counts[laid.real :]


def pooled_strata(stratum: IntArray, elapsed: FloatArray, cases: int) -> IntArray:
    """Strata renumbered from 0 with the small ones put together as one.

    Small is where fewer than five cases are expected at the common rate, or all beyond the forty largest.
    """
    if not stratum.size:
        return stratum
    size = np.bincount(stratum, elapsed)
    wanted = cases * size / max(float(size.sum()), 1e-12) >= LEAST_CASES_OF_STRATUM
    ranked = np.argsort(-size, kind="stable")
    wanted[ranked[MOST_STRATA:]] = False
    number = np.zeros(size.size, np.int64)
    number[wanted] = np.arange(1, int(wanted.sum()) + 1)
    _used, renumbered = np.unique(number[stratum], return_inverse=True)
    return renumbered.astype(np.int64)


class _Counted(NamedTuple):
    """Which membership row each case counts in, and how much of it."""

    case: IntArray
    row: IntArray
    share: FloatArray


def _by_row(laid: LaidOut, rule: CountingRule) -> tuple[_Counted, FloatArray]:
    """Cases by membership row, and the elapsed sessions that each row stands for."""
    ground = laid.ground
    if rule is CountingRule.FRACTIONAL:
        # Shares are the chances that the session was the cause, so over many cases they return to each session its own part.
        return _shared(laid), np.repeat(ground.weight, np.diff(ground.node_start))
    seen = ground if rule is CountingRule.OVERLAP else ground._replace(reach=0.0)
    counted = joint_scan.counted(seen, laid.cases)
    whole = _Counted(counted.case, counted.row, np.ones(counted.row.size))
    return whole, joint_scan.expected(seen)


def _shared(laid: LaidOut) -> _Counted:
    """Every candidate session of each case with its share of it, spread to the rows of the session."""
    ground = laid.ground
    begin, end = ground.first[laid.cases.person], ground.first[laid.cases.person + 1]
    case = np.repeat(np.arange(begin.size), end - begin)
    session = _ranges(begin, end)
    density = onset_density(laid.delay, laid.cases.onset[case] - ground.date[session])
    total = np.bincount(case, density, minlength=begin.size)
    recorded = session == _recorded(laid)[case]
    share = np.where(total[case] > 0, density / np.where(total[case] > 0, total[case], 1.0), recorded)
    some = share > 0
    case, session, share = case[some], session[some], share[some]
    start, stop = ground.node_start[session], ground.node_start[session + 1]
    return _Counted(
        np.repeat(case, stop - start), _ranges(start, stop), np.repeat(share, stop - start).astype(np.float64)
    )


def _recorded(laid: LaidOut) -> IntArray:
    """Position of the session that each case was recorded for."""
    return laid.case_rows.get_column("session").to_numpy().astype(np.int64)


def _ranges(start: IntArray, stop: IntArray) -> IntArray:
    """All whole numbers from each start to before its stop, one run after the other."""
    length = stop - start
    before = np.cumsum(length) - length
    numbers: IntArray = np.arange(int(length.sum())) - np.repeat(before - start, length)
    return numbers


def _persons_ill(counted: _Counted, ground: Ground) -> IntArray:
    node = ground.node[counted.row].astype(np.int64)
    once = np.unique(counted.case * ground.nodes + node) % max(ground.nodes, 1)
    return np.bincount(once, minlength=ground.nodes).astype(np.int64)


def _placed(cases: pl.DataFrame, session_ids: pl.Series, person: IntArray) -> pl.DataFrame:
    """Cases with the number of their person and the position of their session; one row per person."""
    here = pl.DataFrame({"session_id": session_ids, "person": person}).with_row_index("session")
    found = cases.join(here, on="session_id", how="inner", maintain_order="left")
    return found.sort("person", "onset", nulls_last=True).unique("person", keep="first", maintain_order=True)
