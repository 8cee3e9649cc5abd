"""What the columns of a table of `$`-separated lines are called, and what may stand in them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from untoward.errors import Fault, InputError


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: its name, whether reading uses it, and a pattern that its whole value has to match.

    Without a pattern any text may stand in it, but not none when it is `filled`. `wanted` says that the table cannot
    be read without the column. A `firm` column holds what it should in every sound row: something else in it tells
    that the fields of a row are shifted. Other patterns (codes, which may grow) only help to mend rows.
    """

    name: str
    pattern: str | None = None
    filled: bool = False
    firm: bool = False
    used: bool = False
    wanted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of a source: its name and the columns known of it. The first column is the key of the report."""

    name: str
    columns: tuple[Column, ...]

    @property
    def key(self) -> str:
        """The column that says which report a row is of."""
        return self.columns[0].name

    @property
    def used(self) -> tuple[str, ...]:
        """The columns that reading uses, whether or not a file has them."""
        return tuple(column.name for column in self.columns if column.used)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The header of one file: names in the order of the file, in lower case and as FAERS has them today.

    `used` and `filled` are positions. `key_has_case` says that the key starts with the number of the case, as a
    PRIMARYID does.
    """

    table: Table
    names: tuple[str, ...]
    checks: tuple[re.Pattern[str] | None, ...]
    used: tuple[int, ...]
    filled: tuple[int, ...]
    key_has_case: bool

    @property
    def width(self) -> int:
        """How many fields a row has."""
        return len(self.names)

    def is_sound(self, fields: Sequence[str]) -> bool:
        """Whether a row has the right number of fields, each with something that may stand there."""
        if len(fields) != self.width:
            return False
        return all(
            check is None or check.fullmatch(field.strip()) is not None
            for check, field in zip(self.checks, fields, strict=True)
        ) and self._has_what_it_must(fields)

    def _has_what_it_must(self, fields: Sequence[str]) -> bool:
        return all(fields[at].strip() for at in self.filled) and self._key_fits(fields)

    def _key_fits(self, fields: Sequence[str]) -> bool:
        return not self.key_has_case or fields[0].strip().startswith(fields[1].strip())

    def is_used_text(self, position: int) -> bool:
        """Whether a column is used and any text may stand in it."""
        return position in self.used and self.checks[position] is None


def header_names(line: str, aliases: Mapping[str, str]) -> tuple[str, ...]:
    """The names in a header line: lower case, without quotes, a separator at the end, or names of old."""
    parts = [part.strip(' "\t\r\0').lower() for part in line.strip().split("$")]
    while parts and not parts[-1]:
        parts.pop()
    return tuple(aliases.get(part, part) for part in parts)


def read_header(line: str, table: Table, aliases: Mapping[str, str], file: str) -> Header:
    """The header of a file. Raises InputError when a wanted column is missing or a used one stands twice."""
    names = header_names(line, aliases)
    faults = [*_missing(names, table, file), *_twice(names, table, file)]
    if faults:
        raise InputError(f"The header of {file} is not that of a {table.name} file.", faults)
    known = {column.name: column for column in table.columns}
    columns = [known.get(name, Column(name=name)) for name in names]
    return Header(
        table=table,
        names=names,
        checks=tuple(re.compile(each.pattern) if each.pattern is not None else None for each in columns),
        used=tuple(at for at, each in enumerate(columns) if each.used),
        filled=tuple(at for at, each in enumerate(columns) if each.filled),
        key_has_case=header_names(line, {})[:2] == ("primaryid", "caseid"),
    )


def _missing(names: Sequence[str], table: Table, file: str) -> list[Fault]:
    got = "$".join(names)[:80]
    return [
        Fault(what="the column is missing", file=file, where="line 1", field=column.name, got=got)
        for column in table.columns
        if column.wanted and column.name not in names
    ]


def _twice(names: Sequence[str], table: Table, file: str) -> list[Fault]:
    return [
        Fault(what="the column stands twice", file=file, where="line 1", field=name)
        for name in table.used
        if names.count(name) > 1
    ]
