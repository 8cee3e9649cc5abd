import datetime as dt

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from untoward.exchange.reports import cell_values
from untoward.exchange.reports.dates import compact_date, digits_of_date


def of(change, *texts):
    return (
        pl.DataFrame({"text": texts}, schema={"text": pl.String})
        .select(change(pl.col("text")))
        .to_series()
        .to_list()
    )


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("20170410", dt.date(2017, 4, 10)),
        (" 20170410 ", dt.date(2017, 4, 10)),
        ("20160229", dt.date(2016, 2, 29)),
        ("201704", None),  # no day: the first of the month would be an invention
        ("2017", None),
        ("2017041", None),
        ("20170229", None),
        ("02010410", None),
        ("99990101", None),
        ("today", None),
        ("", None),
        (None, None),
    ],
)
def test_only_a_whole_date_is_a_date(text, date):
    assert of(compact_date, text) == [date]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("04/10/2017", dt.date(2017, 4, 10)),
        ("4/1/2017", dt.date(2017, 4, 1)),
        ("13/01/2017", None),
        ("2017", None),
    ],
)
def test_dates_with_the_month_first(text, date):
    assert of(lambda cell: cell_values.date(cell, "%m/%d/%Y"), text) == [date]


def test_digits_order_dates_with_missing_parts():
    assert of(digits_of_date, "2017", "201704", "20170401", "17", "x", "", None) == [
        20170000, 20170400, 20170401, None, None, None, None,
    ]  # fmt: skip


def plain_date(text):
    try:
        date = dt.datetime.strptime(text, "%Y%m%d").date() if len(text) == 8 and text.isdigit() else None
    except ValueError:
        return None
    return date if date is not None and 1900 <= date.year <= 2100 else None


@given(st.lists(st.text("0123456789", min_size=6, max_size=9), min_size=1, max_size=50))
def test_as_a_plain_reader_has_it(texts):
    assert of(compact_date, *texts) == [plain_date(text) for text in texts]
