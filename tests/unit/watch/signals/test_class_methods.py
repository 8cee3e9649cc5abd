"""Likelihood-ratio test, tree scan and adjusted odds ratio on reports."""

import numpy as np
import polars as pl
import pytest

from untoward.errors import InputError, UsageError
from untoward.watch.signals.adjusted import adjusted_odds_ratio
from untoward.watch.signals.class_table import OTHERS, class_table
from untoward.watch.signals.counting import count_matrix
from untoward.watch.signals.given import count_table
from untoward.watch.signals.likelihood_ratio import likelihood_ratio_test
from untoward.watch.signals.report_matrix import report_matrix
from untoward.watch.signals.tree import tree_scan

TABLE = {("A", "x"): 40, ("A", "y"): 10, ("A", "z"): 12, ("B", "x"): 20, ("B", "y"): 60, ("B", "z"): 55,
         ("Other", "x"): 100, ("Other", "y"): 300, ("Other", "z"): 310}  # fmt: skip


@pytest.fixture
def counts():
    rows = [(drug, event, n) for (drug, event), n in TABLE.items()]
    return count_table(pl.DataFrame(rows, ["drug", "event", "n"], orient="row"), margins="pair_sum")


def test_class_table_pools_the_others(counts):
    table = class_table(counts, ["a"])
    assert table.drugs == ("A", OTHERS)
    assert table.events == ("x", "y", "z")
    assert table.counts.tolist() == [[40, 120], [10, 360], [12, 365]]
    assert table.tested().sum() == 3


def test_class_table_leaves_the_others_out_on_request(counts):
    table = class_table(counts, ["A", "B"], pool_others=False)
    assert table.counts.sum() == 197
    assert not table.reference


def test_references_are_named_and_not_tested(counts):
    table = class_table(counts, reference_drugs=["OTHER"], reference_events=["z"])
    found = likelihood_ratio_test(table, replicates=99).table
    assert set(found["drug"]) == {"A", "B"}
    assert set(found["event"]) == {"x", "y"}
    with pytest.raises(UsageError, match="drug: got Nobody"):
        class_table(counts, ["Nobody"])


def test_place_of_the_reference_does_not_matter(counts):
    """With columns in another order the same cells are found; programs that take the last column differ."""
    renamed = {"Other": "0ther"}
    rows = [(renamed.get(drug, drug), event, n) for (drug, event), n in TABLE.items()]
    first = count_table(pl.DataFrame(rows, ["drug", "event", "n"], orient="row"), margins="pair_sum")
    one = likelihood_ratio_test(class_table(counts, reference_drugs=["Other"]), replicates=199)
    other = likelihood_ratio_test(class_table(first, reference_drugs=["0ther"]), replicates=199)
    assert one.table["llr"].to_list() == pytest.approx(other.table["llr"].to_list())


def test_likelihood_ratio_finds_what_is_planted(counts):
    for form in ("conditional", "poisson"):
        for by_drug in (True, False):
            found = likelihood_ratio_test(
                class_table(counts, ["A", "B"]), form=form, by_drug=by_drug, replicates=199, seed=5
            )
            top = found.table.row(0, named=True)
            assert (top["drug"], top["event"]) == ("A", "x")
            assert top["p"] == pytest.approx(1 / 200)
            assert found.reference == (OTHERS,)
            assert found.table["p"].min() > 0


HIERARCHY = pl.DataFrame(
    {"node": ["X", "y", "z", "upper", "lower"], "parent": ["upper", "lower", "lower", "all", "all"]}
)


def test_tree_scan_finds_the_branch(counts):
    found = tree_scan(counts, "A", HIERARCHY, replicates=199, seed=1)
    top = found.row(0, named=True)
    assert top["node"] in ("x", "upper")
    assert top["n"] == 40
    assert top["p"] == pytest.approx(1 / 200)
    assert found.filter(node="lower")["n"].item() == 22
    assert found.filter(node="all")["llr"].item() == 0


def test_tree_scan_refuses_what_is_no_tree(counts):
    with pytest.raises(InputError, match="parent: column missing"):
        tree_scan(counts, "A", HIERARCHY.select("node"))
    circle = pl.DataFrame({"node": ["x", "a", "b"], "parent": ["a", "b", "a"]})
    with pytest.raises(InputError, match="circle"):
        tree_scan(counts, "A", circle)


@pytest.fixture(scope="module")
def confounded():
    """Drug A goes with drug B, and B alone brings out the event; older people have both more often."""
    random = np.random.default_rng(8)
    many = 8_000
    old = random.random(many) < 0.4
    b = random.random(many) < np.where(old, 0.4, 0.1)
    a = random.random(many) < np.where(b, 0.5, 0.1)
    event = random.random(many) < np.where(b, 0.3, 0.03)
    ids = np.arange(many)
    drugs = [
        pl.DataFrame({"report_id": ids[rows], "drug": name})
        for rows, name in ((a, "A"), (b, "B"), (~(a | b), "C"))
    ]
    events = [
        pl.DataFrame({"report_id": ids[rows], "event": name}) for rows, name in ((event, "x"), (~event, "y"))
    ]
    covariates = pl.DataFrame({"report_id": ids, "old": old.astype(str)}).with_columns(
        old=pl.when(pl.col("report_id") % 50 == 0).then(None).otherwise("old")
    )
    return report_matrix(pl.concat(drugs), pl.concat(events)), covariates


@pytest.mark.parametrize("penalty", ["firth", "ridge"])
def test_adjusting_for_the_true_cause(confounded, penalty):
    matrix, covariates = confounded
    crude = adjusted_odds_ratio(matrix, "a", "X", penalty=penalty)
    found = adjusted_odds_ratio(matrix, "A", "x", covariates, also=["B"], penalty=penalty)
    assert crude.low > 2
    assert crude.odds_ratio == pytest.approx(crude.crude)
    assert found.low < 1 < found.high
    assert found.p > 0.01
    assert found.crude == pytest.approx(crude.crude)
    assert found.adjusted_for == ("drug B", "old")
    assert found.patterns <= 12
    assert found.reports == matrix.n_reports


def test_adjusted_agrees_with_the_margins_of_the_pair(confounded):
    matrix, _covariates = confounded
    counts = count_matrix(matrix).frame().filter(drug="A", event="x").row(0, named=True)
    assert adjusted_odds_ratio(matrix, "A", "x").n == counts["n"]


def test_adjusting_for_itself_is_refused_in_words(confounded):
    matrix, _covariates = confounded
    found = adjusted_odds_ratio(matrix, "A", "x", also=["A"])
    assert found.odds_ratio is None
    assert "copies" in found.refused


def test_names_that_are_not_there_are_refused(confounded):
    matrix, _covariates = confounded
    with pytest.raises(UsageError, match="event: got nowhere"):
        adjusted_odds_ratio(matrix, "A", "nowhere")
