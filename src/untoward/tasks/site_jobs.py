"""What the site does by itself: every minute it sends check-ins and escalates what nobody looked at, every hour it looks at
the record for signals. One process does it, however many serve pages.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from untoward.settings import Settings
from untoward.tasks.site import open_site, settings_now, try_alone

HEARTBEAT = "jobs.json"
EVERY = timedelta(minutes=1)
LOG = logging.getLogger("untoward.jobs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something done by itself, and how often at most."""

    name: str
    every: timedelta
    do: Callable[[datetime], object]


def _send(now: datetime) -> object:
    from untoward.tasks.record.check_ins import send_due

    return send_due(now)


def _escalate(now: datetime) -> object:
    from untoward.tasks.record.check_ins import escalate_due

    return escalate_due(now)


def _watch(_now: datetime) -> object:
    from untoward.registry.models import Clinic
    from untoward.tasks.record.watching_record import refresh

    return refresh(list(Clinic.objects.order_by("pk")))


def _forget(_now: datetime) -> object:
    """Sign-ins that are over are removed."""
    from django.core.management import call_command

    return call_command("clearsessions")


JOBS = (
    Job(name="check-ins sent", every=EVERY, do=_send),
    Job(name="problems escalated", every=EVERY, do=_escalate),
    Job(name="record watched", every=timedelta(hours=1), do=_watch),
    Job(name="old sign-ins forgotten", every=timedelta(days=1), do=_forget),
)


def run_due(now: datetime, jobs: Iterable[Job] = JOBS) -> dict[str, str]:
    """Do every job whose time has come, and keep when it was done; a job that fails does not hold up the others.

    Gives the failed ones with what kind of fault it was and where. Does nothing while another process is at it.
    """
    settings = settings_now()
    with try_alone("jobs") as mine:
        if not mine:
            return {}
        done = _read(settings)
        failed = {
            job.name: fault for job in jobs if _is_due(job, done, now) and (fault := _do(job, now, done))
        }
        _keep(settings, now, done, failed)
    return failed


def last_run(settings: Settings) -> datetime | None:
    """When the jobs last ran; None when never."""
    said = _load(settings).get("at")
    return datetime.fromisoformat(said) if isinstance(said, str) else None


def go_on(parent: int) -> None:
    """Run what is due each minute for as long as the process that started this one lives."""
    from django.db import close_old_connections, connections
    from django.utils import timezone

    while os.getppid() == parent:
        began = time.monotonic()
        try:
            close_old_connections()
            run_due(timezone.now())
        except Exception as error:  # the database may be away for a while: go on when it is back
            LOG.error("jobs wait: %s", fault_of(error))
            connections.close_all()
        while os.getppid() == parent and time.monotonic() - began < EVERY.total_seconds():
            time.sleep(1)


def fault_of(error: BaseException) -> str:
    """Kind and place of an error without its text, which may hold a patient's data."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{place}"


def _do(job: Job, now: datetime, done: dict[str, datetime]) -> str:
    """The fault, or nothing. What failed is tried again when its time comes again."""
    done[job.name] = now
    try:
        job.do(now)
    except Exception as error:  # each job stands alone
        LOG.error("not done: %s: %s", job.name, fault_of(error))
        return fault_of(error)
    return ""


def _is_due(job: Job, done: dict[str, datetime], now: datetime) -> bool:
    """Also when the last time lies ahead: a clock that was moved back holds nothing up."""
    before = done.get(job.name)
    return before is None or before > now or now - before >= job.every - timedelta(seconds=5)


def _read(settings: Settings) -> dict[str, datetime]:
    done = _load(settings).get("done")
    return {name: datetime.fromisoformat(at) for name, at in done.items()} if isinstance(done, dict) else {}


def _load(settings: Settings) -> dict[str, object]:
    try:
        kept = json.loads((settings.home / HEARTBEAT).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _keep(settings: Settings, now: datetime, done: dict[str, datetime], failed: dict[str, str]) -> None:
    path = settings.home / HEARTBEAT
    new = path.with_suffix(".new")
    said = {
        "at": now.astimezone(UTC).isoformat(),
        "done": {name: at.astimezone(UTC).isoformat() for name, at in done.items()},
        "failed": failed,
    }
    new.write_text(json.dumps(said, indent=1), encoding="utf-8")
    new.replace(path)


if __name__ == "__main__":
    open_site()
    go_on(int(sys.argv[1]))
