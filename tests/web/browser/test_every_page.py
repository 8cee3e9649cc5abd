"""Every listed page in a browser, on a phone and on a desk, in light and dark, in English and Spanish: nothing is wrong."""

import re
from types import SimpleNamespace

import pytest
from tests.web.browser.conftest import DESKTOP, PHONE
from tests.web.browser.looking import LAYOUT, axe_faults, looked_at, rule_faults

from untoward.web import urls
from untoward.web.listing import PAGES

assert urls.urlpatterns, "importing the addresses lists the pages"

SUBJECTS = {
    "case": "case-lumps", "case-new": "session", "check-ins": "check-in", "clinic": "clinic", "consents": "consent",
    "consent-texts": "consent-text", "investigations": "investigation", "lot": "lot", "passport": "session",
    "patients": "patient", "people": "practitioner", "photo": "photo", "photo-small": "photo", "problem-told": "case-lumps",
    "products": "product", "recalls": "recall", "recipes": "recipe", "session": "session", "trace": "lot", "trace-vial": "vial",
    "vial": "vial",
}  # fmt: skip
"""What stands for <uuid:uid> in an address, by the name of the page or else by the address's first word."""
TOKENS = {
    "check-in": "check-in", "own-page": "own-page", "own-page-pdf": "own-page", "problem": "own-page",
    "problem-told": "own-page-told",
}  # fmt: skip
WORDS = {
    "audit-entry": {"number": "1"},
    "emergency-in": {"language": "fr"},
    "evidence-compound": {"key": "deoxycholic-acid"},
    "manifest": {"language": "en"},
    "style": {"version": "1"},
}
ELSEWHERE = {
    "first-run": "there is nothing of it once somebody can sign in: test_new_user walks it on an empty site",
}
"""Pages that have no example here, and where they are looked at instead."""
MORE = {
    "session-new": ("?patient={patient}",),
    "case": ("case-emergency", "case-bruise", "case-own-words", "case-signed"),
    "patients": ("?q=Person",),
    "stock": ("?q=L1",),
    "watch-rates": ("?axis=lot",),
    "watch-curve": ("?by=known&width=week",),
    "watch-lines": ("?outcome=infection",),
    "lot": ("recalled-lot", "fresh-lot"),
    "vial": ("unopened-vial",),
    "recall-letters": ("?all=1",),
    "photos-compare": ("?left={photo}&right={later-photo}",),
    "passport": ("?language=es",),
    "evidence": ("?q=acid",),
    "emergency-in": ("?country=AU",),
}
"""Further examples of a page: another thing of the record, or a query."""
SIGN_IN = (
    "sign-in/login/", "sign-in/password/reset/", "sign-in/password/change/", "sign-in/logout/", "sign-in/2fa/",
    "sign-in/reauthenticate/", "no-such-page",
)  # fmt: skip
OTHERS = {
    "epidemiologist": ("watch", "watch/rates", "watch/lines", "investigations", "evidence", "worklist"),
    "inspector": (
        "worklist",
        "patients",
        "case/{case-lumps}",
        "session/{session}",
        "stock",
        "lot/{lot}",
        "audit",
    ),
    "administrator": ("people", "settings", "audit", "about"),
    "injector": ("worklist", "session/new", "case/{case-emergency}"),
}
"""What others than a director see differently; a page that refuses them is a page too."""


def example(page, known):
    """The path of a page with things of the record in it; None where there is no example."""
    first = page.path.split("/")[0]
    words = WORDS.get(page.name, {})
    path = page.path
    for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", page.path):
        if kind == "uuid":
            value = known["uids"].get(SUBJECTS.get(page.name) or SUBJECTS.get(first, ""))
        elif name == "token":
            value = known["tokens"].get(TOKENS.get(page.name, ""))
        else:
            value = words.get(name)
        if value is None:
            return None
        path = path.replace(f"<{kind}:{name}>" if kind else f"<{name}>", value)
    return path


def variants(page, known):
    """All paths of a page that are looked at."""
    path = example(page, known)
    own = SUBJECTS.get(page.name) or SUBJECTS.get(page.path.split("/")[0], "")
    yield path
    for more in MORE.get(page.name, ()):
        if more.startswith("?"):
            yield path + more.format_map(known["uids"])
        else:
            yield path.replace(known["uids"][own], known["uids"][more])


@pytest.fixture(scope="module")
def listed(site, chromium, once):
    """All pages that answer with a page when they are asked for: staff's and everybody's, as paths."""
    return SimpleNamespace(**once("listed-pages", lambda _folder: asked_for(site, chromium)))


