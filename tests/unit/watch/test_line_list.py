"""Line lists: weights, unknowns, lists of cases only, and the document for scripts."""

import json

import polars as pl
import pytest

from untoward.errors import InputError
from untoward.model.tables import LineList
from untoward.watch.estimates import ONLY_CASES
from untoward.watch.line_list import line_list_epi_curve, screen_line_list
from untoward.watch.outbreak import outbreak


def line_list(**columns):
    given = ("count", "ill", "onset", "session_date")
    return LineList(
        frame=pl.DataFrame(columns), exposures=tuple(name for name in columns if name not in given)
    )


def balearic():
    """17 of 77 treated fell ill (Galmés-Truyols 2011, the Balearic outbreak of 2009); the exposure is made up."""
    return line_list(
        count=[12, 3, 5, 57],
        ill=[True, False, True, False],
        multi_dose=[True, True, False, False],
    )


def cases_only():
    return line_list(count=[10, 4], ill=[True, True], city=["Lima", None], spa=[True, False])


def test_rows_stand_for_many():
    result = outbreak(balearic())
    assert (result.n, result.cases, round(result.attack_rate.value, 4)) == (77, 17, 0.2208)
    (row,) = result.exposures
    assert (row.exposure, row.a, row.b, row.c, row.d, row.unknown) == ("multi_dose", 12, 3, 5, 57, 0)


def test_weights_give_what_single_persons_give():
    weighted = balearic()
    single = LineList(
        frame=weighted.frame.select(pl.all().repeat_by("count")).explode(pl.all()).with_columns(count=1),
        exposures=weighted.exposures,
    )
    assert outbreak(single) == outbreak(weighted)
    assert screen_line_list(single) == screen_line_list(weighted)


def test_words_are_one_exposure_each_and_no_is_none():
    found = outbreak(
        line_list(ill=[True, True, False, False], city=["Lima", "Cali", "Lima", None], milk=[False] * 4)
    )
    assert [(row.exposure, row.a, row.b, row.c, row.d, row.unknown) for row in found.exposures] == [
        ("city: Cali", 1, 0, 1, 1, 1),
        ("city: Lima", 1, 1, 1, 0, 1),
        ("milk", 0, 0, 2, 2, 0),
    ]
    assert found.exposures[2].risk_ratio.reason == "not estimable: nobody was exposed"
    assert screen_line_list(line_list(ill=[True, False], milk=[True, False])).tested == 1


def test_nobody_knows_whether_they_fell_ill():
    found = outbreak(line_list(ill=[True, False, None], milk=[True, False, True]))
    assert (found.n, found.cases, found.left_out) == (2, 1, 1)
    assert (found.exposures[0].a, found.exposures[0].b) == (1, 0)
    assert (
        "1 person left out: the data cannot say whether it is a case."
        in screen_line_list(line_list(ill=[True, False, None], milk=[True, False, True])).reading
    )


class TestOnlyCases:
    def test_no_rate_no_ratio_no_p(self):
        found = screen_line_list(cases_only())
        assert (found.attack_rate.cases, found.attack_rate.n, found.attack_rate.value) == (14, None, None)
        assert found.tested == 0
        for result in found.results:
            assert (result.p, result.p_greater, result.p_adjusted, result.risk_ratio.value) == (None,) * 4
            assert result.odds_ratio.reason == ONLY_CASES

    def test_it_says_so_and_names_what_most_of_them_had(self):
        reading = screen_line_list(cases_only()).reading
        assert reading == (
            "The number of people exposed is not in the data: all 14 persons listed are cases, so no attack rate and"
            " no comparison can be given. Most common among them: city Lima, 10 of 10."
        )

    def test_the_document(self):
        document = outbreak(cases_only()).as_document()
        assert document["attack_rate"]["value"] is None
        assert {row["p"] for row in document["exposures"]} == {None}

    def test_without_any_exposure(self):
        assert screen_line_list(line_list(ill=[True])).reading.endswith("no comparison can be given.")


def test_chosen_exposures_in_the_order_asked_for():
    frame = line_list(ill=[True, False], a=[True, False], b=[True, True], c=[False, True])
    assert [row.exposure for row in outbreak(frame, exposures=["c", "a", "c"]).exposures] == ["c", "a"]


def test_every_exposure_that_is_not_there_is_named():
    with pytest.raises(InputError) as error:
        outbreak(balearic(), exposures=["multi_dose", "x", "y"])
    assert [fault.field for fault in error.value.faults] == ["x", "y"]


def test_the_document_holds_what_scripts_rely_on():
    document = json.loads(json.dumps(outbreak(balearic()).as_document()))
    assert {"n", "cases", "attack_rate", "exposures", "epi_curve"} <= document.keys()
    assert {"value", "low", "high"} <= document["attack_rate"].keys()
    row = document["exposures"][0]
    ours = {
        "exposure",
        "a",
        "b",
        "c",
        "d",
        "attack_rate_exposed",
        "attack_rate_unexposed",
        "risk_ratio",
        "odds_ratio",
        "p",
    }
    assert ours <= row.keys()
    assert (row["method"], row["odds_ratio"]["method"]) == ("Fisher exact, two-sided", "conditional exact")


def test_onsets_of_the_ill_only_and_partial_dates_apart():
    frame = line_list(
        count=[2, 1, 3, 4],
        ill=[True, True, True, False],
        onset=["2026-03-02", "2026-03-03T08:30", "2026-03", "2026-03-02"],
    )
    curve = line_list_epi_curve(frame)
    assert [(shown.start, shown.n) for shown in curve.bins] == [("2026-03-02", 2), ("2026-03-03", 1)]
    assert curve.without_date == 3
    assert outbreak(frame).without_onset == 3


def test_an_empty_list():
    empty = LineList(frame=pl.DataFrame(schema={"ill": pl.Boolean, "milk": pl.Boolean}), exposures=("milk",))
    found = outbreak(empty)
    assert (found.n, found.cases, found.attack_rate.value) == (0, 0, None)
    assert screen_line_list(empty).reading == "Not enough data: no case among 0 persons."
