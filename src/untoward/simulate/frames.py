"""The simulated registry as the four tables of `model.tables`, with every given column, empty where nothing is recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import polars as pl

from untoward.model.tables import COMPONENTS, OBSERVATIONS, REACTIONS, SESSIONS, ColumnKind, Table
from untoward.simulate.arrays import MINUTES_PER_DAY, Bools, Floats, Ints
from untoward.simulate.draw import Stage
from untoward.simulate.observed import NOTES, Observed
from untoward.simulate.occurrences import all_terms
from untoward.simulate.recording import Recorded
from untoward.simulate.world import World

_TYPES: Mapping[ColumnKind, type[pl.DataType]] = {
    ColumnKind.NUMBER: pl.Float64,
    ColumnKind.COUNT: pl.Int64,
    ColumnKind.YES_NO: pl.Boolean,
}
_SEVERITIES = ("mild", "moderate", "severe")
_DAY_DECIMALS = 4  # a minute is 0.0007 day


def session_ids(rows: Ints) -> pl.Series:
    """Keys of sessions by row."""
    return _numbered("S", rows, 7)


def patient_ids(rows: Ints) -> pl.Series:
    """Keys of patients by row."""
    return _numbered("A", rows, 7)


def practitioner_ids(rows: Ints) -> pl.Series:
    """Keys of practitioners by number over all clinics."""
    return _numbered("P", rows, 2)


def reaction_ids(rows: Ints) -> pl.Series:
    """Keys of reactions by row."""
    return _numbered("R", rows, 6)


def vial_ids(rows: Ints) -> pl.Series:
    """Keys of vials by row."""
    return _numbered("V", rows, 6)


def lot_ids(world: World) -> tuple[str, ...]:
    """Numbers of all lots: the initials of the compound and the lot's row, such as "PD-0012"."""
    initials = [
        "".join(word[0] for word in key.split("-")).upper() for key in world.components.menu.compounds
    ]
    compounds = world.components.vials.lot_compound.tolist()
    return tuple(f"{initials[compound]}-{row + 1:04d}" for row, compound in enumerate(compounds))


def instants(world: World, minutes: Ints) -> pl.Series:
    """ISO 8601 text to the minute."""
    start = np.datetime64(world.plan.start.isoformat(), "m")
    moments = (start + minutes.astype("timedelta64[m]")).astype("datetime64[ms]")
    return pl.Series(moments).dt.strftime("%Y-%m-%dT%H:%M")


def session_table(world: World) -> pl.DataFrame:
    """The sessions, in order of time."""
    visits, plan = world.visits, world.plan
    patients, clinic, recipe = visits.patients, visits.clinic, visits.recipe
    missing = world.stream(Stage.MISSING, 2)
    no_age = missing.random(patients.age.size) < world.parameters.missing_age_share
    no_time = missing.random(visits.count) < world.parameters.missing_time_share
    sites = [site for choice in plan.recipes for site in choice.sites]
    first_site = np.cumsum([0, *(len(choice.sites) for choice in plan.recipes)])[:-1]
    columns = {
        "session_id": session_ids(np.arange(visits.count)),
        "patient_id": patient_ids(visits.patient),
        "date": _without_time(instants(world, visits.minute), no_time),
        "clinic": _named([place.name for place in plan.clinics], clinic),
        "city": _named([place.city for place in plan.clinics], clinic),
        "region": _named([place.region for place in plan.clinics], clinic),
        "practitioner": practitioner_ids(visits.practitioner),
        "technique": _named([choice.technique for choice in plan.recipes], recipe),
        "route": _named([choice.route for choice in plan.recipes], recipe),
        "sites": _named(sites, first_site[recipe] + patients.site[visits.patient]),
        "setting": _named(["clinic"], np.zeros_like(clinic)),
        "licensed": pl.Series(np.ones(visits.count, dtype=np.bool_)),
        "age": _where(pl.Series(patients.age[visits.patient]), ~no_age[visits.patient]),
        "sex": _named(["M", "F"], patients.female[visits.patient].astype(np.int64)),
    }
    return _frame(SESSIONS, columns, visits.count)


def component_table(world: World) -> pl.DataFrame:
    """The components, in order of session and syringe."""
    parts, menu = world.components, world.components.menu
    names = [name for part in menu.ingredients for name in part.names]
    kinds = np.array([len(part.names) for part in menu.ingredients])
    habit = world.visits.clinic[parts.session] % kinds[parts.ingredient]
    missing = world.stream(Stage.MISSING, 3)
    has_lot = missing.random(parts.session.size) >= world.parameters.missing_lot_share
    has_vial = missing.random(parts.session.size) >= world.parameters.missing_vial_share
    per_ml = np.array([part.per_ml for part in menu.ingredients])
    percent = np.array([np.nan if part.percent is None else part.percent for part in menu.ingredients])
    columns = {
        "session_id": session_ids(parts.session),
        "compound": _named(names, (np.cumsum(kinds) - kinds)[parts.ingredient] + habit),
        "amount": pl.Series(np.round(parts.volume_ml * per_ml[parts.ingredient], 1)),
        "unit": _named([part.unit for part in menu.ingredients], parts.ingredient),
        "volume_ml": pl.Series(parts.volume_ml),
        "percent": pl.Series(percent[parts.ingredient]).fill_nan(None),
        "lot": _where(_named(lot_ids(world), parts.lot), has_lot),
        "vial": _where(vial_ids(parts.vial), has_vial),
        "mix": _named(["1", "2"], menu.syringe[parts.ingredient] - 1),
    }
    return _frame(COMPONENTS, columns, parts.session.size)


