"""What is fixed at the first look, so that whatever comes later was not known when it was fixed.

The expectation of an e-process must be predictable. Baselines and delays therefore come from before the start of the
watch, or are stated by the user with their source, and never change afterwards: a better baseline needs a new watch.

The baseline of an outcome is its cases known by the start, divided by the sessions before the start, each counted by
the share of its risk that had passed. With fewer than five such cases the upper 95 % limit stands in its place: calm is
then a weaker word, and an alarm no weaker. Techniques for which five cases were to be expected have a rate of their own,
drawn to the common one as if one more case had been seen at it; the others share the common one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from untoward.kernels.intervals import poisson_exact
from untoward.model.tables import Registry
from untoward.watch.columns import instant_or_null, text_or_null
from untoward.watch.delays import Delay, PublishedDelay, day_of, days_since_1970, delay_of
from untoward.watch.onsets import case_persons
from untoward.watch.outcomes import OutcomeCases
from untoward.watch.sequential.elapsed import risk_passed
from untoward.watch.wording import many

FloatArray = NDArray[np.float64]

RULE = "watch 1"
"""Version of the rules by which a look is made; a ledger of another version is not continued."""

ENOUGH_CASES = 5
"""With fewer earlier cases the upper limit of the baseline is used, and no technique has a rate of its own."""

ENOUGH_SESSIONS = 50
"""With less risk behind the start even no case at all leaves room for a baseline that would hide everything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedBaseline:
    """A rate that the user gives: cases per session once all its risk has passed, and where that is from."""

    rate: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OutcomePlan:
    """Baseline and delay of one outcome.

    `rate` is in cases per session once all its risk has passed, `by_technique` the rates of techniques with one of
    their own. `upper` is how many times the rate the upper end of its 95 % interval is (1 when the rate is stated or
    already that end). `not_watched` is the reason when the outcome cannot be watched.
    """

    outcome: str
    rate: float
    upper: float
    by_technique: Mapping[str, float]
    cases: int
    at_risk: float
    source: str
    delay: Delay
    not_watched: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WatchPlan:
    """Everything fixed at the first look. `start` is when the watch begins: only what became known later counts."""

    start: datetime
    alpha: float
    axes: tuple[str, ...]
    outcomes: tuple[OutcomePlan, ...]
    rule: str = RULE
    notes: tuple[str, ...] = field(default=())


def outcome_plan(
    registry: Registry,
    cases: OutcomeCases,
    start: datetime,
    *,
    published: PublishedDelay | None = None,
    stated: StatedBaseline | None = None,
) -> OutcomePlan:
    """The plan of one outcome from the registry as it was known at the start (see `known_by`)."""
    name = cases.outcome.name
    persons = case_persons(registry, cases)
    delay = delay_of(name, registry, persons, start, published)
    sessions = _sessions_at_risk(registry, delay, day_of(start))
    at_risk = float(sessions["at_risk"].sum())
    if stated is not None:
        return OutcomePlan(
            outcome=name,
            rate=stated.rate,
            upper=1.0,
            by_technique={},
            cases=persons.height,
            at_risk=at_risk,
            source=f"stated: {stated.source}",
            delay=delay,
        )
    return _own_baseline(name, persons, sessions, delay)


def _own_baseline(name: str, persons: pl.DataFrame, sessions: pl.DataFrame, delay: Delay) -> OutcomePlan:
    at_risk, cases = float(sessions["at_risk"].sum()), persons.height
    few = cases < ENOUGH_CASES
    estimate = cases / max(at_risk, 1.0)
    limit = float(poisson_exact(cases)[1]) / max(at_risk, 1.0)
    rate = limit if few else estimate
    return OutcomePlan(
        outcome=name,
        rate=rate,
        upper=1.0 if few else limit / estimate,
        by_technique={} if few else _by_technique(persons, sessions, rate),
        cases=cases,
        at_risk=at_risk,
        source=_source(cases, at_risk, few),
        delay=delay,
        not_watched=_too_little(at_risk),
    )


def _too_little(at_risk: float) -> str:
    if at_risk >= ENOUGH_SESSIONS:
        return ""
    return (
        f"the risk that had passed before the start is that of {at_risk:.0f} sessions, and a baseline needs "
        f"{ENOUGH_SESSIONS}; start later or state one"
    )


def _source(cases: int, at_risk: float, few: bool) -> str:
    said = f"{many(cases, 'case')} on {at_risk:,.0f} sessions (by the risk that had passed) before the start"
    return f"{said}; so few that the upper 95 % limit is used" if few else said


def _sessions_at_risk(registry: Registry, delay: Delay, start: float) -> pl.DataFrame:
    sessions = registry.sessions
    dates = days_since_1970(sessions.select(instant_or_null(sessions, "date_from").alias("date")).to_series())
    risk = np.where(np.isnan(dates), 0.0, risk_passed(delay, dates, start))
    technique = sessions.select(text_or_null(sessions, "technique").alias("technique")).to_series()
    return pl.DataFrame(
        {
            "session_id": sessions.get_column("session_id").cast(pl.String),
            "technique": technique,
            "at_risk": risk,
        }
    )


def _by_technique(persons: pl.DataFrame, sessions: pl.DataFrame, rate: float) -> Mapping[str, float]:
    risk = sessions.drop_nulls("technique").group_by("technique").agg(pl.col("at_risk").sum())
    counted = (
        persons.join(sessions, on="session_id", how="inner").group_by("technique").agg(pl.len().alias("n"))
    )
    both = risk.join(counted, on="technique", how="left").with_columns(pl.col("n").fill_null(0))
    enough = both.filter(pl.col("at_risk") * rate >= ENOUGH_CASES).sort("technique")
    return {
        technique: (n + 1) / (at_risk + 1 / rate)
        for technique, at_risk, n in enough.select("technique", "at_risk", "n").iter_rows()
    }
