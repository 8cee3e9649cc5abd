"""Published mixtures get the published verdict; where ours differs, the fixture says why."""

from pathlib import Path

import pytest
import yaml

FIXTURE = Path(__file__).parents[2] / "fixtures" / "cocktails.yaml"
COCKTAILS = yaml.safe_load(FIXTURE.read_text(encoding="utf-8"))
MOST_THAT_MAY_DIFFER = 4

each_cocktail = pytest.mark.parametrize("cocktail", COCKTAILS, ids=[item["key"] for item in COCKTAILS])


def checked(ask, cocktail, *, reverse=False):
    names = [item["compound"] for item in cocktail["components"]]
    person = {field: tuple(words) for field, words in (cocktail.get("person") or {}).items()}
    told = {"vehicle": cocktail.get("vehicle"), "country": cocktail.get("country"), **person}
    return ask(*(reversed(names) if reverse else names), **told)


@each_cocktail
def test_it_gets_the_published_verdict(ask, cocktail):
    check = checked(ask, cocktail)
    assert check.verdict.value == cocktail.get("ours", cocktail["published"])


@each_cocktail
def test_the_order_of_its_ingredients_never_matters(ask, cocktail):
    forward, backward = checked(ask, cocktail), checked(ask, cocktail, reverse=True)
    assert forward.verdict == backward.verdict
    assert forward.findings == backward.findings
    assert forward.no_data == backward.no_data
    assert forward.compatible == backward.compatible


@each_cocktail
def test_what_decides_rests_on_records_of_the_base(ask, base, cocktail):
    check = checked(ask, cocktail)
    assert all(key in base.records for finding in check.findings for key in finding.evidence)
    assert all(key in base.records for keys in check.compatible.values() for key in keys)


def test_where_ours_differs_the_fixture_says_why():
    differing = [item for item in COCKTAILS if "ours" in item]
    assert len(differing) <= MOST_THAT_MAY_DIFFER
    assert all(item["ours"] != item["published"] and item["why_ours"].strip() for item in differing)


def test_there_are_enough_and_each_names_its_source():
    assert len(COCKTAILS) >= 20
    assert all(item["source"]["url"] and item["source"]["citation"] for item in COCKTAILS)


def test_the_records_that_the_fixture_names_are_there(base):
    """A record that was merged into another one must be renamed in the fixture too."""
    assert [key for item in COCKTAILS for key in item["records"] if key not in base.records] == []
