"""Masking and notoriety: hand counts, a slow twin that takes the reports out, and exact tests of scipy."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from untoward.errors import UsageError
from untoward.kernels.gamma_poisson import Prior
from untoward.model.ledger import Ledger
from untoward.model.reports import ReportTables
from untoward.watch.signals.counting import count_reports
from untoward.watch.signals.masking import maskers, notoriety, rate_ratio, unmasked, without
from untoward.watch.signals.measures import measure

PRIOR = Prior(1, 1, 1, 1, 0.5)


def tables_of(rows):
    """Tables from (drugs, events) or (drugs, events, received)."""
    keys = [f"r{k}" for k in range(len(rows))]
    received = [row[2] if len(row) > 2 else None for row in rows]
    return ReportTables(
        reports=pl.DataFrame(
            {"report_id": keys, "received": received}, schema_overrides={"received": pl.Date}
        ),
        drugs=pl.DataFrame(
            [(key, drug, "suspect") for key, row in zip(keys, rows, strict=True) for drug in row[0]],
            schema=["report_id", "drug", "role"],
            orient="row",
        ),
        events=pl.DataFrame(
            [(key, event) for key, row in zip(keys, rows, strict=True) for event in row[1]],
            schema=["report_id", "event"],
            orient="row",
        ),
        ledger=Ledger(),
    )


# A: 4 of 20 with X; M: 60 of 80; others: 10 of 100
PLAIN = (
    [(["A"], ["X"])] * 4
    + [(["A"], ["Y"])] * 16
    + [(["M"], ["X"])] * 60
    + [(["M"], ["Y"])] * 20
    + [(["B"], ["X"])] * 10
    + [(["B"], ["Y"])] * 90
)


def test_masking_ratio_by_hand():
    table = maskers(tables_of(PLAIN), "a", "x")
    top = table.row(0, named=True)
    assert top["masker"] == "M"
    # background 70 of 180, without M 10 of 100
    assert top["masking_ratio"] == pytest.approx((70 / 180) / (10 / 100))
    assert top["simple"] == pytest.approx(top["masking_ratio"])
    assert top["share"] == pytest.approx(60 / 70)
    assert top["prr"] == pytest.approx((4 / 20) / (70 / 180))
    assert top["prr_unmasked"] == pytest.approx((4 / 20) / (10 / 100))
    assert (top["n_masker"], top["n_masker_event"], top["n_both"], top["n_unmasked"]) == (80, 60, 0, 4)
    # B has less than its share of the background: it works the other way
    assert table.row(1, named=True)["masking_ratio"] == pytest.approx((70 / 180) / (60 / 80))
    assert table.height == 2


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=25)
def test_slow_twin_takes_the_reports_out(seed):
    rng = np.random.default_rng(seed)
    rows = [
        (
            list(rng.choice(["A", "M", "B", "C"], rng.integers(1, 4), replace=False)),
            list(rng.choice(["X", "Y", "Z"], rng.integers(1, 3), replace=False)),
        )
        for _ in range(60)
    ]
    tables = tables_of([(["A"], ["X"]), (["M"], ["X"]), *rows])
    for told in maskers(tables, "A", "X").iter_rows(named=True):
        rest = without(tables, [told["masker"]])
        pair = measure(count_reports(rest), prior=PRIOR).table.filter(drug="A", event="X")
        assert told["n_unmasked"] == (pair["n"][0] if pair.height else 0)
        if pair.height:
            ours = [told[f"{name}_unmasked"] for name in ("expected", "prr", "ic")]
            theirs = [pair[name][0] for name in ("expected", "prr", "ic")]
            assert ours == [t if t is None else pytest.approx(t, rel=1e-12) for t in theirs]
            if told["prr_unmasked"] is not None and np.isfinite(told["prr_unmasked"]):
                assert told["masking_ratio"] == pytest.approx(told["prr_unmasked"] / told["prr"])


def test_reports_that_name_both_are_not_masking():
    rows = [(["A", "M"], ["X"])] * 5 + [(["A"], ["Y"])] * 5 + [(["B"], ["X"])] * 5 + [(["B"], ["Y"])] * 50
    told = maskers(tables_of(rows), "A", "X").filter(masker="M").row(0, named=True)
    assert told["simple"] == pytest.approx(1.0)  # the background has none of its reports
    assert told["masking_ratio"] == 0.0  # nothing of the pair is left
    assert told["n_unmasked"] == 0
    assert told["share"] == 0.0


def test_least_and_unknown_names():
    assert maskers(tables_of(PLAIN), "A", "X", least=11)["masker"].to_list() == ["M"]
    with pytest.raises(UsageError, match="drug"):
        maskers(tables_of(PLAIN), "Q", "X")
    with pytest.raises(UsageError, match="drug"):
        without(tables_of(PLAIN), ["Q"])


def test_unmasked_finds_the_hidden_signal():
    rows = [(d, e) for d, e in PLAIN for _ in range(10)]
    changed = unmasked(tables_of(rows), ["m"], prior=PRIOR)
    hidden = changed.filter(drug="A", event="X", rule="umc").row(0, named=True)
    assert (hidden["before"], hidden["after"]) == (False, True)
    assert hidden["ic_low"] < 0 < hidden["ic_low_after"]
    assert "M" not in changed["drug"]


def test_without_leaves_the_others_as_they_are():
    rest = without(tables_of(PLAIN), ["M"])
    assert rest.reports.height == 120
    assert set(rest.drugs["drug"]) == {"A", "B"}
    assert rest.events.height == 120


def test_rate_ratio_against_scipy():
    found = rate_ratio("months", 8, 30, 12.0, 10.0)
    assert found.ratio == pytest.approx((30 / 10) / (8 / 12))
    exact = stats.binomtest(30, 38, 10 / 22).proportion_ci(0.95, "exact")
    assert found.low == pytest.approx(exact.low / (1 - exact.low) * 1.2)
    assert found.high == pytest.approx(exact.high / (1 - exact.high) * 1.2)
    one_sided = stats.binomtest(30, 38, 10 / 22, alternative="greater").pvalue
    assert found.p == pytest.approx(2 * one_sided)
    less = rate_ratio("months", 30, 8, 10.0, 12.0)
    assert less.p == pytest.approx(2 * stats.binomtest(8, 38, 12 / 22, alternative="less").pvalue)


@given(st.integers(0, 40), st.integers(0, 40), st.floats(0.5, 50), st.floats(0.5, 50))
def test_limits_and_p_agree(before, after, x, y):
    found = rate_ratio("months", before, after, x, y)
    if before + after == 0:
        assert found.ratio is None
        return
    assert found.low <= found.ratio <= found.high
    if abs(found.p - 0.05) > 1e-9:
        assert (found.p < 0.05) == (found.low > 1 or found.high < 1)


def test_none_before_is_infinite_with_a_finite_lower_limit():
    found = rate_ratio("months", 0, 5, 12.0, 12.0)
    assert found.ratio == np.inf
    assert found.high == np.inf
    # Clopper-Pearson of 5 in 5: low = 0.025 ** (1 / 5)
    assert found.low == pytest.approx(0.025**0.2 / (1 - 0.025**0.2))


def test_notoriety_by_hand():
    rows = [(["A"], ["X"], date(2020, 1, 1))]
    rows += [(["B"], ["Y"], date(2020, 1, 2)), (["B"], ["Y"], date(2020, 12, 31))]
    rows += [(["A"], ["X"], date(2020, 7, 1))] * 3 + [(["A"], ["X"], None)]
    found = notoriety(tables_of(rows), "a", "x", since=date(2020, 7, 1))
    assert (found.per_month.before, found.per_month.after, found.undated) == (1, 3, 1)
    assert found.per_month.exposure_before == pytest.approx(182 / 30.4375)  # 1 January to 30 June 2020
    assert found.per_month.exposure_after == pytest.approx(184 / 30.4375)
    assert found.per_other_report.exposure_before == 1
    assert found.per_other_report.ratio == pytest.approx(3.0)
    for since in (date(2020, 1, 1), date(2021, 1, 1)):
        with pytest.raises(UsageError, match="since"):
            notoriety(tables_of(rows), "A", "X", since=since)
