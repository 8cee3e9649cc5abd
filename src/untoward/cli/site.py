"""Commands that keep the record: migrate, backup, restore, export, doctor, check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from untoward.tasks.site_doctor import Check

MISSING_PHOTOS = 1
UNWELL = 1
MARKS = {"ok": "ok     ", "warning": "warning", "fault": "FAULT  "}


def migrate() -> None:
    """Bring the database to the version of this program. Two at once do no harm: the second waits.

    Example: untoward migrate
    """
    from untoward.tasks.site import migrate as bring
    from untoward.tasks.site import open_site

    open_site().make_database_file()
    done = bring()
    waited = " Another process was at it; this one waited." if done.waited else ""
    typer.echo(
        f"The database is at the version of this program ({done.steps} steps taken).{waited}"
        if done.steps
        else f"The database was at the version of this program already.{waited}"
    )


def backup(file: Annotated[Path, typer.Argument(help="The file to write (a zip file).")]) -> None:
    """Write the whole record with its photos and its trail into one file, while the site goes on.

    Example: untoward backup record-2026-05-01.zip
    """
    from untoward.cli.output import progress_bar
    from untoward.tasks.site import open_site
    from untoward.tasks.site_backup import back_up

    settings = open_site()
    with progress_bar() as progress:
        done = back_up(settings, file, progress)
    typer.echo(
        f"{done.path}: {done.rows} rows, {done.photos} photos. It holds patients' data: keep it as you keep the record."
    )
    if done.missing:
        typer.echo(
            f"{len(done.missing)} photos that the record knows were not there and are not in the backup; the first: "
            f"{done.missing[0]}",
            err=True,
        )
        raise typer.Exit(MISSING_PHOTOS)


def restore(file: Annotated[Path, typer.Argument(help="A backup.")]) -> None:
    """Fill an empty home or an empty database from a backup, check everything, and bring it to this version.

    Example: UNTOWARD_HOME=/srv/untoward-new untoward restore record-2026-05-01.zip
    """
    from untoward.cli.output import progress_bar
    from untoward.tasks.site import open_site
    from untoward.tasks.site_restore import restore as bring_back

    settings = open_site()
    with progress_bar() as progress:
        done = bring_back(settings, file, progress)
    typer.echo(
        f"The record is as it was on {done.made_at[:16].replace('T', ' ')} UTC: {done.rows} rows, {done.photos} photos. The "
        f"trail is whole: {done.trail.entries} entries, {done.trail.things} things as their last entries say. Everybody "
        "signs in again."
    )
    if done.missing:
        typer.echo(f"{len(done.missing)} photos were already missing when the backup was made.", err=True)


def export(
    out: Annotated[Path, typer.Argument(help="Folder to write; it must not exist.")],
    everything: Annotated[bool, typer.Option("--all", help="Every clinic and every table.")] = False,
    profile: Annotated[
        str, typer.Option("--profile", help="identified, pseudonymised or aggregate.")
    ] = "pseudonymised",
) -> None:
    """Write the record as CSV and Parquet with a data dictionary, in one of three release profiles.

    Example: untoward export --all release --profile aggregate
    """
    from untoward.errors import UsageError
    from untoward.tasks.site import open_site

    if not everything:
        raise UsageError(
            "Say --all: this command writes every clinic's record. The pages export one clinic's."
        )
    settings = open_site()
    from untoward.tasks.site_export import export_all, profile_named

    done = export_all(settings, out, profile_named(profile))
    typer.echo(f"{done.folder}: {done.tables} tables, {done.rows} rows, {done.photos} photos. {done.note}")


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Look whether this installation is well; says what to do where it is not. Ends with 1 when something is at fault.

    Example: untoward doctor
    """
    from datetime import UTC, datetime

    from untoward.tasks.site import open_site
    from untoward.tasks.site_doctor import database_in_words, examine

    settings = open_site()
    checks = examine(settings, datetime.now(UTC))
    if not as_json:
        typer.echo(f"Record: {database_in_words(settings)}")
    _print(checks, as_json=as_json)


def check(
    deploy: Annotated[bool, typer.Option("--deploy", help="Is it fit for others to use?")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Look whether the site is set up so that others may use it. Ends with 1 when something is at fault.

    Example: untoward check --deploy
    """
    from untoward.errors import UsageError
    from untoward.tasks.site import open_site
    from untoward.tasks.site_doctor import deployment

    if not deploy:
        raise UsageError("Say --deploy; for the state of this installation use: untoward doctor")
    _print(deployment(open_site()), as_json=as_json)


def _print(checks: Sequence[Check], *, as_json: bool) -> None:
    from dataclasses import asdict

    from untoward.cli.output import print_json

    if as_json:
        print_json([asdict(check) for check in checks])
    else:
        for check in checks:
            typer.echo(f"{MARKS[check.state]}  {check.name}: {check.said}")
            if check.next:
                typer.echo(f"           {check.next}")
    if any(check.state == "fault" for check in checks):
        raise typer.Exit(UNWELL)
