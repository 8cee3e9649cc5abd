"""Rates of a registry by exposure: read it, look at what was known on the day, count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from untoward.errors import InputError, UsageError
from untoward.exchange.tables import Names, find_input, read_registry
from untoward.model.tables import Registry, RowLedger
from untoward.tasks.delays import published_delays
from untoward.tasks.knowledge import evidence
from untoward.tasks.reviewing import Progress, no_progress
from untoward.watch.columns import instant_or_null
from untoward.watch.delays import delay_of
from untoward.watch.expected import CountingRule
from untoward.watch.known_by import known_by
from untoward.watch.onsets import case_persons, reaction_moments
from untoward.watch.outcomes import INFECTION, OutcomeCases, registry_outcomes
from untoward.watch.rates.answer import OutcomeRates
from untoward.watch.rates.axes import rate_axes
from untoward.watch.rates.rate import outcome_rates
from untoward.watch.rates.reasons import Enough


@dataclass(frozen=True, slots=True, kw_only=True)
class RatesAnswer:
    """Rates of each outcome asked for. `ledger` says how many rows were read and left out."""

    outcomes: tuple[OutcomeRates, ...]
    others: tuple[str, ...]
    ledger: tuple[RowLedger, ...]


def rates(
    path: Path,
    *,
    outcomes: Sequence[str] = (),
    by: Sequence[str] = (),
    pairs: Sequence[tuple[str, str]] = (),
    as_of: datetime | None = None,
    rule: CountingRule = CountingRule.OVERLAP,
    enough: Enough | None = None,
    keep_good_rows: bool = False,
    progress: Progress = no_progress,
) -> RatesAnswer:
    """Rates of a registry (folder or workbook). Without `outcomes` those of infection; "all" means every outcome.

    `as_of` is the last instant known. Without it the registry is taken to end with the last moment on record. Raises
    InputError with every fault of the input (unless `keep_good_rows`), UsageError for an outcome or axis that is none.
    """
    if find_input(path) == "line-list":
        raise UsageError(
            f"{path} is a line list. Rates need a registry: sessions, components, reactions and observations. For a line "
            "list use: untoward outbreak"
        )
    base = evidence()
    reading = read_registry(path, Names(compounds=base.compound_names, terms=base.terms), progress=progress)
    faults = tuple(reading.faults)
    if faults and not keep_good_rows:
        raise InputError(
            f"{path} has {len(faults)} fault(s), so nothing was counted. Mend them, or count the good rows alone with "
            "--keep-good-rows.",
            faults,
        )
    now = as_of or last_moment(reading.registry)
    registry = known_by(reading.registry, now)
    all_outcomes = registry_outcomes(registry, {term.id: term.group for term in base.terms.terms.values()})
    chosen = _chosen(all_outcomes, outcomes)
    labels = {key: compound.label for key, compound in base.compounds.items()}
    progress("who had which exposure", 0, len(chosen) + 1)
    exposures = rate_axes(registry, labels, by, pairs)
    published = published_delays(base)
    answers = []
    for done, outcome in enumerate(chosen, start=1):
        progress(f"rates of {outcome.outcome.name}", done, len(chosen) + 1)
        name = outcome.outcome.name
        persons = case_persons(registry, outcome)
        delay = delay_of(name, registry, persons, now, published.get(name))
        answers.append(outcome_rates(registry, outcome, exposures, delay, now, rule=rule, enough=enough))
    return RatesAnswer(
        outcomes=tuple(answers),
        others=tuple(one.outcome.name for one in all_outcomes if one not in chosen),
        ledger=reading.ledger,
    )


def last_moment(registry: Registry) -> datetime:
    """The last session, onset or first observation on record; the first day of 1970 when nothing is dated."""
    begun = registry.sessions.select(instant_or_null(registry.sessions, "date_from")).to_series()
    moments = reaction_moments(registry)
    last = [series.max() for series in (begun, moments["onset"], moments["known"])]
    known = [moment for moment in last if isinstance(moment, datetime)]
    return max(known, default=datetime(1970, 1, 1))


def _chosen(found: Sequence[OutcomeCases], wanted: Sequence[str]) -> list[OutcomeCases]:
    names = {one.outcome.name: one for one in found}
    if "all" in wanted:
        return list(found)
    unknown = [name for name in wanted if name.strip().lower() not in names]
    if unknown:
        raise UsageError(
            f"There is no outcome {', '.join(map(repr, unknown))}. Outcomes are {', '.join(names)}, or all of them: all."
        )
    return [names[name.strip().lower()] for name in dict.fromkeys(wanted or (INFECTION.name,))]
