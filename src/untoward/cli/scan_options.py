"""What the options of `untoward scan` mean, one by one."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

_DAY = ["%Y-%m-%d"]


class ModelOption(StrEnum):
    """What cases are compared with."""

    poisson = "poisson"
    bernoulli = "bernoulli"
    permutation = "permutation"


class TimeOption(StrEnum):
    """Which stretches of time are looked at."""

    none = "none"
    retrospective = "retrospective"
    prospective = "prospective"
    only = "only"


class UnitOption(StrEnum):
    """How long a period is."""

    day = "day"
    week = "week"
    month = "month"
    year = "year"


class AxesOption(StrEnum):
    """What the two coordinates of a place are."""

    lat_lon = "lat-lon"
    lon_lat = "lon-lat"
    x_y = "x-y"


Cases = Annotated[
    Path,
    typer.Argument(
        help="Cases by place (and date): CSV, XLSX, Parquet or a .cas file; '-' for stdin.",
        show_default=False,
    ),
]
Population = Annotated[
    Path | None, typer.Option("--population", help="People at risk by place (and year, and group).")
]
Coordinates = Annotated[
    Path | None, typer.Option("--coordinates", help="Latitude and longitude, or x and y, of every place.")
]
Controls = Annotated[
    Path | None, typer.Option("--controls", help="People without the illness by place: --model bernoulli.")
]
ModelChoice = Annotated[ModelOption, typer.Option("--model", help="What cases are compared with.")]
TimeChoice = Annotated[TimeOption, typer.Option("--time", help="Which time windows are looked at.")]
UnitChoice = Annotated[UnitOption, typer.Option("--unit", help="Length of a period.")]
AxesChoice = Annotated[
    AxesOption | None, typer.Option("--axes", help="What the coordinates are, where no header says so.")
]
PlaceHeader = Annotated[
    str | None, typer.Option("--place", help="Header of the column of places, in every file that has it.")
]
Category = Annotated[
    list[str] | None,
    typer.Option("--category", help="Adjust for this column of cases and population; may be given again."),
]
LargestShare = Annotated[
    float, typer.Option("--largest-share", help="Share of those at risk that a circle may hold.")
]
Longest = Annotated[
    int | None, typer.Option("--longest", help="Periods that a window may last. Default: half of all.")
]
First = Annotated[datetime | None, typer.Option("--from", formats=_DAY, help="First day of the study.")]
Last = Annotated[datetime | None, typer.Option("--to", formats=_DAY, help="Last day of the study.")]
AsOf = Annotated[
    datetime | None, typer.Option("--as-of", formats=_DAY, help="Use only what was known on this day.")
]
TreeFile = Annotated[
    Path | None, typer.Option("--tree", help="Scan a tree instead of a map: node and parent.")
]
Replicates = Annotated[int, typer.Option("--replicates", help="Simulated data sets behind p.")]
Seed = Annotated[int, typer.Option("--seed", help="Start of the random numbers.", min=0)]
StopEarly = Annotated[
    bool, typer.Option("--stop-early", help="Stop simulating once p cannot be 0.05 or less.")
]
ReportFile = Annotated[
    Path | None, typer.Option("--report", help="Report with a map, as one self-contained HTML file.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
