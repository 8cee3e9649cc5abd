"""Dates keep the precision they were given with, and days since a session keep what the dates leave open."""

from datetime import datetime
from itertools import pairwise

import pytest

from untoward.model.time import DaySpan, PartialDate

YEAR, MONTH, DAY, MINUTE = "2026", "2026-03", "2026-03-02", "2026-03-02T14:30"


def date(text):
    return PartialDate.parse(text)


class TestParsing:
    @pytest.mark.parametrize(
        "text", [YEAR, MONTH, DAY, MINUTE, "2024-02-29", "1999-12-31T23:59", "0001", "9999-12-31"]
    )
    def test_text_comes_back_as_it_was(self, text):
        assert str(date(text)) == text

    @pytest.mark.parametrize(
        "text", [f" {MINUTE} ", "2026-03-02 14:30", f"{MINUTE}:59", f"{MINUTE}:00.25", f"{MINUTE}Z",
     f"{MINUTE}+02:00", f"{MINUTE}-0530"]
    )  # fmt: skip
    def test_other_ways_to_write_the_same_minute(self, text):
        assert date(text) == date(MINUTE)

    @pytest.mark.parametrize(
        "text",
        [
            "", "26", "2026-3", "2026-3-2", "02/03/2026", "20260302", "2026-03-02T14", "2026-03-02T14:3", "2026-W10",
            "today", "2026-", "-2026",
        ],
    )  # fmt: skip
    def test_what_is_no_iso_date_is_refused_with_an_example(self, text):
        with pytest.raises(ValueError, match=r"not an ISO 8601 date such as 2026-03-02"):
            date(text)

    @pytest.mark.parametrize(
        "text", ["2026-13", "2026-00", "2026-03-00", "2026-00-15", "2026-04-31", "0000", "2026-01-32"]
    )
    def test_days_and_months_that_no_calendar_has(self, text):
        with pytest.raises(ValueError, match=r"month|day|year"):
            date(text)

    @pytest.mark.parametrize("clock", ["24:00", "23:60", "14:30:61", "99:99"])
    def test_times_that_no_clock_shows(self, clock):
        with pytest.raises(ValueError, match="no clock shows"):
            date(f"2026-03-02T{clock}")

    @pytest.mark.parametrize(("year", "leap"), [(2024, True), (2000, True), (2026, False), (1900, False)])
    def test_leap_days(self, year, leap):
        text = f"{year}-02-29"
        if leap:
            assert date(text).latest() == datetime(year, 3, 1)
        else:
            with pytest.raises(ValueError, match="day"):
                date(text)

    @pytest.mark.parametrize(
        ("parts", "reason"),
        [
            ((2026, None, 2), "needs its month"),
            ((2026, 3, None, 870), "needs its day"),
            ((2026, 3, 2, 1440), "minutes 0 to 1439"),
            ((2026, 3, 2, -1), "minutes 0 to 1439"),
            ((2026, 0, None), "month"),
            ((2026, 3, 0), "day"),
        ],
    )
    def test_parts_that_make_no_date(self, parts, reason):
        with pytest.raises(ValueError, match=reason):
            PartialDate(*parts)


class TestInstants:
    @pytest.mark.parametrize(
        ("text", "first", "after"),
        [
            (YEAR, datetime(2026, 1, 1), datetime(2027, 1, 1)),
            ("2024", datetime(2024, 1, 1), datetime(2025, 1, 1)),
            (MONTH, datetime(2026, 3, 1), datetime(2026, 4, 1)),
            ("2024-02", datetime(2024, 2, 1), datetime(2024, 3, 1)),
            ("2026-12", datetime(2026, 12, 1), datetime(2027, 1, 1)),
            (DAY, datetime(2026, 3, 2), datetime(2026, 3, 3)),
            (MINUTE, datetime(2026, 3, 2, 14, 30), datetime(2026, 3, 2, 14, 30)),
        ],
    )
    def test_first_instant_and_the_one_after_the_last(self, text, first, after):
        assert (date(text).earliest(), date(text).latest()) == (first, after)

    @pytest.mark.parametrize("text", ["9999", "9999-12", "9999-12-31"])
    def test_the_end_of_the_calendar_has_no_instant_after_it(self, text):
        assert date(text).latest() == datetime.max


