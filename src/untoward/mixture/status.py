"""The law: whether a compound may be used, where that is known, in the country asked about or anywhere.

With a country, what is banned or suspended there blocks, and what is suspended as a whole elsewhere calls for care.
Without one, nobody can say what the law is: a compound suspended as a whole anywhere is to be avoided, and a use that
is banned or suspended somewhere calls for care. Rules for food, tablets and sprays say nothing of an injection and are
only told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from untoward.evidence.base import EvidenceBase
from untoward.evidence.records import Regulatory
from untoward.model.mixture import MixtureFinding, MixtureKind, Verdict

EU = "EU"
EU_COUNTRIES = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
)
FORBIDDEN = frozenset({"banned", "suspended"})
UNCERTAIN = frozenset({"unapproved", "off-label", "warning"})
_NOT_INJECTED = re.compile(r"\b(?:food|foods|nasal|by mouth|tablets?|skin|cream)\b")


@dataclass(frozen=True)
class StatusKnowledge:
    """What the law says now, by compound."""

    base: EvidenceBase

    @cached_property
    def by_compound(self) -> Mapping[str, tuple[Regulatory, ...]]:
        """Records that are in force, by compound."""
        index: dict[str, list[Regulatory]] = {}
        for record in self.base.of_class(Regulatory):
            if record.valid_to is None:
                index.setdefault(record.compound, []).append(record)
        return {key: tuple(records) for key, records in index.items()}


def status_findings(
    knowledge: StatusKnowledge, compounds: Iterable[str], country: str | None
) -> Iterator[MixtureFinding]:
    """What the law says of each compound and its parts: forbidden blocks, the rest is told."""
    base = knowledge.base
    for key in sorted(set(compounds)):
        for member in (key, *base.compounds[key].parts):
            for record in knowledge.by_compound.get(member, ()):
                if record.status in FORBIDDEN or (record.status in UNCERTAIN and _holds(record, country)):
                    yield _finding(base, key, record, _verdict(record, country))


def _holds(record: Regulatory, country: str | None) -> bool:
    """Whether a record holds in the country asked about; any record does when no country is."""
    in_union = record.country == EU and country in EU_COUNTRIES
    return country is None or record.country == country or in_union


def _verdict(record: Regulatory, country: str | None) -> Verdict | None:
    if record.status not in FORBIDDEN or _speaks_of_another_route(record.use):
        return None
    whole = record.status == "suspended" and record.use.lower().startswith("all uses")
    if country is None:
        return Verdict.AVOID if whole else Verdict.CAUTION
    if _holds(record, country):
        return Verdict.BLOCK
    return Verdict.CAUTION if whole else None


def _speaks_of_another_route(use: str) -> bool:
    return _NOT_INJECTED.search(use.lower()) is not None and "injection" not in use.lower()


def _finding(base: EvidenceBase, key: str, record: Regulatory, verdict: Verdict | None) -> MixtureFinding:
    since = f" since {record.valid_from}" if record.valid_from else ""
    label = base.compounds[record.compound].label
    return MixtureFinding(
        kind=MixtureKind.REGULATORY,
        subjects=(key,),
        severity="low" if verdict is None else "high",
        verdict=verdict,
        statement=f"{label[:1].upper()}{label[1:]}: {record.status} in {record.country} for {record.use}{since}.",
        evidence=(record.key,),
    )
