"""`untoward watch`: look at a growing registry as often as one likes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from untoward.cli.watch_options import (
    Alpha,
    AsJson,
    AsOf,
    Axes,
    Baseline,
    BaselineSource,
    DryRun,
    Horizon,
    KeepGoodRows,
    LeastCases,
    LedgerFile,
    Outcomes,
    Planned,
    RegistryPath,
    Repair,
    Replay,
    Start,
)

if TYPE_CHECKING:
    from untoward.tasks.watching_source import WatchOptions
    from untoward.watch.sequential.plan import StatedBaseline


def watch(
    registry: RegistryPath,
    ledger: LedgerFile = None,
    as_of: AsOf = None,
    start: Start = None,
    alpha: Alpha = None,
    outcome: Outcomes = None,
    axis: Axes = None,
    baseline: Baseline = None,
    baseline_source: BaselineSource = None,
    dry_run: DryRun = False,
    repair: Repair = False,
    replay: Replay = None,
    planned: Planned = None,
    horizon: Horizon = None,
    least_cases: LeastCases = 1,
    keep_good_rows: KeepGoodRows = False,
    as_json: AsJson = False,
) -> None:
    """Watch every lot, vial, practitioner, clinic … for more harm than expected, as often as you like.

    Each look is added to a ledger in which no line can be changed unseen. Exit 0 when nothing is lit, 1 when something is.

    Example: untoward watch clinics --ledger clinics.looks.jsonl
    """
    from untoward.cli.dates import first_instant, last_instant
    from untoward.tasks.watching_source import WatchOptions

    options = WatchOptions(
        as_of=last_instant(as_of),
        start=first_instant(start, "--start"),
        alpha=alpha,
        outcomes=outcome or None,
        axes=axis or None,
        baseline=_baseline(baseline, baseline_source),
        keep_good_rows=keep_good_rows,
    )
    if planned is not None:
        raise typer.Exit(_ask(registry, planned, options, horizon, least_cases, as_json))
    if replay is not None:
        raise typer.Exit(_look_back(registry, replay, options, as_json))
    raise typer.Exit(_look(registry, ledger, options, dry_run, repair, as_json))


def _look(
    registry: Path, ledger: Path | None, options: WatchOptions, dry_run: bool, repair: bool, as_json: bool
) -> int:
    from untoward.cli import watch_view
    from untoward.cli.output import print_json, progress_bar
    from untoward.tasks.watching import usual_ledger
    from untoward.tasks.watching import watch as watch_task

    with progress_bar() as progress:
        watched = watch_task(
            registry,
            ledger or usual_ledger(registry),
            options,
            dry_run=dry_run,
            repair=repair,
            progress=progress,
        )
    if as_json:
        print_json(watch_view.document(watched))
    else:
        watch_view.print_look(watched)
    return 1 if watched.look.lit else 0


def _look_back(registry: Path, months: int, options: WatchOptions, as_json: bool) -> int:
    from untoward.cli import watch_view
    from untoward.cli.output import print_json, progress_bar
    from untoward.tasks.watching import replay

    with progress_bar() as progress:
        plan, looks = replay(registry, months, options, progress=progress)
    if as_json:
        print_json(watch_view.replay_document(plan, looks))
    else:
        watch_view.print_replay(plan, looks)
    return 1 if looks and looks[-1].lit else 0


def _ask(
    registry: Path, asked: str, options: WatchOptions, horizon: float | None, least_cases: int, as_json: bool
) -> int:
    from untoward.cli import watch_view
    from untoward.cli.output import print_json, progress_bar
    from untoward.errors import UsageError
    from untoward.tasks.watching import planned

    axis, equals, value = asked.partition("=")
    if not equals or not value.strip():
        raise UsageError(f"--planned: got {asked!r}, expected AXIS=VALUE such as lot=L12.")
    if horizon is None:
        raise UsageError(
            "--planned needs --horizon: how many cases may be expected before the question is closed."
        )
    with progress_bar() as progress:
        answer = planned(
            registry,
            axis.strip(),
            value.strip(),
            options,
            horizon=horizon,
            least_cases=least_cases,
            progress=progress,
        )
    if as_json:
        print_json(watch_view.planned_document(answer))
    else:
        watch_view.print_planned(answer)
    return 1 if answer.signalled_on else 0


def _baseline(rate: float | None, source: str | None) -> StatedBaseline | None:
    from untoward.errors import UsageError
    from untoward.watch.sequential.plan import StatedBaseline

    if rate is None and source is None:
        return None
    if rate is None or not (source or "").strip():
        raise UsageError(
            "--baseline and --baseline-source go together: a rate without its source cannot be judged later."
        )
    return StatedBaseline(rate=rate, source=(source or "").strip())
