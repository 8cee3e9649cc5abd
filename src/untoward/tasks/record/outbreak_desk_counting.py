"""An outbreak of the record in numbers: who is a case, the line list with the pasted rows, and its analysis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from untoward.errors import FaultyInput, UserError
from untoward.exchange.tables import RegistryReading
from untoward.report.investigation import InvestigationContent, render_investigation
from untoward.tasks.investigating import (
    CasesAnswer,
    LoadedDefinition,
    LoadedRegistry,
    find_cases,
    whole_line_list,
)
from untoward.tasks.investigating_files import safe_csv
from untoward.tasks.investigating_report import investigation_content
from untoward.tasks.outbreaks import Asked, investigate
from untoward.tasks.record.outbreak_desk_pasted import ANOTHER, own_rows
from untoward.tasks.record.tracing_source import Held, to_the_week, without_keys
from untoward.watch.outbreak import OutbreakResult
from untoward.watch.workbench.curve import curve_by_level

EXPOSURES = ("vial", "lot", "diluent", "device", "product", "compound", "practitioner", "clinic")
"""What the analysis compares, by column."""

STRATA = ("practitioner", "sex", "clinic", "product", "device")
INCUBATION = "10-114"
"""Days: what was published of mycobacteria after injections, for the likely time of exposure, unless another is asked."""

MOST_COMPARED = 40
"""So many things that the ill share are compared with the others."""

_JOINT = "; "
_ALONE = ("ill", "onset", "session_date", "practitioner", "sex", "clinic", "product", "device")
_COLUMNS = ("patient_id", "ill", "onset", "session_date", "age", "sex", *EXPOSURES)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRegistry(LoadedRegistry):
    """The record in the place of a registry read from files: there is no file to name."""

    @property
    def inputs(self) -> dict[str, str]:
        """None: the trail vouches for the record."""
        return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """The combined line list in numbers. `result` is None and `reason` says why when nothing can be counted.

    `added` pasted rows are in it, `same` are persons of the record already, `open` wait for a decision.
    """

    result: OutbreakResult | None
    reason: str
    added: int
    same: int
    open: int


def loaded_record(held: Held, secret: str = "") -> LoadedRegistry:
    """The record as the workbench reads a registry; with `secret` by pseudonyms."""
    registry = without_keys(held.registry, secret) if secret else held.registry
    reading = RegistryReading(registry=registry, faults=(), columns=(), ledger=held.ledger, unrecognised=())
    return RecordRegistry(
        path=Path("record"),
        registry=registry,
        reading=reading,
        as_of=held.as_of.date(),
        as_of_given=True,
        left_out=sum(row.left_out for row in held.ledger),
    )


def count_cases(held: Held, defined: LoadedDefinition, secret: str = "") -> CasesAnswer:
    """Everybody of the record by the definition."""
    return find_cases(loaded_record(held, secret), defined)


def report_content(answer: CasesAnswer, title: str, *, weeks: bool) -> InvestigationContent:
    """What the report shows; with `weeks` days of persons are given as weeks."""
    content = investigation_content(answer, title)
    if not weeks:
        return content
    traced = content.traced
    if traced is not None:
        found = replace(
            traced.found, exposed=to_the_week(traced.found.exposed), perhaps=to_the_week(traced.found.perhaps)
        )
        traced = replace(traced, found=found)
    classified = replace(content.classified, persons=to_the_week(content.classified.persons))
    curve = curve_by_level(classified)
    return replace(
        content, classified=classified, curve=curve, listed=to_the_week(content.listed), traced=traced
    )


def report_html(answer: CasesAnswer, title: str, *, weeks: bool) -> str:
    """The report as one self-contained page."""
    return render_investigation(report_content(answer, title, weeks=weeks))


def combined(answer: CasesAnswer, kept: Mapping[str, Any]) -> pl.DataFrame:
    """The line list of everybody in the definition's reach, with the pasted rows that are another person."""
    listed = whole_line_list(answer).select(*_COLUMNS).with_columns(pl.all().cast(pl.String))
    pasted = own_rows(kept)
    if pasted.is_empty():
        return listed.with_columns(pl.lit("record").alias("from"))
    columns = _as_ours(pasted)
    more = pl.DataFrame(
        {
            name: columns.get(name, pl.repeat(None, pasted.height, dtype=pl.String, eager=True))
            for name in _COLUMNS
        }
    )
    return pl.concat(
        [
            listed.with_columns(pl.lit("record").alias("from")),
            more.with_columns(pl.lit("pasted").alias("from")),
        ]
    )


