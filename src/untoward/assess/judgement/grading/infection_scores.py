"""Two scores of a severe infection: quick SOFA and LRINEC. They corroborate; a low value never reassures.

What was not measured widens a score to a range. Alert is never assumed.
"""

from __future__ import annotations

from collections.abc import Mapping

from untoward.assess.judgement.knowledge import Knowledge, knowledge_of
from untoward.assess.judgement.view import View
from untoward.model.answer import Answer
from untoward.model.judgement import Score

QSOFA, QSOFA_LIMITS, LRINEC = "qsofa", "qsofa-sensitivity", "lrinec"
ALERT = frozenset({"alert", "a"})
VITALS = {"respiratory-rate": "respiratory_rate", "systolic-bp": "systolic_bp"}

LRINEC_BANDS: Mapping[str, tuple[tuple[str, int], ...]] = {
    "crp_mg_l": (("crp-4", 4),),
    "white_cells_10_9_l": (("white-cells-2", 2), ("white-cells-1", 1)),
    "haemoglobin_g_dl": (("haemoglobin-2", 2), ("haemoglobin-1", 1)),
    "sodium_mmol_l": (("sodium-2", 2),),
    "creatinine_umol_l": (("creatinine-2", 2),),
    "glucose_mmol_l": (("glucose-1", 1),),
}
"""Laboratory values by name with unit, and the boundaries that give points, the most points first."""


def infection_scores(view: View) -> tuple[Score, ...]:
    """Quick SOFA, when any of its three signs was measured."""
    score = qsofa(view)
    return () if len(score.missing) == len(VITALS) + 1 else (score,)


def qsofa(view: View) -> Score:
    """Quick SOFA of one observation, 0 to 3."""
    known = knowledge_of(view.situation.evidence)
    points: dict[str, int | None] = {name: _vital_point(view, known, vital) for vital, name in VITALS.items()}
    points["avpu"] = _mentation(view)
    return _summed("qSOFA", points, dict.fromkeys(points, 1), known, QSOFA, (QSOFA, QSOFA_LIMITS))


def lrinec(known: Knowledge, values: Mapping[str, float]) -> Score:
    """LRINEC of laboratory values (names and units as in `LRINEC_BANDS`), 0 to 13.

    Values that are not given widen the range. Raises KeyError for a value that is not part of the score.
    """
    unknown = values.keys() - LRINEC_BANDS.keys()
    if unknown:
        raise KeyError(f"not part of the score: {', '.join(sorted(unknown))}")
    points: dict[str, int | None] = {
        name: _band_points(known, bands, values.get(name)) for name, bands in LRINEC_BANDS.items()
    }
    most = {name: bands[0][1] for name, bands in LRINEC_BANDS.items()}
    return _summed("LRINEC", points, most, known, LRINEC, (LRINEC,))


def _vital_point(view: View, known: Knowledge, vital: str) -> int | None:
    value = view.number(vital, "value")
    return None if value is None else int(known.bound(QSOFA, vital).met_by(value))


def _mentation(view: View) -> int | None:
    level = view.word("avpu", "level")
    if level is not None:
        return int(level not in ALERT)
    return 1 if view.answer("confusion") is Answer.YES else None


def _band_points(known: Knowledge, bands: tuple[tuple[str, int], ...], value: float | None) -> int | None:
    if value is None:
        return None
    return next((points for name, points in bands if known.bound(LRINEC, name).met_by(value)), 0)


def _summed(
    name: str,
    points: Mapping[str, int | None],
    most: Mapping[str, int],
    known: Knowledge,
    criterion: str,
    evidence: tuple[str, ...],
) -> Score:
    low = sum(point for point in points.values() if point is not None)
    missing = tuple(key for key, point in points.items() if point is None)
    high = low + sum(most[key] for key in missing)
    cut_off = known.bound(criterion, "positive")
    positive = Answer.YES if cut_off.met_by(low) else Answer.UNKNOWN if cut_off.met_by(high) else Answer.NO
    given = ", ".join(f"{key}: {point}" for key, point in points.items() if point is not None)
    return Score(
        name=name, low=low, high=high, positive=positive, basis=given or "nothing was measured",
        evidence=evidence, missing=missing,
    )  # fmt: skip
