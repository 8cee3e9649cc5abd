"""The table of signals: columns, nulls, rules and settings."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from untoward.errors import UsageError
from untoward.kernels.gamma_poisson import Prior
from untoward.watch.signals.counting import PairCounts, count_pairs
from untoward.watch.signals.given import count_table
from untoward.watch.signals.measures import COLUMNS, EXTRA, measure
from untoward.watch.signals.rules import RULES, ema, flagged, rule

SIGNALS = tuple(f"signal_{known.name}" for known in RULES)


def collection(seed=1, reports=6_000, drugs=60, events=40) -> PairCounts:
    """Reports whose drugs differ in the events they go with: most a little, a few pairs much."""
    random = np.random.default_rng(seed)
    weight = np.exp(-0.1 * np.arange(events)) * random.gamma(3, 1 / 3, (drugs, events))
    weight[random.random((drugs, events)) < 0.03] *= 12
    edges = np.cumsum(weight, axis=1) / weight.sum(axis=1, keepdims=True)
    drug = np.minimum(random.geometric(0.06, reports) - 1, drugs - 1)
    pair = np.repeat(drug, 2)
    event = np.minimum((edges[pair] < random.random(2 * reports)[:, None]).sum(axis=1), events - 1)
    ids = np.arange(reports)
    return count_pairs(
        pl.DataFrame({"report_id": ids, "drug": [f"D{d:02}" for d in drug]}),
        pl.DataFrame({"report_id": np.repeat(ids, 2), "event": [f"E{e:02}" for e in event]}),
    )


def one(n, n_drug, n_event, n_total, **settings):
    counts = count_table(
        pl.DataFrame(
            {
                "drug": ["A"],
                "event": ["x"],
                "n": [n],
                "n_drug": [n_drug],
                "n_event": [n_event],
                "n_total": [n_total],
            }
        )
    )
    return measure(counts, prior=Prior(0.2, 0.06, 1.4, 1.8, 0.1), **settings).table.row(0, named=True)


def test_columns_and_their_order():
    table = measure(collection()).table
    assert tuple(table.columns) == (*COLUMNS, *SIGNALS, *EXTRA)
    assert table.select(COLUMNS[2:6]).dtypes == [pl.Int64] * 4
    assert table.select(COLUMNS[6:]).dtypes == [pl.Float64] * 14
    assert table.select(SIGNALS).dtypes == [pl.Boolean] * len(SIGNALS)
    assert not table.select(pl.selectors.float().is_nan().any()).row(0).count(True)


def test_a_prior_is_fitted_and_told():
    scored = measure(collection())
    fit = scored.settings.shrinkage.fit
    assert fit is not None
    assert fit.gradient < 1e-6
    told = "\n".join(scored.settings.lines())
    assert "distinct reports" in told
    assert f"{fit.truncation} truncation" in told
    assert "n_drug x n_event / n_total" in told
    assert "Pairs with reports" in told


def test_a_prior_that_cannot_be_fitted_leaves_nulls_and_says_why():
    few = measure(collection().at_least(3))
    assert few.table["ebgm"].null_count() == few.table.height
    assert few.table["signal_eb05"].null_count() == few.table.height
    assert few.table["signal_evans"].null_count() == 0
    assert any("left out, so no prior" in line for line in few.settings.lines())
    alone = measure(collection(reports=60, drugs=1, events=1))
    assert alone.settings.shrinkage.refused
    assert alone.table["ebgm"].null_count() == 1


def test_a_prior_given_is_used():
    prior = Prior(0.2041, 0.05816, 1.415, 1.838, 0.0969)
    scored = measure(collection().at_least(3), prior=prior)
    assert scored.settings.shrinkage.prior == prior
    assert scored.table["ebgm"].null_count() == 0
    assert any("given" in line for line in scored.settings.lines())


def test_full_likelihood_on_request():
    scored = measure(collection(), truncations=("full",))
    shrinkage = scored.settings.shrinkage
    assert shrinkage.fit is not None
    assert shrinkage.fit.truncation == "full"
    assert any("every cell" in line for line in shrinkage.lines())


def test_false_discoveries_are_counted_over_every_cell():
    counts = collection()
    table = measure(counts).table
    cells = len(counts.drugs) * len(counts.events)
    assert cells > len(counts)
    p = np.concatenate((table["mid_p"].to_numpy(), np.ones(cells - len(counts))))
    slow = stats.false_discovery_control(p)[: len(counts)]
    np.testing.assert_allclose(table["fdr"].to_numpy(), np.minimum(slow, 1), rtol=1e-9)


def test_single_reports_of_rare_things_are_no_discoveries():
    """Every report its own drug and event: each pair is certain, and none is a finding."""
    ids = np.arange(500)
    counts = count_pairs(
        pl.DataFrame({"report_id": ids, "drug": [f"D{i}" for i in ids]}),
        pl.DataFrame({"report_id": ids, "event": [f"E{i}" for i in ids]}),
    )
    assert measure(counts).table["signal_fdr"].sum() == 0


def test_fish_oil_and_choking_is_no_signal():
    """8 reports where 15.6 were expected; a pair that two programs call a signal."""
    row = one(8, 62, 842, 3356)
    assert row["expected"] == pytest.approx(15.555423)
    assert [row[name] for name in SIGNALS] == [False] * len(SIGNALS)


def test_a_clear_signal_is_one_by_every_rule():
    row = one(16, 44, 31, 3356)
    assert [row[name] for name in SIGNALS] == [True] * len(SIGNALS)


def test_an_event_of_one_drug_alone_is_not_lost():
    row = one(8, 20, 8, 1000)
    assert row["prr"] == float("inf")
    assert row["prr_low"] is None
    assert row["signal_ema"]
    assert row["signal_evans"]
    assert not one(5, 600, 5, 1000)["signal_ema"]


def test_a_drug_of_every_report_has_no_answer():
    row = one(5, 10, 5, 10)
    assert row["prr"] is None
    assert row["signal_ema"] is None
    assert row["signal_evans"] is False or row["signal_evans"] is None


@pytest.mark.parametrize(
    ("name", "below", "at"),
    [
        ("evans", {"n": 2}, {"n": 3}), ("evans", {"prr": 1.999}, {"prr": 2.0}),
        ("evans", {"chi2_yates": 3.999}, {"chi2_yates": 4.0}), ("ema", {"n": 4}, {"n": 5}),
        ("ema", {"prr_low": 0.999}, {"prr_low": 1.0}), ("mhra", {"n": 2}, {"n": 3}),
        ("mhra", {"ebgm": 2.49}, {"ebgm": 2.5}), ("mhra", {"eb05": 1.79}, {"eb05": 1.8}),
        ("umc", {"ic_low": 0.0}, {"ic_low": 1e-9}), ("eb05", {"eb05": 1.999}, {"eb05": 2.0}),
        ("fdr", {"fdr": 0.0501}, {"fdr": 0.05}), ("fdr", {"prr": 1.0}, {"prr": 1.001}), ("fdr", {"n": 2}, {"n": 3}),
    ],
)  # fmt: skip
def test_thresholds_from_both_sides(name, below, at):
    high = {"n": 50, "prr": 9.0, "prr_low": 5.0, "chi2_yates": 99.0, "ic_low": 1.0, "ebgm": 9.0, "eb05": 5.0,
            "fdr": 0.001, "mid_p": 0.001}  # fmt: skip
    answers = [flagged(pl.DataFrame([high | change]))[f"signal_{name}"].item() for change in (below, at)]
    assert answers == [False, True]


def test_ema_with_three():
    row = pl.DataFrame({"n": [3], "prr": [4.0], "prr_low": [1.5], "mid_p": [0.01]})
    assert flagged(row, [ema(3)])["signal_ema"].item()
    assert not flagged(row, [ema()])["signal_ema"].item()


def test_rules_by_name():
    assert rule("evans").says.startswith("n >= 3")
    with pytest.raises(UsageError, match="expected one of evans"):
        rule("nobody")


@given(st.integers(1, 10**7), st.integers(0, 10**7), st.integers(0, 10**7), st.integers(0, 10**8))
def test_any_cells_give_a_row(n, b, c, d):
    row = one(n, n + b, n + c, n + b + c + d)
    assert row["n"] == n
    assert row["ic_low"] < row["ic"] < row["ic_high"]
    assert row["eb05"] <= row["ebgm"] <= row["eb95"]
    assert 0 <= row["mid_p"] <= row["fisher_p"] <= 1
    assert row["lrt"] >= 0
    assert row["chi2"] is None or row["chi2_yates"] <= row["chi2"] + 1e-9
