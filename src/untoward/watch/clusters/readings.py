"""What a cluster says in plain words: how many, against how many, who shares the cases, and where to look first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from untoward.watch.clusters.find import Finding
from untoward.watch.clusters.ground import ScannedGround
from untoward.watch.clusters.overlaps import Rest, Shadows, Standing
from untoward.watch.clusters.wording import (
    NO_PROOF,
    anywhere,
    counted_there,
    days_spoken,
    figure,
    listed,
    place_name,
    sentence_case,
)
from untoward.watch.wording import many


def reading(
    laid_out: ScannedGround,
    findings: Sequence[Finding],
    shadows: Shadows,
    position: int,
    known: Mapping[str, int],
) -> str:
    """The reading of one finding beside the others of its outcome.

    `known` counts its cases that are already part of a known outbreak, by name.
    """
    finding = findings[position]
    if not finding.stands_out:
        return f"{_first(laid_out, finding)} This may well be chance: nothing stands out."
    sentences = [_first(laid_out, finding), *_already(finding, known)]
    before = shadows.look_first(position)
    if before is not None:
        return " ".join((*sentences, _shadow(findings[before], shadows.rests[position, before])))
    return " ".join((*sentences, *_beside(findings, shadows, position), NO_PROOF))


def _first(laid_out: ScannedGround, finding: Finding) -> str:
    persons = persons_of(laid_out, finding)
    there = counted_there(finding.observed, finding.sessions.size, persons, finding.expected)
    when = f", {days_spoken(finding.first_day, finding.last_day)}" if finding.in_window else ""
    return f"{sentence_case(place_name(finding.where))}{when}: {there}; {anywhere(finding.p)}."


def persons_of(laid_out: ScannedGround, finding: Finding) -> int:
    """How many persons the sessions of a finding are of."""
    starts = laid_out.ground.first
    return len(set((starts.searchsorted(finding.sessions, side="right") - 1).tolist()))


def _beside(findings: Sequence[Finding], shadows: Shadows, position: int) -> list[str]:
    """How the other findings with the same cases stand to one that is nobody's shadow."""
    behind, alike, apart = (
        shadows.beside(position, how) for how in (Standing.BEHIND, Standing.ALIKE, Standing.APART)
    )
    sentences = []
    if behind:
        sentences.append(_shadowed(findings[position], [findings[other] for other in behind]))
    for why, others in _alike(shadows, position, alike).items():
        names = listed([place_name(findings[other].where) for other in others])
        sentences.append(f"The numbers cannot tell it from {names}: {why}.")
    if apart:
        names = sentence_case(listed([place_name(findings[other].where) for other in apart]))
        has = "has" if len(apart) == 1 else "have"
        sentences.append(f"{names} {has} more than expected without it too.")
    return sentences


def _shadow(other: Finding, rest: Rest) -> str:
    """A finding that is ordinary without another one sends the reader there, and nowhere else."""
    name = place_name(other.where)
    return f"{_left(rest, name)}: look at {name} first."


def _left(rest: Rest, name: str) -> str:
    if not rest.sessions:
        return f"All its sessions also had {name}, which has more than expected without it"
    left = f"{many(rest.sessions, 'session')} (all dates)"
    if not rest.observed:
        return f"Without {name}, no case remains among {left}"
    cases = f"{many(rest.observed, 'case')} remain{'s' if rest.observed == 1 else ''} among {left}"
    return f"Without {name}, {cases}, {figure(rest.expected)} expected, an ordinary number"


def _shadowed(finding: Finding, behind: Sequence[Finding]) -> str:
    """As in "The same cases also fall under lot L12 (7) and practitioner 4 (5), which have ordinary numbers without it"."""
    mine = finding.case_sessions.keys()
    names = [f"{place_name(other.where)} ({len(mine & other.case_sessions.keys())})" for other in behind]
    has = "has" if len(behind) == 1 else "have"
    return (
        f"The same cases also fall under {listed(names)}, which {has} ordinary numbers without it:"
        f" look at {place_name(finding.where)} first."
    )


def _alike(shadows: Shadows, position: int, others: Sequence[int]) -> Mapping[str, list[int]]:
    """Findings that cannot be told from this one, by the reason why."""
    found: dict[str, list[int]] = {}
    for other in others:
        rest, back = shadows.rests[position, other], shadows.rests[other, position]
        if not rest.sessions and not back.sessions:
            why = "the same sessions had both"
        elif rest.faded and back.faded:
            why = "the excess is where they meet"
        else:
            why = "too few sessions had one without the other"
        found.setdefault(why, []).append(other)
    return found


def _already(finding: Finding, known: Mapping[str, int]) -> list[str]:
    return [
        f"{cases:,} of the {finding.observed:,} {'is' if cases == 1 else 'are'} already counted to the known outbreak {name}."
        for name, cases in known.items()
    ]
