"""All commands, put together."""

from __future__ import annotations

from typing import Annotated

import typer

import untoward
from untoward.cli import (
    aftercare,
    assess,
    audit,
    clusters,
    code,
    demo,
    evidence,
    fetch,
    investigate,
    mix,
    outbreak,
    rates,
    review,
    scan,
    schema,
    series,
    serve,
    signals,
    simulate,
    site,
    template,
    watch,
)

app = typer.Typer(
    name="untoward",
    help="Safety of injectable treatments: record, assess, watch, report, over graded evidence.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

app.command("review")(review.review)
app.command("assess")(assess.assess)
app.command("code")(code.code)
app.command("aftercare")(aftercare.aftercare)
app.command("mix")(mix.mix)
app.command("outbreak")(outbreak.outbreak)
app.command("rates")(rates.rates)
app.command("clusters")(clusters.clusters)
app.command("watch")(watch.watch)
app.command("scan")(scan.scan)
app.command("series")(series.series)
app.add_typer(investigate.app, name="investigate")
app.command("signals")(signals.signals)
app.command("fetch")(fetch.fetch)
app.command("template")(template.template)
app.command("simulate")(simulate.simulate)
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("migrate")(site.migrate)
app.command("backup")(site.backup)
app.command("restore")(site.restore)
app.command("export")(site.export)
app.command("doctor")(site.doctor)
app.command("check")(site.check)
app.add_typer(audit.app, name="audit")
app.command("schema")(schema.schema)
app.add_typer(evidence.app, name="evidence")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"untoward {untoward.__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop."),
    ] = False,
) -> None:
    """Safety of injectable treatments: record, assess, watch, report, over graded evidence.

    Decision support for trained clinicians. Every answer shows its rule, the facts used and missing, and its sources.
    """
