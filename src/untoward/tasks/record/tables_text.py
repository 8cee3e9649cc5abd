"""The rows of the record as tables of text, with the columns of `model.tables` that are given, not derived.

Read with `values_list`: no object is made for a row, so that 100,000 sessions take seconds.

* Two clinics may use one key for different practitioners or vials; such keys get the clinic's name added.
* A time of exactly midnight stands for a day of which no time is known.
* Pregnancy and weight are those of the patient now, so they stand at the last session alone: of an earlier one they are
  not known.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from django.db.models import QuerySet

from untoward.model.tables import REGISTRY_TABLES
from untoward.model.terms import TermList
from untoward.registry.models import (
    Clinic,
    Component,
    Lot,
    Observation,
    Patient,
    Point,
    Product,
    Reaction,
    Session,
    Vial,
)
from untoward.tasks.record.tables_findings import observation_text

_SESSION = {
    "session_pk": ("pk", pl.Int64),
    "session_id": ("uid", pl.String),
    "clinic_pk": ("clinic_id", pl.Int64),
    "patient_pk": ("patient_id", pl.Int64),
    "at": ("at", pl.Datetime("us", "UTC")),
    "practitioner_pk": ("practitioner_id", pl.Int64),
    "practitioner": ("practitioner__key", pl.String),
    "technique": ("technique", pl.String),
    "route": ("route", pl.String),
    "setting": ("room", pl.String),
    "device": ("device", pl.String),
    "sites": ("sites", pl.Object),
}
_COMPONENT = {
    "pk": ("pk", pl.Int64),
    "session_pk": ("session_id", pl.Int64),
    "mix": ("mix", pl.String),
    "product_pk": ("product_id", pl.Int64),
    "lot_pk": ("lot_id", pl.Int64),
    "vial_pk": ("vial_id", pl.Int64),
    "volume_ml": ("volume_ml", pl.Float64),
    "amount": ("amount", pl.Float64),
    "unit": ("unit", pl.String),
}
_LOT = {"lot_pk": ("pk", pl.Int64), "lot": ("number", pl.String), "supplier": ("supplier", pl.String)}
_VIAL = {"vial_pk": ("pk", pl.Int64), "vial": ("label", pl.String)}
_REACTION = {
    "reaction_id": ("uid", pl.String),
    "session_id": ("session__uid", pl.String),
    "term": ("term", pl.String),
    "onset": ("onset_at", pl.Datetime("us", "UTC")),
    "resolved": ("resolved_at", pl.Datetime("us", "UTC")),
    "outcome": ("outcome", pl.String),
    "outbreak": ("outbreak", pl.String),
    "patient_id": ("session__patient__key", pl.String),
    "session_at": ("session__at", pl.Datetime("us", "UTC")),
    "clinic_pk": ("session__clinic_id", pl.Int64),
}
_PATIENT = {
    "patient_pk": ("pk", pl.Int64),
    "patient_id": ("key", pl.String),
    "birth_year": ("birth_year", pl.Int32),
    "sex": ("sex", pl.String),
    "weight_now": ("weight_kg", pl.Float64),
    "pregnant_now": ("pregnant", pl.Boolean),
    "history": ("history", pl.Object),
    "allergies": ("allergies", pl.Object),
    "medicines": ("medicines", pl.Object),
}
_LISTS = ("sites", "history", "allergies", "medicines")
_MG_PER_ML_OF_PERCENT = 10
_DECIMALS = 6

Columns = Mapping[str, tuple[str, Any]]


def record_text(clinics: Sequence[Clinic], terms: TermList) -> dict[str, pl.DataFrame]:
    """The four tables of these clinics, every cell as text, in order of time."""
    zones = pl.DataFrame(
        [(clinic.pk, clinic.time_zone) for clinic in clinics],
        schema={"clinic_pk": pl.Int64, "zone": pl.String},
        orient="row",
    )
    sessions = _sessions(clinics, zones)
    found = {
        "sessions": sessions,
        "components": _components(clinics, sessions),
        "reactions": _reactions(clinics, zones),
        "observations": _observations(clinics, zones, terms),
    }
    return {name: _as_given(name, frame) for name, frame in found.items()}


def _sessions(clinics: Sequence[Clinic], zones: pl.DataFrame) -> pl.DataFrame:
    mine = Session.objects.filter(clinic__in=clinics).order_by("at", "pk")
    frame = _frame(mine, _SESSION).join(
        _patients(clinics), on="patient_pk", how="left", maintain_order="left"
    )
    places = pl.DataFrame(
        [(c.pk, c.name, c.city or None, c.region or None) for c in clinics],
        schema={"clinic_pk": pl.Int64, "clinic": pl.String, "city": pl.String, "region": pl.String},
        orient="row",
    )
    frame = _told_apart(frame.join(places, on="clinic_pk", how="left", maintain_order="left"), "practitioner")
    frame = _with_points(_local(frame, zones, "at"), clinics)
    last = pl.col("row") == pl.col("row").max().over("patient_pk")
    return (
        frame.with_row_index("row")
        .with_columns(
            pl.col("at").alias("date"),
            (pl.col("at").str.slice(0, 4).cast(pl.Int32) - pl.col("birth_year")).alias("age"),
            pl.when(last).then("weight_now").alias("weight_kg"),
            pl.when(last).then("pregnant_now").alias("pregnant"),
        )
        .with_columns(pl.when(pl.col("age").is_between(0, 125)).then("age").alias("age"))
    )


def _patients(clinics: Sequence[Clinic]) -> pl.DataFrame:
    return _frame(Patient.objects.filter(sessions__clinic__in=clinics).distinct().order_by("pk"), _PATIENT)


def _with_points(frame: pl.DataFrame, clinics: Sequence[Clinic]) -> pl.DataFrame:
    """Sites of sessions that name none are the views and zones of their points."""
    bare = Point.objects.filter(session__clinic__in=clinics, session__sites=[])
    rows = bare.order_by("session_id", "pk").values_list("session__uid", "view", "zone")
    sites: dict[str, dict[str, None]] = {}
    for uid, view, zone in rows.iterator(20_000):
        place = " ".join(f"{view} {zone}".replace("-", " ").replace("_", " ").split())
        sites.setdefault(str(uid), {})[place] = None
    found = pl.DataFrame(
        {"session_id": list(sites), "pointed": ["; ".join(names) for names in sites.values()]},
        schema={"session_id": pl.String, "pointed": pl.String},
    )
    joined = frame.join(found, on="session_id", how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("sites", "pointed").alias("sites"))


def _components(clinics: Sequence[Clinic], sessions: pl.DataFrame) -> pl.DataFrame:
    """One row per compound of each product; a product of which no compound is known stands under its own name."""
    mine = _frame(Component.objects.filter(session__clinic__in=clinics), _COMPONENT)
    own = sessions.select("session_pk", "session_id", "clinic_pk", "device", "row")
    frame = (
        mine.join(own, on="session_pk", how="inner")
        .join(_frame(Lot.objects.all(), _LOT), on="lot_pk", how="left")
        .join(_frame(Vial.objects.filter(clinic__in=clinics), _VIAL), on="vial_pk", how="left")
        .sort("row", "pk")
    )
    frame = _told_apart(frame, "vial")
    diluents = (
        frame.join(_products().filter("is_diluent"), on="product_pk", how="semi")
        .group_by("session_id", "mix")
        .agg(pl.col("lot").drop_nulls().first().alias("diluent"))
    )
    frame = frame.join(_products(), on="product_pk", how="left", maintain_order="left").join(
        diluents, on=["session_id", "mix"], how="left", maintain_order="left"
    )
    stated = pl.col("alone") & pl.col("amount").is_not_null() & pl.col("unit").is_not_null()
    reckoned = (pl.col("percent") * _MG_PER_ML_OF_PERCENT * pl.col("volume_ml")).round(_DECIMALS)
    return frame.with_columns(
        pl.when(stated).then("amount").otherwise(reckoned).alias("amount"),
        pl.when(stated).then("unit").when(reckoned.is_not_null()).then(pl.lit("mg")).alias("unit"),
        pl.when(~pl.col("is_diluent")).then("diluent").alias("diluent"),
    )


def _products() -> pl.DataFrame:
    """One row per compound of each product: its name and strength, and whether it is the only one."""
    rows = []
    for pk, name, compounds, diluent in Product.objects.order_by("pk").values_list(
        "pk", "name", "compounds", "diluent"
    ):
        for entry in compounds or [{"compound": name, "percent": None}]:
            percent = entry.get("percent")
            rows.append(
                (
                    pk,
                    name,
                    entry["compound"],
                    None if percent is None else float(percent),
                    len(compounds) < 2,
                    diluent,
                )
            )
    schema = {
        "product_pk": pl.Int64,
        "product": pl.String,
        "compound": pl.String,
        "percent": pl.Float64,
        "alone": pl.Boolean,
        "is_diluent": pl.Boolean,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _reactions(clinics: Sequence[Clinic], zones: pl.DataFrame) -> pl.DataFrame:
    """An onset on the day of the session but before its hour is given as that day: people write down the day."""
    mine = Reaction.objects.filter(session__clinic__in=clinics).order_by("reported_at", "pk")
    frame = _local(_frame(mine, _REACTION), zones, "onset", "resolved", "session_at")
    day, onset = pl.col("session_at").str.slice(0, 10), pl.col("onset")
    early = (onset.str.slice(0, 10) == day) & (onset < pl.col("session_at"))
    return frame.with_columns(
        pl.when(early).then(day).otherwise(onset).alias("onset_date"),
        pl.col("resolved").alias("resolved_date"),
    )


def _observations(clinics: Sequence[Clinic], zones: pl.DataFrame, terms: TermList) -> pl.DataFrame:
    mine = Observation.objects.filter(reaction__session__clinic__in=clinics).order_by("at", "pk")
    rows = mine.values_list(
        "reaction__uid", "reaction__term", "reaction__session__clinic_id", "at", "text", "findings"
    )
    return _local(observation_text(rows.iterator(10_000), terms), zones, "at").rename({"at": "date"})


def _frame(rows: QuerySet[Any], columns: Columns) -> pl.DataFrame:
    """The columns of a query; lists become text parted by semicolons, and words for nothing become null."""
    values = list(zip(*rows.values_list(*(path for path, _kind in columns.values())), strict=True))
    values = values or [()] * len(columns)
    return pl.DataFrame(
        [
            _series(name, kind, cells)
            for (name, (_path, kind)), cells in zip(columns.items(), values, strict=True)
        ]
    )


def _series(name: str, kind: pl.DataType | type[pl.DataType], cells: Sequence[Any]) -> pl.Series:
    if name in _LISTS:
        return pl.Series(name, [_listed(cell) for cell in cells], dtype=pl.String)
    if kind is pl.String:
        return pl.Series(name, [str(cell) if cell else None for cell in cells], dtype=pl.String)
    return pl.Series(name, cells, dtype=kind)


def _listed(cell: Sequence[object] | None) -> str | None:
    """Several values in one cell. Of a list that somebody asked for and found empty, nothing can be said in a table."""
    return "; ".join(str(one).replace(";", ",") for one in cell) if cell else None


def _local(frame: pl.DataFrame, zones: pl.DataFrame, *columns: str) -> pl.DataFrame:
    """Times as ISO text on the clocks of the clinic; a midnight as its day alone."""
    joined = frame.join(zones, on="clinic_pk", how="left", maintain_order="left")
    for column in columns:
        here = pl.lit(None, dtype=pl.Datetime("us"))
        for zone in zones["zone"].unique().to_list():
            local = pl.col(column).dt.convert_time_zone(zone).dt.replace_time_zone(None)
            here = pl.when(pl.col("zone") == zone).then(local).otherwise(here)
        joined = joined.with_columns(here.alias(column)).with_columns(
            pl.when(pl.col(column).dt.truncate("1d") == pl.col(column))
            .then(pl.col(column).dt.strftime("%Y-%m-%d"))
            .otherwise(pl.col(column).dt.strftime("%Y-%m-%dT%H:%M"))
            .alias(column)
        )
    return joined.drop("zone")


def _told_apart(frame: pl.DataFrame, key: str) -> pl.DataFrame:
    """The key, with the name of the clinic where two clinics use the same one."""
    shared = pl.col("clinic_pk").n_unique().over(key) > 1
    if frame.is_empty() or not frame.select(shared.any()).item():
        return frame
    names = pl.DataFrame(
        list(Clinic.objects.values_list("pk", "name")),
        schema={"clinic_pk": pl.Int64, "clinic_name": pl.String},
        orient="row",
    )
    named = frame.join(names, on="clinic_pk", how="left", maintain_order="left")
    both = pl.concat_str(key, pl.lit(" ("), "clinic_name", pl.lit(")"))
    return named.with_columns(
        pl.when(shared & pl.col(key).is_not_null()).then(both).otherwise(key).alias(key)
    ).drop("clinic_name")


def _as_given(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """The given columns of the table in their order, then the findings, all as text."""
    table = REGISTRY_TABLES[name]
    given = [column.name for column in table.columns if not column.derived]
    internal = {"clinic_pk", "patient_pk"}
    findings = (
        [c for c in frame.columns if c not in given and c not in internal] if name == "observations" else []
    )
    cells = [
        _text(frame, column) if column in frame.columns else pl.lit(None, dtype=pl.String).alias(column)
        for column in given
    ]
    return frame.select(*cells, *findings)


def _text(frame: pl.DataFrame, column: str) -> pl.Expr:
    cell = pl.col(column)
    if frame.schema[column] == pl.Boolean:
        return pl.when(cell).then(pl.lit("yes")).when(~cell).then(pl.lit("no")).alias(column)
    return cell.cast(pl.String)
