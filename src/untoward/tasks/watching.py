"""Look at a registry as it grows: read it, weigh what became known, and keep the look in the ledger."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from untoward.errors import Fault, InputError, UsageError
from untoward.exchange.looks import Chain, LedgerState, append_lines, read_ledger, repair_ledger
from untoward.tasks.registry_input import Progress, no_progress
from untoward.tasks.watching_source import ALPHA, Source, WatchOptions, chosen_axes, chosen_outcomes
from untoward.watch.exposures import AXES, registry_memberships
from untoward.watch.known_by import known_by
from untoward.watch.outcomes import INFECTION
from untoward.watch.sequential.documents import LOOK, PLAN, look_document, look_from, plan_document, plan_from
from untoward.watch.sequential.looks import Look, Moved, moved_since
from untoward.watch.sequential.plan import RULE, WatchPlan
from untoward.watch.sequential.planned import PlannedAnswer, Question, answer_question


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One look, its plan, what moved since the last, and where it was written (None: nowhere).

    `notes` say what was found about the ledger and the input on the way.
    """

    plan: WatchPlan
    look: Look
    last: Look | None
    moved: tuple[Moved, ...]
    written: Path | None
    notes: tuple[str, ...] = ()


def usual_ledger(path: Path) -> Path:
    """Where the ledger of a registry stands unless the user says otherwise: beside it."""
    whole = path.resolve()
    return whole.with_name(f"{whole.name}.looks.jsonl")


def watch(
    path: Path,
    ledger: Path,
    options: WatchOptions,
    *,
    dry_run: bool = False,
    repair: bool = False,
    progress: Progress = no_progress,
) -> Watched:
    """Make one look and add it to the ledger (unless `dry_run`).

    Raises InputError for a faulty registry or a ledger that cannot be trusted, UsageError when the look does not fit the
    ledger: another alpha, start, outcomes or axes than it was begun with, or a date before its last look.
    """
    chain, mended = _ledger(ledger, repair and not dry_run)
    plan, looks = kept_looks(chain)
    source = Source.read(path, options, progress)
    last = looks[-1] if looks else None
    _check_date(source.now, last)
    if plan is None:
        plan = source.plan(options)
    else:
        _check_same(plan, options)
    progress("weighing the evidence", 0, 1)
    look = source.look(plan, last, source.now)
    written = None
    if not dry_run:
        documents = [look_document(look)] if looks else [plan_document(plan), look_document(look)]
        written = append_lines(chain, documents)
    progress("weighing the evidence", 1, 1)
    moved = moved_since(last, look) if last else ()
    return Watched(
        plan=plan,
        look=look,
        last=last,
        moved=moved,
        written=written,
        notes=(*mended, *source.notes, *_notes(chain)),
    )


def replay(
    path: Path, months: int, options: WatchOptions, *, progress: Progress = no_progress
) -> tuple[WatchPlan, tuple[Look, ...]]:
    """Looks at the end of each of the last months, as they would have been made then; nothing is written.

    The watch begins with the first of these months (or at the start asked for), so that the years before are its
    baseline.
    """
    if not 1 <= months <= 120:
        raise UsageError(f"--replay: got {months}, expected 1 to 120 months.")
    source = Source.read(path, options, progress)
    ends = [*month_ends(source.now, months)]
    start = options.start or (month_ends(source.now, months + 1)[0] if months else None)
    plan = source.plan(replace(options, start=start))
    looks: list[Look] = []
    for done, end in enumerate(end for end in ends if end > plan.start):
        progress("looking at each month's end", done, len(ends))
        looks.append(source.look(plan, looks[-1] if looks else None, end))
    return plan, tuple(looks)


