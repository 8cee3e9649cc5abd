"""Dose limits: what is given, summed over alike compounds, against every published limit, the lowest first.

Local anaesthetics share one capacity for toxicity, so their doses are summed as shares of each one's own
limit: 60 % of the limit of one and 60 % of another are 120 %. Other compounds are held against their own
limits alone. A limit per kg needs the weight: without it the limit is listed as not evaluated, and the limit
in mg still applies. Where a jurisdiction has a limit with adrenaline, it takes the place of the plain one in a
mixture with adrenaline, and of no other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from untoward.evidence.base import EvidenceBase
from untoward.evidence.records import DoseLimit
from untoward.model.mixture import Ingredient, Mixture, MixtureFinding, MixtureKind, Verdict
from untoward.model.quantity import Quantity

ANAESTHETIC_CLASSES = frozenset({"amide local anaesthetic", "ester local anaesthetic"})
ADRENALINE = "adrenaline"
WEIGHT_FOR_ORDER_KG = 70.0
"""Weight by which limits in mg and in mg/kg are put in one order when the weight is not known; it decides nothing."""

UNITS = {"mg": "mass", "mg/kg": "mass", "iu": "activity", "ml": "volume"}
"""Units of limits that can be held against a mixture, and the dimension of the dose they limit."""

AMOUNT_MISSING = "amount of {label}, or its strength and volume"


@dataclass(frozen=True)
class DoseKnowledge:
    """All dose limits that can be held against a mixture, by compound."""

    base: EvidenceBase

    @cached_property
    def _limits(self) -> Mapping[str, tuple[DoseLimit, ...]]:
        index: dict[str, list[DoseLimit]] = {}
        for record in self.base.of_class(DoseLimit):
            if record.unit in UNITS and record.per in (None, "session", "day"):
                index.setdefault(record.compound, []).append(record)
        return {key: tuple(records) for key, records in index.items()}

    def limits(self, key: str, mixture: Mixture) -> tuple[DoseLimit, ...]:
        """Limits of a compound that hold with or without adrenaline as the mixture has it, the lowest first."""
        records = self._limits.get(key, ())
        with_adrenaline = any(item.compound == ADRENALINE for item in mixture.ingredients)
        replaced = {(one.jurisdiction, one.unit) for one in records if _with_adrenaline(one)}
        fitting = [
            record
            for record in records
            if _with_adrenaline(record) is with_adrenaline
            or (not _with_adrenaline(record) and (record.jurisdiction, record.unit) not in replaced)
        ]
        weight = mixture.person.weight.to("kg").value if mixture.person.weight else WEIGHT_FOR_ORDER_KG
        return tuple(
            sorted(
                fitting,
                key=lambda one: (
                    one.limit * (weight if one.unit == "mg/kg" else 1.0),
                    one.jurisdiction,
                    one.key,
                ),
            )
        )


def _with_adrenaline(record: DoseLimit) -> bool:
    text = (record.with_ or "").lower()
    return ("adrenaline" in text or "epinephrine" in text) and "without" not in text


@dataclass(frozen=True, slots=True)
class _Given:
    """What is given of one compound in all its ingredients; None for a dimension that is not known."""

    mass: float | None
    activity: float | None
    volume: float | None

    def of(self, dimension: str) -> float | None:
        return {"mass": self.mass, "activity": self.activity, "volume": self.volume}[dimension]


def dose_findings(knowledge: DoseKnowledge, mixture: Mixture) -> Iterator[MixtureFinding]:
    """For each compound with a limit: passed, kept, not evaluated or not known; and anaesthetics together."""
    given = _given(mixture.ingredients)
    for key in sorted(given):
        limits = knowledge.limits(key, mixture)
        if limits:
            yield from _own_limits(knowledge.base, key, given[key], limits, mixture)
    yield from _shared_anaesthetic_limit(knowledge, given, mixture)


def _given(ingredients: Iterable[Ingredient]) -> dict[str, _Given]:
    items: dict[str, list[Ingredient]] = defaultdict(list)
    for item in ingredients:
        if item.compound is not None:
            items[item.compound].append(item)
    return {
        key: _Given(
            _sum([_value(item.dose, "mass", "mg") for item in found]),
            _sum([_value(item.dose, "activity", None) for item in found]),
            _sum([_value(item.volume, "volume", "ml") for item in found]),
        )
        for key, found in items.items()
    }


def _value(quantity: Quantity | None, dimension: str, unit: str | None) -> float | None:
    if quantity is None or quantity.dimension != dimension:
        return None
    return quantity.value if unit is None else quantity.to(unit).value


def _sum(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None


def _in_unit_of_dose(record: DoseLimit, mixture: Mixture) -> float | None:
    """The limit in mg, IU or ml; None for a limit per kg when the weight is not known."""
    if record.unit != "mg/kg":
        return record.limit
    weight = mixture.person.weight
    return None if weight is None else record.limit * weight.to("kg").value


def _own_limits(
    base: EvidenceBase, key: str, given: _Given, limits: Sequence[DoseLimit], mixture: Mixture
) -> Iterator[MixtureFinding]:
    label = base.compounds[key].label
    told = [record for record in limits if given.of(UNITS[record.unit]) is not None]
    if not told:
        yield _dose_not_known(key, label, limits)
        return
    passed = [one for one in told if _passes(one, given, mixture)]
    kept = [one for one in told if one not in passed and _in_unit_of_dose(one, mixture) is not None]
    if passed:
        yield _limits_passed(key, label, given, passed, mixture)
    elif kept:
        yield _limit_kept(key, label, given, kept[0], mixture)
    per_kg = [one for one in told if _in_unit_of_dose(one, mixture) is None]
    if per_kg:
        yield _weight_not_known(key, label, given, per_kg)


def _passes(record: DoseLimit, given: _Given, mixture: Mixture) -> bool:
    limit, dose = _in_unit_of_dose(record, mixture), given.of(UNITS[record.unit])
    return limit is not None and dose is not None and dose > limit * (1.0 + 1e-9)


def _limits_passed(
    key: str, label: str, given: _Given, passed: Sequence[DoseLimit], mixture: Mixture
) -> MixtureFinding:
    words = "; ".join(_limit_words(one, mixture) for one in passed)
    return MixtureFinding(
        kind=MixtureKind.DOSE,
        subjects=(key,),
        severity="high",
        verdict=Verdict.AVOID,
        statement=f"{_dose_words(passed[0], given)} of {label} is above {words}.",
        evidence=tuple(one.key for one in passed),
    )


def _limit_kept(key: str, label: str, given: _Given, lowest: DoseLimit, mixture: Mixture) -> MixtureFinding:
    return MixtureFinding(
        kind=MixtureKind.DOSE,
        subjects=(key,),
        severity="low",
        verdict=None,
        statement=f"{_dose_words(lowest, given)} of {label} is within the lowest limit known: {_limit_words(lowest, mixture)}.",
        evidence=(lowest.key,),
    )


def _weight_not_known(key: str, label: str, given: _Given, per_kg: Sequence[DoseLimit]) -> MixtureFinding:
    words = "; ".join(_limit_words(one, None) for one in per_kg)
    return MixtureFinding(
        kind=MixtureKind.DOSE,
        subjects=(key,),
        severity="low",
        verdict=None,
        statement=f"{_dose_words(per_kg[0], given)} of {label}: not evaluated against {words}; the weight is not known.",
        evidence=tuple(one.key for one in per_kg),
        facts_missing=("weight",),
    )


def _dose_not_known(key: str, label: str, limits: Sequence[DoseLimit]) -> MixtureFinding:
    return MixtureFinding(
        kind=MixtureKind.DOSE,
        subjects=(key,),
        severity="low",
        verdict=None,
        statement=f"The dose of {label} is not known; the lowest limit is {_limit_words(limits[0], None)}.",
        evidence=(limits[0].key,),
        facts_missing=(AMOUNT_MISSING.format(label=label),),
    )


def _shared_anaesthetic_limit(
    knowledge: DoseKnowledge, given: Mapping[str, _Given], mixture: Mixture
) -> Iterator[MixtureFinding]:
    shares = [
        share
        for key, dose in sorted(given.items())
        if (share := _anaesthetic_share(knowledge, key, dose, mixture)) is not None
    ]
    if len(shares) < 2:
        return
    total = sum(share for _key, share, _record in shares)
    labels = knowledge.base.compounds
    parts = ", ".join(
        f"{labels[key].label} {100 * share:.0f} % of {_limit_words(record, mixture)}"
        for key, share, record in shares
    )
    over = total > 1.0 + 1e-9
    yield MixtureFinding(
        kind=MixtureKind.DOSE,
        subjects=tuple(key for key, _share, _record in shares),
        severity="high" if over else "low",
        verdict=Verdict.AVOID if over else Verdict.CAUTION,
        statement=(
            f"Local anaesthetics add up: together {100 * total:.0f} % of what may be given, each against its own "
            f"lowest limit ({parts})."
        ),
        evidence=tuple(record.key for _key, _share, record in shares),
    )


def _anaesthetic_share(
    knowledge: DoseKnowledge, key: str, given: _Given, mixture: Mixture
) -> tuple[str, float, DoseLimit] | None:
    if knowledge.base.compounds[key].drug_class not in ANAESTHETIC_CLASSES or given.mass is None:
        return None
    known = [
        (limit, record.key, record)
        for record in knowledge.limits(key, mixture)
        if UNITS[record.unit] == "mass" and (limit := _in_unit_of_dose(record, mixture)) is not None
    ]
    if not known:
        return None
    limit, _name, record = min(known)
    return key, given.mass / limit, record


def _dose_words(record: DoseLimit, given: _Given) -> str:
    dimension = UNITS[record.unit]
    unit = {"mass": "mg", "activity": "IU", "volume": "ml"}[dimension]
    return f"{given.of(dimension) or 0.0:g} {unit}"


def _limit_words(record: DoseLimit, mixture: Mixture | None) -> str:
    per = f" per {record.per}" if record.per else ""
    conditions = f" with {record.with_}" if record.with_ else ""
    limit = _in_unit_of_dose(record, mixture) if mixture is not None and record.unit == "mg/kg" else None
    in_mg = "" if limit is None else f" = {limit:g} mg"
    unit = "IU" if record.unit == "iu" else record.unit
    return f"{record.limit:g} {unit}{in_mg}{per}{conditions} ({record.jurisdiction})"
