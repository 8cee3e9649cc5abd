"""Many one-sided Fisher tests at once."""

import numpy as np
import pytest

from untoward.kernels.screening import fisher_greater_many, fisher_greater_many_log
from untoward.kernels.two_by_two import Table, fisher_exact_greater


def test_many_equals_one_by_one():
    rng = np.random.default_rng(7)
    exposed = rng.integers(0, 60, 200)
    a = rng.hypergeometric(exposed, 60 - exposed, 25)
    expected = [
        fisher_exact_greater(Table(k, m - k, 25 - k, 60 - m - 25 + k))
        for k, m in zip(a, exposed, strict=True)
    ]
    np.testing.assert_allclose(fisher_greater_many(a, exposed, 25, 60), expected, rtol=1e-12)


def test_the_log_keeps_digits_where_p_underflows():
    # Exact rational arithmetic, natural logarithm of P(X >= 250), 20,000 exposed, 3,000 of 2,000,000 ill.
    assert fisher_greater_many_log(250, 20_000, 3_000, 2_000_000) == pytest.approx(
        -323.1659834817685, rel=1e-13
    )
    extreme = fisher_greater_many_log([3_000], 20_000, 3_000, 2_000_000)
    assert extreme[0] < -10_000
    assert fisher_greater_many([3_000], 20_000, 3_000, 2_000_000)[0] == 0.0


def test_p_is_exactly_one_where_nothing_less_is_possible():
    p = fisher_greater_many([0, 0, 5, 0], [10, 0, 10, 0], [4, 4, 5, 0], [100, 100, 10, 0])
    np.testing.assert_array_equal(p[[0, 1, 3]], 1.0)
    assert p[2] == 1.0


def test_the_result_has_the_common_shape():
    assert fisher_greater_many(np.ones((3, 1)), np.full(4, 9), 5, 30).shape == (3, 4)
    assert fisher_greater_many([], [], 5, 30).shape == (0,)


def test_impossible_counts_are_all_counted():
    with pytest.raises(ValueError, match=r"a=4, exposed=3, cases=5, total=30 at position 1.*at position 2"):
        fisher_greater_many([1, 4, 0.5], 3, 5, 30)
    with pytest.raises(ValueError, match="and 2 more"):
        fisher_greater_many(np.full(7, 4), 3, 5, 30)
    with pytest.raises(ValueError, match="exposed=20, cases=15, total=30"):
        fisher_greater_many(4, 20, 15, 30)
    with pytest.raises(ValueError, match="a=nan"):
        fisher_greater_many(np.nan, 20, 15, 30)
