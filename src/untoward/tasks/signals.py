"""From the files of a collection of reports to its signals: read, count, measure, and choose what to show.

    run = find_signals(["vaers-2023"], SignalOptions(least=3))
    run.table        # one row per pair with `least` reports or more, the strongest first
    run.ledger       # what became of every row read
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, get_args

import polars as pl

from untoward.errors import Fault, InputError, MissingExtra, UsageError
from untoward.exchange.reports.counts import MARGINS, CountTable
from untoward.kernels.gamma_poisson import Truncation
from untoward.model.ledger import Ledger
from untoward.model.reports import ReportTables
from untoward.tasks.signals_collection import Collection, Progress, read_collection
from untoward.tasks.signals_names import chosen
from untoward.watch.signals.counting import SUSPECTED, Margins, PairCounts, Role, Roles, count_reports
from untoward.watch.signals.given import count_table
from untoward.watch.signals.measures import TRUNCATIONS, Scored, Settings, measure

Engine = Literal["local", "spark"]

ORDER = "lower 95 % limit of IC, largest first"
"""How pairs are put in order: by a measure that no small count can carry to the top."""

_PAIR_SUM = "Sums of pair counts can stand in for them: --margins pair_sum."


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalOptions:
    """All that a user can choose about a run.

    ``least``: pairs with fewer reports are not listed; they take part in the fit of the prior and in the tests.
    ``strata``: names of columns to stratify by. ``drugs`` and ``events`` choose what is listed, not what is counted.
    """

    format: str | None = None
    roles: Roles = SUSPECTED
    margins: Margins = "reports"
    truncations: tuple[Truncation, ...] = TRUNCATIONS
    least: int = 3
    strata: tuple[str, ...] = ()
    interactions: bool = False
    drugs: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    engine: Engine = "local"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTally:
    """How many of the pairs listed a rule flags, and of how many it cannot tell."""

    name: str
    says: str
    flagged: int
    cannot_tell: int


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SignalRun:
    """A finished run. ``table`` has the pairs listed, in order; ``scored`` has every pair with a report."""

    options: SignalOptions
    collection: Collection
    counts: PairCounts
    scored: Scored
    table: pl.DataFrame
    tallies: tuple[RuleTally, ...]
    interactions: pl.DataFrame | None = None

    @property
    def ledger(self) -> Ledger:
        """What became of every row read."""
        return self.collection.ledger

    @property
    def settings(self) -> Settings:
        """How the table was made."""
        return self.scored.settings


def parse_roles(text: str) -> Roles:
    """ "all", or roles with commas between them; "suspect" alone is the suspected drugs without the interacting.

    Raises UsageError naming the roles there are.
    """
    if text.strip().lower() == "all":
        return "all"
    known = {role: role for role in get_args(Role)}
    wanted = [one.strip().lower() for one in text.split(",") if one.strip()]
    wrong = [one for one in wanted if one not in known]
    if wrong or not wanted:
        raise UsageError(f"--roles: got {text!r}, expected all, or some of {', '.join(known)}.")
    return tuple(known[one] for one in wanted)


def find_signals(paths: Sequence[str | Path], options: SignalOptions, progress: Progress) -> SignalRun:
    """Read a collection and measure every pair of a drug and an event in it.

    Raises InputError when nothing can be read or counted, UsageError for options that do not go together.
    """
    _check(options)
    collection = read_collection(paths, options.format, progress)
    progress("Counting pairs", 0, 1)
    counts = count(collection, options)
    progress("Counting pairs", 1, 1)
    names = _names_chosen(counts, options)
    progress("Measuring pairs", 0, 1)
    scored = measure(counts, truncations=options.truncations, adjusted=_adjusted(collection, counts, options))
    progress("Measuring pairs", 1, 1)
    table = listed(scored.table, options.least, *names)
    return SignalRun(
        options=options,
        collection=collection,
        counts=counts,
        scored=scored,
        table=table,
        tallies=tallies(table, scored.settings),
        interactions=_interactions(collection, options, progress),
    )


def count(collection: Collection, options: SignalOptions) -> PairCounts:
    """Counts of every pair of a collection, by the engine asked for."""
    if collection.counts is not None:
        return _count_given(collection.counts, options)
    tables = collection.reports("counting")
    if options.engine == "spark":
        return _count_on_spark(tables, options)
    return count_reports(tables, roles=options.roles, margins=options.margins)


def listed(
    table: pl.DataFrame, least: int, drugs: Sequence[str] = (), events: Sequence[str] = ()
) -> pl.DataFrame:
    """The pairs to show: with `least` reports or more, of the names chosen if any, the strongest first."""
    kept = table.filter(pl.col("n") >= least)
    if drugs:
        kept = kept.filter(pl.col("drug").is_in(list(drugs)))
    if events:
        kept = kept.filter(pl.col("event").is_in(list(events)))
    order = ("ic_low", "n", "drug", "event")
    return kept.sort(order, descending=(True, True, False, False), nulls_last=True)


def tallies(table: pl.DataFrame, settings: Settings) -> tuple[RuleTally, ...]:
    """How many pairs each rule flags, and of how many it cannot tell."""
    return tuple(
        RuleTally(
            name=name,
            says=says,
            flagged=int(table[f"signal_{name}"].sum()),
            cannot_tell=table[f"signal_{name}"].null_count(),
        )
        for name, says in settings.rules
    )


def _check(options: SignalOptions) -> None:
    if options.least < 1:
        raise UsageError(f"--min-n: got {options.least}, expected 1 or more.")
    if options.margins == "pair_sum" and options.strata:
        raise UsageError("--stratify counts distinct reports; it cannot be used with --margins pair_sum.")


def _names_chosen(counts: PairCounts, options: SignalOptions) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Found before anything is measured, so that a slip of the pen costs no waiting."""
    return (
        chosen(counts.drugs, options.drugs, "--drug"),
        chosen(counts.events, options.events, "--event"),
    )


def _count_given(given: CountTable, options: SignalOptions) -> PairCounts:
    frame = given.frame
    if options.margins == "reports" and (without := [name for name in MARGINS if frame[name].has_nulls()]):
        faults = [
            Fault(what="missing, and needed to count distinct reports", field=name, hint=_PAIR_SUM)
            for name in without
        ]
        raise InputError("The counts cannot be used.", faults)
    return count_table(frame, margins=options.margins)


def _count_on_spark(tables: ReportTables, options: SignalOptions) -> PairCounts:
    if find_spec("pyspark") is None or find_spec("untoward.engines") is None:
        raise MissingExtra("spark", "--engine spark")
    engine = import_module("untoward.engines.spark")
    counted: PairCounts = engine.count_reports(tables, roles=options.roles, margins=options.margins)
    return counted