def reaction_table(world: World, recorded: Recorded, observed: Observed) -> pl.DataFrame:
    """The recorded reactions, in order of report."""
    known, happened = recorded.onset_known, recorded.occurrences
    onset_day = _days_between(world, recorded.session, happened.onset)
    over, left = _last_seen(recorded, observed)
    outcome = np.where(over, 0, np.where(left < 0.5, 1, 2))
    columns = {
        "reaction_id": reaction_ids(np.arange(recorded.count)),
        "session_id": session_ids(recorded.session),
        "term": _named(all_terms(world), happened.term),
        "onset_date": _where(_without_time(instants(world, happened.onset), onset_day >= 1.0), known),
        "onset_day": _where(pl.Series(onset_day), known),
        "resolved_date": _where(_without_time(instants(world, recorded.resolved), np.ones_like(over)), over),
        "resolved_day": _where(pl.Series(_days_between(world, recorded.session, recorded.resolved)), over),
        "outcome": _named(["recovered", "recovering", "not recovered"], outcome),
        "patient_id": patient_ids(world.visits.patient[recorded.session]),
    }
    return _frame(REACTIONS, columns, recorded.count)


def observation_table(world: World, recorded: Recorded, observed: Observed) -> pl.DataFrame:
    """The observations, in order of reaction and time, with the findings "fever" and "antibiotic failure"."""
    seen = observed
    columns = {
        "reaction_id": reaction_ids(seen.reaction),
        "date": instants(world, seen.minute),
        "day": pl.Series(_days_between(world, recorded.session[seen.reaction], seen.minute)),
        "text": _where(_named(NOTES, seen.note), seen.note > 0),
        "present": pl.Series(seen.present),
        "count": _where(pl.Series(seen.count), seen.count_known),
        "size_cm": pl.Series(seen.size_cm).fill_nan(None),
        "severity": _where(_named(_SEVERITIES, seen.severity), seen.present),
        "painful": _where(pl.Series(seen.painful), seen.signs_known),
        "spreading": _where(pl.Series(seen.spreading), seen.signs_known),
    }
    findings = {
        "fever": _where(pl.Series(seen.fever), seen.signs_known),
        "antibiotic failure": _where(pl.Series(seen.antibiotic_failure), seen.antibiotics_known),
    }
    table = _frame(OBSERVATIONS, columns, seen.reaction.size)
    return table.with_columns([values.alias(name) for name, values in findings.items()])


def _last_seen(recorded: Recorded, observed: Observed) -> tuple[Bools, Floats]:
    """Whether the last look found the reaction over, and the part of its course then still to go."""
    over = np.zeros(recorded.count, dtype=np.bool_)
    left = np.ones(recorded.count)
    # Rows are in order of time, so the last look at a reaction is what remains.
    over[observed.reaction] = ~observed.present
    left[observed.reaction] = observed.remaining
    return over, left


def _days_between(world: World, session: Ints, minute: Ints) -> Floats:
    return np.round((minute - world.visits.minute[session]) / MINUTES_PER_DAY, _DAY_DECIMALS)


def _frame(table: Table, columns: Mapping[str, pl.Series], length: int) -> pl.DataFrame:
    given = [column for column in table.columns if not column.derived]
    types = {column.name: _TYPES.get(column.kind, pl.String) for column in given}
    empty: dict[str, Any] = {
        name: pl.repeat(None, length, dtype=kind, eager=True) for name, kind in types.items()
    }
    return pl.DataFrame(
        [(columns.get(name, empty[name])).alias(name).cast(kind) for name, kind in types.items()]
    )


def _numbered(prefix: str, rows: Ints, width: int) -> pl.Series:
    return prefix + pl.Series(rows + 1, dtype=pl.Int64).cast(pl.String).str.zfill(width)


def _named(names: Sequence[str], rows: Ints) -> pl.Series:
    return pl.Series(names, dtype=pl.String).gather(pl.Series(rows, dtype=pl.Int64))


def _where(values: pl.Series, known: Bools) -> pl.Series:
    return values.zip_with(
        pl.Series(known, dtype=pl.Boolean),
        pl.Series([None], dtype=values.dtype).new_from_index(0, len(values)),
    )


def _without_time(texts: pl.Series, rows: Bools) -> pl.Series:
    return texts.str.slice(0, 10).zip_with(pl.Series(rows, dtype=pl.Boolean), texts)
