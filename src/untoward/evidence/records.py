"""One class per kind of evidence record. The JSON Schema (`schema/record.json`) says which fields each kind
has.

A record is one published fact in our own words, with its source, where in the source it stands, what of the
source was read, a grade, and whether the figure itself was seen (`verified`). A single case has no
denominator and is never an `Incidence`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from untoward.model.quantity import Quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a fact was read.

    `opened` is the ISO date we opened it or a faithful copy; None when we could not.
    """

    key: str
    title: str
    year: int | None
    type: str
    opened: str | None
    authors: str | None = None
    publisher: str | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    url: str | None = None
    note: str | None = None

    @property
    def citation(self) -> str:
        """As a reader would cite it: authors, title, publisher, year, DOI or PMID."""
        year = str(self.year) if self.year is not None else "no date"
        parts = [self.authors, self.title, self.publisher, year]
        parts.append(f"doi:{self.doi}" if self.doi else (f"PMID {self.pmid}" if self.pmid else None))
        return ". ".join(part.rstrip(".") for part in parts if part) + "."

    @property
    def link(self) -> str | None:
        """An address a reader can open: the DOI first, then the page that was read."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What every record carries, whatever its kind."""

    key: str
    kind: str
    statement: str
    source: str
    locator: str
    grade: str
    read: str
    checked: str
    verified: bool
    population: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Incidence(Record):
    """How often:

    `n` of `of` had the term after the compound, counted per person, session, injection or lesion.
    """

    compound: str
    term: str
    n: int
    of: int
    per: str
    follow_up: str | None = None
    arm: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """Share of people in whom it was over by a day (in the record's unit)."""

    day: float
    percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing(Record):
    """How long (kind `duration`) or when it began (kind `onset`):

    published quantiles in `unit`, from `n` people.
    """

    compound: str
    term: str
    n: int
    unit: str
    median: float | None = None
    mean: float | None = None
    sd: float | None = None
    low: float | None = None
    high: float | None = None
    interval: str | None = None
    resolved: tuple[Resolved, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseReport(Record):
    """It has happened: `n` single cases. It shows that something can happen and never becomes a rate."""

    compound: str
    term: str
    n: int
    onset_days: tuple[float, ...] = ()
    outcome: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbreak(Record):
    """A published outbreak: `n` ill of `of` exposed; `of` is None when no denominator was published."""

    place: str
    period: str
    n: int
    not_published: tuple[str, ...]
    of: int | None = None
    term: str | None = None
    compound: str | None = None
    vehicle: str | None = None
    attack_rate_percent: float | None = None
    incubation: Mapping[str, Any] | None = None


COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": operator.ge, ">": operator.gt, "<=": operator.le, "<": operator.lt, "=": operator.eq,
}  # fmt: skip


@lru_cache(maxsize=1024)
def _in_days(value: float, unit: str) -> float:
    return Quantity.of(value, unit).to("day").value


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One boundary of a published criterion: (operator, value, unit). The commonest error is `>` for `>=`."""

    name: str
    operator: str
    value: Any
    unit: str | None = None

    def met_by(self, number: float) -> bool:
        """Whether a number meets this boundary.

        Raises ValueError for a criterion that is not a comparison.
        """
        compared = COMPARISONS.get(self.operator)
        if compared is None:
            raise ValueError(f"{self.name}: {self.operator!r} does not compare numbers")
        return compared(number, float(self.value))

    @property
    def days(self) -> float:
        """The boundary as days; raises ValueError when it is not a time."""
        return _in_days(float(self.value), self.unit or "")

    def __str__(self) -> str:
        value = ", ".join(map(str, self.value)) if isinstance(self.value, list | tuple) else self.value
        return " ".join(
            str(part) for part in (self.name, self.operator, value, self.unit) if part is not None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion(Record):
    """A published clinical criterion with its boundaries and how sure we are of them (P, S or S2)."""

    standard: str
    edition: str
    thresholds: tuple[Threshold, ...]
    confidence: str

    def threshold(self, name: str) -> Threshold:
        """The boundary of this name; raises KeyError when the criterion has none."""
        for threshold in self.thresholds:
            if threshold.name == name:
                return threshold
        raise KeyError(f"{self.key} has no threshold {name!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Record):
    """What is claimed for a compound, and whether it is proven, limited, unproven or contradicted."""

    compound: str
    claim: str
    state: str
    because: str
    for_: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftercare(Record):
    """A measure advised after a session, and what is known of its effect."""

    measure: str
    state: str
    because: str
    remedy: str | None = None
    compound: str | None = None
    term: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Regulatory(Record):
    """May it be used, where, for what, from and until when."""

    compound: str
    country: str
    status: str
    use: str
    valid_from: str | None = None
    valid_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contraindication(Record):
    """Who must not get it, or only with caution."""

    compound: str
    condition: str
    strength: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseLimit(Record):
    """The most that may be given, with its unit, per session, day or point, and in which jurisdiction."""

    compound: str
    limit: float
    unit: str
    jurisdiction: str
    with_: str | None = None
    per: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acidity(Record):
    """pH of the injectable form, from `low` to `high`."""

    compound: str
    low: float
    high: float
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair(Record):
    """What was mixed or given together (kinds `incompatibility`, `compatibility`, `interaction`).

    Single compounds, or whole classes where the literature states classes; `with_` names a medicine or
    condition outside the mix.
    """

    outcome: str
    compounds: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    severity: str | None = None
    vehicle: str | None = None
    concentrations: str | None = None
    with_: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossReactivity(Record):
    """An allergy that also means this compound."""

    compound: str
    allergen: str
    severity: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Practice(Record):
    """How injections are or should be done."""

    topic: str
    country: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter(Record):
    """A number the simulator draws from; `assumption` is true when no source gives it and we chose it."""

    name: str
    value: Any
    unit: str
    assumption: bool


CLASS_OF_KIND: Mapping[str, type[Record]] = {
    "incidence": Incidence,
    "duration": Timing,
    "onset": Timing,
    "case-report": CaseReport,
    "outbreak": Outbreak,
    "criterion": Criterion,
    "claim": Claim,
    "aftercare": Aftercare,
    "regulatory": Regulatory,
    "contraindication": Contraindication,
    "dose-limit": DoseLimit,
    "ph": Acidity,
    "incompatibility": Pair,
    "compatibility": Pair,
    "interaction": Pair,
    "cross-reactivity": CrossReactivity,
    "practice": Practice,
    "parameter": Parameter,
}

_NESTED = {"resolved": Resolved, "thresholds": Threshold}


def record_from(data: Mapping[str, Any]) -> Record:
    """Build the record of its kind from data that the schema has accepted."""
    kind = CLASS_OF_KIND[data["kind"]]
    return kind(**{_python_name(name): _value_of(name, value) for name, value in data.items()})


def subjects_of(record: Record) -> tuple[str, ...]:
    """The compounds a record is about; empty for records about practice, outbreaks or standards."""
    named = [
        getattr(record, "compound", None),
        getattr(record, "remedy", None),
        *getattr(record, "compounds", ()),
    ]
    return tuple(dict.fromkeys(key for key in named if key))


def _python_name(name: str) -> str:
    return f"{name}_" if name in ("for", "with") else name


def _value_of(name: str, value: Any) -> Any:  # noqa: ANN401 - YAML holds anything
    if isinstance(value, list):
        return tuple(_NESTED[name](**item) for item in value) if name in _NESTED else tuple(value)
    return value
