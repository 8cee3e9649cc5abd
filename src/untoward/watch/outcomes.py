"""What counts as a case: from reactions to the sessions that have an outcome.

The term list names what was seen; an outcome gathers what may share a cause. Term groups come from the caller
as a mapping from term id to group, so that this module needs no term list.

A reaction whose term is not known, or a late lump whose onset nobody wrote down, might have been a case. Its
session is *undetermined* for that outcome: neither a case nor a healthy comparison.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import polars as pl

from untoward.model.tables import Registry
from untoward.watch.columns import column_or_null, text_or_null

LATE_FROM_DAY = 7.0
"""First day on which a lump, ulcer or abscess counts as a possible infection (the day itself included)."""

_LUMP_WORDS = ("nodule", "ulcer", "abscess")
_DEATH_WORDS = ("necrosis", "ulcer")
_SKIN_GROUPS = ("local", "infection", "vascular", "skin-lasting")
_INJURY_GROUPS = ("vascular", "nerve", "skin-lasting")
_LEFT_OUT = " A session with a reaction that cannot be told to be one or not is left out."


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What is counted: a short name, one or two sentences that define it, and the unit that is a case
    once.
    """

    name: str
    definition: str
    unit: str = "session"


INFECTION = Outcome(
    name="infection",
    definition=(
        "A reaction in the term group infection, or a nodule, ulcer or abscess that began 7 days or more after the"
        " session: infections by slow bacteria, mycobacteria above all, surface weeks late as a lump or sore, while"
        " lumps of the first days are mostly the injection itself." + _LEFT_OUT
    ),
)
ALLERGY = Outcome(name="allergy", definition="A reaction in the term group allergy." + _LEFT_OUT)
TISSUE_INJURY = Outcome(
    name="tissue injury",
    definition=(
        "Necrosis, an ulcer, or a reaction in the term groups vascular, nerve or lasting change of the skin."
        + _LEFT_OUT
    ),
)
OFF_COURSE = Outcome(
    name="left its expected course",
    definition="A reaction that lasted longer, came later or went further than its expected course.",
)
ANY_REACTION = Outcome(
    name="any reaction", definition="At least one reaction of any kind, its term known or not."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OutcomeCases:
    """The reactions that make sessions cases (`session_id`, `reaction_id`), and the undetermined sessions."""

    outcome: Outcome
    reactions: pl.DataFrame
    undetermined: pl.Series

    @property
    def session_ids(self) -> pl.Series:
        """The sessions that are cases, each once, in order."""
        return self.reactions.get_column("session_id").unique().sort()


def registry_outcomes(
    registry: Registry, groups: Mapping[str, str], off_course: Collection[str] | None = None
) -> tuple[OutcomeCases, ...]:
    """Every outcome of a registry, in the order in which they are shown.

    `groups` maps term ids to term groups; a term id without a group counts as not known. `off_course` holds
    the ids of the reactions that left their expected course; None, when nobody judged that, drops the
    outcome.
    """
    reactions = _judged(registry.reactions, groups)
    found = [
        _by_rule(INFECTION, reactions, _infection),
        _by_rule(ALLERGY, reactions, pl.col("group") == "allergy"),
        _by_rule(TISSUE_INJURY, reactions, _tissue_injury),
    ]
    if off_course is not None:
        chosen = pl.col("reaction_id").is_in(pl.Series(list(off_course), dtype=pl.String).implode())
        found.append(_by_rule(OFF_COURSE, reactions, chosen.fill_null(False)))
    return (*found, _by_rule(ANY_REACTION, reactions, pl.lit(True)))


def _judged(reactions: pl.DataFrame, groups: Mapping[str, str]) -> pl.DataFrame:
    """Reactions with their term group (null when not known) and the day on which they began (null
    likewise).
    """
    middle = (
        column_or_null(reactions, "onset_day_from", pl.Float64)
        + column_or_null(reactions, "onset_day_to", pl.Float64)
    ) / 2
    term = text_or_null(reactions, "term_id")
    return reactions.select(
        pl.col("session_id").cast(pl.String),
        pl.col("reaction_id").cast(pl.String),
        term.alias("term_id"),
        term.replace_strict(dict(groups), default=None, return_dtype=pl.String).alias("group"),
        pl.coalesce(column_or_null(reactions, "onset_day", pl.Float64), middle).alias("onset_day"),
    )


def _named(words: tuple[str, ...]) -> pl.Expr:
    """Whether one of the words of the term id is among these, for a term of the skin."""
    has_word = pl.any_horizontal(*(pl.col("term_id").str.split("-").list.contains(word) for word in words))
    return has_word & pl.col("group").is_in(_SKIN_GROUPS)


_infection: pl.Expr = (pl.col("group") == "infection") | (
    _named(_LUMP_WORDS) & (pl.col("onset_day") >= LATE_FROM_DAY)
)
_tissue_injury: pl.Expr = _named(_DEATH_WORDS) | pl.col("group").is_in(_INJURY_GROUPS)


def _by_rule(outcome: Outcome, reactions: pl.DataFrame, rule: pl.Expr) -> OutcomeCases:
    """Apply a rule that is true, false or, for want of a fact, null."""
    verdict = reactions.select("session_id", "reaction_id", rule.alias("is_case"))
    cases = verdict.filter(pl.col("is_case")).select("session_id", "reaction_id")
    unsure = verdict.filter(pl.col("is_case").is_null()).get_column("session_id").unique()
    sure = cases.get_column("session_id").unique()
    return OutcomeCases(
        outcome=outcome, reactions=cases, undetermined=unsure.filter(~unsure.is_in(sure.implode())).sort()
    )