class TestOrder:
    def test_by_first_instant_and_of_two_that_begin_together_the_vaguer_first(self):
        ordered = [
            "2025-12-31",
            "2026",
            "2026-01",
            "2026-01-01",
            "2026-01-01T00:00",
            "2026-01-01T00:01",
            "2026-02",
            "2026-03-02",
        ]
        dates = [date(text) for text in ordered]
        dates.reverse()
        assert sorted(dates) == dates[::-1]
        dates.reverse()
        assert all(first < second and second > first and first != second for first, second in pairwise(dates))

    def test_equal_dates_are_neither_before_nor_after(self):
        assert date(DAY) <= date(DAY)
        assert not date(DAY) < date(DAY)
        assert len({date(DAY), date(DAY)}) == 1


class TestDaysBetween:
    @pytest.mark.parametrize(
        ("start", "end", "low", "high"),
        [
            # The example in the module's own text.
            ("2026-03-02", "2026-03-04", 1.0, 3.0),
            ("2026-03-02", "2026-03-02", 0.0, 1.0),
            ("2026-03-02", "2026-03-03", 0.0, 2.0),
            ("2024-02-28", "2024-03-01", 1.0, 3.0),
            ("2026-02-28", "2026-03-01", 0.0, 2.0),
            ("2026-03-02T14:30", "2026-03-03T02:30", 0.5, 0.5),
            ("2026-03-02T14:30", "2026-03-02T14:30", 0.0, 0.0),
            # From 18:00 to midnight of the same day: at most a quarter of a day, and not less than none.
            ("2026-03-02T18:00", "2026-03-02", 0.0, 0.25),
            ("2026-03-02T12:00", "2026-03-04", 1.5, 2.5),
            ("2026-03-02", "2026-03-04T12:00", 1.5, 2.5),
            # March has 31 days: from its last instant to 10 April, and from its first to the end of that day.
            ("2026-03", "2026-04-10", 9.0, 41.0),
            ("2026-03-02", "2026-03", 0.0, 30.0),
            ("2026-03", "2026-03", 0.0, 31.0),
            ("2026", "2026", 0.0, 365.0),
            ("2024", "2024", 0.0, 366.0),
        ],
    )
    def test_as_wide_as_the_dates_leave_it(self, start, end, low, high):
        assert DaySpan.between(date(start), date(end)) == DaySpan(low, high)

    @pytest.mark.parametrize(
        ("start", "end"),
        [
            ("2026-03-02", "2026-03-01"),
            ("2026-03-02T14:30", "2026-03-02T14:29"),
            ("2026-03-02T00:00", "2026-03-01"),
            ("2026-03-02", "2026-02"),
            ("2026-03", "2026-02"),
            ("2026-03", "2026-02-28"),
            ("2026", "2025"),
            ("2026-03-02", "2026-03-01T23:59"),
        ],
    )
    def test_an_end_wholly_before_the_start_is_refused(self, start, end):
        with pytest.raises(ValueError, match=f"{end} is before {start}"):
            DaySpan.between(date(start), date(end))

    @pytest.mark.parametrize(
        ("start", "end"), [("2026-03-15", "2026-03"), ("2026-03", "2026"), ("2026-03-02T14:30", "2026-03-02")]
    )
    def test_an_end_that_may_be_before_the_start_is_not(self, start, end):
        assert DaySpan.between(date(start), date(end)).low == 0.0

    def test_the_end_of_the_calendar_is_no_accident(self):
        assert DaySpan.between(date("2026-03-02"), date("9999-12-31")).high > 2_900_000


class TestSpans:
    def test_middle_and_words(self):
        assert DaySpan(1.0, 3.0).middle == 2.0
        assert str(DaySpan(1.0, 3.0)) == "day 1 to 3"
        assert str(DaySpan.exactly(0.5)) == "day 0.5"

    @pytest.mark.parametrize("bounds", [(2.0, 1.0), (float("nan"), 1.0), (1.0, float("nan"))])
    def test_a_span_that_runs_backwards_or_nowhere_is_refused(self, bounds):
        with pytest.raises(ValueError, match="must not run backwards"):
            DaySpan(*bounds)

    @pytest.mark.parametrize(
        ("window", "may", "must"),
        [
            ((1.0, 3.0), True, True),
            ((0.0, 9.0), True, True),
            ((3.0, 9.0), True, False),
            ((0.0, 1.0), True, False),
            ((1.5, 2.5), True, False),
            ((3.01, 9.0), False, False),
            ((0.0, 0.99), False, False),
        ],
    )
    def test_windows_are_closed(self, window, may, must):
        span = DaySpan(1.0, 3.0)
        assert (span.may_be_within(*window), span.must_be_within(*window)) == (may, must)
