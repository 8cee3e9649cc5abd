"""Which sessions may have caused a case, and how likely each is.

A person had one session with this lot and one with another. When the case occurs, each session within reach before the
onset carries its part of the hazard: its baseline times how likely so long a delay is. A stream's share in the case is
the sum over its own sessions, so every case is worth one in all, and each session's expectation stays its baseline
times its elapsed risk, whatever other sessions the person had.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from untoward.watch.delays import Delay, days_since_1970, onset_density

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


class Attribution(NamedTuple):
    """Shares in cases: case `case[i]` (position in the cases) is to `share[i]` of session `session[i]`.

    `unplaced` cases have no dated session that may have caused them.
    """

    case: IntArray
    session: IntArray
    share: FloatArray
    unplaced: int


def attribute(cases: pl.DataFrame, sessions: pl.DataFrame, rate: FloatArray, delay: Delay) -> Attribution:
    """Share cases out.

    `cases` come from `onsets.case_persons`; an onset that nobody wrote down stands on the day the case was known.
    `sessions` has `session_id`, `patient_id` and `date` (days since 1970, nan unknown), `rate` the baseline of each.
    A case without any session within reach belongs to the session it was recorded for.
    """
    numbered = cases.with_row_index("case").with_columns(
        pl.Series("at", days_since_1970(cases.select(pl.coalesce("onset", "known")).to_series()))
    )
    places = sessions.with_row_index("session").filter(pl.col("date").is_not_nan())
    pairs = numbered.select("case", "patient_id", "at").join(places, on="patient_id", how="inner")
    days = (pairs["at"] - pairs["date"]).to_numpy()
    hazard = rate[pairs["session"].to_numpy()] * onset_density(delay, days)
    near = hazard > 0
    case, session = pairs["case"].to_numpy()[near], pairs["session"].to_numpy()[near]
    total = np.bincount(case, hazard[near], minlength=cases.height)
    recorded = _recorded(numbered, places, found=np.flatnonzero(total > 0))
    alone = recorded["case"].to_numpy()
    return Attribution(
        case=np.concatenate([case, alone]).astype(np.int64),
        session=np.concatenate([session, recorded["session"].to_numpy()]).astype(np.int64),
        share=np.concatenate([hazard[near] / total[case], np.ones(alone.size)]),
        unplaced=cases.height - int((total > 0).sum()) - alone.size,
    )


def _recorded(cases: pl.DataFrame, places: pl.DataFrame, found: NDArray[np.intp]) -> pl.DataFrame:
    """The sessions for which the remaining cases were recorded."""
    rest = cases.filter(~pl.col("case").is_in(pl.Series(found, dtype=pl.UInt32).implode()))
    joined = rest.with_columns(pl.col("session_id").cast(pl.String)).join(
        places.select("session_id", "session"), on="session_id", how="inner"
    )
    return joined.select("case", "session")
