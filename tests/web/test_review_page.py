"""The review in a real browser: on a phone and a desk, in light and dark, without JavaScript, on paper."""

import importlib.util
import re
import shutil
from pathlib import Path

import pytest

from untoward.report.html import render_html

pytestmark = pytest.mark.browser

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SWITCHES = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
WIDTHS = (360, 390, 700, 1000, 1280)


def made_up():
    where = Path(__file__).parents[1] / "unit" / "report" / "example_review.py"
    spec = importlib.util.spec_from_file_location("example_review", where)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def browser():
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield running
        running.close()


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    where = tmp_path_factory.mktemp("review") / "review.html"
    where.write_text(render_html(made_up().example_review()), encoding="utf-8")
    return where.as_uri()


@pytest.fixture
def opened(browser, address):
    """Opens the page and returns it with the list that its complaints go to."""
    contexts = []

    def open_at(width=1280, scheme="light", script=True):
        context = browser.new_context(
            viewport={"width": width, "height": 844}, color_scheme=scheme, java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        complaints = []
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: None if request.url == address else complaints.append(request.url))
        page.goto(address)
        return page, complaints

    yield open_at
    for context in contexts:
        context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_fetched_and_nothing_complains(opened, scheme):
    _page, complaints = opened(scheme=scheme)
    assert [one for one in complaints if one != "data:,"] == []


@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_sticks_out_sideways(opened, width):
    page, _complaints = opened(width)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    wide, room = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    assert wide <= room


def test_who_needs_someone_is_on_the_first_screen_of_a_phone(opened):
    page, _complaints = opened(390)
    first = page.locator("#urgent .stub").first.bounding_box()
    assert first["y"] + 20 < 844


def test_it_reads_without_javascript(opened):
    page, _complaints = opened(390, script=False)
    assert page.locator("#urgent .case").count() == 8
    summary = page.locator("#urgent .behind summary").first
    summary.click()
    assert page.get_by_text("Threshold").first.is_visible()


def test_tables_are_cards_on_a_phone_and_grids_on_a_desk(opened):
    for width, shown in ((360, "block"), (1280, "table-row")):
        page, _complaints = opened(width)
        row = page.locator("#missing tbody tr").first
        assert row.evaluate("one => getComputedStyle(one).display") == shown


def luminance(colour):
    channels = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_and_chart_labels_contrast_with_their_ground(opened, scheme):
    page, _complaints = opened(scheme=scheme)
    ground = luminance(page.evaluate("getComputedStyle(document.querySelector('.panel')).backgroundColor"))
    assert (ground > 0.5) == (scheme == "light")
    for selector, property_ in (
        (".panel .reading", "color"),
        (".panel .note", "color"),
        (".chart .wide text", "fill"),
    ):
        ink = luminance(page.evaluate(f"getComputedStyle(document.querySelector('{selector}')).{property_}"))
        high, low = max(ground, ink), min(ground, ink)
        assert (high + 0.05) / (low + 0.05) >= 4.5, selector


def test_focus_is_seen_and_the_skip_link_works(opened):
    page, _complaints = opened()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").bounding_box()["x"] >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    page.keyboard.press("Tab")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"


def test_it_prints_light_with_what_was_folded(opened, tmp_path):
    page, _complaints = opened(scheme="dark")
    page.emulate_media(media="print")
    ground = page.evaluate("getComputedStyle(document.querySelector('.panel')).backgroundColor")
    assert luminance(ground) > 0.9
    assert page.locator("#urgent .finding p").first.is_visible()
    printed = page.pdf(format="A4", print_background=True, path=tmp_path / "review.pdf")
    assert printed.startswith(b"%PDF")
    assert printed.count(b"/Type /Page\n") >= 2 or len(printed) > 50_000
