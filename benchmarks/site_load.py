"""Many people at one site at once: how long each page takes them, and whether every session they saved is there.

    python benchmarks/site_load.py                              PostgreSQL, 50 users, 60 s, 100,000 sessions on record
    python benchmarks/site_load.py --sqlite --users 5
    python benchmarks/site_load.py --no-pauses                  every user asks again as soon as the answer is there
    python benchmarks/site_load.py --kept FOLDER                keep the filled record there, and use it again next time

The site is what `untoward serve` starts, on the database as it stands after filling (a copy: the filled one is not changed).
Users are threads of this process, each with cookies and a connection of its own; signing in is not timed. A user looks at the
worklist (3 in 10 acts), a case (2), a patient (2), a lot (1), or records a session (2: opens the form, sends it with 3 products
and 20 places, and is shown the session), then pauses for 5 to 10 s. Times are from sending to the last byte. Whoever is timed
shares the machine with the site and its database.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "scripts")]
from site_home import Answer, Site, Visitor, made_ready, session_fields  # noqa: E402
from with_postgresql import address_of, postgresql  # noqa: E402

PAUSE_S, AIM_S = (5.0, 10.0), 0.3
AIMED = ("worklist", "session save", "case")
PLACES = {
    "worklist": ("worklist", ""),
    "case": ("case", "cases"),
    "patient": ("patients", "patients"),
    "lot": ("lot", "lots"),
}
ACTS = ("worklist",) * 3 + ("case",) * 2 + ("patient",) * 2 + ("lot",) + ("session",) * 2


@dataclass
class Times:
    """What all users saw: seconds of each page, what went wrong, and the sessions that were acknowledged."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    saved: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, name: str, answer: Answer, expected: int) -> bool:
        """Keep how long it took; whether it is what was expected."""
        with self.lock:
            self.seconds.setdefault(name, []).append(answer.seconds)
            if answer.status != expected:
                self.wrong.append(f"{name}: {answer.status}")
            return answer.status == expected


@dataclass
class Person(threading.Thread):
    """One user, until the time is over."""

    visitor: Visitor
    ready: Mapping[str, list]
    times: Times
    until: float
    pauses: bool
    number: int

    def __post_init__(self) -> None:
        super().__init__(daemon=True)
        self._random = random.Random(self.number)

    __hash__ = threading.Thread.__hash__

    def run(self) -> None:
        """Act and pause."""
        if self.pauses:
            time.sleep(self._random.uniform(0, PAUSE_S[1]))
        while time.monotonic() < self.until:
            try:
                self._act(self._random.choice(ACTS))
            except Exception as error:
                with self.times.lock:
                    self.times.wrong.append(f"{type(error).__name__}: {error}")
            if self.pauses:
                time.sleep(self._random.uniform(*PAUSE_S))

    def _act(self, what: str) -> None:
        if what == "session":
            self._record()
            return
        path, one = PLACES[what]
        path = f"/{path}/{self._random.choice(self.ready[one])}" if one else f"/{path}"
        self.times.note(what, self.visitor.get(path), 200)

    def _record(self) -> None:
        patient = self._random.choice(self.ready["patients"])
        form = self.visitor.get(f"/session/new?patient={patient}")
        if not self.times.note("session form", form, 200):
            return
        fields = session_fields(form.body, self.ready, patient, self.number)
        answer = self.visitor.post("/session/new", fields)
        if self.times.note("session save", answer, 302):
            where = answer.headers["Location"]
            with self.times.lock:
                self.times.saved.append(where.rpartition("/")[2])
            self.times.note("session", self.visitor.get(where), 200)


