"""What became of every row that was read: kept, merged into another, or dropped and why. It must add up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum


class Fate(Enum):
    """What became of rows: they were read, and then each was kept, merged or dropped."""

    READ = "read"
    KEPT = "kept"
    MERGED = "merged"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerEntry:
    """So many rows of one table of one file that shared a fate, with the reason and a few examples."""

    file: str
    table: str
    fate: Fate
    rows: int
    reason: str = ""
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All entries, in the order in which things happened."""

    entries: tuple[LedgerEntry, ...] = field(default=())

    def with_entries(self, entries: Iterable[LedgerEntry]) -> Ledger:
        """The same ledger with more entries; entries of no rows are left out, unless they say that rows were read."""
        kept = (entry for entry in entries if entry.rows or entry.fate is Fate.READ)
        return Ledger(entries=(*self.entries, *kept))

    def rows(self, fate: Fate, table: str | None = None) -> int:
        """How many rows had a fate, in all or in one table."""
        return sum(
            entry.rows for entry in self.entries if entry.fate is fate and table in (None, entry.table)
        )

    def faults(self) -> tuple[str, ...]:
        """Every file and table whose rows do not add up: read = kept + merged + dropped. Empty when all do."""
        balance: dict[tuple[str, str], int] = defaultdict(int)
        for entry in self.entries:
            sign = 1 if entry.fate is Fate.READ else -1
            balance[entry.file, entry.table] += sign * entry.rows
        return tuple(
            f"{file}, {table}: {abs(left)} rows {'without a fate' if left > 0 else 'more than were read'}"
            for (file, table), left in sorted(balance.items())
            if left
        )
