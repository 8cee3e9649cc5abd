"""Reports that may be of one case: found, scored, shown side by side, merged, and taken apart again.

    found = find_duplicates(tables)                    # after the source's own rule of versions
    likely = accepted(found, false_match_rate=0.05)    # the best pairs, of which one in twenty is expected wrong
    side_by_side(tables, "101", "205")                 # for the eye
    merged = merge(tables, likely)                     # one report per case; `merged.pairs` says why
    restored(merged)                                   # all of it back; or only some, by their report ids
    quality(likely, labelled)                          # precision and recall on pairs that people have judged

A score is the sum of the weights of the fields, in bits (see ``duplicate_weights``): how many times as likely
what two reports show would be if they were of one case, doubled so many times. The probability takes in how
many duplicates there are at all: their number is the one that equals the sum of all probabilities, found by
repetition. Duplicates are suspected, never proved; nothing is merged unless `merge` is called.

A group is merged only if every two of its reports were accepted as a pair (complete linkage), so that a chain of
look-alikes does not swallow different people. The report with the most fields filled stands for the case, as it
is: nothing of the others is copied into it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from untoward.errors import UsageError
from untoward.kernels.intervals import wilson
from untoward.model.ledger import Fate, LedgerEntry
from untoward.model.reports import DRUGS, REPORTS, ReportTables
from untoward.watch.signals.duplicate_blocks import candidates
from untoward.watch.signals.duplicate_fields import (
    KINDS,
    UNKNOWN,
    Fields,
    FloatArray,
    IntArray,
    frequency,
)
from untoward.watch.signals.duplicate_reasons import reasons
from untoward.watch.signals.duplicate_weights import AGE_SPREAD, DATE_SPREAD, Misses, Weigher
from untoward.watch.signals.report_ids import positions

FIELDS = ("event_date", "age", "sex", "country", *KINDS)
"""The fields compared; each has a column ``w_<field>`` of bits."""

PAIR = ("report_a", "report_b")

_CHUNK = 500_000
"""Pairs weighed at a time."""

STARTING = Misses()
"""The chances of misses that hold until confirmed pairs tell better."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Duplicates:
    """Pairs of reports with a score above 0, the most probable first.

    ``pairs`` has ``report_a, report_b, score`` (bits), ``probability``, ``w_*`` per field and ``reasons``.
    ``compared``: pairs that shared a key; ``passed_over``: keys too common to be used; ``expected``: duplicates
    expected among all pairs; ``misses``: the chances that the weights were made with.
    """

    pairs: pl.DataFrame
    reports: int
    compared: int
    passed_over: int
    expected: float
    misses: Misses


def find_duplicates(
    tables: ReportTables, *, misses: Misses = STARTING, largest_block: int = 100
) -> Duplicates:
    """Pairs of reports that may be of one case.

    ``largest_block``: a key that more reports share brings none of them together (see ``duplicate_blocks``).
    """
    if largest_block < 2:
        raise UsageError(f"largest_block: got {largest_block}, expected 2 or more")
    fields = Fields.of(tables)
    chosen = candidates(fields, largest_block)
    weigher = Weigher(fields, misses)
    parts = [
        _scored(weigher, chosen.first[at : at + _CHUNK], chosen.second[at : at + _CHUNK])
        for at in range(0, max(len(chosen.first), 1), _CHUNK)
    ]
    pairs = pl.concat(parts)
    probability, expected = _probabilities(pairs["score"].to_numpy(), fields.n)
    pairs = pairs.insert_column(3, pl.Series("probability", probability))
    return Duplicates(
        pairs=pairs.sort("score", descending=True, maintain_order=True),
        reports=fields.n,
        compared=len(chosen.first),
        passed_over=chosen.passed_over,
        expected=expected,
        misses=misses,
    )


