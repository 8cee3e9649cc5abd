"""`untoward outbreak`: attack rates, 2x2 tables and the analyses of one line list."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from untoward.cli import outbreak_options as options


def outbreak(
    table: Annotated[
        Path,
        typer.Argument(
            help="Line list: CSV, XLSX or Parquet, or a folder with one; '-' for stdin.", show_default=False
        ),
    ],
    case: Annotated[
        str | None, typer.Option("--case", help="Column that says who fell ill.", show_default=False)
    ] = None,
    exposure: Annotated[
        list[str] | None,
        typer.Option("--exposure", help="Exposure column; may be given again. Default: all."),
    ] = None,
    onset: Annotated[str | None, typer.Option("--onset", help="Column with the date of onset.")] = None,
    by_p: Annotated[
        bool, typer.Option("--by-p", help="Smallest p value first instead of the table's order.")
    ] = False,
    stratify: options.Stratify = None,
    adjust: options.Adjust = None,
    matched: options.Matched = None,
    dose: options.Dose = None,
    by: options.By = None,
    bins: options.Bins = None,
    incubation: options.Incubation = None,
    exposed_at: options.ExposedAt = None,
    missing: options.Missing = False,
    case_control: options.CaseControl = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Attack rate by every exposure, risk ratio, exact odds ratio, Fisher and mid-P, and the epidemic curve.

    Beyond that: strata, regression, matched sets, dose, incubation, and what the unknown could change.

    Example: untoward outbreak examples/oswego-1940 --case ill --by-p
    """
    from untoward.cli.output import print_json
    from untoward.tasks.outbreaks import Asked, investigate

    asked = Asked(
        stratify=tuple(stratify or ()),
        adjust=tuple(adjust or ()),
        matched=matched,
        dose=dose,
        by=tuple(by or ()),
        bins=bins,
        incubation=incubation,
        exposed_at=exposed_at,
        missing=missing,
        case_control=case_control,
    )
    answer = investigate(
        table,
        case_column=case,
        onset_column=onset,
        exposures=tuple(exposure or ()),
        by_p=by_p,
        asked=asked,
    )
    if as_json:
        print_json(answer.result.as_document())
    else:
        from untoward.cli.outbreak_view import print_outbreak

        print_outbreak(answer.result)
