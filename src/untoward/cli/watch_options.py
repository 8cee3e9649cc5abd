"""The arguments of `untoward watch`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

_DAY = "Date (ISO 8601), that day included. "

RegistryPath = Annotated[
    Path,
    typer.Argument(
        help="Folder (or .xlsx workbook) with sessions, components, reactions and observations.",
        show_default=False,
    ),
]

LedgerFile = Annotated[
    Path | None,
    typer.Option(
        "--ledger", help="File that keeps the looks. Default: REGISTRY.looks.jsonl, beside the registry."
    ),
]

AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help=_DAY + "Default: the last date in the data.", show_default=False),
]

Start = Annotated[
    str | None,
    typer.Option(
        "--start",
        help="Day the watch begins; what was known before is the baseline. Default: a year before the first look, or the "
        "middle of a registry younger than two.",
        show_default=False,
    ),
]

Alpha = Annotated[
    float | None,
    typer.Option(
        "--alpha",
        min=1e-6,
        max=0.5,
        help="Share of false ones among the lit. Default: 0.05.",
        show_default=False,
    ),
]

Outcomes = Annotated[
    list[str] | None,
    typer.Option(
        "--outcome",
        help="Outcome to watch; may be given again. Default: infection, allergy, tissue injury.",
    ),
]

Axes = Annotated[
    list[str] | None, typer.Option("--axis", help="Axis to watch; may be given again. Default: all.")
]

Baseline = Annotated[
    float | None,
    typer.Option(
        "--baseline",
        min=1e-9,
        max=1.0,
        help="Cases per session, instead of the registry's own before the start.",
        show_default=False,
    ),
]

BaselineSource = Annotated[
    str | None,
    typer.Option("--baseline-source", help="Where --baseline is from; required with it.", show_default=False),
]

DryRun = Annotated[bool, typer.Option("--dry-run", help="Look, and write nothing.")]

Repair = Annotated[
    bool,
    typer.Option("--repair", help="Take off a last ledger line that a crash cut short, and keep it beside."),
]

Replay = Annotated[
    int | None,
    typer.Option(
        "--replay",
        help="Look back at the end of each of so many months; nothing is written.",
        show_default=False,
    ),
]

Planned = Annotated[
    str | None,
    typer.Option(
        "--planned",
        help="One question asked beforehand, AXIS=VALUE (MaxSPRT); needs --start and --horizon.",
        show_default=False,
    ),
]

Horizon = Annotated[
    float | None,
    typer.Option(
        "--horizon", help="With --planned: watch until so many cases are expected.", show_default=False
    ),
]

LeastCases = Annotated[
    int, typer.Option("--least-cases", min=1, help="With --planned: no signal before so many cases.")
]

KeepGoodRows = Annotated[
    bool,
    typer.Option("--keep-good-rows", help="Leave out rows with faults, count them, and watch the rest."),
]

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
