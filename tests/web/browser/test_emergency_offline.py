"""The emergency card without internet, and a check-in by keyboard alone, in a real browser."""

import pytest
from tests.web.browser.conftest import PHONE


@pytest.fixture
def page(open_page):
    """A page on a phone of nobody in particular."""
    return open_page(viewport=PHONE, locale="pt-BR")


def test_once_opened_the_card_stands_in_for_any_page_with_the_number_of_the_clinic(page, site):
    page.goto(f"{site.url}/emergency/en?country=AU")
    page.wait_for_selector("[data-saved]:not([hidden])")
    page.context.set_offline(True)
    for address in ("/emergency/en", "/worklist", f"/c/{site.known['tokens']['check-in']}"):
        page.goto(site.url + address)
        assert page.inner_text("h1") == "Emergency card", address
        assert page.inner_text(".call.huge") == "000"
        assert page.evaluate("getComputedStyle(document.querySelector('.call.huge')).fontWeight") == "700"
    page.goto(f"{site.url}/emergency/fr")
    assert page.inner_text("h1") == "Carte d’urgence"


def test_a_check_in_by_keyboard_alone_is_answered_and_leaves_no_link_in_the_log(page, site):
    token = site.known["tokens"]["check-in-to-answer"]
    page.goto(f"{site.url}/c/{token}")

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
    assert token not in site.log.read_text(encoding="utf-8")
