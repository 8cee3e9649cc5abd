"""The charts of a review, each in two widths: one for a desk or paper, one for a phone.

Colours are the light tokens; the page's style sheet maps them to variables, so one drawing is right in light and in dark.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import altair as alt
from markupsafe import Markup

from untoward.model.counts import EpiCurveBin, ExposureResult
from untoward.model.finding import CourseState
from untoward.model.review import CourseSummary
from untoward.report.drawing import draw
from untoward.report.look import colour, shared_look
from untoward.report.numbers import count, sentence_case
from untoward.report.words import COURSE_SHORT

MOST_ROWS = 12
CLEAR = 0.05
"""An adjusted p value below this is drawn in the accent colour; above it, in grey."""

_STATES = ("within", "late", "beyond", "no_data")
_RATIO_TICKS = (0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
_FEW_TICKS = (0.01, 0.1, 1, 10, 100, 1000)
_MANY_DECADES = 3000
_RATIO_RANGE = (0.02, 5000.0)
_MILLISECONDS = 1000
_WIDEST_BAR, _NARROWEST_CURVE = 48, 160
_ROWS = "rows"
_NAMELESS: Mapping[str, str | None] = {"name": "", "said": "", "total": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One chart drawn twice, wide and narrow; the style sheet shows one of them.

    `description` says it in words; `note` explains marks that are not plain, such as arrows.
    """

    wide: Markup
    narrow: Markup
    description: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Size:
    width: int
    label: int
    font: int


_WIDE = _Size(width=400, label=230, font=12)
_NARROW = _Size(width=150, label=112, font=11)
_CURVE_WIDE = _Size(width=690, label=0, font=12)
_CURVE_NARROW = _Size(width=290, label=0, font=11)


def exposure_chart(results: Sequence[ExposureResult], names: Sequence[str], description: str) -> Chart | None:
    """Risk ratios with their intervals on a log axis, the most striking first; None when none is finite and above 0.

    A ratio without an upper limit is an arrow from its lower limit. The counts stand beside each row.
    """
    rows = [_ratio_row(result, name) for result, name in zip(results[:MOST_ROWS], names, strict=False)]
    if not any(row["value"] for row in rows):
        return None
    return Chart(
        wide=draw(_ratio_specification(rows, _WIDE)),
        narrow=draw(_ratio_specification(rows, _NARROW)),
        description=description,
        note=_arrow_note(rows),
    )


def curve_chart(bins: Sequence[EpiCurveBin], description: str) -> Chart | None:
    """Cases by onset as bars, empty bins included; None when there is no bin."""
    if not bins:
        return None
    rows = [{"start": _milliseconds(one.start), "end": _milliseconds(one.end), "n": one.n} for one in bins]
    return Chart(
        wide=draw(_curve_specification(rows, _CURVE_WIDE)),
        narrow=draw(_curve_specification(rows, _CURVE_NARROW)),
        description=description,
    )


def course_chart(courses: Sequence[CourseSummary], description: str) -> Chart | None:
    """Reactions of each term by where they stand against their expected course; None when there is no term."""
    if not courses:
        return None
    shown = sorted(courses, key=lambda course: -course.reactions)[:MOST_ROWS]
    return Chart(
        wide=draw(_course_specification(shown, _WIDE)),
        narrow=draw(_course_specification(shown, _NARROW)),
        description=description,
    )


# --- exposures ----------------------------------------------------------------------------------


def _ratio_row(result: ExposureResult, name: str) -> dict[str, Any]:
    ratio, table = result.risk_ratio, result.table
    return {
        "name": name,
        "value": _clamped(ratio.value),
        "low": _clamped(ratio.low),
        "high": _clamped(ratio.high),
        "endless": ratio.value is None and table.a > 0 and table.c == 0 and table.unexposed > 0,
        "nobody": ratio.value == 0,
        "counts": f"{count(table.a)} of {count(table.exposed)}",
        "clear": result.p_adjusted is not None and result.p_adjusted < CLEAR,
    }


def _arrow_note(rows: list[dict[str, Any]]) -> str:
    right = "Arrow to the right: none of the others was a case, so the ratio has no upper limit."
    left = "Arrow to the left: none of the exposed was a case."
    parts = (
        right if any(row["endless"] for row in rows) else "",
        left if any(row["nobody"] for row in rows) else "",
    )
    return " ".join(part for part in parts if part)


def _clamped(value: float | None) -> float | None:
    """None for a ratio of nought too: it has no place on a log axis and becomes an arrow to the left."""
    return None if value is None or value <= 0 else min(max(value, _RATIO_RANGE[0]), _RATIO_RANGE[1])


