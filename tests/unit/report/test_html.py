"""The page: order, words, links, tables, safety. Structure is read from the parsed page, never from its text."""

import re
from base64 import b64encode
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from untoward.model.counts import EpiCurveBin
from untoward.report.anchors import anchors, web_address
from untoward.report.html import render_html
from untoward.report.words import SECTION_TITLES

VOID = {"meta", "link", "br", "hr", "img", "input"}
POISON = "<script>alert('x')</script>\"'&<b onclick=x>"


class Page(HTMLParser):
    """Every element with its attributes and its text, in order, and whether tags close in the order they opened."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.elements, self.open = [], []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.elements.append([tag, dict(attributes), ""])
        if tag not in VOID:
            self.open.append(self.elements[-1])

    def handle_startendtag(self, tag, attributes):
        self.elements.append([tag, dict(attributes), ""])

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1][0] == tag, f"</{tag}> closes <{self.open[-1][0]}>"
        self.open.pop()

    def handle_data(self, data):
        for element in self.open:
            element[2] += data

    def all(self, tag, **wanted):
        return [
            (attributes, " ".join(text.split()))
            for name, attributes, text in self.elements
            if name == tag and all(attributes.get(key.rstrip("_")) == value for key, value in wanted.items())
        ]

    def text_of(self, id_):
        return next(
            " ".join(text.split()) for _name, attributes, text in self.elements if attributes.get("id") == id_
        )


@pytest.fixture(scope="module")
def html(review, published_example):
    return render_html(replace(review, example=published_example))


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


class TestStructure:
    def test_tags_close_in_order(self, page):
        assert page.open == []

    def test_language_title_and_landmarks(self, page):
        assert page.all("html")[0][0]["lang"] == "en"
        assert page.all("title")[0][1].startswith("Registry of three clinics")
        assert [len(page.all(tag)) for tag in ("header", "nav", "main", "footer", "h1")] == [1, 1, 1, 1, 1]
        assert page.all("a", class_="skip")[0][0]["href"] == "#main"

    def test_sections_answer_in_order(self, page):
        titles = [text.split(" ", 1)[1] for attributes, text in page.all("h2") if text[0].isdigit()]
        assert titles == list(SECTION_TITLES.values())

    def test_headings_never_skip_a_level(self, page):
        levels = [int(name[1]) for name, _attributes, _text in page.elements if re.fullmatch(r"h[1-6]", name)]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels))

    def test_ids_are_unique_and_links_lead_somewhere(self, page):
        ids = [attributes["id"] for _name, attributes, _text in page.elements if "id" in attributes]
        assert len(ids) == len(set(ids))
        inside = [a["href"][1:] for a, _text in page.all("a") if a["href"].startswith("#")]
        assert inside
        assert set(inside) <= set(ids)
        labels = {a["aria-labelledby"] for _name, a, _text in page.elements if "aria-labelledby" in a}
        assert labels <= set(ids)

    def test_every_table_has_a_caption_scopes_and_labels_for_cards(self, page):
        tables, captions = page.all("table"), page.all("caption")
        assert len(tables) == len(captions) > 5
        assert all(text for _attributes, text in captions)
        assert all(attributes.get("scope") in {"col", "row"} for attributes, _text in page.all("th"))
        assert all(attributes.get("data-label") for attributes, _text in page.all("td"))

    def test_every_chart_has_words_and_a_table_twin(self, page):
        charts = page.all("div", class_="chart")
        twins = page.all("details", class_="twin")
        assert len(charts) == 8  # the course, four outcomes, two clusters, one curve
        assert all(attributes["role"] == "img" and attributes["aria-label"] for attributes, _text in charts)
        assert len(twins) == 10  # one for each chart, how clusters were worked out, and the columns

    def test_every_strip_has_a_text_alternative(self, page):
        strips = page.all("svg", class_="strip")
        assert strips
        assert all("half were over it in" in attributes["aria-label"] for attributes, _text in strips)


class TestSafety:
    def test_no_script_no_style_attribute_nothing_fetched(self, page, html):
        assert not page.all("script")
        assert not [name for name, attributes, _text in page.elements if "style" in attributes]
        assert not [
            a
            for _name, attributes, _text in page.elements
            for a in attributes
            if a.startswith("on") or a == "src"
        ]
        assert [a["href"] for a, _text in page.all("link")] == ["data:,"]
        assert "@import" not in html
        assert "url(" not in html

    def test_the_policy_allows_this_style_and_nothing_else(self, page):
        policy = page.all("meta", **{"http-equiv": "Content-Security-Policy"})[0][0]["content"]
        style = next(text for name, _attributes, text in page.elements if name == "style")
        digest = b64encode(sha256(style.encode()).digest()).decode()
        assert policy.startswith("default-src 'none'; ")
        assert f"style-src 'sha256-{digest}';" in policy
        assert "unsafe" not in policy

    def test_every_text_is_escaped(self, review, published_example):
        hostile = poisoned(replace(review, example=published_example))
        page = Page(render_html(hostile))
        assert page.open == []
        assert not page.all("script")
        assert not [a for _name, attributes, _text in page.elements for a in attributes if a == "onclick"]
        shown = page.text_of("main")
        assert shown.count("<script>alert('x')</script>") > 200

    def test_only_web_addresses_become_links(self, review):
        bad = tuple(replace(record, url="javascript:alert(1)") for record in review.evidence)
        page = Page(render_html(replace(review, evidence=bad)))
        assert not [a for a, _text in page.all("a") if a["href"].startswith("javascript")]
        assert "javascript:alert(1)" in page.text_of("evidence")
        assert web_address(" data:text/html,x") is None
        assert web_address("https://example.org") == "https://example.org"


class TestWords:
    def test_a_disposition_is_word_icon_colour_and_deadline(self, page):
        stubs = page.all("div", class_="stub d-within_72h")
        assert "See someone within 72 h by Thu 19 Nov 09:00 Overdue by 1 day 9 h" in {
            text for _a, text in stubs
        }
        assert all(
            "icon" in attributes["class"] for attributes, _text in page.all("svg", viewbox="0 0 24 24")
        )

    def test_a_case_says_who_why_what_and_what_to_ask(self, page):
        card = page.text_of("case-R-1933")
        for said in (
            "P-1121: Nodule", "think of mycobacteria", "NTM01", "Threshold nodule, first seen > 7 days",
            "count: 6", "culture for mycobacteria, antibiotic tried", "record-3, record-7", "Any fever at home?",
            "V-0107", "SEP02 respiratory rate, blood pressure", "hard bit",
        ):  # fmt: skip
            assert said in card

    def test_a_case_in_both_sections_is_told_once(self, page):
        short = page.text_of("course-of-case-R-1933")
        assert "in section 1" in short
        assert "NTM01" not in short

    def test_numbers_carry_counts_and_intervals(self, page):
        assert "0.43 % (26 of 6,012; 95 % 0.28 to 0.63) by session" in page.text_of("exposures")
        # 17 of 77, the published form: printed beside ours in the example panel
        assert "22.1 %" in page.text_of("example")
        assert "2 of 2 printed figures agree to the printed digits; 1 cannot be compared." in page.text_of(
            "example"
        )

    def test_exposures_list_their_cases_and_link_those_on_the_page(self, page):
        links = {attributes["href"] for attributes, text in page.all("a") if text == "R-1933"}
        assert links == {"#case-R-1933"}
        assert "not recorded for 417" in page.text_of("exposures")
        assert "device, diluent" in page.text_of("exposures")

    def test_evidence_says_whether_it_was_checked(self, page):
        assert "not yet checked against the source" in page.text_of("evidence-record-1")
        assert "Grade B" in page.text_of("evidence-record-1")

    def test_missing_data_and_provenance(self, page):
        assert "83.8 % (803 of 958)" in page.text_of("missing")
        assert "hair colour" in page.text_of("missing")
        footer = page.all("footer")[0][1]
        assert "a" * 64 in footer
        assert "leave_out_faulty_rows yes" in footer

    def test_the_header_says_what_it_is_not(self, page):
        assert "not a diagnosis" in page.all("header")[0][1]
        assert "Fri 20 Nov 2026 18:00" in page.all("header")[0][1]


class TestSizes:
    def test_at_most_a_hundred_cards_in_a_section(self, made_up):
        large = replace(made_up.large_review(500), urgent_total=4312)
        page = Page(render_html(large))
        urgent = page.text_of("urgent")
        assert "100 of 4,312 shown; all in line-list.csv" in urgent
        assert urgent.count("See someone") + urgent.count("Call an ambulance") == 100

    def test_the_same_review_gives_the_same_page(self, review):
        assert render_html(review) == render_html(review)

    def test_an_empty_review_says_what_would_appear_and_how(self, empty_review):
        page = Page(render_html(empty_review))
        assert page.open == []
        for section in SECTION_TITLES:
            assert len(page.text_of(section)) > 60, section
        assert len(page.all("p", class_="empty")) == 9
        assert "not stated" in page.all("header")[0][1]


def test_anchors_are_plain_and_unique():
    made = anchors("case", ["R 1", "R-1", "R/1", "R 1", "ñ"])
    assert list(made.values()) == ["case-R-1", "case-R-1-2", "case-R-1-3", "case-"]


def poisoned(value):
    """The same value with every text turned hostile; bins keep their dates, which no user writes."""
    if isinstance(value, EpiCurveBin | Enum):
        return value
    if isinstance(value, str):
        return POISON
    if is_dataclass(value):
        return replace(value, **{field.name: poisoned(getattr(value, field.name)) for field in fields(value)})
    if isinstance(value, tuple | list):
        return tuple(poisoned(item) for item in value)
    if isinstance(value, dict):
        return {poisoned(key): poisoned(item) for key, item in value.items()}
    return value
