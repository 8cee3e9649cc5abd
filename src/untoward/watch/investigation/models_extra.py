"""The one door to statsmodels, the optional part "models"."""

from __future__ import annotations

from importlib.util import find_spec
from typing import NamedTuple
from warnings import catch_warnings, simplefilter

import numpy as np
from numpy.typing import NDArray

from untoward.errors import MissingExtra

FloatArray = NDArray[np.float64]


_FLAT = 1e-3
"""Slope of the log-likelihood, per unit of a log odds ratio, below which the search has settled."""


class Fit(NamedTuple):
    """Coefficients and standard errors; ``converged`` says whether the search settled."""

    coefficients: FloatArray
    errors: FloatArray
    converged: bool


def require_models() -> None:
    """Raise MissingExtra when statsmodels is not installed."""
    if find_spec("statsmodels") is None:
        raise MissingExtra("models", "Regression")


def fit_logistic(design: FloatArray, events: FloatArray, people: FloatArray) -> Fit:
    """Maximum likelihood of a binomial model with the logit link; the first column of the design is the intercept."""
    require_models()
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_linear_model import GLM
    from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

    outcome = np.column_stack([events, people - events])
    with catch_warnings():
        # Given where the model fits every pattern exactly, separated or not; `is_separated` has looked already.
        simplefilter("ignore", PerfectSeparationWarning)
        found = GLM(outcome, design, family=Binomial()).fit(
            method="newton", tol=1e-12, maxiter=100, disp=False
        )
    return Fit(np.asarray(found.params), np.asarray(found.bse), bool(found.mle_retvals["converged"]))


def fit_conditional(design: FloatArray, ill: FloatArray, sets: NDArray[np.int64]) -> Fit:
    """Conditional maximum likelihood given the number of cases of every set; no intercept. One row a person."""
    require_models()
    from statsmodels.discrete.conditional_models import ConditionalLogit

    model = ConditionalLogit(ill, design, groups=sets)
    found = model.fit(method="bfgs", gtol=1e-8, maxiter=500, disp=False)
    # The result keeps no account of the search, so the slope is asked whether it is flat.
    flat = float(np.abs(model.score(found.params)).max()) < _FLAT
    return Fit(np.asarray(found.params), np.asarray(found.bse), flat)
