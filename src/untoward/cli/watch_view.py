"""What `untoward watch` prints, for people and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import log10
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.console import Console

    from untoward.tasks.watching import Watched
    from untoward.watch.sequential.looks import Look, StreamState
    from untoward.watch.sequential.plan import WatchPlan
    from untoward.watch.sequential.planned import PlannedAnswer

MOST_SHOWN = 15


def document(watched: Watched) -> dict[str, Any]:
    """One look as JSON."""
    from untoward.watch.sequential.documents import look_document, state_document

    return {
        **_plan_document(watched.plan),
        "look": look_document(watched.look),
        "lit": [state_document(state) for state in watched.look.lit],
        "moved": [
            {
                "move": moved.move.value,
                "before": state_document(moved.before) if moved.before else None,
                "now": state_document(moved.now) if moved.now else None,
            }
            for moved in watched.moved
        ],
        "ledger": str(watched.written) if watched.written else None,
        "notes": list(watched.notes),
    }


def replay_document(plan: WatchPlan, looks: Sequence[Look]) -> dict[str, Any]:
    """Looks back as JSON."""
    from untoward.watch.sequential.documents import state_document

    return {
        **_plan_document(plan),
        "looks": [
            {"as_of": look.as_of, "lit": [state_document(state) for state in look.lit]} for look in looks
        ],
    }


def planned_document(answer: PlannedAnswer) -> dict[str, Any]:
    """A planned question as JSON."""
    question = answer.question
    return {
        "axis": question.axis,
        "value": question.value,
        "outcome": answer.outcome,
        "horizon": question.horizon,
        "least_cases": question.least_cases,
        "alpha": question.alpha,
        "as_of": answer.as_of,
        "cases": answer.cases,
        "expected": answer.expected,
        "llr": answer.llr,
        "critical_value": answer.critical,
        "remaining": answer.remaining,
        "signalled_on": answer.signalled_on,
        "reason": answer.reason,
        "reading": answer.reading,
        "performance": [
            {
                "relative_risk": risk,
                "power": found.power,
                "expected_at_signal": found.expected_at_signal,
                "expected_at_end": found.expected_at_end,
            }
            for risk, found in answer.performance
        ],
    }


def print_look(watched: Watched) -> None:
    """One look for people."""
    from rich.console import Console

    console = Console(highlight=False)
    look, plan = watched.look, watched.plan
    console.print(
        f"Look {look.number}, as of {look.as_of[:10]}. Watched since {plan.start:%Y-%m-%d}; alpha {plan.alpha:g}."
    )
    console.print(_verdict(look), style="bold")
    if look.lit:
        _print_states(console, look.lit)
    for line in _whole(look):
        console.print(line)
    raised = [state for state in look.states if not state.lit and state.log10_e >= -log10(plan.alpha)]
    if raised:
        console.print(
            f"\nRaised, but not lit among {_streams(look):,} streams; worth a look at the line list:"
        )
        _print_states(console, raised)
    _print_lines(console, "Since the last look:", _moves(watched))
    _print_lines(console, "What was watched, and against what:", _watched(watched))
    _print_lines(console, "Not watched:", _not_watched(look))
    console.print("")
    for line in (*_footnotes(), *(f"Note: {note}." for note in watched.notes)):
        console.print(line, style="dim")
    console.print(f"  wrote {watched.written}" if watched.written else "  wrote nothing", soft_wrap=True)


def print_replay(plan: WatchPlan, looks: Sequence[Look]) -> None:
    """Looks back for people."""
    from rich.console import Console

    console = Console(highlight=False)
    console.print(
        f"Looks as they would have been, watched since {plan.start:%Y-%m-%d}; alpha {plan.alpha:g}."
    )
    if not looks:
        console.print("No month of these ends after the start of the watch.")
    seen: set[tuple[str, str, str]] = set()
    for look in looks:
        new = [state for state in look.lit if state.key not in seen]
        seen.update(state.key for state in new)
        console.print(f"{look.as_of[:10]}  {len(look.lit):>3} lit{'; newly:' if new else ''}")
        for state in new[:MOST_SHOWN]:
            console.print(f"    {_name(state)}: {_cases(state)}, {state.expected:.2g} expected")
        if len(new) > MOST_SHOWN:
            console.print(f"    … and {len(new) - MOST_SHOWN} more")
    for line in _footnotes():
        console.print(line, style="dim")


def print_planned(answer: PlannedAnswer) -> None:
    """A planned question for people."""
    from rich.console import Console

    console = Console(highlight=False)
    question = answer.question
    console.print(answer.reading, style="bold")
    if answer.critical is None:
        console.print(f"Why: {answer.reason}.")
    else:
        console.print(
            f"Log-likelihood ratio {answer.llr:.3f}; critical value {answer.critical:.6f} (MaxSPRT, horizon "
            f"{question.horizon:g} expected cases, at least {question.least_cases}, alpha {question.alpha:g})."
        )
        console.print(f"{answer.remaining:.3g} more cases may be expected before the horizon.")
    for risk, found in answer.performance:
        console.print(
            f"  at {risk:g} times the risk: signal with a chance of {found.power:.2f}, on average when "
            f"{found.expected_at_signal:.2g} are expected"
        )


def _verdict(look: Look) -> str:
    lit = [state for state in look.lit if state.axis != "registry"]
    if not look.lit and all(outcome.not_watched for outcome in look.outcomes):
        return "Nothing could be watched, so this is no all-clear."
    if not look.lit:
        return "Nothing is lit."
    count = len(lit) or len(look.lit)
    return f"{count} {'stream is' if count == 1 else 'streams are'} lit: more cases than chance explains. Not proof of a cause."


def _print_states(console: Console, states: Sequence[StreamState]) -> None:
    from rich.table import Table

    sheet = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    sheet.add_column("stream", overflow="fold", min_width=24)
    for heading in ("cases", "expected", "evidence", "p any time"):
        sheet.add_column(heading, justify="right", no_wrap=True)
    for state in states[:MOST_SHOWN]:
        unsure = "" if state.lit_high or not state.lit else " *"
        sheet.add_row(
            _name(state) + unsure,
            _cases(state),
            f"{state.expected:.2g}",
            _evidence(state.log10_e),
            f"{state.p_any_time:.1g}",
        )
    console.print(sheet)
    if any(state.lit and not state.lit_high for state in states):
        console.print("* no longer lit if the baseline is at its upper 95 % limit", style="dim")
    if len(states) > MOST_SHOWN:
        console.print(f"… and {len(states) - MOST_SHOWN} more (all with --json)")


def _name(state: StreamState) -> str:
    what = "the whole registry" if state.axis == "registry" else f"{state.axis} {state.value}"
    return f"{what}, {state.outcome}"


def _cases(state: StreamState) -> str:
    """Cases, and how many of them the stream may claim when others may have caused them."""
    return f"{state.cases}" if state.share > state.cases - 0.05 else f"{state.cases} (~{state.share:.1f})"


def _evidence(log10_e: float) -> str:
    return f"{10.0**log10_e:,.1f}" if log10_e < 4 else f"10^{log10_e:.1f}"


def _streams(look: Look) -> int:
    return sum(sum(outcome.streams.values()) for outcome in look.outcomes)


def _whole(look: Look) -> Iterator[str]:
    for state in look.lit:
        if state.axis == "registry":
            yield (
                f"{state.outcome.capitalize()} is above its baseline in the whole registry ({state.cases} cases, "
                f"{state.expected:.2g} expected): lit streams may only share in that, or more is being recorded than before."
            )


def _moves(watched: Watched) -> Iterator[str]:
    if watched.last is None:
        yield "this is the first look."
        return
    for moved in watched.moved[:MOST_SHOWN]:
        state = moved.now or moved.before
        if state is not None:
            was = "no case" if moved.before is None else _cases(moved.before)
            now = "no case" if moved.now is None else _cases(moved.now)
            yield f"{moved.move.value}: {_name(state)} ({was} → {now})"
    if len(watched.moved) > MOST_SHOWN:
        yield f"… and {len(watched.moved) - MOST_SHOWN} more (all with --json)"
    if not watched.moved:
        yield "nothing moved."


def _watched(watched: Watched) -> Iterator[str]:
    plans = {outcome.outcome: outcome for outcome in watched.plan.outcomes}
    for outcome in watched.look.outcomes:
        if outcome.not_watched:
            continue
        streams = sum(outcome.streams.values())
        yield (
            f"{outcome.outcome}: {outcome.cases} since the start, {outcome.expected.get('registry', 0):.2g} expected, "
            f"{streams:,} streams. Baseline: {plans[outcome.outcome].source}. Delay: {plans[outcome.outcome].delay.source}"
        )
        if outcome.unplaced:
            yield f"{outcome.outcome}: {outcome.unplaced} cases without a date, or of sessions without one, count for no stream."


def _not_watched(look: Look) -> Iterator[str]:
    for outcome in look.outcomes:
        if outcome.not_watched:
            yield f"{outcome.outcome}: {outcome.not_watched}."
    watched = {axis for outcome in look.outcomes for axis in outcome.streams}
    known = {axis for outcome in look.outcomes for axis in outcome.expected}
    empty = sorted(known - watched)
    if empty:
        yield f"{', '.join(empty)}: nothing is on record."


def _footnotes() -> Iterator[str]:
    yield (
        "Evidence: how many times likelier the cases are under an excess than without (e-value); valid at any look. Lit: e-BH "
        "over all streams, each axis with an equal part of alpha."
    )
    yield "p any time: for the stream alone, from its highest evidence so far; ~: cases it may claim, others had a part."


def _plan_document(plan: WatchPlan) -> dict[str, Any]:
    return {
        "start": plan.start.isoformat(),
        "alpha": plan.alpha,
        "rule": plan.rule,
        "axes": list(plan.axes),
        "baselines": [
            {
                "outcome": outcome.outcome,
                "rate": outcome.rate,
                "upper_limit": outcome.rate * outcome.upper,
                "by_technique": dict(outcome.by_technique),
                "source": outcome.source,
                "delay": outcome.delay.source,
                "not_watched": outcome.not_watched,
            }
            for outcome in plan.outcomes
        ],
    }


def _print_lines(console: Console, heading: str, lines: Iterator[str]) -> None:
    shown = list(lines)
    if shown:
        console.print(f"\n{heading}", style="bold")
    for line in shown:
        console.print(f"  {line}")
