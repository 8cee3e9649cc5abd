"""The main act of each area with the keyboard alone, and the way of the focus through the pages."""

import pytest
from tests.web.browser.conftest import PHONE
from tests.web.browser.looking import looked_at
from tests.web.browser.typist import Typist

ORDERED = (
    "worklist", "session/new?patient={new-patient}", "case/{case-lumps}", "recalls/{recall}", "patients/new", "stock",
    "watch", "people", "settings",
)  # fmt: skip


@pytest.fixture
def at(open_page, site):
    """`at("director", "case/{case-lumps}")`: a typist on a page; its address is under the page's `url`."""

    def opened(who, path, **options):
        page = open_page(who, **options)
        page.goto(f"{site.url}/{path.format_map(site.known['uids'])}")
        return Typist(page)

    return opened


def test_a_problem_is_reported_asked_about_decided_and_signed_off(at):
    typist = at("director", "session/{session}/problem")
    page = typist.page
    typist.type("[name=text]", "a small lump where I was injected")
    typist.go("form:has([name=told_by]) button")
    assert "/case/" in page.url

    answer = "#asking [name^='answer:'][type=radio]"
    typist.press(answer, "ArrowLeft")  # from "not asked" to "no"
    assert page.evaluate("document.activeElement.value") == "no"
    typist.type("#observe-text", "it is firm, 8 mm")
    typist.go("#asking button")
    assert "it is firm, 8 mm" in page.text_content("main")

    typist.type("#decide-kind", "Call")
    typist.type("#decide-text", "called, to come tomorrow")
    typist.go("#deciding button")
    assert "called, to come tomorrow" in page.inner_text("#deciding")

    typist.type("#sign-reason", "seen the next day, nothing left")
    typist.go("form:has(#sign-reason) button")
    assert page.locator("#sign-reason").count() == 0


def test_what_is_missing_is_said_and_led_to(at, faults):
    faults.expected = ("422 (Unprocessable",)
    typist = at("director", "case/{case-bruise}")
    page = typist.page
    typist.type("#decide-kind", "Call")
    typist.go("#deciding button")
    link = page.locator("#deciding a[href^='#']").first
    target = link.get_attribute("href")
    typist.press(f"#deciding a[href='{target}']")
    page.wait_for_function("at => document.activeElement.matches(at)", arg=target)
    assert looked_at(page) == []


def test_a_lot_is_taken_in_a_vial_opened_and_discarded(at):
    typist = at("director", "stock")
    page = typist.page
    typist.go("main a[href='/stock/take-in']")
    typist.type("#product", "Saline")
    typist.type("#number", "KEY-1")
    typist.type("#vials", "2")
    typist.go("form:has(#number) .actions button:not([name=read])")
    assert "KEY-1" in page.inner_text("main")
    if "/lot/" not in page.url:
        typist.go("main a[href^='/lot/']:has-text('KEY-1'), main a[href^='/lot/']")
    typist.go("form[action$='/open'] button")
    assert "/vial/" in page.url
    typist.press(".discard summary")
    typist.go(".discard button")
    assert page.locator(".discard").count() == 0


def test_a_recall_is_begun_and_a_call_noted(at):
    typist = at("officer", "lot/{old-lot}")
    page = typist.page
    typist.go("a[href$='/recall']")
    typist.type("#reason", "two lumps after it")
    typist.go("form:has(#reason) button")
    assert "/recalls/" in page.url
    typist.press("details:has([name=reached]) summary")
    typist.press("[name=reached]", "Space")
    typist.type("[name=note]", "well, comes on Monday")
    typist.go("form:has([name=reached]) button")
    assert "well, comes on Monday" in page.inner_text("main")


def test_a_patient_is_recorded_and_consents(at):
    typist = at("injector", "patients/new")
    page = typist.page
    typist.type("#name", "Nora Novella")
    typist.type("#birth_year", "1979")
    typist.press("[name=allergies]", "ArrowDown")  # from "not asked" to "asked, none known"
    typist.go("form:has(#birth_year) .actions button")
    assert "Nora Novella" in page.inner_text("main")
    typist.go("a[href$='/consent']")
    typist.press("[name=discussed]", "Space")
    typist.type("#signed_name", "Nora Novella")
    typist.go("form:has(#signed_name) .actions button")
    assert "/consents/" in page.url


def test_an_investigation_goes_a_step_further(at):
    typist = at("epidemiologist", "investigations/{investigation}")
    page = typist.page
    before = page.locator("[name=step][value=validate]").count()
    assert before == 1
    typist.press("form:has([name=step][value=validate]) [name=decision]", "Space")
    typist.type("form:has([name=step][value=validate]) textarea", "both have the same vial")
    typist.go("form:has([name=step][value=validate]) button")
    assert "both have the same vial" in page.inner_text("main")
    assert page.locator("[name=step][value=prioritise]").count() == 1


def test_somebody_else_of_the_demonstration_is_chosen(at):
    typist = at(
        None, "demo"
    )  # whoever becomes somebody else leaves their session: not one that other tests use
    typist.go("main form:has([value=inspector]) button")
    assert "Inspector" in typist.page.inner_text(".whoami")
    typist.go("aside button[value=officer]")
    assert "Safety Officer" in typist.page.inner_text(".whoami")


def test_the_first_stop_leads_past_the_menu(at):
    typist = at("director", "case/{case-lumps}")
    page = typist.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.matches('.skip')")
    box = page.locator(".skip").bounding_box()
    assert box["y"] >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")


@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_the_focus_goes_down_the_page_and_is_caught_nowhere(at, size):
    for path in ORDERED:
        typist = at("director", path, **({"viewport": size} if size else {}))
        found, could = typist.stops()
        assert found == sorted(found), path
        assert len(found) >= could, path
        typist.page.context.close()
