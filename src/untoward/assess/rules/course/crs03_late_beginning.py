"""CRS03: inflamed again after a quiet time

Question
    Did redness, warmth, swelling or pain begin weeks after the session, when the injection itself can no
    longer explain it?
Facts used
    Redness, warmth, swelling, hardness, pain, tenderness, rash or a raised patch at the site now; the day on
    which each began, how long it has been there, or the last day on which it was denied; day since the
    session.
Logic
    Fires when one of them is known to have begun more than 14 days after the session: it was said so, or it
    was denied on a day later than that and is there now. A sign whose beginning is not known is left to its
    expected course and to the other rules.
Levels
    within_72h.
Evidence
    Redness and pain of the first two days are usually from the injection; from the second week on slow
    infections and foreign-body reactions are thought of (evidence record `infection-timing`). The 14 days are
    the line between early and late of one published clock for nodules.
Limits
    It does not say why: infection, a reaction to what was injected, a recent illness or vaccine can do this.
    A quiet lump is judged by NOD01.
Example
    Nothing on day 20, the same place red and swollen on day 41: within_72h.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

INFLAMED = ("redness", "warmth", "swelling", "induration", "pain", "tenderness", "rash", "plaque")
QUIET_DAYS = 14.0


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    here = [term for term in INFLAMED if facts.present_of(term)]
    if not here or facts.day_within(0.0, QUIET_DAYS) is Answer.YES:
        return None
    late = [facts.label(term) for term in here if _began_late(facts, term)]
    if late:
        return Conclusion(
            Disposition.WITHIN_72H,
            f"New after a quiet time of more than {QUIET_DAYS:g} days: {', '.join(late)}.",
            f"began more than {QUIET_DAYS:g} days after the session",
        )
    return CANNOT_TELL if facts.missing else None


def _began_late(facts: Facts, term: str) -> bool:
    began = facts.onset_day(term)
    if began is None:
        began = facts.last_without(term)
    return began is not None and began > QUIET_DAYS


RULE = Rule(
    code="CRS03",
    name="Inflamed again after a quiet time",
    most_urgent=Disposition.WITHIN_72H,
    evidence=("infection-timing",),
    evaluate=evaluate,
    alternatives=(
        "Mycobacterial infection: several lumps at the punctures, slow, no fever, ordinary antibiotics fail.",
        "Ordinary abscess: one soft, hot, painful swelling that comes within days.",
        "Late immune reaction to a filler: all treated places swell at once after an illness or vaccine.",
        "Foreign-body granuloma: firm and lasting; only tissue can show it.",
    ),
    treatment=(
        "treatment-mycobacteria-tissue",
        "treatment-nodule-tests-first",
        "treatment-nodule-panel-antibiotics",
        "treatment-nodule-panel-steroids",
        "treatment-mycobacteria-no-blind-repeat",
    ),
)
