"""Rates of a registry by exposure: read it, look at what was known on the day, count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from untoward.errors import UsageError
from untoward.model.tables import RowLedger
from untoward.tasks.delays import published_delays
from untoward.tasks.knowledge import evidence
from untoward.tasks.registry_input import Progress, last_moment, no_progress, open_registry
from untoward.watch.delays import delay_of
from untoward.watch.expected import CountingRule
from untoward.watch.known_by import known_by
from untoward.watch.onsets import case_persons
from untoward.watch.outcomes import INFECTION, OutcomeCases, registry_outcomes
from untoward.watch.rates.answer import OutcomeRates
from untoward.watch.rates.axes import rate_axes
from untoward.watch.rates.rate import outcome_rates
from untoward.watch.rates.reasons import Enough

NO_DATE = datetime(1970, 1, 1)
"""Taken for the present when nothing on record has a date."""


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
    base = evidence()
    reading = open_registry(path, keep_good_rows=keep_good_rows, progress=progress)
    now = as_of or last_moment(reading.registry) or NO_DATE
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
