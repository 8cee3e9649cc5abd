"""What to do after a session, each measure once, with its date and with how well it is shown to work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from untoward.aftercare.days import Days
from untoward.aftercare.sheet import LeftOut, Statement
from untoward.aftercare.subjects import Subjects, compound_name, records_about
from untoward.aftercare.texts import Texts
from untoward.aftercare.topics import Topic, topics
from untoward.evidence.base import EvidenceBase
from untoward.evidence.records import Aftercare, Contraindication, CrossReactivity
from untoward.model.names import fold
from untoward.model.people import Patient
from untoward.model.terms import Term

_FROM_BEST_TO_WORST = ("proven", "limited", "unproven", "contradicted")

_BLOOD_THINNER = "anticoagulant"

_WORDS_OF_NO_ALLERGEN = frozenset(
    "allergy allergic alergia alergica alergico allergie with and the del les products product protein".split()
)


def advice(base: EvidenceBase, person: Patient, subjects: Subjects, days: Days) -> tuple[Statement, ...]:
    """What the person needs to know first, then the measures that apply to these compounds and places."""
    measures = _measures(base, topics().advice, subjects, days)
    return (*_personal(base, person, subjects, days.texts), *measures)


def unshown(base: EvidenceBase, subjects: Subjects, days: Days) -> tuple[Statement, ...]:
    """What is often advised though its effect is not shown."""
    return tuple(_measures(base, topics().unshown, subjects, days))


def left_out(base: EvidenceBase, subjects: Subjects) -> tuple[LeftOut, ...]:
    """Aftercare records that apply and are not printed, with the reason."""
    reasons, shown = topics()["left_out"], _shown_records()
    return tuple(
        LeftOut(record=record.key, reason=reasons.get(record.key, "no wording for patients yet"))
        for record in base.of_class(Aftercare)
        if subjects.concerns(record) and record.key not in shown and record.remedy not in _shown_remedies()
    )


def _shown_records() -> frozenset[str]:
    every = (*topics().advice, *topics().unshown)
    return frozenset(key for topic in every for key in (*topic.records, *topic.warnings))


def _shown_remedies() -> frozenset[str]:
    return frozenset(topic.remedy for topic in topics().unshown if topic.remedy)


def _measures(
    base: EvidenceBase, wanted: Iterable[Topic], subjects: Subjects, days: Days
) -> Iterator[Statement]:
    for topic in wanted:
        applying = _applying(base, topic.records, subjects)
        if applying and subjects.may_be_in(topic.places):
            yield _measure(base, topic, applying, subjects, days)


def _applying(base: EvidenceBase, keys: Iterable[str], subjects: Subjects) -> tuple[Aftercare, ...]:
    found = (base.records.get(key) for key in keys)
    return tuple(r for r in found if isinstance(r, Aftercare) and subjects.concerns(r))


def _measure(
    base: EvidenceBase, topic: Topic, applying: tuple[Aftercare, ...], subjects: Subjects, days: Days
) -> Statement:
    texts, state = days.texts, least_sure(record.state for record in applying)
    beside = _applying(base, (*topic.warnings, *_others_on(base, topic)), subjects)
    low, high = topic.said or (None, None)
    filled = {"until": "" if topic.days is None else days.until(topic.days), "low": low, "high": high}
    numbers = {"days": topic.days, "said_from_days": low, "said_to_days": high}
    return Statement(
        key=f"do.{topic.key}",
        text=texts(f"do.{topic.key}", **filled),
        evidence=(*(record.key for record in (*applying, *beside)), *topic.supports),
        numbers={name: number for name, number in numbers.items() if number is not None},
        state=state,
        state_words=texts(f"state.{state}"),
    )


def _others_on(base: EvidenceBase, topic: Topic) -> Iterator[str]:
    named = (*topic.records, *topic.warnings)
    for record in base.of_class(Aftercare):
        if topic.remedy and record.remedy == topic.remedy and record.key not in named:
            yield record.key


def least_sure(states: Iterable[str]) -> str:
    """The most careful of several states: one record against outweighs one in favour."""
    return max(states, key=_FROM_BEST_TO_WORST.index)


def _personal(base: EvidenceBase, person: Patient, subjects: Subjects, texts: Texts) -> Iterator[Statement]:
    records = records_about(base, subjects.wider)
    if _BLOOD_THINNER in person.context:
        against = (
            r.key for r in records if isinstance(r, Contraindication) and _BLOOD_THINNER in r.condition
        )
        evidence = ("aftercare-stop-blood-thinning-supplements", *against)
        yield Statement(key="do.blood_thinner", text=texts("do.blood_thinner"), evidence=evidence)
    cross = [record for record in records if isinstance(record, CrossReactivity)]
    for allergy in person.allergies:
        meant = [record for record in cross if _same_allergen(base, allergy, record.allergen)]
        if meant:
            holding = (_given_with(base, subjects, record.compound) for record in meant)
            names = dict.fromkeys(compound_name(base, key, texts) for key in holding)
            text = texts("do.allergy", allergy=allergy, compound=", ".join(names))
            yield Statement(key="do.allergy", text=text, evidence=tuple(record.key for record in meant))


def _given_with(base: EvidenceBase, subjects: Subjects, compound: str) -> str:
    """The compound itself when it was given, else the mixture that was given and holds it."""
    holding = (key for key in subjects.own if compound in base.compounds[key].parts)
    return compound if compound in subjects.own else next(holding, compound)


def _same_allergen(base: EvidenceBase, said: str, allergen: str) -> bool:
    """Whether a word of what was said, or of the English name of that allergy, begins one of the allergen's."""
    words = _allergen_words(said)
    named = (
        term.label
        for term in base.terms.terms.values()
        if term.id.endswith("-allergy") and words & _names(term)
    )
    spoken = words.union(*map(_allergen_words, named))
    return any(
        one.startswith(other) or other.startswith(one)
        for one in spoken
        for other in _allergen_words(allergen)
    )


def _names(term: Term) -> frozenset[str]:
    """The words of an allergy in every language ("soja", "soya")."""
    return frozenset(word for name in term.every_name() for word in _allergen_words(name))


def _allergen_words(text: str) -> frozenset[str]:
    words = (word.removesuffix("s") for word in fold(text).split())
    return frozenset(word for word in words if len(word) > 2) - _WORDS_OF_NO_ALLERGEN
