"""What is seen of a reaction each time it is looked at: whether it is there, how large, how bad, what goes with it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from untoward.simulate.arrays import MINUTES_PER_DAY, Bools, Floats, Ints
from untoward.simulate.occurrences import NODULE, Course, Severity, all_terms
from untoward.simulate.recording import Recorded, check_in_minutes
from untoward.simulate.world import World

#: Median largest diameter at onset, in cm, for terms that contain one of the words. An assumption of the simulator.
_SIZES_CM: tuple[tuple[tuple[str, ...], float], ...] = (
    (("bruis", "haematoma", "hematoma", "ecchymosis"), 3.0),
    (("swelling", "oedema", "edema"), 6.0),
    (("redness", "erythema", "cellulitis"), 4.0),
    (("induration", "hardness", "hardening"), 3.0),
    (("nodule", "lump"), 1.0),
    (("abscess",), 2.0),
)
_SIZE_LOG_SPREAD = 0.8
_LARGEST_GROWTH = 3.0
_DAYS_PER_NEW_NODULE = 10.0
_MOST_NODULES = 9
_ANTIBIOTIC_FAILURE_AFTER_DAYS = 14.0
_PAINFUL_SHARE = 0.3
_FEVER_SHARE = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """One row per observation, in order of reaction and time. `reaction` is a row of the recorded reactions.

    Where a `_known` array stands beside a value, the value was not looked at when that is False. `remaining` is the
    part of the reaction's course still to go, 1 at onset and 0 when it is over; `note` a position in NOTES.
    """

    reaction: Ints
    minute: Ints
    present: Bools
    remaining: Floats
    size_cm: Floats
    severity: Ints
    count: Ints
    count_known: Bools
    painful: Bools
    spreading: Bools
    fever: Bools
    antibiotic_failure: Bools
    signs_known: Bools
    antibiotics_known: Bools
    note: Ints


#: What staff write down, by course and stage; a common reaction has no note.
NOTES: tuple[str, ...] = (
    "",
    "red, warm and painful at the injection site, given antibiotics",
    "firm red bumps at the injection site, no fever",
    "pus under the skin at the injection site, no fever",
    "more of it, no better after the antibiotics",
    "came up within the hour after the injections",
    "gone",
)
_NO_NOTE, _BACTERIAL, _BUMPS, _PUS, _FAILED, _ALLERGY, _GONE = range(len(NOTES))


def observe(world: World, recorded: Recorded) -> Observed:
    """Every look at every recorded reaction."""
    reaction, look = np.nonzero(recorded.looks)
    minute = check_in_minutes(recorded.reported)[reaction, look]
    happened = recorded.occurrences.take(reaction)
    since_onset = (minute - happened.onset) / MINUTES_PER_DAY
    since_report = (minute - recorded.reported[reaction]) / MINUTES_PER_DAY
    present = minute < recorded.resolved[reaction]
    remaining = np.clip(1.0 - since_onset / happened.days, 0.0, 1.0)
    slow, luck = happened.course == Course.MYCOBACTERIAL, recorded.luck[reaction]
    bacterial = happened.course == Course.BACTERIAL
    nodule = happened.term == all_terms(world).index(NODULE)
    failed = slow & (since_report >= _ANTIBIOTIC_FAILURE_AFTER_DAYS)
    return Observed(
        reaction=reaction,
        minute=minute,
        present=present,
        remaining=remaining,
        size_cm=_sizes(world, happened.term, slow, since_onset, remaining, luck, present),
        severity=np.where(
            slow | (remaining >= 0.5), happened.severity, np.maximum(happened.severity - 1, Severity.MILD)
        ),
        count=np.minimum(
            1 + (since_onset / _DAYS_PER_NEW_NODULE * (0.5 + luck)).astype(np.int64), _MOST_NODULES
        ),
        count_known=slow & present & nodule,
        painful=bacterial | (luck < _PAINFUL_SHARE),
        spreading=failed | (bacterial & (remaining >= 0.5)),
        fever=bacterial & (luck < _FEVER_SHARE) & (remaining >= 0.5),
        antibiotic_failure=failed,
        signs_known=(slow | bacterial) & present,
        antibiotics_known=failed & present,
        note=_notes(happened.course, nodule, failed, present),
    )


def _sizes(
    world: World,
    term: Ints,
    slow: Bools,
    since_onset: Floats,
    remaining: Floats,
    luck: Floats,
    present: Bools,
) -> Floats:
    """Largest diameter in cm, NaN where it is not measured: common reactions shrink, slow infections grow."""
    median = np.array([_size_of(name) for name in all_terms(world)])[term]
    own = np.exp(_SIZE_LOG_SPREAD * (luck - 0.5))
    change = np.where(slow, np.minimum(0.6 + since_onset / 30.0, _LARGEST_GROWTH), np.sqrt(remaining))
    return np.where(present, np.maximum(np.round(median * own * change, 1), 0.1), np.nan)


def _size_of(term: str) -> float:
    folded = term.casefold()
    return next((size for words, size in _SIZES_CM if any(word in folded for word in words)), float("nan"))


def _notes(course: Ints, nodule: Bools, failed: Bools, present: Bools) -> Ints:
    by_course = np.array([_NO_NOTE, _BACTERIAL, _PUS, _ALLERGY])[course]
    note = np.where(nodule & (course == Course.MYCOBACTERIAL), _BUMPS, by_course)
    note = np.where(failed, _FAILED, note)
    return np.where(~present & (course != Course.COMMON), _GONE, note)
