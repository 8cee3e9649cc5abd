"""When would it have signalled? The count of a pair and its measures, replayed over the dates on which reports came in.

    series = replay(tables, [("POLIDOCANOL", "Skin necrosis")], period="quarter")
    series[0].table        # one row per period: new and cumulative counts, E, PRR, ROR, IC, every rule
    series[0].first        # for every rule the period in which it first held, and whether it still holds
    series[0].sequential   # the MaxSPRT bound with its alpha and horizon, and the period that crossed it

Each period shows what was on the table at its end: all reports received until then, or with ``window`` those of
the last so many periods. Periods run from the first dated report of the collection to the last, empty ones too.
Reports without a date of receipt cannot be placed in time; they are left out and counted. Reports hold the text
of their latest version, which may be younger than the date on which the case was first received: a replay shows
when the counts were there, not what their first versions said.

The sequential test (Kulldorff and others, Sequential Analysis 2011;30:58) compares the cumulative count with an
expectation that may only grow, so E is added up period by period: ``n_drug n_event / n_total`` within each
period. That also takes trends of reporting out. The reports of the pair are part of its own E, which makes the
test slower, never faster. Its horizon is the E at which watching would stop. A horizon set in advance makes the
stated alpha hold; without one the E at the end of the data is taken, and the result says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from untoward.errors import UsageError
from untoward.kernels import disproportionality
from untoward.kernels.gamma_poisson import Prior, scores
from untoward.kernels.sequential import poisson_critical_value, poisson_llr
from untoward.model.reports import ReportTables
from untoward.watch.signals.counting import SUSPECTED, Roles, matrix_of
from untoward.watch.signals.places import place_of
from untoward.watch.signals.report_ids import positions
from untoward.watch.signals.report_matrix import ReportMatrix
from untoward.watch.signals.rules import RULES, Rule, flagged

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
Period = Literal["month", "quarter", "year"]

STEPS: dict[str, str] = {"month": "1mo", "quarter": "1q", "year": "1y"}
"""Lengths of periods, as Polars writes them."""


MOST_DUE = 2000.0
"""Horizons above are not tested: the exact bound costs the square of what is due, and no event so common is rare harm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sequential:
    """The maximised sequential probability ratio test of one pair.

    ``critical`` is the value that the log-likelihood ratio must reach, ``crossed`` the first day of the period in
    which it did (None: never). ``horizon`` is in expected reports; ``horizon_given`` is False where it is the E
    at the end of the data. ``least_count``: no rejection before so many reports. ``looks``: tests made.
    """

    alpha: float
    horizon: float
    horizon_given: bool
    least_count: int
    looks: int
    critical: float
    crossed: date | None

    def says(self) -> str:
        """For people: the settings and the outcome."""
        horizon = "set in advance" if self.horizon_given else "the E at the end of these data"
        outcome = "not crossed" if self.crossed is None else f"crossed in the period from {self.crossed}"
        return (
            f"MaxSPRT, alpha {self.alpha:g}, horizon {self.horizon:.4g} expected reports ({horizon}), "
            f"{self.looks} looks, at least {self.least_count} reports: bound {self.critical:.4f}, {outcome}"
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Replay:
    """One pair over time.

    ``table`` has a row per period: ``start`` (its first day), ``new`` (reports of the pair received in it), ``n,
    n_drug, n_event, n_total, expected`` and the measures of that day, a ``signal_*`` column per rule, ``due`` (E
    added up period by period), ``llr`` (of the cumulative count against it) and ``crossed``.
    ``first`` has a row per rule: ``rule, start, n, holds_at_end``; ``start`` is null where it never held.
    ``sequential`` is None where no test was made, and ``untested`` says why. ``undated`` counts the
    reports of the collection that were left out for want of a date.
    """

    drug: str
    event: str
    period: Period
    window: int | None
    table: pl.DataFrame
    first: pl.DataFrame
    sequential: Sequential | None
    untested: str
    undated: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SequentialPlan:
    """How to test sequentially: ``horizon`` None takes the E at the end of the data."""

    alpha: float = 0.05
    horizon: float | None = None
    least_count: int = 1


def replay(
    tables: ReportTables,
    pairs: Sequence[tuple[str, str]],
    *,
    period: Period = "quarter",
    window: int | None = None,
    roles: Roles = SUSPECTED,
    rules: Sequence[Rule] = RULES,
    prior: Prior | None = None,
    plan: SequentialPlan = SequentialPlan(),
) -> tuple[Replay, ...]:
    """Each pair (drug, event) over time, in the order given; capitals do not matter.

    ``window``: measures of the last so many periods in place of all until then. ``prior``: for EBGM and the rules
    that ask for it, one prior for all periods (such as that of the whole run); without it those rules are null,
    as is the one that adjusts over all pairs. Raises UsageError for a period that is not known, a window below 1,
    a plan that cannot be, or a drug or event that no report names.
    """
    _check(period, window, plan)
    matrix, _ = matrix_of(tables, roles)
    calendar = _Calendar.of(tables.reports, matrix, period)
    drugs, events = matrix.with_drug.tocsc(), matrix.with_event.tocsc()
    found = []
    for drug, event in pairs:
        one, other = place_of(matrix.drugs, drug, "drug"), place_of(matrix.events, event, "event")
        with_drug = drugs.indices[drugs.indptr[one] : drugs.indptr[one + 1]]
        with_event = events.indices[events.indptr[other] : events.indptr[other + 1]]
        new = calendar.margins(with_drug, with_event)
        table = _measured(calendar.starts, new, window, prior, rules)
        test, table = _tested(table, new, plan)
        found.append(
            Replay(
                drug=matrix.drugs[one],
                event=matrix.events[other],
                period=period,
                window=window,
                table=table,
                first=_first(table, rules),
                sequential=test,
                untested="" if test else _why_untested(table, plan),
                undated=calendar.undated,
            )
        )
    return tuple(found)


def _check(period: str, window: int | None, plan: SequentialPlan) -> None:
    if period not in STEPS or (window is not None and window < 1):
        raise UsageError(
            f"period, window: got {period!r}, {window}, expected {', '.join(STEPS)}, and 1 or more"
        )
    if not (0 < plan.alpha < 1 and plan.least_count >= 1 and (plan.horizon is None or plan.horizon > 0)):
        raise UsageError(
            f"plan: got {plan}, expected 0 < alpha < 1, a horizon above 0, a least count of 1 or more"
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Calendar:
    """The periods, and for every report the place of its period (-1: not dated)."""

    starts: pl.Series
    place: IntArray
    undated: int

    @classmethod
    def of(cls, reports: pl.DataFrame, matrix: ReportMatrix, period: Period) -> _Calendar:
        rows = positions(matrix.report_ids, reports["report_id"])
        start = reports.select(pl.col("received").dt.truncate(STEPS[period]))["received"]
        used = (rows >= 0) & start.is_not_null().to_numpy()
        starts = start.filter(pl.Series(used))
        if starts.is_empty():
            raise UsageError("received: no report that counts has a date of receipt")
        span = pl.date_range(pl.col("received").min(), pl.col("received").max(), STEPS[period])
        every = starts.to_frame().select(span).to_series().alias("start")
        place = np.full(matrix.n_reports, -1, np.int64)
        place[rows[used]] = every.search_sorted(starts).to_numpy()
        return cls(starts=every, place=place, undated=int(np.count_nonzero(place < 0)))

    def margins(self, with_drug: IntArray, with_event: IntArray) -> IntArray:
        """Reports received in each period: of the pair, the drug, the event, and all; a row each."""
        both = np.intersect1d(with_drug, with_event, assume_unique=True)
        every = np.arange(len(self.place))
        return np.stack([self._per_period(rows) for rows in (both, with_drug, with_event, every)])

    def _per_period(self, rows: IntArray) -> IntArray:
        places = self.place[rows]
        return np.bincount(places[places >= 0], minlength=len(self.starts)).astype(np.int64)


def _measured(
    starts: pl.Series, new: IntArray, window: int | None, prior: Prior | None, rules: Sequence[Rule]
) -> pl.DataFrame:
    """The measures at the end of every period, with a column per rule."""
    n, n_drug, n_event, n_total = _until(new, window)
    total = np.maximum(n_total, 1)  # an empty window has nothing to divide; all its measures are null
    cells = disproportionality.cells(n, n_drug, n_event, total)
    expected = disproportionality.expected(n_drug, n_event, total)
    prr, ror = (
        of(cells)
        for of in (disproportionality.proportional_reporting_ratio, disproportionality.reporting_odds_ratio)
    )
    ic = disproportionality.information_component(n, expected)
    fisher, mid = disproportionality.fisher_upper_both(cells)
    posterior = None if prior is None else scores(n, expected, prior)
    columns = {
        "expected": expected,
        **{f"{name}{end}": values for name, ratio in (("prr", prr), ("ror", ror), ("ic", ic))
           for end, values in zip(("", "_low", "_high"), ratio, strict=True)},
        "chi2_yates": disproportionality.chi_square(cells, yates=True),
        "fisher_p": fisher,
        "mid_p": mid,
        "ebgm": None if posterior is None else posterior.ebgm,
        "eb05": None if posterior is None else posterior.low,
        "eb95": None if posterior is None else posterior.high,
        "fdr": None,
    }  # fmt: skip
    known = pl.col("n_drug") > 0  # before its first report nothing can be said about a drug
    table = pl.DataFrame(
        {"start": starts, "new": new[0], "n": n, "n_drug": n_drug, "n_event": n_event, "n_total": n_total}
    ).with_columns(
        pl.lit(None, pl.Float64).alias(name)
        if values is None
        else pl.when(known).then(pl.Series(name, values, pl.Float64).fill_nan(None)).alias(name)
        for name, values in columns.items()
    )
    return flagged(table, rules)


def _until(new: IntArray, window: int | None) -> IntArray:
    """Sums until the end of every period, or over the last so many."""
    sums = np.cumsum(new, axis=1)
    if window is None or window >= new.shape[1]:
        return sums
    return np.concatenate([sums[:, :window], sums[:, window:] - sums[:, :-window]], axis=1)


def _tested(
    table: pl.DataFrame, new: IntArray, plan: SequentialPlan
) -> tuple[Sequential | None, pl.DataFrame]:
    """The sequential test of the cumulative count, and the table with its columns."""
    n, n_drug, n_event, n_total = new.astype(float)
    due = np.cumsum(n_drug * n_event / np.maximum(n_total, 1))
    count = np.cumsum(n)
    llr = np.array([poisson_llr(c, e) if e > 0 else 0.0 for c, e in zip(count, due, strict=True)])
    horizon = float(due[-1]) if plan.horizon is None else plan.horizon
    looks = _looks(due, horizon) if horizon <= MOST_DUE else []
    if not looks:
        none = pl.lit(None, pl.Boolean).alias("crossed")
        return None, table.with_columns(pl.Series("due", due), pl.Series("llr", llr), none)
    critical = poisson_critical_value(horizon, plan.alpha, least_count=plan.least_count, looks=looks)
    # once the horizon is passed the alpha is spent: nothing later can cross
    over = (
        (llr >= critical - 1e-12) & (count >= plan.least_count) & (due <= horizon * (1 + 1e-12)) & (due > 0)
    )
    crossed = np.logical_or.accumulate(over)
    first = table["start"][int(np.argmax(crossed))] if crossed.any() else None
    test = Sequential(
        alpha=plan.alpha,
        horizon=horizon,
        horizon_given=plan.horizon is not None,
        least_count=plan.least_count,
        looks=len(looks),
        critical=critical,
        crossed=first,
    )
    series = (pl.Series("due", due), pl.Series("llr", llr), pl.Series("crossed", crossed))
    return test, table.with_columns(series)


def _why_untested(table: pl.DataFrame, plan: SequentialPlan) -> str:
    """Why there is no sequential test."""
    due = table["due"]
    if due[-1] == 0:
        return "no report of the pair was ever due"
    horizon = due[-1] if plan.horizon is None else plan.horizon
    if horizon > MOST_DUE:
        return f"{horizon:.0f} reports due, more than {MOST_DUE:.0f}: too common to be watched for by a sequential test"
    return f"the first look comes with {due.filter(due > 0)[0]:.4g} reports due, after the horizon of {horizon:.4g}"


def _looks(due: FloatArray, horizon: float) -> list[float]:
    """Expected counts at which a test is made: whenever E has grown, up to the horizon and once there."""
    grown = due[np.diff(due, prepend=0.0) > 0]
    looks = [float(e) for e in grown if e <= horizon * (1 + 1e-12)]
    if looks and looks[-1] < horizon * (1 - 1e-12):
        looks.append(horizon)
    return looks


def _first(table: pl.DataFrame, rules: Sequence[Rule]) -> pl.DataFrame:
    """For every rule the first period in which it held."""
    rows = []
    for rule in rules:
        held = table.filter(pl.col(f"signal_{rule.name}"))
        rows.append(
            {
                "rule": rule.name,
                "start": held["start"][0] if held.height else None,
                "n": held["n"][0] if held.height else None,
                "holds_at_end": table[f"signal_{rule.name}"][-1],
            }
        )
    kinds = {"rule": pl.String, "start": pl.Date, "n": pl.Int64, "holds_at_end": pl.Boolean}
    return pl.DataFrame(rows, schema=kinds)