def _probabilities(score: FloatArray, n: int) -> tuple[FloatArray, float]:
    """Probability of every pair, and the number of duplicates with which they add up to that number."""
    every = n * (n - 1) / 2
    duplicates = float(n) / 100
    odds = np.exp2(np.minimum(score, 900.0))
    probability = np.zeros(len(score))
    for _ in range(1000):
        prior = min(max(duplicates, 1e-9), every / 2) / max(every, 1)
        probability = odds * prior / (odds * prior + 1 - prior)
        before, duplicates = duplicates, float(probability.sum())
        if abs(duplicates - before) <= 1e-9 * max(before, 1.0):
            break
    return probability, duplicates


def _scored(weigher: Weigher, first: IntArray, second: IntArray) -> pl.DataFrame:
    """The pairs with a score above 0, with the weight of every field and the reasons."""
    weights = weigher(first, second)
    score = weights.score
    kept = np.flatnonzero(score > 0)
    ids = weigher.fields.report_ids.cast(pl.String)
    columns = {
        "report_a": ids.gather(first[kept]),
        "report_b": ids.gather(second[kept]),
        "score": score[kept],
        **{f"w_{name}": weights.by_field[name][kept] for name in FIELDS},
    }
    return pl.DataFrame(columns).with_columns(reasons(weigher.fields, first, second, weights, kept))


def accepted(found: Duplicates, false_match_rate: float = 0.05) -> pl.DataFrame:
    """The most probable pairs, as many as keep the expected share of wrong ones at the rate or below.

    The expected number of wrong pairs is the sum of what their probabilities lack to 1; it holds as far as the
    weights do. `quality` measures it.
    """
    if not 0 < false_match_rate < 1:
        raise UsageError(f"false_match_rate: got {false_match_rate}, expected a number between 0 and 1")
    wrong = (1 - found.pairs["probability"]).cum_sum() / np.arange(1, found.pairs.height + 1)
    within = (wrong <= false_match_rate).arg_true()
    return found.pairs.head(int(within[-1]) + 1 if len(within) else 0)


def side_by_side(tables: ReportTables, one: str, other: str) -> pl.DataFrame:
    """Two reports field by field: ``field, report_a, report_b, same``; ``same`` is null where one is silent."""
    columns = [_told(tables, report) for report in (one, other)]
    rows = [
        {"field": name, "report_a": a, "report_b": b, "same": None if a is None or b is None else a == b}
        for name, a, b in ((name, columns[0][name], columns[1][name]) for name in columns[0])
    ]
    kinds = {"field": pl.String, "report_a": pl.String, "report_b": pl.String, "same": pl.Boolean}
    return pl.DataFrame(rows, schema=kinds)


def _told(tables: ReportTables, report: str) -> dict[str, str | None]:
    mine = pl.col("report_id").cast(pl.String) == report
    row = tables.reports.filter(mine)
    if row.is_empty():
        raise UsageError(f"report: there is none with the id {report!r}")
    told = {name: _text(row[name][0]) for name in REPORTS if name in row.columns}
    drugs = tables.drugs.filter(mine)
    for name in (name for name in DRUGS if name in drugs.columns and name not in ("report_id", "sequence")):
        told[f"drugs: {name}"] = _text("; ".join(_distinct(drugs[name])))
    told["events"] = _text("; ".join(_distinct(tables.events.filter(mine)["event"])))
    return told


def _distinct(values: pl.Series) -> list[str]:
    return values.drop_nulls().cast(pl.String).unique().sort().to_list()


def _text(value: object) -> str | None:
    return None if value is None or value == "" else str(value)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Merged:
    """Reports with one per case. ``pairs`` has a row per report taken out: ``kept, removed, score, probability,
    reasons`` (null where the two meet only through a third). ``removed`` holds the rows that were taken out.
    """

    tables: ReportTables
    removed: ReportTables
    pairs: pl.DataFrame


