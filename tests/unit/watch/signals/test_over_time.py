"""Replay over dates of receipt: hand counts, a slow twin that recounts at every date, and the sequential test."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from untoward.errors import UsageError
from untoward.kernels.gamma_poisson import Prior
from untoward.kernels.sequential import poisson_crossing, poisson_llr
from untoward.model.ledger import Ledger
from untoward.model.reports import ReportTables
from untoward.watch.signals.counting import count_reports
from untoward.watch.signals.measures import measure
from untoward.watch.signals.over_time import SequentialPlan, replay


def tables_of(rows):
    """Tables from (report, received, drugs, events)."""
    reports = pl.DataFrame(
        [(key, received) for key, received, _, _ in rows],
        schema={"report_id": pl.String, "received": pl.Date},
        orient="row",
    )
    drugs = pl.DataFrame(
        [(key, drug, "suspect") for key, _, named, _ in rows for drug in named],
        schema={"report_id": pl.String, "drug": pl.String, "role": pl.String},
        orient="row",
    )
    events = pl.DataFrame(
        [(key, event) for key, _, _, named in rows for event in named],
        schema={"report_id": pl.String, "event": pl.String},
        orient="row",
    )
    return ReportTables(reports=reports, drugs=drugs, events=events, ledger=Ledger())


HAND = tables_of(
    [
        ("1", date(2020, 1, 15), ["A"], ["X"]),
        ("2", date(2020, 2, 1), ["B"], ["Y"]),
        ("3", date(2020, 3, 31), ["A", "B"], ["X", "Y"]),
        ("4", date(2020, 7, 1), ["A"], ["Y"]),
        ("5", date(2020, 8, 8), ["B"], ["X"]),
        ("6", None, ["A"], ["X"]),
        ("7", date(2020, 9, 30), ["C"], ["Y"]),
    ]
)


def test_quarters_by_hand():
    (found,) = replay(HAND, [("a", "x")])
    assert (found.drug, found.event, found.undated) == ("A", "X", 1)
    table = found.table
    assert table["start"].to_list() == [date(2020, 1, 1), date(2020, 4, 1), date(2020, 7, 1)]
    assert table["new"].to_list() == [2, 0, 0]
    assert table["n"].to_list() == [2, 2, 2]
    assert table["n_drug"].to_list() == [2, 2, 3]
    assert table["n_event"].to_list() == [2, 2, 3]
    assert table["n_total"].to_list() == [3, 3, 6]
    assert table["expected"].to_list() == pytest.approx([4 / 3, 4 / 3, 1.5])
    # E period by period: 2 * 2 / 3, nothing, 1 * 1 / 3
    assert table["due"].to_list() == pytest.approx([4 / 3, 4 / 3, 5 / 3])


def test_window_by_hand():
    (found,) = replay(HAND, [("A", "X")], window=1)
    assert found.table["n"].to_list() == [2, 0, 0]
    assert found.table["n_total"].to_list() == [3, 0, 3]
    # the empty quarter says nothing at all
    assert found.table["ic"].to_list()[1] is None
    assert found.table["signal_umc"].to_list()[1] is None
    (wide,) = replay(HAND, [("A", "X")], window=99)
    assert wide.table["n"].to_list() == [2, 2, 2]


def random_rows(draw_seed, size=120):
    rng = np.random.default_rng(draw_seed)
    rows = []
    for key in range(size):
        received = date.fromordinal(date(2019, 1, 1).toordinal() + int(rng.integers(0, 900)))
        drugs = list(rng.choice(["A", "B", "C"], rng.integers(1, 3), replace=False))
        likely = 0.7 if "A" in drugs else 0.2
        events = ["X"] if rng.random() < likely else ["Y"]
        rows.append((str(key), received if rng.random() > 0.05 else None, drugs, events))
    return rows


@given(st.integers(0, 2**32 - 1), st.sampled_from(["month", "quarter", "year"]))
@settings(max_examples=15)
def test_slow_twin_recounts_at_the_end_of_every_period(seed, period):
    rows = random_rows(seed)
    (found,) = replay(tables_of(rows), [("A", "X")], period=period)
    starts = [*found.table["start"].to_list(), date(2100, 1, 1)]
    for at in range(len(starts) - 1):
        until = [row for row in rows if row[1] is not None and row[1] < starts[at + 1]]
        told = found.table.row(at, named=True)
        assert told["n_total"] == len(until)
        counted = measure(count_reports(tables_of(until)), prior=Prior(1, 1, 1, 1, 0.5)).table
        row = counted.filter(drug="A", event="X")
        if row.is_empty():
            assert told["n"] == 0
            continue
        same = (
            "n",
            "n_drug",
            "n_event",
            "n_total",
            "expected",
            "prr",
            "prr_low",
            "ror",
            "ror_high",
            "ic",
            "ic_low",
        )
        for name in (*same, "chi2_yates", "mid_p"):
            theirs = row[name][0]
            assert told[name] == (theirs if theirs is None else pytest.approx(theirs, rel=1e-12)), name
        for rule in ("evans", "ema", "umc"):
            assert told[f"signal_{rule}"] == row[f"signal_{rule}"][0]


def test_first_signal_of_every_rule():
    rows = [(f"q{k}", date(2018, 1, 5), ["B"], ["Y"]) for k in range(300)]
    rows += [(f"b{k}", date(2018, 2, 5), ["B"], ["X"]) for k in range(3)]
    rows += [(f"a{k}", date(2018 + k, 6, 5), ["A"], ["X"]) for k in range(6)]
    (found,) = replay(tables_of(rows), [("A", "X")], period="year")
    first = {row["rule"]: row for row in found.first.iter_rows(named=True)}
    assert first["evans"]["start"] == date(2020, 1, 1)  # the third report
    assert first["evans"]["n"] == 3
    assert first["ema"]["start"] == date(2022, 1, 1)  # the fifth
    assert first["evans"]["holds_at_end"] is True
    assert first["mhra"]["start"] is None
    assert first["mhra"]["holds_at_end"] is None  # no prior was given: not known, not "no"
    (with_prior,) = replay(tables_of(rows), [("A", "X")], period="year", prior=Prior(1, 1, 1, 1, 0.5))
    held = with_prior.first.filter(rule="mhra").row(0, named=True)
    assert held["holds_at_end"] is True


def test_sequential_bound_holds_its_alpha_and_finds_the_first_crossing():
    rows = random_rows(3, 600)
    plan = SequentialPlan(alpha=0.05)
    (found,) = replay(tables_of(rows), [("A", "X")], period="month", plan=plan)
    test, table = found.sequential, found.table
    assert test.horizon == pytest.approx(table["due"][-1])
    assert not test.horizon_given
    looks = table["due"].unique(maintain_order=True).to_list()
    assert poisson_crossing(test.critical, test.horizon, looks=looks) <= 0.05
    by_hand = [
        start
        for start, count, due in zip(table["start"], table["n"], table["due"], strict=True)
        if poisson_llr(count, due) >= test.critical - 1e-12
    ]
    assert test.crossed == (by_hand[0] if by_hand else None)
    assert test.crossed is not None  # seven in ten against two in ten over two years
    assert "alpha 0.05" in test.says()
    assert "E at the end" in test.says()
    assert table["crossed"].to_list() == [start >= test.crossed for start in table["start"]]


def test_horizon_set_in_advance():
    rows = random_rows(4, 300)
    (more,) = replay(tables_of(rows), [("A", "X")], plan=SequentialPlan(horizon=500.0))
    assert more.sequential.horizon_given
    assert more.sequential.horizon == 500.0
    assert "set in advance" in more.sequential.says()
    (less,) = replay(tables_of(rows), [("A", "X")], plan=SequentialPlan(horizon=20.0))
    beyond = less.table.filter(pl.col("due") > 20)
    assert beyond.height
    assert beyond["crossed"].n_unique() == 1  # after the horizon nothing new can cross
    (none,) = replay(tables_of(rows), [("A", "X")], plan=SequentialPlan(horizon=1e-6))
    assert none.sequential is None
    assert "after the horizon of 1e-06" in none.untested
    (common,) = replay(tables_of(rows), [("A", "X")], plan=SequentialPlan(horizon=1e6))
    assert common.sequential is None
    assert "more than 2000" in common.untested
    assert less.untested == ""


def test_a_pair_without_reports_stays_at_zero():
    rows = [("1", date(2020, 1, 1), ["A"], ["Y"]), ("2", date(2020, 5, 1), ["B"], ["X"])]
    (found,) = replay(tables_of(rows), [("A", "X")], period="month")
    assert found.table["n"].to_list() == [0] * 5
    assert found.sequential is None
    assert found.untested == "no report of the pair was ever due"
    assert found.first["start"].to_list() == [None] * found.first.height


@pytest.mark.parametrize(
    "wrong",
    [
        {"period": "week"},
        {"window": 0},
        {"plan": SequentialPlan(alpha=0.0)},
        {"plan": SequentialPlan(horizon=-1.0)},
    ],
)
def test_what_cannot_be(wrong):
    with pytest.raises(UsageError):
        replay(HAND, [("A", "X")], **wrong)


def test_unknown_names_are_told_with_what_is_near():
    with pytest.raises(UsageError, match="drug: no report that counts names 'Q'"):
        replay(HAND, [("Q", "X")])
    undated = tables_of([("1", None, ["A"], ["X"])])
    with pytest.raises(UsageError, match="date of receipt"):
        replay(undated, [("A", "X")])
