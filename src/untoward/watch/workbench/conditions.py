"""Whether each person meets each condition of a definition.

Whoever has no reaction on record meets no condition on reactions: the registry holds reactions, and a session
without one is taken as one after which none was reported. What was recorded badly is another thing, and stays unknown.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import polars as pl

from untoward.watch.columns import column_or_null, text_or_null
from untoward.watch.workbench.definition import (
    CaseDefinition,
    Condition,
    Dates,
    HasExposure,
    HasFinding,
    HasMeasure,
    HasTerm,
    Joined,
)
from untoward.watch.workbench.exposed import had
from untoward.watch.workbench.people import People
from untoward.watch.workbench.recorded import has_finding, has_measure, has_term, within, within_dates
from untoward.watch.workbench.truth import (
    CANNOT_TELL,
    NO,
    YES,
    Truth,
    at_least,
    best_of_rows,
    every,
    opposite,
    some,
)


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """The conditions of one definition asked of one registry. `session_scope` says which sessions it speaks of."""

    people: People
    definition: CaseDefinition
    session_scope: Truth
    answers: dict[Condition, Truth] = field(default_factory=dict)

    def truth(self, condition: Condition) -> Truth:
        """The answer of every person; each condition is worked out once."""
        if condition not in self.answers:
            self.answers[condition] = self._asked(condition)
        return self.answers[condition]

    def _asked(self, condition: Condition) -> Truth:
        if isinstance(condition, Joined):
            return self._joined(condition)
        if isinstance(condition, HasExposure):
            sessions = self.people.sessions.get_column("session_id")
            met = had(self.people.registry, sessions, condition.axis, condition.values)
            return self._by_person_of_sessions(every([met, self.session_scope]))
        return self._by_person_of_reactions(self.reaction_truth(condition))

    def _joined(self, condition: Joined) -> Truth:
        parts = [self.truth(part) for part in condition.parts]
        if condition.kind == "all":
            return every(parts)
        if condition.kind == "at_least":
            return at_least(condition.number, parts)
        return some(parts) if condition.kind == "any" else opposite(some(parts))

    def reaction_truth(self, condition: HasTerm | HasFinding | HasMeasure) -> Truth:
        """Whether each reaction meets a condition on reactions, within the definition's place and time."""
        if isinstance(condition, HasTerm):
            days = self._days_after_a_session(condition)
            dates = self._onset_within(condition.onset)
            return every(
                [
                    has_term(self.people, condition.terms),
                    days,
                    dates,
                    self._onset_within(self.definition.onset),
                ]
            )
        told = (
            has_finding(self.people, condition)
            if isinstance(condition, HasFinding)
            else has_measure(self.people, condition)
        )
        return every([told, self.reaction_scope()])

    def reaction_scope(self) -> Truth:
        """Whether each reaction followed a session that the definition speaks of, and began in its time."""
        pairs = self.people.pairs
        rows = self.session_scope[pairs.get_column("session").to_numpy()]
        followed = best_of_rows(self.people.reactions.height, pairs.get_column("reaction").to_numpy(), rows)
        return every([followed, self._onset_within(self.definition.onset)])

    def _days_after_a_session(self, condition: HasTerm) -> Truth:
        pairs = self.people.pairs
        days = within(pairs.get_column("day_low"), pairs.get_column("day_high"), condition.onset_day)
        if condition.after_last:
            days = np.where(pairs.get_column("is_own").to_numpy(), days, NO).astype(np.int8)
        rows = every([days, self.session_scope[pairs.get_column("session").to_numpy()]])
        return best_of_rows(self.people.reactions.height, pairs.get_column("reaction").to_numpy(), rows)

    def _onset_within(self, window: Dates | None) -> Truth:
        reactions = self.people.reactions
        return within_dates(
            reactions.get_column("onset_first"),
            reactions.get_column("onset_last"),
            window,
        )

    def _by_person_of_reactions(self, rows: Truth) -> Truth:
        return best_of_rows(self.people.ids.len(), self.people.reaction_person, rows)

    def _by_person_of_sessions(self, rows: Truth) -> Truth:
        return best_of_rows(self.people.ids.len(), self.people.session_person, rows)

    def person_scope(self) -> Truth:
        """Whether each person had a session that the definition speaks of."""
        return self._by_person_of_sessions(self.session_scope)


def ask(people: People, definition: CaseDefinition) -> Asked:
    """Put a definition to a registry."""
    return Asked(people, definition, session_scope(people, definition))


def session_scope(people: People, definition: CaseDefinition) -> Truth:
    """Whether each session is of the definition's persons, place and time; a blank cell leaves it open."""
    sessions = people.sessions
    table = people.registry.sessions
    limits = [within_dates(sessions.get_column("first"), sessions.get_column("last"), definition.sessions)]
    if definition.age is not None:
        age = table.select(column_or_null(table, "age", pl.Float64).alias("age")).to_series()
        limits.append(within(age, age, definition.age))
    for column, values in (*definition.person.items(), *definition.place.items()):
        text = table.select(text_or_null(table, column).str.to_lowercase().alias("value")).to_series()
        wanted = pl.Series([value.strip().lower() for value in values], dtype=pl.String)
        hit = text.is_in(wanted.implode())
        limits.append(_of_optional(hit))
    return every(limits)


def _of_optional(hit: pl.Series) -> Truth:
    yes, known = hit.fill_null(False).to_numpy(), hit.is_not_null().to_numpy()
    return np.where(yes, YES, np.where(known, NO, CANNOT_TELL)).astype(np.int8)
