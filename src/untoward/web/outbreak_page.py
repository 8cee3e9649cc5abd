"""What the pages of the outbreak workbench show: counts, the line list, pasted rows with their matches, and the analysis."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from untoward.errors import Fault
from untoward.model.counts import Estimate, Proportion
from untoward.registry.models import Investigation
from untoward.registry.roles import Action, may
from untoward.report.investigation.curve import level_chart
from untoward.report.investigation.notes import method_lines, unknown_lines
from untoward.report.investigation.views import curve_table
from untoward.report.numbers import p_value
from untoward.tasks.investigating import CasesAnswer, whole_line_list
from untoward.tasks.record.outbreak_desk_counting import INCUBATION, STRATA, analyse, report_content
from untoward.tasks.record.outbreak_desk_pasted import ANOTHER, PastedRow, rows_of, without_pasted_keys
from untoward.tasks.record.pseudonyms import age_band, pseudonym
from untoward.watch.workbench.definition import CANNOT_BE_TOLD, LEVELS, NOT_A_CASE
from untoward.web import own_drawing
from untoward.web.listing import Request
from untoward.web.settings import UNTOWARD
from untoward.web.templatetags.words import said
from untoward.web.watch_page import context_of, identified

STEPS = (
    ("outbreak", _("Who is a case")),
    ("outbreak-lines", _("Line list")),
    ("outbreak-analysis", _("Analysis")),
)
_MOST_LINES, _MOST_EXPOSURES = 300, 20


def frame(request: Request, one: Investigation | None, here: str) -> dict[str, Any]:
    """What every page of the workbench has."""
    steps = [] if one is None else [(name, title, reverse(name, args=[one.uid])) for name, title in STEPS]
    return context_of(request) | {
        "one": one,
        "steps": steps,
        "at": here,
        "identified": identified(request),
        "weeks": not identified(request) and request.clinic.dates_to_the_week,
        "download": may(request.membership.role, Action.EXPORT),
    }


def told(faults: Iterable[Fault]) -> dict[str, Any]:
    """Faults in a list on top and each beside its field."""
    listed = list(faults)
    return {"faults": listed, "fault_of": {fault.field: fault for fault in listed}}


def counted(answer: CasesAnswer) -> dict[str, Any]:
    """How many are what, which facts are missing, and who may still fall ill."""
    counts = answer.classified.counts
    return {
        "counts": [
            {
                "level": level,
                "number": number,
                "open": answer.open_levels.get(level, {}),
                "case": level in LEVELS,
            }
            for level, number in counts.items()
        ],
        "cases": sum(number for level, number in counts.items() if level in LEVELS),
        "unsure": counts[CANNOT_BE_TOLD],
        "well": counts[NOT_A_CASE],
        "waiting": answer.waiting,
        "conditions": answer.conditions,
        "missing": [one for one in answer.conditions if one.cannot_be_told],
        "concerned": answer.listed.height,
    }


def listed(
    request: Request, answer: CasesAnswer, frame: pl.DataFrame, kept: Mapping[str, Any]
) -> dict[str, Any]:
    """The cases of the record and the pasted rows, each with who of the record it may be."""
    rows = pasted_rows(answer, kept, identified=identified(request), weeks=request.clinic.dates_to_the_week)
    return {
        **counted(answer),
        "lines": list(frame.head(_MOST_LINES).iter_rows(named=True)),
        "lines_left": max(frame.height - _MOST_LINES, 0),
        "rows": [
            {
                "row": row,
                "cells": cells,
                "candidates": [(names[one.person], one) for one in row.candidates],
                "another": row.decided == ANOTHER,
            }
            for row, cells, names in rows
        ],
        "open_rows": sum(not row.decided for row, _cells, _names in rows),
        "another": ANOTHER,
    }


def pasted_rows(
    answer: CasesAnswer, kept: Mapping[str, Any], *, identified: bool, weeks: bool
) -> list[tuple[PastedRow, list[tuple[str, str]], dict[str, str]]]:
    """The pasted rows with their cells, and the pseudonyms that decisions about their candidates are kept under.

    Without identities keys are pseudonyms, ages bands, and with `weeks` days Mondays.
    """
    if not kept.get("rows"):
        return []
    secret = UNTOWARD.secret_key()
    shown = kept if identified else without_pasted_keys(kept, secret)
    columns = shown["columns"]
    return [
        (
            row,
            filled_cells(columns, row.cells) if identified else coarse_cells(columns, row.cells, weeks=weeks),
            {
                one.person: pseudonym("P", one.person, secret) if identified else one.person
                for one in row.candidates
            },
        )
        for row in rows_of(shown, whole_line_list(answer))
    ]


def filled_cells(columns: Sequence[str], cells: Sequence[str | None]) -> list[tuple[str, str]]:
    """The cells of a pasted row that are not empty."""
    return [(name, cell) for name, cell in zip(columns, cells, strict=True) if cell]


def coarse_cells(
    columns: Sequence[str], cells: Sequence[str | None], *, weeks: bool
) -> list[tuple[str, str]]:
    """The same for those who see no identities: ages in bands, and with `weeks` days as Mondays."""
    pairs = [
        (name, name.strip().lower().replace(" ", "_"), cell) for name, cell in filled_cells(columns, cells)
    ]
    given = {plain: cell for _name, plain, cell in pairs}
    coarsened = ("age", "onset", "session_date")
    row = pl.DataFrame(
        {name: [given.get(name)] for name in coarsened}, schema=dict.fromkeys(coarsened, pl.String)
    )
    told = coarse(row, weeks=weeks).row(0, named=True)
    return [(name, str(told.get(plain, cell) or "–")) for name, plain, cell in pairs]


def analysed(request: Request, answer: CasesAnswer, kept: Mapping[str, Any], title: str) -> dict[str, Any]:
    """The analysis of the combined line list, and the curve and notes of the report."""
    stratum = request.GET.get("stratum", "") if request.GET.get("stratum") in STRATA else ""
    incubation = request.GET.get("incubation", "")[:20]
    found = analyse(answer, kept, stratum, incubation)
    weeks = not identified(request) and request.clinic.dates_to_the_week
    content = report_content(answer, title, weeks=weeks)
    chart = level_chart(content.curve)
    result = found.result
    return {
        "found": found,
        "result": result,
        "strata": STRATA,
        "stratum": stratum,
        "incubation": incubation or INCUBATION,
        "attack": None if result is None else percent(result.attack_rate),
        "exposures": [] if result is None else [_exposure(one) for one in result.exposures[:_MOST_EXPOSURES]],
        "exposures_left": 0 if result is None else max(len(result.exposures) - _MOST_EXPOSURES, 0),
        "stratified": [] if result is None else [_stratified(one) for one in (result.stratified or ())[:10]],
        "curve_table": curve_table(content),
        "chart": None if chart is None else own_drawing.shown(chart),
        "unknowns": tuple(unknown_lines(content)),
        "methods": tuple(method_lines(content)),
    }


def _exposure(one: Any) -> dict[str, Any]:
    return {
        "name": exposure_words(one.exposure),
        "with": f"{one.a}/{one.a + one.b}",
        "without": f"{one.c}/{one.c + one.d}",
        "rate_with": percent(one.attack_rate_exposed),
        "rate_without": percent(one.attack_rate_unexposed),
        "risk": ratio(one.risk_ratio),
        "odds": ratio(one.odds_ratio),
        "p": "–" if one.p is None else p_value(one.p),
        "unknown": one.unknown,
        "cells": (one.a, one.b, one.c, one.d),
    }


def _stratified(one: Any) -> dict[str, Any]:
    return {
        "name": exposure_words(one.exposure),
        "crude": ratio(one.crude_risk_ratio),
        "adjusted": ratio(one.risk_ratio),
        "exact": ratio(one.odds_ratio_exact),
        "verdict": one.verdict,
        "reading": one.reading,
    }


def exposure_words(exposure: str) -> str:
    """An exposure such as "lot A17" with its kind in the language of the page; the name stays as it is."""
    kind, space, name = exposure.partition(" ")
    return f"{said(kind)}{space}{name}"


def percent(rate: Proportion) -> str:
    """A share with its exact interval, in per cent."""
    if rate.value is None or rate.low is None or rate.high is None:
        return "–"
    return f"{100 * rate.value:.1f} % ({100 * rate.low:.1f}–{100 * rate.high:.1f})"


def ratio(estimate: Estimate | None) -> str:
    """An estimate with its interval; "–" when there is none, "∞" where there is no upper end."""
    if estimate is None or (estimate.value is None and estimate.low is None):
        return "–"
    value, low, high = (
        "∞" if number is None else f"{number:,.2f}" if abs(number) < 10 else f"{number:,.0f}"
        for number in (estimate.value, estimate.low, estimate.high)
    )
    return value if estimate.low is None else f"{value} ({low}–{high})"


def coarse(frame: pl.DataFrame, *, weeks: bool) -> pl.DataFrame:
    """Ages of the record in bands and, with `weeks`, days as Mondays. All columns are text."""
    ages = [age_band(_number(age)) for age in frame.get_column("age").to_list()]
    coarser = frame.with_columns(pl.Series("age", ages, dtype=pl.String))
    if not weeks:
        return coarser
    days = [
        pl.col(name).str.to_date("%Y-%m-%d", strict=False).dt.truncate("1w").cast(pl.String).alias(name)
        for name in ("onset", "session_date")
    ]
    return coarser.with_columns(days)


def _number(text: str | None) -> float | None:
    try:
        return None if text is None else float(text)
    except ValueError:
        return None
