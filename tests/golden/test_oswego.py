"""Oswego 1940: the church supper that teaches outbreak investigation, through the whole path of a line list.

Printed counts: food-specific attack rates of 75 people, 46 ill (the table of the CDC case study 401-303; Gross, Public
Health Reports 1976). Two persons have no answer for one food: one well for mashed potato, one ill for chocolate
ice cream. Ratios and p values of the two ice creams: R epitools 0.5.10.1 and R's fisher.test. Figures that R finds by root search
are compared to R's own tolerance, the others to the printed digits.
"""

from pathlib import Path

import polars as pl
import pytest

from untoward.model.tables import LineList
from untoward.watch.line_list import line_list_epi_curve, screen_line_list
from untoward.watch.outbreak import outbreak

EXAMPLE = Path(__file__).parents[2] / "examples" / "oswego-1940" / "line-list.csv"

PRINTED = {
    "baked_ham": (29, 17, 17, 12),
    "spinach": (26, 17, 20, 12),
    "mashed_potato": (23, 14, 23, 14),
    "cabbage_salad": (18, 10, 28, 19),
    "jello": (16, 7, 30, 22),
    "rolls": (21, 16, 25, 13),
    "brown_bread": (18, 9, 28, 20),
    "milk": (2, 2, 44, 27),
    "coffee": (19, 12, 27, 17),
    "water": (13, 11, 33, 18),
    "cakes": (27, 13, 19, 16),
    "vanilla_ice_cream": (43, 11, 3, 18),
    "chocolate_ice_cream": (25, 22, 20, 7),
    "fruit_salad": (4, 2, 42, 27),
}
UNKNOWN = {"mashed_potato": 1, "chocolate_ice_cream": 1}
R_TOLERANCE = 1.22e-4  # of R's root search, on the odds ratio or, above 1, its reciprocal


@pytest.fixture(scope="module")
def line_list():
    """The example as a reader types it: yes/no columns as Booleans."""
    text = pl.read_csv(EXAMPLE, infer_schema=False)
    yes_no = [
        pl.col(name).replace_strict({"yes": True, "no": False}, default=None) for name in ("ill", *PRINTED)
    ]
    frame = text.with_columns(pl.col("count").cast(pl.Int64), *yes_no)
    return LineList(frame=frame, exposures=tuple(PRINTED))


@pytest.fixture(scope="module")
def result(line_list):
    return outbreak(line_list)


def test_everybody(result):
    assert (result.n, result.cases, result.left_out) == (75, 46, 0)
    assert round(100 * result.attack_rate.value, 1) == 61.3


def test_every_food_as_printed_in_the_order_of_the_list(result):
    assert {row.exposure: (row.a, row.b, row.c, row.d) for row in result.exposures} == PRINTED
    assert [row.exposure for row in result.exposures] == list(PRINTED)
    assert {row.exposure: row.unknown for row in result.exposures if row.unknown} == UNKNOWN


def test_vanilla_ice_cream(result):
    row = next(row for row in result.exposures if row.exposure == "vanilla_ice_cream")
    risk, odds = row.risk_ratio, row.odds_ratio
    assert (risk.value, risk.low, risk.high) == pytest.approx((5.574074, 1.938340, 16.029337), abs=6e-7)
    inverse = [1 / x for x in (odds.value, odds.low, odds.high)]
    assert inverse == pytest.approx([1 / x for x in (22.156061, 5.216064, 138.865034)], abs=R_TOLERANCE)
    assert odds.method == "conditional exact"
    assert row.p == pytest.approx(2.5975e-7, abs=6e-12)
    assert row.p_mid == pytest.approx(2.6982e-7, abs=6e-12)
    assert row.method == "Fisher exact, two-sided"


def test_chocolate_ice_cream(result):
    row = next(row for row in result.exposures if row.exposure == "chocolate_ice_cream")
    risk = row.risk_ratio
    assert (risk.value, risk.low, risk.high) == pytest.approx((0.718085, 0.506590, 1.017877), abs=6e-7)
    assert row.p == pytest.approx(0.089069, abs=6e-7)


def test_sorted_by_p_puts_vanilla_first(line_list):
    assert outbreak(line_list, by_p=True).exposures[0].exposure == "vanilla_ice_cream"


def test_screen_names_vanilla_and_says_what_that_is_worth(line_list):
    screen = screen_line_list(line_list)
    assert screen.tested == 14
    assert (screen.results[0].axis, screen.results[0].value) == ("vanilla_ice_cream", "yes")
    # scipy: hypergeom.sf(42, 75, 46, 54) = 2.5974507e-07, times the 14 foods.
    assert screen.results[0].p_adjusted == pytest.approx(14 * 2.5974507e-7, rel=1e-6)
    assert screen.reading.startswith("Vanilla ice cream: 43 of 54 persons were cases, 33 expected; p = ")
    assert screen.reading.endswith("An association, not proof of a cause.")


def test_onsets(line_list):
    """The list gives an onset to every one of the 46; 20 on the evening of the supper, 26 after midnight."""
    curve = line_list_epi_curve(line_list)
    assert [(shown.start, shown.n) for shown in curve.bins] == [("1940-04-18", 20), ("1940-04-19", 26)]
    assert curve.without_date == 0
