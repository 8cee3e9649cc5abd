"""Does one drug hide the signal of another: masking ratios, a run without the maskers, and the notoriety check.

    found = maskers(tables, "POLIDOCANOL", "Skin necrosis")    # who hides this pair, the strongest first
    apart = without(tables, ["DEOXYCHOLIC ACID"])              # all reports but theirs; count and measure anew
    gained = unmasked(tables, ["DEOXYCHOLIC ACID"])            # pairs that become a signal, or cease to be one
    famous = notoriety(tables, "POLIDOCANOL", "Skin necrosis", since=date(2021, 5, 1))

A drug whose reports make up much of an event's background lifts the share with which every other drug is
compared. The masking ratio (Maignen and others, Pharmacoepidemiol Drug Saf 2014;23:195 and 208) says by how much:
the PRR once the masker's reports are out, over the PRR with them. It is worked out here from the counts
themselves, reports that name both drugs included, for every drug of the collection at once. Where no report
names both, taking ``r`` of the masker's reports, ``m`` of them with the event, from a background of ``c`` reports
with the event among ``b`` changes the PRR by

    (c / b) / ((c - m) / (b - r)),

which is ``simple``; it depends on the masker and the background alone. The two differ where drugs are reported
together: such reports say that the drugs belong together, not that one hides the other.

Notoriety: a warning or a news story makes people report what they have read of. The check compares the pair's
reports per month after a given date with those before, with the exact interval of the ratio of two Poisson
rates (given the sum, the later count is binomial: Clopper-Pearson), and the same per report of everything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special

from untoward.errors import UsageError
from untoward.kernels import disproportionality
from untoward.kernels.gamma_poisson import Prior
from untoward.kernels.intervals import clopper_pearson
from untoward.model.reports import ReportTables
from untoward.watch.signals.counting import SUSPECTED, Roles, count_reports, in_roles, matrix_of, per_column
from untoward.watch.signals.measures import measure
from untoward.watch.signals.places import place_of
from untoward.watch.signals.report_ids import positions
from untoward.watch.signals.rules import RULES, Rule

FloatArray = NDArray[np.float64]

DAYS_PER_MONTH = 365.25 / 12


def maskers(
    tables: ReportTables, drug: str, event: str, *, roles: Roles = SUSPECTED, least: int = 1
) -> pl.DataFrame:
    """Every other drug with ``least`` reports of the event or more, the one that hides the pair most first.

    Columns: ``masker``; ``n_masker`` and ``n_masker_event`` (its reports, and those with the event); ``n_both``
    (its reports that name the drug too); ``share`` of the event's reports without the drug that name the masker;
    ``masking_ratio`` and ``simple`` (above 1: hides); the measures without the masker's reports: ``n_unmasked,
    expected_unmasked, prr_unmasked, prr_unmasked_low, ic_unmasked, ic_unmasked_low``; and ``prr, ic, ic_low`` with
    them. A ratio that cannot be formed is null; it is infinite where the event has no background left.
    """
    matrix, _ = matrix_of(tables, roles)
    one, other = place_of(matrix.drugs, drug, "drug"), place_of(matrix.events, event, "event")
    with_drug = matrix.with_drug[:, [one]].toarray().ravel().astype(bool)
    with_event = matrix.with_event[:, [other]].toarray().ravel().astype(bool)
    n_masker, m_event, m_drug, m_both = (
        per_column(matrix.with_drug[rows])
        for rows in (slice(None), with_event, with_drug, with_drug & with_event)
    )
    a, n_drug, n_event = ((mask).sum() for mask in (with_drug & with_event, with_drug, with_event))
    here = _Measures.of(*(np.array([v]) for v in (a, n_drug, n_event, matrix.n_reports)))
    gone = _Measures.of(a - m_both, n_drug - m_drug, n_event - m_event, matrix.n_reports - n_masker)
    background, event_there = matrix.n_reports - n_drug, n_event - a
    with np.errstate(divide="ignore", invalid="ignore"):
        left = (event_there - (m_event - m_both)) / (background - (n_masker - m_drug))
        columns = {
            "share": (m_event - m_both) / event_there,
            "masking_ratio": gone.prr / here.prr,
            "simple": (event_there / background) / left,
            "n_unmasked": a - m_both,
            "expected_unmasked": gone.expected,
            "prr_unmasked": gone.prr,
            "prr_unmasked_low": gone.prr_low,
            "ic_unmasked": gone.ic,
            "ic_unmasked_low": gone.ic_low,
        }
    counts = {"n_masker": n_masker, "n_masker_event": m_event, "n_both": m_drug}
    kept = (m_event >= max(least, 1)) & (np.arange(len(n_masker)) != one)
    table = pl.DataFrame({"masker": matrix.drugs, **counts, **columns}).filter(pl.Series(kept))
    same = {"prr": here.prr[0], "ic": here.ic[0], "ic_low": here.ic_low[0]}
    table = table.with_columns(pl.lit(float(value)).alias(name) for name, value in same.items())
    table = table.with_columns(pl.col(pl.Float64).fill_nan(None))
    return table.sort("masking_ratio", "masker", descending=[True, False], nulls_last=True)


@dataclass(frozen=True, slots=True, eq=False)
class _Measures:
    expected: FloatArray
    prr: FloatArray
    prr_low: FloatArray
    ic: FloatArray
    ic_low: FloatArray

    @classmethod
    def of(cls, n: NDArray[np.int64], drug: NDArray[np.int64], event: NDArray[np.int64],
           total: NDArray[np.int64]) -> _Measures:  # fmt: skip
        cells = disproportionality.cells(n, drug, event, total)
        with np.errstate(divide="ignore", invalid="ignore"):
            expected = disproportionality.expected(drug, event, total)
        prr = disproportionality.proportional_reporting_ratio(cells)
        ic = disproportionality.information_component(n, np.nan_to_num(expected))
        return cls(expected, prr.value, prr.low, ic.value, ic.low)


def without(tables: ReportTables, drugs: Sequence[str], *, roles: Roles = SUSPECTED) -> ReportTables:
    """The reports that name none of these drugs in a role that counts; the ledger stays as it is.

    Raises UsageError for a drug that no report names.
    """
    counted = in_roles(tables.drugs, roles)
    names = counted["drug"].unique().sort()
    masked = [str(names[place_of(names, drug, "drug")]).upper() for drug in drugs]
    out = counted.filter(pl.col("drug").str.to_uppercase().is_in(masked)).select("report_id").unique()
    reports, drug_rows, events = (
        frame.join(out, on="report_id", how="anti", maintain_order="left")
        for frame in (tables.reports, tables.drugs, tables.events)
    )
    return ReportTables(reports=reports, drugs=drug_rows, events=events, ledger=tables.ledger)


def unmasked(
    tables: ReportTables,
    drugs: Sequence[str],
    *,
    roles: Roles = SUSPECTED,
    rules: Sequence[Rule] = RULES,
    prior: Prior | None = None,
) -> pl.DataFrame:
    """Pairs for which a rule answers differently once the reports of these drugs are out.

    Columns: ``drug, event, rule, before, after`` (before and after are the rule's answers; null: it cannot be
    answered, as for a pair that has no reports left) and ``n, prr, ic_low`` with ``_after`` twins. Pairs of the
    drugs that were taken out are not listed. Each run fits its own prior for EBGM, unless one is given.
    """
    before = measure(count_reports(tables, roles=roles), prior=prior, rules=rules).table
    after = measure(
        count_reports(without(tables, drugs, roles=roles), roles=roles), prior=prior, rules=rules
    ).table
    shown = [name.strip().upper() for name in drugs]
    both = before.filter(~pl.col("drug").str.to_uppercase().is_in(shown)).join(
        after, on=["drug", "event"], how="left", suffix="_after"
    )
    parts = [
        both.select(
            "drug",
            "event",
            pl.lit(rule.name).alias("rule"),
            pl.col(f"signal_{rule.name}").alias("before"),
            pl.col(f"signal_{rule.name}_after").alias("after"),
            *(pl.col(f"{name}{end}") for name in ("n", "prr", "ic_low") for end in ("", "_after")),
        )
        for rule in rules
    ]
    changed = pl.concat(parts).filter(pl.col("before").ne_missing(pl.col("after")))
    return changed.sort(
        "after", "drug", "event", "rule", descending=[True, False, False, False], nulls_last=True
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRatio:
    """The rate after a date over the rate before, with its exact 95 % limits and two-sided p (None: no rate).

    ``before`` and ``after`` are the pair's reports; ``exposure_before`` and ``exposure_after`` what they are
    counted per, in ``unit``.
    """

    unit: str
    before: int
    after: int
    exposure_before: float
    exposure_after: float
    ratio: float | None
    low: float | None
    high: float | None
    p: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notoriety:
    """Reports of a pair before and after a date, per month and per report of anything else.

    The first shows whether the pair is reported more; the second whether it is more than all reporting has grown.
    ``undated`` reports of the pair count on neither side.
    """

    drug: str
    event: str
    since: date
    per_month: RateRatio
    per_other_report: RateRatio
    undated: int


def notoriety(
    tables: ReportTables, drug: str, event: str, *, since: date, roles: Roles = SUSPECTED
) -> Notoriety:
    """Whether a pair is reported more often from a date on than before.

    The time runs from the first dated report of the collection to its last, both days included. Raises UsageError
    when the date leaves one side without a day, or a name is not known.
    """
    matrix, _ = matrix_of(tables, roles)
    one, other = place_of(matrix.drugs, drug, "drug"), place_of(matrix.events, event, "event")
    both = matrix.with_drug[:, [one]].multiply(matrix.with_event[:, [other]]).toarray().ravel().astype(bool)
    rows = positions(matrix.report_ids, tables.reports["report_id"])
    counted = tables.reports.select("received").filter(pl.Series(rows >= 0))
    pair = both[rows[rows >= 0]]
    dated = counted.with_columns(pl.Series("pair", pair)).drop_nulls("received")
    first, last = dated.select(pl.col("received").min().alias("a"), pl.col("received").max().alias("z")).row(
        0
    )
    if first is None or not first < since <= last:
        raise UsageError(
            f"since: got {since}, expected a day after {first} and up to {last}, the dated reports"
        )
    after = pl.col("received") >= since
    n = [dated.filter(side & pl.col("pair")).height for side in (~after, after)]
    others = [dated.filter(side & ~pl.col("pair")).height for side in (~after, after)]
    months = [(since - first).days / DAYS_PER_MONTH, ((last - since).days + 1) / DAYS_PER_MONTH]
    return Notoriety(
        drug=matrix.drugs[one],
        event=matrix.events[other],
        since=since,
        per_month=rate_ratio("months", n[0], n[1], months[0], months[1]),
        per_other_report=rate_ratio("other reports", n[0], n[1], others[0], others[1]),
        undated=int(pair.sum()) - sum(n),
    )


def rate_ratio(
    unit: str, before: int, after: int, exposure_before: float, exposure_after: float
) -> RateRatio:
    """The ratio of two Poisson rates; limits from the binomial distribution of the later count given the sum."""
    total = before + after
    known = total > 0 and exposure_before > 0 and exposure_after > 0
    ratio = low = high = p = None
    if known:
        scale = exposure_before / exposure_after
        bounds = clopper_pearson(after, total)
        ratio = after / before * scale if before else np.inf
        low, high = (share / (1 - share) * scale if share < 1 else np.inf for share in bounds)
        p = _two_sided(after, total, exposure_after / (exposure_before + exposure_after))
    return RateRatio(
        unit=unit,
        before=before,
        after=after,
        exposure_before=float(exposure_before),
        exposure_after=float(exposure_after),
        ratio=ratio,
        low=low,
        high=high,
        p=p,
    )


def _two_sided(count: int, total: int, share: float) -> float:
    """Twice the smaller exact tail, at most 1: below 0.05 exactly where the 95 % limits leave a ratio of 1 out."""
    upper = special.betainc(count, total - count + 1, share) if count else 1.0
    lower = special.betaincc(count + 1, total - count, share) if count < total else 1.0
    return float(min(1.0, 2 * min(upper, lower)))
