"""Which exposures stand out among all that were looked at.

Every exposure that some unit had is a question that was asked, also the one that was too rare ever to reach
significance and the one without a case (whose p is 1). All of them enter Holm's correction: leaving out after
the fact those that could not win would make the winner look better than it is. The correction is within one
outcome: whoever screens five outcomes asks five times.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from untoward.kernels.two_by_two import fisher_greater_many_log, holm


def rank_tables(tables: pl.DataFrame, passed_over: Sequence[int] = ()) -> pl.DataFrame:
    """The tables of `count_tables` with what ranks them, the most striking first.

    Adds `position` (in the order given), `log_p`, `p_greater` (one-sided Fisher, for an excess among the
    exposed), `p_adjusted` (Holm over every row with somebody exposed) and `observed_over_expected`. Rows with
    nobody exposed are dropped, and so are the positions in `passed_over`, which are no questions. Order:
    smaller p, then more cases for those expected, then fewer exposed (the more specific), then the axis in
    its own order, then the value. The order follows log p, since p itself may be too small for a float.
    """
    used = tables.with_row_index("position").filter(
        (pl.col("a") + pl.col("b") > 0) & ~pl.col("position").is_in(list(passed_over))
    )
    log_p = _log_p(used)
    exposed, ill = pl.col("a") + pl.col("b"), pl.col("a") + pl.col("c")
    expected = exposed * ill / (exposed + pl.col("c") + pl.col("d"))
    return (
        used.with_columns(
            pl.Series("log_p", log_p),
            pl.Series("p_greater", np.exp(log_p)),
            pl.Series("p_adjusted", holm(np.exp(log_p))),
            pl.when(pl.col("a") > 0).then(pl.col("a") / expected).otherwise(0.0).alias("observed_over_expected"),
            exposed.alias("exposed"),
        )
        .sort(
            "log_p", "observed_over_expected", "exposed", "axis", "value",
            descending=[False, True, False, False, False],
        )
    )  # fmt: skip


def _log_p(tables: pl.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Log of the one-sided p; 0 (p = 1) without asking the kernel where no exposed unit is a case."""
    a, b, c, d = (tables.get_column(name).to_numpy() for name in "abcd")
    log_p = np.zeros(a.size)
    some = a > 0
    log_p[some] = fisher_greater_many_log(a[some], (a + b)[some], (a + c)[some], (a + b + c + d)[some])
    return log_p
