"""The highest level of a case definition that each person meets, and what that rests on.

A person is what is sure: the highest level whose condition is met with what is recorded. Who meets none, and might
meet one if something unknown were known, *cannot be told*: not a case, and not a healthy comparison either. `could_be`
names a higher level that stays open, for cases too ("probable, could be confirmed: no culture on record").
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl
from numpy.typing import NDArray

from untoward.model.tables import Registry
from untoward.watch.workbench.conditions import Asked, ask
from untoward.watch.workbench.definition import (
    CANNOT_BE_TOLD,
    LEVELS,
    NOT_A_CASE,
    OUTSIDE,
    STANDINGS,
    CaseDefinition,
    affirmed_terms,
    leaves,
)
from untoward.watch.workbench.people import People, people_of
from untoward.watch.workbench.truth import CANNOT_TELL, NO, YES, Truth, every


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Classified:
    """Every person of a registry by a definition.

    Attributes
    ----------
    definition, people
        What was asked of whom.
    standing
        For each person the position in `STANDINGS` of what they are.
    could_be
        For each person the position in `LEVELS` of the highest level that stays open, or -1.
    scope
        Whether each person had a session that the definition speaks of.
    conditions
        Each single condition, as (label, answer of every person), in the order in which they are written.
    persons
        One row per person: `patient_id`, `level`, `could_be`, `onset` (the day the illness began; null when it is not
        known to the day), `session_id` and `session_date` of the last session of the definition that can have caused
        it (for others, of their last one), `reactions` (ids of those the level rests on).
    """

    definition: CaseDefinition
    people: People
    standing: NDArray[np.int8]
    could_be: NDArray[np.int8]
    scope: Truth
    session_scope: Truth
    conditions: tuple[tuple[str, Truth], ...]
    persons: pl.DataFrame

    @property
    def counts(self) -> Mapping[str, int]:
        """How many persons are what, in the order of `STANDINGS`, levels that the definition lacks left out."""
        found = np.bincount(self.standing, minlength=len(STANDINGS))
        return {
            name: int(found[place])
            for place, name in enumerate(STANDINGS)
            if name not in LEVELS or name in self.definition.levels
        }

    @property
    def ill(self) -> NDArray[np.bool_]:
        """Who is a case of one of the levels that count."""
        return self._among(self.definition.counts_as_ill)

    @property
    def undecided(self) -> NDArray[np.bool_]:
        """Who is neither a case that counts nor surely none: those of another level, and those who cannot be told."""
        other = tuple(level for level in LEVELS if level not in self.definition.counts_as_ill)
        return self._among((*other, CANNOT_BE_TOLD))

    @property
    def inside(self) -> NDArray[np.bool_]:
        """Whom the definition speaks of, or may."""
        return ~self._among((OUTSIDE,))

    def _among(self, names: tuple[str, ...]) -> NDArray[np.bool_]:
        among: NDArray[np.bool_] = np.isin(self.standing, [STANDINGS.index(name) for name in names])
        return among


def classify(registry: Registry, definition: CaseDefinition) -> Classified:
    """Give every person of a registry the highest level met. Hand in the registry as it was known (`known_by`)."""
    people = people_of(registry)
    asked = ask(people, definition)
    scope = asked.person_scope()
    verdicts = {level: every([asked.truth(definition.levels[level]), scope]) for level in definition.levels}
    standing = _standing(verdicts, scope)
    could_be = _could_be(verdicts, standing)
    return Classified(
        definition=definition,
        people=people,
        standing=standing,
        could_be=could_be,
        scope=scope,
        session_scope=asked.session_scope,
        conditions=tuple(_single_conditions(asked)),
        persons=_persons(asked, standing, could_be),
    )


def _standing(verdicts: Mapping[str, Truth], scope: Truth) -> NDArray[np.int8]:
    possible = np.maximum.reduce(list(verdicts.values())) == CANNOT_TELL
    found = np.where(possible, STANDINGS.index(CANNOT_BE_TOLD), STANDINGS.index(NOT_A_CASE))
    found = np.where(scope == NO, STANDINGS.index(OUTSIDE), found)
    for level in reversed(LEVELS):
        if level in verdicts:
            found = np.where(verdicts[level] == YES, LEVELS.index(level), found)
    return found.astype(np.int8)


def _could_be(verdicts: Mapping[str, Truth], standing: NDArray[np.int8]) -> NDArray[np.int8]:
    open_level = np.full(standing.size, -1, dtype=np.int8)
    for level in reversed(LEVELS):
        if level in verdicts:
            higher = (verdicts[level] == CANNOT_TELL) & (standing > LEVELS.index(level))
            open_level = np.where(higher, LEVELS.index(level), open_level).astype(np.int8)
    return open_level


def _single_conditions(asked: Asked) -> Iterator[tuple[str, Truth]]:
    every_leaf = (leaf for level in asked.definition.levels.values() for leaf in leaves(level))
    for leaf in dict.fromkeys(every_leaf):
        yield leaf.label, asked.truth(leaf)


def _persons(asked: Asked, standing: NDArray[np.int8], could_be: NDArray[np.int8]) -> pl.DataFrame:
    levels = pl.Series(STANDINGS)
    opens = pl.Series(LEVELS)
    people = asked.people
    frame = pl.DataFrame(
        {
            "patient_id": people.ids,
            "level": levels.gather(standing.astype(np.uint32)),
            "could_be": opens.gather(np.maximum(could_be, 0).astype(np.uint32)).set(
                pl.Series(could_be < 0), None
            ),
        }
    ).with_row_index("person")
    illness = _illness(asked, standing)
    joined = frame.join(illness, on="person", how="left", maintain_order="left")
    lags = pl.Series("lag", _shortest_lags(asked.definition)).gather(standing.astype(np.uint32))
    sessions = _index_sessions(asked, joined.select("person", "onset", lags))
    return joined.join(sessions, on="person", how="left", maintain_order="left").drop("person")


def _illness(asked: Asked, standing: NDArray[np.int8]) -> pl.DataFrame:
    """When the illness began of each case and of who cannot be told, and the reactions it rests on.

    These are the reactions that meet a term of the level met, or all of the definition's time and place where none does.
    """
    reactions = asked.people.reactions
    level_of = standing[asked.people.reaction_person]
    chosen = np.zeros(reactions.height, dtype=np.bool_)
    for place, level in enumerate(LEVELS):
        if level in asked.definition.levels:
            for term in affirmed_terms(asked.definition.levels[level]):
                chosen |= (level_of == place) & (asked.reaction_truth(term) == YES)
    # Of those who are no case no reaction is the illness: an ordinary bruise must not end their exposure.
    in_scope = (asked.reaction_scope() >= CANNOT_TELL) & (level_of <= STANDINGS.index(CANNOT_BE_TOLD))
    chosen |= in_scope & ~np.isin(asked.people.reaction_person, asked.people.reaction_person[chosen])
    mine = reactions.filter(pl.Series(chosen))
    day = pl.when(pl.col("onset_first") == pl.col("onset_last")).then(pl.col("onset_first"))
    return mine.group_by("person").agg(
        day.min().alias("onset"), pl.col("reaction_id").sort().alias("reactions")
    )


def _shortest_lags(definition: CaseDefinition) -> list[int]:
    """For each standing the fewest days between session and onset that its level allows; 0 where it sets none."""
    lags = [0] * len(STANDINGS)
    for level, condition in definition.levels.items():
        lows = [term.onset_day.low if term.onset_day else None for term in affirmed_terms(condition)]
        lags[LEVELS.index(level)] = int(min((low or 0.0 for low in lows), default=0.0))
    return lags


def _index_sessions(asked: Asked, onsets: pl.DataFrame) -> pl.DataFrame:
    """For each person the last session of the definition that can have caused the illness: `lag` days before it."""
    in_scope = pl.Series(asked.session_scope >= CANNOT_TELL)
    mine = asked.people.sessions.filter(in_scope).join(onsets, on="person", how="left")
    latest = pl.col("onset") - pl.duration(days=pl.col("lag"))
    before = mine.filter((pl.col("first") <= latest).fill_null(True))
    ordered = before.sort("person", "first", "session_id", nulls_last=False)
    return ordered.group_by("person", maintain_order=True).agg(
        pl.col("session_id").last(), pl.col("first").last().alias("session_date")
    )


def still_in_window(classified: Classified, as_of: date | None) -> int | None:
    """How many who are not a case may still become one: their longest window of onset is not over.

    None where no window of the definition has an end, or no day is given.
    """
    highs = [
        term.onset_day.high
        for level in classified.definition.levels.values()
        for term in affirmed_terms(level)
        if term.onset_day is not None
    ]
    if as_of is None or not highs or None in highs:
        return None
    longest = max(high for high in highs if high is not None)
    earliest = as_of - timedelta(days=int(longest))
    waiting = classified.persons.filter(
        (pl.col("level") == NOT_A_CASE) & (pl.col("session_date") >= earliest)
    )
    return waiting.height
