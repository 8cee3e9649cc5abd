"""Why a case is as urgent as it is: the finding that decided, from the last assessment of each case."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.db.models.fields.json import KT

from untoward.assess.rules import all_rules
from untoward.registry.models import Observation, Reaction


@dataclass(frozen=True, slots=True)
class Why:
    """The rule that decided, by its code, and what it found, as one sentence in English."""

    rule: str
    statement: str


def reasons_of(cases: Iterable[Reaction]) -> dict[int, Why]:
    """By primary key of the case; a case that was never assessed has none."""
    assessed = (
        Observation.objects.filter(reaction__in=[case.pk for case in cases], assessment__isnull=False)
        .annotate(rule=KT("assessment__findings__0__rule"), statement=KT("assessment__summary"))
        .order_by("at", "pk")
        .values_list("reaction_id", "rule", "statement")
    )
    return {case: Why(rule, statement) for case, rule, statement in assessed if rule and statement}


@lru_cache(maxsize=1)
def rule_names() -> dict[str, str]:
    """The name of each rule by its code, in English."""
    return {rule.code: rule.name for rule in all_rules()}
