"""What somebody new does without reading anything: set a site up, and follow one session from the needle to a restored backup."""

import subprocess
import sys

from tests.web.browser.conftest import DESKTOP, PHONE, ROOT, environment_of, serving
from tests.web.browser.looking import axe_faults, looked_at, rule_faults

from untoward.web.views.passports import qr_code

EMPTY = (
    "worklist", "check-ins", "patients", "stock", "products", "recalls", "watch", "watch/rates", "watch/curve",
    "watch/clusters", "watch/lines", "investigations", "people", "settings", "audit", "consent-texts", "session/new",
)  # fmt: skip
FIRST = {
    "clinic": "Clínica Uno", "country": "ES", "phone": "+34 600 000 000", "name": "Uma First", "email": "uma@example.org",
}  # fmt: skip
SET_UP = """
from untoward.tasks.site import migrate, open_site
settings = open_site()
migrate()
from untoward.tasks.site_first_run import new_token
print(new_token(settings))
"""


def untoward(*words, home):
    """A command as somebody types it, in a home."""
    command = [sys.executable, "-m", "untoward.cli", *words]
    return subprocess.run(
        command, env=environment_of(home), cwd=ROOT, check=True, capture_output=True, text=True
    )


def test_from_the_needle_to_a_restored_backup(site, open_page, tmp_path):
    nurse = open_page("injector")
    nurse.goto(f"{site.url}/session/new")
    nurse.fill("#f-find", site.known["key"])
    nurse.press("#f-find", "Enter")
    nurse.wait_for_selector(".chosen")
    nurse.fill("#f-scan", "V101 .2")
    nurse.press("#f-scan", "Enter")
    nurse.wait_for_selector(".part")
    nurse.fill("#f-places", "ckl .1, ckr .1")
    nurse.press("#f-places", "Enter")
    nurse.wait_for_selector("#points .point:nth-child(2)")
    nurse.click("#save")
    nurse.wait_for_url("**/session/*-*")

    nurse.click("main a[href^='/passport/']")
    nurse.click("form[action*='/link'] button")
    link = nurse.input_value("#own-link")
    drawn = nurse.locator(".qr path").last.get_attribute("d")
    assert drawn in qr_code(link), "the code says something else than the link beside it"

    told = problem_told(open_page(viewport=PHONE, locale="en-GB"), link)
    assert "will read this by" in told

    director = open_page("director")
    director.goto(f"{site.url}/worklist")
    director.locator(f".line a:has-text('{site.known['key']}')").first.click()
    case = director.url
    assert "a hard lump on my cheek" in director.text_content("main")
    assert director.locator(".finding").count() > 0
    assert looked_at(director) == []
    heading = director.inner_text("h1")

    director.locator("main a[href^='/lot/'], main a[href^='/vial/']").first.click()
    director.click("main a[href$='/recall']")
    assert director.locator("#reason").count() == 1

    untoward("backup", str(tmp_path / "record.zip"), home=site.home)
    untoward("restore", str(tmp_path / "record.zip"), home=tmp_path / "again" / "home")
    with serving(tmp_path / "again" / "home") as again:
        page = open_page()
        page.goto(f"{again.url}/demo")
        page.click("main form:has([value=director]) button")
        page.goto(case.replace(site.url, again.url))
        assert "a hard lump on my cheek" in page.text_content("main")
        assert page.inner_text("h1") == heading


def problem_told(page, link):
    """The patient opens their own page, signed in nowhere, and tells of a lump in their own words. Gives the answer."""
    page.goto(link)
    assert looked_at(page) == []
    page.click("a.big[href$='/problem']")
    page.wait_for_selector("#words")
    assert looked_at(page) == []
    page.check("input[value=lump]")
    page.fill("#words", "a hard lump on my cheek")
    page.click("button.big")
    for choice in ("days", "mild", "same"):
        page.wait_for_selector(f"button[value={choice}]")
        assert axe_faults(page) == []
        page.click(f"button[value={choice}]")
    page.wait_for_selector(".verdict, .now")
    assert looked_at(page) == []
    return page.inner_text("main")


def test_a_site_is_set_up_from_its_first_link_and_says_on_each_page_what_will_appear(
    open_page, tmp_path, faults
):
    faults.expected = ("422 (Unprocessable",)
    home = tmp_path / "new" / "home"
    asked = [sys.executable, "-c", SET_UP]
    made = subprocess.run(
        asked, env=environment_of(home), cwd=ROOT, check=True, capture_output=True, text=True
    )
    with serving(home) as site:
        page = open_page()
        page.goto(f"{site.url}/first-run?key={made.stdout.strip()}")
        assert looked_at(page) == []
        for name, value in FIRST.items():
            page.fill(f"[name={name}]", value)
        page.fill("[name=password]", "seven quiet horses")
        page.fill("[name=again]", "eight quiet horses")
        page.click("main form button:not([type=button])")
        assert looked_at(page) == []
        for name in ("password", "again"):
            page.fill(f"[name={name}]", "seven quiet horses")
        page.click("main form button:not([type=button])")
        page.wait_for_url("**/2fa/**")
        assert looked_at(page) == []
        wrong = {}
        for path in EMPTY:
            page.set_viewport_size(PHONE)
            answer = page.goto(f"{site.url}/{path}")
            found = [*axe_faults(page), *rule_faults(page)]
            page.set_viewport_size(DESKTOP)
            found += rule_faults(page)
            if found or answer.status != 200:
                wrong[path] = [str(answer.status), *found]
        assert wrong == {}
