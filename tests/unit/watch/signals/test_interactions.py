"""Pairs and sets of three drugs with events, against counting with sets."""

from itertools import combinations

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from untoward.errors import UsageError
from untoward.watch.signals.counting import count_matrix
from untoward.watch.signals.drug_sets import sets_with_events
from untoward.watch.signals.interactions import (
    PAIR_COLUMNS,
    SET_COLUMNS,
    pair_interactions,
    set_interactions,
)
from untoward.watch.signals.report_matrix import report_matrix


def reports(seed, many=300, drugs=8, events=5):
    random = np.random.default_rng(seed)
    share = random.uniform(0.05, 0.5, drugs)
    have = random.random((many, drugs)) < share
    shown = random.random((many, events)) < random.uniform(0.05, 0.4, events)
    have[:, 0] |= ~have.any(axis=1)
    shown[:, 0] |= ~shown.any(axis=1)
    return have, shown


def matrix_of(have, shown):
    tables = []
    for rows, name in ((have, "drug"), (shown, "event")):
        report, at = np.nonzero(rows)
        tables.append(pl.DataFrame({"report_id": report, name: [f"{name.upper()}{i}" for i in at]}))
    return report_matrix(*tables)


@given(st.integers(0, 10**6), st.sampled_from([1, 2, 3]), st.sampled_from([1, 3, 6]))
def test_sets_equal_counting_with_sets(seed, size, least):
    have, shown = reports(seed, many=60, drugs=5, events=3)
    matrix = matrix_of(have, shown)
    found = sets_with_events(matrix.with_drug, matrix.with_event, size, least)
    slow = []
    for drugs in combinations(range(len(matrix.drugs)), size):
        columns = [int(matrix.drugs[d][4:]) for d in drugs]
        together = have[:, columns].all(axis=1)
        for event in range(len(matrix.events)):
            n = int((together & shown[:, int(matrix.events[event][5:])]).sum())
            if n >= least:
                slow.append((*drugs, event, n, int(together.sum())))
    fast = np.column_stack((found.drugs, found.event, found.n, found.together)).tolist()
    assert [tuple(row) for row in fast] == sorted(slow)


def test_pairs_have_the_counts_of_their_reports():
    have, shown = reports(1)
    matrix = matrix_of(have, shown)
    table = pair_interactions(matrix, count_matrix(matrix))
    assert tuple(table.columns) == PAIR_COLUMNS
    for row in table.head(30).to_dicts():
        first, second = (have[:, int(row[name][4:])] for name in ("drug_1", "drug_2"))
        event = shown[:, int(row["event"][5:])]
        counted = (
            first & second & event,
            first & second,
            first & event,
            second & event,
            first,
            second,
            event,
        )
        names = ("n", "n_both", "n_1_event", "n_2_event", "n_1", "n_2", "n_event")
        assert [row[name] for name in names] == [int(rows.sum()) for rows in counted]
        assert row["n_total"] == 300


def test_a_planted_pair_is_found_first():
    have, shown = reports(2, many=4_000)
    both = have[:, 3] & have[:, 5]
    shown[both, 4] |= np.random.default_rng(0).random(both.sum()) < 0.9
    matrix = matrix_of(have, shown)
    top = pair_interactions(matrix, count_matrix(matrix)).row(0, named=True)
    assert (top["drug_1"], top["drug_2"], top["event"]) == ("DRUG3", "DRUG5", "EVENT4")
    assert top["signal_omega"]


def test_a_planted_set_of_three_is_found_though_its_pairs_are_harmless():
    have, shown = reports(3, many=6_000)
    three = have[:, 1] & have[:, 2] & have[:, 6]
    shown[three, 3] |= np.random.default_rng(0).random(three.sum()) < 0.9
    matrix = matrix_of(have, shown)
    table = set_interactions(matrix, count_matrix(matrix))
    assert tuple(table.columns) == SET_COLUMNS
    top = table.row(0, named=True)
    assert (top["drug_1"], top["drug_2"], top["drug_3"], top["event"]) == (
        "DRUG1",
        "DRUG2",
        "DRUG6",
        "EVENT3",
    )
    assert top["signal_omega_by_pairs"]
    assert top["n"] == int((three & shown[:, 3]).sum())
    assert top["n_together"] == int(three.sum())


def test_a_pair_does_not_make_its_sets_of_three_signals():
    have, shown = reports(4, many=6_000)
    both = have[:, 1] & have[:, 2]
    shown[both, 3] |= np.random.default_rng(0).random(both.sum()) < 0.9
    matrix = matrix_of(have, shown)
    table = set_interactions(matrix, count_matrix(matrix)).filter(event="EVENT3")
    assert table["signal_omega"].any()
    assert not table["signal_omega_by_pairs"].any()


def test_the_search_can_be_limited_to_some_drugs():
    matrix = matrix_of(*reports(5))
    counts = count_matrix(matrix)
    some = pair_interactions(matrix, counts, drugs=["drug1", "DRUG2", "DRUG3"])
    every = pair_interactions(matrix, counts)
    names = ["DRUG1", "DRUG2", "DRUG3"]
    inside = every.filter(pl.col("drug_1").is_in(names), pl.col("drug_2").is_in(names))
    assert some.equals(inside)


def test_nothing_found_is_an_empty_table_with_its_columns():
    matrix = matrix_of(np.eye(4, dtype=bool), np.ones((4, 1), bool))
    counts = count_matrix(matrix)
    for table, columns in (
        (pair_interactions(matrix, counts), PAIR_COLUMNS),
        (set_interactions(matrix, counts), SET_COLUMNS),
    ):
        assert table.height == 0
        assert tuple(table.columns) == columns


def test_counts_that_leave_pairs_out_are_refused():
    matrix = matrix_of(*reports(6))
    counts = count_matrix(matrix)
    for wrong, least in ((counts.at_least(9), 3), (counts, 0)):
        with pytest.raises(UsageError, match="expected"):
            pair_interactions(matrix, wrong, least=least)