def _ratio_specification(rows: list[dict[str, Any]], size: _Size) -> dict[str, Any]:
    domain = _ratio_domain(rows)
    drawn = [{**_with_arrows(row, domain), "row": place} for place, row in enumerate(rows)]
    clear_or_not = alt.Color(field="clear", type="nominal", legend=None, scale=_two_colours())
    y = _row()
    scale = alt.Scale(type="log", domain=list(domain), clamp=True, nice=False)
    low = alt.X(field="low", type="quantitative", scale=scale, axis=_ratio_axis(domain, size))
    base = _chart()
    layers = [
        _row_names(size),
        base.mark_text(align="left", fontSize=size.font, fill=colour("muted")).encode(
            y=y, x=alt.value(size.width + 10), text=_text("counts")
        ),
        _no_difference(),
        base.mark_rule(strokeWidth=2.5).encode(y=y, x=low, x2=alt.X2(field="high"), color=clear_or_not),
        _points(base, "value", "circle").encode(y=y, color=clear_or_not),
        _points(base, "right", "triangle-right").encode(y=y, color=clear_or_not),
        _points(base, "left", "triangle-left").encode(y=y, color=clear_or_not),
    ]
    return _themed(alt.layer(*layers).properties(width=size.width, height=alt.Step(24)), size, drawn)


def _with_arrows(row: dict[str, Any], domain: tuple[float, float]) -> dict[str, Any]:
    """The row with its arrows placed at the ends of the axis; an endless interval runs up to its arrow."""
    low, high = row["low"], row["high"]
    if row["endless"]:
        high = domain[1] if low is not None else None
    complete = low is not None and high is not None
    return {
        **row,
        "low": low if complete else None,
        "high": high if complete else None,
        "right": domain[1] if row["endless"] else None,
        "left": domain[0] if row["nobody"] else None,
    }


def _ratio_domain(rows: list[dict[str, Any]]) -> tuple[float, float]:
    seen = [row[key] for row in rows for key in ("low", "value", "high") if row[key] is not None]
    return min([0.5, *seen]) * 0.85, max([2.0, *seen]) * 1.25


def _points(base: alt.Chart, field: str, shape: str) -> alt.Chart:
    points: alt.Chart = base.mark_point(filled=True, shape=shape, size=80, opacity=1).encode(
        x=alt.X(field=field, type="quantitative")
    )
    return points


def _no_difference() -> alt.Chart:
    line: alt.Chart = _chart().mark_rule(stroke=colour("mark"), strokeWidth=1.5, strokeDash=[4, 3])
    return line.encode(x=alt.XDatum(1))


def _ratio_axis(domain: tuple[float, float], size: _Size) -> alt.Axis:
    kept = _FEW_TICKS if size is _NARROW or domain[1] / domain[0] > _MANY_DECADES else _RATIO_TICKS
    ticks = [tick for tick in kept if domain[0] <= tick <= domain[1]]
    title = "Risk ratio (log)" if size is _NARROW else "Risk ratio (log scale); 1 = no difference"
    return alt.Axis(title=title, values=ticks, format="~g", grid=True, labelFlush=False)


def _two_colours() -> alt.Scale:
    return alt.Scale(domain=[True, False], range=[colour("accent"), colour("mark")])


# --- epidemic curve ----------------------------------------------------------------------------------


def _milliseconds(iso: str) -> int:
    """Milliseconds since 1970 as if every clock were in UTC, so that the place of the reader moves nothing."""
    return int(datetime.fromisoformat(iso).replace(tzinfo=UTC).timestamp() * _MILLISECONDS)


def _curve_specification(rows: list[dict[str, Any]], size: _Size) -> dict[str, Any]:
    highest = max(row["n"] for row in rows)
    days = (rows[-1]["end"] - rows[0]["start"]) / (86_400 * _MILLISECONDS)
    y_axis = alt.Axis(
        title="Cases", tickMinStep=1, tickCount=min(5, max(1, highest)), format="d", domain=False, ticks=False
    )
    width = min(size.width, max(_NARROWEST_CURVE, _WIDEST_BAR * len(rows)))
    gap = 1.0 if len(rows) <= width / 4 else 0.0
    chart = (
        _chart()
        .mark_bar(orient="vertical", fill=colour("bar"), xOffset=gap / 2, x2Offset=-gap / 2, minBandSize=1)
        .encode(
            x=alt.X(
                field="start",
                type="temporal",
                scale=alt.Scale(type="utc", nice=False),
                axis=_time_axis(days, size),
            ),
            x2=alt.X2(field="end"),
            y=alt.Y(
                field="n",
                type="quantitative",
                axis=y_axis,
                scale=alt.Scale(domainMin=0, domainMax=max(highest, 1)),
            ),
        )
        .properties(width=width, height=200 if size is _CURVE_WIDE else 160)
    )
    return _themed(chart, size, rows)


