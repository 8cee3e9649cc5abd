"""One outcome of a registry against every exposure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from untoward.kernels.two_by_two import Table, fisher_exact_greater
from untoward.model.counts import ExposureResult, Proportion, TwoByTwo
from untoward.model.review import OutcomeScreen
from untoward.model.tables import Registry
from untoward.watch.columns import text_or_null
from untoward.watch.counting import count_masks
from untoward.watch.estimates import exposure_result, proportion
from untoward.watch.exposures import registry_memberships
from untoward.watch.memberships import Memberships, UnitMask
from untoward.watch.outcomes import OutcomeCases
from untoward.watch.ranking import rank_tables
from untoward.watch.wording import SIGNIFICANT, Rest, Standing, reading

CASES_LISTED = 500
"""At most so many case ids stand in one result; the table's `a` says how many there are."""

_Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One outcome asked of memberships: who is a case, and of whom that cannot be said (no unit is both).

    `persons` holds the person of each unit, where a person can be several units.
    """

    outcome: str
    unit: str
    cases: UnitMask
    out: UnitMask
    persons: pl.Series | None = None
    list_cases: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The exposures tested, the first of them in full, and the reading."""

    tested: int
    results: tuple[ExposureResult, ...]
    reading: str


def screen(
    registry: Registry,
    cases: OutcomeCases,
    *,
    memberships: Memberships | None = None,
    compound_labels: Mapping[str, str] | None = None,
    keep: int = 50,
) -> OutcomeScreen:
    """Attack rate of one outcome, and every exposure ranked by how far its cases exceed what is expected.

    `memberships` (from `registry_memberships`) is worth handing in when several outcomes are screened; then
    `compound_labels` is not used. The `keep` most striking exposures get full estimates; `tested` counts all.
    A result lists at most `CASES_LISTED` session ids. Sessions that are undetermined for the outcome count
    nowhere.
    """
    units = memberships or registry_memberships(registry, compound_labels)
    out = units.mask(cases.undetermined)
    question = Question(
        outcome=cases.outcome.name,
        unit=cases.outcome.unit,
        cases=units.mask(cases.session_ids) & ~out,
        out=out,
        persons=registry.sessions.select(text_or_null(registry.sessions, "patient_id")).to_series(),
    )
    answer = ask(units, question, keep)
    return OutcomeScreen(
        outcome=cases.outcome.name,
        definition=cases.outcome.definition,
        unit=cases.outcome.unit,
        attack_rate=proportion(int(question.cases.sum()), int((~out).sum())),
        attack_rate_persons=_attack_rate_persons(question),
        tested=answer.tested,
        results=answer.results,
        reading=answer.reading,
        axes_without_data=units.axes_without_data,
    )


def ask(units: Memberships, question: Question, keep: int) -> Answer:
    """Count, rank, estimate and put into words."""
    ranked = _ranked(units, question)
    rows = ranked.head(max(keep, 1)).to_dicts()
    results = tuple(_result(units, question, row) for row in rows)
    first = results[0] if results else None
    stands_out = _stands_out(first)
    twins, rest = _beside_the_first(units, question, ranked) if stands_out else ((), None)
    n, cases = units.total - units.weight_of(question.out), units.weight_of(question.cases)
    standing = Standing(
        cases=cases,
        n=n,
        tested=ranked.height,
        comparable=ranked.filter(pl.col("c") + pl.col("d") > 0).height,
        left_out=units.weight_of(question.out),
        first=first,
        persons=_persons_among(units, question, rows[0]["position"]) if stands_out else None,
        twins=twins,
        rest=rest,
    )
    return Answer(tested=ranked.height, results=results[:keep], reading=reading(standing, question.unit))


def in_full(units: Memberships, question: Question) -> tuple[ExposureResult, ...]:
    """Every exposure with full estimates, in the order of `exposures`; those that nobody had come with p =
    1.
    """
    tables = count_masks(units, question.cases, question.out).with_row_index("position")
    ranked = _ranked(units, question).select("position", "p_greater", "p_adjusted")
    joined = tables.join(ranked, on="position", how="left", maintain_order="left")
    rows = joined.with_columns(pl.col("p_greater", "p_adjusted").fill_null(1.0)).to_dicts()
    return tuple(_result(units, question, row) for row in rows if row["position"] not in units.reference)


