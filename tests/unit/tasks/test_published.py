"""Printed figures beside ours: compared to the printed digits, or not at all."""

import pytest

from untoward.errors import InputError
from untoward.model.counts import Proportion
from untoward.model.review import OutcomeScreen
from untoward.tasks.published import published_example, read_about

SOURCE = {"citation": "Smith 2020", "doi": "10.1/x", "url": "https://example.org"}


def screen(cases, n):
    rate = Proportion(cases=cases, n=n, value=None if n is None else cases / n, low=None, high=None)
    return OutcomeScreen(
        outcome="ill", definition="", unit="person", attack_rate=rate, attack_rate_persons=None, tested=0, results=(), reading=""
    )  # fmt: skip


def figure(item, cases=17, n=77):
    about = {"title": "T", "source": SOURCE, "published": [{"what": "rate", "locator": "p 1", **item}]}
    figures = published_example(about, screen(cases, n)).figures
    return figures[0] if figures else None


@pytest.mark.parametrize(
    ("value", "ours", "agrees"),
    # 17 of 77 is 22.077922… %
    [(22, "22 percent", True), (22.1, "22.1 percent", True), (22.08, "22.08 percent", True),
     (22.2, "22.1 percent", False), (23, "22 percent", False)],
)  # fmt: skip
def test_as_many_digits_as_were_printed(value, ours, agrees):
    found = figure({"value": value, "unit": "percent", "n": 17, "of": 77})
    assert (found.ours, found.agrees) == (ours, agrees)
    assert found.printed == f"{value} percent (17 of 77)"


@pytest.mark.parametrize(
    "item",
    [
        {"value": 22.1, "unit": "percent", "n": 16, "of": 77},
        {"value": 22.1, "unit": "percent", "n": 17, "of": None},
        {"value": 30.5, "unit": "days", "n": 17, "of": 77},
        {"value": "7-20", "unit": "days", "n": None, "of": None},
    ],
)
def test_what_our_numbers_do_not_hold_is_shown_and_not_compared(item):
    found = figure(item)
    assert found.agrees is None
    assert found.ours == "not in the re-entered numbers"
    assert str(item["value"]) in found.printed


def test_a_figure_that_was_not_printed_is_not_shown():
    assert figure({"value": None, "unit": "percent", "n": 35, "of": None}) is None


def test_no_rate_without_a_denominator():
    assert figure({"value": 50, "unit": "percent", "n": 14, "of": None}, cases=14, n=None).agrees is None


def test_the_link_is_the_doi_first():
    about = {"title": "T", "source": SOURCE, "published": []}
    assert published_example(about, screen(1, 2)).url == "https://doi.org/10.1/x"
    about["source"] = {"citation": "c", "doi": None, "url": "https://example.org"}
    assert published_example(about, screen(1, 2)).url == "https://example.org"


def test_what_was_not_seen_stands_with_what_was_not_published():
    about = {
        "title": "T",
        "source": SOURCE,
        "published": [],
        "not_published": ["a"],
        "not_seen": ["b"],
        "what_happened": "x\n  y\n",
    }
    example = published_example(about, screen(1, 2))
    assert example.not_published == ("a", "b (not seen by us; it may be published)")
    assert example.what_happened == "x y"


class TestReading:
    def test_a_folder_without_one(self, tmp_path):
        assert read_about(tmp_path) is None

    @pytest.mark.parametrize(
        ("content", "what"),
        [
            (b"title: [\n", "not readable as YAML"),
            (b"caf\xe9: 1\n", "not readable as YAML"),
            (b"- a\n", "a field is missing"),
            (b"title: T\n", "a field is missing"),
        ],
    )
    def test_a_faulty_one(self, tmp_path, content, what):
        (tmp_path / "about.yaml").write_bytes(content)
        with pytest.raises(InputError) as refused:
            read_about(tmp_path)
        assert refused.value.faults[0].what == what
        assert "about.yaml" in refused.value.faults[0].file
