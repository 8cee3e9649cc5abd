"""INF01: local infection signs

Question
    Do the signs at the site fit a spreading bacterial infection of the skin?
Facts used
    Pain or tenderness, redness, swelling or hardness, warmth; spreading redness or a red streak; fever or
    measured temperature; injection on the face; immunosuppression, diabetes; day since the session.
Logic
    At least 3 of the 4 local signs fit cellulitis. With spreading, fever, a site on the face, weakened
    immunity or diabetes it cannot wait. Without any of these, redness and pain of the first two days are
    usually from the injection; later they need a clinician. Spreading redness or a red streak counts on its
    own.
Levels
    same_day with one of the aggravating facts; within_72h without one after day 2 or when the day is unknown.
Evidence
    Injection-site cellulitis by the Brighton Collaboration (3 of 4 signs); sites and signs that raise concern
    (NICE NG141).
Limits
    Redness is harder to see on brown and black skin. Absence of fever does not exclude infection.
Example
    Day 4, a warm red painful swelling, temperature not measured: within_72h, and fever is asked first.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer, any_of
from untoward.model.finding import Disposition

CELLULITIS = "brighton-injection-site-cellulitis"
SIGNS = (("pain", "tenderness"), ("redness",), ("swelling", "induration", "nodule"), ("warmth",))
FEVER_CELSIUS = 38.0


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    spreading = any_of(
        [
            facts.has_any("spreading-redness", "red-streak"),
            facts.attribute_of_any("spreading", "redness", "swelling"),
        ]
    )
    needed = int(facts.boundary(CELLULITIS, "signs").value)
    local = facts.has_at_least(needed, *SIGNS)
    cellulitis = any_of([local, facts.has("cellulitis"), spreading])
    if cellulitis is not Answer.YES:
        return CANNOT_TELL if cellulitis is Answer.UNKNOWN else None
    if any_of([spreading, *_aggravating(facts)]) is Answer.YES:
        return Conclusion(
            Disposition.SAME_DAY,
            f"Signs that fit an infection of the skin, with one that cannot wait: {_listed(facts)}.",
            f"at least {needed} of 4 local signs or spreading, with spreading, "
            f"fever >= {FEVER_CELSIUS:g} celsius, face, weak immunity or diabetes",
        )
    procedural_days = facts.boundary("infection-timing", "procedure").days
    if facts.day_within(0.0, procedural_days) is Answer.YES:
        return None
    return Conclusion(
        Disposition.WITHIN_72H,
        f"Signs that fit an infection of the skin: {_listed(facts)}.",
        f"at least {needed} of 4 local signs after day {procedural_days:g}",
    )


def _aggravating(facts: Facts) -> list[Answer]:
    temperature = facts.measured("temperature")
    fever = any_of(
        [facts.has("fever"), Answer.of(None if temperature is None else temperature >= FEVER_CELSIUS)]
    )
    return [fever, facts.has_any("immunosuppression", "diabetes"), facts.on_face()]


def _listed(facts: Facts) -> str:
    terms = [term for group in SIGNS for term in group]
    return ", ".join(facts.present_of(*terms, "cellulitis", "spreading-redness", "red-streak", "fever"))


RULE = Rule(
    code="INF01",
    name="Local infection signs",
    most_urgent=Disposition.SAME_DAY,
    evidence=(CELLULITIS, "nice-ng141-cellulitis-review", "infection-timing"),
    evaluate=evaluate,
)
