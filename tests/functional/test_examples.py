"""The published outbreaks: our review says what was printed, to the printed digits."""

from pathlib import Path

import pytest
import yaml

EXAMPLES = Path(__file__).parents[2] / "examples"
FOLDERS = sorted(path.parent for path in EXAMPLES.glob("*/about.yaml"))


def printed_rates():
    for folder in FOLDERS:
        about = yaml.safe_load((folder / "about.yaml").read_text(encoding="utf-8"))
        for item in about["published"]:
            whole = item.get("of") is not None and item.get("value") is not None
            if item["unit"] == "percent" and whole and "attack rate" in item["what"]:
                yield pytest.param(folder, item, id=f"{folder.name} {item['what']}")


def rates_in(document):
    (outcome,) = document["outcomes"]
    yield outcome["attack_rate"]
    for result in outcome["results"]:
        yield from (result["attack_rate_exposed"], result["attack_rate_unexposed"])


def test_there_are_at_least_two_published_outbreaks():
    assert len(FOLDERS) >= 2


@pytest.mark.parametrize(("folder", "item"), list(printed_rates()))
def test_the_printed_attack_rate_comes_out_to_its_printed_digits(untoward, folder, item):
    document = untoward("review", folder, "--json").document
    ours = {(rate["cases"], rate["n"]): rate["value"] for rate in rates_in(document)}
    decimals = len(str(item["value"]).partition(".")[2])
    assert f"{100 * ours[(item['n'], item['of'])]:.{decimals}f}" == str(item["value"])


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
class TestEachExample:
    def test_every_figure_that_can_be_compared_agrees(self, untoward, folder):
        example = untoward("review", folder, "--json").document["example"]
        assert [figure["what"] for figure in example["figures"] if figure["agrees"] is False] == []
        for figure in example["figures"]:
            assert (figure["agrees"] is None) == (figure["ours"] == "not in the re-entered numbers")

    def test_it_says_where_it_comes_from_and_what_was_not_published(self, untoward, folder):
        example = untoward("review", folder, "--json").document["example"]
        assert example["citation"]
        assert example["how_entered"]
        assert example["not_published"]

    def test_where_no_denominator_was_published_there_is_no_rate(self, untoward, folder):
        about = yaml.safe_load((folder / "about.yaml").read_text(encoding="utf-8"))
        rate = untoward("review", folder, "--json").document["outcomes"][0]["attack_rate"]
        published = any(
            item["what"] == "attack rate" and item["value"] is not None for item in about["published"]
        )
        assert (rate["value"] is not None) == (rate["n"] is not None) == published

    def test_the_review_is_written_as_three_files(self, untoward, folder, tmp_path):
        ran = untoward("review", folder, "--out", tmp_path / "out")
        assert ran.code == 0, ran.err
        page = (tmp_path / "out" / "review.html").read_text(encoding="utf-8")
        assert "<script" not in page
        assert 'src="http' not in page
        assert (tmp_path / "out" / "line-list.csv").read_text(encoding="utf-8").count("\n") >= 2

    def test_the_inputs_are_named_with_their_hashes_and_no_file_besides(self, untoward, folder):
        inputs = untoward("review", folder, "--json").document["provenance"]["inputs"]
        assert set(inputs) == {"about.yaml", "line-list.csv"}


def test_oswego_table_as_printed(untoward):
    """Every food of the printed table, with its four counts; about.yaml holds the table as printed."""
    about = yaml.safe_load((EXAMPLES / "oswego-1940" / "about.yaml").read_text(encoding="utf-8"))
    document = untoward("outbreak", EXAMPLES / "oswego-1940", "--case", "ill", "--json").document
    ours = {item["exposure"]: tuple(item[cell] for cell in "abcd") for item in document["exposures"]}
    printed = {row["exposure"]: tuple(row[cell] for cell in "abcd") for row in about["exposure_table"]}
    assert {food: ours[food] for food in printed} == printed


def test_vanilla_ice_cream_comes_first(untoward):
    by_p = untoward("outbreak", EXAMPLES / "oswego-1940", "--by-p", "--json").document
    assert by_p["exposures"][0]["exposure"] == "vanilla_ice_cream"
    review = untoward("review", EXAMPLES / "oswego-1940", "--json").document
    assert review["outcomes"][0]["results"][0]["axis"] == "vanilla_ice_cream"


def test_one_exposure_alone(untoward):
    document = untoward(
        "outbreak", EXAMPLES / "oswego-1940", "--exposure", "Water", "--exposure", "milk", "--json"
    ).document
    assert sorted(item["exposure"] for item in document["exposures"]) == ["milk", "water"]


@pytest.mark.parametrize("file", sorted((EXAMPLES / "case-files").glob("*.json")), ids=lambda file: file.stem)
def test_each_case_file_is_assessed(untoward, file):
    ran = untoward("assess", file, "--json")
    assert ran.code in (0, 1)
    assert all(assessment["summary"] for assessment in ran.document["assessments"])
