"""The emergency card without internet, and a check-in by keyboard alone, in a real browser."""

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
from datetime import timedelta
from django.utils import timezone
from untoward.registry.models import Clinic, Patient, Practitioner, Session
from untoward.registry.writing import write
from untoward.tasks.record import check_ins
clinic = Clinic(name="North", country="AU")
write(clinic, by=None)
patient = Patient(clinic=clinic, key="P1", language="en")
write(patient, by=None)
person = Practitioner(clinic=clinic, key="D1", name="Ana")
write(person, by=None)
session = Session(
    clinic=clinic, patient=patient, practitioner=person, at=timezone.now() - timedelta(days=1), technique="lipolysis"
)
write(session, by=None)
print(check_ins.new_link(check_ins.schedule(session)[0]).rsplit("/", 1)[-1])
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site of its own with one check-in to answer."""
    if not CHROMIUM.exists():
        pytest.skip("there is no Chromium on this machine")
    home = tmp_path_factory.mktemp("home")
    own = {"UNTOWARD_HOME": str(home), "DJANGO_SETTINGS_MODULE": "untoward.web.settings"}
    environment = {**os.environ, **own}
    environment.pop("UNTOWARD_DATABASE_URL", None)
    given = {"env": environment, "cwd": ROOT, "check": True}
    subprocess.run([sys.executable, "-m", "django", "migrate", "-v0"], **given)
    filled = subprocess.run([sys.executable, "-c", FILL], capture_output=True, text=True, **given)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (home / "server.log").open("w") as log:
        command = [sys.executable, "-m", "django", "runserver", "--noreload", f"127.0.0.1:{port}"]
        server = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=log, stderr=log)
    try:
        _wait_for(port, server)
        yield SimpleNamespace(
            url=f"http://127.0.0.1:{port}", token=filled.stdout.strip(), log=home / "server.log"
        )
    finally:
        server.terminate()
        server.wait(10)


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


@pytest.fixture
def page(site):
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        opened = browser.new_context(viewport={"width": 390, "height": 800}, locale="pt-BR").new_page()
        opened.set_default_timeout(60_000)
        yield opened
        browser.close()


def test_once_opened_the_card_stands_in_for_any_page_with_the_number_of_the_clinic(page, site):
    page.goto(f"{site.url}/emergency/en?country=AU")
    page.wait_for_selector("[data-saved]:not([hidden])")
    page.context.set_offline(True)
    for address in ("/emergency/en", "/worklist", f"/c/{site.token}"):
        page.goto(site.url + address)
        assert page.inner_text("h1") == "Emergency card", address
        assert page.inner_text(".call.huge") == "000"
        assert page.evaluate("getComputedStyle(document.querySelector('.call.huge')).fontWeight") == "700"
    page.goto(f"{site.url}/emergency/fr")
    assert page.inner_text("h1") == "Carte d’urgence"


def test_a_check_in_by_keyboard_alone_is_answered_and_leaves_no_link_in_the_log(page, site):
    page.goto(f"{site.url}/c/{site.token}")

    def press_on(selector, key):
        for _ in range(40):
            page.keyboard.press("Tab")
            if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
                page.keyboard.press(key)
                return
        raise AssertionError(f"{selector} cannot be reached by keyboard")

    press_on("button[value=something]", "Enter")
    page.wait_for_selector("input[value=lump]")
    press_on("input[value=lump]", "Space")
    press_on("button.big", "Enter")
    for value, following in (("days", "mild"), ("mild", "same"), ("same", None)):
        page.wait_for_selector(f"button[value={value}]")
        press_on(f"button[value={value}]", "Enter")
        page.wait_for_selector(f"button[value={following}]" if following else ".verdict")
    assert "A person at North will read this by" in page.inner_text(".verdict")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert site.token not in site.log.read_text(encoding="utf-8")
