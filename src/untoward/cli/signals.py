"""`untoward signals`: what stands out in a collection of reports, and all about one pair."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from untoward.kernels.gamma_poisson import Truncation
    from untoward.report.signals.content import SignalsContent
    from untoward.tasks.signals import SignalOptions, SignalRun
    from untoward.tasks.signals_writing import Write

DOES_NOT_ADD_UP = 3
_SHOW_WORDS = 4


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


def signals(
    source: Annotated[
        list[str],
        typer.Argument(
            metavar="[show DRUG EVENT] SOURCE...",
            help="Files as the agency publishes them (zip, folder or unpacked), or a table of report_id, drug, event, "
            "or of drug, event, n. After the word show: all about one pair.",
            show_default=False,
        ),
    ],
    format: Annotated[
        Format | None, typer.Option("--format", help="What SOURCE is. Default: found from the files.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help="Every pair as .parquet or .csv; with show, the reports of the pair."
        ),
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", help="Report with charts, as one self-contained HTML file.")
    ] = None,
    ledger: Annotated[
        Path | None, typer.Option("--ledger", help="What became of every row, as a JSON file.")
    ] = None,
    roles: Annotated[
        str,
        typer.Option(
            "--roles", help="Drugs in which roles count: suspect, interacting, concomitant, or all."
        ),
    ] = "suspect,interacting",
    min_n: Annotated[int, typer.Option("--min-n", help="List pairs with so many reports or more.")] = 3,
    stratify: Annotated[
        str | None,
        typer.Option(
            "--stratify", help="Adjust for these, with commas between: age_group, sex, year, country, …"
        ),
    ] = None,
    interactions: Annotated[
        bool, typer.Option("--interactions", help="Also pairs of drugs with an event (omega).")
    ] = False,
    drug: Annotated[
        list[str] | None,
        typer.Option("--drug", help="List this drug only; * stands for anything. May be given again."),
    ] = None,
    event: Annotated[
        list[str] | None,
        typer.Option("--event", help="List this event only; * stands for anything. May be given again."),
    ] = None,
    margins: Annotated[
        Margins,
        typer.Option("--margins", help="What margins count: distinct reports, or sums of pair counts."),
    ] = Margins.reports,
    truncation: Annotated[
        TruncationName,
        typer.Option(
            "--truncation", help="Likelihood of the prior of EBGM; auto: the first that has a summit."
        ),
    ] = TruncationName.auto,
    names: Annotated[
        Path | None,
        typer.Option("--names", help="Your own names: a CSV with the columns brand and ingredient."),
    ] = None,
    as_named: Annotated[
        bool, typer.Option("--as-named", help="Leave the names of drugs as the source gives them.")
    ] = False,
    names_review: Annotated[
        Path | None,
        typer.Option(
            "--names-review", help="Names that changed, and look-alikes left alone, as .csv or .parquet."
        ),
    ] = None,
    duplicates: Annotated[
        Path | None,
        typer.Option(
            "--duplicates", help="Suspected duplicates with scores and reasons, as .csv or .parquet."
        ),
    ] = None,
    merge_duplicates: Annotated[
        bool, typer.Option("--merge-duplicates", help="Count the reports of suspected duplicates once.")
    ] = False,
    engine: Annotated[Engine, typer.Option("--engine", help="Count here, or on Spark.")] = Engine.local,
    top: Annotated[int, typer.Option("--top", help="Pairs to print and to show in the report.", min=1)] = 20,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")] = False,
) -> None:
    """Find drugs and events that are reported together more often than the rest of a collection would let expect.

    A signal is a reason to look, not a cause found, and nothing here is a rate: nobody knows how many were treated.

    Example: untoward signals downloads/vaers-2023 --report signals.html --out signals.parquet

    All about one pair: untoward signals show HYALURONIDASE Swelling downloads/vaers-2023
    """
    from untoward.tasks.signals import SignalOptions, parse_roles
    from untoward.tasks.signals_preparing import Preparation

    chosen = SignalOptions(
        format=None if format is None else format.value,
        roles=parse_roles(roles),
        margins=margins.value,
        truncations=_truncations(truncation),
        least=min_n,
        strata=tuple(name.strip() for name in (stratify or "").split(",") if name.strip()),
        interactions=interactions,
        drugs=tuple(drug or ()),
        events=tuple(event or ()),
        engine=engine.value,
        preparation=Preparation(
            dictionary=names, as_named=as_named, find=duplicates is not None, merge=merge_duplicates
        ),
    )
    places = {
        "out": out,
        "names-review": names_review,
        "duplicates": duplicates,
        "report": report,
        "ledger": ledger,
    }
    if source[0] == "show":
        _show(source[1:], chosen, places, as_json=as_json)
    else:
        _find(source, chosen, places, top, as_json=as_json)


def _find(
    source: list[str], options: SignalOptions, places: Mapping[str, Path | None], top: int, *, as_json: bool
) -> None:
    from untoward.cli.output import print_json, progress_bar
    from untoward.report.signals.document import signals_document
    from untoward.tasks.signals import find_signals
    from untoward.tasks.signals_content import content_of
    from untoward.tasks.signals_writing import check_targets, write_all

    check_targets(places)
    with progress_bar() as progress:
        run = find_signals(source, options, progress)
        content = content_of(run, top, series=as_json or places["report"] is not None)
        written = write_all(_files(run, content, places))
    if as_json:
        print_json(signals_document(content))
    else:
        from untoward.cli.signals_view import print_signals

        print_signals(content)
    for path in written:
        typer.echo(f"wrote {path}", err=True)
    if run.ledger.faults():
        raise typer.Exit(DOES_NOT_ADD_UP)


def _show(
    words: list[str], options: SignalOptions, places: Mapping[str, Path | None], *, as_json: bool
) -> None:
    from untoward.errors import UsageError

    if len(words) < _SHOW_WORDS - 1:
        raise UsageError(
            "After show: a drug, an event and where the reports are. A folder of this name: ./show."
        )
    from untoward.cli.signals_pair_view import show_pair

    show_pair(words[0], words[1], words[2:], options, places, as_json=as_json)


def _files(run: SignalRun, content: SignalsContent, places: Mapping[str, Path | None]) -> dict[Path, Write]:
    """What to write where: only what was asked for."""
    import json

    from untoward.report.signals.document import ledger_document
    from untoward.report.signals.page import render_signals_html
    from untoward.tasks.signals_writing import table_writer, text_writer

    files: dict[Path, Write] = {}
    out, report, ledger = places["out"], places["report"], places["ledger"]
    tables = {
        out: run.table,
        places["names-review"]: run.prepared.names,
        places["duplicates"]: run.prepared.duplicates,
        None if out is None else out.with_name(f"{out.stem}-interactions{out.suffix}"): run.interactions,
    }
    for path, table in tables.items():
        if path is not None and table is not None:
            files[path] = table_writer(table, path)
    if report is not None:
        files[report] = text_writer(render_signals_html(content))
    if ledger is not None:
        files[ledger] = text_writer(json.dumps(ledger_document(run.ledger), indent=1, ensure_ascii=False))
    return files


def _truncations(name: TruncationName) -> tuple[Truncation, ...]:
    from untoward.watch.signals.measures import TRUNCATIONS

    return tuple(known for known in TRUNCATIONS if name.value in (known, TruncationName.auto))
