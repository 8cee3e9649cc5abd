"""The line list of a classified registry: one row for each person, as `untoward outbreak` reads it."""

from __future__ import annotations

import polars as pl

from untoward.watch.columns import column_or_null, text_or_null
from untoward.watch.workbench.classify import Classified
from untoward.watch.workbench.definition import NOT_A_CASE, OUTSIDE
from untoward.watch.workbench.exposed import exposures_of
from untoward.watch.workbench.truth import CANNOT_TELL, NO, YES

LISTED_AXES = ("vial", "lot", "product", "compound", "diluent", "device")
"""Axes of components that a line list names, all values of the sessions up to the onset in one cell."""

_JOINT = "; "


def line_list(classified: Classified, *, cases_only: bool = False) -> pl.DataFrame:
    """Everyone whom the definition speaks of, or with `cases_only` those who are a case or cannot be told.

    `ill` is yes, no, or empty where it cannot be told or the level does not count. `met`, `not_met` and
    `cannot_be_told` name the single conditions. Exposures are those of sessions up to the onset.
    """
    frame = classified.persons.with_row_index("person").with_columns(_ill(classified))
    left_out = [OUTSIDE, NOT_A_CASE] if cases_only else [OUTSIDE]
    frame = frame.filter(~pl.col("level").is_in(left_out))
    days = (pl.col("onset") - pl.col("session_date")).dt.total_days().alias("days")
    frame = frame.with_columns(days, pl.col("reactions").list.join(_JOINT))
    frame = _with_session(frame, classified)
    frame = _with_exposures(frame, classified)
    return _with_conditions(frame, classified).drop("person")


def sessions_up_to_onset(classified: Classified, persons: pl.DataFrame) -> pl.DataFrame:
    """`unit` (person) and `session_id` of the sessions of the definition that began no later than the illness.

    `persons` holds `person` and `onset`. What was injected afterwards cannot have caused it.
    """
    in_scope = pl.Series(classified.session_scope >= CANNOT_TELL)
    mine = classified.people.sessions.filter(in_scope).join(
        persons.select("person", "onset"), on="person", how="inner", maintain_order="left"
    )
    before = mine.filter((pl.col("first") <= pl.col("onset")).fill_null(True))
    return before.select(pl.col("person").alias("unit"), "session_id", "first")


def _ill(classified: Classified) -> pl.Series:
    ill, open_ = pl.Series(classified.ill), pl.Series(classified.undecided)
    frame = pl.DataFrame({"ill": ill, "open": open_})
    word = pl.when("ill").then(pl.lit("yes")).when(~pl.col("open")).then(pl.lit("no"))
    return frame.select(word.alias("ill")).to_series()


def _with_session(frame: pl.DataFrame, classified: Classified) -> pl.DataFrame:
    table = classified.people.registry.sessions
    about = table.select(
        pl.col("session_id").cast(pl.String),
        text_or_null(table, "clinic"),
        text_or_null(table, "practitioner"),
        column_or_null(table, "age", pl.Float64).alias("age"),
        text_or_null(table, "sex"),
    )
    return frame.join(about, on="session_id", how="left", maintain_order="left")


def _with_exposures(frame: pl.DataFrame, classified: Classified) -> pl.DataFrame:
    units = sessions_up_to_onset(classified, frame.select("person", "onset"))
    for axis in LISTED_AXES:
        values = exposures_of(classified.people.registry, units.select("unit", "session_id"), axis)
        named = values.select(
            pl.col("unit").alias("person"),
            pl.when(pl.col("values").list.len() > 0).then(pl.col("values").list.join(_JOINT)).alias(axis),
        )
        frame = frame.join(named, on="person", how="left", maintain_order="left")
    return frame


def _with_conditions(frame: pl.DataFrame, classified: Classified) -> pl.DataFrame:
    person = frame.get_column("person").to_numpy()
    columns = []
    for name, answer in (("met", YES), ("not_met", NO), ("cannot_be_told", CANNOT_TELL)):
        words = [
            pl.select(pl.when(pl.Series(truth[person] == answer)).then(pl.lit(label)))
            .to_series()
            .alias(f"_{place}")
            for place, (label, truth) in enumerate(classified.conditions)
        ]
        joined = pl.DataFrame(words).select(
            pl.concat_str(pl.all(), separator=_JOINT, ignore_nulls=True).alias(name)
        )
        columns.append(joined.to_series())
    return frame.with_columns(columns)
