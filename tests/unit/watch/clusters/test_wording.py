"""Words about clusters."""

import pytest

from untoward.model.clusters import Place
from untoward.watch.clusters.wording import days_spoken, figure, iso_day, listed, place_name


@pytest.mark.parametrize(
    ("where", "name"),
    [
        ([("lot", "L12")], "lot L12"),
        ([("mix", "lidocaine")], "mix lidocaine alone"),
        ([("vial age", "first day")], "vials on the first day of use on record"),
        ([("vial age", "3-7 days")], "vials 3-7 days after first use on record"),
        ([("compound", "a"), ("compound", "b")], "a with b in one syringe"),
    ],
)
def test_places(where, name):
    assert place_name([Place(axis=axis, value=value) for axis, value in where]) == name


def test_of_many_names_the_first_few():
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(list("abcdef")) == "a, b, c, d and 2 more"


@pytest.mark.parametrize(
    ("value", "text"), [(0.0524, "0.052"), (1.26, "1.3"), (99.95, "100.0"), (1234.6, "1,235"), (0.0, "0")]
)
def test_figures(value, text):
    assert figure(value) == text


def test_days():
    assert iso_day(0.99) == "1970-01-01"
    assert days_spoken(0.0, 31.5) == "sessions of 1 Jan 1970 to 1 Feb 1970"
    assert days_spoken(0.2, 0.9) == "sessions of 1 Jan 1970"
