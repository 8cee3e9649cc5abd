"""The arguments of `untoward series`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

TablePath = Annotated[
    Path,
    typer.Argument(
        help="Dates of cases, or counts per week or day: CSV, XLSX or Parquet; '-' for stdin.",
        show_default=False,
    ),
]

DateColumn = Annotated[
    str | None, typer.Option("--date", help="Column with the day or week.", show_default=False)
]

CountColumn = Annotated[
    str | None,
    typer.Option(
        "--count", help="Column with the count. Without one, every row is a case.", show_default=False
    ),
]

ByColumn = Annotated[
    str | None, typer.Option("--by", help="Column that parts the series.", show_default=False)
]

Methods = Annotated[
    list[str] | None,
    typer.Option(
        "--method",
        help="ears-c1, ears-c2, ears-c3, cusum, farrington, farrington-flexible; may be given again. "
        "Default: all.",
    ),
]

Complete = Annotated[
    bool, typer.Option("--complete", help="Periods without a row had no case. Else they are gaps.")
]

AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        help="Last day that counts (ISO 8601). Default: the last in the table.",
        show_default=False,
    ),
]

StepWanted = Annotated[
    str | None, typer.Option("--step", help="week or day. Default: as the table.", show_default=False)
]

Last = Annotated[int, typer.Option("--last", help="Judge so many of the last periods.")]

Years = Annotated[int, typer.Option("--years", help="Farrington: years compared with.")]

Alpha = Annotated[
    float | None,
    typer.Option(
        "--alpha",
        help="Farrington: default 0.05 (original, two-sided) and 0.01 (flexible).",
        show_default=False,
    ),
]

EarsAlpha = Annotated[
    float | None,
    typer.Option(
        "--ears-alpha",
        help="EARS: normal quantile of this alpha instead of CDC's 3, 3 and 2 SD.",
        show_default=False,
    ),
]

Floor = Annotated[float, typer.Option("--floor", help="EARS: least standard deviation.")]

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
