"""One filled site for all tests in a real browser, and a Chromium that notes whatever goes wrong on a page.

The record is filled once in a run; every worker serves a copy of its own.
"""

import fcntl
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import pytest

try:
    from playwright import sync_api
except ImportError:  # then every test here is skipped and says so
    sync_api = None

ROOT = Path(__file__).parents[3]
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
PHONE, DESKTOP = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
LONGEST_MS = 30_000
_START_SECONDS = 120


def pytest_collection_modifyitems(items):
    """Every test here needs a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass
class Faults:
    """What a browser complained about: its console's errors, faults of scripts, requests that failed."""

    found: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()
    """What a test brings about on purpose: lines that hold one of these are no faults."""

    def listen(self, page):
        """Note everything that goes wrong on the page from now on."""
        page.on("pageerror", lambda error: self.found.append(f"{page.url}: {error}"))
        page.on("console", lambda line: self._said(page, line))
        page.on("requestfailed", lambda request: self._failed(page, request))

    def _said(self, page, line):
        if line.type == "error":
            self.found.append(f"{page.url}: {line.text}")

    def _failed(self, page, request):
        if request.failure != "net::ERR_ABORTED":  # a page that was left, or a file that was downloaded
            self.found.append(f"{page.url}: {request.url} failed: {request.failure}")


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """`once(name, make)`: what `make(folder)` gives, as JSON keeps it; made by one worker of a run, read by all others."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base

    def made(name, make):
        kept = shared / f"{name}.json"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not kept.exists():
                kept.write_text(json.dumps(make(shared)), encoding="utf-8")
        return json.loads(kept.read_text(encoding="utf-8"))

    return made


@pytest.fixture(scope="session")
def filled_home(once):
    """The home of a filled record, shared by all workers of a run, and what is in it. Not to be written to."""
    _need_a_browser()
    known = once("filled-home", _filled)
    return Path(known["home"]), known


def _filled(folder):
    home = folder / "filled-home"
    command = [sys.executable, "-m", "tests.web.browser.filling"]
    done = subprocess.run(command, env=environment_of(home), cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return {"home": str(home), **json.loads(done.stdout)}


@pytest.fixture(scope="session")
def site(filled_home, tmp_path_factory):
    """The filled site, running until the tests are done: `url`, `home`, `log`, and `known`, what is in it."""
    home = tmp_path_factory.mktemp("site") / "home"
    shutil.copytree(filled_home[0], home)
    with serving(home) as running:
        running.known = filled_home[1]
        yield running


@contextmanager
def serving(home):
    """A site of a home, on a port of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url, log = f"http://127.0.0.1:{port}", home.parent / "server.log"
    command = [sys.executable, "-m", "django", "runserver", "--noreload", f"127.0.0.1:{port}"]
    environment = environment_of(home, UNTOWARD_PUBLIC_URL=url)
    with log.open("w") as lines:
        server = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=lines, stderr=lines)
    try:
        _wait_for(port, server)
        yield SimpleNamespace(url=url, home=home, log=log, environment=environment)
    finally:
        server.terminate()
        server.wait(10)


def environment_of(home, **more):
    """The environment of a site in a home, with the role switcher of a demonstration."""
    own = {
        "UNTOWARD_HOME": str(home),
        "UNTOWARD_DEMO": "1",
        "DJANGO_SETTINGS_MODULE": "untoward.web.settings",
    }
    environment = {**os.environ, **own, **more}
    environment.pop("UNTOWARD_DATABASE_URL", None)
    return environment


def _need_a_browser():
    if sync_api is None:
        pytest.skip("playwright is not installed")
    if not CHROMIUM.exists():
        pytest.skip("there is no Chromium on this machine")


def _wait_for(port, server):
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        assert server.poll() is None, "the server stopped"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not answer")


@pytest.fixture(scope="module")
def chromium():
    """A browser; of a module, not of the run: while it is open, tests of other modules could not use the database."""
    _need_a_browser()
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def faults():
    """What went wrong on any page of a test; there must be nothing at its end."""
    noted = Faults()
    yield noted
    assert [one for one in noted.found if not any(words in one for words in noted.expected)] == []


@pytest.fixture
def open_page(chromium, site, faults):
    """`open_page("director", width…)`: a page of a browser of its own in which somebody of a role is signed in."""
    contexts = []

    def opened(who=None, **options):
        context = chromium.new_context(**{"viewport": DESKTOP, "locale": "en-GB", **options})
        contexts.append(context)
        if who is not None:
            cookie = {"name": "sessionid", "value": site.known["cookies"][who], "url": site.url}
            context.add_cookies([cookie])
        page = context.new_page()
        page.set_default_timeout(LONGEST_MS)
        faults.listen(page)
        return page

    yield opened
    for context in contexts:
        context.close()
