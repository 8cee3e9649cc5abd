"""NEWS2 points at every boundary, as printed on the chart of the Royal College of Physicians (2017)."""

import pytest

from untoward.assess.rules.emergency.new01_early_warning_score import BANDS, SCORE, band_points
from untoward.evidence.load import load_evidence

PREFIX = dict(BANDS)
PRINTED = {
    "respiratory-rate": [(8, 3), (9, 1), (11, 1), (12, 0), (20, 0), (21, 2), (24, 2), (25, 3)],
    "systolic-bp": [(90, 3), (91, 2), (100, 2), (101, 1), (110, 1), (111, 0), (219, 0), (220, 3)],
    "heart-rate": [
        (40, 3),
        (41, 1),
        (50, 1),
        (51, 0),
        (90, 0),
        (91, 1),
        (110, 1),
        (111, 2),
        (130, 2),
        (131, 3),
    ],
    "temperature": [(35.0, 3), (35.1, 1), (36.0, 1), (36.1, 0), (38.0, 0), (38.1, 1), (39.0, 1), (39.1, 2)],
    "spo2": [(91, 3), (92, 2), (93, 2), (94, 1), (95, 1), (96, 0)],
}
BETWEEN = [
    ("respiratory-rate", 24.5, 3),
    ("temperature", 39.05, 2),
    ("spo2", 95.5, 1),
    ("heart-rate", 130.5, 3),
]
"""Values the chart does not print; the higher of the neighbouring points is taken."""

VECTORS = [(vital, value, points) for vital, pairs in PRINTED.items() for value, points in pairs]


@pytest.mark.parametrize(("vital", "value", "points"), [*VECTORS, *BETWEEN])
def test_points(vital, value, points):
    thresholds = load_evidence().criterion(SCORE).thresholds
    bands = [bound for bound in thresholds if bound.name.startswith(PREFIX[vital])]
    assert band_points(bands, value, PREFIX[vital]) == points
