"""When is a pair called a signal: the rules in use, by name, each a plain condition on columns of the table.

A rule answers true, false or null. Null says that the rule cannot be answered, as when no prior could be
fitted; it is never false. A signal of disproportionate reporting is a reason to look, not a cause found.

========  ==================================================================================================
name      condition
========  ==================================================================================================
evans     n >= 3, PRR >= 2 and chi-square with the correction of Yates >= 4 (Evans, Waller and Davis 2001)
ema       n >= 5 and lower 95 % limit of PRR >= 1 (European Medicines Agency, as in PMC4982893, table 1)
mhra      n >= 3, EBGM >= 2.5 and EB05 >= 1.8 (UK regulator, as in PMC4982893, table 1)
umc       lower 95 % limit of IC > 0 (Uppsala Monitoring Centre)
eb05      EB05 >= 2 (DuMouchel)
fdr       n >= 3, PRR > 1 and one-sided mid-P <= 0.05 after Benjamini and Hochberg over every cell of the table
========  ==================================================================================================

An event that no report names without the drug has an infinite PRR, which has no Wald limit. There "lower
limit >= 1" is decided by the one-sided mid-P: at most 0.025.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from untoward.errors import UsageError


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """A named condition: its name (column ``signal_<name>``), what it says, and the condition itself."""

    name: str
    says: str
    condition: pl.Expr


def ema(least: int = 5) -> Rule:
    """The rule of the European Medicines Agency, with the smallest count that it asks for (3 or 5 are in use)."""
    above_one = (
        pl.when(pl.col("prr").is_infinite()).then(pl.col("mid_p") <= 0.025).otherwise(pl.col("prr_low") >= 1)
    )
    says = f"n >= {least} and lower 95 % limit of PRR >= 1"
    return Rule(name="ema", says=says, condition=(pl.col("n") >= least) & above_one)


RULES = (
    Rule(
        name="evans",
        says="n >= 3, PRR >= 2 and chi-square (Yates) >= 4",
        condition=(pl.col("n") >= 3) & (pl.col("prr") >= 2) & (pl.col("chi2_yates") >= 4),
    ),
    ema(),
    Rule(
        name="mhra",
        says="n >= 3, EBGM >= 2.5 and EB05 >= 1.8",
        condition=(pl.col("n") >= 3) & (pl.col("ebgm") >= 2.5) & (pl.col("eb05") >= 1.8),
    ),
    Rule(name="umc", says="lower 95 % limit of IC > 0", condition=pl.col("ic_low") > 0),
    Rule(name="eb05", says="EB05 >= 2", condition=pl.col("eb05") >= 2),
    Rule(
        name="fdr",
        says="n >= 3, PRR > 1 and mid-P <= 0.05 after Benjamini and Hochberg over every cell of the table",
        condition=(pl.col("n") >= 3) & (pl.col("prr") > 1) & (pl.col("fdr") <= 0.05),
    ),
)
"""The rules that a run answers, in the order of their columns."""


def flagged(table: pl.DataFrame, rules: Sequence[Rule] = RULES) -> pl.DataFrame:
    """The table with a column ``signal_<name>`` per rule, true, false or null."""
    return table.with_columns(rule.condition.alias(f"signal_{rule.name}") for rule in rules)


def rule(name: str) -> Rule:
    """The rule of a name; raises UsageError naming those there are."""
    for known in RULES:
        if known.name == name:
            return known
    raise UsageError(f"rule: got {name!r}, expected one of {', '.join(known.name for known in RULES)}")
