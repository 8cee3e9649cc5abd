"""Is this installation well, and is it fit for others to use? Each check says what was seen and what to do."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from untoward.settings import LOOPBACK, Settings, database_parts

LITTLE_ROOM, TOO_LITTLE_ROOM = 2 * 1024**3, 200 * 1024**2
JOBS_QUIET = timedelta(minutes=10)
BACKUP_OLD = timedelta(days=7)
LAST_BACKUP = "last-backup.txt"


class State(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing looked at: its name, how it is, what was seen, and the next step where one is needed."""

    name: str
    state: State
    said: str
    next: str = ""


def examine(settings: Settings, now: datetime) -> list[Check]:
    """Everything about this installation that can be looked at quickly; nothing is changed.

    A check that itself fails is a fault with what the database or disk said, and the rest goes on.
    """
    looks: tuple[Callable[[], Iterator[Check]], ...] = (
        lambda: _home(settings),
        lambda: _room(settings),
        lambda: _database(),
        lambda: _version(),
        lambda: _clock(now),
        lambda: _trail(),
        lambda: _photos(settings),
        lambda: _jobs(settings, now),
        lambda: _backup(settings, now),
    )
    return [check for look in looks for check in _surely(look)]


def deployment(settings: Settings) -> list[Check]:
    """Whether others may use the site as it is set up."""
    checks = [
        _https(settings),
        _check(
            "demonstration",
            not settings.demo,
            "off",
            "on: anybody may become anybody.",
            "Unset UNTOWARD_DEMO and begin with an empty home.",
        ),
        *_secret(settings),
        *_home(settings),
        _mail(settings),
    ]
    return [*checks, *_surely(_second_factors)]


def _surely(look: Callable[[], Iterator[Check]]) -> list[Check]:
    from django.db import Error

    from untoward.tasks.site_words import meaning

    try:
        return list(look())
    except Error as error:
        return [Check(name="database", state=State.FAULT, said=meaning(error))]
    except OSError as error:
        said = f"{error.strerror}: {error.filename}"
        return [Check(name="disk", state=State.FAULT, said=said, next="Look at the rights and the disk.")]


def _check(name: str, well: bool, good: str, bad: str, then: str, state: State = State.FAULT) -> Check:
    if well:
        return Check(name=name, state=State.OK, said=good)
    return Check(name=name, state=state, said=bad, next=then)


def _https(settings: Settings) -> Check:
    return _check(
        "public address",
        settings.https,
        settings.public_url,
        f"{settings.public_url} is not encrypted.",
        "Set UNTOWARD_PUBLIC_URL to the https:// address that patients and staff use.",
    )


def _mail(settings: Settings) -> Check:
    from urllib.parse import urlsplit

    sender = settings.mail_from.rpartition("@")[2]
    return _check(
        "mail",
        bool(settings.mail_url) and sender not in LOOPBACK and bool(urlsplit(settings.mail_url).scheme),
        f"from {settings.mail_from}",
        f"messages are left in {settings.home / 'outbox'} and sent by nobody.",
        "Set UNTOWARD_MAIL_URL and UNTOWARD_MAIL_FROM, or have a program send what is in that folder.",
        State.WARNING,
    )


def _secret(settings: Settings) -> Iterator[Check]:
    path = settings.home / "secret.key"
    good = path.is_file() and not _others_may(path) and len(path.read_text(encoding="ascii").strip()) >= 50
    yield _check(
        "secret key",
        good,
        "set, for its owner alone",
        f"{path} is missing, too short, or open to others.",
        f"chmod 600 {path}; if it is missing, the site makes one when it starts.",
    )


def _home(settings: Settings) -> Iterator[Check]:
    yield _check(
        "home folder",
        not _others_may(settings.home),
        str(settings.home),
        f"{settings.home} is open to other users of this machine.",
        f"chmod 700 {settings.home}",
        State.WARNING if settings.home.stat().st_mode & 0o007 == 0 else State.FAULT,
    )


