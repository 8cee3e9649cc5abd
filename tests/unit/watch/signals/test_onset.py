"""Time to onset: hand counts, what is left out and why, scipy and the registry's median as slow twins."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from untoward.errors import UsageError
from untoward.kernels.weibull import fit_weibull
from untoward.model.ledger import Ledger
from untoward.model.reports import ReportTables
from untoward.watch.durations import kaplan_meier_median
from untoward.watch.signals.onset import BEFORE, NO_EVENT_DATE, NO_START, time_to_onset

DAY0 = date(2021, 1, 1)


def tables_of(rows):
    """Tables from (report, event date, [(drug, start, role)], events)."""
    return ReportTables(
        reports=pl.DataFrame(
            [(key, when) for key, when, _, _ in rows],
            schema={"report_id": pl.String, "event_date": pl.Date},
            orient="row",
        ),
        drugs=pl.DataFrame(
            [(key, *drug) for key, _, named, _ in rows for drug in named],
            schema={"report_id": pl.String, "drug": pl.String, "start": pl.Date, "role": pl.String},
            orient="row",
        ),
        events=pl.DataFrame(
            [(key, event) for key, _, _, named in rows for event in named],
            schema={"report_id": pl.String, "event": pl.String},
            orient="row",
        ),
        ledger=Ledger(),
    )


def after(days):
    return DAY0 + timedelta(days=days)


def simple(times, drug="A", event="X", mark="r"):
    return [(f"{mark}{k}", after(t), [(drug, DAY0, "suspect")], [event]) for k, t in enumerate(times)]


HAND = tables_of(
    [
        ("1", after(3), [("A", DAY0, "suspect")], ["X"]),
        ("2", after(0), [("A", DAY0, None)], ["x", "Y"]),
        ("3", after(10), [("A", after(4), "suspect"), ("a", after(8), "suspect")], ["X"]),
        ("4", None, [("A", DAY0, "suspect")], ["X"]),
        ("5", after(5), [("A", None, "suspect")], ["X"]),
        ("6", after(5), [("A", after(6), "suspect")], ["X"]),
        ("7", after(5), [("A", DAY0, "concomitant")], ["X"]),
        ("8", after(40), [("B", DAY0, "suspect"), ("C", after(30), "suspect")], ["X"]),
        ("9", after(7), [("A", DAY0, "suspect"), ("B", after(-20), "suspect")], ["Y"]),
        ("10", after(2), [("B", DAY0, "suspect")], ["Y"]),
    ]
)


def test_days_by_hand():
    found = time_to_onset(HAND, "a", "X")
    assert found.days.tolist() == [0, 3, 6]
    assert found.reports == 6
    assert dict(found.left_out.iter_rows()) == {NO_EVENT_DATE: 1, NO_START: 1, BEFORE: 1}
    assert len(found.days) + found.left_out["reports"].sum() == found.reports
    event, drug = found.against
    assert (event.n, event.median) == (1, 40.0)  # the concomitant report has no drug that counts
    assert (drug.n, drug.median) == (1, 7.0)  # from the start of A, not of B
    assert event.earlier is True


def test_last_start_before_the_event_and_other_roles():
    last = time_to_onset(HAND, "A", "X", start="last")
    assert last.days.tolist() == [0, 2, 3]
    everything = time_to_onset(HAND, "A", "X", roles="all")
    assert everything.days.tolist() == [0, 3, 5, 6]


def test_a_start_after_the_event_does_not_hide_one_before():
    rows = [("1", after(9), [("A", DAY0, "suspect"), ("A", after(20), "suspect")], ["X"])]
    for start in ("first", "last"):
        assert time_to_onset(tables_of(rows), "A", "X", start=start).days.tolist() == [9]


def test_curve_by_hand():
    found = time_to_onset(tables_of(simple([1, 1, 2, 8])), "A", "X")
    assert found.curve["day"].to_list() == [1, 2, 8]
    assert found.curve["at_risk"].to_list() == [4, 2, 1]
    assert found.curve["to_come"].to_list() == pytest.approx([0.5, 0.25, 0.0])
    assert found.curve["high"].to_list()[-1] is None
    assert {q.share: q.day for q in found.quantiles} == {0.1: 1, 0.25: 1, 0.5: 1, 0.75: 2, 0.9: 8}


@given(st.lists(st.integers(0, 400), min_size=1, max_size=50))
def test_median_agrees_with_the_registry_and_the_curve_with_scipy(times):
    found = time_to_onset(tables_of(simple(times)), "A", "X")
    twin = kaplan_meier_median(np.array(times, float), np.ones(len(times), bool))
    median = next(q for q in found.quantiles if q.share == 0.5)
    assert (median.day, median.low, median.high) == (twin.value, twin.low, twin.high)
    theirs = stats.ecdf(np.array(times, float)).sf
    assert found.curve["to_come"].to_numpy() == pytest.approx(theirs.probabilities, abs=1e-12)


def test_weibull_counts_the_same_day_as_half():
    times = [0, 1, 1, 2, 5, 30]
    found = time_to_onset(tables_of(simple(times)), "A", "X")
    assert found.weibull == fit_weibull([0.5, 1, 1, 2, 5, 30])
    other = time_to_onset(tables_of(simple(times)), "A", "X", same_day=1.0)
    assert other.weibull.shape > found.weibull.shape


def test_readings():
    early = stats.weibull_min.rvs(0.4, scale=30, size=200, random_state=1).astype(int)
    late = stats.weibull_min.rvs(3.0, scale=300, size=200, random_state=1).astype(int)
    constant = stats.expon.rvs(scale=200, size=40, random_state=1).astype(int)
    readings = [
        time_to_onset(tables_of(simple(t.tolist())), "A", "X").reading for t in (early, late, constant)
    ]
    assert readings[0].startswith("Onsets gather early")
    assert readings[1].startswith("Onsets grow more likely")
    assert readings[2].startswith("No change")
    assert time_to_onset(tables_of(simple([4, 4])), "A", "X").reading.startswith("No shape: 2 usable")


def test_comparison_is_that_of_scipy():
    rng = np.random.default_rng(2)
    mine, theirs = rng.integers(0, 20, 40).tolist(), rng.integers(10, 90, 70).tolist()
    rows = simple(mine) + simple(theirs, drug="B", mark="b")
    event, drug = time_to_onset(tables_of(rows), "A", "X").against
    test = stats.ks_2samp(mine, theirs)
    assert (event.distance, event.p) == (pytest.approx(test.statistic), pytest.approx(test.pvalue))
    assert event.earlier is True
    assert (drug.n, drug.p) == (0, None)


def test_no_usable_time_is_an_answer():
    found = time_to_onset(tables_of([("1", None, [("A", None, "suspect")], ["X"])]), "A", "X")
    assert found.days.size == 0
    assert found.quantiles == ()
    assert found.weibull is None
    assert found.curve.is_empty()
    assert found.left_out["reports"].to_list() == [1, 0, 0]


@pytest.mark.parametrize("wrong", [{"start": "middle"}, {"same_day": 0.0}, {"shares": (1.0,)}])
def test_settings_that_cannot_be(wrong):
    with pytest.raises(UsageError):
        time_to_onset(HAND, "A", "X", **wrong)


def test_unknown_names():
    with pytest.raises(UsageError, match="event: no report that counts names 'Z'"):
        time_to_onset(HAND, "A", "Z")
