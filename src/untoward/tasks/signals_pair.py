"""All about one pair of a drug and an event, from the files on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypedDict

import numpy as np
import polars as pl

import untoward
from untoward.kernels import disproportionality
from untoward.kernels.disproportionality import Ratio
from untoward.model.reports import ReportTables
from untoward.report.signals.content import Breakdown, Row, Share
from untoward.report.signals.pair_content import Masker, PairStory, StratumLine
from untoward.tasks.signals import SignalOptions, SignalRun, find_signals
from untoward.tasks.signals_collection import Progress
from untoward.tasks.signals_content import MAIN_RULE, notes_of, reports_of_pairs, source_of
from untoward.tasks.signals_names import only_one
from untoward.tasks.signals_series import onsets_of, trends_of
from untoward.watch.signals.counting import Roles, in_roles
from untoward.watch.signals.masking import maskers
from untoward.watch.signals.measures import measure
from untoward.watch.signals.report_ids import positions
from untoward.watch.signals.report_matrix import ReportMatrix
from untoward.watch.signals.stratified import UNKNOWN, strata_of

STRATA = ("sex", "age_group", "year")
"""What the pair is shown within, each by itself, unless strata are asked for."""

AXES = ("route", "site", "lot")
_VALUES_SHOWN, _MASKERS_SHOWN = 10, 5


class _Limits(TypedDict):
    ic: float | None
    ic_low: float | None
    ic_high: float | None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class PairAnswer:
    """The story of a pair, and the rows of its reports (None for a table of counts)."""

    story: PairStory
    reports: pl.DataFrame | None


def pair_story(
    drug: str, event: str, paths: Sequence[str | Path], options: SignalOptions, progress: Progress
) -> PairAnswer:
    """Read a collection and tell all about one pair; a pair without a report has a story too.

    Raises InputError when no report names the drug or the event, or a name fits several.
    """
    run = find_signals(paths, replace(options, least=1), progress)
    pair = only_one(run.counts.drugs, drug, "drug"), only_one(run.counts.events, event, "event")
    row = row_of(run, *pair)
    tables = run.collection.tables
    ids = reports_of_pairs(run.matrix, [row])[0]
    own = None if tables is None else tables.reports.filter(pl.col("report_id").is_in(list(ids)))
    story = PairStory(
        version=untoward.__version__,
        source=source_of(run.collection, run.counts),
        ledger=run.ledger,
        settings=run.settings.lines(),
        rules=run.settings.rules,
        row=row,
        strata=_strata(run, row),
        trend=None
        if tables is None
        else next(iter(trends_of(tables, [pair], options.roles, MAIN_RULE)), None),
        onset=None if tables is None else next(iter(onsets_of(tables, [pair], options.roles, least=1)), None),
        breakdowns=() if tables is None else _breakdowns(tables, pair[0], ids, options.roles),
        maskers=() if tables is None or not ids else _maskers(tables, *pair, options.roles),
        serious=_told(own, "serious"),
        died=_told(own, "died"),
        report_ids=ids,
        notes=notes_of(run),
    )
    return PairAnswer(story=story, reports=own)


def row_of(run: SignalRun, drug: str, event: str) -> Row:
    """The pair's row of the table of signals; of a pair without a report, the measures of a count of nought."""
    found = run.scored.table.filter((pl.col("drug") == drug) & (pl.col("event") == event))
    if found.height:
        return found.to_dicts()[0]
    one = replace(
        run.counts,
        drug_index=np.array([list(run.counts.drugs).index(drug)], np.int32),
        event_index=np.array([list(run.counts.events).index(event)], np.int32),
        n=np.zeros(1, np.int64),
    )
    prior = run.settings.shrinkage.prior
    return measure(one, prior=prior, truncations=()).table.to_dicts()[0]


def _strata(run: SignalRun, row: Row) -> tuple[StratumLine, ...]:
    if run.matrix is None or run.collection.tables is None:
        return ()
    reports = run.collection.tables.reports
    ways = [run.options.strata] if run.options.strata else [(name,) for name in STRATA]
    return tuple(
        line for by in ways for line in _within(run.matrix, strata_of(reports, by), ", ".join(by), row)
    )


