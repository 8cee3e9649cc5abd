"""A backup brought back into an empty home or an empty database.

The database is first brought to the version the backup was made at, then filled, then brought to the version of this
program: so the same steps change old data as would have changed it in place. Everything is checked before anything is
touched, and again at the end.
"""

from __future__ import annotations

import json
import re
import shutil
import zipfile
import zlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from untoward.errors import Fault, InputError, OutsideError, UsageError
from untoward.settings import Settings
from untoward.tasks.site_backup import APPS, FORMAT, MANIFEST, ROWS_AT_A_TIME, Progress
from untoward.tasks.site_versions import Step, last_of, steps_known, steps_taken
from untoward.tasks.site_words import in_words

if TYPE_CHECKING:
    from django.apps.registry import Apps
    from django.db.models import Field, Model

    from untoward.registry.trail import TrailReport

_TABLE, _PHOTO = "tables/", "photos/"
_TABLE_NAME = re.compile(rf"tables/(?:{'|'.join(APPS)})\.[A-Za-z]+\.jsonl")
_PHOTO_PART = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*")
LARGEST_MANIFEST, MOST_TIMES = 200_000_000, 300
"""Bytes of a manifest at most, and how many times larger than in the archive a file may become."""
_SURELY_FINE = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What came back, and how the trail looks after it."""

    made_at: str
    rows: int
    photos: int
    missing: tuple[str, ...]
    trail: TrailReport


def restore(settings: Settings, path: Path, progress: Progress | None = None) -> Restored:
    """Fill an empty installation from a backup.

    Raises InputError when the backup is damaged or of a newer program, UsageError when something is there already,
    OutsideError when the database or disk fails; nothing is then half restored.
    """
    from untoward.registry.trail import verify
    from untoward.tasks.site import migrate, one_at_a_time

    say = progress or (lambda *_: None)
    with in_words(), _opened(path) as archive:
        manifest = _checked(archive, path, say)
        settings.make_database_file()
        _nothing_there(settings)
        with one_at_a_time("restore"):
            steps = _steps(manifest)
            with _photos_brought(archive, manifest, settings, say) as photos:
                rows = _load(archive, manifest, steps, say)
        migrate()
        trail = verify()
    if trail.faults:
        first = trail.faults[0]
        raise OutsideError(
            f"The record was restored, but its trail has {len(trail.faults)} faults; the first: {first.where}: {first.what}. "
            "It was so when the backup was made, or the database changed something: compare with `untoward audit verify` "
            "where the backup comes from."
        )
    return Restored(
        made_at=manifest["made_at"],
        rows=rows,
        photos=photos,
        missing=tuple(manifest["missing_photos"]),
        trail=trail,
    )


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise UsageError(f"{path} does not exist.") from error
    except zipfile.BadZipFile as error:
        raise _damaged(path, "it is no zip file, or was cut short") from error


def _checked(archive: zipfile.ZipFile, path: Path, say: Progress) -> dict[str, Any]:
    """The manifest, after every file was held against it."""
    manifest = _manifest(archive, path)
    named, held = manifest["files"], [name for name in archive.namelist() if name != MANIFEST]
    if len(held) != len(set(held)):
        raise _damaged(path, "it holds two files of one name")
    for name in sorted(set(named) ^ set(held)):
        raise _damaged(path, f"{name} is {'missing' if name in named else 'not in its manifest'}")
    for name in named:
        if not _safe(name):
            raise _damaged(path, f"{name!r} would be written outside its folder")
        _bounded(archive.getinfo(name), path)
    for number, (name, said) in enumerate(named.items(), 1):
        if _digest(archive, name, path) != said["sha256"]:
            raise _damaged(path, f"{name} is not as it was when the backup was made")
        say("checking", number, len(named))
    return manifest


def _manifest(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    """The manifest, when it says all that a restore asks of it."""
    try:
        _bounded(archive.getinfo(MANIFEST), path, LARGEST_MANIFEST)
        said: Any = json.loads(archive.read(MANIFEST))
    except (KeyError, ValueError, RuntimeError, zlib.error, zipfile.BadZipFile) as error:
        raise _damaged(path, "it has no manifest") from error
    kind = said.get("format") if isinstance(said, dict) else None
    if kind != FORMAT:
        raise _damaged(path, f"its format is {kind!r}, and {FORMAT!r} is expected")
    if not _complete(said):
        raise _damaged(path, "its manifest is not complete")
    manifest: dict[str, Any] = said
    return manifest


def _complete(said: Mapping[str, Any]) -> bool:
    files, steps = said.get("files"), said.get("steps")
    return (
        isinstance(files, dict)
        and all(isinstance(one, dict) and isinstance(one.get("sha256"), str) for one in files.values())
        and isinstance(steps, list)
        and all(isinstance(step, list) and [type(part) for part in step] == [str, str] for step in steps)
        and all(isinstance(said.get(name), str) for name in ("made_at", "untoward"))
        and isinstance(said.get("missing_photos"), list)
    )


def _safe(name: str) -> bool:
    """Whether a name is that of a table of ours, or of a photo below the photo folder however it is read."""
    if name.startswith(_TABLE):
        return _TABLE_NAME.fullmatch(name) is not None
    parts = name.split("/")
    return parts[0] == "photos" and len(parts) > 1 and all(map(_PHOTO_PART.fullmatch, parts[1:]))


def _bounded(info: zipfile.ZipInfo, path: Path, most: int | None = None) -> None:
    """Raise InputError for what unpacks to far more than a backup of ours would. More than it says is never read."""
    bomb = info.file_size > _SURELY_FINE and info.file_size > MOST_TIMES * max(info.compress_size, 1)
    if bomb or (most is not None and info.file_size > most):
        raise _damaged(
            path, f"{info.filename} unpacks to {info.file_size / 1e6:.0f} MB, far more than such a file holds"
        )


def _digest(archive: zipfile.ZipFile, name: str, path: Path) -> str:
    digest = sha256()
    try:
        with archive.open(name) as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
        raise _damaged(path, f"{name} cannot be read") from error
    return digest.hexdigest()


def _nothing_there(settings: Settings) -> None:
    from django.db import connection

    present = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for table in ("registry_user", "registry_clinic", "registry_entry"):
            if table not in present:
                continue
            cursor.execute(f"SELECT 1 FROM {table} LIMIT 1")  # noqa: S608 (names of our own)
            if cursor.fetchone():
                raise UsageError(
                    "There is a record here already, and a restore never overwrites one. Give an empty home "
                    "(UNTOWARD_HOME=/another/folder) or an empty database, and restore into that."
                )
    if settings.photos.is_dir() and any(settings.photos.iterdir()):
        raise UsageError(
            f"{settings.photos} holds photos already. Restore into an empty home, or move them away."
        )


def _steps(manifest: Mapping[str, Any]) -> set[Step]:
    """The steps the backup's database had taken. Raises InputError for steps unknown here, UsageError where the empty
    database has taken others already.
    """
    known = steps_known()
    apps = {app for app, _ in known}
    wanted = {(app, name) for app, name in manifest["steps"] if app in apps}
    if unknown := sorted(f"{app} {name}" for app, name in wanted - known):
        fault = Fault(what="steps this program does not know", got=", ".join(unknown[:5]))
        raise InputError(
            f"The backup was made by a newer untoward ({manifest['untoward']}). Install that version or a later one.",
            [fault],
        )
    if ahead := sorted(f"{app} {name}" for app, name in steps_taken() - wanted):
        raise UsageError(
            f"The database is empty, but was already brought to a newer version than the backup's ({ahead[0]}). "
            "Restore into one with no tables at all, or into an empty home."
        )
    return wanted


def _load(
    archive: zipfile.ZipFile, manifest: Mapping[str, Any], steps: Collection[Step], say: Progress
) -> int:
    """All rows in one transaction, with the tables as they were then."""
    from django.core.management.color import no_style
    from django.db import connection, transaction
    from django.db.migrations.executor import MigrationExecutor

    state = MigrationExecutor(connection).migrate(last_of(steps))
    names = [name for name in manifest["files"] if name.startswith(_TABLE)]
    rows, models = 0, []
    with transaction.atomic():
        for number, name in enumerate(names, 1):
            model, count = _rows_of(archive, name, state.apps)
            rows += count
            models.append(model)
            say("tables", number, len(names))
        connection.check_constraints()
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), models):
                cursor.execute(statement)
    return rows


def _rows_of(archive: zipfile.ZipFile, name: str, apps: Apps) -> tuple[type[Model], int]:
    """Fill the table of a file; gives it and how many rows. Raises InputError for a row that it cannot hold."""
    from django.core.exceptions import ValidationError

    try:
        model = apps.get_model(name.removeprefix(_TABLE).removesuffix(".jsonl"))
        return model, _fill(archive, name, model)
    except (LookupError, AttributeError, TypeError, ValueError, ValidationError, RecursionError) as error:
        raise _damaged(
            Path(archive.filename or ""), f"{name} holds a row that its table cannot hold"
        ) from error


def _fill(archive: zipfile.ZipFile, name: str, model: type[Model]) -> int:
    fields = {f.attname: f for f in model._meta.concrete_fields}
    for field in fields.values():
        field.auto_now_add = field.auto_now = False  # times come from the backup
    count = 0
    with archive.open(name) as file:
        rows = (json.loads(line) for line in file)
        while chunk := list(islice(rows, ROWS_AT_A_TIME)):
            made = [
                model(**{column: _typed(fields[column], value) for column, value in row.items()})
                for row in chunk
            ]
            model._base_manager.bulk_create(made)
            count += len(made)
    return count


def _typed(field: Field, value: object) -> object:
    """JSON as it is; else what the column holds."""
    from django.db import models

    if isinstance(field, models.JSONField) or field.is_relation:
        return value
    return field.to_python(value)


@contextmanager
def _photos_brought(
    archive: zipfile.ZipFile, manifest: Mapping[str, Any], settings: Settings, say: Progress
) -> Iterator[int]:
    """The photos beside their folder; they take its place when what happens in here went well, else they are gone."""
    names = [name for name in manifest["files"] if name.startswith(_PHOTO)]
    beside = settings.home / "photos.restoring"
    shutil.rmtree(beside, ignore_errors=True)
    try:
        for number, name in enumerate(names, 1):
            target = beside / name.removeprefix(_PHOTO)
            target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with archive.open(name) as source, target.open("xb") as file:
                shutil.copyfileobj(source, file)
            target.chmod(0o600)
            say("photos", number, len(names))
        yield len(names)
        if names:
            if settings.photos.is_dir():
                settings.photos.rmdir()
            beside.rename(settings.photos)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _damaged(path: Path, what: str) -> InputError:
    fault = Fault(file=str(path), what=what, hint="Use another backup; nothing was changed here.")
    return InputError("The backup cannot be used.", [fault])
