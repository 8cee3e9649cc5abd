"""Dose limits: what is given, summed over alike compounds, against every published limit, the lowest first.

Local anaesthetics share one capacity for toxicity, so their doses are summed as shares of each one's own
limit: 60 % of the limit of one and 60 % of another are 120 %. Other compounds are held against their own
limits alone. A limit per kg needs the weight: without it the limit is listed as not evaluated, and the limit
in mg still applies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from untoward.evidence.base import EvidenceBase
from untoward.evidence.records import DoseLimit
from untoward.model.mixture import Ingredient, Mixture, MixtureFinding, MixtureKind, Verdict
from untoward.model.quantity import Quantity

ANAESTHETIC_CLASSES = frozenset({"amide local anaesthetic", "ester local anaesthetic"})
ADRENALINE = "adrenaline"


def dose_findings(base: EvidenceBase, mixture: Mixture) -> Iterator[MixtureFinding]:
    """A finding for each compound that passes a limit, for anaesthetics that pass theirs together, and for doses not given."""
    given, unknown = _doses(mixture.ingredients)
    limited = [key for key in {**given, **dict.fromkeys(unknown)} if _limits(base, key, mixture)]
    for key in sorted(limited):
        if key in unknown:
            yield _dose_not_known(base, key, mixture)
        else:
            yield from _own_limits(base, key, given[key], mixture)
    yield from _shared_anaesthetic_limit(base, given, mixture)


def _doses(ingredients: Iterable[Ingredient]) -> tuple[dict[str, Quantity], set[str]]:
    """Summed mass in mg by compound, and the compounds of which some dose is not known."""
    given: dict[str, float] = defaultdict(float)
    unknown: set[str] = set()
    for item in ingredients:
        if item.compound is None:
            continue
        if item.dose is None or item.dose.dimension != "mass":
            unknown.add(item.compound)
        else:
            given[item.compound] += item.dose.to("mg").value
    return {key: Quantity(value, "mg") for key, value in given.items() if key not in unknown}, unknown


def _limits(base: EvidenceBase, key: str, mixture: Mixture) -> tuple[DoseLimit, ...]:
    """Limits in mg or mg/kg that apply, the lowest in mg first (by the weight given, or 70 kg only for the order)."""
    with_adrenaline = any(item.compound == ADRENALINE for item in mixture.ingredients)
    found = [
        record
        for record in base.about(key)
        if isinstance(record, DoseLimit)
        and record.unit in ("mg", "mg/kg")
        and record.per in (None, "session", "day")
        and _adrenaline_fits(record, with_adrenaline)
    ]
    weight = mixture.person.weight.to("kg").value if mixture.person.weight else 70.0
    return tuple(sorted(found, key=lambda record: record.limit * (weight if record.unit == "mg/kg" else 1.0)))


def _adrenaline_fits(record: DoseLimit, with_adrenaline: bool) -> bool:
    text = (record.with_ or "").lower()
    if "adrenaline" not in text and "epinephrine" not in text:
        return True
    without = "without" in text or "no adrenaline" in text
    return without is not with_adrenaline


def _in_mg(record: DoseLimit, mixture: Mixture) -> float | None:
    if record.unit == "mg":
        return record.limit
    weight = mixture.person.weight
    return None if weight is None else record.limit * weight.to("kg").value


def _own_limits(base: EvidenceBase, key: str, dose: Quantity, mixture: Mixture) -> Iterator[MixtureFinding]:
    label = base.compounds[key].label
    for record in _limits(base, key, mixture):
        limit = _in_mg(record, mixture)
        if limit is not None and dose.value > limit:
            yield MixtureFinding(
                kind=MixtureKind.DOSE,
                subjects=(key,),
                severity="high",
                verdict=Verdict.AVOID,
                statement=f"{dose.value:g} mg of {label} is above {_limit_words(record, limit)}.",
                evidence=(record.key,),
            )
            return
    missing = [record for record in _limits(base, key, mixture) if _in_mg(record, mixture) is None]
    if missing:
        yield MixtureFinding(
            kind=MixtureKind.DOSE,
            subjects=(key,),
            severity="low",
            verdict=None,
            statement=(
                f"{dose.value:g} mg of {label}: {_limit_words(missing[0], None)} could not be checked, "
                "the weight is not known."
            ),
            evidence=(missing[0].key,),
            facts_missing=("weight",),
        )


def _dose_not_known(base: EvidenceBase, key: str, mixture: Mixture) -> MixtureFinding:
    lowest = _limits(base, key, mixture)[0]
    return MixtureFinding(
        kind=MixtureKind.DOSE,
        subjects=(key,),
        severity="low",
        verdict=None,
        statement=f"The dose of {base.compounds[key].label} is not known; the lowest limit is {_limit_words(lowest, None)}.",
        evidence=(lowest.key,),
        facts_missing=("amount, or strength and volume",),
    )


def _shared_anaesthetic_limit(
    base: EvidenceBase, given: Mapping[str, Quantity], mixture: Mixture
) -> Iterator[MixtureFinding]:
    shares = [
        share
        for key, dose in sorted(given.items())
        if (share := _anaesthetic_share(base, key, dose, mixture)) is not None
    ]
    if len(shares) < 2:
        return
    total = sum(share for _key, share, _record in shares)
    parts = ", ".join(f"{base.compounds[key].label} {100 * share:.0f} %" for key, share, _record in shares)
    over = total > 1.0
    yield MixtureFinding(
        kind=MixtureKind.DOSE,
        subjects=tuple(key for key, _share, _record in shares),
        severity="high" if over else "low",
        verdict=Verdict.AVOID if over else Verdict.CAUTION,
        statement=(
            f"Local anaesthetics add up: together {100 * total:.0f} % of what may be given "
            f"({parts} of their own lowest limits)."
        ),
        evidence=tuple(record.key for _key, _share, record in shares),
    )


def _anaesthetic_share(
    base: EvidenceBase, key: str, dose: Quantity, mixture: Mixture
) -> tuple[str, float, DoseLimit] | None:
    if base.compounds[key].drug_class not in ANAESTHETIC_CLASSES:
        return None
    known: Sequence[tuple[float, DoseLimit]] = [
        (limit, record)
        for record in _limits(base, key, mixture)
        if (limit := _in_mg(record, mixture)) is not None
    ]
    if not known:
        return None
    limit, record = min(known, key=lambda pair: pair[0])
    return key, dose.value / limit, record


def _limit_words(record: DoseLimit, limit_mg: float | None) -> str:
    per = f" per {record.per}" if record.per else ""
    conditions = f" {record.with_}" if record.with_ else ""
    in_mg = f" = {limit_mg:g} mg" if record.unit == "mg/kg" and limit_mg is not None else ""
    return f"{record.limit:g} {record.unit}{in_mg}{per}{conditions} ({record.jurisdiction})"