def main() -> int:
    """Fill or copy, serve, ask, count; 1 when a page is too slow, anything went wrong or a session is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--sessions", type=int, default=100_000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--no-pauses", action="store_true")
    parser.add_argument("--kept", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="untoward-load-") as folder:
        kept = options.kept or Path(folder) / "kept"
        kept.mkdir(parents=True, exist_ok=True)
        home = Path(folder) / "home"
        with (_on_sqlite if options.sqlite else _on_postgresql)(kept, home, options.sessions) as site:
            return _measured(site, options)


def _measured(site: Site, options: argparse.Namespace) -> int:
    ready, times = made_ready(site), Times()
    before = os.getloadavg()[0]
    with site.served("--workers", str(options.workers)):
        for cookies in ready["cookies"][:4]:  # each process loads its templates and the evidence once
            with closing(Visitor(port=site.port, cookies=dict(cookies))) as visitor:
                visitor.get("/session/new")
        until = time.monotonic() + options.seconds
        people = [
            Person(Visitor(port=site.port, cookies=dict(ready["cookies"][n % len(ready["cookies"])])), ready, times, until,
                   not options.no_pauses, n)
            for n in range(options.users)
        ]  # fmt: skip
        began, spent = time.monotonic(), time.process_time()
        for person in people:
            person.start()
        for person in people:
            person.join()
        took, spent = time.monotonic() - began, time.process_time() - spent
    lost = _lost(site, ready, times)
    print(
        f"{'SQLite' if options.sqlite else 'PostgreSQL'}, {options.users} users"
        f"{' without pauses' if options.no_pauses else ''}, {took:.0f} s, {options.workers} processes; "
        f"load average {before:.1f} before and {os.getloadavg()[0]:.1f} after; asking took {100 * spent / took:.0f} % of a core"
    )
    return _told(times, took, lost)


def _told(times: Times, took: float, lost: int) -> int:
    late = 0
    for name, seconds in sorted(times.seconds.items()):
        middle, p95, p99 = (1000 * float(np.percentile(seconds, p)) for p in (50, 95, 99))
        late += name in AIMED and p95 > 1000 * AIM_S
        print(f"{name:14} {len(seconds):6} times  p50 {middle:6.0f}  p95 {p95:6.0f}  p99 {p99:6.0f} ms")
    total = sum(map(len, times.seconds.values()))
    print(
        f"{total} answers, {total / took:.1f} a second; {len(times.wrong)} wrong {sorted(set(times.wrong))[:5]}"
    )
    print(f"{len(times.saved)} sessions acknowledged, {lost} of them or others missing or too many")
    return int(bool(late or times.wrong or lost))


def _lost(site: Site, ready: Mapping[str, list], times: Times) -> int:
    """Acknowledged sessions that are not on record, and sessions on record that nobody was told of."""
    said = site.script(
        "from untoward.registry.models import Session\n"
        "print('UIDS', *Session.objects.order_by('-pk').values_list('uid', flat=True)"
        f"[:Session.objects.count() - {ready['count']}])"
    )
    there = set(said[said.index("UIDS") + 4 :].split())
    return len(there ^ set(times.saved))


@contextmanager
def _on_sqlite(kept: Path, home: Path, sessions: int) -> Iterator[Site]:
    filled = kept / f"sqlite-{sessions}"
    if not (filled / "filled").is_file():
        shutil.rmtree(filled, ignore_errors=True)
        _fill(Site(home=filled), sessions)
    shutil.copytree(filled, home)
    yield Site(home=home)


@contextmanager
def _on_postgresql(kept: Path, home: Path, sessions: int) -> Iterator[Site]:
    filled = f"filled_{sessions}"
    with postgresql(kept / "postgresql") as server:
        home.mkdir(parents=True)
        if filled not in server.psql("SELECT datname FROM pg_database;"):
            server.psql("DROP DATABASE IF EXISTS filling;")
            server.psql("CREATE DATABASE filling;")
            _fill(Site(home=home, database=address_of(server, "filling")), sessions)
            server.psql(f"ALTER DATABASE filling RENAME TO {filled};")
        server.psql("DROP DATABASE IF EXISTS loaded;")
        server.psql(f"CREATE DATABASE loaded TEMPLATE {filled};")
        try:
            yield Site(home=home, database=address_of(server, "loaded"))
        finally:
            server.psql("DROP DATABASE IF EXISTS loaded WITH (FORCE);")


def _fill(site: Site, sessions: int) -> None:
    site.home.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, str(HERE / "site_fill.py"), str(sessions)]
    subprocess.run(command, env=site.environment, check=True)
    (site.home / "filled").touch()


if __name__ == "__main__":
    raise SystemExit(main())
