"""One outcome of a registry against every exposure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from untoward.kernels.rates import GammaPrior, NoPrior, node_totals
from untoward.model.tables import Registry
from untoward.watch.columns import instant_or_null
from untoward.watch.delays import Delay, day_of, days_since_1970
from untoward.watch.expected import (
    SENTENCE_OF_RULE,
    CountingRule,
    LaidOut,
    Tally,
    expected_cases,
    lay_out,
    of_axis,
    pooled_strata,
    tally,
)
from untoward.watch.onsets import case_persons, session_persons
from untoward.watch.outcomes import OutcomeCases
from untoward.watch.rates.answer import AxisSummary, OutcomeRates
from untoward.watch.rates.axes import PAIR_JOINT, RateAxes
from untoward.watch.rates.measures import (
    POSITIONS,
    adjusted,
    against_expected,
    crude,
    position,
    shrunken_by_axis,
)
from untoward.watch.rates.reasons import Enough, reasons
from untoward.watch.rates.strata import COARSE_AXES, strata
from untoward.watch.wording import many

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def outcome_rates(
    registry: Registry,
    outcome: OutcomeCases,
    exposures: RateAxes,
    delay: Delay,
    now: datetime,
    *,
    rule: CountingRule = CountingRule.OVERLAP,
    enough: Enough | None = None,
) -> OutcomeRates:
    """Counts, rates and comparisons of every exposure; `registry` and `outcome` hold only what was known at `now`.

    `exposures` comes from `axes.rate_axes` of the same registry.
    """
    laid = _laid_out(registry, outcome, exposures, delay, now)
    split = strata(registry.sessions)
    total = laid.cases.person.size
    fine, coarse = (pooled_strata(part[laid.rows], laid.ground.weight, total) for part in split)
    coarse_axes = [at for at, name in enumerate(laid.axes) if set(name.split(PAIR_JOINT)) & set(COARSE_AXES)]
    found = tally(laid, rule, fine, coarse, np.array(coarse_axes, dtype=np.int64))
    table, known, priors = _table(registry, outcome, exposures, laid, found)
    judged = _judged(table, enough or Enough(), total)
    return OutcomeRates(
        outcome=outcome.outcome.name,
        definition=outcome.outcome.definition,
        as_of=now.isoformat(timespec="minutes"),
        sessions=laid.rows.size,
        persons=laid.ground.first.size - 1,
        cases=total,
        elapsed=float(laid.ground.weight.sum()),
        rule=SENTENCE_OF_RULE[rule],
        delay=delay.source,
        delay_evidence=delay.evidence,
        strata=int(fine.max(initial=-1)) + 1,
        table=judged,
        axes=tuple(_summary(name, judged, laid, found, known[name], priors[name]) for name in laid.axes),
        left_out=tuple(_left_out(laid)),
    )


def _laid_out(
    registry: Registry, outcome: OutcomeCases, exposures: RateAxes, delay: Delay, now: datetime
) -> LaidOut:
    sessions = registry.sessions
    ids = sessions.get_column("session_id").cast(pl.String)
    begun = sessions.select(instant_or_null(sessions, "date_from")).to_series()
    persons = session_persons(sessions)
    return lay_out(
        exposures.axes,
        date=days_since_1970(begun),
        person=persons.rank("dense").to_numpy().astype(np.int64),
        out=ids.is_in(outcome.undetermined.cast(pl.String).implode()).to_numpy(),
        session_ids=ids,
        cases=case_persons(registry, outcome),
        delay=delay,
        now=day_of(now),
    )


def _table(
    registry: Registry, outcome: OutcomeCases, exposures: RateAxes, laid: LaidOut, found: Tally
) -> tuple[pl.DataFrame, Mapping[str, int], Mapping[str, GammaPrior | NoPrior]]:
    """Every measure of every exposure that somebody had, the sessions known on each axis, and the priors."""
    ground, real = laid.ground, laid.real
    observed, expected = found.cases.sum(axis=1)[:real], expected_cases(found, laid)[:real]
    sessions, persons, elapsed = node_totals(
        ground.first, ground.node_start, ground.node, ground.nodes, ground.weight
    )
    reactions, sessions_ill = _recorded(registry, outcome, laid)
    shrunk, priors = shrunken_by_axis(observed, expected, laid)
    known = sessions[real:][laid.axis[:real]]
    on_axis = of_axis(found.cases, laid).sum(axis=1)[laid.axis[:real]]
    had = (sessions[:real] > 0).astype(np.float64)
    columns = {
        "sessions": sessions[:real],
        "persons": persons[:real],
        "reactions": reactions,
        "sessions_ill": sessions_ill,
        "ill": found.ill[:real],
        "cases": observed,
        "elapsed": elapsed[:real],
        "expected": expected,
        **crude(sessions[:real], sessions_ill, reactions, persons[:real], found.ill[:real]),
        **against_expected(observed, expected, on_axis),
        **adjusted(found, laid),
        **shrunk,
        "known_share": known / max(laid.rows.size, 1),
        "values": np.bincount(laid.axis[:real], had, minlength=len(laid.axes))[laid.axis[:real]],
    }
    frame = exposures.names.with_columns(pl.Series(name, values) for name, values in columns.items())
    figures = [name for name, dtype in frame.schema.items() if dtype == pl.Float64]
    clean = frame.with_columns(
        pl.when(pl.col(name).is_finite()).then(pl.col(name)).alias(name) for name in figures
    )
    known_sessions = dict(zip(laid.axes, sessions[real:].tolist(), strict=True))
    return clean.filter(pl.col("sessions") > 0), known_sessions, priors


def _recorded(registry: Registry, outcome: OutcomeCases, laid: LaidOut) -> tuple[IntArray, IntArray]:
    """Case reactions, and sessions with at least one, as recorded: for the last session before each reaction."""
    ground = laid.ground
    ids = registry.sessions.get_column("session_id").cast(pl.String).gather(laid.rows)
    per_session = outcome.reactions.group_by(pl.col("session_id").cast(pl.String)).agg(pl.len().alias("n"))
    n = pl.DataFrame({"session_id": ids}).join(
        per_session, on="session_id", how="left", maintain_order="left"
    )
    reactions = n.get_column("n").fill_null(0).to_numpy().astype(np.int64)
    ill = np.flatnonzero(reactions)
    rows = [np.arange(ground.node_start[one], ground.node_start[one + 1]) for one in ill]
    row = np.concatenate(rows) if rows else np.zeros(0, np.int64)
    weight = np.repeat(reactions[ill], [len(one) for one in rows]) if rows else np.zeros(0, np.int64)
    node = ground.node[row]
    counted = (
        np.bincount(node, by, minlength=ground.nodes)[: laid.real] for by in (weight, np.ones(row.size))
    )
    all_reactions, sessions_ill = (values.astype(np.int64) for values in counted)
    return all_reactions, sessions_ill


def _judged(table: pl.DataFrame, enough: Enough, cases: int) -> pl.DataFrame:
    """The table with position and reason, the worst first.

    What stands above the 99.8 % limit, or above the 95 % limit with two cases or more, comes first even when there is little
    data: few sessions with many cases must not drown. Then what can be compared, then the rest; within each by how unlikely
    as many cases are by chance.
    """
    said = table.with_columns(position(), reasons(table, enough, cases=cases))
    worst, above = POSITIONS[:2]
    stands_out = (pl.col("position") == worst) | ((pl.col("position") == above) & (pl.col("cases") >= 2))
    group = pl.when(stands_out.fill_null(False)).then(0).when(pl.col("reason") == "").then(1).otherwise(2)
    order = said.with_columns(group.alias("group"))
    ranked = order.sort(
        "group", "excess_p", "oe", descending=[False, False, True], nulls_last=True, maintain_order=True
    )
    return ranked.drop("group", "known_share", "values")


def _summary(
    name: str, table: pl.DataFrame, laid: LaidOut, found: Tally, known: int, prior: GammaPrior | NoPrior
) -> AxisSummary:
    mine = table.filter(pl.col("axis") == name)
    node = laid.real + laid.axes.index(name)
    counts = mine.filter(pl.col("reason") != "").group_by("reason").len().sort("len", descending=True)
    return AxisSummary(
        axis=name,
        values=mine.height,
        cases=float(found.cases[node].sum()),
        compared=mine.filter(pl.col("reason") == "").height,
        sessions_known=known,
        sessions_unknown=laid.rows.size - known,
        cases_unknown=laid.cases.person.size - int(found.ill[node]),
        shrunken_to=None if isinstance(prior, NoPrior) else prior.shape / prior.rate,
        spread=None if isinstance(prior, NoPrior) else prior.shape**-0.5,
        not_shrunken=prior.reason if isinstance(prior, NoPrior) else "",
        reasons=dict(counts.iter_rows()),
    )


def _left_out(laid: LaidOut) -> list[str]:
    said = (
        (laid.undetermined, "session", "of which nobody can say whether the outcome followed"),
        (laid.undated, "session", "without a date"),
        (laid.cases_left_out, "case person", "recorded for a session that is left out or unknown"),
    )
    return [f"{many(number, what)} {why}" for number, what, why in said if number]
