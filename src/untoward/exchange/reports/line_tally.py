"""Counting what became of the lines of one file while it is read, with the first few examples of each fate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from untoward.model.ledger import Fate, LedgerEntry

EXAMPLES = 3
"""So many examples are kept of each fate and reason."""

EXAMPLE_LENGTH = 80


def example(line: int, text: str) -> str:
    """How a line is shown in a ledger: its number in the file, counted from 1, and its first letters."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text[:EXAMPLE_LENGTH])
    return f"line {line}: {shown}"


@dataclass(slots=True)
class LineTally:
    """Lines of one table of one file, by fate and reason; `entries` gives them as they go into a ledger."""

    file: str
    table: str
    _rows: dict[tuple[Fate, str], int] = field(default_factory=dict)
    _examples: dict[tuple[Fate, str], list[str]] = field(default_factory=dict)

    def add(self, fate: Fate, rows: int, reason: str = "", examples: Iterable[str] = ()) -> None:
        """Count lines, of which there may be none; of the examples only the first few are kept."""
        if not rows and fate is not Fate.READ:
            return
        key = fate, reason
        self._rows[key] = self._rows.get(key, 0) + rows
        shown = self._examples.setdefault(key, [])
        shown.extend(text for _room, text in zip(range(EXAMPLES - len(shown)), examples, strict=False))

    def note(self, what: str) -> None:
        """Something to know about the file that concerns no line in particular."""
        self.add(Fate.READ, 0, what)

    def entries(self) -> tuple[LedgerEntry, ...]:
        """The entries, in the order in which each fate was first met."""
        return tuple(
            LedgerEntry(
                file=self.file,
                table=self.table,
                fate=fate,
                rows=rows,
                reason=reason,
                examples=tuple(self._examples[fate, reason]),
            )
            for (fate, reason), rows in self._rows.items()
        )