def planned(
    path: Path,
    axis: str,
    value: str,
    options: WatchOptions,
    *,
    horizon: float,
    least_cases: int = 1,
    progress: Progress = no_progress,
) -> PlannedAnswer:
    """Where one planned question stands (see `watch.sequential.planned`). It needs no ledger: the start says it all."""
    if axis not in AXES:
        raise UsageError(f"--planned: there is no axis {axis!r}. Axes are {', '.join(AXES)}.")
    if options.start is None:
        raise UsageError(
            "--planned needs --start: a question is planned from a day on, and its horizon counts from there."
        )
    wanted = options.outcomes or (INFECTION.name,)
    if len(wanted) != 1:
        raise UsageError("--planned asks about one outcome: give --outcome once.")
    source = Source.read(path, options, progress)
    plan = source.plan(replace(options, outcomes=wanted))
    outcome = plan.outcomes[0]
    if outcome.not_watched:
        raise UsageError(f"{outcome.outcome}: {outcome.not_watched}.")
    registry = known_by(source.registry, source.now)
    question = Question(
        axis=axis,
        value=value,
        horizon=horizon,
        least_cases=least_cases,
        alpha=ALPHA if options.alpha is None else options.alpha,
    )
    cases = source.outcomes(registry)[outcome.outcome]
    memberships = registry_memberships(registry, source.labels)
    return answer_question(question, registry, memberships, cases, outcome, plan.start, source.now)


def _ledger(path: Path, repair: bool) -> tuple[Chain, tuple[str, ...]]:
    chain = read_ledger(path)
    kept = repair_ledger(chain) if repair else None
    if kept is None:
        return chain, ()
    return read_ledger(path), (f"the broken last line was taken off and kept in {kept}",)


def kept_looks(chain: Chain) -> tuple[WatchPlan | None, list[Look]]:
    """The plan and the looks of a ledger. InputError for a line that is neither."""
    faults: list[Fault] = []
    plan: WatchPlan | None = None
    looks: list[Look] = []
    for number, document in enumerate(chain.documents, start=1):
        try:
            plan = _plan(document, plan, looks)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            what = "holds no plan" if number == 1 else "holds no look"
            faults.append(Fault(what=what, file=str(chain.path), where=f"line {number}", got=str(error)[:80]))
    if faults:
        raise InputError(f"{chain.path} is no ledger of looks.", faults)
    if plan is not None and plan.rule != RULE:
        raise UsageError(
            f"{chain.path} was begun by the rules {plan.rule!r}; these are {RULE!r}. Begin a new ledger."
        )
    return plan, looks


def _plan(document: Mapping[str, Any], plan: WatchPlan | None, looks: list[Look]) -> WatchPlan:
    if plan is None:
        if document["kind"] != PLAN:
            raise ValueError(f"kind {document['kind']!r}, expected {PLAN!r}")
        return plan_from(document)
    if document["kind"] != LOOK:
        raise ValueError(f"kind {document['kind']!r}, expected {LOOK!r}")
    looks.append(look_from(document))
    return plan


def _check_date(now: datetime, last: Look | None) -> None:
    if last is not None and now < datetime.fromisoformat(last.as_of):
        raise UsageError(
            f"The look would be as of {now:%Y-%m-%d}, but the ledger's last is as of {last.as_of[:10]}: what was known later "
            "cannot be unlearned. Use --dry-run without this ledger, or --replay, to look back."
        )


def _check_same(plan: WatchPlan, options: WatchOptions) -> None:
    """What a ledger was begun with stays; UsageError that names everything asked for otherwise."""
    asked: list[tuple[str, object, object]] = [
        ("alpha", options.alpha, plan.alpha),
        ("start", options.start, plan.start),
        (
            "outcomes",
            options.outcomes and set(chosen_outcomes(options.outcomes)),
            {one.outcome for one in plan.outcomes},
        ),
        ("axes", options.axes and set(chosen_axes(options.axes)), set(plan.axes)),
    ]
    other = [name for name, wanted, kept in asked if wanted is not None and wanted != kept]
    other += ["baseline"] if options.baseline is not None else []
    if other:
        raise UsageError(
            f"The ledger was begun with another {' and another '.join(other)}. What is fixed at the first look stays fixed: "
            "leave the option out, or begin a new ledger."
        )


def _notes(chain: Chain) -> Iterator[str]:
    if chain.state in (LedgerState.UNSEALED, LedgerState.BROKEN_END):
        yield f"the ledger: {chain.state.value}"


def month_ends(now: datetime, months: int) -> list[datetime]:
    """The last instants of the last so many whole months up to now, and now itself when it is none."""
    first = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    begins = pl.datetime_range(
        pl.lit(first).dt.offset_by(f"-{months - 1}mo"), pl.lit(first), interval="1mo", eager=False
    )
    starts = pl.select(begins).to_series().to_list()
    ends = [start - timedelta(microseconds=1) for start in starts]
    return [*ends, now] if ends[-1] < now else ends
