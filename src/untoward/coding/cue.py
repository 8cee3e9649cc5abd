"""A cue: something said about the signs around it, such as a size, a count, how long, how bad or which way it goes."""

from __future__ import annotations

from dataclasses import dataclass

from untoward.model.case import Attribute


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One attribute that words of a text give, with the words it was read from.

    `name` is the attribute (`size_cm`, `size_is_approximate`, `count`, `count_is_at_least`, `duration_days`,
    `since_day`, `day`, `severity`, `worse`, `better`, `same`, `spreading`, `recovered`, `painful`, `colour`, or the
    id of a vital term such as `temperature`);
    `first` and `last` are the places of its first and last word among the tokens, the last included.
    """

    name: str
    value: Attribute
    first: int
    last: int
