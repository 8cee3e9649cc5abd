"""What the clinics come to know: when a reaction is reported, against which session, and how often it is looked at.

A reaction is recorded against the last session before its onset, as the registry's tables demand, even where an
earlier session caused it. What has not been reported by the end of the plan's time is not in the registry.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from untoward.simulate.arrays import MINUTES_PER_DAY, Bools, Floats, Ints, to_minutes
from untoward.simulate.draw import Stage, lognormal
from untoward.simulate.occurrences import Course, Occurrences
from untoward.simulate.visits import Visits
from untoward.simulate.world import World

# Reports come within the twelve hours after eight in the morning.
_FIRST_CALL = 8 * 60

#: Days from the report to each further look, until the reaction is over or the patient is lost.
CHECK_IN_DAYS = (0, 3, 7, 14, 28, 56, 84, 112, 168, 252)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """One row per recorded reaction, in order of report; instants are minutes.

    `session` is the last one before the onset. `looks[i, j]` is whether reaction i was looked at at check-in j.
    `luck` is a number in [0, 1) that makes reactions of one kind differ in size.
    """

    occurrences: Occurrences
    session: Ints
    reported: Ints
    resolved: Ints
    looks: Bools
    luck: Floats
    onset_known: Bools

    @property
    def count(self) -> int:
        """Number of recorded reactions."""
        return self.occurrences.count

    def take(self, rows: Ints) -> Recorded:
        """The reactions at these rows, in that order."""
        arrays = {item.name: getattr(self, item.name) for item in fields(self) if item.name != "occurrences"}
        return Recorded(
            occurrences=self.occurrences.take(rows), **{name: values[rows] for name, values in arrays.items()}
        )


def record(world: World, occurrences: Occurrences) -> Recorded:
    """Everything reported in the plan's time."""
    end = world.plan.days * MINUTES_PER_DAY
    reported = _reports(world, occurrences)
    resolved = occurrences.onset + np.maximum(to_minutes(occurrences.days), 1)
    recorded = Recorded(
        occurrences=occurrences,
        session=last_session_before(world.visits, occurrences),
        reported=reported,
        resolved=resolved,
        looks=_looks(world, reported, resolved, end),
        luck=world.stream(Stage.CHECK_INS, 1).random(occurrences.count),
        onset_known=world.stream(Stage.MISSING, 1).random(occurrences.count)
        >= world.parameters.missing_onset_share,
    )
    in_time = np.flatnonzero(reported < end)
    order = np.lexsort((occurrences.session[in_time], reported[in_time]))
    return recorded.take(in_time[order])


def last_session_before(visits: Visits, occurrences: Occurrences) -> Ints:
    """For each reaction the same person's last session at or before its onset."""
    order = np.lexsort((visits.minute, visits.patient))
    # One number that sorts by patient, then time; onsets may lie beyond the last session.
    span = int(max(visits.minute.max(initial=0), occurrences.onset.max(initial=0))) + 1
    keys = visits.patient[order] * span + visits.minute[order]
    wanted = visits.patient[occurrences.session] * span + occurrences.onset
    found: Ints = order[np.searchsorted(keys, wanted, side="right") - 1]
    return found


def _reports(world: World, occurrences: Occurrences) -> Ints:
    """Minute of each report: in waking hours after a log-normal delay, or at once when the clinic sees it itself."""
    parameters = world.parameters
    median, log_sd = parameters.reporting_delay_days_median, parameters.reporting_delay_log_sd
    days = lognormal(world.stream(Stage.REPORTING), median, log_sd, occurrences.count)
    day, minute = np.divmod(occurrences.onset + to_minutes(days), MINUTES_PER_DAY)
    told = day * MINUTES_PER_DAY + _FIRST_CALL + minute // 2
    told = np.where(told < occurrences.onset, told + MINUTES_PER_DAY, told)
    return np.where(occurrences.course == Course.ALLERGIC, occurrences.onset, told)


def _looks(world: World, reported: Ints, resolved: Ints, end: int) -> Bools:
    when = check_in_minutes(reported)
    lost = world.stream(Stage.CHECK_INS).random(when.shape) < world.parameters.lost_per_check_in
    lost[:, 0] = False
    seen_over = np.zeros_like(lost)
    seen_over[:, 1:] = (when >= resolved[:, None])[:, :-1]
    return (when < end) & ~seen_over & ~np.logical_or.accumulate(lost, axis=1)


def check_in_minutes(reported: Ints) -> Ints:
    """Minute of every check-in, one row per reaction."""
    minutes: Ints = reported[:, None] + np.array(CHECK_IN_DAYS) * MINUTES_PER_DAY
    return minutes
