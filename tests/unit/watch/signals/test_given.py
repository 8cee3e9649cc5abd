"""Tables of pairs and of counts made by others."""

import polars as pl
import pytest

from untoward.errors import InputError
from untoward.watch.signals.given import count_pair_table, count_table

PAIRS = pl.DataFrame(
    {
        "report_id": [1, 1, 1, 2, 2, 3, None],
        "drug": ["A", "A", "a", "A", "B", "B", "B"],
        "event": ["x", "x", "y", "x", "y", "y", "y"],
    }
)


def test_pairs_count_reports_once():
    """Report 2 names A with x and B with y, so it names A and y too."""
    counts = count_pair_table(PAIRS)
    assert counts.frame().rows() == [
        ("A", "x", 2, 2, 2, 3), ("A", "y", 2, 2, 3, 3), ("B", "x", 1, 2, 2, 3), ("B", "y", 2, 2, 3, 3),
    ]  # fmt: skip


def test_pair_sums_by_name():
    counts = count_pair_table(PAIRS, margins="pair_sum")
    assert counts.frame().rows() == [
        ("A", "x", 2, 4, 3, 7), ("A", "y", 2, 4, 4, 7), ("B", "x", 1, 3, 3, 7), ("B", "y", 2, 3, 4, 7),
    ]  # fmt: skip


def test_counts_come_back_as_they_went():
    frame = count_pair_table(PAIRS).frame()
    assert count_table(frame[::-1]).frame().equals(frame)
    assert count_table(frame, least=2).frame().equals(frame.filter(pl.col("n") >= 2))


def test_counts_without_margins_need_pair_sums_by_name():
    bare = pl.DataFrame({"drug": ["A", "B"], "event": ["x", "x"], "n": [3, 4]})
    with pytest.raises(InputError, match="pair_sum"):
        count_table(bare)
    assert count_table(bare, margins="pair_sum").frame().rows() == [
        ("A", "x", 3, 3, 7, 7),
        ("B", "x", 4, 4, 7, 7),
    ]


def table(**columns):
    base = {
        "drug": ["A", "A"],
        "event": ["x", "y"],
        "n": [3, 4],
        "n_drug": [9, 9],
        "n_event": [5, 6],
        "n_total": [20, 20],
    }
    return pl.DataFrame(base | columns)


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"n": [3.5, 4]}, "n: not a whole number"),
        ({"n": [-1, 4]}, "n: not a whole number"),
        ({"n": ["3", "many"]}, "n: not a whole number"),
        ({"event": ["x", "X"]}, "stand there twice"),
        ({"event": ["x", None]}, "event: empty"),
        ({"n_drug": [9, 8]}, "n_drug differs between the rows of one drug"),
        ({"n_total": [20, 21]}, "n_total differs between the rows of one table"),
        ({"n_event": [2, 6]}, "too small"),
        ({"n_total": [9, 9]}, "too small"),
        ({"n": [0, 0]}, "no pair with a report"),
    ],
)
def test_faults_are_named(columns, said):
    with pytest.raises(InputError, match=said):
        count_table(table(**columns))


def test_pairs_without_reports_are_left_out():
    assert count_table(table(n=[0, 4])).frame().height == 1
