"""What the options of `untoward signals` mean, one by one."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """The sources there are."""

    faers = "faers"
    aers = "aers"
    vaers = "vaers"
    caers = "caers"
    maude = "maude"
    openfda = "openfda"
    pairs = "pairs"
    counts = "counts"


class Margins(StrEnum):
    """What the margins of a 2x2 table count."""

    reports = "reports"
    pair_sum = "pair_sum"


class TruncationName(StrEnum):
    """The likelihoods of the prior of EBGM."""

    auto = "auto"
    component = "component"
    mixture = "mixture"
    full = "full"


class Engine(StrEnum):
    """Where the counting is done."""

    local = "local"
    spark = "spark"


Sources = Annotated[
    list[str],
    typer.Argument(
        metavar="[show DRUG EVENT] SOURCE...",
        help="Files as the agency publishes them (zip, folder or unpacked), or a table of report_id, drug, event, "
        "or of drug, event, n. After the word show: all about one pair.",
        show_default=False,
    ),
]
FormatName = Annotated[
    Format | None, typer.Option("--format", help="What SOURCE is. Default: found from the files.")
]
Out = Annotated[
    Path | None,
    typer.Option("--out", "-o", help="Every pair as .parquet or .csv; with show, the reports of the pair."),
]
ReportFile = Annotated[
    Path | None, typer.Option("--report", help="Report with charts, as one self-contained HTML file.")
]
LedgerFile = Annotated[
    Path | None, typer.Option("--ledger", help="What became of every row, as a JSON file.")
]
RolesOption = Annotated[
    str,
    typer.Option("--roles", help="Drugs in which roles count: suspect, interacting, concomitant, or all."),
]
MinNOption = Annotated[int, typer.Option("--min-n", help="List pairs with so many reports or more.")]
StratifyOption = Annotated[
    str | None,
    typer.Option(
        "--stratify", help="Adjust for these, with commas between: age_group, sex, year, country, …"
    ),
]
InteractionsOption = Annotated[
    bool, typer.Option("--interactions", help="Also pairs of drugs with an event (omega).")
]
DrugOption = Annotated[
    list[str] | None,
    typer.Option("--drug", help="List this drug only; * stands for anything. May be given again."),
]
EventOption = Annotated[
    list[str] | None,
    typer.Option("--event", help="List this event only; * stands for anything. May be given again."),
]
MarginsOption = Annotated[
    Margins,
    typer.Option("--margins", help="What margins count: distinct reports, or sums of pair counts."),
]
TruncationOption = Annotated[
    TruncationName,
    typer.Option("--truncation", help="Likelihood of the prior of EBGM; auto: the first that has a summit."),
]
NamesOption = Annotated[
    Path | None,
    typer.Option("--names", help="Your own names: a CSV with the columns brand and ingredient."),
]
AsNamedOption = Annotated[
    bool, typer.Option("--as-named", help="Leave the names of drugs as the source gives them.")
]
NamesReviewOption = Annotated[
    Path | None,
    typer.Option(
        "--names-review", help="Names that changed, and look-alikes left alone, as .csv or .parquet."
    ),
]
DuplicatesOption = Annotated[
    Path | None,
    typer.Option("--duplicates", help="Suspected duplicates with scores and reasons, as .csv or .parquet."),
]
MergeDuplicatesOption = Annotated[
    bool, typer.Option("--merge-duplicates", help="Count the reports of suspected duplicates once.")
]
EngineOption = Annotated[Engine, typer.Option("--engine", help="Count here, or on Spark.")]
TopOption = Annotated[int, typer.Option("--top", help="Pairs to print and to show in the report.", min=1)]
AsJsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
