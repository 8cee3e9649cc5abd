"""What was recorded of each reaction: its term, findings at observations, and measures.

A reaction for which nobody wrote a finding down is unknown there, whatever other reactions say. Of several
observations one "yes" is enough; "no" needs to have been said at least once.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from untoward.model.tables import Registry
from untoward.watch.columns import column_or_null, text_or_null
from untoward.watch.workbench.definition import Between, Dates, HasFinding, HasMeasure
from untoward.watch.workbench.people import People
from untoward.watch.workbench.truth import CANNOT_TELL, NO, YES, Truth, constant, opposite, some

YES_WORDS = ("yes", "y", "true", "t", "1", "1.0", "sí", "si", "s", "sim", "oui", "present", "positive", "positivo",
             "positif", "pos", "+", "mild", "moderate", "severe")  # fmt: skip
NO_WORDS = ("no", "n", "false", "f", "0", "0.0", "não", "nao", "non", "absent", "negative", "negativo", "négatif",
            "negatif", "neg", "none")  # fmt: skip
"""Words of a finding's cell that decide. Any other word ("pending", "see letter") leaves the finding unknown."""


def within(low: pl.Series, high: pl.Series, window: Between | None) -> Truth:
    """Whether a number known to lie between `low` and `high` lies in the window; no limits hold for every number."""
    if window is None:
        return constant(low.len(), YES)
    first, last = low.cast(pl.Float64), high.cast(pl.Float64)
    floor = -np.inf if window.low is None else window.low
    ceiling = np.inf if window.high is None else window.high
    sure = (first >= floor) & (last <= ceiling)
    never = (last < floor) | (first > ceiling)
    return _truth(sure, never)


def within_dates(first: pl.Series, last: pl.Series, window: Dates | None) -> Truth:
    """Whether a day known to lie between `first` and `last` lies in the window; unknown where no day is known."""
    if window is None:
        return constant(first.len(), YES)
    sure = pl.repeat(True, first.len(), dtype=pl.Boolean, eager=True)
    never = ~sure
    if window.first is not None:
        sure, never = sure & (first >= window.first), never | (last < window.first).fill_null(False)
    if window.last is not None:
        sure, never = sure & (last <= window.last), never | (first > window.last).fill_null(False)
    return _truth(sure, never)


def _truth(sure: pl.Series, never: pl.Series) -> Truth:
    yes, no = sure.fill_null(False).to_numpy(), never.fill_null(False).to_numpy()
    return np.where(yes, YES, np.where(no, NO, CANNOT_TELL)).astype(np.int8)


def has_term(people: People, terms: tuple[str, ...]) -> Truth:
    """Whether each reaction has one of the terms; a reaction whose own term is not known cannot be told."""
    term = people.reactions.get_column("term_id")
    hit = term.is_in(pl.Series(terms, dtype=pl.String).implode())
    return _truth(hit, ~hit)


def has_finding(people: People, condition: HasFinding) -> Truth:
    """Whether the finding was recorded of each reaction: at an observation, or as the reaction's own term.

    A culture may stand as a reaction of its own row; that it was present is then said by the row itself.
    """
    columns = [column for column, term in people.registry.findings.items() if term in condition.terms]
    told = [_column_truth(people, column, condition.value) for column in columns]
    if condition.value is None:
        own = people.reactions.get_column("term_id").is_in(
            pl.Series(condition.terms, dtype=pl.String).implode()
        )
        told.append(np.where(own.fill_null(False).to_numpy(), YES, CANNOT_TELL).astype(np.int8))
    if not told:
        return constant(people.reactions.height, CANNOT_TELL)
    present = _said(told)
    return present if condition.present else opposite(present)


def _said(told: list[Truth]) -> Truth:
    """Yes where any column says so; no where one says no and none says yes; else unknown."""
    best = some(told)
    denied = np.minimum.reduce(told) == NO
    return np.where((best == CANNOT_TELL) & denied, NO, best).astype(np.int8)


def has_measure(people: People, condition: HasMeasure) -> Truth:
    """Whether the measure was ever in the range at an observation of each reaction."""
    value = column_or_null(people.registry.observations, condition.measure, pl.Float64)
    return _by_reaction(people, _range_rows(people.registry, value, condition.value))


def _column_truth(people: People, column: str, value: Between | None) -> Truth:
    observations = people.registry.observations
    if value is not None:
        return _by_reaction(
            people, _range_rows(people.registry, column_or_null(observations, column, pl.Float64), value)
        )
    words = text_or_null(observations, column).str.to_lowercase()
    rows = observations.select(
        pl.col("reaction_id").cast(pl.String),
        words.is_in(YES_WORDS).alias("yes"),
        words.is_in(NO_WORDS).alias("no"),
    )
    return _by_reaction(people, rows)


def _range_rows(registry: Registry, value: pl.Expr, window: Between) -> pl.DataFrame:
    floor = -np.inf if window.low is None else window.low
    ceiling = np.inf if window.high is None else window.high
    inside = value.is_between(floor, ceiling)
    return registry.observations.select(
        pl.col("reaction_id").cast(pl.String), inside.alias("yes"), (~inside).alias("no")
    )


def _by_reaction(people: People, rows: pl.DataFrame) -> Truth:
    told = rows.group_by("reaction_id").agg(pl.col("yes").any(), pl.col("no").any())
    joined = people.reactions.select("reaction_id").join(
        told, on="reaction_id", how="left", maintain_order="left"
    )
    yes = joined.get_column("yes").fill_null(False)
    return _truth(yes, ~yes & joined.get_column("no").fill_null(False))
