"""One pair at a time, with everything else about the reports held still: penalised logistic regression.

    found = adjusted_odds_ratio(matrix, "POLIDOCANOL", "THROMBOSIS", covariates, also=["TRIAMCINOLONE"])

The event is explained by the drug, by other drugs of the same reports (which may be the true cause) and by
covariates such as age group, sex and year. Reports with the same values are one row, so millions of reports are a
few thousand rows. Values not known are a category of their own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy import special

from untoward.errors import UsageError
from untoward.kernels.penalised_logistic import NotConverged, Penalty, Regression, fit
from untoward.watch.signals.report_ids import positions
from untoward.watch.signals.report_matrix import ReportMatrix
from untoward.watch.signals.stratified import UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedOddsRatio:
    """The odds ratio of event and drug with 95 % Wald limits, the crude model's beside it, and what was adjusted for.

    ``p`` is two-sided (penalised likelihood-ratio test). ``refused`` says why there is no answer; then all
    figures but the counts are None.
    """

    drug: str
    event: str
    n: int
    reports: int
    odds_ratio: float | None
    low: float | None
    high: float | None
    p: float | None
    crude: float | None
    adjusted_for: tuple[str, ...]
    penalty: Penalty
    patterns: int
    refused: str = ""


def adjusted_odds_ratio(
    matrix: ReportMatrix,
    drug: str,
    event: str,
    covariates: pl.DataFrame | None = None,
    *,
    also: Sequence[str] = (),
    penalty: Penalty = "firth",
    ridge: float = 1.0,
) -> AdjustedOddsRatio:
    """Adjust one pair. ``covariates`` has ``report_id`` and a column per covariate, each taken as categories.

    ``also`` names other drugs to adjust for. Raises UsageError for a name that is not in the reports.
    """
    exposed, outcome = _has(matrix, "drug", drug), _has(matrix, "event", event)
    columns = {"exposed": exposed, "outcome": outcome}
    columns |= {f"drug {name}": _has(matrix, "drug", name) for name in also}
    table = pl.DataFrame(columns).hstack(_categories(matrix, covariates))
    adjusted_for = tuple(name for name in table.columns if name not in ("exposed", "outcome"))
    patterns = (
        table.group_by("exposed", *adjusted_for)
        .agg(events=pl.col("outcome").sum(), reports=pl.len())
        .sort("exposed", *adjusted_for)
    )
    rest = _design(patterns, adjusted_for)
    figures: dict[str, float | None] = dict.fromkeys(("odds_ratio", "low", "high", "p", "crude"))
    refused = ""
    try:
        figures = _figures(patterns, rest, penalty, ridge)
    except NotConverged as error:
        refused = f"{error}"
    return AdjustedOddsRatio(
        drug=drug,
        event=event,
        n=int((exposed & outcome).sum()),
        reports=matrix.n_reports,
        adjusted_for=adjusted_for,
        penalty=penalty,
        patterns=patterns.height,
        refused=refused,
        **figures,
    )


def _figures(
    patterns: pl.DataFrame, rest: NDArray[np.float64], penalty: Penalty, ridge: float
) -> dict[str, float | None]:
    exposed = patterns["exposed"].to_numpy().astype(float)
    events, reports = (patterns[name].to_numpy().astype(float) for name in ("events", "reports"))
    ones = np.ones((len(exposed), 1))

    def fitted(*parts: NDArray[np.float64], zero: int | None = None) -> Regression:
        design = np.hstack((ones, *parts))
        return fit(design, events, reports, penalty=penalty, ridge=ridge, zero=zero)

    whole, crude = fitted(exposed[:, None], rest), fitted(exposed[:, None])
    without = fitted(exposed[:, None], rest, zero=1)
    value, reach = float(whole.coefficients[1]), float(special.ndtri(0.975) * whole.errors[1])
    surprise = max(0.0, 2 * (whole.log_likelihood - without.log_likelihood))
    return {
        "odds_ratio": exp(value),
        "low": exp(value - reach),
        "high": exp(value + reach),
        "p": float(special.chdtrc(1, surprise)),
        "crude": exp(float(crude.coefficients[1])),
    }


def _has(matrix: ReportMatrix, kind: str, name: str) -> NDArray[np.bool_]:
    """For every report whether it names the drug (or event), whatever the capitals."""
    names, table = (matrix.drugs, matrix.with_drug) if kind == "drug" else (matrix.events, matrix.with_event)
    place = names.str.to_uppercase().index_of(name.upper())
    if place is None:
        raise UsageError(f"{kind}: got {name}, expected a name that is in the reports")
    rows = np.zeros(matrix.n_reports, bool)
    rows[table[:, [place]].nonzero()[0]] = True
    return rows


def _categories(matrix: ReportMatrix, covariates: pl.DataFrame | None) -> pl.DataFrame:
    """The covariates of every report of the matrix, in its order, as text; not known is a category."""
    if covariates is None:
        return pl.DataFrame()
    names = [name for name in covariates.columns if name != "report_id"]
    at = positions(covariates["report_id"].sort(), matrix.report_ids)
    ordered = covariates.sort("report_id").select(pl.col(names).cast(pl.String))
    found = ordered.select(pl.all().gather(pl.Series(np.maximum(at, 0))))
    known = pl.Series("known", at >= 0)
    return found.select(
        pl.when(known).then(pl.col(name)).otherwise(None).fill_null(UNKNOWN).alias(name) for name in names
    )


def _design(table: pl.DataFrame, names: Sequence[str]) -> NDArray[np.float64]:
    """A column of 0 and 1 for every value of every covariate but its commonest."""
    columns = []
    for name in names:
        values = table[name].cast(pl.String)
        common = values.value_counts(sort=True, name="n").sort("n", name, descending=[True, False])[name][0]
        columns += [(values == value).to_numpy() for value in values.unique().sort() if value != common]
    return np.column_stack(columns).astype(float) if columns else np.zeros((table.height, 0))
