"""The whole round without a script: record, ask, answer, read, decide, trace and recall, the passport."""

import pytest


@pytest.fixture
def plain(open_page):
    """`plain("director")`: a page of a browser that runs no script."""
    return lambda who=None: open_page(who, java_script_enabled=False)


def record(page, site, key, scan, places):
    """Record a session of a patient by the form's buttons alone."""
    page.goto(f"{site.url}/session/new")
    page.fill("#f-find", key)
    page.click("button[name=do][value=find]")
    page.fill("#f-scan", scan)
    page.fill("#f-places", places)
    page.click("#asepsis-all")
    page.click("#save")
    page.wait_for_url("**/session/*-*")


def answer(page):
    """A lump told that is mild and stays the same. Gives what the patient reads then."""
    page.check("input[value=lump]")
    page.click("button.big")
    for choice in ("days", "mild", "same"):
        page.click(f"button[value={choice}]")
    return page.inner_text(".verdict")


def test_record_ask_answer_read_and_decide(plain, site):
    nurse = plain("injector")
    record(nurse, site, site.known["seen"], "V101 .2, V103 .3", "ckl .1, ckr .1, fh .3")
    shown = nurse.inner_text("main")
    assert all(words in shown for words in ("V101", "V103", "3 points"))

    nurse.goto(f"{site.url}/check-ins")
    nurse.locator("form[action$='/link'] button").first.click()
    link = nurse.inner_text(".address")
    patient = plain()
    patient.goto(link)
    patient.click("button[value=something]")
    assert "A person at North will read this by" in answer(patient)

    nurse.goto(f"{site.url}/check-ins")
    nurse.locator("main a.button[href^='/case/']").first.click()
    case = nurse.url
    assert nurse.locator(".finding").count() > 0
    nurse.goto(f"{site.url}/worklist")
    assert nurse.locator(f".line a[href='{case.removeprefix(site.url)}']").count() == 1
    nurse.goto(case)
    nurse.select_option("#decide-kind", "called")
    nurse.fill("#decide-text", "called; to come if it grows")
    nurse.click("#deciding button")
    assert "called; to come if it grows" in nurse.inner_text("#deciding")


def test_from_a_case_to_everybody_who_had_the_vial_and_the_recall_of_it(plain, site):
    page = plain("director")
    page.goto(f"{site.url}/case/{site.known['uids']['case-own-words']}")
    page.locator("main a[href^='/vial/']").first.click()
    people = page.locator("main a[href^='/patients/']").count()
    assert people > 1
    page.click("a[href$='/recall']")
    page.fill("#reason", "three lumps after it")
    page.click("form:has(#reason) button")
    assert page.locator("summary").filter(has=page.locator(".away")).count() >= people
    page.locator("details:has([name=reached]) summary").first.click()
    page.locator("[name=reached][value=no]").first.check()
    page.locator("form:has([name=reached]) button").first.click()
    page.locator("a[href$='/letters']").first.click()
    assert page.locator("article, .letter").count() >= people


def test_the_passport_and_the_page_behind_its_link(plain, site):
    staff = plain("injector")
    staff.goto(f"{site.url}/session/{site.known['uids']['session']}")
    staff.click("main a[href^='/passport/']")
    staff.click("form[action*='/link'] button")
    link = staff.input_value("#own-link")
    patient = plain()
    patient.goto(link)
    assert "North" in patient.inner_text("body")
    patient.click("a.big[href$='/problem']")
    assert "will read this by" in answer(patient)


def test_a_refused_form_keeps_what_was_typed(plain, site, faults):
    faults.expected = ("422 (Unprocessable",)
    page = plain("injector")
    page.goto(f"{site.url}/patients/new")
    page.fill("#name", "Nils Nobody")
    page.fill("#birth_year", "1850")
    page.click("form:has(#birth_year) .actions button")
    assert page.input_value("#name") == "Nils Nobody"
    assert page.input_value("#birth_year") == "1850"
    assert page.locator("[aria-invalid=true]").get_attribute("id") == "birth_year"
