"""Ends the server with kill -9 again and again while people save sessions, then looks for anything lost or half saved.

    python benchmarks/site_faults.py                       1,000 sessions, SQLite, then PostgreSQL
    python benchmarks/site_faults.py --saves 60 --kills 2

Four people save sessions of 3 products and 20 places as fast as they can. Each time a share of the saves has been acknowledged,
all processes of the server are killed at once, in the middle of whatever they do, and the server is started again; whoever got
no answer sends the same form again. At the end every acknowledged session must be on record once and whole (its products,
places and check-ins), and the trail must verify.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parent.parent / "scripts")]
from site_home import Site, Visitor, made_ready, session_fields, with_small_record  # noqa: E402
from with_postgresql import address_of, postgresql  # noqa: E402

PEOPLE, POINTS, COMPONENTS, CHECK_INS = 4, 20, 3, 7
LOOK = """
import json
from django.db.models import Count
from untoward.registry.models import *
print("FOUND" + json.dumps([
    [str(one.uid), one.token, one.components.count(), one.points.count(), one.check_ins.count()]
    for one in Session.objects.order_by("pk")
]))
"""


@dataclass
class Saving:
    """What the people at it share: how many saves are left, and what was acknowledged."""

    left: int
    acknowledged: list[str] = field(default_factory=list)
    unanswered: int = 0
    refused: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self) -> bool:
        """Whether there is one more to save."""
        with self.lock:
            self.left -= 1
            return self.left >= 0


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How it came out. All of `lost`, `half`, `twice` and `faults` must be nothing."""

    acknowledged: int
    unanswered: int
    refused: list[str]
    lost: set[str]
    half: list[list]
    twice: int
    faults: list
    entries: int

    @property
    def well(self) -> bool:
        """Whether nothing was lost, half saved or saved twice."""
        return not (self.lost or self.half or self.twice or self.faults or self.refused)


def killed_while_saving(site: Site, saves: int, kills: int) -> Outcome:
    """Save sessions at a site with a small record, and kill its server so many times meanwhile."""
    ready, saving = made_ready(site), Saving(saves)
    site.start()
    people = [
        threading.Thread(target=_save_all, args=(site.port, ready, n, saving), daemon=True)
        for n in range(PEOPLE)
    ]
    for person in people:
        person.start()
    for number in range(1, kills + 1):
        while len(saving.acknowledged) < saves * number // (kills + 1) and any(p.is_alive() for p in people):
            time.sleep(0.003)
        site.kill()
        site.start()
    for person in people:
        person.join()
    site.stop()
    return _outcome(site, saving)


def _save_all(port: int, ready: Mapping[str, list], number: int, saving: Saving) -> None:
    with closing(Visitor(port=port, cookies=dict(ready["cookies"][number]))) as visitor:
        while saving.take():
            _save_one(visitor, ready, number, saving)


def _save_one(visitor: Visitor, ready: Mapping[str, list], number: int, saving: Saving) -> None:
    fields: list[tuple[str, str]] = []
    unanswered = False
    while True:
        try:
            if not fields:
                form = visitor.get("/session/new").body
                fields = session_fields(form, ready, ready["patients"][number], number, POINTS)
            answer = visitor.post("/session/new", fields)
            break
        except (OSError, HTTPException):
            unanswered = bool(fields)
            time.sleep(0.1)
    with saving.lock:
        saving.unanswered += unanswered
        if answer.status == 302:
            saving.acknowledged.append(answer.headers["Location"].rpartition("/")[2])
        else:
            saving.refused.append(f"{answer.status}")


def _outcome(site: Site, saving: Saving) -> Outcome:
    said = site.script(LOOK)
    found = json.loads(said[said.index("FOUND") + 5 :])
    checked = json.loads(site.run("audit", "verify", "--json", check=False).stdout)
    return Outcome(
        acknowledged=len(saving.acknowledged),
        unanswered=saving.unanswered,
        refused=saving.refused,
        lost=set(saving.acknowledged) - {row[0] for row in found},
        half=[row for row in found if row[2:] != [COMPONENTS, POINTS, CHECK_INS]],
        twice=len(found) - len(set(saving.acknowledged)),
        faults=checked["faults"],
        entries=checked["entries"],
    )


def main() -> int:
    """Try both databases; 1 when anything was lost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--saves", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--only", choices=["sqlite", "postgresql"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="untoward-faults-") as folder:
        well = True
        if options.only != "postgresql":
            well &= _tried("SQLite", Site(home=Path(folder) / "sqlite"), options)
        if options.only != "sqlite":
            with postgresql(Path(folder) / "server") as server:
                site = Site(home=Path(folder) / "postgresql", database=address_of(server))
                well &= _tried("PostgreSQL", site, options)
    return int(not well)


def _tried(name: str, site: Site, options: argparse.Namespace) -> bool:
    began = time.monotonic()
    try:
        came = killed_while_saving(with_small_record(site), options.saves, options.kills)
    finally:
        site.stop()
    print(
        f"{name}: {came.acknowledged} saves acknowledged, {options.kills} kills, {came.unanswered} saves without an answer and "
        f"sent again; lost {len(came.lost)}, half saved {len(came.half)}, saved twice {came.twice}, refused "
        f"{len(came.refused)} {sorted(set(came.refused))}; {came.entries} entries in the trail, {len(came.faults)} faults; "
        f"{time.monotonic() - began:.0f} s"
    )
    return came.well


if __name__ == "__main__":
    raise SystemExit(main())
