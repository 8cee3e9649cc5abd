"""Adjusted p-values."""

import numpy as np
import pytest

from untoward.kernels.multiplicity import benjamini_hochberg, holm

P = [0.01, 0.04, 0.03, 0.005]


def test_holm_by_hand():
    # Ranked 0.005 x 4, 0.01 x 3, 0.03 x 2, then 0.04 x 1 raised to the one before.
    np.testing.assert_allclose(holm(P), [0.03, 0.06, 0.06, 0.02])


def test_benjamini_hochberg_by_hand():
    # Ranked 0.005 x 4, 0.01 x 4/2, 0.03 x 4/3 and 0.04 x 1, each at most the one after.
    np.testing.assert_allclose(benjamini_hochberg(P), [0.02, 0.04, 0.04, 0.02])


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_a_question_not_asked_is_not_counted(adjust):
    adjusted = adjust([0.01, np.nan, 0.04, 0.03, np.nan, 0.005])
    np.testing.assert_allclose(adjusted[[0, 2, 3, 5]], adjust(P))
    assert np.isnan(adjusted[[1, 4]]).all()


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_shapes_and_ends(adjust):
    assert adjust([]).shape == (0,)
    assert adjust([[0.2], [0.9]]).shape == (2, 1)
    assert np.isnan(adjust([np.nan])).all()
    np.testing.assert_array_equal(adjust([1.0, 1.0, 0.0]), [1.0, 1.0, 0.0])


@pytest.mark.parametrize("adjust", [holm, benjamini_hochberg])
def test_values_that_are_no_probabilities_are_refused(adjust):
    with pytest.raises(ValueError, match=r"p: got -0.1 at position 1, 1.5 at position 2, expected"):
        adjust([0.5, -0.1, 1.5])