def _others_may(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _room(settings: Settings) -> Iterator[Check]:
    room = shutil.disk_usage(settings.home).free
    yield _check(
        "room on the disk",
        room >= LITTLE_ROOM,
        f"{room / 1024**3:.1f} GB free",
        f"only {room / 1024**3:.2f} GB free.",
        "Make room, or move the home folder to a larger disk.",
        State.WARNING if room >= TOO_LITTLE_ROOM else State.FAULT,
    )


def _database() -> Iterator[Check]:
    from django.db import connection

    from untoward.tasks.site_backup import one_moment

    # with no writer's lock: looking takes long in a large record
    with one_moment(), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA quick_check(1)")
            said = str(cursor.fetchone()[0])
            yield _check(
                "database",
                said == "ok",
                "SQLite, sound",
                f"SQLite finds damage: {said}.",
                "Stop the site and restore the last backup into an empty home.",
            )
            return
        cursor.execute("SHOW default_transaction_read_only")
        yield _check(
            "database",
            cursor.fetchone()[0] == "off",
            f"PostgreSQL {connection.pg_version // 10000}, answers",
            "PostgreSQL is set to read only.",
            "Ask whoever keeps the database server.",
        )


def _version() -> Iterator[Check]:
    from untoward.tasks.site import pending

    steps = pending()
    yield _check(
        "version of the database",
        not steps,
        "that of this program",
        f"{steps} steps behind this program.",
        "untoward migrate",
    )


def _clock(now: datetime) -> Iterator[Check]:
    from django.db.models import F, OuterRef, Subquery

    from untoward.registry.models import Entry
    from untoward.tasks.record.clock import written_after

    ahead = written_after(now)
    yield _check(
        "clock",
        ahead is None,
        f"{now:%Y-%m-%d %H:%M} UTC",
        f"stands before what was written last ({ahead:%Y-%m-%d %H:%M} UTC)." if ahead else "",
        "Set the clock of this machine right. The order of the trail is that of its numbers, so nothing is lost.",
        State.WARNING,
    )
    before = Entry.objects.filter(number=OuterRef("number") - 1).values("at")[:1]
    moved = (
        Entry.objects.annotate(before=Subquery(before)).filter(at__lt=F("before")).order_by("-number").first()
    )
    yield _check(
        "times in the trail",
        moved is None,
        "only grow",
        f"go back at entry {moved.number}: the clock was moved back then." if moved else "",
        "Go by the numbers of the entries around it, not by their times.",
        State.WARNING,
    )


def _trail() -> Iterator[Check]:
    from untoward.registry.models import Entry, Head

    head, count = Head.objects.filter(pk=1).first(), Entry.objects.count()
    number = head.number if head else 0
    yield _check(
        "trail",
        number == count,
        f"{count} entries, none missing (untoward audit verify goes through all of them)",
        f"{count} entries, but the last is number {number}.",
        "untoward audit verify",
    )


def _photos(settings: Settings) -> Iterator[Check]:
    from untoward.registry.models import Photo

    names = set(Photo.objects.values_list("file", flat=True))
    missing = [name for name in names if not (settings.photos / name).is_file()]
    yield _check(
        "photos",
        not missing,
        f"{len(names)}, all there",
        f"{len(missing)} of {len(names)} are not in {settings.photos}.",
        "Bring them back from the last backup (a backup is a zip file: folder photos).",
    )


def _jobs(settings: Settings, now: datetime) -> Iterator[Check]:
    from untoward.tasks.site_jobs import last_run

    last = last_run(settings)
    quiet = last is None or abs(now - last) > JOBS_QUIET
    yield _check(
        "minute's jobs",
        not quiet,
        f"last ran {last:%Y-%m-%d %H:%M} UTC" if last else "",
        f"last ran {last:%Y-%m-%d %H:%M} UTC." if last else "have never run.",
        "They run while the site does (untoward serve): without them no check-in is sent and nothing escalated.",
        State.WARNING,
    )


def _backup(settings: Settings, now: datetime) -> Iterator[Check]:
    path = settings.home / LAST_BACKUP
    last = datetime.fromisoformat(path.read_text(encoding="utf-8").split()[0]) if path.is_file() else None
    yield _check(
        "backup",
        last is not None and now - last <= BACKUP_OLD,
        f"last made {last:%Y-%m-%d %H:%M} UTC" if last else "",
        f"last made {last:%Y-%m-%d %H:%M} UTC." if last else "none has been made.",
        "untoward backup FILE, and keep the file on another machine.",
        State.WARNING,
    )


def _second_factors() -> Iterator[Check]:
    from allauth.mfa.models import Authenticator

    from untoward.registry.models import Membership
    from untoward.registry.roles import Role

    users = set(
        Membership.objects.filter(ended_at=None, role__in=[Role.DIRECTOR, Role.ADMINISTRATOR]).values_list(
            "user", flat=True
        )
    )
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    without = len(users - set(Authenticator.objects.filter(type__in=kinds).values_list("user_id", flat=True)))
    yield _check(
        "second factors",
        not without,
        "every director and administrator has one",
        f"{without} of {len(users)} directors and administrators sign in with a password alone.",
        "Each adds a passkey or an app at /sign-in/2fa/.",
        State.WARNING,
    )


def database_in_words(settings: Settings) -> str:
    """Where the record is, without any password."""
    if not settings.database_url:
        return str(settings.home / "record.sqlite3")
    parts = database_parts(settings.database_url)
    return f"PostgreSQL database {parts['NAME']} at {parts['HOST'] or 'this machine'}"
