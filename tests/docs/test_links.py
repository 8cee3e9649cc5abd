"""Every link inside the documentation leads somewhere, and no page is empty under a heading."""

import re
from itertools import pairwise
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("docs", "examples", "requirements")
PAGES = sorted([*ROOT.glob("*.md"), *(page for folder in FOLDERS for page in (ROOT / folder).rglob("*.md"))])

LINK = re.compile(r"\[[^\]]*\]\(([^()\s]+)\)")
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)


def prose(page):
    """A page without its code, where a bracket is no link and a hash no heading."""
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def anchors(page):
    """Anchors of a page's headings, as code hosts make them."""
    plain = [re.sub(r"[`*\[\]]", "", title) for _level, title in HEADING.findall(prose(page))]
    kept = [
        "".join(letter for letter in title.lower() if letter.isalnum() or letter in " -_") for title in plain
    ]
    return {title.strip().replace(" ", "-") for title in kept}


def name(page):
    return page.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_lead_somewhere(page):
    broken = []
    for link in LINK.findall(re.sub(r"`[^`\n]*`", "", prose(page))):
        if re.match(r"[a-z]+:", link):
            continue  # an address of the web is not ours to check
        path, _hash, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_headings_have_text_below_and_step_down_one_at_a_time(page):
    text = page.read_text(encoding="utf-8")
    levels = [len(level) for level, _title in HEADING.findall(prose(page))]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert not re.search(r"^(#+) [^\n]+\n\s*(?=\1 |\Z)", text, re.MULTILINE), (
        "a heading with nothing below it"
    )


def test_every_page_of_the_documentation_can_be_reached():
    seen, waiting = set(), [ROOT / "docs" / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        links = [link.partition("#")[0] for link in LINK.findall(prose(page))]
        waiting += [(page.parent / link).resolve() for link in links if link and "://" not in link]
    assert [name(page) for page in (ROOT / "docs").rglob("*.md") if page.resolve() not in seen] == []