def _ranked(units: Memberships, question: Question) -> pl.DataFrame:
    return rank_tables(count_masks(units, question.cases, question.out), units.reference)


def _stands_out(result: ExposureResult | None) -> bool:
    return result is not None and result.p_adjusted is not None and result.p_adjusted < SIGNIFICANT


def _result(units: Memberships, question: Question, row: _Row) -> ExposureResult:
    return exposure_result(
        axis=row["axis"],
        value=row["value"],
        outcome=question.outcome,
        table=_table(row),
        unknown=row["unknown"],
        p_greater=row["p_greater"],
        p_adjusted=row["p_adjusted"],
        cases=_case_ids(units, question, row["position"]) if question.list_cases and row["a"] else (),
    )


def _table(row: _Row) -> TwoByTwo:
    return TwoByTwo(a=row["a"], b=row["b"], c=row["c"], d=row["d"])


def _case_ids(units: Memberships, question: Question, position: int) -> tuple[str, ...]:
    exposed_cases = np.flatnonzero(units.units_with(position) & question.cases)[:CASES_LISTED]
    return tuple(units.units.gather(exposed_cases).to_list())


def _beside_the_first(
    units: Memberships, question: Question, ranked: pl.DataFrame
) -> tuple[tuple[tuple[str, str], ...], Rest | None]:
    """Exposures that the same units had as the first, and what is left of the next one without those
    units.
    """
    first = ranked.row(0, named=True)
    exposed = units.units_with(first["position"])
    twins = _same_units(units, first["position"], exposed)
    following = ranked.slice(1).filter(
        ~pl.col("position").is_in(twins) & (pl.col("p_adjusted") < SIGNIFICANT)
    )
    names = [(row["axis"], row["value"]) for row in ranked.filter(pl.col("position").is_in(twins)).to_dicts()]
    if following.is_empty():
        return tuple(names), None
    out = question.out | exposed
    without_first = count_masks(units, question.cases & ~out, out)
    row = following.row(0, named=True)
    table = _table(without_first.row(row["position"], named=True))
    p_greater = fisher_exact_greater(Table(table.a, table.b, table.c, table.d))
    return tuple(names), Rest(result=_result(units, question, row), table=table, p_greater=p_greater)


def _same_units(units: Memberships, position: int, exposed: UnitMask) -> list[int]:
    """Positions of the other exposures that exactly these units had: equal signature, then checked."""
    mine = units.exposures.row(position, named=True)
    alike = units.exposures.select(
        ((pl.col("signature") == mine["signature"]) & (pl.col("exposed") == mine["exposed"])).arg_true()
    ).to_series()
    return [
        other
        for other in alike.to_list()
        if other not in (position, *units.reference) and bool((units.units_with(other) == exposed).all())
    ]


def _persons_among(units: Memberships, question: Question, position: int) -> int | None:
    """How many persons the exposed cases are; None when that is not known of all of them."""
    if question.persons is None:
        return None
    persons = question.persons.filter(pl.Series(units.units_with(position) & question.cases))
    return None if persons.null_count() else persons.n_unique()


def _attack_rate_persons(question: Question) -> Proportion | None:
    """Persons with a case among all; None when no person is recorded.

    Sessions without a person are passed over. A person is left out when no session is a case and one is
    undetermined.
    """
    if question.persons is None or question.persons.null_count() == question.persons.len():
        return None
    everyone = question.persons.drop_nulls().n_unique()
    ill = question.persons.filter(pl.Series(question.cases)).drop_nulls().unique()
    unsure = question.persons.filter(pl.Series(question.out)).drop_nulls().unique()
    unsure_only = unsure.filter(~unsure.is_in(ill.implode()))
    return proportion(ill.len(), everyone - unsure_only.len())
