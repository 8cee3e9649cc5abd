"""What an investigation does not know, and how it was done, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from untoward.report.investigation.content import InvestigationContent
from untoward.report.numbers import counted
from untoward.watch.workbench.definition import CANNOT_BE_TOLD, LEVELS


def unknown_lines(content: InvestigationContent) -> Iterator[str]:
    """What the numbers leave open, the largest gap for a reader first."""
    unsure = content.classified.counts[CANNOT_BE_TOLD]
    if unsure:
        yield (
            f"{counted(unsure, 'person')} may or may not be a case: what is missing stands in the line list. "
            "They are in no attack rate."
        )
    open_ones = sum(sum(levels.values()) for level, levels in content.open_levels.items() if level in LEVELS)
    if open_ones:
        yield f"{counted(open_ones, 'case')} could be of a surer level if what is missing were known."
    if content.waiting:
        waiting = counted(content.waiting, "person")
        yield f"{waiting} who are not a case may still fall ill: the days of the definition are not over."
    undated = content.curve.whole.without_date
    if undated:
        yield f"{counted(undated, 'case')} without a known day of onset: in no bar of the curve."
    for axis, number in content.partly.items():
        persons = counted(number, "person")
        yield f"Of {persons} some {axis}s are recorded and some not: they count as unexposed to those not recorded."
    yield "Persons without any recorded reaction count as not ill. Whoever fell ill and told nobody is among them."
    if content.screen.axes_without_data:
        yield f"Never recorded, so not tested: {', '.join(content.screen.axes_without_data)}."


def method_lines(content: InvestigationContent) -> Iterator[tuple[str, str]]:
    """Each step by name, so that another can do the same."""
    yield "Unit", "The person. Each gets the highest level of the definition that is met."
    yield (
        "Unknown facts",
        "Three answers: yes, no, cannot be told. A level is met only by facts on record; what is missing never counts"
        " as no.",
    )
    yield (
        "Days",
        "Calendar days from any session of the definition to the onset, unless a condition says from the last session.",
    )
    yield (
        "Exposure",
        "What was injected in sessions of the definition, up to the onset of the illness. A person with a value on an"
        " axis, and not this one, is unexposed.",
    )
    if content.screen.results:
        first = content.screen.results[0]
        tested = counted(content.screen.tested, "exposure")
        yield "Attack rates", first.attack_rate_exposed.method
        yield "Ratios", f"Risk ratio: {first.risk_ratio.method}. Odds ratio: {first.odds_ratio.method}."
        yield (
            "p values",
            f"Fisher exact, two-sided; adjusted: one-sided for an excess, Holm's correction over {tested}.",
        )
    yield "Names taken", "; ".join(f"{name} = {key}" for name, key in content.names_taken) or "none"