def merge(tables: ReportTables, pairs: pl.DataFrame) -> Merged:
    """Leave of every group of duplicates the report with the most fields filled (then the first received).

    ``pairs`` has ``report_a, report_b`` and may have ``score, probability, reasons``; they are taken in their
    order. The ledger accounts for every report, kept or merged.
    """
    groups = _complete_groups(pairs)
    rank = _rank(tables)
    chosen = [(min(group, key=lambda report: rank[report]), report) for group in groups for report in group]
    rows = [(kept, report) for kept, report in chosen if kept != report]
    taken = pl.DataFrame(rows, schema={"kept": pl.String, "removed": pl.String}, orient="row")
    told = _why(taken, pairs)
    out = told.select(pl.col("removed").alias("report_id"))
    ledger = tables.ledger.with_entries(_entries(tables.reports.height, told))
    return Merged(
        tables=replace(_only(tables, out, "anti"), ledger=ledger),
        removed=_only(tables, out, "semi"),
        pairs=told,
    )


def restored(merged: Merged, only: Iterable[str] | None = None) -> ReportTables:
    """The reports with those that were taken out back among them; ``only`` some, by their report ids.

    Restored rows stand at the end of the tables. The ledger speaks of what is still merged.
    """
    removed = merged.pairs["removed"]
    back = removed if only is None else removed.filter(removed.is_in(list(only)))
    ids = back.rename("report_id").to_frame()
    rows, kept = _only(merged.removed, ids, "semi"), merged.tables
    entries = tuple(e for e in kept.ledger.entries if e.file != _FILE)
    left = merged.pairs.filter(~pl.col("removed").is_in(back.implode()))
    reports = pl.concat([kept.reports, rows.reports])
    return ReportTables(
        reports=reports,
        drugs=pl.concat([kept.drugs, rows.drugs]),
        events=pl.concat([kept.events, rows.events]),
        ledger=replace(kept.ledger, entries=entries).with_entries(
            _entries(reports.height + left.height, left) if left.height else []
        ),
    )


_FILE = "possible duplicates"


def _entries(reports: int, taken: pl.DataFrame) -> list[LedgerEntry]:
    examples = tuple(f"{row['removed']} into {row['kept']}" for row in taken.head(3).iter_rows(named=True))
    why = "taken for the same case as another report"
    return [
        LedgerEntry(file=_FILE, table="reports", fate=Fate.READ, rows=reports),
        LedgerEntry(file=_FILE, table="reports", fate=Fate.KEPT, rows=reports - taken.height),
        LedgerEntry(
            file=_FILE, table="reports", fate=Fate.MERGED, rows=taken.height, reason=why, examples=examples
        ),
    ]


def _complete_groups(pairs: pl.DataFrame) -> list[list[str]]:
    """Groups in which every two reports are a pair, grown from the first pair on."""
    rows = list(pairs.select(pl.col(PAIR).cast(pl.String)).iter_rows())
    known = {frozenset(row) for row in rows}
    group: dict[str, list[str]] = {}
    for a, b in rows:
        one, other = group.setdefault(a, [a]), group.setdefault(b, [b])
        if one is not other and all(frozenset((x, y)) in known for x in one for y in other):
            one.extend(other)
            group.update((report, one) for report in other)
    found = {id(members): members for members in group.values() if len(members) > 1}
    return list(found.values())


def _rank(tables: ReportTables) -> dict[str, int]:
    """The place of every report when the fullest come first, of equally full ones the first received."""
    filled = [
        frame.select("report_id", pl.sum_horizontal(pl.exclude("report_id").is_not_null()).alias("filled"))
        for frame in (tables.reports, tables.drugs, tables.events)
    ]
    ranked = (
        pl.concat(filled)
        .group_by("report_id")
        .agg(pl.col("filled").sum())
        .join(tables.reports.select("report_id", "received").with_row_index("place"), on="report_id")
        .sort("filled", "received", "place", descending=[True, False, False], nulls_last=True)
    )
    return {report: rank for rank, report in enumerate(ranked["report_id"].cast(pl.String))}


