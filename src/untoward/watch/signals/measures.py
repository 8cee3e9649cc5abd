"""Every measure of every pair, in one table, with the settings that made it.

    scored = measure(count_reports(tables))
    scored.table          # one row per pair, columns as COLUMNS, then a signal_* column per rule, then EXTRA
    scored.settings       # unit of count, margins, roles, expected counts, prior, what was refused and why

Limits are 95 % two-sided; ``eb05`` and ``eb95`` are the 5 % and 95 % points of the posterior. A measure that
cannot be formed is null; a ratio over an empty cell is infinite.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from untoward.kernels import disproportionality, gamma_poisson
from untoward.kernels.disproportionality import Ratio
from untoward.kernels.gamma_poisson import Fit, FitFailed, Points, Prior, Scores, Truncation
from untoward.kernels.likelihood_ratio import log_likelihood_ratio
from untoward.kernels.multiplicity import benjamini_hochberg
from untoward.kernels.squashing import joined, unreported
from untoward.watch.signals.counting import Counting, PairCounts
from untoward.watch.signals.rules import RULES, Rule, flagged

FloatArray = NDArray[np.float64]

COLUMNS = (
    "drug", "event", "n", "n_drug", "n_event", "n_total", "expected", "prr", "prr_low", "prr_high", "chi2_yates",
    "ror", "ror_low", "ror_high", "ic", "ic_low", "ic_high", "ebgm", "eb05", "eb95",
)  # fmt: skip
"""The columns every table of signals begins with."""

EXTRA = ("chi2", "fisher_p", "mid_p", "fdr", "lrt")
"""Chi-square without correction, one-sided exact p (Fisher, and mid-P), mid-P adjusted over every cell of the table of
drugs and events (Benjamini-Hochberg), and the log-likelihood ratio ``n log(n/E) - (n - E)`` of a count above its
expectation."""

TRUNCATIONS: tuple[Truncation, ...] = ("component", "mixture", "full")
"""The likelihoods of the prior, in the order in which they are tried. The first with a summit is used, and named."""

CRUDE = "n_drug x n_event / n_total"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrinkage:
    """Where EBGM comes from: a fitted prior, or one that was given; or why there is none."""

    prior: Prior | None = None
    fit: Fit | None = None
    refused: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """For people: the prior and how it was found, and every refusal."""
        told = [f"EBGM refused: {reason}" for reason in self.refused]
        if self.prior is None:
            return (*told, "EBGM, EB05 and EB95 are empty.")
        shown = ", ".join(f"{name} {value:.6g}" for name, value in self.prior._asdict().items())
        if self.fit is None:
            return (*told, f"EBGM prior, given: {shown}")
        fit = self.fit
        how = f"{fit.truncation} truncation" if fit.truncation != "full" else "every cell"
        return (
            *told,
            f"EBGM prior, fitted ({how}): {shown}; -log L {fit.nll:.3f}, slope left {fit.gradient:.1e} per pair; "
            f"{fit.agreeing} of {fit.starts} starts ended there",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How a table of signals was made; all that a reader needs in order to make it again."""

    counting: Counting
    expected: str
    ratios: str
    shrinkage: Shrinkage
    pairs: int
    cells: int
    rules: tuple[tuple[str, str], ...]

    def lines(self) -> tuple[str, ...]:
        """For people, a sentence a line."""
        roles = self.counting.roles
        counted = (
            "as the source gives them" if roles is None else roles if roles == "all" else ", ".join(roles)
        )
        return (
            f"Unit of count: {self.counting.unit}; margins: {self.counting.margins}; roles of drugs: {counted}",
            f"Expected count: {self.expected}; ratios: {self.ratios}; limits 95 %, two-sided",
            f"Pairs with reports: {self.pairs}, of {self.cells} cells that are tested together",
            *self.shrinkage.lines(),
            *(f"Signal by {name}: {says}" for name, says in self.rules),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """A table of signals and the settings that made it."""

    table: pl.DataFrame
    settings: Settings


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Adjusted:
    """Expected counts and ratios that take strata into account, one entry per pair; ``how`` says which strata."""

    expected: FloatArray
    prr: Ratio
    ror: Ratio
    how: str


def measure(
    counts: PairCounts,
    *,
    prior: Prior | None = None,
    truncations: Sequence[Truncation] = TRUNCATIONS,
    adjusted: Adjusted | None = None,
    rules: Sequence[Rule] = RULES,
) -> Scored:
    """Every measure of every pair.

    ``prior`` is used in place of a fitted one. ``truncations``: likelihoods to try, in this order, when the prior is
    fitted; where none has a summit, EBGM and its limits are null and the settings say why. ``adjusted``: expected
    counts and ratios from ``stratified``; chi-square and the exact tests stay those of the whole table.
    """
    expected = _crude(counts) if adjusted is None else adjusted.expected
    shrinkage, scores = shrunken(counts, expected, prior, truncations, crude=adjusted is None)
    table = counts.frame().with_columns(
        _column(name, values) for name, values in _columns(counts, expected, scores, adjusted).items()
    )
    signals = [f"signal_{rule.name}" for rule in rules]
    settings = Settings(
        counting=counts.counting,
        expected=CRUDE if adjusted is None else f"summed over strata ({adjusted.how})",
        ratios="of the whole table" if adjusted is None else f"Mantel-Haenszel over strata ({adjusted.how})",
        shrinkage=shrinkage,
        pairs=len(counts),
        cells=_cells(counts),
        rules=tuple((rule.name, rule.says) for rule in rules),
    )
    return Scored(table=flagged(table, rules).select(*COLUMNS, *signals, *EXTRA), settings=settings)


def _columns(
    counts: PairCounts, expected: FloatArray, scores: Scores | None, adjusted: Adjusted | None
) -> dict[str, FloatArray | None]:
    """Every measured column by name; None for one that there is not."""
    cells = disproportionality.cells(counts.n, counts.n_drug, counts.n_event, counts.n_total)
    prr = disproportionality.proportional_reporting_ratio(cells) if adjusted is None else adjusted.prr
    ror = disproportionality.reporting_odds_ratio(cells) if adjusted is None else adjusted.ror
    fisher, mid = disproportionality.fisher_upper_both(cells)
    return {
        "expected": expected,
        **_limits("prr", prr),
        "chi2_yates": disproportionality.chi_square(cells, yates=True),
        **_limits("ror", ror),
        **_limits("ic", disproportionality.information_component(counts.n, expected)),
        "ebgm": None if scores is None else scores.ebgm,
        "eb05": None if scores is None else scores.low,
        "eb95": None if scores is None else scores.high,
        "chi2": disproportionality.chi_square(cells),
        "fisher_p": fisher,
        "mid_p": mid,
        "fdr": adjusted_over_all_cells(mid, counts),
        "lrt": log_likelihood_ratio(counts.n, expected),
    }


def _column(name: str, values: FloatArray | None) -> pl.Expr | pl.Series:
    """A column in which what is not known is null, not nan (which polars takes for larger than any number)."""
    if values is None:
        return pl.lit(None, pl.Float64).alias(name)
    return pl.Series(name, values, pl.Float64).fill_nan(None)


def shrunken(
    counts: PairCounts,
    expected: FloatArray,
    prior: Prior | None = None,
    truncations: Sequence[Truncation] = TRUNCATIONS,
    *,
    crude: bool = True,
) -> tuple[Shrinkage, Scores | None]:
    """EBGM and its limits, and where they come from. ``crude``: expected counts are those of the margins."""
    if prior is not None:
        return Shrinkage(prior=prior), gamma_poisson.scores(counts.n, expected, prior)
    if counts.counting.least > 1:
        few = f"pairs with fewer than {counts.counting.least} reports are left out, so no prior can be fitted"
        return Shrinkage(refused=(few,)), None
    refused: list[str] = []
    for truncation in truncations:
        try:
            fit = gamma_poisson.fit_prior(_points(counts, expected, truncation, crude), truncation)
        except FitFailed as failure:
            refused.append(str(failure))
        else:
            found = Shrinkage(prior=fit.prior, fit=fit, refused=tuple(refused))
            return found, gamma_poisson.scores(counts.n, expected, fit.prior)
    return Shrinkage(refused=tuple(refused)), None


def _points(counts: PairCounts, expected: FloatArray, truncation: Truncation, crude: bool) -> Points:
    pairs = gamma_poisson.points(counts.n, expected)
    if truncation != "full":
        return pairs
    if not crude:
        raise FitFailed("Every cell: not on offer for expected counts that are summed over strata.")
    drugs, events = (side[side > 0] for side in (counts.drug_reports, counts.event_reports))
    return joined(pairs, unreported(drugs, events, counts.n_total, (counts.n_drug, counts.n_event)))


def adjusted_over_all_cells(p: FloatArray, counts: PairCounts) -> FloatArray:
    """P-values after Benjamini and Hochberg, for as many tests as the table of drugs and events has cells.

    Pairs stand in the list because somebody reported them. If they alone counted as tests, nearly every single
    report of a rare drug with a rare event would pass; cells without a report were looked at too, with p near 1.
    """
    cells = _cells(counts)
    return np.minimum(benjamini_hochberg(p) * (cells / max(len(p), 1)), 1.0)


def _cells(counts: PairCounts) -> int:
    return int(np.count_nonzero(counts.drug_reports) * np.count_nonzero(counts.event_reports))


def _crude(counts: PairCounts) -> FloatArray:
    return disproportionality.expected(counts.n_drug, counts.n_event, counts.n_total)


def _limits(name: str, ratio: Ratio) -> dict[str, FloatArray]:
    return {name: ratio.value, f"{name}_low": ratio.low, f"{name}_high": ratio.high}
