"""Exposures of a line list: one row per person, or per `count` persons who are alike.

A yes/no column is one exposure, "yes"; a column of words is one exposure per word. A person for whom a column
is empty is unknown there, and one of whom nobody knows whether they fell ill is left out.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from untoward.errors import Fault, InputError
from untoward.model.counts import EpiCurve, ExposureResult, TwoByTwo
from untoward.model.review import OutcomeScreen
from untoward.model.tables import LineList
from untoward.watch.columns import text_or_null
from untoward.watch.counting import count_masks
from untoward.watch.epi_curve import epi_curve, whole_date
from untoward.watch.estimates import cases_only_result, proportion
from untoward.watch.memberships import Memberships, memberships_of
from untoward.watch.screening import Question, ask, in_full
from untoward.watch.wording import exposure_name, many

_YES, _NO = "yes", "no"
_DEFINITION = "Persons marked as ill in the list, by the case definition of whoever made it."


def screen_line_list(line_list: LineList, outcome_name: str = "ill", keep: int = 50) -> OutcomeScreen:
    """Attack rate of a line list, and its exposures ranked as for a registry, in persons.

    A list that holds only ill persons has no denominator: its attack rate and every ratio and p value are
    None, and the exposures stand in order of how many of the ill had them.
    """
    units, question = line_list_memberships(line_list), line_list_question(line_list, outcome_name)
    ill, n = units.weight_of(question.cases), units.total - units.weight_of(question.out)
    only_cases = is_only_cases(units, question)
    if only_cases:
        results = _most_common_first(exposure_results(units, question))
        reading, tested = _only_cases_reading(results, ill), 0
    else:
        answer = ask(units, question, keep)
        results, reading, tested = answer.results, answer.reading, answer.tested
    return OutcomeScreen(
        outcome=outcome_name,
        definition=_DEFINITION,
        unit="person",
        attack_rate=proportion(ill, None if only_cases else n),
        attack_rate_persons=None,
        tested=tested,
        results=results[:keep],
        reading=reading,
        axes_without_data=units.axes_without_data,
    )


def line_list_epi_curve(
    line_list: LineList, outcome_name: str = "ill", bin_days: int | None = None
) -> EpiCurve:
    """Ill persons by onset; those without an onset that is known to the day are counted apart."""
    frame = line_list.frame.with_columns(_persons(line_list.frame).alias("count"))
    ill = frame.filter(pl.col("ill").cast(pl.Boolean))
    onsets = ill.select(whole_date(ill, "onset").alias("onset")).to_series()
    return epi_curve(outcome_name, onsets, ill.get_column("count"), bin_days)


def line_list_memberships(line_list: LineList, exposures: Iterable[str] | None = None) -> Memberships:
    """Who had which exposure; the rows of the list are the units, weighted by `count`.

    Only the named exposure columns, in the order given, when there are any. Raises InputError naming every
    column that the list does not have.
    """
    frame = line_list.frame
    chosen = tuple(line_list.exposures if exposures is None else dict.fromkeys(exposures))
    _require_columns(frame, chosen)
    numbers = np.arange(frame.height, dtype=np.uint32)
    units = pl.Series([str(number) for number in numbers], dtype=pl.String)
    frames = ((name, pl.DataFrame({"unit": numbers, "value": _values(frame, name)})) for name in chosen)
    yes_no = frozenset(name for name in chosen if frame.schema[name] == pl.Boolean)
    return memberships_of(
        units, frames, chosen, weights=_persons(frame).to_numpy(), reference={(name, _NO) for name in yes_no}
    )


def line_list_question(line_list: LineList, outcome_name: str) -> Question:
    """Who is ill, and of whom nobody knows."""
    ill = line_list.frame.get_column("ill").cast(pl.Boolean)
    return Question(
        outcome=outcome_name,
        unit="person",
        cases=ill.fill_null(False).to_numpy(),
        out=ill.is_null().to_numpy(),
        list_cases=False,
    )


def is_only_cases(units: Memberships, question: Question) -> bool:
    """Whether nobody who stayed well is in the list, so that nothing is known of all who were exposed."""
    return 0 < units.weight_of(question.cases) == units.total - units.weight_of(question.out)


def exposure_results(units: Memberships, question: Question) -> tuple[ExposureResult, ...]:
    """Every exposure in full, in the order of the list's columns, then of their values."""
    if is_only_cases(units, question):
        return _among_cases(units, question)
    return in_full(units, question)


def _among_cases(units: Memberships, question: Question) -> tuple[ExposureResult, ...]:
    tables = count_masks(units, question.cases, question.out).with_row_index("position")
    rows = tables.filter(~pl.col("position").is_in(units.reference)).to_dicts()
    return tuple(
        cases_only_result(
            axis=row["axis"],
            value=row["value"],
            outcome=question.outcome,
            table=TwoByTwo(a=row["a"], b=row["b"], c=row["c"], d=row["d"]),
            unknown=row["unknown"],
        )
        for row in rows
    )


def _most_common_first(results: tuple[ExposureResult, ...]) -> tuple[ExposureResult, ...]:
    return tuple(sorted(results, key=lambda result: -result.table.a))


def _only_cases_reading(results: tuple[ExposureResult, ...], ill: int) -> str:
    text = (
        f"The number of people exposed is not in the data: all {many(ill, 'person')} listed are cases, so no attack rate"
        " and no comparison can be given."
    )
    if not results or results[0].table.a == 0:
        return text
    first = results[0]
    known = first.table.a + first.table.c
    return f"{text} Most common among them: {exposure_name(first.axis, first.value)}, {first.table.a:,} of {known:,}."


def _persons(frame: pl.DataFrame) -> pl.Series:
    """Persons per row; 1 where the list has no count."""
    if "count" not in frame.columns:
        return pl.repeat(1, frame.height, dtype=pl.Int64, eager=True)
    return frame.get_column("count").cast(pl.Int64).fill_null(1)


def _values(frame: pl.DataFrame, name: str) -> pl.Series:
    if frame.schema[name] == pl.Boolean:
        named = pl.when(pl.col(name)).then(pl.lit(_YES)).when(~pl.col(name)).then(pl.lit(_NO))
        return frame.select(named.cast(pl.Enum([_YES, _NO])).alias("value")).to_series()
    return frame.select(text_or_null(frame, name).cast(pl.Categorical).alias("value")).to_series()


def _require_columns(frame: pl.DataFrame, names: tuple[str, ...]) -> None:
    faults = [
        Fault(
            what="no such exposure column",
            file="line list",
            field=name,
            expected=f"one of {', '.join(frame.columns)}",
            hint="Name a column of the list.",
        )
        for name in names
        if name not in frame.columns
    ]
    if faults:
        raise InputError("The line list lacks exposures that were asked for.", faults)