def _as_ours(pasted: pl.DataFrame) -> dict[str, pl.Series]:
    """The pasted columns that the analysis knows, by its names."""
    return {
        name: pasted.get_column(header).alias(name)
        for header in pasted.columns
        if (name := header.strip().lower().replace(" ", "_")) in _COLUMNS
    }


def analyse(
    answer: CasesAnswer, kept: Mapping[str, Any], stratum: str = "", incubation: str = ""
) -> Analysis:
    """Attack rates, two-by-two tables, strata, incubation and the curve, as `untoward outbreak` works them out."""
    decided = kept.get("decided", {})
    added = sum(who == ANOTHER for who in decided.values())
    numbers = {"added": added, "same": len(decided) - added, "open": len(kept.get("rows", [])) - len(decided)}
    frame = combined(answer, kept)
    if frame.filter(pl.col("ill") == "yes").is_empty():
        return Analysis(result=None, reason=_("There is no case to count yet."), **numbers)
    exposures = _as_yes_and_no(frame)
    asked = Asked(
        stratify=(stratum,) if stratum in STRATA and frame.get_column(stratum).drop_nulls().len() else (),
        incubation=incubation or INCUBATION,
        exposed_at="session_date",
    )
    try:
        result = _counted(pl.concat([_alone(frame), exposures], how="horizontal"), asked)
    except FaultyInput as error:
        return Analysis(result=None, reason=" ".join(str(fault) for fault in error.faults), **numbers)
    except UserError as error:
        return Analysis(result=None, reason=str(error), **numbers)
    return Analysis(result=result, reason="", **numbers)


def _alone(frame: pl.DataFrame) -> pl.DataFrame:
    """The columns that are no exposure here. Values of strata name their column: a bare F would be read as "false"."""
    named = [
        pl.when(pl.col(name).is_not_null()).then(pl.lit(f"{name} ") + pl.col(name)).alias(name)
        for name in STRATA
    ]
    return frame.select(*_ALONE).with_columns(named)


def _counted(frame: pl.DataFrame, asked: Asked) -> OutbreakResult:
    """The line list counted as `untoward outbreak` counts a file."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "line-list.csv"
        path.write_text(safe_csv(frame), encoding="utf-8")
        found = investigate(
            path,
            case_column="ill",
            onset_column="onset",
            exposures=tuple(name for name in frame.columns if name not in _ALONE),
            by_p=True,
            asked=asked,
        )
    return found.result


def _as_yes_and_no(frame: pl.DataFrame) -> pl.DataFrame:
    """A column of yes and no for each thing that two ill persons or more had, most of the ill first; empty is unknown."""
    ill = pl.col("ill") == "yes"
    shared: list[tuple[int, int, str, str]] = []
    for axis in EXPOSURES:
        had = frame.select(pl.col(axis).str.split(_JOINT).alias("value"), ill.alias("ill")).explode("value")
        counts = (
            had.drop_nulls("value")
            .group_by("value")
            .agg(pl.col("ill").sum().alias("n_ill"), pl.len().alias("n"))
        )
        for value, n_ill, everybody in counts.filter(pl.col("n_ill") > 1).iter_rows():
            shared.append((-n_ill, everybody, axis, value))
    columns = [
        frame.select(_answer(axis, value).alias(f"{axis} {value}")).to_series()
        for _ill, _n, axis, value in sorted(shared)[:MOST_COMPARED]
    ]
    return pl.DataFrame(columns)


def _answer(axis: str, value: str) -> pl.Expr:
    has = pl.col(axis).str.split(_JOINT).list.contains(value)
    return pl.when(has).then(pl.lit("yes")).when(~has).then(pl.lit("no"))
