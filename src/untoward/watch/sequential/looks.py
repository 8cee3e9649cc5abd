"""One look at a watched registry, and what moved since the one before.

A look counts the record anew, as it is that day. A case withdrawn or a date mended since the last look can therefore
take evidence away; such a stream is named as corrected, the earlier look stays in the ledger as it was, and the highest
evidence so far is kept beside the evidence now. A case entered late counts from the look that first sees it, wherever its
date lies after the start.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from math import log

from untoward.watch.sequential.evidence import Evidence

_LOG_10 = log(10)

_SLACK = 1e-6
"""Expectations that fall by no more than this part have only been rounded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamState:
    """One stream with at least one case, as of a look.

    `cases` are persons, `share` how many of them in all the stream may claim (a case may have come from elsewhere),
    `expected` what its sessions were expected to bring by then. `log10_e` is the evidence now, `highest_log10_e` the
    highest at any look. `level` is the smallest alpha at which it is lit among all streams; `lit_high` says whether it
    would be lit with the baseline at its upper 95 % limit.
    """

    outcome: str
    axis: str
    value: str
    cases: int
    share: float
    expected: float
    log10_e: float
    highest_log10_e: float
    level: float
    lit: bool
    lit_high: bool
    reactions: tuple[str, ...]

    @property
    def key(self) -> tuple[str, str, str]:
        """Outcome, axis and value."""
        return self.outcome, self.axis, self.value

    @property
    def p_any_time(self) -> float:
        """A p-value for this stream alone that is valid however often one looked: 1 / (highest e), at most 1."""
        return float(min(1.0, 10.0**-self.highest_log10_e))


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedOutcome:
    """How much was watched for one outcome: streams and what they expected by axis, cases since the start, and those
    (`unplaced`) that have no date themselves or no dated session. `not_watched` is the reason when nothing was.
    """

    outcome: str
    streams: Mapping[str, int]
    expected: Mapping[str, float]
    cases: int
    unplaced: int
    not_watched: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look. `made` is when, `as_of` up to when the record counted, `inputs` the SHA-256 of the files read."""

    number: int
    made: str
    as_of: str
    inputs: Mapping[str, str]
    outcomes: tuple[WatchedOutcome, ...]
    states: tuple[StreamState, ...] = field(default=())

    @property
    def lit(self) -> tuple[StreamState, ...]:
        """The streams that are lit."""
        return tuple(state for state in self.states if state.lit)


class Move(Enum):
    """What became of a stream since the last look."""

    LIT = "newly lit"
    OUT = "no longer lit"
    MORE = "more cases"
    FIRST = "first case"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """One stream that moved. `now` is None when it has no case any more, `before` None when it had none."""

    move: Move
    before: StreamState | None
    now: StreamState | None


def states_of(evidence: Sequence[Evidence], alpha: float, last: Look | None) -> tuple[StreamState, ...]:
    """The states of a look, strongest evidence first among the lit, then among the others."""
    highest = {} if last is None else {state.key: state.highest_log10_e for state in last.states}
    states = [_state(found, alpha, highest) for found in evidence]
    return tuple(sorted(states, key=lambda state: (not state.lit, state.level, -state.log10_e, state.key)))


def _state(found: Evidence, alpha: float, highest: Mapping[tuple[str, str, str], float]) -> StreamState:
    stream = found.stream
    now = round(found.log_e / _LOG_10, 6)
    before = highest.get((found.outcome, stream.axis, stream.value), now)
    reach = alpha * (1 + 1e-12)
    return StreamState(
        outcome=found.outcome,
        axis=stream.axis,
        value=stream.value,
        cases=len(stream.reactions),
        share=round(float(stream.shares.sum()), 6),
        expected=float(f"{stream.expected:.9g}"),
        log10_e=now,
        highest_log10_e=max(now, before),
        level=float(f"{found.level:.6g}"),
        lit=found.level <= reach,
        lit_high=found.level_high <= reach,
        reactions=stream.reactions,
    )


def moved_since(last: Look, now: Look) -> tuple[Moved, ...]:
    """Every stream that moved, the lit ones first and corrections last."""
    before = {state.key: state for state in last.states}
    after = {state.key: state for state in now.states}
    order = list(Move)
    moved = [change for key in {**after, **before} for change in _moves(before.get(key), after.get(key))]
    return tuple(sorted(moved, key=lambda change: order.index(change.move)))


def _moves(before: StreamState | None, now: StreamState | None) -> Iterator[Moved]:
    for move, holds in (
        (Move.LIT, now is not None and now.lit and not (before is not None and before.lit)),
        (Move.OUT, before is not None and before.lit and not (now is not None and now.lit)),
        (Move.FIRST, before is None),
        (Move.MORE, before is not None and now is not None and now.cases > before.cases),
        (Move.CORRECTED, before is not None and _fell(before, now)),
    ):
        if holds:
            yield Moved(move=move, before=before, now=now)


def _fell(before: StreamState, now: StreamState | None) -> bool:
    if now is None or now.cases < before.cases:
        return True
    return now.expected < before.expected * (1 - _SLACK)
