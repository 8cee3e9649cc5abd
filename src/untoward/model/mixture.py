"""A mixture to be checked, and what the check says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from untoward.model.answer import Answer
from untoward.model.quantity import Quantity


class Verdict(Enum):
    """The verdict on a mixture, worst first.

    `block`: this person or the law forbids it. `avoid`: known to go wrong. `caution`: may be used with care.
    `no_data`: nothing bad is known, and compatibility is not shown. `ok`: every pair was tested and found
    compatible.
    """

    BLOCK = "block"
    AVOID = "avoid"
    CAUTION = "caution"
    NO_DATA = "no_data"
    OK = "ok"

    @property
    def rank(self) -> int:
        """0 for the worst, 4 for the best."""
        return _RANK[self]

    @classmethod
    def worst(cls, verdicts: list[Verdict]) -> Verdict:
        """The worst of a list; raises ValueError on an empty one."""
        return min(verdicts, key=lambda verdict: verdict.rank)


_RANK = {verdict: rank for rank, verdict in enumerate(Verdict)}


class MixtureKind(Enum):
    """What a finding is about."""

    INCOMPATIBILITY = "incompatibility"
    INTERACTION = "interaction"
    DUPLICATE_CLASS = "duplicate_class"
    CROSS_REACTIVITY = "cross_reactivity"
    CONTRAINDICATION = "contraindication"
    DOSE = "dose"
    REGULATORY = "regulatory"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingredient:
    """One component of a mixture as it was named, and the compound it was read as (None when not recognised).

    `read_as` says how: "name", "strength in the name", "close spelling", "vehicle" (a fluid and no compound) or
    "not recognised". `dose` is what is given of it, when it can be computed: a mass, or units of activity.
    """

    as_named: str
    compound: str | None
    read_as: str
    percent: float | None = None
    volume: Quantity | None = None
    dose: Quantity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenIngredient:
    """An ingredient as a person wrote it: a name that may hold a strength, and what was told beside it.

    `percent` is in g per 100 ml.
    """

    name: str
    percent: float | None = None
    amount: Quantity | None = None
    volume: Quantity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonWord:
    """One thing said of the person and the substances it was read as; none when it was not recognised.

    `field` is "allergies", "history" or "medicines"; `how` is "name", "close spelling", "denied" ("no asthma")
    or "not recognised".
    """

    as_said: str
    field: str
    read_as: tuple[str, ...] = ()
    how: str = "not recognised"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who would be injected, as far as the check needs to know."""

    allergies: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    medicines: tuple[str, ...] = ()
    age_years: float | None = None
    weight: Quantity | None = None
    pregnant: Answer = Answer.UNKNOWN
    breastfeeding: Answer = Answer.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """A mixture to check:

    its ingredients in any order, the vehicle, the person and the country (ISO 3166, two letters).
    """

    ingredients: tuple[Ingredient, ...]
    person: Person = field(default_factory=Person)
    vehicle: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenMixture:
    """A mixture as a person wrote it, before any name was read."""

    ingredients: tuple[GivenIngredient, ...]
    person: Person = field(default_factory=Person)
    vehicle: str | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MixtureFinding:
    """One thing the check found:

    about which subjects, how severe, which verdict it calls for, and the records behind it.
    """

    kind: MixtureKind
    subjects: tuple[str, ...]
    severity: str
    verdict: Verdict | None
    statement: str
    evidence: tuple[str, ...]
    facts_missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MixtureCheck:
    """The whole answer, worst finding first.

    `compatible` maps each pair that was tested and mixes well to its records; `no_data` lists the pairs of which
    nothing is known; `vehicle` the fluids as read, sorted; `facts_missing` what was not told and could change
    the answer; `person` how each word about the person was read.
    """

    verdict: Verdict
    findings: tuple[MixtureFinding, ...]
    compatible: Mapping[tuple[str, str], tuple[str, ...]]
    no_data: tuple[tuple[str, str], ...]
    unrecognised: tuple[str, ...]
    ingredients: tuple[Ingredient, ...]
    vehicle: tuple[str, ...]
    person: tuple[PersonWord, ...]
    facts_missing: tuple[str, ...]
    evidence_version: str

    @property
    def needs_someone(self) -> bool:
        """Whether a person must decide before this is injected: the verdict is block or avoid."""
        return self.verdict in (Verdict.BLOCK, Verdict.AVOID)
