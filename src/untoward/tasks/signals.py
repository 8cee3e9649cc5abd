"""From the files of a collection of reports to its signals: read, count, measure, and choose what to show.

run = find_signals(["vaers-2023"], SignalOptions(least=3))
run.table        # one row per pair with `least` reports or more, the strongest first
run.ledger       # what became of every row read
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TypeVar, get_args

import polars as pl

from untoward.errors import Fault, InputError, UsageError
from untoward.exchange.reports.counts import MARGINS, CountTable
from untoward.kernels.gamma_poisson import Truncation
from untoward.model.ledger import Ledger
from untoward.model.reports import ReportTables
from untoward.report.signals.content import RuleTally
from untoward.tasks.signals_collection import Collection, Progress, read_collection
from untoward.tasks.signals_names import chosen
from untoward.tasks.signals_preparing import Preparation, Prepared, prepare
from untoward.watch.signals.counting import (
    SUSPECTED,
    Counting,
    Margins,
    PairCounts,
    Role,
    Roles,
    count_matrix,
    matrix_of,
    with_margins,
)
from untoward.watch.signals.given import count_table
from untoward.watch.signals.interactions import pair_interactions
from untoward.watch.signals.measures import TRUNCATIONS, Scored, Settings, measure
from untoward.watch.signals.report_matrix import ReportMatrix
from untoward.watch.signals.stratified import Stratified, strata_of, stratify

_Names = tuple[tuple[str, ...], tuple[str, ...]]
_Result = TypeVar("_Result")
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
    preparation: Preparation = field(default_factory=Preparation)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Counted:
    """Counts of pairs, and the reports as matrices where this machine has counted them."""

    matrix: ReportMatrix | None
    counts: PairCounts

    def reports(self, needed_for: str) -> ReportMatrix:
        """The matrices. Raises UsageError where there are none."""
        if self.matrix is None:
            raise UsageError(
                f"{needed_for} needs reports that are counted here: no table of counts, no --engine spark."
            )
        return self.matrix


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class SignalRun:
    """A finished run. ``table`` has the pairs listed, in order; ``scored`` has every pair with a report.

    ``strata`` has the strata and how many reports are in each; ``interactions`` the pairs of drugs; None if not asked.
    """

    options: SignalOptions
    prepared: Prepared
    matrix: ReportMatrix | None
    counts: PairCounts
    scored: Scored
    table: pl.DataFrame
    tallies: tuple[RuleTally, ...]
    strata: pl.DataFrame | None = None
    interactions: pl.DataFrame | None = None

    @property
    def collection(self) -> Collection:
        """What was counted."""
        return self.prepared.collection

    @property
    def ledger(self) -> Ledger:
        """What became of every row read."""
        return self.collection.ledger

    @property
    def settings(self) -> Settings:
        """How the table was made."""
        return self.scored.settings


def parse_roles(text: str) -> Roles:
    """What a user may write: "all", or roles with commas between them ("suspect" alone leaves out the interacting).

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
    prepared = prepare(read_collection(paths, options.format, progress), options.preparation, progress)
    collection = prepared.collection
    counted = _step(progress, "Counting pairs", lambda: count(collection, options))
    names = _names_chosen(counted.counts, options)
    stratified = _stratified(collection, counted, options, progress)
    scored = _step(progress, "Measuring pairs", lambda: _measured(counted.counts, stratified, options))
    table = listed(scored.table, options.least, *names)
    return SignalRun(
        options=options,
        prepared=prepared,
        matrix=counted.matrix,
        counts=counted.counts,
        scored=scored,
        table=table,
        tallies=tallies(table, scored.settings),
        strata=None if stratified is None else stratified.strata,
        interactions=_interactions(counted, options, names, progress),
    )


