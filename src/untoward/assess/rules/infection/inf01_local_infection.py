"""INF01: local infection signs

Question
    Do the signs at the site fit a spreading bacterial infection of the skin?
Facts used
    Pain or tenderness, redness, swelling or hardness, warmth; spreading redness or a red streak; infection
    stated by someone; fever or measured temperature; injection on the face; weak immunity, diabetes; day
    since the session.
Logic
    At least 3 of the 4 local signs fit cellulitis. With fever, weak immunity, diabetes or, after the first two
    days, a site on the face it cannot wait. Without any of these, redness and pain of the first two days are usually from the
    injection; later they need a clinician. Spreading redness, a red streak or a stated infection cannot wait
    at any time.
Levels
    same_day with one of the aggravating facts; within_72h without one after day 2 or when the day is unknown.
Evidence
    Injection-site cellulitis by the Brighton Collaboration (3 of 4 signs); sites and signs that raise concern
    (NICE NG141). That the first two days usually belong to the injection is our synthesis.
Limits
    Redness is harder to see on brown and black skin. Absence of fever does not exclude infection.
Example
    Day 4, a warm red painful swelling on the thigh, temperature not measured: within_72h, and fever is asked.
"""

from __future__ import annotations

from untoward.assess import features
from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer, any_of
from untoward.model.finding import Disposition


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    spreading, local = features.spreading(facts), features.local_signs(facts)
    certain = spreading is Answer.YES or bool(facts.present_of(*features.INFECTION_STATED))
    if not certain and local is not Answer.YES:
        return CANNOT_TELL if Answer.UNKNOWN in (spreading, local) else None
    aggravating = Answer.YES if certain else _aggravating(facts)
    listed = ", ".join((*features.local_signs_present(facts), *facts.present_of("fever")))
    if aggravating is Answer.YES:
        return Conclusion(
            Disposition.SAME_DAY,
            f"Signs that fit an infection of the skin, with one that cannot wait: {listed}.",
            f"spreading or stated, or at least 3 of 4 local signs with fever >= {features.FEVER_CELSIUS:g} "
            "celsius, face, weak immunity or diabetes",
        )
    if features.past_procedure(facts) is Answer.NO:
        return CANNOT_TELL if aggravating is Answer.UNKNOWN else None
    return Conclusion(
        Disposition.WITHIN_72H,
        f"Signs that fit an infection of the skin: {listed}.",
        "at least 3 of 4 local signs after day 2, or when the day is unknown",
    )


def _aggravating(facts: Facts) -> Answer:
    face = facts.on_face() if features.past_procedure(facts) is not Answer.NO else Answer.NO
    return any_of(
        [
            features.fever(facts),
            face,
            facts.question("immunosuppression"),
            facts.question("diabetes"),
        ]
    )


RULE = Rule(
    code="INF01",
    name="Local infection signs",
    most_urgent=Disposition.SAME_DAY,
    evidence=(features.CELLULITIS, "nice-ng141-look-first", "infection-timing"),
    evaluate=evaluate,
    alternatives=(
        "Inflammation from the injection itself: first two days, not spreading, no fever.",
        "Contact allergy: itch more than pain, in the shape of the plaster, cream or disinfectant.",
        "Blocked blood vessel: mottled or pale, painful, cool, minutes to days after a filler.",
        "Mycobacterial infection: weeks later, lumps at the punctures, ordinary antibiotics fail.",
        "Haematoma: firm and bruise-coloured from the first day.",
    ),
    treatment=(
        "nice-ng141-look-first",
        "nice-ng141-swab",
        "nice-ng141-cellulitis-review",
        "nice-ng141-intravenous-review",
        "nice-ng141-refer",
    ),
)
