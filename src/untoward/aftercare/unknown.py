"""What nobody knows about this session. It is said as plainly as what is known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from untoward.aftercare.given import GivenSession
from untoward.aftercare.sheet import Statement
from untoward.aftercare.subjects import Subjects, compound_name
from untoward.aftercare.texts import Texts
from untoward.aftercare.topics import topics
from untoward.evidence.base import EvidenceBase
from untoward.evidence.records import Claim, Pair
from untoward.model.product import Component


def unknowns(base: EvidenceBase, given: GivenSession, subjects: Subjects, texts: Texts) -> tuple[Statement, ...]:
    """Where the fat goes, what the compounds do in one syringe, and compounds nobody can say anything about."""
    return (*_fat(base, subjects, texts), *_together(base, given, texts), *_substance(subjects, texts))


def _fat(base: EvidenceBase, subjects: Subjects, texts: Texts) -> Iterator[Statement]:
    route = tuple(
        claim.key
        for claim in base.of_class(Claim)
        if claim.for_ == topics()["fat_route"] and claim.compound in subjects.wider
    )
    if route:
        yield Statement(key="unknown.fat", text=texts("unknown.fat"), evidence=route)


def _substance(subjects: Subjects, texts: Texts) -> Iterator[Statement]:
    if subjects.unknown:
        text = texts("unknown.substance", compounds=", ".join(subjects.unknown))
        yield Statement(key="unknown.substance", text=text)


def _together(base: EvidenceBase, given: GivenSession, texts: Texts) -> Iterator[Statement]:
    for name, parts in _syringes(given):
        keys = sorted({part.compound for part in parts if part.compound})
        pairs = {pair: _records_of(base, pair) for pair in combinations(keys, 2)}
        if not all(pairs.values()) or any(part.compound is None for part in parts):
            yield _said(base, "unknown.together", keys, parts, (), texts)
        for pair, records in pairs.items():
            against = tuple(record.key for record in records if record.kind == "incompatibility")
            if against and name:
                yield _said(base, "unknown.not_together", pair, (), against, texts)


def _said(
    base: EvidenceBase,
    key: str,
    known: Iterable[str],
    parts: Iterable[Component],
    evidence: tuple[str, ...],
    texts: Texts,
) -> Statement:
    strangers = [part.as_named for part in parts if part.compound is None]
    names = dict.fromkeys([*(compound_name(base, compound, texts) for compound in known), *strangers])
    return Statement(key=key, text=texts(key, compounds=" + ".join(names)), evidence=evidence)


def _syringes(given: GivenSession) -> Iterator[tuple[str, tuple[Component, ...]]]:
    """The syringes that held more than one compound; components without a named syringe are taken as one, called ""."""
    parts = [part.component for part in given.components]
    for name in dict.fromkeys(part.mix or "" for part in parts):
        shared = tuple(part for part in parts if (part.mix or "") == name)
        if len({part.compound or part.as_named for part in shared}) > 1:
            yield name, shared


def _records_of(base: EvidenceBase, pair: tuple[str, str]) -> tuple[Pair, ...]:
    """What is known of two compounds together; of a fixed mixture also what is known of its parts."""
    one, other = ((key, *base.compounds[key].parts) for key in pair)
    wanted = [{a, b} for a in one for b in other if a != b]
    return tuple(r for r in base.of_class(Pair) if any(both <= set(r.compounds) for both in wanted))
