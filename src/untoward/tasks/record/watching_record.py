"""The last look at the record for the watch pages, kept in files, and how a new one is made.

A look takes seconds to minutes, so no request waits for it: the site makes one each hour (`refresh`) and when somebody asks
(`begin`, in a process of its own). Pages show the last one with its time. Files stand below the home folder, readable by the
site alone, in one folder for each clinic and one for all clinics together:

watch/<uid of the clinic, or "all">/latest          name of the folder of the last look
watch/<…>/<time>/summary.json, charts.json, *.parquet
watch/<…>/looks-….jsonl                              the ledger of the sequential watch
watch/<…>/progress.json                              while one is being made, or why the last failed
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
from django.db.models import Exists, OuterRef

from untoward.model.tables import Registry, RowLedger
from untoward.registry.models import Clinic, Head, Session
from untoward.tasks.record.off_course import off_course_ids
from untoward.tasks.record.tables import read_record
from untoward.tasks.record.watch_content import WatchContent, WatchSource, watch_content
from untoward.tasks.record.watch_lines import Lines
from untoward.tasks.record.watch_sequential import LEDGER
from untoward.tasks.site import settings_now, try_alone

ALL = "all"
"""The name of the look at all clinics together."""

AT_WORK = timedelta(days=730)
"""A clinic without a session for so long has its own look, but stands in none with others: its numbers are of another time."""

LONGEST = timedelta(hours=24)
"""A look older than this is made again even when nothing was recorded since: time alone changes rates."""

_STALLED = timedelta(minutes=30)
_LATEST, _PROGRESS = "latest", "progress.json"
_TABLES = ("sessions", "components", "reactions", "observations")


@dataclass(frozen=True, kw_only=True)
class Look:
    """One look that was made: everything the pages show, read when it is asked for."""

    folder: Path

    @cached_property
    def summary(self) -> Mapping[str, Any]:
        """Totals, outcomes, clusters, signals and when it was made (`made_at`, with zone)."""
        read: dict[str, Any] = _json(self.folder / "summary.json")
        return read

    @property
    def made_at(self) -> datetime:
        """When it was finished."""
        return datetime.fromisoformat(self.summary["made_at"])

    @cached_property
    def charts(self) -> Mapping[str, Mapping[str, str]]:
        """Funnels by "outcome/axis"."""
        read: dict[str, dict[str, str]] = _json(self.folder / "charts.json")
        return read

    @cached_property
    def rates(self) -> pl.DataFrame:
        """Rates of every outcome and exposure."""
        return pl.read_parquet(self.folder / "rates.parquet")

    @cached_property
    def lines(self) -> Lines:
        """The lines behind the numbers."""
        return Lines(
            cases=pl.read_parquet(self.folder / "cases.parquet"),
            sessions=pl.read_parquet(self.folder / "sessions.parquet"),
            names=pl.read_parquet(self.folder / "names.parquet"),
        )

    @cached_property
    def record(self) -> Registry:
        """The record that was looked at, as tables."""
        tables = {name: pl.read_parquet(self.folder / f"record-{name}.parquet") for name in _TABLES}
        return Registry(**tables, findings=_json(self.folder / "findings.json"))

    @property
    def ledger(self) -> tuple[RowLedger, ...]:
        """How many rows of each table could be used."""
        return tuple(RowLedger(**row) for row in self.summary["ledger"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """A look being made: its step and how much of it is done. `failed` says what went wrong with the last one."""

    began: datetime
    step: str = ""
    done: int = 0
    total: int = 0
    failed: str = ""


def refresh(clinics: Sequence[Clinic], *, always: bool = False) -> tuple[str, ...]:
    """Look at each clinic, and at all at work together when these are more than one. Gives the looks that were made.

    Where nothing was recorded since the last look, and it is younger than a day, it stands (unless `always`). Where another
    process is looking, it is left to it.
    """
    scopes = [(str(clinic.uid), [clinic]) for clinic in clinics]
    together = at_work()
    if len(together) > 1 and {clinic.pk for clinic in together} <= {clinic.pk for clinic in clinics}:
        scopes.append((ALL, together))
    return tuple(scope for scope, members in scopes if _refresh_one(scope, members, always))


def at_work() -> list[Clinic]:
    """The clinics that a look at all together takes in: all but those whose last session was more than two years ago."""
    since = datetime.now(UTC) - AT_WORK
    there = Session.objects.filter(clinic=OuterRef("pk"))
    past = Clinic.objects.filter(Exists(there), ~Exists(there.filter(at__gte=since)))
    return list(Clinic.objects.exclude(pk__in=past).order_by("pk"))


def latest(scope: str) -> Look | None:
    """The last look of this name; None before the first."""
    top = _top(scope)
    try:
        folder = top / (top / _LATEST).read_text(encoding="ascii")
    except OSError:
        return None
    return Look(folder=folder) if (folder / "summary.json").is_file() else None


def running(scope: str, now: datetime | None = None) -> Running | None:
    """The look being made now, or the one that failed last; None when neither."""
    try:
        kept = _json(_top(scope) / _PROGRESS)
    except (OSError, ValueError):
        return None
    found = Running(**{**kept, "began": datetime.fromisoformat(kept["began"])})
    stalled = (now or datetime.now(UTC)) - found.began > _STALLED
    return None if stalled and not found.failed else found


def begin(scope: str) -> None:
    """Make a new look in a process of its own and come back at once; `running` says how far it is."""
    top = _top(scope)
    top.mkdir(parents=True, exist_ok=True, mode=0o700)
    began = datetime.now(UTC)
    _tell(scope, Running(began=began, step="starting"))
    environment = {**os.environ, "UNTOWARD_HOME": str(settings_now().home)}
    process = subprocess.Popen(
        [sys.executable, "-m", "untoward.tasks.record.watch_in_background", scope],
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    threading.Thread(target=_see_through, args=(process, scope, began), daemon=True).start()


def _see_through(process: subprocess.Popen[bytes], scope: str, began: datetime) -> None:
    """Wait for the process; one that could not even begin to look is told, so that nobody waits for it."""
    code = process.wait()
    under_way = running(scope)
    if code and under_way is not None and not under_way.failed:
        _tell(scope, Running(began=began, failed=f"exit code {code}"))


def refresh_named(scope: str) -> bool:
    """Make a new look of one name, whatever there is; False when another process is at it or there is no such clinic."""
    members = at_work() if scope == ALL else list(Clinic.objects.filter(uid=scope))
    return bool(members) and _refresh_one(scope, members, always=True)


def _refresh_one(scope: str, clinics: Sequence[Clinic], always: bool) -> bool:
    with try_alone(f"watch-{scope}") as mine:
        if not mine or not (always or _is_old(scope)):
            return False
        began = datetime.now(UTC)
        try:
            _make(scope, clinics, began)
        except Exception as error:
            # the words of an error may hold a patient's data: only its kind is kept
            _tell(scope, Running(began=began, failed=type(error).__name__))
            raise
        (_top(scope) / _PROGRESS).unlink(missing_ok=True)
    return True


def _is_old(scope: str) -> bool:
    last = latest(scope)
    if last is None:
        return True
    age = datetime.now(UTC) - last.made_at
    return last.summary["trail"] != _trail() or not timedelta(0) <= age < LONGEST


def _trail() -> int:
    """How many entries the trail has: whether anything was recorded since."""
    return Head.objects.filter(pk=1).values_list("number", flat=True).first() or 0


def _make(scope: str, clinics: Sequence[Clinic], began: datetime) -> None:
    def tell(step: str, done: int, total: int) -> None:
        _tell(scope, Running(began=began, step=step, done=done, total=total))

    started, trail = monotonic(), _trail()
    tell("reading the record", 0, 1)
    now = datetime.now(ZoneInfo(clinics[0].time_zone)).replace(tzinfo=None, second=0, microsecond=0)
    source = WatchSource(
        reading=read_record(clinics),
        off_course=off_course_ids(clinics),
        now=now,
        secret=settings_now().secret_key(),
        ledger=_top(scope) / LEDGER,
    )
    content = watch_content(source, tell)
    made_at = datetime.now(UTC)
    about = {
        "made_at": made_at.isoformat(timespec="seconds"),
        "seconds": round(monotonic() - started, 1),
        "trail": trail,
        "clinics": [clinic.name for clinic in clinics],
    }
    _keep(_top(scope), f"{made_at:%Y%m%dT%H%M%S%f}", content, about)


def _keep(top: Path, name: str, content: WatchContent, about: Mapping[str, Any]) -> None:
    """Write a look beside the last, point to it, then remove the older ones but one (a page may still be reading it)."""
    folder = top / name
    folder.mkdir(parents=True, mode=0o700)
    lines = content.lines
    tables = {"rates": content.rates, "cases": lines.cases, "sessions": lines.sessions, "names": lines.names}
    tables |= {f"record-{name}": getattr(content.record, name) for name in _TABLES}
    for table, frame in tables.items():
        frame.write_parquet(folder / f"{table}.parquet")
    _write(folder / "charts.json", content.charts)
    _write(folder / "findings.json", dict(content.record.findings))
    _write(folder / "summary.json", {**about, **content.summary})
    pointer = top / f"{_LATEST}.new"
    pointer.write_text(name, encoding="ascii")
    pointer.replace(top / _LATEST)
    for old in sorted(one for one in top.iterdir() if one.is_dir())[:-2]:
        shutil.rmtree(old, ignore_errors=True)


def _tell(scope: str, progress: Running) -> None:
    top = _top(scope)
    top.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = top / f"{_PROGRESS}.{os.getpid()}.new"
    said = {
        "began": progress.began.isoformat(),
        "step": progress.step,
        "done": progress.done,
        "total": progress.total,
        "failed": progress.failed,
    }
    _write(new, said)
    new.replace(top / _PROGRESS)


def _top(scope: str) -> Path:
    return settings_now().home / "watch" / scope


def _json(path: Path) -> Any:  # noqa: ANN401 - whatever was kept
    return json.loads(path.read_text(encoding="utf-8"))


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