def _within(matrix: ReportMatrix, strata: pl.DataFrame, by: str, row: Row) -> list[StratumLine]:
    """The pair within each stratum; nothing where all reports are in one."""
    at = positions(matrix.report_ids, strata["report_id"])
    labels = np.full(matrix.n_reports, UNKNOWN, dtype=object)
    labels[at[at >= 0]] = strata["stratum"].to_numpy()[at >= 0]
    with_drug = _has(matrix.with_drug, matrix.drugs, row["drug"])
    with_event = _has(matrix.with_event, matrix.events, row["event"])
    frame = pl.DataFrame({"stratum": labels.tolist(), "drug": with_drug, "event": with_event})
    both = (pl.col("drug") & pl.col("event")).sum().alias("n")
    sums = (both, pl.col("drug").sum(), pl.col("event").sum(), pl.len().alias("total"))
    counts = frame.group_by("stratum").agg(*sums).sort("stratum")
    numbers = [counts[name].to_numpy().astype(float) for name in ("n", "drug", "event", "total")]
    expected = disproportionality.expected(*numbers[1:])
    ic = disproportionality.information_component(numbers[0], expected)
    lines = [
        StratumLine(
            by=by,
            stratum=str(counts["stratum"][place]),
            n=int(numbers[0][place]),
            n_drug=int(numbers[1][place]),
            n_event=int(numbers[2][place]),
            n_total=int(numbers[3][place]),
            expected=float(expected[place]),
            **_limits(ic, place, known=bool(numbers[1][place] and numbers[2][place])),
        )
        for place in range(counts.height)
    ]
    return lines if len(lines) > 1 else []


def _limits(ic: Ratio, place: int, *, known: bool) -> _Limits:
    """IC with its limits; none in a stratum without the drug or without the event, where nothing is expected."""
    if not known:
        return {"ic": None, "ic_low": None, "ic_high": None}
    value, low, high = (float(values[place]) for values in ic)
    return {"ic": value, "ic_low": low, "ic_high": high}


def _has(matrix: object, names: pl.Series, name: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    column = list(names).index(name)
    held: np.ndarray[tuple[int], np.dtype[np.bool_]] = (
        matrix[:, [column]].toarray().ravel().astype(bool)  # type: ignore[index]
    )
    return held


def _breakdowns(tables: ReportTables, drug: str, ids: Sequence[str], roles: Roles) -> tuple[Breakdown, ...]:
    rows = in_roles(tables.drugs, roles).filter(pl.col("drug").str.to_uppercase() == drug.upper())
    of_pair = rows.filter(pl.col("report_id").is_in(list(ids)))
    return tuple(_by(axis, rows, of_pair) for axis in AXES if of_pair[axis].count())


def _by(axis: str, rows: pl.DataFrame, of_pair: pl.DataFrame) -> Breakdown:
    """Distinct reports by value, whatever its capitals; a report that names two values stands in both."""
    capitals = pl.col(axis).str.to_uppercase()
    ours, all_of = (
        frame.drop_nulls(axis).group_by(capitals).agg(pl.col("report_id").n_unique().alias(name))
        for frame, name in ((of_pair, "n"), (rows, "of"))
    )
    table = ours.join(all_of, on=axis).sort("n", axis, descending=[True, False])
    shares = tuple(Share(value=value, n=n, of=of) for value, n, of in table.head(_VALUES_SHOWN).iter_rows())
    told = of_pair.drop_nulls(axis)["report_id"].n_unique()
    return Breakdown(
        axis=axis,
        shares=shares,
        others=max(table.height - _VALUES_SHOWN, 0),
        unknown=of_pair["report_id"].n_unique() - told,
    )


def _maskers(tables: ReportTables, drug: str, event: str, roles: Roles) -> tuple[Masker, ...]:
    """Those who hide the pair: without their reports it is clearer. The strongest first."""
    clearer = (pl.col("masking_ratio") > 1) & (pl.col("ic_unmasked_low") > pl.col("ic_low"))
    found = maskers(tables, drug, event, roles=roles).filter(clearer)
    return tuple(
        Masker(
            drug=row["masker"],
            n_event=row["n_masker_event"],
            share=row["share"],
            masking_ratio=row["masking_ratio"],
            ic_low=row["ic_low"],
            ic_low_without=row["ic_unmasked_low"],
        )
        for row in found.head(_MASKERS_SHOWN).iter_rows(named=True)
    )


def _told(reports: pl.DataFrame | None, column: str) -> tuple[int, int]:
    """How many reports say yes, of how many that say anything."""
    if reports is None:
        return 0, 0
    return int(reports[column].sum() or 0), reports[column].count()