def asked_for(site, chromium):
    """Ask for every listed page, without looking at any."""
    asked = chromium.new_context()
    asked.add_cookies([{"name": "sessionid", "value": site.known["cookies"]["director"], "url": site.url}])
    found = {"staff": [], "public": [], "wrong": [], "no_example": []}
    for page in PAGES.values():
        if page.name in ELSEWHERE:
            continue
        if example(page, site.known) is None:
            where = re.sub(r"<uuid:\w+>", site.known["uids"]["clinic"], page.path)
            answer = asked.request.get(f"{site.url}/{re.sub(r'<[^>]+>', 'x', where)}", max_redirects=0)
            if answer.status != 405:
                found["no_example"].append(page.name)
            continue
        for path in variants(page, site.known):
            answer = asked.request.get(f"{site.url}/{path}", max_redirects=0)
            saved = "attachment" in answer.headers.get("content-disposition", "")
            is_page = answer.status == 200 and not saved and b"<html" in answer.body()
            if is_page:
                found["public" if page.public else "staff"].append(path)
            elif answer.status not in {200, 302, 405}:
                found["wrong"].append((page.name, path, answer.status))
            policy = answer.headers.get("content-security-policy", "")
            if "default-src 'none'" not in policy or "unsafe" in policy:
                found["wrong"].append((page.name, path, policy))
    asked.close()
    return found


def test_every_listed_page_has_an_example_and_answers_under_the_strict_policy(listed):
    assert listed.no_example == []
    assert listed.wrong == []
    assert len(listed.staff) > 50
    assert len(listed.public) > 6


def walk(page, site, paths, sizes=(DESKTOP, PHONE)):
    """What is wrong with each page: loaded once, looked at in each size, in light and dark.

    Rules about names and structure are asked in the first size alone; the pages in Spanish are asked all of them on a phone.
    """
    wrong = {}
    for path in paths:
        page.set_viewport_size(sizes[0])
        page.goto(f"{site.url}/{path}")
        found = looked_at(page)
        for size in sizes[1:]:
            page.set_viewport_size(size)
            found += [f"at {size['width']} px: {one}" for one in looked_at(page, LAYOUT)]
        if found:
            wrong[path] = found
    return wrong


def nothing_of(wrong):
    """Fail with every fault on a line of its own, unless there is none."""
    assert not wrong, "\n" + "\n".join(
        f"{path}\n    " + "\n    ".join(found) for path, found in wrong.items()
    )


@pytest.mark.parametrize("part", range(3))
def test_pages_of_staff_in_english(listed, site, open_page, part):
    nothing_of(walk(open_page("director"), site, listed.staff[part::3]))


def test_pages_of_everybody_in_english(listed, site, open_page):
    nothing_of(walk(open_page(), site, [*listed.public, *SIGN_IN[:2]]))


def test_what_others_than_a_director_see(site, open_page, faults):
    faults.expected = ("403 (Forbidden)",)
    for role, paths in OTHERS.items():
        found = walk(open_page(role), site, [path.format_map(site.known["uids"]) for path in paths], (PHONE,))
        nothing_of(found)


def test_pages_of_signing_in(site, open_page, faults):
    faults.expected = ("no-such-page", "403 (Forbidden)")  # who has no password cannot be asked for it again
    nothing_of(walk(open_page("administrator"), site, SIGN_IN[2:]))


def test_a_form_that_was_open_too_long_is_refused_in_words(site, open_page, faults):
    faults.expected = ("403 (Forbidden)",)
    page = open_page("director")
    page.goto(f"{site.url}/patients/new")
    page.fill("#name", "Nobody New")
    page.evaluate("document.querySelectorAll('[name=csrfmiddlewaretoken]').forEach(one => one.remove())")
    page.click("form:has(#birth_year) .actions button")
    assert "Nothing was saved" in page.inner_text("main")
    assert looked_at(page) == []


@pytest.mark.parametrize("part", range(2))
def test_pages_in_spanish_on_a_phone(listed, site, open_page, part):
    page = open_page("director-es", viewport=PHONE, locale="es-ES")
    wrong = {}
    for path in [*listed.staff, *listed.public][part::2]:
        page.goto(f"{site.url}/{path}")
        found = [*axe_faults(page), *rule_faults(page)]
        if path in listed.staff and page.get_attribute("html", "lang") != "es":
            found.append("its language is not Spanish")
        if found:
            wrong[path] = found
    nothing_of(wrong)
