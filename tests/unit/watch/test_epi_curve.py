"""Cases by onset."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from untoward.errors import UsageError
from untoward.model.tables import Registry
from untoward.watch.epi_curve import MOST_BINS, epi_curve, reaction_onsets, registry_epi_curve
from untoward.watch.outcomes import registry_outcomes

MONDAY = date(2026, 3, 2)


def days(*offsets):
    return pl.Series(
        [None if day is None else MONDAY + timedelta(days=day) for day in offsets], dtype=pl.Date
    )


def test_days_without_a_case_stay_as_zero():
    curve = epi_curve("ill", days(0, 0, 3, None))
    assert [(shown.start, shown.end, shown.n) for shown in curve.bins] == [
        ("2026-03-02", "2026-03-03", 2),
        ("2026-03-03", "2026-03-04", 0),
        ("2026-03-04", "2026-03-05", 0),
        ("2026-03-05", "2026-03-06", 1),
    ]
    assert (curve.bin_days, curve.without_date) == (1, 1)
    assert curve.reading == (
        "3 cases with a known onset; most, 2, on 2 Mar 2026. 1 case without a known day of onset."
    )


def test_weeks_begin_on_monday():
    curve = epi_curve("ill", days(2, 9), bin_days=7)
    assert [(shown.start, shown.n) for shown in curve.bins] == [("2026-03-02", 1), ("2026-03-09", 1)]
    assert "from 2 Mar 2026 to 8 Mar 2026" in curve.reading


@pytest.mark.parametrize(
    ("last_day", "width"),
    [(0, 1), (39, 1), (40, 7), (279, 7), (280, 14), (559, 14), (560, 30), (1200, 91), (9000, 365)],
)
def test_the_narrowest_width_that_needs_at_most_40_bins(last_day, width):
    curve = epi_curve("ill", days(0, last_day))
    assert curve.bin_days == width
    assert len(curve.bins) <= MOST_BINS
    assert sum(shown.n for shown in curve.bins) == 2


def test_weights_count_persons():
    curve = epi_curve("ill", days(0, 1, None), weights=pl.Series([5, 2, 3]))
    assert ([shown.n for shown in curve.bins], curve.without_date) == ([5, 2], 3)


def test_no_dates_at_all():
    curve = epi_curve("ill", days(None, None))
    assert (curve.bins, curve.without_date) == ((), 2)
    assert curve.reading == "No case with a known day of onset. 2 cases without a known day of onset."
    assert epi_curve("ill", days()).reading == "No case with a known day of onset."


def test_a_width_below_a_day_is_refused():
    with pytest.raises(UsageError, match="got 0 days, expected 1 or more"):
        epi_curve("ill", days(0), bin_days=0)


def test_where_an_onset_comes_from():
    sessions = pl.DataFrame(
        {
            "session_id": ["day", "noon", "month"],
            "date_from": [datetime(2026, 3, 2), datetime(2026, 3, 2, 12), datetime(2026, 3, 1)],
            "date_to": [datetime(2026, 3, 3), datetime(2026, 3, 2, 12), datetime(2026, 4, 1)],
        }
    )
    rows = [
        ("date given", "day", "2026-03-09", 30.0, date(2026, 3, 9)),
        ("month given", "day", "2026-03", None, None),
        ("month given, days too", "day", "2026-03", 4.0, date(2026, 3, 6)),
        ("days only", "day", None, 0.5, date(2026, 3, 2)),
        ("past midnight", "noon", None, 0.6, date(2026, 3, 3)),
        ("session known to the month", "month", None, 3.0, None),
        ("nothing", "day", None, None, None),
    ]
    reactions = pl.DataFrame(
        [row[:4] for row in rows],
        schema=["reaction_id", "session_id", "onset_date", "onset_day"],
        orient="row",
    )
    found = dict(reaction_onsets(sessions, reactions).iter_rows())
    assert found == {row[0]: row[4] for row in rows}


def test_a_session_stands_once_at_its_first_such_reaction():
    sessions = pl.DataFrame({"session_id": ["s1", "s2"], "date_from": ["2026-03-02", "2026-03-02T10:00"]})
    reactions = pl.DataFrame(
        {
            "reaction_id": ["r1", "r2", "r3", "r4", "r5"],
            "session_id": ["s1", "s1", "s1", "s2", "ghost"],
            "term_id": ["swelling", "cellulitis", "cellulitis", "cellulitis", "cellulitis"],
            "onset_day": [0.0, 9.0, 2.0, None, 1.0],
        }
    )
    registry = Registry(
        sessions=sessions, components=pl.DataFrame(), reactions=reactions, observations=pl.DataFrame()
    )
    infection = registry_outcomes(registry, {"swelling": "local", "cellulitis": "infection"})[0]
    curve = registry_epi_curve(registry, infection)
    assert [(shown.start, shown.n) for shown in curve.bins] == [("2026-03-04", 1)]
    assert curve.without_date == 1
