"""Setting the site up for a command: its settings, its database at the right version, one process at a time."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from zlib import crc32

from untoward.errors import MissingExtra
from untoward.settings import Settings, read_settings

DJANGO_SETTINGS = "untoward.web.settings"


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """What migrating did: how many steps were taken, and whether another process was waited for."""

    steps: int
    waited: bool


def open_site() -> Settings:
    """Set Django up in this process, once, and give the settings of the installation.

    Raises MissingExtra without the web parts, InputError for settings that cannot be used.
    """
    if importlib.util.find_spec("django") is None or importlib.util.find_spec("allauth") is None:
        raise MissingExtra("web", "The record and its site")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", DJANGO_SETTINGS)
    if os.environ["DJANGO_SETTINGS_MODULE"] == DJANGO_SETTINGS:
        settings = read_settings()
        settings.home.mkdir(parents=True, exist_ok=True, mode=0o700)
    import django

    django.setup()
    return settings_now()


def settings_now() -> Settings:
    """The settings this process runs with."""
    from django.conf import settings

    ours: Settings = settings.UNTOWARD
    return ours


def migrate() -> Migrated:
    """Bring the database to the version of this program. Of two processes at once, one does it and the other waits.

    Raises OutsideError when the database cannot be reached or written.
    """
    from django.core.management import call_command

    from untoward.tasks.site_words import in_words

    with in_words(), one_at_a_time("migrate") as waited:
        steps = pending()
        call_command("migrate", interactive=False, verbosity=0)
        return Migrated(steps=steps, waited=waited)


def pending() -> int:
    """How many steps the database is behind this program."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


@contextmanager
def one_at_a_time(what: str) -> Iterator[bool]:
    """Only one process is in here at a time; the others wait. Gives whether this one had to.

    With PostgreSQL the database keeps the lock, so that it holds between machines; else a file in the home folder does.
    """
    free = try_alone(what)
    waited = False
    while True:
        with free as mine:
            if mine:
                yield waited
                return
        _wait(what)
        waited, free = True, try_alone(what)


@contextmanager
def try_alone(what: str) -> Iterator[bool]:
    """Whether this process alone is at it now; what it has is given back at the end. Never waits."""
    from django.db import connection

    if connection.vendor == "postgresql":
        key = _lock_number(what)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [key])
            mine = bool(cursor.fetchone()[0])
        try:
            yield mine
        finally:
            if mine:
                with connection.cursor() as cursor:
                    cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
        return
    with _locked_file(what, wait=False) as mine:
        yield mine


def _wait(what: str) -> None:
    """Until whoever holds the lock lets go."""
    from django.db import connection

    if connection.vendor == "postgresql":
        key = _lock_number(what)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [key])
            cursor.execute("SELECT pg_advisory_unlock(%s)", [key])
        return
    with _locked_file(what, wait=True):
        pass


@contextmanager
def _locked_file(what: str, *, wait: bool) -> Iterator[bool]:
    import fcntl

    path = settings_now().home / f"{what}.lock"
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True


def _lock_number(what: str) -> int:
    return crc32(f"untoward {what}".encode())
