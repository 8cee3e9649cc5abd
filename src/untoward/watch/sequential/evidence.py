"""E-values of streams, and which of them are lit among all that are watched.

Every axis of every outcome has an equal part of alpha, shared equally among its streams: a registry with a million vials
and six clinics would otherwise drown the clinics. That is e-BH with weights fixed by how many values an axis has, which
does not look at any case. The mixture is cut to excesses: too few cases are never lit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from untoward.kernels.e_process import attributed_log_e
from untoward.kernels.e_values import e_bh_levels
from untoward.watch.sequential.streams import Stream, Streams

FloatArray = NDArray[np.float64]


class Evidence(NamedTuple):
    """One stream with its evidence now.

    `level` is the smallest alpha at which e-BH lights it; `level_high` the same with the baseline at its upper limit.
    """

    outcome: str
    stream: Stream
    log_e: float
    level: float
    level_high: float


def weigh(found: Sequence[Streams], upper: Sequence[float]) -> tuple[Evidence, ...]:
    """Evidence of every stream with a case; `upper` is how many times each outcome's baseline its upper limit is."""
    pairs = [
        (streams, stream, high)
        for streams, high in zip(found, upper, strict=True)
        for stream in streams.lit_up
    ]
    total = sum(sum(streams.watched.values()) for streams in found)
    families = sum(len(streams.watched) for streams in found)
    log_weights = np.array(
        [np.log(total / families / streams.watched[stream.axis]) for streams, stream, _high in pairs]
    )
    log_e = np.array([_log_e(stream, 1.0) for _streams, stream, _high in pairs])
    high_e = np.array([_log_e(stream, high) for _streams, stream, high in pairs])
    levels = e_bh_levels(log_e, log_weights=log_weights, total=total)
    levels_high = e_bh_levels(high_e, log_weights=log_weights, total=total)
    return tuple(
        Evidence(streams.outcome, stream, float(e), float(level), float(high))
        for (streams, stream, _high), e, level, high in zip(pairs, log_e, levels, levels_high, strict=True)
    )


def _log_e(stream: Stream, times: float) -> float:
    return attributed_log_e(stream.shares, stream.expected * times, excess_only=True)
