"""Dates and days computed a column at a time equal what PartialDate and DaySpan give one by one."""

from __future__ import annotations

import datetime as dt

import polars as pl
from hypothesis import assume, given
from hypothesis import strategies as st

from untoward.exchange.tables.dates import read_dates
from untoward.exchange.tables.faults import FaultLog
from untoward.exchange.tables.spans import day_high, day_low, day_shown, wholly_before
from untoward.model.time import DaySpan, PartialDate

CLOCKS = st.one_of(
    st.just(""),
    st.builds(
        "{}{:02d}:{:02d}{}".format,
        st.sampled_from("T "),
        st.integers(0, 24),
        st.integers(0, 61),
        st.sampled_from(["", ":30", ":30.5", "Z", "+02:00"]),
    ),
)
TEXTS = st.one_of(
    st.builds("{:04d}".format, st.integers(1900, 2100)),
    st.builds("{:04d}-{:02d}".format, st.integers(1900, 2100), st.integers(0, 14)),
    st.builds("{:04d}-{:02d}-{:02d}{}".format, st.integers(1900, 2100), st.integers(0, 13), st.integers(0, 32), CLOCKS),
)  # fmt: skip


def _read(texts: list[str]) -> tuple[pl.DataFrame, FaultLog]:
    log = FaultLog("file", pl.Series(range(2, len(texts) + 2), dtype=pl.UInt32))
    return read_dates(pl.Series(texts, dtype=pl.String), "date", log), log


def _parsed(text: str) -> PartialDate | None:
    if "-00" in text:
        return None  # no calendar has a month or a day of zero
    try:
        return PartialDate.parse(text)
    except ValueError:
        return None


@given(st.lists(TEXTS, max_size=30))
def test_instants_equal_those_of_partial_dates(texts):
    dates, log = _read(texts)
    for text, start, end, bad in zip(texts, dates["from"], dates["to"], log.bad, strict=True):
        partial = _parsed(text)
        assert bad == (partial is None), text
        if partial is not None:
            assert (start, end) == (partial.earliest(), partial.latest())


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)), st.sampled_from("/-."), st.booleans())
def test_year_last_dates_read_back_when_the_column_shows_the_order(day, sign, day_first):
    form = f"%d{sign}%m{sign}%Y" if day_first else f"%m{sign}%d{sign}%Y"
    dates, log = _read([day.strftime(form), dt.date(2020, 12, 31).strftime(form)])
    assert not log.bad.any()
    assert dates["from"][0].date() == day


@given(st.dates(dt.date(1900, 1, 1), dt.date(2100, 12, 31)))
def test_a_single_year_last_date_is_read_only_if_it_can_be_one_day_alone(day):
    dates, log = _read([day.strftime("%d/%m/%Y")])
    unclear = day.day <= 12 and day.day != day.month
    assert log.bad[0] == unclear
    assert (dates["from"][0] is None) == unclear


@given(TEXTS, TEXTS)
def test_days_equal_those_of_day_spans(start, end):
    first, last = _parsed(start), _parsed(end)
    assume(first is not None and last is not None)
    dates, _log = _read([start, end])
    row = pl.DataFrame({
        "s:from": dates["from"][:1], "s:to": dates["to"][:1], "e:from": dates["from"][1:], "e:to": dates["to"][1:],
    })  # fmt: skip
    found = row.select(
        low=day_low("s", "e"),
        high=day_high("s", "e"),
        shown=day_shown("s", "e"),
        before=wholly_before("e", "s"),
    ).row(0, named=True)
    try:
        span = DaySpan.between(first, last)
    except ValueError:
        assert found["before"]
        return
    if found["before"]:
        # DaySpan lets a month pass that ends at the instant the session's day begins; here it is before.
        assert last.latest() == first.earliest()
        assert last.minute_of_day is None
        return
    assert abs(found["low"] - span.low) < 1e-9
    assert abs(found["high"] - span.high) < 1e-9
    if found["shown"] is not None:
        assert span.low - 1e-9 <= found["shown"] <= span.high + 1e-9


def test_days_shown_by_hand():
    """Dates 03-02 and 03-04: two days. Times 14:30 and 02:30 the next day: half a day. Mixed: the middle of what can be."""
    dates, _log = _read(["2026-03-02", "2026-03-04", "2026-03-02T14:30", "2026-03-03T02:30", "2026-03"])
    at = {name: dates.row(place) for place, name in enumerate(("day", "later", "time", "night", "month"))}

    def shown(start: str, end: str) -> float | None:
        row = pl.DataFrame(
            {"s:from": [at[start][1]], "s:to": [at[start][2]], "e:from": [at[end][1]], "e:to": [at[end][2]]}
        )
        return row.select(day_shown("s", "e")).item()

    assert shown("day", "later") == 2.0
    assert shown("time", "night") == 0.5
    assert shown("day", "night") == (26.5 / 24 + 2.5 / 24) / 2
    assert shown("day", "month") is None


def test_clocks_of_twelve_hours():
    dates, log = _read(
        ["3/25/2026 12:05 AM", "3/25/2026 12:05 p.m.", "3/25/2026 2:30 PM", "3/25/2026 13:30 PM"]
    )
    assert [value and value.strftime("%H:%M") for value in dates["from"]] == ["00:05", "12:05", "14:30", None]
    assert log.bad.to_list() == [False, False, False, True]
