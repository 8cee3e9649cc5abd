"""An investigation as a person reads it in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl
from rich.console import Console
from rich.table import Table

from untoward.cli.output import print_error
from untoward.errors import InputError
from untoward.report.numbers import count, counted

if TYPE_CHECKING:
    from untoward.exchange.pasted import PastedTable
    from untoward.tasks.investigating import CasesAnswer
    from untoward.tasks.investigating_matching import MatchAnswer
    from untoward.tasks.investigating_tracing import TraceAnswer
    from untoward.watch.workbench.joining import Joined

MOST_ROWS = 25
_WEIGHT = {"confirmed": "bold", "probable": "bold", "suspect": "bold"}


def _sheet(*headings: str) -> Table:
    """A table without lines; a heading that starts with # is a number's."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        number = heading.startswith("#")
        table.add_column(heading.lstrip("#"), justify="right" if number else "left", overflow="fold")
    return table


def _text(value: object) -> str:
    return "–" if value is None or value == "" else str(value)


def print_cases(answer: CasesAnswer, console: Console) -> None:
    """Numbers by level, the conditions, and the cases."""
    console.print(answer.classified.definition.name, style="bold")
    console.print(_as_of(answer))
    console.print(_counts(answer))
    if answer.conditions and answer.listed.height:
        console.print(
            f"\nAmong the {counted(answer.listed.height, 'person')} who are a case or cannot be told:"
        )
        console.print(_conditions(answer))
        console.print()
        console.print(_people(answer.listed.head(MOST_ROWS)))
        _more(answer.listed.height, console, "--json or --out")
    console.print(
        "Persons without any recorded reaction are not a case as far as anybody wrote down.", style="dim"
    )


def _as_of(answer: CasesAnswer) -> str:
    loaded = answer.loaded
    which = "" if loaded.as_of_given else " (the last date in the data)"
    left_out = f"; {counted(loaded.left_out, 'row')} with faults left out" if loaded.left_out else ""
    return f"{counted(answer.classified.people.ids.len(), 'person')}, as of {_text(loaded.as_of)}{which}{left_out}"


def _counts(answer: CasesAnswer) -> Table:
    table = _sheet("level", "#persons", "")
    for level, number in answer.classified.counts.items():
        notes = [f"{count(n)} could be {could}" for could, n in answer.open_levels.get(level, {}).items()]
        if level == "not a case" and answer.waiting:
            notes.append(f"{count(answer.waiting)} may still fall ill within the definition's days")
        if level == "outside":
            notes.append("no session of the definition's persons, place and time")
        table.add_row(level, count(number), "; ".join(notes), style=_WEIGHT.get(level, ""))
    return table


def _conditions(answer: CasesAnswer) -> Table:
    table = _sheet("condition", "#met", "#not met", "#cannot be told")
    for tally in answer.conditions:
        table.add_row(tally.label, count(tally.met), count(tally.not_met), count(tally.cannot_be_told))
    return table


def _people(rows: pl.DataFrame) -> Table:
    table = _sheet("person", "level", "could be", "onset", "#days", "clinic", "by")
    for row in rows.iter_rows(named=True):
        names = ("patient_id", "level", "could_be", "onset", "days", "clinic", "practitioner")
        table.add_row(*(_text(row[name]) for name in names))
    return table


def _more(total: int, console: Console, where: str) -> None:
    if total > MOST_ROWS:
        console.print(f"… and {count(total - MOST_ROWS)} more: {where} has them all.", style="dim")


def print_pasted(pasted: PastedTable) -> None:
    """What was taken for what, and every doubtful cell, on stderr: the table itself is on stdout."""
    lines = [f"{counted(pasted.table.height, 'row')}, {counted(pasted.table.width, 'column')}"]
    lines += [
        f"  {header}: {how}{f' ({name})' if name != header else ''}" for header, name, how in pasted.taken
    ]
    sys.stderr.write("\n".join([*lines, *pasted.notes]) + "\n")
    if pasted.faults:
        message = f"{counted(len(pasted.faults), 'doubt')}: these cells were left empty. Mend them in the sheet and paste again."
        print_error(InputError(message, pasted.faults))


