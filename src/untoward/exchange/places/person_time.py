"""Person-days between censuses, where not every place was counted in every one of them.

A place without a figure for some census goes straight from its neighbouring ones; a figure that is missing is never
taken for nobody.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from untoward.kernels import scan_population

FloatArray = NDArray[np.float64]


def person_days(counted: FloatArray, censuses: FloatArray, edges: FloatArray) -> FloatArray:
    """Person-days of each cell (first axis) in each period, from (cells, censuses) with nan where nothing was counted.

    `censuses` are days in ascending order; period i goes from `edges[i]` to `edges[i + 1]`. A cell never counted has 0.
    """
    found = np.zeros((len(counted), len(edges) - 1))
    masks, of = np.unique(~np.isnan(counted), axis=0, return_inverse=True)
    mean_length = (edges[-1] - edges[0]) / (len(edges) - 1)
    for place, mask in enumerate(masks):
        if mask.any():
            cells = np.flatnonzero(of.ravel() == place)
            people = counted[np.ix_(cells, np.flatnonzero(mask))]
            found[cells] = scan_population.person_time(censuses[mask], people, edges) * mean_length
    return found
