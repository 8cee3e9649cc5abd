"""A session of 20 points, 3 lots and one mix by keyboard alone, at the speed of somebody who types: 120 ms a key."""

import sys
import time

import pytest

KEY_SECONDS = 0.12
MOST_SECONDS = 60
POINTS = "fh .1, fhl, fhr, gl .05, tel, ter, cfl, cfr, ttl, ttr, ckl .1, ckr, nll .05, nlr, mal, mar, jal .1, jar, ch, sm"


@pytest.fixture
def page(open_page):
    """A page at a desk of the one who injects."""
    return open_page("injector")


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


def test_twenty_points_three_lots_and_a_mix_within_a_minute(site, page):
    page.goto(f"{site.url}/session/new")
    typist, begun = Typist(page), time.monotonic()

    typist.type(site.known["key"])
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
    assert seconds <= MOST_SECONDS


def test_the_map_is_worked_with_arrow_keys_and_enter(site, page):
    page.goto(f"{site.url}/session/new?patient={site.known['uids']['new-patient']}")
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


def test_same_as_last_time_is_one_key(site, page):
    page.goto(f"{site.url}/session/new?patient={site.known['uids']['patient']}")
    assert page.locator(".ghost").count() == 2
    page.keyboard.press("Alt+l")
    page.wait_for_selector("#points .point:nth-child(2)")
    assert page.locator(".part").count() == 1
    assert page.input_value("[name=c_ml]") == "0.2"
