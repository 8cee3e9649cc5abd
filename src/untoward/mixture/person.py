"""The person: allergies that cross with an ingredient, conditions and medicines that forbid or warn.

What the person says and what the record says meet through the list of substances and conditions, never by
comparing spellings; a word that is in no list is reported as not recognised. An allergy or a contraindication
of this person blocks. A medicine that the person takes cannot be left out of the syringe, so an interaction with
it calls for care, and for another choice only where the source bars the two together.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from untoward.evidence.base import EvidenceBase
from untoward.evidence.records import Contraindication, CrossReactivity, Pair
from untoward.mixture.conditions import Clause, clauses_of
from untoward.mixture.pairs import PairKnowledge
from untoward.mixture.words import PersonRead
from untoward.model.mixture import MixtureFinding, MixtureKind, Person, Verdict

ADRENALINE = "adrenaline"
ALLERGY_VERDICT = {"high": Verdict.BLOCK, "moderate": Verdict.AVOID, "low": Verdict.CAUTION}
_BARRED = re.compile(r"\b(?:bars?|barred|contraindicated|must not|not to be given|never)\b", re.IGNORECASE)
_OF_THE_SYRINGE = re.compile(r"\b(?:solutions?|syringe|infusion fluids?|laboratory tests|immunoassays)\b")


@dataclass(frozen=True, slots=True)
class _Allergen:
    record: CrossReactivity
    keys: frozenset[str]
    in_products_with_adrenaline: bool


@dataclass(frozen=True, slots=True)
class _Medicine:
    record: Pair
    keys: frozenset[str]


@dataclass(frozen=True)
class PersonKnowledge:
    """Everything in the base that depends on the person, by compound, with its words already read."""

    base: EvidenceBase
    pairs: PairKnowledge

    @cached_property
    def allergens(self) -> Mapping[str, tuple[_Allergen, ...]]:
        """Allergies that also mean a compound, by compound."""
        index: dict[str, list[_Allergen]] = {}
        for record in self.base.of_class(CrossReactivity):
            named = self.base.substances.named
            outside = re.sub(r"\([^)]*\)", " ", record.allergen)
            only_with = "products with adrenaline" in record.allergen
            index.setdefault(record.compound, []).append(
                _Allergen(record, named(outside) or named(record.allergen), only_with)
            )
        return {key: tuple(found) for key, found in index.items()}

    @cached_property
    def conditions(self) -> Mapping[str, tuple[tuple[Contraindication, tuple[Clause, ...]], ...]]:
        """Contraindications with their clauses, by compound."""
        index: dict[str, list[tuple[Contraindication, tuple[Clause, ...]]]] = {}
        for record in self.base.of_class(Contraindication):
            entry = record, clauses_of(record.condition, self.base.substances)
            index.setdefault(record.compound, []).append(entry)
        return {key: tuple(found) for key, found in index.items()}

    @cached_property
    def medicines(self) -> Mapping[str, tuple[_Medicine, ...]]:
        """Medicines outside the syringe that interact, by compound or class of compounds."""
        index: dict[str, list[_Medicine]] = {}
        for record in self.base.of_class(Pair):
            if record.with_ is None or _OF_THE_SYRINGE.search(record.with_):
                continue
            keys = self.base.substances.named(record.with_)
            for name in (*record.compounds, *record.classes):
                index.setdefault(name, []).append(_Medicine(record, keys))
        return {key: tuple(found) for key, found in index.items()}

    @cached_property
    def class_of_group(self) -> Mapping[str, str]:
        """The class of compounds that a group of medicines is, where all its compounds are of one class."""
        classes = {
            key: {self.base.compounds[compound].drug_class for compound in substance.compounds}
            for key, substance in self.base.substances.substances.items()
            if substance.kind == "medicine"
        }
        return {key: found.pop() for key, found in classes.items() if len(found) == 1}


def person_findings(
    knowledge: PersonKnowledge, compounds: Sequence[str], person: Person, read: PersonRead
) -> Iterator[MixtureFinding]:
    """Everything about this person that forbids an ingredient or warns of it; each record once for each ingredient."""
    told: set[tuple[str, ...]] = set()
    for key in compounds:
        for member in (key, *knowledge.base.compounds[key].parts):
            for finding in _about(knowledge, key, member, compounds, person, read):
                about = (key, *(finding.evidence or (finding.statement,)))
                if about not in told:
                    told.add(about)
                    yield finding


def facts_not_known(
    knowledge: PersonKnowledge, compounds: Iterable[str], person: Person, read: PersonRead
) -> tuple[str, ...]:
    """Facts of the person that a contraindication of an ingredient asks for and nobody told."""
    missing: dict[str, None] = {}
    for key in compounds:
        for member in (key, *knowledge.base.compounds[key].parts):
            for _record, clauses in knowledge.conditions.get(member, ()):
                for clause in clauses:
                    missing.update(dict.fromkeys(clause.not_known(person, read)))
    return tuple(missing)


def _about(
    knowledge: PersonKnowledge,
    key: str,
    member: str,
    compounds: Sequence[str],
    person: Person,
    read: PersonRead,
) -> Iterator[MixtureFinding]:
    base = knowledge.base
    yield from _own_allergy(base, key, member, read)
    for allergen in knowledge.allergens.get(member, ()):
        if shared := allergen.keys & read.allergic_to:
            doubtful = allergen.in_products_with_adrenaline and ADRENALINE not in compounds
            yield _cross_finding(base, allergen.record, key, shared, doubtful)
    for record, clauses in knowledge.conditions.get(member, ()):
        reasons = [reason for clause in clauses if (reason := clause.reason(person, read)) is not None]
        if reasons:
            yield _contraindication_finding(base, record, key, reasons)
    yield from _about_medicines(knowledge, key, member, read)


def _about_medicines(
    knowledge: PersonKnowledge, key: str, member: str, read: PersonRead
) -> Iterator[MixtureFinding]:
    """Medicines that records name; where none does, what compounds and classes do to each other."""
    base, met = knowledge.base, frozenset[str]()
    for name in (member, base.compounds[member].drug_class):
        for medicine in knowledge.medicines.get(name, ()):
            if shared := medicine.keys & read.has:
                met |= shared
                yield _medicine_finding(medicine.record, key, medicine.record.with_ or "", shared)
    for taken in sorted(read.compounds_taken):
        if taken == member:
            yield _taken_already(base, key, taken)
        for effect in knowledge.pairs.effects(member, taken) if taken != member else ():
            yield _medicine_finding(effect, key, base.compounds[taken].label, frozenset({taken}))
    for group in sorted(read.has - met):
        if (drug_class := knowledge.class_of_group.get(group)) is not None:
            for effect in knowledge.pairs.effects_with_class(member, drug_class):
                yield _medicine_finding(effect, key, drug_class, frozenset({group}))


def _own_allergy(base: EvidenceBase, key: str, member: str, read: PersonRead) -> Iterator[MixtureFinding]:
    """An allergy to the ingredient itself, or to one of its parts."""
    if member in read.allergens_named:
        part = "" if member == key else f", a part of {base.compounds[key].label}"
        yield MixtureFinding(
            kind=MixtureKind.CONTRAINDICATION,
            subjects=(key, member) if member != key else (key,),
            severity="high",
            verdict=Verdict.BLOCK,
            statement=f"This person is allergic to {base.compounds[member].label} itself{part}.",
            evidence=(),
        )


def _cross_finding(
    base: EvidenceBase, record: CrossReactivity, key: str, shared: frozenset[str], doubtful: bool
) -> MixtureFinding:
    note = (
        " It matters in products with adrenaline; none is listed here, so look at the pack."
        if doubtful
        else ""
    )
    label = base.compounds[key].label
    return MixtureFinding(
        kind=MixtureKind.CROSS_REACTIVITY,
        subjects=(key, *sorted(shared)),
        severity="low" if doubtful else record.severity,
        verdict=Verdict.CAUTION if doubtful else ALLERGY_VERDICT[record.severity],
        statement=f"Allergy to {record.allergen} can also mean {label}. {record.statement}{note}",
        evidence=(record.key,),
    )


def _contraindication_finding(
    base: EvidenceBase, record: Contraindication, key: str, reasons: Sequence[str]
) -> MixtureFinding:
    forbidden = record.strength == "contraindicated"
    for_all = "anyone" in reasons
    verdict = Verdict.CAUTION if not forbidden else Verdict.AVOID if for_all else Verdict.BLOCK
    word = "must not be given" if forbidden else "needs care"
    return MixtureFinding(
        kind=MixtureKind.CONTRAINDICATION,
        subjects=(key, *dict.fromkeys(reasons)),
        severity="high" if forbidden else "moderate",
        verdict=verdict,
        statement=f"{_capital(base.compounds[key].label)} {word}: {record.condition}. {record.statement}",
        evidence=(record.key,),
    )


def _medicine_finding(record: Pair, key: str, medicine: str, shared: frozenset[str]) -> MixtureFinding:
    severity = record.severity or "moderate"
    barred = severity == "high" and _BARRED.search(f"{record.outcome} {record.statement}") is not None
    return MixtureFinding(
        kind=MixtureKind.INTERACTION,
        subjects=(key, *sorted(shared)),
        severity=severity,
        verdict=Verdict.AVOID if barred else Verdict.CAUTION,
        statement=f"{_capital(record.outcome)}, with {medicine}. {record.statement}",
        evidence=(record.key,),
    )


def _taken_already(base: EvidenceBase, key: str, taken: str) -> MixtureFinding:
    return MixtureFinding(
        kind=MixtureKind.DUPLICATE_CLASS,
        subjects=(key,),
        severity="moderate",
        verdict=Verdict.CAUTION,
        statement=f"This person already takes {base.compounds[taken].label}: the amounts add up.",
        evidence=(),
    )


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"
