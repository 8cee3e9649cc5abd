"""A site of its own for a benchmark: its home, its database, the server as `untoward serve` starts it, and who asks it."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

WAIT_S, IDLE_S = 120, 1.5
_EMPTY = ("amount", ""), ("unit", ""), ("code", "")
_CHECKLIST = (
    "skin_preparation",
    "hand_hygiene",
    "sterile_needle",
    "no_tap_water",
    "vial_in_date",
    "clean_room",
)
OPEN = "from untoward.tasks.site import open_site\nopen_site()\n"


@dataclass(kw_only=True)
class Site:
    """An installation: commands, scripts and a server run in it. Without `database` it is SQLite in the home."""

    home: Path
    database: str = ""
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """That of this process without any setting of another installation."""
        others = {k: v for k, v in os.environ.items() if not k.startswith(("UNTOWARD_", "DJANGO_"))}
        ours = {"UNTOWARD_HOME": str(self.home), "UNTOWARD_DATABASE_URL": self.database}
        return {**others, **ours}

    def run(self, *arguments: object, check: bool = True) -> subprocess.CompletedProcess[str]:
        """An `untoward` command."""
        command = [sys.executable, "-m", "untoward.cli", *map(str, arguments)]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        if check and done.returncode:
            raise RuntimeError(f"{' '.join(map(str, arguments))}: {done.stdout}{done.stderr}")
        return done

    def script(self, code: str, *arguments: str) -> str:
        """What a script prints that runs with the settings of the site."""
        command = [sys.executable, "-c", OPEN + code, *arguments]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr)
        return done.stdout

    def start(self, *options: str, limit: Sequence[str] = ()) -> None:
        """Serve on a free port, until `stop` or `kill`. `limit` is a command that sets limits and starts another."""
        self.port = self.port or free_port()
        command = [sys.executable, "-m", "untoward.cli", "serve", "--port", str(self.port), *options]
        with (self.home / "site.log").open("ab") as log:
            self.process = subprocess.Popen(
                [*limit, *command], env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        began, visitor = time.monotonic(), Visitor(port=self.port)
        while not visitor.reaches("/healthz"):
            if self.process.poll() is not None or time.monotonic() - began > WAIT_S:
                said = (self.home / "site.log").read_text(encoding="utf-8")
                raise RuntimeError(f"the site did not answer: {said}")
            time.sleep(0.1)
        visitor.close()

    def stop(self) -> None:
        """Stop as Ctrl+C does."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None

    def kill(self) -> None:
        """End every process of the server at once, as a power cut would: none of them can finish anything."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    @contextmanager
    def served(self, *options: str, limit: Sequence[str] = ()) -> Iterator[None]:
        """Serve in here."""
        self.start(*options, limit=limit)
        try:
            yield
        finally:
            self.stop()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, and how many seconds it took to the last byte."""

    status: int
    body: str
    seconds: float
    headers: Mapping[str, str]


@dataclass
class Visitor:
    """One browser: its cookies, and a connection that it keeps for as long as browsers and servers do."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    _open: HTTPConnection | None = None
    _last: float = 0.0

    def get(self, path: str) -> Answer:
        """Ask for a page."""
        return self._ask("GET", path, None)

    def post(self, path: str, fields: Sequence[tuple[str, str]]) -> Answer:
        """Send a form. A redirect is not followed."""
        return self._ask("POST", path, urlencode(fields))

    def reaches(self, path: str) -> bool:
        """Whether the site answers that all is well there."""
        try:
            return self.get(path).status == 200
        except (OSError, HTTPException):
            return False

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        began = time.perf_counter()
        if self._open is None or began - self._last > IDLE_S:
            self.close()
            self._open = HTTPConnection("127.0.0.1", self.port, timeout=90)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            self._open.request(method, path, body, headers)
            answer = self._open.getresponse()
            said = answer.read().decode()
        except (OSError, HTTPException):
            self.close()
            raise
        self._last = time.perf_counter()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        if answer.will_close:
            self.close()
        return Answer(
            status=answer.status, body=said, seconds=self._last - began, headers=dict(answer.headers)
        )

    def close(self) -> None:
        """Hang up."""
        if self._open is not None:
            self._open.close()
        self._open = None


def free_port() -> int:
    """A port nobody has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def hidden(page: str, name: str) -> str:
    """The value of a hidden field of a page."""
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', page)
    if found is None:
        raise ValueError(f"the page has no field {name}: {page[:300]}")
    return found.group(1)


