"""What `untoward signals` prints for people."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.table import Table

from untoward.model.ledger import Fate
from untoward.report.numbers import count, counted, sentence_case
from untoward.report.signals.balance import balance_sentence, lost_rows
from untoward.report.signals.content import Row, SignalsContent
from untoward.report.signals.figures import between, cells, figure, flags

_WIDE = 130
_LOSSES_SHOWN = 6
_INTERACTIONS_SHOWN = 10
READ_IT = "A signal is a reason to look, not a cause found. Nothing here is a rate: nobody knows how many were treated."

NO_INTERACTION = "No event is named by enough reports with two drugs to compare them."


def print_signals(content: SignalsContent) -> None:
    """How much was read, what became of it, what stands out, and by which rule."""
    console = Console(highlight=False)
    for line in (*_read(content), ""):
        console.print(line, soft_wrap=True, markup=False)
    if not content.top:
        console.print(f"No pair has {content.least} reports or more.")
    elif console.width >= _WIDE:
        console.print(_pairs(content))
    else:
        for place, pair in enumerate(content.top, start=1):
            console.print(_block(place, pair.row), markup=False)
    console.print()
    console.print(_rules(content))
    console.print()
    if content.interactions is not None:
        console.print(_interactions(content) if content.interactions else NO_INTERACTION, "")
    for line in _footnotes(content):
        console.print(line, style="dim", markup=False)


def flagged_by(row: Row) -> str:
    """The rules that flag a pair, and with "?" those that cannot tell."""
    found, unknown = flags(row)
    return " ".join((*found, *(f"{name}?" for name in unknown))) or "none"


def how_many(content: SignalsContent) -> str:
    """The reports that count; of sums of pair counts, that they are sums."""
    if content.options["margins"] == "pair_sum":
        return f"{count(content.source.reports)} as a sum of pair counts"
    return counted(content.source.reports, "report")


def _read(content: SignalsContent) -> Iterator[str]:
    source = content.source
    drugs, events = counted(source.drugs, "drug"), counted(source.events, "event")
    yield f"{sentence_case(source.title)}: {how_many(content)}, {drugs}, {events}."
    if source.first_received and source.last_received:
        yield f"Received {source.first_received} to {source.last_received}."
    if source.without_drug or source.without_event:
        yield (
            f"Left out: {counted(source.without_drug, 'report')} without a drug that counts, "
            f"{counted(source.without_event, 'report')} without an event."
        )
    yield balance_sentence(content.ledger)
    lost = lost_rows(content.ledger)
    for one in lost[:_LOSSES_SHOWN]:
        fate = "merged" if one.fate is Fate.MERGED else "dropped"
        yield f"  {count(one.rows)} {fate} of {one.table}: {one.reason}"
    if len(lost) > _LOSSES_SHOWN:
        yield f"  … and {counted(len(lost) - _LOSSES_SHOWN, 'more reason')}; all of them with --ledger"


def _pairs(content: SignalsContent) -> Table:
    found = sheet(
        "drug", "event", "#both", "#drug", "#event", "#neither", "#E", "#PRR", "#IC", "#EBGM", "flagged by"
    )
    for pair in content.top:
        row = pair.row
        both, drug_only, event_only, neither = cells(row)
        found.add_row(
            row["drug"],
            row["event"],
            count(both),
            count(drug_only),
            count(event_only),
            count(neither),
            figure(row["expected"]),
            between(row, "prr", "prr_low", "prr_high"),
            between(row, "ic", "ic_low", "ic_high"),
            between(row, "ebgm", "eb05", "eb95"),
            flagged_by(row),
        )
    return found


def _block(place: int, row: Row) -> str:
    """One pair on three lines, for a narrow terminal."""
    indent = " " * 4
    table = " | ".join(count(number) for number in cells(row))
    prr, ic = between(row, "prr", "prr_low", "prr_high"), between(row, "ic", "ic_low", "ic_high")
    ebgm = between(row, "ebgm", "eb05", "eb95")
    return (
        f"{place:>3} {row['event']} with {row['drug']}\n"
        f"{indent}{table}; E {figure(row['expected'])}; PRR {prr}\n"
        f"{indent}IC {ic}; EBGM {ebgm}; {flagged_by(row)}"
    )


def _rules(content: SignalsContent) -> Table:
    found = sheet("rule", "#flags", "#cannot tell", "says")
    for rule in content.rules:
        found.add_row(rule.name, count(rule.flagged), count(rule.cannot_tell), rule.says)
    return found


def _interactions(content: SignalsContent) -> Table:
    found = sheet("drug 1", "drug 2", "event", "#n", "#E", "#omega (lower limit)")
    for row in (content.interactions or ())[:_INTERACTIONS_SHOWN]:
        omega = f"{figure(row['omega'])} ({figure(row['omega_low'])})"
        found.add_row(
            row["drug_1"], row["drug_2"], row["event"], count(row["n"]), figure(row["expected"]), omega
        )
    return found


def sheet(*headings: str) -> Table:
    """An empty table without lines; a heading that starts with "#" is a numeric column."""
    found = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    for heading in headings:
        numeric = heading.startswith("#")
        found.add_column(heading.lstrip("#"), justify="right" if numeric else "left", overflow="fold")
    return found


def _footnotes(content: SignalsContent) -> Iterator[str]:
    yield (
        f"{counted(content.listed, 'pair')} of {count(content.pairs)} "
        f"{'has' if content.listed == 1 else 'have'} {content.least} reports or more; order: {content.order}."
    )
    yield "2x2 table: reports with both, drug alone, event alone, neither. E: expected with both. Limits 95 %."
    yield from content.settings[:2]
    yield from (line for line in content.settings if line.startswith("EBGM"))
    yield from content.notes
    yield READ_IT
