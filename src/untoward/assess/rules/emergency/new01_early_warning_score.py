"""NEW01: early warning score

Question
    Do the measured vital signs together say that this person is getting worse?
Facts used
    Breathing rate, oxygen saturation, extra oxygen, blood pressure, heart rate, consciousness, temperature;
    age, pregnancy, known lung disease with its own oxygen target.
Logic
    Each value scores 0 to 3; the sum is the National Early Warning Score 2. What was not measured widens the
    score to a range, and the answer is given by the lower end of it: at least so many points. One value that
    scores 3 is enough to be seen within the hour. Alert is never assumed. The second oxygen scale is never
    used, because only a clinician may choose it.
Levels
    emergency_now from 7 points on; within_1h from 5 points on or with one value of 3.
Evidence
    Royal College of Physicians 2017, scores and response.
Limits
    Not for people under 16 or in pregnancy: there it is silent. Where chronic lung disease is known the
    oxygen points are left out. With nothing measured it cannot tell.
Example
    24 breaths (2), 93 % oxygen (2), pulse 105 (1), 38.4 °C (1), the rest not measured: at least 6 and at most
    14 points, within_1h.
"""

from __future__ import annotations

from collections.abc import Sequence

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.evidence.records import Threshold
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

SCORE, RESPONSE = "news2-2017", "news2-response"
BANDS = (
    ("respiratory-rate", "respiratory-rate-"),
    ("spo2", "oxygen-scale-1-"),
    ("systolic-bp", "systolic-"),
    ("heart-rate", "pulse-"),
    ("temperature", "temperature-"),
)
MOST_POINTS = 3
OXYGEN_POINTS = 2
ADULT_YEARS = 16.0


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    points = _points(facts)
    age = facts.age_years
    if (age is not None and age < ADULT_YEARS) or facts.present_of("pregnancy"):
        return None
    known = [number for number in points.values() if number is not None]
    if not known:
        return CANNOT_TELL
    low = sum(known)
    high = low + sum(_most(name) for name, number in points.items() if number is None)
    level = _level(facts, low, max(known))
    if level is None:
        return CANNOT_TELL if high >= facts.boundary(RESPONSE, "urgent").value else None
    return Conclusion(
        level, _statement(points, low, high), "7 points or more: now; 5 or 6, or one 3: within the hour"
    )


def _points(facts: Facts) -> dict[str, int | None]:
    """Points by what was measured; None where nothing was."""
    points = {name: _band(facts, name, prefix) for name, prefix in BANDS}
    if points["spo2"] is not None and facts.present_of("copd"):
        points["spo2"] = None
    oxygen = facts.question("oxygen")
    points["extra oxygen"] = None if oxygen is Answer.UNKNOWN else OXYGEN_POINTS * (oxygen is Answer.YES)
    level = facts.consciousness()
    points["consciousness"] = None if level is None else MOST_POINTS * (level != "alert")
    if facts.present_of("confusion"):
        points["consciousness"] = MOST_POINTS
    return points


def _band(facts: Facts, vital: str, prefix: str) -> int | None:
    value = facts.measured(vital)
    if value is None:
        return None
    bands = [bound for bound in facts.criterion(SCORE).thresholds if bound.name.startswith(prefix)]
    return band_points(bands, value, prefix)


def band_points(bands: Sequence[Threshold], value: float, prefix: str) -> int:
    """Points of the first band that fits, from the low end; between two bands the higher of their points."""
    points = [int(bound.name.removeprefix(prefix)[0]) for bound in bands]
    for bound, score in zip(bands, points, strict=True):
        if bound.met_by(value):
            return score
    return max(points[-2:])


def _most(name: str) -> int:
    return OXYGEN_POINTS if name == "extra oxygen" else MOST_POINTS


def _level(facts: Facts, low: int, largest: int) -> Disposition | None:
    if facts.boundary(RESPONSE, "emergency").met_by(low):
        return Disposition.EMERGENCY_NOW
    if facts.boundary(RESPONSE, "urgent").met_by(low) or largest == MOST_POINTS:
        return Disposition.WITHIN_1H
    return None


def _statement(points: dict[str, int | None], low: int, high: int) -> str:
    parts = ", ".join(f"{name} {number}" for name, number in points.items() if number)
    score = f"{low} points" if low == high else f"a partial score of at least {low} and at most {high} points"
    return f"Early warning score (NEWS2): {score} ({parts})."


RULE = Rule(
    code="NEW01",
    name="Early warning score",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=(SCORE, RESPONSE),
    evaluate=evaluate,
    alternatives=(
        "Pain, fear or exertion: breathing and pulse fall once the person has rested.",
        "Lung disease of long standing: the usual oxygen is already low; ask for earlier readings.",
        "Cold hands, nail varnish or dark skin: the oximeter may read wrongly, too high as well as too low.",
        "Beta blocker or athlete: the pulse is slow and can hide how ill the person is.",
    ),
    treatment=("treatment-sepsis-transfer",),
)
