"""`untoward investigate`: work up an outbreak in a registry, from the case definition to the printed report."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from untoward.cli import investigate_link

app = typer.Typer(
    help="Work up an outbreak: define cases, list and match them, trace what they share, report.",
    no_args_is_help=True,
)
app.add_typer(investigate_link.app, name="link")

Registry = Annotated[
    Path,
    typer.Argument(
        help="Folder (or .xlsx workbook) with sessions, components, reactions and observations.",
        show_default=False,
    ),
]
Definition = Annotated[
    Path,
    typer.Option("--definition", "-d", help="Case definition, YAML; '-' for stdin.", show_default=False),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", help="Use only what was known by the end of this day (ISO 8601)."),
]
KeepGoodRows = Annotated[
    bool, typer.Option("--keep-good-rows", help="Leave out rows with faults, and count them.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout.")]
Several = list[str] | None


class Dates(StrEnum):
    """In which order dates such as 03/04/2025 were written."""

    UNKNOWN = "unknown"
    DAY_FIRST = "day-first"
    MONTH_FIRST = "month-first"


class By(StrEnum):
    """What controls may be matched on."""

    CLINIC = "clinic"
    CITY = "city"
    REGION = "region"
    PRACTITIONER = "practitioner"
    TECHNIQUE = "technique"
    SEX = "sex"


@app.command()
def define(
    name: Annotated[
        str, typer.Option("--name", help="What the cases are called.")
    ] = "Infection after injections",
    term: Annotated[
        Several, typer.Option("--term", help="Reaction that makes a case; may be given again.")
    ] = None,
    clinic: Annotated[Several, typer.Option("--clinic", help="Only this clinic; may be given again.")] = None,
    lot: Annotated[
        Several, typer.Option("--lot", help="Only people who got this lot; may be given again.")
    ] = None,
    start: Annotated[str | None, typer.Option("--from", help="First day of the sessions (ISO 8601).")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last day of the sessions (ISO 8601).")] = None,
    onset_from: Annotated[
        int, typer.Option("--onset-from", min=0, help="First day of onset after a session.")
    ] = 7,
    onset_to: Annotated[
        int | None, typer.Option("--onset-to", min=0, help="Last day of onset after a session.")
    ] = 203,
) -> None:
    """Print a case definition with comments, to be changed by hand. It asks nothing and is valid as it stands.

    Example: untoward investigate define --clinic "Clinic 2" --from 2025-01 --to 2025-03 > cases.yaml
    """
    from untoward.exchange.definitions import Wanted
    from untoward.exchange.definitions.template import DEFAULT_TERMS
    from untoward.tasks.investigating import definition_text

    wanted = Wanted(
        name=name,
        terms=tuple(term or DEFAULT_TERMS),
        clinics=tuple(clinic or ()),
        lots=tuple(lot or ()),
        sessions_from=start,
        sessions_to=end,
        onset_from_day=onset_from,
        onset_to_day=onset_to,
    )
    typer.echo(definition_text(wanted), nl=False)


@app.command()
def cases(
    registry: Registry,
    definition: Definition,
    as_of: AsOf = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out", "-o", help="Write the line list of everyone, ill or not, as CSV.", show_default=False
        ),
    ] = None,
    keep_good_rows: KeepGoodRows = False,
    as_json: AsJson = False,
) -> None:
    """Who is a case by a written definition: confirmed, probable, suspect, cannot be told, or not a case.

    What nobody wrote down is unknown, never a no. Exit 0 when everyone was classified, 2 for faulty input.

    Example: untoward investigate cases registry --definition cases.yaml --out line-list.csv
    """
    from rich.console import Console

    from untoward.cli.investigate_view import print_cases
    from untoward.cli.output import print_json
    from untoward.tasks.investigating import find_cases, load_definition, load_registry, whole_line_list
    from untoward.tasks.investigating_files import safe_csv, write_text

    defined = load_definition(definition)
    answer = find_cases(load_registry(registry, as_of=as_of, keep_good_rows=keep_good_rows), defined)
    if out is not None:
        typer.echo(f"wrote {write_text(safe_csv(whole_line_list(answer)), out)}", err=True)
    if as_json:
        print_json(answer.document())
    else:
        print_cases(answer, Console(highlight=False))


@app.command()
def paste(
    table: Annotated[Path, typer.Argument(help="Pasted table; '-' for stdin.", show_default=False)] = Path(
        "-"
    ),
    out: Annotated[
        Path | None, typer.Option("--out", "-o", help="Write the clean table here. Default: stdout.")
    ] = None,
    dates: Annotated[
        Dates, typer.Option("--dates", help="How dates such as 03/04/2025 were written, if you know.")
    ] = Dates.UNKNOWN,
) -> None:
    """Clean a table pasted from a spreadsheet: tabs or semicolons, decimal commas, dates as written.

    Every doubtful cell is listed and left empty, never guessed. Exit 0 when none is, 1 when someone must look, 2 when
    it is no table.

    Example: untoward investigate paste - --out line-list.csv < pasted.txt
    """
    from untoward.cli.investigate_view import print_pasted
    from untoward.exchange.pasted import DateOrder, read_pasted
    from untoward.tasks.investigating_files import safe_csv, write_text

    pasted = read_pasted(table, DateOrder(dates.value))
    text = safe_csv(pasted.table)
    if out is None:
        typer.echo(text, nl=False)
    else:
        typer.echo(f"wrote {write_text(text, out)}", err=True)
    print_pasted(pasted)
    raise typer.Exit(1 if pasted.faults else 0)


@app.command()
def match(
    registry: Registry,
    definition: Definition,
    controls: Annotated[int, typer.Option("--controls", min=1, max=50, help="Controls for each case.")] = 4,
    by: Annotated[
        list[By] | None, typer.Option("--by", help="Equal on this; may be given again. Default: clinic.")
    ] = None,
    within: Annotated[
        int, typer.Option("--within", min=0, max=3650, help="Days between the sessions of case and control.")
    ] = 30,
    age_within: Annotated[
        float | None, typer.Option("--age-within", min=0, max=125, help="Years between their ages.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed draws the same controls.")] = 1,
    as_of: AsOf = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", help="Write the table of sets and exposures as CSV.", show_default=False),
    ] = None,
    keep_good_rows: KeepGoodRows = False,
    as_json: AsJson = False,
) -> None:
    """Draw matched controls from those at risk when each case fell ill (incidence density sampling).

    A person who fell ill later may be a control before that. What you match on can no longer be studied. Then:
    untoward outbreak TABLE --case ill --matched set

    Example: untoward investigate match registry -d cases.yaml --by clinic --within 30 --out sets.csv
    """
    from rich.console import Console

    from untoward.cli.investigate_view import print_match
    from untoward.cli.output import print_json
    from untoward.tasks.investigating import load_definition, load_registry
    from untoward.tasks.investigating_files import safe_csv, write_text
    from untoward.tasks.investigating_matching import match_controls
    from untoward.watch.workbench.sampling import MatchPlan

    columns = tuple(dict.fromkeys(one.value for one in by or [By.CLINIC]))
    plan = MatchPlan(controls=controls, by=columns, within_days=within, age_within=age_within, seed=seed)
    defined = load_definition(definition)
    answer = match_controls(
        load_registry(registry, as_of=as_of, keep_good_rows=keep_good_rows), defined, plan
    )
    if out is not None:
        typer.echo(f"wrote {write_text(safe_csv(answer.table), out)}", err=True)
    if as_json:
        print_json(answer.document())
    else:
        print_match(answer, Console(highlight=False), out)


@app.command()
def trace(
    registry: Registry,
    lot: Annotated[Several, typer.Option("--lot", help="Trace this lot; may be given again.")] = None,
    vial: Annotated[Several, typer.Option("--vial", help="Trace this vial.")] = None,
    case: Annotated[str | None, typer.Option("--case", help="Trace back from this reaction.")] = None,
    practitioner: Annotated[Several, typer.Option("--practitioner", help="Trace this practitioner.")] = None,
    clinic: Annotated[Several, typer.Option("--clinic", help="Trace this clinic.")] = None,
    product: Annotated[Several, typer.Option("--product", help="Trace this product.")] = None,
    supplier: Annotated[Several, typer.Option("--supplier", help="Trace this supplier.")] = None,
    diluent: Annotated[Several, typer.Option("--diluent", help="Trace this lot of diluent.")] = None,
    device: Annotated[Several, typer.Option("--device", help="Trace this device.")] = None,
    definition: Annotated[
        Path | None,
        typer.Option(
            "--definition", "-d", help="Who is ill. Default: infections, as untoward review counts them."
        ),
    ] = None,
    as_of: AsOf = None,
    report: Annotated[
        Path | None,
        typer.Option("--report", help="Write graph and lists as one HTML page.", show_default=False),
    ] = None,
    keep_good_rows: KeepGoodRows = False,
    as_json: AsJson = False,
) -> None:
    """Who else got it: from a lot, vial, hand or case to every session, person and case behind it.

    Give one kind of start. Sessions that may have met it, because nobody wrote the lot or vial down, are counted apart.

    Example: untoward investigate trace registry --vial V000783 --report trace.html
    """
    from rich.console import Console

    from untoward.cli.investigate_view import print_trace
    from untoward.cli.output import print_json
    from untoward.errors import UsageError
    from untoward.tasks.investigating import load_definition, load_registry
    from untoward.tasks.investigating_files import write_text
    from untoward.tasks.investigating_tracing import trace_case, trace_start

    starts = {
        "lot": lot, "vial": vial, "practitioner": practitioner, "clinic": clinic, "product": product,
        "supplier": supplier, "diluent": diluent, "device": device,
    }  # fmt: skip
    given = {axis: values for axis, values in starts.items() if values}
    if len(given) + (case is not None) != 1:
        raise UsageError(f"Give one start: --case, or one of --{', --'.join(starts)}.")
    defined = None if definition is None else load_definition(definition)
    loaded = load_registry(registry, as_of=as_of, keep_good_rows=keep_good_rows)
    if case is not None:
        answer = trace_case(loaded, case, defined)
    else:
        ((axis, values),) = given.items()
        answer = trace_start(loaded, axis, values, defined)
    if report is not None:
        from untoward.tasks.investigating_report import trace_page

        typer.echo(f"wrote {write_text(trace_page(answer), report)}", err=True)
    if as_json:
        print_json(answer.document())
    else:
        print_trace(answer, Console(highlight=False))


@app.command()
def report(
    registry: Registry,
    definition: Definition,
    out: Annotated[Path, typer.Option("--out", "-o", help="The page to write.")] = Path("investigation.html"),
    as_of: AsOf = None,
    keep_good_rows: KeepGoodRows = False,
    title: Annotated[str | None, typer.Option("--title", help="Title of the page.")] = None,
) -> None:
    """Write the investigation as one page to print: definition, numbers, epidemic curve, attack rates, trace, line list.

    Persons appear by their key, never by name. Exit 0 when written, 2 for faulty input, 3 when writing failed.

    Example: untoward investigate report registry --definition cases.yaml --out investigation.html
    """
    from untoward.tasks.investigating import find_cases, load_definition, load_registry
    from untoward.tasks.investigating_files import write_text
    from untoward.tasks.investigating_report import report_page

    defined = load_definition(definition)
    answer = find_cases(load_registry(registry, as_of=as_of, keep_good_rows=keep_good_rows), defined)
    typer.echo(f"wrote {write_text(report_page(answer, title), out)}")
