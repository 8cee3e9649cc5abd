"""A backup in one file: every table as JSON Lines, every photo, and a manifest with what each must hash to.

The tables are read in one transaction that sees the record as it was at one moment; the site goes on meanwhile. Not in it:
sign-ins in progress (people sign in again) and the secret key (whoever has both could forge links; keep it apart if the
pseudonyms of earlier exports must stay the same).
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import untoward
from untoward.errors import UsageError
from untoward.settings import Settings
from untoward.tasks.site_doctor import LAST_BACKUP
from untoward.tasks.site_versions import apps_at, models_of, steps_taken
from untoward.tasks.site_words import in_words

if TYPE_CHECKING:
    from django.db.models import Model

FORMAT = "untoward-backup 1"
MANIFEST = "manifest.json"
APPS = ("registry", "account", "mfa", "socialaccount")
ROWS_AT_A_TIME = 2000

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class BackedUp:
    """What a backup holds. `missing` names photos the record knows whose files were not there."""

    path: Path
    rows: int
    photos: int
    missing: tuple[str, ...]


def back_up(settings: Settings, out: Path, progress: Progress | None = None) -> BackedUp:
    """Write the backup, whole or not at all, readable by its owner alone.

    Raises UsageError when the file exists, OutsideError when the database or the disk fails.
    """
    if out.exists():
        raise UsageError(f"{out} exists already. A backup never overwrites another: give a new name.")
    with in_words():
        new = out.with_name(f".{out.name}.new")
        new.unlink(missing_ok=True)
        try:
            done = _write(settings, new, out, progress or (lambda *_: None))
            new.rename(out)
        finally:
            new.unlink(missing_ok=True)
        said = f"{datetime.now(UTC).isoformat()} {out.name}\n"
        (settings.home / LAST_BACKUP).write_text(said, encoding="utf-8")
    return done


def plain(row: Model) -> dict[str, Any]:
    """A row as plain JSON, column by column, its number included."""
    return {f.attname: _value(f.value_from_object(row)) for f in row._meta.concrete_fields}


@contextmanager
def one_moment() -> Iterator[None]:
    """All reads in here see the database as it was when they began; writers go on."""
    from django.db import connection, transaction

    if connection.in_atomic_block:
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield


def _write(settings: Settings, new: Path, out: Path, progress: Progress) -> BackedUp:
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    files: dict[str, dict[str, Any]] = {}
    missing: list[str] = []
    with (
        os.fdopen(handle, "wb") as raw,
        zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
    ):
        with one_moment():
            steps = steps_taken()
            apps = apps_at(steps)  # as the database is, even where the program is ahead of it
            models = models_of(apps, APPS)
            for number, model in enumerate(models, 1):
                files[f"tables/{model._meta.label}.jsonl"] = _table(archive, model)
                progress("tables", number, len(models))
            photos = list(
                apps.get_model("registry.Photo").objects.order_by("pk").values_list("file", flat=True)
            )
        for number, name in enumerate(photos, 1):
            said = _photo(archive, settings, name)
            if said is None:
                missing.append(name)
            else:
                files[f"photos/{name}"] = said
            progress("photos", number, len(photos))
        manifest = {
            "format": FORMAT,
            "made_at": datetime.now(UTC).isoformat(),
            "untoward": untoward.__version__,
            "steps": [list(step) for step in sorted(steps)],
            "files": files,
            "missing_photos": missing,
        }
        archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
        archive.close()
        raw.flush()
        os.fsync(raw.fileno())
    rows = sum(said["rows"] for said in files.values() if "rows" in said)
    return BackedUp(path=out, rows=rows, photos=len(photos) - len(missing), missing=tuple(missing))


def _table(archive: zipfile.ZipFile, model: type[Model]) -> dict[str, Any]:
    digest, rows = sha256(), 0
    with archive.open(f"tables/{model._meta.label}.jsonl", "w", force_zip64=True) as file:
        for row in model._base_manager.order_by("pk").iterator(ROWS_AT_A_TIME):
            line = json.dumps(plain(row), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            digest.update(line)
            file.write(line)
            rows += 1
    return {"sha256": digest.hexdigest(), "rows": rows}


def _photo(archive: zipfile.ZipFile, settings: Settings, name: str) -> dict[str, Any] | None:
    path = settings.photos / name
    if not path.is_file():
        return None
    digest = sha256()
    info = zipfile.ZipInfo(f"photos/{name}")  # stored: a JPEG does not shrink
    with path.open("rb") as source, archive.open(info, "w", force_zip64=True) as file:
        while piece := source.read(1 << 20):
            digest.update(piece)
            file.write(piece)
    return {"sha256": digest.hexdigest()}


def _value(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