def _why(taken: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """The taken reports with the score and the reasons of their pair, whichever way round it was written."""
    told = [name for name in ("score", "probability", "reasons") if name in pairs.columns]
    ways = pl.concat(
        pairs.select(
            pl.col(a).cast(pl.String).alias("kept"), pl.col(b).cast(pl.String).alias("removed"), *told
        )
        for a, b in (PAIR, PAIR[::-1])
    ).unique(["kept", "removed"], keep="first")
    return taken.join(ways, on=["kept", "removed"], how="left", maintain_order="left")


def _only(tables: ReportTables, ids: pl.DataFrame, how: str) -> ReportTables:
    def chosen(frame: pl.DataFrame) -> pl.DataFrame:
        inside = frame["report_id"].cast(pl.String).is_in(ids["report_id"].implode())
        return frame.filter(inside if how == "semi" else ~inside)

    return replace(
        tables, reports=chosen(tables.reports), drugs=chosen(tables.drugs), events=chosen(tables.events)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """How well pairs agree with judged ones: counts, precision and recall with 95 % limits of Wilson (nan: none)."""

    found: int
    labelled: int
    right: int
    precision: float
    precision_limits: tuple[float, float]
    recall: float
    recall_limits: tuple[float, float]


def quality(pairs: pl.DataFrame, labelled: pl.DataFrame) -> Quality:
    """Precision and recall of pairs against all true pairs, both with ``report_a, report_b`` either way round."""
    mine, true = ({frozenset(row) for row in _as_text(frame).iter_rows()} for frame in (pairs, labelled))
    right = len(mine & true)
    return Quality(
        found=len(mine),
        labelled=len(true),
        right=right,
        precision=right / len(mine) if mine else float("nan"),
        precision_limits=wilson(right, len(mine)),
        recall=right / len(true) if true else float("nan"),
        recall_limits=wilson(right, len(true)),
    )


def learned_misses(tables: ReportTables, labelled: pl.DataFrame, start: Misses = STARTING) -> Misses:
    """The chances of misses in pairs that people have confirmed; ``start`` where none tells of a field.

    Of the pairs that differ by more than a little, some missed and hit the same value by chance, so the share that
    differs is divided by the chance that two reports at large differ. For terms, with ``s`` shared and ``d`` named
    by one alone, ``c = d / (2 s + d)``. Chances are kept between 0.001 and 0.8.
    """
    fields = Fields.of(tables)
    first, second = (positions(fields.report_ids, _as_text(labelled)[name]) for name in PAIR)
    if (first < 0).any() or (second < 0).any():
        raise UsageError("labelled: pairs name reports that are not in the tables")
    learnt: dict[str, float] = {}
    for name, reach in (("event_day", DATE_SPREAD), ("age", AGE_SPREAD), ("sex", 0.0), ("country", 0.0)):
        learnt |= _learnt(getattr(fields, name), first, second, reach, name.replace("_day", "_date"))
    weights = Weigher(fields, start)(first, second)
    for kind in KINDS:
        both = weights.shared[kind] > 0
        shared, other = (int(side[kind][both].sum()) for side in (weights.shared, weights.other))
        learnt |= {kind: other / (2 * shared + other)} if shared else {}
    return replace(start, **{name: float(np.clip(value, 0.001, 0.8)) for name, value in learnt.items()})


def _learnt(
    values: IntArray, first: IntArray, second: IntArray, spread: float, name: str
) -> dict[str, float]:
    known = (values[first] != UNKNOWN) & (values[second] != UNKNOWN)
    if not known.any():
        return {}
    apart = np.abs(values[first[known]] - values[second[known]])
    near = (apart > 0) & (apart <= np.ceil(3 * spread))
    at_large = values[values != UNKNOWN]
    same = float(np.mean(frequency(at_large)))  # the chance that two reports at large agree
    miss = float(np.mean((apart > 0) & ~near)) / max(1 - same, 1e-9)
    if not spread:
        return {name: miss}
    return {name: miss, f"{name}_off": min(float(np.mean(near)), 0.19)}


def _as_text(pairs: pl.DataFrame) -> pl.DataFrame:
    return pairs.select(pl.col(PAIR).cast(pl.String))