def count(collection: Collection, options: SignalOptions) -> Counted:
    """Counts of every pair of a collection, by the engine asked for."""
    if isinstance(collection.read, CountTable):
        return Counted(matrix=None, counts=_count_given(collection.read, options))
    tables = collection.reports("Counting")
    if options.engine == "spark":
        return Counted(matrix=None, counts=_count_on_spark(tables, options))
    matrix, without_role = matrix_of(tables, options.roles)
    counts = count_matrix(matrix, margins=options.margins)
    counting = replace(counts.counting, roles=options.roles, without_role=without_role)
    return Counted(matrix=matrix, counts=replace(counts, counting=counting))


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
    if options.margins == "pair_sum" and (options.strata or options.interactions):
        raise UsageError(
            "--stratify and --interactions count distinct reports: leave out --margins pair_sum."
        )


def _names_chosen(counts: PairCounts, options: SignalOptions) -> _Names:
    """Found before anything is measured, so that a slip of the pen costs no waiting."""
    return (
        chosen(counts.drugs, options.drugs, "--drug"),
        chosen(counts.events, options.events, "--event"),
    )


def _stratified(
    collection: Collection, counted: Counted, options: SignalOptions, progress: Progress
) -> Stratified | None:
    if not options.strata:
        return None
    matrix, reports = counted.reports("--stratify"), collection.reports("--stratify").reports
    how = ", ".join(options.strata)
    strata = strata_of(reports, options.strata)
    return _step(progress, "Comparing within strata", lambda: stratify(matrix, strata, counted.counts, how))


def _measured(counts: PairCounts, stratified: Stratified | None, options: SignalOptions) -> Scored:
    if stratified is None:
        return measure(counts, truncations=options.truncations)
    scored = measure(counts, truncations=options.truncations, adjusted=stratified.adjusted)
    return replace(scored, table=pl.concat([scored.table, stratified.columns()], how="horizontal"))


def _interactions(
    counted: Counted, options: SignalOptions, names: _Names, progress: Progress
) -> pl.DataFrame | None:
    """Pairs of drugs; with names chosen, those with one of the drugs and one of the events."""
    if not options.interactions:
        return None
    matrix = counted.reports("--interactions")
    found = _step(
        progress,
        "Comparing pairs of drugs",
        lambda: pair_interactions(matrix, counted.counts, least=options.least),
    )
    drugs, events = names
    if drugs:
        found = found.filter(pl.col("drug_1").is_in(list(drugs)) | pl.col("drug_2").is_in(list(drugs)))
    return found.filter(pl.col("event").is_in(list(events))) if events else found


def _step(progress: Progress, name: str, work: Callable[[], _Result]) -> _Result:
    progress(name, 0, 1)
    done = work()
    progress(name, 1, 1)
    return done


def _count_given(given: CountTable, options: SignalOptions) -> PairCounts:
    frame = given.frame
    missing = {name: frame[name].null_count() for name in MARGINS} if options.margins == "reports" else {}
    faults = [
        Fault(
            what="missing, and needed to count distinct reports",
            field=name,
            where=f"{rows} rows",
            hint=_PAIR_SUM,
        )
        for name, rows in missing.items()
        if rows
    ]
    if faults:
        raise InputError("The counts cannot be used.", faults)
    return count_table(frame, margins=options.margins)


def _count_on_spark(tables: ReportTables, options: SignalOptions) -> PairCounts:
    """Counts made by Spark. Raises MissingExtra where it is not installed."""
    from untoward.engines.spark import count_reports

    found = count_reports(tables, roles=options.roles)
    counting = Counting(
        roles=found.roles,
        least=found.least,
        without_event=found.without_event,
        without_drug=found.without_drug,
        without_role=found.without_role,
    )
    counts = PairCounts(
        drugs=found.drugs,
        events=found.events,
        drug_index=found.drug_index,
        event_index=found.event_index,
        n=found.n,
        drug_reports=found.drug_reports,
        event_reports=found.event_reports,
        n_total=found.n_total,
        counting=counting,
    )
    return with_margins(counts, options.margins)