READY = """
import json, sys
from importlib import import_module
from datetime import timedelta
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone
from untoward.registry.models import *
from untoward.registry.writing import Change, write_all
clinic = Clinic.objects.order_by("pk")[0]
director = User.objects.filter(memberships__role="director").order_by("pk")[0]
day = timezone.localdate() + timedelta(days=300)
lots = [Lot(product=one, number=f"NOW{one.pk}-{timezone.now():%H%M%S}", expires=day)
        for one in Product.objects.order_by("pk")[:3]]
write_all([Change(thing=one) for one in lots], by=director)
vials = [Vial(clinic=clinic, lot=one, label=f"{one.number}-{n}", opened_at=timezone.now()) for one in lots for n in range(3)]
write_all([Change(thing=one) for one in vials], by=director)
cookies = []
for user in User.objects.filter(email__startswith="user").order_by("pk"):
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY], store[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store.create()
    cookies.append({settings.SESSION_COOKIE_NAME: store.session_key})
some = lambda model, **f: [str(uid) for uid in model.objects.filter(**f).order_by("pk").values_list("uid", flat=True)[:200]]
print("READY" + json.dumps({
    "cookies": cookies, "patients": some(Patient), "cases": some(Reaction), "sessions": some(Session),
    "lots": some(Lot), "practitioners": some(Practitioner),
    "vials": [[str(v.uid), str(v.lot.product.uid)] for v in vials],
    "count": Session.objects.count(),
}))
"""


def made_ready(site: Site) -> dict[str, list]:
    """Fresh vials and lots to inject from, people signed in, and what they may ask for; of a record that was filled."""
    said = site.script(READY)
    return json.loads(said[said.index("READY") + 5 :])


def session_fields(
    form: str, ready: Mapping[str, list], patient: str, number: int, points: int = 20
) -> list[tuple[str, str]]:
    """The whole form of a session as a browser sends it: three products of one syringe, 20 places, the checklist."""
    plain = {name: hidden(form, name) for name in ("csrfmiddlewaretoken", "token")}
    found = re.search(r'name="at"[^>]*value="([^"]*)"', form) or re.search(
        r'value="([^"]*)"[^>]*name="at"', form
    )
    assert found is not None
    plain |= {
        "patient": patient,
        "practitioner": ready["practitioners"][number % len(ready["practitioners"])],
        "at": found.group(1),
        "technique": "mesotherapy",
        "version": "0",
        "now_mix": "A",
        "note": f"load {number}",
        "do": "save",
    }
    fields = list(plain.items())
    for vial, product in ready["vials"][:: max(len(ready["vials"]) // 3, 1)][:3]:
        row = ("product", product), ("source", f"vial:{vial}"), ("mix", "A"), ("ml", "0.7"), *_EMPTY
        fields += [(f"c_{name}", value) for name, value in row]
    for n in range(points):
        place = ("view", "body-front"), ("zone", ""), ("x", f"{0.3 + n / 100:.2f}"), ("y", "0.5")
        row = (*place, ("mix", "A"), ("ml", "0.1"), ("depth", "intradermal"))
        fields += [(f"p_{name}", value) for name, value in row]
    return [*fields, *((f"asepsis_{item}", "yes") for item in _CHECKLIST)]


SMALL = """
from untoward.registry.models import *
from untoward.registry.writing import Change, write, write_all
clinic = Clinic(name="Bench")
write(clinic, by=None)
users = [User.objects.create_user(f"user{n}@example.org", None) for n in range(4)]
write_all([Change(thing=Membership(user=one, clinic=clinic, role="director")) for one in users], by=users[0])
allowed = [Credential(kind="licence", number="N1", allows=["mesotherapy"])]
write_all([
    Change(thing=Practitioner(clinic=clinic, key="D1", name="D1"), parts={"credentials": allowed}),
    *(Change(thing=Product(name=f"P{n}", compounds=[{"compound": "procaine", "percent": 1}], in_use_hours=24)) for n in range(3)),
    *(Change(thing=Patient(clinic=clinic, key=f"P{n}", allergies=[])) for n in range(8)),
], by=users[0])
"""
"""A record just large enough to record sessions in."""


def with_small_record(site: Site) -> Site:
    """Fill an empty installation with a small record."""
    site.run("migrate")
    site.script(SMALL)
    return site
