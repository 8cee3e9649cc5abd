"""`untoward signals`: what stands out in a collection of reports, and all about one pair."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from untoward.cli import signals_options as options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from untoward.kernels.gamma_poisson import Truncation
    from untoward.report.signals.content import SignalsContent
    from untoward.tasks.signals import SignalOptions, SignalRun
    from untoward.tasks.signals_writing import Write

DOES_NOT_ADD_UP = 3
_SHOW_WORDS = 4


def signals(
    source: options.Sources,
    format: options.FormatName = None,
    out: options.Out = None,
    report: options.ReportFile = None,
    ledger: options.LedgerFile = None,
    roles: options.RolesOption = "suspect,interacting",
    min_n: options.MinNOption = 3,
    stratify: options.StratifyOption = None,
    interactions: options.InteractionsOption = False,
    drug: options.DrugOption = None,
    event: options.EventOption = None,
    margins: options.MarginsOption = options.Margins.reports,
    truncation: options.TruncationOption = options.TruncationName.auto,
    names: options.NamesOption = None,
    as_named: options.AsNamedOption = False,
    names_review: options.NamesReviewOption = None,
    duplicates: options.DuplicatesOption = None,
    merge_duplicates: options.MergeDuplicatesOption = False,
    engine: options.EngineOption = options.Engine.local,
    top: options.TopOption = 20,
    as_json: options.AsJsonOption = False,
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
    source: list[str], chosen: SignalOptions, places: Mapping[str, Path | None], top: int, *, as_json: bool
) -> None:
    from untoward.cli.output import print_json, progress_bar
    from untoward.report.signals.document import signals_document
    from untoward.tasks.signals import find_signals
    from untoward.tasks.signals_content import content_of
    from untoward.tasks.signals_writing import check_targets, write_all

    check_targets(places)
    with progress_bar() as progress:
        run = find_signals(source, chosen, progress)
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
    words: list[str], chosen: SignalOptions, places: Mapping[str, Path | None], *, as_json: bool
) -> None:
    from untoward.errors import UsageError

    if len(words) < _SHOW_WORDS - 1:
        raise UsageError(
            "After show: a drug, an event and where the reports are. A folder of this name: ./show."
        )
    from untoward.cli.signals_pair_view import show_pair

    show_pair(words[0], words[1], words[2:], chosen, places, as_json=as_json)


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


def _truncations(name: options.TruncationName) -> tuple[Truncation, ...]:
    from untoward.watch.signals.measures import TRUNCATIONS

    return tuple(known for known in TRUNCATIONS if name.value in (known, options.TruncationName.auto))
