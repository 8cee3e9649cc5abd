"""Which records of several clinics are the same person, by the tokens that agree.

How sure, by which kinds agree:

=============  =====================================================================================
``same``       all names, birth date and sex agree; or all names and the birth date, where a sex is not known
``probable``   two or more kinds agree, among them one that holds the whole birth date
``possible``   a single kind agrees: a person must look
=============  =====================================================================================

A conflict is shown, never settled here: sexes that differ though the names agree, a record that fits two records of
one other clinic, and chains that would make two records of one clinic the same person.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

SAME, PROBABLE, POSSIBLE = "same", "probable", "possible"
Record = tuple[str, str]
"""A clinic and its record."""

MOST_SHARED = 50
"""A token that more records than this share tells nobody apart (a placeholder name or birth date)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two records of different clinics, how sure it is that they are one person, and the kinds of token that agree."""

    one: Record
    other: Record
    strength: str
    agree: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """What does not fit, and the records it is about."""

    what: str
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What the clinics have in common.

    `persons` are the groups of records linked as same or probable, without those in a conflict. `too_common` counts tokens
    that too many records share, which were passed over.
    """

    records: Mapping[str, int]
    links: tuple[Link, ...]
    persons: tuple[tuple[Record, ...], ...]
    conflicts: tuple[Conflict, ...]
    too_common: int


def join_tokens(tokens: Mapping[Record, Sequence[tuple[str, str]]]) -> Joined:
    """Join the records of several clinics. Each record comes with its pairs of kind and token."""
    agreeing, too_common = _agreeing(tokens)
    links, conflicts = [], []
    for (one, other), kinds in sorted(agreeing.items()):
        if "names" in kinds and "names+sex" not in kinds and _both_have(tokens, one, other, "names+sex"):
            conflicts.append(
                Conflict(what="the names and birth date agree, the sex does not", records=(one, other))
            )
        else:
            links.append(Link(one=one, other=other, strength=_strength(kinds), agree=tuple(sorted(kinds))))
    conflicts += _torn(links)
    in_conflict = {record for conflict in conflicts for record in conflict.records}
    groups = _groups([link for link in links if link.strength != POSSIBLE])
    chains = [group for group in groups if _twice_one_clinic(group) and not in_conflict & set(group)]
    conflicts += [
        Conflict(what="a chain of links joins two records of one clinic", records=group) for group in chains
    ]
    persons = [group for group in groups if group not in chains and not in_conflict & set(group)]
    counts: dict[str, int] = defaultdict(int)
    for clinic, _record in tokens:
        counts[clinic] += 1
    return Joined(
        records=dict(sorted(counts.items())), links=tuple(links), persons=tuple(persons),
        conflicts=tuple(conflicts), too_common=too_common,
    )  # fmt: skip


def _agreeing(
    tokens: Mapping[Record, Sequence[tuple[str, str]]],
) -> tuple[dict[tuple[Record, Record], set[str]], int]:
    holders: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in sorted(tokens):
        for kind_and_token in dict.fromkeys(tokens[record]):
            holders[kind_and_token].append(record)
    agreeing: dict[tuple[Record, Record], set[str]] = defaultdict(set)
    too_common = 0
    for (kind, _token), records in holders.items():
        if len(records) > MOST_SHARED:
            too_common += 1
            continue
        for one, other in combinations(records, 2):
            if one[0] != other[0]:
                agreeing[one, other].add(kind)
    return agreeing, too_common


def _both_have(
    tokens: Mapping[Record, Sequence[tuple[str, str]]], one: Record, other: Record, kind: str
) -> bool:
    return all(any(have == kind for have, _token in tokens[record]) for record in (one, other))


def _strength(kinds: set[str]) -> str:
    if kinds & {"names+sex", "names"}:
        return SAME
    return PROBABLE if len(kinds) > 1 and kinds - {"turned"} else POSSIBLE


def _torn(links: Sequence[Link]) -> list[Conflict]:
    """Records that fit two records of one other clinic equally well."""
    rank = {SAME: 0, PROBABLE: 1, POSSIBLE: 2}
    by_pair: dict[tuple[Record, str], list[tuple[int, Record]]] = defaultdict(list)
    for link in links:
        for mine, theirs in ((link.one, link.other), (link.other, link.one)):
            by_pair[mine, theirs[0]].append((rank[link.strength], theirs))
    conflicts = []
    for (mine, clinic), fits in sorted(by_pair.items()):
        best = min(how for how, _record in fits)
        equal = sorted(record for how, record in fits if how == best)
        if len(equal) > 1:
            what = f"fits {len(equal)} records of {clinic} equally well"
            conflicts.append(Conflict(what=what, records=(mine, *equal)))
    return conflicts


def _groups(links: Sequence[Link]) -> list[tuple[Record, ...]]:
    group_of: dict[Record, set[Record]] = {}
    for link in links:
        merged = group_of.get(link.one, {link.one}) | group_of.get(link.other, {link.other})
        for record in merged:
            group_of[record] = merged
    return sorted({tuple(sorted(group)) for group in group_of.values()})


def _twice_one_clinic(group: tuple[Record, ...]) -> bool:
    return len({clinic for clinic, _record in group}) < len(group)
