"""The ledger in few lines: does it add up, and what became of the rows that were not kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from untoward.model.ledger import Fate, Ledger, LedgerEntry
from untoward.report.numbers import count

_EXAMPLES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """Rows of one table that were merged or dropped for one reason, over all files."""

    table: str
    fate: Fate
    reason: str
    rows: int
    files: int
    examples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableBalance:
    """Rows of one table of one file: read, kept, merged, dropped."""

    file: str
    table: str
    read: int
    kept: int
    merged: int
    dropped: int


def balance_sentence(ledger: Ledger) -> str:
    """As in "12,000 rows read = 11,000 kept + 300 merged + 700 dropped. It adds up."."""
    read, kept, merged, dropped = (ledger.rows(fate) for fate in Fate)
    said = (
        f"{count(read)} rows read = {count(kept)} kept + {count(merged)} merged + {count(dropped)} dropped."
    )
    faults = ledger.faults()
    return f"{said} It adds up." if not faults else f"{said} It does not add up: {'; '.join(faults)}."


def lost_rows(ledger: Ledger) -> tuple[Lost, ...]:
    """Everything that was merged or dropped, by table and reason, the most rows first."""
    groups: dict[tuple[str, Fate, str], list[LedgerEntry]] = defaultdict(list)
    for entry in ledger.entries:
        if entry.fate in (Fate.MERGED, Fate.DROPPED):
            groups[entry.table, entry.fate, entry.reason].append(entry)
    lost = [_lost(*group, entries) for group, entries in groups.items()]
    return tuple(sorted(lost, key=lambda one: (-one.rows, one.table, one.reason)))


def table_balances(ledger: Ledger) -> tuple[TableBalance, ...]:
    """A line per table of a file, in the order in which they were read."""
    rows: dict[tuple[str, str], dict[Fate, int]] = {}
    for entry in ledger.entries:
        fates = rows.setdefault((entry.file, entry.table), dict.fromkeys(Fate, 0))
        fates[entry.fate] += entry.rows
    return tuple(
        TableBalance(file=file, table=table, **{fate.value: fates[fate] for fate in Fate})
        for (file, table), fates in rows.items()
    )


def _lost(table: str, fate: Fate, reason: str, entries: Iterable[LedgerEntry]) -> Lost:
    entries = tuple(entries)
    examples = [example for entry in entries for example in entry.examples]
    return Lost(
        table=table,
        fate=fate,
        reason=reason,
        rows=sum(entry.rows for entry in entries),
        files=len({entry.file for entry in entries}),
        examples=tuple(examples[:_EXAMPLES]),
    )
