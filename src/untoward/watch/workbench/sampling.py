"""Matched controls from the registry, by incidence density sampling.

For each case the risk set is everyone who, on the day the case fell ill, was under observation and not ill: persons
with a session in the same window of time who were well by then. Somebody who fell ill later may be a control before
that, and one person may serve in several sets; within a set nobody stands twice. With controls drawn so, the odds ratio of
the matched analysis estimates the rate ratio without assuming that the illness is rare (Greenland and Thomas, Am J
Epidemiol 1982;116:547).

Who cannot be told to be a case or not is no control: among those there may be cases.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl

from untoward.watch.columns import column_or_null, text_or_null
from untoward.watch.workbench.classify import Classified
from untoward.watch.workbench.definition import LEVELS, NOT_A_CASE
from untoward.watch.workbench.truth import YES

MATCHABLE = ("clinic", "city", "region", "practitioner", "technique", "sex")
"""What controls may be matched on exactly. What is matched on can no longer be studied as an exposure."""

_Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchPlan:
    """How controls are chosen: `controls` for each case, equal on the columns `by`, with a session at most
    `within_days` from the case's, and at most `age_within` years apart when that is given.
    """

    controls: int = 4
    by: tuple[str, ...] = ("clinic",)
    within_days: int = 30
    age_within: float | None = None
    seed: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchedSet:
    """One case, how many controls it got, and how the risk set became so small: (reason, persons), in order."""

    number: int
    patient_id: str
    found: int
    eligible: int
    lost: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sampled:
    """The sets.

    `members` has one row per member: `set`, `role` (case, control), `patient_id`, `session_id` and `session_date` of
    the session matched on, `onset` of the set's case, and `onset_later` where a control fell ill afterwards. `without_set` holds
    (patient_id, reason) of cases for whom none could be made.
    """

    plan: MatchPlan
    members: pl.DataFrame
    sets: tuple[MatchedSet, ...]
    without_set: tuple[tuple[str, str], ...]

    @property
    def short(self) -> tuple[MatchedSet, ...]:
        """Sets with fewer controls than asked for, also those without any, which are not in `members`."""
        return tuple(one for one in self.sets if one.found < self.plan.controls)


def sample_controls(classified: Classified, plan: MatchPlan) -> Sampled:
    """Draw controls for every case that counts. The same seed draws the same controls, whatever other cases there are."""
    pool = _pool(classified, plan)
    cases = classified.persons.filter(pl.Series(classified.ill)).sort("onset", "patient_id", nulls_last=True)
    sets: list[MatchedSet] = []
    members: list[_Row] = []
    without: list[tuple[str, str]] = []
    for case in cases.iter_rows(named=True):
        reason, index = _index_row(case, pool, plan)
        if index is None:
            without.append((case["patient_id"], reason))
            continue
        chosen, made = _draw(case, index, pool, plan, len(sets) + 1)
        sets.append(made)
        if chosen:
            members += [_member(made.number, "case", index, case["onset"]), *chosen]
    return Sampled(plan=plan, members=_frame(members), sets=tuple(sets), without_set=tuple(without))


def _pool(classified: Classified, plan: MatchPlan) -> pl.DataFrame:
    """The sessions of the definition whose day is known, with their person's standing and matching values."""
    table = classified.people.registry.sessions
    columns = [text_or_null(table, name).alias(f"by_{name}") for name in plan.by]
    about = table.select(*columns, column_or_null(table, "age", pl.Float64).alias("age"))
    persons = classified.persons.select(
        "patient_id", "level", pl.col("onset").alias("own_onset")
    ).with_row_index("person")
    frame = classified.people.sessions.hstack(about).with_columns(
        pl.Series("in_scope", classified.session_scope == YES)
    )
    known = frame.filter(pl.col("in_scope") & (pl.col("first") == pl.col("last")))
    return known.drop("in_scope", "last").join(persons, on="person", how="left", maintain_order="left")


def _index_row(case: _Row, pool: pl.DataFrame, plan: MatchPlan) -> tuple[str, _Row | None]:
    if case["onset"] is None:
        return "the day the illness began is not known", None
    mine = pool.filter(pl.col("session_id") == (case["session_id"] or ""))
    if mine.is_empty():
        return "no session of a known day and place before the onset", None
    row = mine.row(0, named=True)
    blank = [name for name in plan.by if row[f"by_{name}"] is None]
    if plan.age_within is not None and row["age"] is None:
        blank.append("age")
    return (f"not recorded: {', '.join(blank)}", None) if blank else ("", row)


def _draw(
    case: _Row, index: _Row, pool: pl.DataFrame, plan: MatchPlan, number: int
) -> tuple[list[_Row], MatchedSet]:
    left, lost = _risk_set(case, index, pool, plan)
    away = (pl.col("first") - pl.lit(index["first"])).dt.total_days().abs()
    nearest = left.with_columns(away.alias("away")).sort("patient_id", "away", "session_id")
    persons = nearest.unique("patient_id", keep="first", maintain_order=True)
    # A stream for each case: another case more or less leaves the draws of this one alone.
    rng = np.random.default_rng([plan.seed, zlib.crc32(case["patient_id"].encode())])
    take = min(plan.controls, persons.height)
    places = np.sort(rng.choice(persons.height, size=take, replace=False)) if take else np.zeros(0, np.int64)
    chosen = [_member(number, "control", row, case["onset"]) for row in persons[places].iter_rows(named=True)]
    made = MatchedSet(
        number=number, patient_id=case["patient_id"], found=take, eligible=persons.height, lost=tuple(lost)
    )
    return chosen, made


def _risk_set(
    case: _Row, index: _Row, pool: pl.DataFrame, plan: MatchPlan
) -> tuple[pl.DataFrame, list[tuple[str, int]]]:
    """Those at risk, and how many persons each step took away."""
    left = pool.filter(pl.col("person") != index["person"])
    lost = []
    for reason, keep in _steps(case, index, plan):
        before = left.get_column("person").n_unique()
        left = left.filter(keep.fill_null(False))
        lost.append((reason, before - left.get_column("person").n_unique()))
    return left, lost


def _steps(case: _Row, index: _Row, plan: MatchPlan) -> Iterator[tuple[str, pl.Expr]]:
    onset: date = case["onset"]
    window = timedelta(days=plan.within_days)
    near = pl.col("first").is_between(index["first"] - window, min(index["first"] + window, onset))
    yield f"no session within {plan.within_days} days of the case's and before its onset", near
    for name in plan.by:
        yield f"another {name}, or none recorded", pl.col(f"by_{name}") == index[f"by_{name}"]
    if plan.age_within is not None:
        close = (pl.col("age") - index["age"]).abs() <= plan.age_within
        yield f"more than {plan.age_within:g} years apart, or age not recorded", close
    well = (pl.col("level") == NOT_A_CASE) | (pl.col("level").is_in(LEVELS) & (pl.col("own_onset") > onset))
    yield "ill by then, or cannot be told", well


def _member(number: int, role: str, row: _Row, onset: date) -> _Row:
    later = row["own_onset"] if role == "control" and row["level"] in LEVELS else None
    return {
        "set": number,
        "role": role,
        "patient_id": row["patient_id"],
        "session_id": row["session_id"],
        "session_date": row["first"],
        "onset": onset,
        "onset_later": later,
    }


def _frame(members: list[_Row]) -> pl.DataFrame:
    schema = {
        "set": pl.Int64, "role": pl.String, "patient_id": pl.String, "session_id": pl.String,
        "session_date": pl.Date, "onset": pl.Date, "onset_later": pl.Date,
    }  # fmt: skip
    return pl.DataFrame(members, schema=schema)
