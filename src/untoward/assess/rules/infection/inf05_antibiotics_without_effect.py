"""INF05: antibiotics without effect

Question
    Is a skin infection not getting better on antibiotics?
Facts used
    Antibiotic failure and for how many days they were taken; signs of infection of the skin (infection
    stated, pus, spreading, or redness with warmth or pain); any other sign at the site.
Logic
    Both together. Antibiotics taken for fewer than 2 days cannot have failed yet. When it is not known whether
    the skin is infected, somebody gave antibiotics for it, and any sign at the site that is still there counts.
Levels
    same_day; within_72h when it is not known whether the skin is infected.
Evidence
    Cellulitis is reviewed when it has not begun to improve 2 to 3 days after antibiotics were started (NICE
    NG141).
Limits
    Cold lumps that do not answer to antibiotics are judged by NTM01.
Example
    Redness still spreading on day 3 of cefalexin: same_day.
"""

from __future__ import annotations

from untoward.assess import features
from untoward.assess.facts import Facts
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer, all_of, any_of
from untoward.model.finding import Disposition

CRITERION = "nice-ng141-cellulitis-review"
WARM_OR_SORE = ("warmth", "pain", "tenderness")
AT_THE_SITE = (
    "redness",
    "swelling",
    "induration",
    "nodule",
    "plaque",
    "papule",
    "pain",
    "tenderness",
    "rash",
)


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    infected = _infected(facts)
    if infected is Answer.YES:
        facts.settle()
    failing = all_of([infected, facts.question("antibiotic-failure")])
    still_there = facts.present_of(*AT_THE_SITE)
    unclear = infected is Answer.UNKNOWN and bool(facts.present_of("antibiotic-failure") and still_there)
    if failing is not Answer.YES and not unclear:
        return CANNOT_TELL if failing is Answer.UNKNOWN and infected is Answer.YES else None
    since = facts.boundary(CRITERION, "no-improvement-after-antibiotics")
    days = facts.number("antibiotic-failure", "days")
    if days is not None and not since.met_by(days):
        return None
    if unclear:
        return Conclusion(
            Disposition.WITHIN_72H,
            f"Antibiotics have not cleared what they were given for: {', '.join(still_there)}.",
            "any sign at the site that is still there after antibiotics",
        )
    return Conclusion(
        Disposition.SAME_DAY,
        "An infection of the skin that does not get better on antibiotics: "
        f"{', '.join(features.local_signs_present(facts))}.",
        f"not improving {since.days:g} days or more after antibiotics were started",
    )


def _infected(facts: Facts) -> Answer:
    if facts.present_of(*features.INFECTION_STATED, *features.PUS):
        return Answer.YES
    sore = any_of([facts.question(term) for term in WARM_OR_SORE])
    return any_of([features.spreading(facts), all_of([facts.question("redness"), sore])])


RULE = Rule(
    code="INF05",
    name="Antibiotics without effect",
    most_urgent=Disposition.SAME_DAY,
    evidence=(CRITERION,),
    evaluate=evaluate,
    alternatives=(
        "Mycobacterial infection: lumps at the punctures, slow and cool.",
        "Collection that was not drained: soft and tender, seen on ultrasound.",
        "Germ that resists the drug: fast, hot and painful; the culture tells.",
        "No infection at all: inflamed fat, granuloma or product reaction, cultures without germs.",
    ),
    treatment=(
        "treatment-mycobacteria-no-blind-repeat",
        "treatment-mycobacteria-tissue",
        "treatment-abscess-drain-and-culture",
        "nice-ng141-cellulitis-review",
        "nice-ng141-refer",
    ),
)
