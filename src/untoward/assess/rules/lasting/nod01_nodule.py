"""NOD01: nodule

Question
    What must happen with a lump, now that it has been there so long?
Facts used
    Nodule, granuloma, whether it grows, is painful, warm or red, and whether that is still within its expected
    course; fever, chills, weight loss, night sweats; recent infection or vaccine, autoimmune disease; day since the
    session.
Logic
    A lump that grows, or stands beside signs of the whole body, is inflamed at any age. From day 14 on, or when
    its age is not known, so is one that is warm, red or sore. Before day 14, in the days after the first two, it
    takes two such signs that no expected course explains; one is given an ordinary look. A quiet lump is left to
    itself until day 14, when it is looked at again; from then on a clinician sees it, and after 4 weeks
    mycobacteria are asked for before anything else.
Levels
    within_72h when inflamed; routine from day 14 on, when the day is unknown, or for one sign before; self_care for
    a quiet lump before day 14.
Evidence
    Three published clocks for complications of fillers, all shown: early, late and delayed at 14 days and 1 year
    (Rohrich), immediate, early and delayed at 24 hours and 4 weeks (2018 consensus), delayed after 4 weeks (2020
    panel). Where they differ the earlier limit asks sooner; none is used to wait longer. Flu-like illness and other
    triggers came before 9 of 23 delayed nodules.
Limits
    Without a biopsy nobody can say "granuloma". The clock starts at the session, not when the lump was felt.
Example
    A stable painless lump 6 weeks after a filler: routine, and the questions of NTM01.
"""

from __future__ import annotations

from untoward.assess.facts import Facts
from untoward.assess.features import past_procedure
from untoward.assess.features_tissue import growing, whole_body
from untoward.assess.rule import CANNOT_TELL, Answered, Conclusion, Rule
from untoward.model.answer import Answer
from untoward.model.finding import CourseState, Disposition

ROHRICH, CONSENSUS, PANEL = "nodule-clock-rohrich", "nodule-clock-urdiales", "delayed-nodule"
LUMPS = ("nodule", "granuloma")
INFLAMED = ("warmth", "redness", "tenderness", "pain")
TRIGGERS = ("recent-vaccine-or-infection", "autoimmune-disease")


def evaluate(facts: Facts) -> Answered:
    """See the module docstring."""
    lumps = [term for term in LUMPS if facts.present_of(term)]
    if not lumps:
        return CANNOT_TELL if facts.doubtful_of(*LUMPS) else None
    named = ", ".join(facts.label(term) for term in lumps).capitalize()
    grave = [*whole_body(facts), *(["growth"] if growing(facts, *lumps) else [])]
    local = _local(facts, lumps)
    young = not _is_late(facts)
    reasons = list(dict.fromkeys([*grave, *local]))
    if grave or len(local) >= (2 if young else 1):
        return Conclusion(
            Disposition.WITHIN_72H, f"{named} with {', '.join(reasons)}.{_remarks(facts)}", _clocks(facts)
        )
    return _quiet(facts, named, young, reasons)


def _quiet(facts: Facts, named: str, young: bool, reasons: list[str]) -> Conclusion:
    if young:
        late = facts.boundary(ROHRICH, "late").days
        with_sign = f" with {', '.join(reasons)}" if reasons else ", quiet as far as is known"
        return Conclusion(
            Disposition.ROUTINE if reasons else Disposition.SELF_CARE,
            f"{named}{with_sign}. If it is still there on day {late:g} a clinician should look at it.",
            _clocks(facts),
        )
    asks = (
        "Delayed: ask about mycobacteria before any steroid."
        if _is_delayed(facts)
        else "A clinician should look at it."
    )
    return Conclusion(
        Disposition.ROUTINE, f"{named}, quiet as far as is known. {asks}{_remarks(facts)}", _clocks(facts)
    )


def _is_late(facts: Facts) -> bool:
    return facts.day is None or facts.boundary(ROHRICH, "late").met_by(facts.day)


def _is_delayed(facts: Facts) -> bool:
    return facts.day is None or facts.boundary(PANEL, "delayed").met_by(facts.day / 7)


def _local(facts: Facts, lumps: list[str]) -> list[str]:
    """Signs of inflammation that are there and that neither the procedure nor an expected course explains."""
    if past_procedure(facts) is Answer.NO:
        return []
    late = _is_late(facts)
    here = [term for term in INFLAMED if facts.present_of(term)]
    unexplained = [term for term in here if late or facts.course(term) is not CourseState.WITHIN]
    signs = [facts.label(term) for term in unexplained]
    sore = any(facts.attribute(term, "painful") is Answer.YES for term in lumps)
    return [*signs, "pain"] if sore and not {"pain", "tenderness"} & set(here) else signs


def _remarks(facts: Facts) -> str:
    triggers = facts.present_of(*TRIGGERS)
    return f" Known to come before such lumps: {', '.join(triggers)}." if triggers else ""


def _clocks(facts: Facts) -> str:
    """Where today stands on each of the three published clocks."""
    day = facts.day
    if day is None:
        return "14 days, 4 weeks and 1 year; an unknown day counts as late"
    rohrich = "late" if _is_late(facts) else "early"
    if facts.boundary(ROHRICH, "delayed").met_by(day):
        rohrich = "delayed"
    consensus = "immediate" if day <= facts.boundary(CONSENSUS, "immediate").days else "early"
    if facts.boundary(CONSENSUS, "delayed").met_by(day / 7):
        consensus = "delayed"
    panel = "delayed" if _is_delayed(facts) else "not delayed"
    return (
        f"day {day:g} is {rohrich} (Rohrich: 14 days, 1 year), {consensus} (2018 consensus: 24 hours, 4 weeks), "
        f"{panel} (2020 panel: 4 weeks)"
    )


RULE = Rule(
    code="NOD01",
    name="Nodule",
    most_urgent=Disposition.WITHIN_72H,
    evidence=(PANEL, ROHRICH, CONSENSUS, "nodule-triggers", "nodule-not-granuloma", "ntm-suspicion"),
    evaluate=evaluate,
    alternatives=(
        "Mycobacterial infection: several tender lumps at the punctures from the second week on.",
        "Product or scar tissue: firm and painless from the first days, not growing.",
        "Foreign-body granuloma or late immune reaction: months later, all treated places together.",
        "Cyst, gland or growth that was there before: away from the punctures or not matching them.",
    ),
    treatment=(
        "treatment-nodule-tests-first",
        "lasting-nodule-tissue",
        "treatment-mycobacteria-tissue",
        "treatment-nodule-panel-antibiotics",
        "treatment-nodule-panel-steroids",
    ),
)
