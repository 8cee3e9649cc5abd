"""A registry read for a watch, and what is fixed and counted from it as of any day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from untoward.errors import UsageError
from untoward.model.tables import Registry
from untoward.tasks.delays import published_delays
from untoward.tasks.knowledge import evidence
from untoward.tasks.rates import NO_DATE
from untoward.tasks.registry_input import Progress, input_hashes, last_moment, open_registry
from untoward.watch.columns import instant_or_null
from untoward.watch.exposures import AXES, registry_memberships
from untoward.watch.known_by import known_by
from untoward.watch.outcomes import (
    ALLERGY,
    ANY_REACTION,
    INFECTION,
    TISSUE_INJURY,
    OutcomeCases,
    registry_outcomes,
)
from untoward.watch.sequential.evidence import weigh
from untoward.watch.sequential.looks import Look, WatchedOutcome, states_of
from untoward.watch.sequential.plan import OutcomePlan, StatedBaseline, WatchPlan, outcome_plan
from untoward.watch.sequential.streams import Streams, streams_of

ALPHA = 0.05
OUTCOMES = (INFECTION.name, ALLERGY.name, TISSUE_INJURY.name)
WATCHABLE = (*OUTCOMES, ANY_REACTION.name)
ONE_YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchOptions:
    """What the user asked for. None stands for what the ledger says, or the usual value for a new one."""

    as_of: datetime | None = None
    alpha: float | None = None
    outcomes: Sequence[str] | None = None
    axes: Sequence[str] | None = None
    start: datetime | None = None
    baseline: StatedBaseline | None = None
    keep_good_rows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A registry that was read, with what is needed to look at it as of any day."""

    registry: Registry
    inputs: Mapping[str, str]
    now: datetime
    groups: Mapping[str, str]
    labels: Mapping[str, str]
    notes: tuple[str, ...]

    @classmethod
    def read(cls, path: Path, options: WatchOptions, progress: Progress) -> Source:
        """Read a registry. Raises InputError with every fault, and for a line list."""
        base = evidence()
        reading = open_registry(path, keep_good_rows=options.keep_good_rows, progress=progress)
        left_out = sum(row.left_out for row in reading.ledger)
        return cls(
            registry=reading.registry,
            inputs=input_hashes(path, reading.columns),
            now=options.as_of or last_moment(reading.registry) or NO_DATE,
            groups={term.id: term.group for term in base.terms.terms.values()},
            labels={key: compound.label for key, compound in base.compounds.items()},
            notes=(f"{left_out:,} rows with faults were left out",) if left_out else (),
        )

    def outcomes(self, registry: Registry) -> dict[str, OutcomeCases]:
        """The outcomes that can be watched, by name."""
        return {cases.outcome.name: cases for cases in registry_outcomes(registry, self.groups)}

    def plan(self, options: WatchOptions) -> WatchPlan:
        """What a new watch fixes, from the registry as it was known at its start."""
        start = options.start or self._usual_start()
        if start >= self.now:
            raise UsageError(f"--start: {start:%Y-%m-%d} is not before the look of {self.now:%Y-%m-%d}.")
        before = known_by(self.registry, start)
        found = self.outcomes(before)
        published = published_delays(evidence())
        return WatchPlan(
            start=start,
            alpha=ALPHA if options.alpha is None else options.alpha,
            axes=chosen_axes(options.axes),
            outcomes=tuple(
                outcome_plan(
                    before, found[name], start, published=published.get(name), stated=options.baseline
                )
                for name in chosen_outcomes(options.outcomes)
            ),
        )

    def _usual_start(self) -> datetime:
        """A year before the look, or the middle of a registry younger than two."""
        begun = self.registry.sessions.select(
            instant_or_null(self.registry.sessions, "date_from").alias("at")
        )
        first = begun.get_column("at").min()
        middle = first + (self.now - first) / 2 if isinstance(first, datetime) else self.now - ONE_YEAR
        return max(middle, self.now - ONE_YEAR).replace(hour=0, minute=0, second=0, microsecond=0)

    def look(self, plan: WatchPlan, last: Look | None, now: datetime) -> Look:
        """The look at the registry as known at `now`."""
        registry = known_by(self.registry, now)
        found = self.outcomes(registry)
        memberships = registry_memberships(registry, self.labels)
        watched = [outcome for outcome in plan.outcomes if not outcome.not_watched]
        streams = [
            streams_of(registry, memberships, found[outcome.outcome], plan, outcome, now)
            for outcome in watched
        ]
        evidence_now = weigh(streams, [outcome.upper for outcome in watched])
        by_name = {one.outcome: one for one in streams}
        return Look(
            number=1 if last is None else last.number + 1,
            made=datetime.now().astimezone().isoformat(timespec="seconds"),
            as_of=now.isoformat(),
            inputs=self.inputs,
            outcomes=tuple(_watched(outcome, by_name.get(outcome.outcome)) for outcome in plan.outcomes),
            states=states_of(evidence_now, plan.alpha, last),
        )


def _watched(outcome: OutcomePlan, streams: Streams | None) -> WatchedOutcome:
    return WatchedOutcome(
        outcome=outcome.outcome,
        streams=streams.watched if streams else {},
        expected=streams.expected if streams else {},
        cases=streams.cases if streams else 0,
        unplaced=streams.unplaced if streams else 0,
        not_watched=outcome.not_watched,
    )


def chosen_outcomes(wanted: Sequence[str] | None) -> tuple[str, ...]:
    """The outcomes asked for, or the usual ones; UsageError for one that cannot be watched."""
    chosen = tuple(dict.fromkeys(name.strip().lower() for name in wanted or OUTCOMES))
    unknown = [name for name in chosen if name not in WATCHABLE]
    if unknown:
        raise UsageError(
            f"There is no outcome {', '.join(map(repr, unknown))} to watch. Outcomes are {', '.join(WATCHABLE)}."
        )
    return chosen


def chosen_axes(wanted: Sequence[str] | None) -> tuple[str, ...]:
    """The axes asked for, or all; UsageError for one that is none."""
    chosen = tuple(dict.fromkeys(name.strip().lower() for name in wanted or AXES))
    unknown = [name for name in chosen if name not in AXES]
    if unknown:
        raise UsageError(f"There is no axis {', '.join(map(repr, unknown))}. Axes are {', '.join(AXES)}.")
    return chosen
