"""What reading a table gives back: the values, and an account of everything that was not taken as it stood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from untoward.errors import Fault
from untoward.model.names import NameIndex
from untoward.model.tables import ColumnTaken, LineList, Registry, RowLedger
from untoward.model.terms import TermList

Progress = Callable[[str, int, int], None]
"""Called as `progress(step, done, total)` when a step of reading begins, and once at the end with done == total."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names a reader resolves against: compounds to their keys, terms to their ids."""

    compounds: NameIndex
    terms: TermList


@dataclass(frozen=True, slots=True, kw_only=True)
class Unrecognised:
    """A compound or term that no list knows: in which table, as written, on how many rows, and what it may mean."""

    table: str
    name: str
    rows: int
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryReading:
    """A registry as read. `registry` holds the rows without a fault; `ledger` counts the others.

    A name that is not known is listed under `unrecognised` and as one fault; its rows are kept with an empty key.
    `notes` say what was decided on the way (an encoding, a file that was passed over) and ask for nothing.
    """

    registry: Registry
    faults: tuple[Fault, ...]
    columns: tuple[ColumnTaken, ...]
    ledger: tuple[RowLedger, ...]
    unrecognised: tuple[Unrecognised, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineListReading:
    """A line list as read: the rows without a fault, and the same account as for a registry."""

    line_list: LineList
    faults: tuple[Fault, ...]
    columns: tuple[ColumnTaken, ...]
    ledger: tuple[RowLedger, ...]
    notes: tuple[str, ...] = ()
