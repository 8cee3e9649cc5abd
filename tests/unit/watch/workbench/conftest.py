"""Small registries by hand: only what a test is about is written, everything else is unknown."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest

from untoward.model.tables import Registry
from untoward.watch.workbench.definition import definition_from

TEXT, INSTANT = pl.String, pl.Datetime("us")
SESSIONS = {
    "session_id": TEXT, "patient_id": TEXT, "date_from": INSTANT, "date_to": INSTANT, "clinic": TEXT,
    "practitioner": TEXT, "technique": TEXT, "city": TEXT, "region": TEXT, "sites": TEXT, "age": pl.Float64, "sex": TEXT,
}  # fmt: skip
COMPONENTS = dict.fromkeys(
    (
        "session_id",
        "compound",
        "compound_key",
        "product",
        "lot",
        "vial",
        "mix",
        "diluent",
        "device",
        "supplier",
    ),
    TEXT,
)
REACTIONS = {
    "reaction_id": TEXT, "session_id": TEXT, "term_id": TEXT, "onset_date": TEXT, "onset_day": pl.Float64,
    "onset_day_from": pl.Float64, "onset_day_to": pl.Float64,
}  # fmt: skip
OBSERVATIONS = {
    "reaction_id": TEXT, "day": pl.Float64, "count": pl.Int64, "size_cm": pl.Float64, "culture": TEXT, "fever": TEXT,
}  # fmt: skip
FINDINGS = {"culture": "culture-positive", "fever": "fever"}


def _session(row: dict[str, Any]) -> dict[str, Any]:
    given = dict(row)
    day = given.pop("date", None)
    start = None if day is None else datetime.fromisoformat(day)
    whole_day = start is not None and "T" not in day
    end = start + timedelta(days=1) if whole_day else start
    return {"date_from": start, "date_to": end, **given}


def _reaction(row: dict[str, Any]) -> dict[str, Any]:
    day = row.get("onset_day")
    return {"onset_day_from": day, "onset_day_to": day, **row}


@pytest.fixture
def make() -> Callable[..., Registry]:
    """A registry from lists of rows."""

    def made(sessions, components=(), reactions=(), observations=()) -> Registry:
        return Registry(
            sessions=pl.DataFrame([_session(row) for row in sessions], schema=SESSIONS),
            components=pl.DataFrame(list(components), schema=COMPONENTS),
            reactions=pl.DataFrame([_reaction(row) for row in reactions], schema=REACTIONS),
            observations=pl.DataFrame(list(observations), schema=OBSERVATIONS),
            findings=FINDINGS,
        )

    return made


@pytest.fixture
def define() -> Callable[..., Any]:
    """A definition from its levels and limits."""

    def defined(levels, **others):
        return definition_from({"name": "infection", "levels": levels, **others})

    return defined
