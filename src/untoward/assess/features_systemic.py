"""What rules about effects on the whole body ask for: what was injected, in words and classes, and how much."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from untoward.assess.facts import Facts
from untoward.evidence.records import Threshold
from untoward.model.answer import Answer, any_of
from untoward.model.product import Component
from untoward.model.session import Session

TOXIN = "botulinum-toxin"
TOXIN_NAMES = (
    "botul", "botox", "toxin", "dysport", "xeomin", "azzalure", "bocouture", "jeuveau", "daxxify", "letybo",
    "alluzience", "nabota", "innotox", "relfydess",
)  # fmt: skip
LIPOLYTIC_CLASSES = (
    "hormone", "xanthine", "detergent", "phospholipid", "lipid transporter", "beta agonist", "alpha-2 blocker",
    "unverified mix", "vasodilator", "plant extract", "trace element",
)  # fmt: skip
LIPOLYTIC_NAMES = (
    "meso",
    "lipo",
    "fat dissolv",
    "slim",
    "cellul",
    "celul",
    "adelgaz",
    "reductor",
    "quema",
    "triac",
)
FOREIGN_CLASSES = ("filler",)
FOREIGN_NAMES = (
    "filler", "silicone", "silicona", "biopolym", "biopolim", "polyacrylamide", "poliacrilamida", "hydrogel",
    "pmma", "methacrylate", "metacrilato", "paraffin", "parafina", "vaselin", "petrol", "fat graft", "fat transfer",
    "lipofilling", "oil", "aceite",
)  # fmt: skip
DETERGENTS = (
    "phosphatidylcholine",
    "deoxycholic-acid",
    "phosphatidylcholine-deoxycholate",
    "aqualyx",
    "lemon-bottle",
)
OXIDISING = ("prilocaine", "benzocaine", "lidocaine", "tetracaine")
NUMBING_NAMES = ("emla", "numbing", "anaesthetic cream", "anesthetic cream", "crema anestesica", "lmx")

ANAESTHETICS = (
    "articaine", "benzocaine", "bupivacaine", "lidocaine", "mepivacaine", "prilocaine", "procaine", "ropivacaine",
    "tetracaine",
)  # fmt: skip
ADRENALINE = "adrenaline"
DOSE_LIMITS = {
    "anaesthetic-dose-us-lidocaine-label": "United States label",
    "anaesthetic-dose-us-labels": "United States label",
    "anaesthetic-dose-us-procaine-label": "United States label",
    "anaesthetic-dose-us-handbook": "United States handbook",
    "anaesthetic-dose-au": "Australian guidance",
}
"""Criteria that hold the published limits, and how each is named to a reader."""


def toxin_given(facts: Facts) -> Answer:
    """Whether botulinum toxin was injected, by its compound or by a name it is sold under."""
    found = [facts.injected(TOXIN), facts.injected_named("botulinum toxin", *TOXIN_NAMES)]
    return _one_question(facts, "injected: botulinum toxin", found)


def lipolytic_given(facts: Facts) -> Answer:
    """Whether a fat-dissolving or mesotherapy mix was injected, by class of its compounds or by name."""
    classes = [facts.injected_class(words) for words in LIPOLYTIC_CLASSES]
    named = facts.injected_named("a fat-dissolving or mesotherapy mix", *LIPOLYTIC_NAMES)
    return _one_question(facts, "injected: a fat-dissolving or mesotherapy mix", [*classes, named])


def foreign_material_given(facts: Facts) -> Answer:
    """Whether a filler, silicone, fat or oil was injected."""
    classes = [facts.injected_class(words) for words in FOREIGN_CLASSES]
    named = facts.injected_named("silicone, filler, fat or oil", *FOREIGN_NAMES)
    return _one_question(facts, "injected: silicone, filler, fat or oil", [*classes, named])


def stimulant_given(facts: Facts) -> Answer:
    """Whether a xanthine or a beta agonist was injected."""
    classes = [facts.injected_class("xanthine"), facts.injected_class("beta agonist")]
    return _one_question(facts, "injected: a xanthine or beta agonist", classes)


def oxidising_anaesthetic_given(facts: Facts) -> Answer:
    """Whether a local anaesthetic that can oxidise haemoglobin was given, injected or as a cream."""
    named = facts.injected_named("a numbing cream", *NUMBING_NAMES)
    return _one_question(
        facts, "given: prilocaine, benzocaine or lidocaine", [facts.injected(*OXIDISING), named]
    )


def _one_question(facts: Facts, name: str, answers: list[Answer]) -> Answer:
    """One answer, and one missing fact in place of one for each class that was looked for."""
    answer = any_of(answers)
    for missing in [label for label in facts.missing if label.startswith("injected: ")]:
        del facts.missing[missing]
    if answer is Answer.UNKNOWN:
        facts.lacking(name)
    return answer


# --- summed dose of local anaesthetics --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AnaestheticDose:
    """Local anaesthetics of one session: milligrams by compound, those without an amount, and adrenaline.

    `with_adrenaline` is true only when every syringe that held an anaesthetic held adrenaline too.
    """

    milligrams: Mapping[str, float]
    unmeasured: tuple[str, ...]
    with_adrenaline: bool

    @property
    def total(self) -> float:
        """Sum over all compounds in mg."""
        return sum(self.milligrams.values())

    @property
    def compounds(self) -> tuple[str, ...]:
        """Keys of every local anaesthetic given, measured or not."""
        return tuple(dict.fromkeys((*self.milligrams, *self.unmeasured)))


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseLimit:
    """One published limit made into mg for this person: who prints it, for which compound, and the figure."""

    jurisdiction: str
    compound: str
    milligrams: float
    printed: str


def last_session(sessions: tuple[Session, ...]) -> Session | None:
    """The session with the latest day, or the last one listed when days are not known."""
    if not sessions:
        return None
    known = [session for session in sessions if session.day is not None]
    return max(known, key=lambda session: session.day or 0.0) if len(known) == len(sessions) else sessions[-1]


def anaesthetic_dose(session: Session) -> AnaestheticDose:
    """Sum the local anaesthetics of a session, creams included."""
    sums: dict[str, float] = {}
    unmeasured: list[str] = []
    mixes_with, mixes_without = 0, 0
    for mix in session.mixes():
        numbing = [part for part in mix.components if part.compound in ANAESTHETICS]
        held = any(part.compound == ADRENALINE for part in mix.components)
        mixes_with += bool(numbing and held)
        mixes_without += bool(numbing and not held)
        for part in numbing:
            amount, key = milligrams(part), part.compound or ""
            if amount is None:
                unmeasured.append(key)
            else:
                sums[key] = sums.get(key, 0.0) + amount
    return AnaestheticDose(
        milligrams=sums,
        unmeasured=tuple(dict.fromkeys(unmeasured)),
        with_adrenaline=mixes_with > 0 and mixes_without == 0,
    )


def milligrams(part: Component) -> float | None:
    """How many mg of a compound were given: the amount, or strength times volume; None when neither is known."""
    if part.amount is None:
        return None
    if part.amount.dimension == "mass":
        return part.amount.to("mg").value
    if part.amount.dimension == "concentration" and part.volume is not None:
        return part.amount.to("mg/ml").value * part.volume.to("ml").value
    return None


def dose_limits(facts: Facts, dose: AnaestheticDose, weight_kg: float | None) -> tuple[DoseLimit, ...]:
    """Every published limit that applies to one of the compounds, lowest first; those by weight need the weight."""
    found = []
    for criterion, jurisdiction in DOSE_LIMITS.items():
        thresholds = facts.criterion(criterion).thresholds
        for compound in dose.compounds:
            for bound in _applicable(thresholds, compound, dose.with_adrenaline):
                allowed = _allowed(bound, weight_kg)
                if allowed is not None:
                    found.append(
                        DoseLimit(
                            jurisdiction=jurisdiction,
                            compound=compound,
                            milligrams=allowed,
                            printed=str(bound),
                        )
                    )
    return tuple(sorted(found, key=lambda limit: (limit.milligrams, limit.jurisdiction, limit.compound)))


def _applicable(thresholds: tuple[Threshold, ...], compound: str, with_adrenaline: bool) -> list[Threshold]:
    plain = [bound for bound in thresholds if bound.name == f"{compound} plain"]
    higher = [bound for bound in thresholds if bound.name == f"{compound} with adrenaline"]
    return higher or plain if with_adrenaline else plain


def _allowed(bound: Threshold, weight_kg: float | None) -> float | None:
    if bound.unit == "mg":
        return float(bound.value)
    return None if weight_kg is None else float(bound.value) * weight_kg
