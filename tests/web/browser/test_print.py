"""What is printed: nothing to press, nothing cut off, a page of its own for each letter."""

import pytest

PRESSED = "nav a, button, input:not([type=hidden]), select, textarea"
SHEETS = (
    "passport/{session}", "case/{case-lumps}", "consents/{consent}", "recalls/{recall}/letters", "vial/{vial}/label",
    "session/{session}",
)  # fmt: skip
A4_WIDTH = {"width": 794, "height": 1123}


@pytest.mark.parametrize("path", SHEETS)
def test_a_printed_page_holds_what_is_read_and_nothing_to_press(open_page, site, path):
    page = open_page("director", viewport=A4_WIDTH)
    page.goto(f"{site.url}/{path.format_map(site.known['uids'])}")
    page.emulate_media(media="print")
    shown = page.locator(f"main :is({PRESSED}), header :is({PRESSED})").all()
    assert [one.get_attribute("name") or one.inner_text() for one in shown if one.is_visible()] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    empty = page.locator("main section:visible").filter(has_not=page.locator(":scope > :not(h2):visible"))
    assert empty.all_inner_texts() == [], "a heading with nothing under it"


def test_each_letter_has_a_page_of_its_own(open_page, site):
    page = open_page("director")
    page.goto(f"{site.url}/recalls/{site.known['uids']['recall']}/letters")
    letters = page.locator("main .letter").count()
    assert letters > 1
    assert page.pdf(format="A4").count(b"/Type /Page\n") == letters
