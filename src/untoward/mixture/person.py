"""The person: allergies that cross with an ingredient, conditions and medicines that forbid or warn.

A record that warns of "anyone" needs no trait of the person. What the person says and what the record says
meet through the list of substances and conditions, never by comparing spellings; a word that is in no list is
reported as not recognised.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from untoward.evidence.base import EvidenceBase
from untoward.evidence.records import Contraindication, CrossReactivity, Pair, Record
from untoward.model.answer import Answer
from untoward.model.mixture import MixtureFinding, MixtureKind, Person, Verdict
from untoward.model.substances import SubstanceList

ANYONE = ("anyone", "everyone", "all people")
PREGNANCY_WORDS = ("pregnan", "embaraz")
BREASTFEEDING_WORDS = ("breast", "lactation", "nursing mother")
CHILD_AGE_YEARS = 18.0

ALLERGY_VERDICT = {"high": Verdict.BLOCK, "moderate": Verdict.AVOID, "low": Verdict.CAUTION}


def person_findings(
    base: EvidenceBase, substances: SubstanceList, compounds: Sequence[str], person: Person
) -> Iterator[MixtureFinding]:
    """Everything about this person that forbids an ingredient or warns of it."""
    allergic_to = _mentioned(substances, person.allergies)
    has = _mentioned(substances, (*person.history, *person.medicines))
    for key in compounds:
        yield from _own_allergy(base, substances, key, person)
        for record in base.about(key):
            finding = _finding_for(record, key, base, substances, person, allergic_to, has)
            if finding is not None:
                yield finding


def unrecognised_words(substances: SubstanceList, base: EvidenceBase, person: Person) -> tuple[str, ...]:
    """What was said of the person and is in no list of ours."""
    said = (*person.allergies, *person.history, *person.medicines)
    return tuple(
        text
        for text in dict.fromkeys(said)
        if not substances.mentioned(text) and base.compound_names.find(text) is None
    )


def _mentioned(substances: SubstanceList, texts: Iterable[str]) -> frozenset[str]:
    return frozenset(key for text in texts for key in substances.mentioned(text))


def _own_allergy(
    base: EvidenceBase, substances: SubstanceList, key: str, person: Person
) -> Iterator[MixtureFinding]:
    """An allergy to the ingredient itself, or to one of its parts."""
    wanted = {key, *base.compounds[key].parts}
    for text in person.allergies:
        if base.compound_names.find(text) in wanted:
            yield MixtureFinding(
                kind=MixtureKind.CONTRAINDICATION,
                subjects=(key,),
                severity="high",
                verdict=Verdict.BLOCK,
                statement=f"This person is allergic to {base.compounds[key].label} itself ({text}).",
                evidence=(),
            )


def _finding_for(
    record: Record,
    key: str,
    base: EvidenceBase,
    substances: SubstanceList,
    person: Person,
    allergic_to: frozenset[str],
    has: frozenset[str],
) -> MixtureFinding | None:
    label = base.compounds[key].label
    if isinstance(record, CrossReactivity):
        shared = substances.mentioned(record.allergen) & allergic_to
        return _cross_finding(record, key, label, shared) if shared else None
    if isinstance(record, Contraindication):
        reason = _reason(record.condition, substances, person, allergic_to, has)
        return _contraindication_finding(record, key, label, reason) if reason else None
    if isinstance(record, Pair) and record.with_ is not None:
        shared = substances.mentioned(record.with_) & has
        return _medicine_finding(record, key) if shared else None
    return None


def _reason(
    condition: str,
    substances: SubstanceList,
    person: Person,
    allergic_to: frozenset[str],
    has: frozenset[str],
) -> str | None:
    """Why a contraindication applies to this person, or None when nothing known makes it apply."""
    text = condition.lower()
    if text.startswith(ANYONE):
        return "anyone"
    if any(word in text for word in PREGNANCY_WORDS) and person.pregnant is Answer.YES:
        return "pregnant"
    if any(word in text for word in BREASTFEEDING_WORDS) and person.breastfeeding is Answer.YES:
        return "breast-feeding"
    is_child = person.age_years is not None and person.age_years < CHILD_AGE_YEARS
    if is_child and any(word in text for word in ("child", "under 18", "paediatric", "pediatric")):
        return f"age {person.age_years:g}"
    named = substances.mentioned(condition)
    speaks_of_allergy = any(word in text for word in ("allerg", "hypersens", "intoleran", "reaction to"))
    shared = named & (allergic_to if speaks_of_allergy else has)
    return ", ".join(sorted(shared)) if shared else None


def _cross_finding(record: CrossReactivity, key: str, label: str, shared: frozenset[str]) -> MixtureFinding:
    return MixtureFinding(
        kind=MixtureKind.CROSS_REACTIVITY,
        subjects=(key, *sorted(shared)),
        severity=record.severity,
        verdict=ALLERGY_VERDICT[record.severity],
        statement=f"Allergy to {record.allergen} can also mean {label}. {record.statement}",
        evidence=(record.key,),
    )


def _contraindication_finding(record: Contraindication, key: str, label: str, reason: str) -> MixtureFinding:
    forbidden = record.strength == "contraindicated"
    word = "must not be given" if forbidden else "needs care"
    return MixtureFinding(
        kind=MixtureKind.CONTRAINDICATION,
        subjects=(key, reason),
        severity="high" if forbidden else "moderate",
        verdict=Verdict.BLOCK if forbidden else Verdict.CAUTION,
        statement=f"{label} {word}: {record.condition}. {record.statement}",
        evidence=(record.key,),
    )


def _medicine_finding(record: Pair, key: str) -> MixtureFinding:
    severity = record.severity or "moderate"
    return MixtureFinding(
        kind=MixtureKind.INTERACTION,
        subjects=(key, record.with_ or ""),
        severity=severity,
        verdict=Verdict.AVOID if severity == "high" else Verdict.CAUTION,
        statement=f"{record.outcome[:1].upper()}{record.outcome[1:]} with {record.with_}. {record.statement}",
        evidence=(record.key,),
    )