def _time_axis(days: float, size: _Size) -> alt.Axis:
    steps = 4 if size is _CURVE_NARROW else 8
    ticks = alt.TimeIntervalStep(interval="day", step=1) if days <= steps else steps
    return alt.Axis(title="Onset", format=_date_format(days), tickCount=ticks, grid=False, labelOverlap=True)


def _date_format(days: float) -> str:
    return "%-d %b" if days <= 200 else "%b %Y"


# --- expected course ----------------------------------------------------------------------------------


def _course_specification(courses: Sequence[CourseSummary], size: _Size) -> dict[str, Any]:
    rows = [
        {**_NAMELESS, "row": place, "state": words, "order": order, "n": getattr(course, state)}
        for place, course in enumerate(courses)
        for order, (state, words) in enumerate(_state_words())
    ]
    sums = [_row_total(place, course) for place, course in enumerate(courses)]
    y = _row()
    axis = alt.Axis(title="Reactions", tickMinStep=1, tickCount=4, format="d", grid=True)
    bars = (
        _chart()
        .mark_bar(stroke=colour("mark"), strokeWidth=0.75, height=15)
        .encode(
            y=y,
            x=alt.X(field="n", type="quantitative", stack="zero", axis=axis),
            color=alt.Color(field="state", type="nominal", scale=_state_colours(), legend=_state_legend()),
            order=alt.Order(field="order", type="quantitative"),
        )
    )
    totals = (
        _chart()
        .mark_text(align="left", dx=6, fontSize=size.font, fill=colour("muted"))
        .encode(y=y, x=alt.X(field="total", type="quantitative"), text=_text("said"))
    )
    layered = alt.layer(bars, _row_names(size), totals).properties(width=size.width, height=alt.Step(24))
    return _themed(layered, size, [*rows, *sums])


def _row_total(place: int, course: CourseSummary) -> dict[str, Any]:
    """A bar of no length with the row's name and total beside it: all layers share one table."""
    within, total = COURSE_SHORT[CourseState.WITHIN], course.reactions
    named = {"row": place, "name": sentence_case(course.term_label), "state": within, "order": 0, "n": 0}
    return {**named, "total": total, "said": count(total)}


def _state_colours() -> alt.Scale:
    words = [said for _state, said in _state_words()]
    return alt.Scale(domain=words, range=[colour(state.replace("_", "-")) for state in _STATES])


def _state_legend() -> alt.Legend:
    return alt.Legend(
        title=None, orient="top", direction="horizontal", symbolType="square", columns=4, columnPadding=12
    )


def _state_words() -> list[tuple[str, str]]:
    return [(state.value, words) for state, words in COURSE_SHORT.items()]


# --- theme ----------------------------------------------------------------------------------


def _chart() -> alt.Chart:
    return alt.Chart(alt.NamedData(name=_ROWS))


def _text(field: str) -> alt.Text:
    return alt.Text(field=field, type="nominal")


def _row() -> alt.Y:
    return alt.Y(field="row", type="ordinal", axis=None)


def _row_names(size: _Size) -> alt.Chart:
    """Names as marks, not as an axis: an axis in a given order would put them into the chart's own program."""
    names: alt.Chart = _chart().mark_text(
        align="right", fontSize=size.font, fill=colour("ink"), limit=size.label
    )
    return names.encode(y=_row(), x=alt.value(-10), text=_text("name"))


def _themed(
    chart: alt.Chart | alt.LayerChart | alt.FacetChart, size: _Size, rows: list[dict[str, Any]]
) -> dict[str, Any]:
    """The specification with its rows and its look, which join last: Altair copies what it holds many times over.

    Its own check is left out because it costs more time than the drawing; the tests look at the drawings instead.
    """
    return {**chart.to_dict(validate=False), "datasets": {_ROWS: rows}, "config": _look(size)}


def _look(size: _Size) -> dict[str, Any]:
    ink = colour("ink")
    return {
        **shared_look(size.font),
        "axisY": {"labelColor": ink, "titleAngle": 0, "titleAlign": "left", "titleY": -8, "titleX": -24},
        "legend": {"labelFontSize": size.font, "labelColor": ink, "offset": 6},
    }
