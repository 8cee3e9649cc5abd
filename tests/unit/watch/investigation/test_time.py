"""Times as people write them, incubation, likely exposure, and curves by strata."""

from datetime import datetime, timedelta

import polars as pl
import pytest
from tests.unit.watch.investigation.lists import persons

from untoward.errors import UsageError
from untoward.watch.investigation.epi_strata import BinWidth, bin_width_of
from untoward.watch.investigation.times import DAY, HOUR, incubation_of
from untoward.watch.outbreak import ExposedAt, Questions, outbreak

SUPPER = datetime(2026, 3, 2, 18)


def onsets(*hours, whole_days=False, **columns):
    """Cases by hours after the supper; None is an unknown onset."""
    at = [None if hour is None else SUPPER + timedelta(hours=hour) for hour in hours]
    if whole_days:
        at = [one and datetime(one.year, one.month, one.day) for one in at]
    span = timedelta(days=1) if whole_days else timedelta(0)
    shape = "%Y-%m-%d" if whole_days else "%Y-%m-%dT%H:%M"
    dates = {
        "onset": pl.Series([one and one.strftime(shape) for one in at], dtype=pl.String),
        "onset_from": pl.Series(at, dtype=pl.Datetime("us")),
        "onset_to": pl.Series([one and one + span for one in at], dtype=pl.Datetime("us")),
    }
    more = [{name: values[k] for name, values in columns.items()} for k in range(len(hours))]
    return persons(*((1, "y", "y", one) for one in more), **dates)


class TestWritten:
    @pytest.mark.parametrize(
        ("text", "shortest", "longest", "usual", "hours"),
        [
            ("10-114", 10 * DAY, 114 * DAY, None, False),
            ("1-6h", HOUR, 6 * HOUR, None, True),
            ("2 to 4 weeks", 14 * DAY, 28 * DAY, None, False),
            ("10–33–114 d", 10 * DAY, 114 * DAY, 33 * DAY, False),
            ("0.5-2", 0.5 * DAY, 2 * DAY, None, False),
            ("3-3", 3 * DAY, 3 * DAY, None, False),
        ],
    )
    def test_incubation(self, text, shortest, longest, usual, hours):
        found = incubation_of(text)
        assert (found.shortest, found.longest, found.usual, found.hours) == (shortest, longest, usual, hours)

    @pytest.mark.parametrize(
        "text",
        ["", "10", "9-3", "1-9-3", "1-6 fortnights", "-1-3", "1e9-2", "0-99999 w", "1-6h; rm", "1-8000"],
    )
    def test_no_incubation(self, text):
        with pytest.raises(UsageError, match="incubation period"):
            incubation_of(text)

    @pytest.mark.parametrize(
        ("text", "width", "hours"),
        [("hours", 1, True), ("Days", 1, False), ("weeks", 7, False), ("14", 14, False), ("6h", 6, True)],
    )
    def test_bins(self, text, width, hours):
        assert bin_width_of(text) == BinWidth(width=width, hours=hours)

    @pytest.mark.parametrize("text", ["", "0", "-3", "1.5", "fortnight", "99999", "h"])
    def test_no_bins(self, text):
        with pytest.raises(UsageError, match="width of bins"):
            bin_width_of(text)


class TestIncubation:
    def ask(self, line_list, exposed_at):
        return outbreak(line_list, questions=Questions(exposed_at=exposed_at)).incubation

    def test_hours_where_both_are_known_to_the_minute(self):
        found = self.ask(
            onsets(2, 3, 4, 7, None), ExposedAt(shown="the supper", moment=SUPPER, to_the_minute=True)
        )
        assert (found.unit, found.n, found.unknown, found.before) == ("hours", 4, 1, 0)
        assert (found.minimum, found.median, found.maximum) == (2, 3.5, 7)
        assert found.log_normal.median == pytest.approx((2 * 3 * 4 * 7) ** 0.25)
        assert "Median 3.5 hours, range 2 to 7, of 4 cases. 1 case without a date: left out." in found.reading

    def test_days_where_only_the_day_is_known(self):
        found = self.ask(onsets(24, 48, 96), ExposedAt(shown="2026-03-02", moment=datetime(2026, 3, 2)))
        assert (found.unit, found.minimum, found.median, found.maximum) == ("days", 1, 2, 4)

    def test_an_onset_before_the_exposure_is_counted_apart(self):
        found = self.ask(onsets(-3, 2, 3, 4), ExposedAt(shown="x", moment=SUPPER, to_the_minute=True))
        assert (found.n, found.before, found.minimum) == (3, 1, 2)
        assert "fell ill before that" in found.reading

    def test_the_same_day_has_no_logarithm(self):
        found = self.ask(
            onsets(0, 24, 48, whole_days=True), ExposedAt(shown="x", moment=datetime(2026, 3, 2))
        )
        assert found.log_normal is None
        assert "nought has no logarithm" in found.reason

    def test_a_column_of_dates(self):
        injected = ["2026-02-01", "2026-02-20", None]
        found = self.ask(onsets(0, 24, 48, injected=injected), ExposedAt(shown="injected", column="injected"))
        assert (found.n, found.unknown, found.minimum, found.maximum) == (2, 1, 11, 29)

    def test_no_dates(self):
        found = self.ask(onsets(None), ExposedAt(shown="x", moment=SUPPER))
        assert (found.n, found.median, found.log_normal) == (0, None, None)
        assert found.reading == "No incubation time can be given. 1 case without a date: left out."


