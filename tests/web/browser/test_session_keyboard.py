"""A session of 20 points, 3 lots and one mix by keyboard alone, at the speed of somebody who types: 120 ms a key."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[3]
CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync")  # fmt: skip
FILL = """
import django
django.setup()
from django.test import Client
from dataclasses import replace
from tests.registry.sessions.conftest import made_draft, made_place
from untoward.tasks.record.patients import PatientDraft
from untoward.tasks.record.sessions import save
place = made_place()
again = replace(made_draft(place), patient=PatientDraft(name="Rosa Gil", allergies=()), consent=None)
seen = save(again, place.nurse).patient
browser = Client()
browser.force_login(place.nurse, backend="allauth.account.auth_backends.AuthenticationBackend")
print(place.patient.key, place.patient.uid, seen.uid, browser.cookies["sessionid"].value)
"""
KEY_SECONDS = 0.12
MOST_SECONDS = 60
POINTS = "fh .1, fhl, fhr, gl .05, tel, ter, cfl, cfr, ttl, ttr, ckl .1, ckr, nll .05, nlr, mal, mar, jal .1, jar, ch, sm"


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(port, server):
    for _attempt in range(600):
        assert server.poll() is None, "the server stopped"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=2).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise AssertionError("the server did not answer")


@pytest.fixture(scope="module")
def clinic_site(tmp_path_factory):
    """A site of its own with one clinic, running until the tests of this file are done."""
    if not CHROMIUM.exists():
        pytest.skip("there is no Chromium on this machine")
    home = tmp_path_factory.mktemp("home")
    environment = {
        **os.environ,
        "UNTOWARD_HOME": str(home),
        "DJANGO_SETTINGS_MODULE": "untoward.web.settings",
    }
    environment.pop("UNTOWARD_DATABASE_URL", None)
    run = [sys.executable, "-m", "django"]
    subprocess.run([*run, "migrate", "-v0"], env=environment, cwd=ROOT, check=True)
    filled = subprocess.run(
        [sys.executable, "-c", FILL], env=environment, cwd=ROOT, check=True, capture_output=True, text=True
    )
    key, uid, seen, cookie = filled.stdout.split()
    port = _free_port()
    with (home / "server.log").open("w") as log:
        command = [*run, "runserver", "--noreload", f"127.0.0.1:{port}"]
        server = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(port, server)
        yield SimpleNamespace(url=url, key=key, uid=uid, seen=seen, cookie=cookie)
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture
def page(clinic_site):
    """A page of somebody who is signed in; whatever its console says as an error is kept in `errors`."""
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        context.add_cookies([{"name": "sessionid", "value": clinic_site.cookie, "url": clinic_site.url}])
        opened = context.new_page()
        opened.errors = []
        opened.on("pageerror", lambda error: opened.errors.append(str(error)))
        opened.on("console", lambda line: opened.errors.append(line.text) if line.type == "error" else None)
        yield opened
        browser.close()


class Typist:
    """Somebody at the keyboard who presses one key every 120 ms and never touches the mouse."""

    def __init__(self, page):
        self.page, self.keys = page, 0

    def press(self, key):
        time.sleep(KEY_SECONDS)
        self.page.keyboard.press(key)
        self.keys += 1

    def type(self, text):
        for sign in text:
            self.press(sign)

    def tab_to(self, field):
        """Tab until the field has the focus; every Tab is counted."""
        for _time in range(30):
            if self.focus() == field:
                return
            self.press("Tab")
        raise AssertionError(f"{field} was not reached by Tab; the focus is on {self.focus()}")

    def focus(self):
        return self.page.evaluate("document.activeElement.id")


def test_twenty_points_three_lots_and_a_mix_within_a_minute(clinic_site, page):
    page.goto(f"{clinic_site.url}/session/new")
    typist, begun = Typist(page), time.monotonic()

    typist.type(clinic_site.key)
    typist.press("Enter")
    page.wait_for_selector(".chosen")
    typist.tab_to("f-scan")
    typist.type("V101 1, V102 .5, V103 .5")
    typist.tab_to("f-places")
    typist.type(POINTS)
    typist.press("Enter")
    page.wait_for_selector("#points .point:nth-child(20)")
    typist.press("Alt+a")
    typist.press("Alt+s")
    page.wait_for_url("**/session/*-*")
    seconds = time.monotonic() - begun

    keys = f"{typist.keys} keys at {KEY_SECONDS * 1000:.0f} ms each"
    sys.stdout.write(f"\n20 points, 3 lots, 1 mix: {seconds:.1f} s with {keys}\n")
    shown = page.inner_text("main")
    assert "20 points" in shown
    assert all(lot in shown for lot in ("L1", "L2", "L3", "V101", "V102", "V103"))
    assert shown.count("✓") == 6
    assert page.errors == []
    assert seconds <= MOST_SECONDS


def test_the_map_is_worked_with_arrow_keys_and_enter(clinic_site, page):
    page.goto(f"{clinic_site.url}/session/new?patient={clinic_site.uid}")
    page.focus("[data-drawing=face-front] path[data-zone=nose]")
    for key in ("ArrowUp", "Enter", "ArrowDown", "Enter", "+", "-"):
        page.keyboard.press(key)
    assert page.eval_on_selector_all("#points [name=p_zone]", "all => all.map(one => one.value)") == [
        "glabella",
        "nose",
    ]
    assert page.locator("[data-drawing=face-front] .mark").count() == 2
    page.click("[data-view=body-back]")
    page.click("[data-drawing=body-back] path[data-zone=buttock-left]")
    row = page.locator("#points .point").nth(2)
    assert row.locator("[name=p_view]").input_value() == "body-back"
    assert 0 < float(row.locator("[name=p_x]").input_value()) < 0.5
    row.locator("button").click()
    assert page.locator("#points .point").count() == 2
    assert page.errors == []


def test_same_as_last_time_is_one_key(clinic_site, page):
    page.goto(f"{clinic_site.url}/session/new?patient={clinic_site.seen}")
    assert page.locator(".ghost").count() == 2
    page.keyboard.press("Alt+l")
    page.wait_for_selector("#points .point:nth-child(2)")
    assert page.locator(".part").count() == 1
    assert page.input_value("[name=c_ml]") == "0.2"
    assert page.errors == []
