"""How many times the cases elsewhere a place holds, with an exact interval."""

from __future__ import annotations

from untoward.kernels.intervals import clopper_pearson
from untoward.model.counts import Estimate

METHOD = "observed/expected inside over outside; exact conditional interval (Clopper-Pearson)"


def relative_risk(cases: int, expected: float, total: int) -> Estimate:
    """``(c/E) / ((C - c)/(C - E))`` for c cases with E expected at a place, C cases in all, 0 < E < C.

    With C fixed and cases falling apart as expected but for a factor R inside, c is binomial of C with the chance
    ``R E / (R E + C - E)``: the exact limits of that chance, turned back, are those of R. The interval is of a place
    fixed in advance; one picked because it stands out tends to overstate its ratio, the more the fewer its cases.
    """
    if not 0 < expected < total:
        return Estimate(
            value=None, low=None, high=None, method=METHOD, reason="all cases are expected here, or none"
        )
    low, high = clopper_pearson(cases, total)
    back = (total - expected) / expected
    if cases == total:
        reason = "every case is in this place: the ratio has no upper limit"
        return Estimate(value=None, low=low / (1 - low) * back, high=None, method=METHOD, reason=reason)
    return Estimate(
        value=cases / (total - cases) * back,
        low=low / (1 - low) * back,
        high=high / (1 - high) * back,
        method=METHOD,
    )
