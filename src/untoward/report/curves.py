"""Section 4: when the cases of each outcome began."""

from __future__ import annotations

from dataclasses import dataclass

from untoward.model.counts import EpiCurve
from untoward.model.review import Review
from untoward.report.charts import Chart, curve_chart
from untoward.report.dates import spoken
from untoward.report.numbers import count, counted, sentence_case
from untoward.report.tables import TableView, table

MOST_ROWS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveView:
    """One epidemic curve as it is shown."""

    anchor: str
    title: str
    reading: str
    bin_words: str
    without_date: str
    chart: Chart | None
    table: TableView | None


def curve_view(curve: EpiCurve, anchor: str) -> CurveView:
    """One curve: a drawing, its table twin, and what is in no bar."""
    cases = sum(one.n for one in curve.bins)
    missing = (
        f"{counted(curve.without_date, 'case')} without an onset date, in no bar"
        if curve.without_date
        else ""
    )
    return CurveView(
        anchor=anchor,
        title=sentence_case(curve.outcome),
        reading=curve.reading,
        bin_words=f"{counted(cases, 'case')} by onset, {_each_bar(curve.bin_days)}",
        without_date=missing,
        chart=curve_chart(
            curve.bins, f"Bars: {counted(cases, 'case')} of {curve.outcome} by onset. {curve.reading}"
        ),
        table=_table(curve) if curve.bins else None,
    )


def leading_curve(review: Review) -> EpiCurve | None:
    """The curve to show first: that of the first outcome, else the one with the most cases; None without any bar."""
    drawn = [curve for curve in review.epi_curves if curve.bins]
    first = {screen.outcome for screen in review.outcomes[:1]}
    return max(
        drawn, key=lambda curve: (curve.outcome in first, sum(one.n for one in curve.bins)), default=None
    )


def curve_summary(review: Review) -> str:
    """The reading of the leading curve."""
    curve = leading_curve(review)
    return curve.reading if curve else "No case has an onset date, so there is no curve to draw."


def _each_bar(days: int) -> str:
    return "one bar a day" if days == 1 else f"one bar for {days} days"


def _table(curve: EpiCurve) -> TableView:
    """All bins, or only those with cases when there are too many to read."""
    bins = curve.bins
    caption = f"{curve.outcome}: cases by onset"
    if len(bins) > MOST_ROWS:
        bins = tuple(one for one in bins if one.n)
        caption = f"{caption}; the {count(len(curve.bins) - len(bins))} empty bars are left out here"
    rows = [(spoken(one.start), spoken(one.end), count(one.n)) for one in bins]
    return table(caption, ("From", "Before", "#Cases"), rows)
