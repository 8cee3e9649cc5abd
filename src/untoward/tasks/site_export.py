"""The whole record as files: CSV and Parquet, photos, the trail and a data dictionary, in one of three release profiles.

* identified: everything but passwords and links, with photos and the trail. For whoever takes over the record.
* pseudonymised: no names, contacts, free text, photos or exact times; keys replaced. Still a person's data in law.
* aggregate: tables of counts in which small cells, and those that would give them away, are hidden.
"""

from __future__ import annotations

import hmac
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

import untoward
from untoward.errors import UsageError
from untoward.settings import Settings
from untoward.tasks.site_backup import one_moment
from untoward.tasks.site_export_columns import ANCHORS, COLUMNS, SECRET, How
from untoward.tasks.site_words import in_words

if TYPE_CHECKING:
    from django.db.models import Model

_FORMULA = r"^(\s*[=+\-@]|[\t\r\n])"
_WIDTH = 12


class Profile(StrEnum):
    """How much of people leaves with the record."""

    IDENTIFIED = "identified"
    PSEUDONYMISED = "pseudonymised"
    AGGREGATE = "aggregate"


NOTES = {
    Profile.IDENTIFIED: "It holds names, contacts and photos: keep it as you keep the record.",
    Profile.PSEUDONYMISED: "It holds no names, but is still data of persons: share it under an agreement.",
    Profile.AGGREGATE: "Counts from 1 to 4 are hidden, and those from which they could be worked out.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """What was written where."""

    folder: Path
    tables: int
    rows: int
    photos: int
    note: str


def profile_named(text: str) -> Profile:
    """The profile of a name. Raises UsageError for any other word."""
    try:
        return Profile(text)
    except ValueError as error:
        names = ", ".join(profile.value for profile in Profile)
        raise UsageError(f"There is no release profile {text!r}; expected one of {names}.") from error


def export_all(settings: Settings, out: Path, profile: Profile) -> Exported:
    """Write the export, whole or not at all. Raises UsageError when the folder exists, OutsideError when the disk fails."""
    if out.exists():
        raise UsageError(f"{out} exists already. Give a new name.")
    new = out.with_name(f".{out.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    with in_words():
        try:
            new.mkdir(parents=True, mode=0o700)
            with one_moment():
                frames = dict(_frames(settings, profile))
                photos = _photos(settings, new) if profile is Profile.IDENTIFIED else 0
            for name, frame in frames.items():
                write_table(frame, new, name)
            _dictionary(frames, new, profile)
            new.rename(out)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    rows = sum(frame.height for frame in frames.values())
    return Exported(folder=out, tables=len(frames), rows=rows, photos=photos, note=NOTES[profile])


def write_table(frame: pl.DataFrame, folder: Path, name: str) -> None:
    """A table as CSV, with no cell that a spreadsheet would run as a formula, and as Parquet with the cells as they are."""
    guarded = [
        pl.when(pl.col(column).str.contains(_FORMULA))
        .then("'" + pl.col(column))
        .otherwise(pl.col(column))
        .alias(column)
        for column, kind in frame.schema.items()
        if kind == pl.String
    ]
    frame.with_columns(guarded).write_csv(folder / f"{name}.csv")
    frame.write_parquet(folder / f"{name}.parquet")


def _frames(settings: Settings, profile: Profile) -> Iterator[tuple[str, pl.DataFrame]]:
    if profile is Profile.AGGREGATE:
        from untoward.tasks.site_export_counts import count_tables

        yield from count_tables()
        return
    from django.apps import apps

    key = settings.secret_key().encode()
    for model in apps.get_app_config("registry").get_models():
        name = model.__name__
        if profile is Profile.IDENTIFIED:
            yield name.lower(), _identified(model)
        elif name in COLUMNS:
            yield name.lower(), _pseudonymised(model, key)


def _identified(model: type[Model]) -> pl.DataFrame:
    names = [f.attname for f in model._meta.concrete_fields if f.attname not in SECRET]
    rows = model._base_manager.order_by("pk").values_list(*names)
    columns: list[list[Any]] = [[] for _ in names]
    for row in rows.iterator(2000):
        for column, value in zip(columns, row, strict=True):
            column.append(_plain(value))
    return _frame(dict(zip(names, columns, strict=True)))


def _pseudonymised(model: type[Model], key: bytes) -> pl.DataFrame:
    how = COLUMNS[model.__name__]
    anchor = ANCHORS.get(model.__name__)
    targets = {f.attname: (f.related_model or model).__name__ for f in model._meta.concrete_fields}
    rows = model._base_manager.order_by("pk").values_list(*how, *([anchor] if anchor else []))
    columns: list[list[Any]] = [[] for _ in how]
    for row in rows.iterator(2000):
        start = row[-1] if anchor else None
        for column, (name, rule), value in zip(columns, how.items(), row, strict=False):
            column.append(_released(value, rule, targets[name], start, key))
    frame = _frame(dict(zip(how, columns, strict=True)))
    return frame.sort("id") if "id" in how else frame  # the order of numbers would tell the order of people


def _released(value: Any, rule: How, target: str, start: datetime | None, key: bytes) -> Any:  # noqa: ANN401
    if value is None:
        return None
    if rule is How.PSEUDONYM:
        return hmac.new(key, f"{target} {value}".encode(), sha256).hexdigest()[:_WIDTH]
    if rule is How.WEEK:
        day = value.astimezone(UTC).date() if isinstance(value, datetime) else value
        return (day - timedelta(days=day.weekday())).isoformat()
    if rule is How.BAND:
        return value - value % 5
    if rule is How.DAYS:
        return None if start is None else (value - start).days
    return _plain(value)


def _frame(columns: dict[str, list[Any]]) -> pl.DataFrame:
    """Columns of one kind each; one that is empty throughout is text."""
    made = [pl.Series(name, values, strict=False) for name, values in columns.items()]
    return pl.DataFrame([one.cast(pl.String) if one.dtype == pl.Null else one for one in made])


def _plain(value: Any) -> Any:  # noqa: ANN401
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _photos(settings: Settings, out: Path) -> int:
    from untoward.registry.models import Photo

    count = 0
    for name in Photo.objects.order_by("pk").values_list("file", flat=True):
        source = settings.photos / name
        if source.is_file():
            target = out / "photos" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
            count += 1
    return count


def _dictionary(frames: dict[str, pl.DataFrame], out: Path, profile: Profile) -> None:
    """Each column with its kind and meaning, and what the whole is."""
    from django.apps import apps

    models = {model.__name__.lower(): model for model in apps.get_app_config("registry").get_models()}
    rows = []
    for name, frame in frames.items():
        fields = {f.attname: f for f in models[name]._meta.concrete_fields} if name in models else {}
        rules = COLUMNS.get(models[name].__name__, {}) if name in models else {}
        for column, kind in frame.schema.items():
            field = fields.get(column)
            rule = rules.get(column, How.KEEP) if profile is Profile.PSEUDONYMISED else How.KEEP
            meaning = (
                str(field.help_text or field.verbose_name) if field is not None else column.replace("_", " ")
            )
            row = {
                "table": name,
                "column": column,
                "kind": str(kind),
                "meaning": meaning,
                "release": rule.value,
            }
            rows.append({**row, "refers_to": _refers(field)})
    write_table(pl.DataFrame(rows), out, "data-dictionary")
    about = (
        f"Export of an untoward record, profile {profile.value}, made on {datetime.now(UTC):%Y-%m-%d %H:%M} UTC by untoward "
        f"{untoward.__version__}.\n{NOTES[profile]}\nEach table is there as CSV (UTF-8; a cell that a spreadsheet might run "
        "begins with ') and as Parquet. data-dictionary.csv says what each column is. Empty means not recorded, never no.\n"
    )
    (out / "README.txt").write_text(about, encoding="utf-8")


def _refers(field: Any) -> str:  # noqa: ANN401
    related = getattr(field, "related_model", None)
    return related.__name__.lower() if related is not None else ""
