"""Which of the files given is which table of which quarter of FAERS or AERS."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from untoward.exchange.reports.archive import SourceFile
from untoward.exchange.reports.columns import header_names
from untoward.exchange.reports.faers_tables import TELLING

DELETED = "DELETED"
"""The table of a list of deleted cases."""

_NAMED = re.compile(r"^(DEMO|DRUG|REAC|OUTC|THER|RPSR|INDI)(\d\dQ[1-4])(?:[^A-Z].*)?$")
_DELETION = re.compile(r"^[A-Z]*DELETE.*(?:\.TXT|\.CSV|\.ASC)$|^DELETE\w*$")
_QUARTER = re.compile(r"\d\dQ[1-4]")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarterFile:
    """One file of a quarter: its table, the quarter with what holds it, and whether it is a legacy file.

    `group` is the same number for all files of a quarter that stand together.
    """

    file: SourceFile
    table: str
    quarter: str
    legacy: bool
    group: int = 0


def quarter_files(files: Sequence[SourceFile], aliases: Mapping[str, str]) -> tuple[QuarterFile, ...]:
    """The files that are tables of a quarter, told by their headers and, where these are wrong, by their names."""
    found = [each for each in (_quarter_file(file, aliases) for file in files) if each is not None]
    groups: dict[str, int] = {}
    return tuple(
        replace(each, group=groups.setdefault(each.quarter.casefold(), len(groups))) for each in found
    )


def is_named_like_a_table(base: str) -> bool:
    """Whether a file is called like a table of a quarter: "DEMO17Q2.TXT"."""
    return _NAMED.match(base) is not None


def first_column(line: str) -> str:
    """The first name of a header line, in lower case, as it stands there."""
    names = header_names(line, {})
    return names[0] if len(names) > 1 else ""


def _quarter_file(file: SourceFile, aliases: Mapping[str, str]) -> QuarterFile | None:
    if _DELETION.match(file.base):
        return QuarterFile(file=file, table=DELETED, quarter="", legacy=False)
    line = file.first_line()
    table = _table_of(header_names(line, aliases)) or _name_of(file.base)
    if table is None:
        return None
    return QuarterFile(file=file, table=table, quarter=_quarter_of(file), legacy=first_column(line) == "isr")


def _table_of(names: Sequence[str]) -> str | None:
    if not names or names[0] != "primaryid":
        return None
    return next((table for table, column in TELLING.items() if column in names), None)


def _name_of(base: str) -> str | None:
    named = _NAMED.match(base)
    return named[1] if named else None


def _quarter_of(file: SourceFile) -> str:
    """What tells the files of one quarter from those of another: what holds them, and the quarter in their names."""
    quarter = _QUARTER.search(file.base)
    return "/".join(part for part in (file.container, quarter[0] if quarter else "") if part)
