"""DYS01: trouble swallowing

Question
    Is swallowing so hard, or so explained, that it cannot wait?
Facts used
    Trouble swallowing and how bad it is; drooling, breathing trouble, stridor, hoarse voice, throat swelling;
    botulinum toxin or deoxycholic acid injected; swelling; day since the session.
Logic
    With one sign of danger, after botulinum toxin, said to be severe, or not known to be mild: now. Mild with no
    such sign: today. When how bad it is was not said, a clear no to drooling, breathing trouble and a changed
    voice together stands for mild.
Levels
    emergency_now; same_day when mild.
Evidence
    Signs of danger at the neck. After deoxycholic acid under the chin 2 % of people had trouble swallowing with
    swelling there, for a median of 3 days (1 to 81); all cleared.
Limits
    It cannot see whether liquids go down; "severe" stands for it. After toxin BOT01 says more.
Example
    Mild trouble swallowing 2 days after deoxycholic acid under the chin, chin swollen: same_day.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features_systemic import toxin_given
from untoward.assess.features_tissue import mild, on_neck, severe
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import Disposition

SWALLOWING = "dysphagia"
DANGER = ("drooling", "breathlessness", "stridor", "hoarse-voice", "throat-swelling", "throat-tightness")
MUST_BE_DENIED = ("drooling", "breathlessness", "hoarse-voice")
COURSE, LEVELS = "deoxycholic-dysphagia", "swallowing-danger"


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    if not facts.present_of(SWALLOWING):
        return _not_there(facts)
    danger = facts.present_of(*DANGER)
    toxin = toxin_given(facts) is Answer.YES
    if danger or toxin or not _mild(facts):
        signs = ", ".join((*facts.present_of(SWALLOWING), *danger))
        return Conclusion(
            Disposition.EMERGENCY_NOW,
            f"Swallowing is in danger: {signs}" + (", after botulinum toxin." if toxin else "."),
            "with a sign of danger, after botulinum toxin, or not known to be mild",
        )
    return Conclusion(
        Disposition.SAME_DAY,
        "Mild trouble swallowing. Being unable to swallow liquids, drooling, breathing trouble or a changed voice "
        "would make it an emergency." + _published(facts),
        "mild, with no sign of danger and no botulinum toxin: the same day",
    )


def _mild(facts: Facts) -> bool:
    if severe(facts, SWALLOWING):
        return False
    answers = [facts.has(term) for term in MUST_BE_DENIED]
    return mild(facts, SWALLOWING) or set(answers) == {Answer.NO}


def _published(facts: Facts) -> str:
    if facts.injected("deoxycholic-acid") is not Answer.YES:
        return ""
    share, median, longest = (
        facts.boundary(COURSE, name).value for name in ("share", "duration-median", "duration-to")
    )
    swollen = " with local swelling" if facts.present_of("swelling") else ""
    return (
        f" After deoxycholic acid under the chin {share} % of people had it{swollen}: median {median} days, "
        f"longest {longest}; all cleared."
    )


def _not_there(facts: Facts) -> Answered:
    """Unasked, it matters where it is known to happen: on the neck, under the chin, or after toxin."""
    expected = Answer.YES in (on_neck(facts), toxin_given(facts))
    asked = facts.has(SWALLOWING)
    doubtful = facts.doubtful_of(SWALLOWING)
    return CANNOT_TELL if doubtful or (expected and asked is Answer.UNKNOWN) else None


RULE = Rule(
    code="DYS01",
    name="Trouble swallowing",
    most_urgent=Disposition.EMERGENCY_NOW,
    evidence=(LEVELS, COURSE, "neck-haematoma-signs"),
    evaluate=evaluate,
    alternatives=(
        "Swelling after a fat-dissolving injection under the chin: mild, drinks well, normal voice.",
        "Haematoma of the neck: growing, tense swelling with a change of voice.",
        "Toxin spread or botulism: double sight, slurred speech or weakness too.",
        "Allergic swelling of tongue or throat: fast, often with hives.",
        "Throat infection: sore throat and fever, nothing else new.",
    ),
    treatment=(
        "treatment-neck-haematoma",
        "treatment-botulism-call-now",
        "treatment-anaphylaxis-adrenaline-by-age",
    ),
)
