"""A compound's page: what it says, that nothing runs or is loaded, and how it stands in a browser."""

import re
import shutil
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from untoward.evidence.load import load_evidence
from untoward.model.profile import Band, CitedSource, Line, Profile, Section
from untoward.report.compound_page import render_compound_html
from untoward.report.compound_page.courses import axis, drawn_band
from untoward.report.compound_page.page import interval_together
from untoward.tasks.profiles import profile_of

HOSTILE = "<script>alert(1)</script>\"'&"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


class Page(HTMLParser):
    """What a test asks of a page: its tags in order, ids, links, captions and text."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.ids, self.links, self.text, self.open = [], [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        known = dict(attributes)
        self.tags.append((tag, known))
        self.open.append(tag)
        if "id" in known:
            self.ids.append(known["id"])
        if tag == "a":
            self.links.append(known["href"])

    def handle_endtag(self, tag):
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data):
        if not {"style", "title"} & set(self.open):
            self.text.append(data)


def a_page(text="plain"):
    line = Line(
        cells=(text, "2 (1 to 4)", text),
        keys=(f"r-{text}",),
        grade="B",
        detail=text,
        tone="bad",
        verified=False,
    )
    course = Line(cells=(text, "", "2 (1 to 4)", "9 (5 to 20)", "12", "4"), keys=("r",), grade="A",
                  band=Band(low=1, middle=2, high=9, high_from=5, high_to=20, longest=12))  # fmt: skip
    return Profile(
        key="c", name=text, names={"en": text, "es": text}, synonyms=(text,), drug_class=text, description=text,
        parts=(text,),
        sections=(
            Section(key="use", title=text, columns=("Where", "#How", text), note=text, state=2,
                    lines=(line, replace(line, under=True, detail="only here"))),
            Section(key="long", title="Long", columns=("Reaction", "Course", "#Half", "#Late", "#Longest", "#People"),
                    lines=(course, replace(course, band=None, under=True))),
            Section(key="empty", title="Empty", columns=("A",), lines=(), empty=f"No data {text}"),
        ),
        not_known=(text,), not_counted=(text,),
        sources=(CitedSource(key=text, citation=text, link=f"javascript:{text}", opened=None, records=((text, text),)),),
        records=2, verified=1, version=text,
    )  # fmt: skip


class TestSafety:
    def test_texts_are_never_markup(self):
        text = render_compound_html(a_page(HOSTILE))
        assert "<script" not in text
        assert "&lt;script&gt;" in text

    def test_nothing_is_loaded_and_nothing_runs(self):
        text = render_compound_html(profile_of("kybella"))
        page = Page(text)
        assert "default-src 'none'" in text
        assert not {"script", "img", "iframe", "object", "form"} & {tag for tag, _known in page.tags}
        assert not [known for _tag, known in page.tags if "style" in known]
        assert [known["href"] for tag, known in page.tags if tag == "link"] == ["data:,"]

    def test_links_lead_to_the_web_or_into_the_page(self):
        for page in (
            Page(render_compound_html(profile_of("lecithin"))),
            Page(render_compound_html(a_page())),
        ):
            for link in page.links:
                assert link.startswith("https://") or link.startswith("http://") or link[1:] in page.ids

    def test_the_style_sheet_is_the_one_that_is_allowed(self):
        from base64 import b64encode
        from hashlib import sha256

        text = render_compound_html(a_page())
        style = re.search(r"<style>(.*?)</style>", text, re.DOTALL).group(1)
        assert b64encode(sha256(style.encode()).digest()).decode() in text


class TestStructure:
    @pytest.mark.parametrize("key", sorted(load_evidence().compounds))
    def test_every_compound(self, key):
        profile = profile_of(key)
        page = Page(render_compound_html(profile))
        said = " ".join(" ".join(page.text).split())
        assert len(page.ids) == len(set(page.ids))
        assert [tag for tag, _known in page.tags].count("h1") == 1
        tables = [tag for tag, _known in page.tags if tag == "table"]
        captions = [tag for tag, _known in page.tags if tag == "caption"]
        assert len(tables) == len(captions) == sum(bool(section.lines) for section in profile.sections)
        assert all(known.get("scope") in ("row", "col") for tag, known in page.tags if tag == "th")
        for section in profile.sections:
            assert section.title in said
            assert section.lines or section.empty in said
        for line in profile.lines():
            assert all(record in said for record in line.keys)

    def test_every_drawing_says_its_days(self):
        drawings = [
            known for tag, known in Page(render_compound_html(profile_of("kybella"))).tags if tag == "svg"
        ]
        named = [known["aria-label"] for known in drawings if known.get("role") == "img"]
        bands = [line for line in profile_of("kybella").section("long").lines if line.band]
        assert len(named) == len(bands)
        assert all("Half over by day" in label for label in named)
        assert all(known.get("aria-hidden") == "true" for known in drawings if known.get("role") != "img")


class TestDrawing:
    def test_days_stand_in_their_order(self):
        drawn = drawn_band(Band(low=1, middle=7, high=30.4, high_from=20, high_to=60, longest=40))
        places = {tick.text: tick.x for tick in axis()}
        assert drawn.start == places["1 day"]
        assert drawn.middle == places["1 week"]
        assert drawn.start + drawn.width == pytest.approx(places["1 month"], abs=0.11)
        assert drawn.start + drawn.width < drawn.longest < drawn.unsure_from + drawn.unsure_width

    def test_what_is_beyond_the_scale_stands_at_its_end(self):
        drawn = drawn_band(Band(low=0.001, middle=1, high=1e9, high_from=1, high_to=float("inf")))
        assert (drawn.start, drawn.start + drawn.width) == (4.0, 316.0)
        assert drawn.unsure_from + drawn.unsure_width == pytest.approx(316.0)
        assert drawn.longest is None

    def test_an_interval_is_kept_together_and_escaped(self):
        assert interval_together("27 (17 to 42)") == '27 <span class="together">(17 to 42)</span>'
        assert "<b>" not in interval_together("<b> (<b>)")


SWITCHES = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync")  # fmt: skip


@pytest.fixture(scope="module")
def browser():
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=list(SWITCHES))
        yield running
        running.close()


@pytest.mark.browser
class TestInABrowser:
    @pytest.mark.parametrize("width", [360, 390, 700, 1280])
    @pytest.mark.parametrize("name", ["kybella", "lecithin", "buflomedil", "arnica"])
    def test_no_complaint_and_no_sideways_scrolling(self, browser, tmp_path, name, width):
        where = tmp_path / "compound.html"
        where.write_text(render_compound_html(profile_of(name)), encoding="utf-8")
        page = browser.new_page(viewport={"width": width, "height": 844}, java_script_enabled=True)
        complaints = []
        page.on("console", lambda message: complaints.append(message.text))
        page.goto(where.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert complaints == []
        page.close()

    def test_it_prints(self, browser, tmp_path):
        where = tmp_path / "compound.html"
        where.write_text(render_compound_html(profile_of("lecithin")), encoding="utf-8")
        page = browser.new_page()
        page.goto(where.as_uri())
        assert page.pdf(format="A4").startswith(b"%PDF")
        page.close()
