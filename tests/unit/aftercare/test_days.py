"""Dates in the words of four languages, and counts of days where there is no date."""

import pytest

from untoward.aftercare.days import Days
from untoward.aftercare.texts import texts_of
from untoward.model.time import PartialDate


def days(language, date):
    return Days(texts_of(language), None if date is None else PartialDate.parse(date))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "until Thursday 14 May 2026"),
        ("es", "hasta el jueves 14 de mayo de 2026"),
        ("pt", "até quinta-feira, 14 de maio de 2026"),
        ("fr", "jusqu’au jeudi 14 mai 2026"),
    ],
)
def test_three_days_after_monday_11_may_2026(language, said):
    assert days(language, "2026-05-11").until(3) == said


@pytest.mark.parametrize(
    ("date", "cell"), [("2026-05-11", "Friday 22 May"), ("2026-12-25", "Tuesday 5 January 2027")]
)
def test_the_year_is_said_when_it_changes_and_a_part_of_a_day_counts_up(date, cell):
    assert days("en", date).cell(10.1) == cell


def test_the_first_of_a_month_in_french_and_portuguese():
    assert days("fr", "2026-05-31").cell(1) == "lundi 1er juin"
    assert days("pt", "2026-05-31").cell(1) == "segunda-feira, 1º de junho"


def test_the_leap_day():
    assert days("en", "2028-02-28").cell(1) == "Tuesday 29 February"


@pytest.mark.parametrize("date", [None, "2026", "2026-05"])
def test_without_a_whole_date_days_are_counted(date):
    undated = days("en", date)
    assert undated.cell(11.1) == "day 12"
    assert undated.by(3) == "by day 3"
    assert undated.until(3) == "for 3 days after the injection"
    assert undated.until(203) == "for 29 weeks after the injection"
    assert undated.date_of(3) is None


def test_a_vague_date_is_shown_as_vague():
    assert days("es", "2026-05").recorded(PartialDate.parse("2026-05")) == "mayo de 2026"
    assert days("es", "2026").recorded(PartialDate.parse("2026")) == "2026"