def print_match(answer: MatchAnswer, console: Console, out: Path | None) -> None:
    """The sets, those that are short and why, and what to do next."""
    sampled, plan = answer.sampled, answer.sampled.plan
    full = len(sampled.sets) - len(sampled.short)
    console.print(
        f"{counted(len(sampled.sets), 'set')}: {count(full)} with {counted(plan.controls, 'control')}, "
        f"{count(len(sampled.short))} with fewer. Matched on {', '.join(plan.by)}, sessions within {plan.within_days} days"
        + (f", ages within {plan.age_within:g} years" if plan.age_within is not None else "")
        + f"; seed {plan.seed}."
    )
    later = sampled.members.get_column("onset_later").drop_nulls().len()
    if later:
        console.print(
            f"{counted(later, 'control')} fell ill after the case's onset: at risk then, so rightly a control."
        )
    for short in sampled.short:
        _print_short(short, plan.controls, console)
    for patient, reason in sampled.without_set:
        console.print(f"  no set for {patient}: {reason}")
    console.print(
        f"{counted(len(answer.exposures), 'exposure')} in the table: {', '.join(answer.exposures) or 'none'}."
    )
    if answer.exposures_left_out:
        console.print(f"{counted(answer.exposures_left_out, 'rarer exposure')} left out.")
    if out is None:
        console.print("Nothing was written: --out sets.csv writes the table.", style="dim")
    else:
        console.print(f"Next: untoward outbreak {out} --case ill --matched set", style="dim")


def _print_short(short: Any, wanted: int, console: Console) -> None:  # noqa: ANN401 - MatchedSet, imported lazily
    why = "; ".join(f"{count(persons)} {reason}" for reason, persons in short.lost if persons)
    console.print(
        f"  set {short.number}, case {short.patient_id}: {short.found} of {wanted}. Lost: {why or 'nobody'}."
    )


def print_trace(answer: TraceAnswer, console: Console) -> None:
    """The start, what lies behind it, and who else got it."""
    found = answer.found
    axis, values = found.start
    begun = f"reaction {answer.case}, by " if answer.case else ""
    console.print(f"Traced: {begun}{axis} {', '.join(values)}", style="bold")
    ill, well, open_ = (found.persons(state) for state in ("ill", "not known to be ill", "cannot be told"))
    console.print(
        f"{counted(found.sessions, 'session')}, {counted(found.exposed.height, 'person')}: {count(ill)} ill, "
        f"{count(well)} not known to be ill, {count(open_)} cannot be told."
    )
    console.print(f"Ill: {answer.ill_by}.", style="dim")
    table = _sheet("what", "which", "#sessions", "#ill")
    kinds = ("supplier", "product", "lot", "vial", "clinic", "practitioner")
    for kind in kinds:
        nodes = [node for node in found.nodes if node.kind == kind]
        for node in nodes[:8]:
            table.add_row(kind, node.name, count(node.sessions), count(node.cases))
        if len(nodes) > 8:
            table.add_row(kind, f"and {len(nodes) - 8} more", "", "")
    console.print(table)
    if found.not_recorded:
        console.print(f"Never recorded there: {', '.join(found.not_recorded)}.")
    if found.perhaps.height:
        console.print(
            f"{counted(found.perhaps.height, 'further session')} may have met it: the same compound there and then, "
            f"{axis} not recorded."
        )
    others = found.exposed.filter(pl.col("state") != "ill")
    console.print(f"\nWho else got it ({counted(others.height, 'person')}; longest without contact first):")
    console.print(_exposed(others.head(MOST_ROWS).iter_rows(named=True)))
    _more(others.height, console, "--json")


def _exposed(rows: Iterable[dict[str, Any]]) -> Table:
    table = _sheet("person", "state", "exposed", "last contact", "clinic", "by")
    for row in rows:
        names = ("patient_id", "state", "last_exposed", "last_contact", "clinics", "practitioners")
        table.add_row(*(_text(row[name]) for name in names))
    return table


def print_joined(joined: Joined, console: Console) -> None:
    """How many persons in common, how sure, and what does not fit."""
    clinics = ", ".join(f"{clinic} {count(number)}" for clinic, number in joined.records.items())
    console.print(f"Records: {clinics}.")
    console.print(f"{counted(len(joined.persons), 'person')} in more than one clinic.", style="bold")
    for strength in ("same", "probable", "possible"):
        links = [link for link in joined.links if link.strength == strength]
        note = " (a person must look)" if strength == "possible" and links else ""
        console.print(f"  {strength}: {counted(len(links), 'link')}{note}")
    for conflict in joined.conflicts[:MOST_ROWS]:
        records = ", ".join(f"{clinic} {record}" for clinic, record in conflict.records)
        console.print(f"  conflict: {conflict.what}: {records}")
    _more(len(joined.conflicts), console, "--json")
    if joined.too_common:
        console.print(f"{counted(joined.too_common, 'token')} shared by too many records were passed over.")