class TestExposurePeriod:
    def ask(self, line_list, text):
        return outbreak(line_list, questions=Questions(incubation=incubation_of(text))).exposure_period

    def test_one_moment_explains_all(self):
        found = self.ask(onsets(2, 3, 5), "1-3-6h")
        assert found.common == ("2026-03-02T17:00", "2026-03-02T19:00")
        assert (found.by_earliest, found.by_latest) == (
            ("2026-03-02T14:00", "2026-03-02T19:00"), ("2026-03-02T17:00", "2026-03-02T22:00"),
        )  # fmt: skip
        assert found.by_median == "2026-03-02T18:00"
        assert found.reading.startswith(
            "If all were exposed at once, it was from 2026-03-02 17:00 to 2026-03-02 19:00."
        )

    def test_periods_that_do_not_overlap_are_said(self):
        found = self.ask(onsets(0, 240, whole_days=True), "1-3")
        assert (found.overlap, found.common) == (False, None)
        assert "do not overlap" in found.reading

    def test_a_median_outside_the_common_period_is_said(self):
        found = self.ask(onsets(0, 24, 24 * 30, 24 * 30, 24 * 30, whole_days=True), "1-2-60")
        assert "outside that" in found.reading

    def test_one_day(self):
        assert "it was on 2026-03-01." in self.ask(onsets(0, 24, whole_days=True), "1-2").reading

    def test_hours_need_onsets_known_to_the_minute(self):
        found = self.ask(onsets(0, 24, whole_days=True), "1-6h")
        assert (found.n, found.unknown, found.common) == (0, 2, None)
        assert "known to the minute" in found.reading


class TestCurve:
    def ask(self, line_list, width, by=("place",)):
        return outbreak(line_list, questions=Questions(by=by, bins=width)).epi_curve_strata

    def test_hours_begin_at_a_round_hour(self):
        found = self.ask(onsets(0.5, 1.5, 8, place=["N", "S", None]), bin_width_of("6h"))
        assert [(one.start, one.n) for one in found.bins] == [
            ("2026-03-02T18:00", 2),
            ("2026-03-03T00:00", 1),
        ]
        assert {row.stratum: row.n for row in found.strata} == {"N": (1, 0), "S": (1, 0)}
        assert found.unknown == (0, 1)

    def test_days_alone_are_in_no_hour(self):
        found = self.ask(onsets(0, 24, place=["N", "S"], whole_days=True), bin_width_of("hours"))
        assert (found.bins, found.without_onset) == ((), 2)

    def test_without_a_width_it_is_the_usual_one(self):
        found = self.ask(onsets(0, 24, place=["N", "S"]), None)
        assert (found.width, len(found.bins)) == ("1 day", 2)
        assert found.reading.startswith("N most from 2026-03-02 (1 of 1)")

    def test_bins_without_end_are_refused(self):
        with pytest.raises(UsageError, match="at most 2,000"):
            self.ask(onsets(0, 24 * 400, place=["N", "S"]), bin_width_of("hours"))

    def test_the_fixed_curve_has_the_same_bins(self):
        found = outbreak(onsets(0, 3, None), questions=Questions(bins=bin_width_of("hours")))
        assert [one.n for one in found.epi_curve] == [1, 0, 0, 1]
        assert found.without_onset == 1
