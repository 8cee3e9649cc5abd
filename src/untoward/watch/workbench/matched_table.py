"""The table of a matched study: one row per member, one yes/no column per exposure, blank where it is not known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import polars as pl

from untoward.watch.workbench.classify import Classified
from untoward.watch.workbench.exposed import EXPOSURE_AXES, exposures_of
from untoward.watch.workbench.sampling import Sampled
from untoward.watch.workbench.truth import YES

MOST_COLUMNS = 60


def matched_table(classified: Classified, sampled: Sampled) -> tuple[pl.DataFrame, int]:
    """The table, ready for `untoward outbreak --case ill --matched set`, and how many exposures were left out.

    An exposure gets a column when at least two cases had it (one, if there is only one set), the most common first, at
    most `MOST_COLUMNS`. It counts for the sessions within the plan's days of the session matched on and not after the
    case's onset: the same stretch of time for a case and its controls. What was matched on gets no column, and neither
    does what everyone had.
    """
    members = sampled.members.with_row_index("unit")
    units = _sessions_counted(classified, sampled, members)
    columns = sorted(_columns(classified, sampled, members, units), key=lambda found: (-found[0], found[1]))
    kept = [series for _n, _name, series in columns[:MOST_COLUMNS]]
    ill = pl.when(pl.col("role") == "case").then(pl.lit("yes")).otherwise(pl.lit("no")).alias("ill")
    table = members.with_columns(ill).select(
        "set", "role", "ill", "patient_id", "session_id", "session_date",
        pl.when(pl.col("role") == "case").then("onset").alias("onset"), "onset_later",
    )  # fmt: skip
    return table.hstack(kept), len(columns) - len(kept)


def _sessions_counted(classified: Classified, sampled: Sampled, members: pl.DataFrame) -> pl.DataFrame:
    cases = members.filter(pl.col("role") == "case").select("set", pl.col("session_date").alias("middle"))
    persons = classified.persons.select("patient_id").with_row_index("person")
    wide = (
        members.select("unit", "set", "patient_id", "onset")
        .join(cases, on="set")
        .join(persons, on="patient_id")
    )
    in_scope = pl.Series(classified.session_scope == YES)
    sessions = classified.people.sessions.filter(in_scope).select("session_id", "person", "first")
    window = timedelta(days=sampled.plan.within_days)
    joined = wide.join(sessions, on="person")
    near = pl.col("first").is_between(
        pl.col("middle") - window, pl.min_horizontal(pl.col("middle") + window, "onset")
    )
    return joined.filter(near).select("unit", "session_id")


def _columns(
    classified: Classified, sampled: Sampled, members: pl.DataFrame, units: pl.DataFrame
) -> Iterator[tuple[int, str, pl.Series]]:
    """Cases that had it, the name of the column, and its values."""
    is_case = members.get_column("role") == "case"
    least = min(2, int(is_case.sum()))
    for axis in EXPOSURE_AXES:
        if axis in sampled.plan.by:
            continue
        found = exposures_of(classified.people.registry, units, axis)
        by_unit = members.select("unit").join(found, on="unit", how="left", maintain_order="left")
        of_cases = by_unit.filter(is_case).get_column("values").explode().drop_nulls()
        for value, n in of_cases.value_counts().iter_rows():
            answers = _answers(by_unit, value).alias(f"{axis} {value}")
            if n >= least and answers.drop_nulls().n_unique() > 1:
                yield n, f"{axis} {value}", answers


def _answers(by_unit: pl.DataFrame, value: str) -> pl.Series:
    hit = pl.col("values").list.contains(value).fill_null(False)
    known = ~pl.col("incomplete").fill_null(True)
    word = pl.when(hit).then(pl.lit("yes")).when(known).then(pl.lit("no"))
    return by_unit.select(word.alias("answer")).to_series()
