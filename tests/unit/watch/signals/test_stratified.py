"""Strata: from reports to adjusted expected counts and ratios, against counting each stratum by itself."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from untoward.errors import UsageError
from untoward.watch.signals import stratified
from untoward.watch.signals.counting import count_matrix, count_pairs
from untoward.watch.signals.measures import measure
from untoward.watch.signals.report_matrix import report_matrix
from untoward.watch.signals.stratified import strata_of, stratify


def collection(seed=0, reports=600):
    random = np.random.default_rng(seed)
    ids = np.repeat(np.arange(reports), 2)
    drugs = pl.DataFrame({"report_id": ids, "drug": [f"D{d}" for d in random.integers(0, 5, 2 * reports)]})
    events = pl.DataFrame({"report_id": ids, "event": [f"E{e}" for e in random.integers(0, 4, 2 * reports)]})
    strata = pl.DataFrame(
        {"report_id": np.arange(reports), "stratum": random.choice(["a", "b", "c"], reports)}
    )
    return drugs, events, strata


def test_equals_each_stratum_counted_by_itself():
    drugs, events, strata = collection()
    matrix = report_matrix(drugs, events)
    counts = count_matrix(matrix)
    found = stratify(matrix, strata, counts, "letter")
    table = counts.names().with_columns(e=found.adjusted.expected, prr=found.adjusted.prr.value)
    sums = dict.fromkeys(table.select("drug", "event").rows(), (0.0, 0.0, 0.0))
    for letter in "abc":
        ids = strata.filter(stratum=letter)["report_id"].implode()
        part = count_pairs(
            drugs.filter(pl.col("report_id").is_in(ids)), events.filter(pl.col("report_id").is_in(ids))
        )
        for _drug, _event, n, n_drug, n_event, total in part.frame().rows():
            e, above, below = sums[_drug, _event]
            sums[_drug, _event] = (
                e + n_drug * n_event / total,
                above + n * (total - n_drug) / total,
                below + (n_event - n) * n_drug / total,
            )
    for drug, event, e, prr in table.rows():
        slow = sums[drug, event]
        assert (e, prr) == pytest.approx((slow[0], slow[1] / slow[2]))
    assert found.strata["reports"].sum() == 600


def test_one_stratum_changes_nothing_but_the_name():
    drugs, events, strata = collection()
    matrix = report_matrix(drugs, events)
    counts = count_matrix(matrix)
    found = stratify(matrix, strata.with_columns(stratum=pl.lit("all")), counts, "nothing")
    whole, adjusted = measure(counts).table, measure(counts, adjusted=found.adjusted).table
    for name in ("expected", "prr", "prr_low", "ror", "ror_high", "ic_low"):
        np.testing.assert_allclose(adjusted[name].to_numpy(), whole[name].to_numpy(), rtol=1e-9)
    assert found.columns()["heterogeneity_p"].null_count() == len(counts)


def test_confounding_is_taken_away():
    """Event and drug are both commoner in the old; within an age neither depends on the other."""
    random = np.random.default_rng(4)
    old = random.random(20_000) < 0.5
    drug = np.where(random.random(20_000) < np.where(old, 0.5, 0.05), "A", "B")
    event = np.where(random.random(20_000) < np.where(old, 0.4, 0.04), "x", "y")
    ids = np.arange(20_000)
    matrix = report_matrix(
        pl.DataFrame({"report_id": ids, "drug": drug}), pl.DataFrame({"report_id": ids, "event": event})
    )
    counts = count_matrix(matrix)
    found = stratify(matrix, pl.DataFrame({"report_id": ids, "stratum": old.astype(str)}), counts)
    crude = measure(counts).table.row(0, named=True)
    adjusted = measure(counts, adjusted=found.adjusted).table.row(0, named=True)
    assert crude["prr_low"] > 1.5
    assert adjusted["prr_low"] < 1 < adjusted["prr_high"]
    assert found.columns()["heterogeneity_p"][0] > 0.01
    assert found.columns()["strata_compared"][0] == 2


def test_pieces_change_nothing(monkeypatch):
    drugs, events, strata = collection(3)
    matrix = report_matrix(drugs, events)
    counts = count_matrix(matrix)
    whole = stratify(matrix, strata, counts).columns()
    monkeypatch.setattr(stratified, "_CELLS_AT_A_TIME", 4)
    assert stratify(matrix, strata, counts).columns().equals(whole)


def test_reports_without_a_stratum_are_in_one_of_their_own():
    drugs, events, strata = collection()
    matrix = report_matrix(drugs, events)
    found = stratify(matrix, strata.head(100), count_matrix(matrix))
    assert dict(found.strata.rows())["unknown"] == 500


def test_pairs_below_the_least_count_are_not_asked_for():
    drugs, events, strata = collection()
    matrix = report_matrix(drugs, events)
    counts = count_matrix(matrix)
    middle = int(np.median(counts.n))
    some, few = stratify(matrix, strata, counts), stratify(matrix, strata, counts.at_least(middle))
    kept = counts.n >= middle
    assert 0 < kept.sum() < len(kept)
    np.testing.assert_allclose(few.adjusted.prr.value, some.adjusted.prr.value[kept])


def test_counts_of_other_reports_are_refused():
    drugs, events, strata = collection()
    matrix = report_matrix(drugs, events)
    with pytest.raises(UsageError, match="not made from these reports"):
        stratify(matrix, strata, count_matrix(matrix, margins="pair_sum"))


def test_strata_of_reports_and_what_is_not_known():
    reports = pl.DataFrame(
        {
            "report_id": ["1", "2", "3", "4"],
            "age_years": [1.9, 18.0, None, 75.0],
            "sex": ["F", None, "M", "F"],
            "received": [date(2020, 5, 1), date(2021, 1, 1), None, date(2020, 1, 1)],
            "country": ["US", "US", "FR", None],
        }
    )
    found = strata_of(reports)["stratum"].to_list()
    assert found == ["0-1 · F · 2020", "18-44 · unknown · 2021", "unknown · M · unknown", "75+ · F · 2020"]
    assert strata_of(reports, ["country"])["stratum"].to_list() == ["US", "US", "FR", "unknown"]
    for wrong in (["planet"], []):
        with pytest.raises(UsageError, match="strata: got"):
            strata_of(reports, wrong)


@pytest.mark.parametrize(
    ("age", "group"),
    [
        (0, "0-1"),
        (2, "2-11"),
        (11.99, "2-11"),
        (12, "12-17"),
        (17.9, "12-17"),
        (45, "45-64"),
        (65, "65-74"),
        (-1, "unknown"),
    ],
)
def test_age_groups_begin_where_they_say(age, group):
    reports = pl.DataFrame({"report_id": [1], "age_years": [float(age)], "received": [date(2020, 1, 1)]})
    assert strata_of(reports, ["age_group"])["stratum"].item() == group
