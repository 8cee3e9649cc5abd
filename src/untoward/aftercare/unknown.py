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


def unknowns(
    base: EvidenceBase, given: GivenSession, subjects: Subjects, texts: Texts
) -> tuple[Statement, ...]:
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
    for _name, parts in _syringes(given):
        keys = _known_in(parts)
        strangers = [part.as_named for part in parts if part.compound is None]
        if strangers or not all(_records_of(base, pair) for pair in combinations(keys, 2)):
            names = dict.fromkeys([*(compound_name(base, key, texts) for key in keys), *strangers])
            text = texts("unknown.together", compounds=" + ".join(names))
            yield Statement(key="unknown.together", text=text)


def against_sharing(base: EvidenceBase, given: GivenSession, texts: Texts) -> Iterator[Statement]:
    """Compounds that are recorded as having shared a syringe though a source speaks against it."""
    for name, parts in _syringes(given):
        found = {pair: _against(base, pair) for pair in combinations(_known_in(parts), 2)}
        bad = {pair: evidence for pair, evidence in found.items() if evidence and name}
        if bad:
            pairs = "; ".join(" + ".join(compound_name(base, key, texts) for key in pair) for pair in bad)
            text = texts("injected.not_together", compounds=pairs)
            evidence = tuple(dict.fromkeys(key for keys in bad.values() for key in keys))
            yield Statement(key="injected.not_together", text=text, evidence=evidence)


def _against(base: EvidenceBase, pair: tuple[str, str]) -> tuple[str, ...]:
    return tuple(record.key for record in _records_of(base, pair) if record.kind == "incompatibility")


def _known_in(parts: Iterable[Component]) -> list[str]:
    return sorted({part.compound for part in parts if part.compound})


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
