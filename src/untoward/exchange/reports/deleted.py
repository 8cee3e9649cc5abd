"""Lists of cases that the agency has deleted: one number of a case in each line."""

from __future__ import annotations

import re

import polars as pl

from untoward.exchange.reports.archive import SourceFile, as_utf8
from untoward.exchange.reports.line_tally import LineTally, example
from untoward.exchange.reports.repair import BLANK
from untoward.model.ledger import Fate

NOT_A_CASE = "not the number of a case"

_CASE = re.compile(r'^[\s"\0]*(\d{1,18})[\s"$,\0]*$')


def read_deleted(file: SourceFile, tally: LineTally) -> pl.Series:
    """The numbers of the deleted cases in a list; a first line without a digit is its header."""
    lines = as_utf8(file.read()).decode("utf-8", errors="replace").splitlines()
    first = 1 if lines and not any(letter.isdigit() for letter in lines[0]) else 0
    cases: list[int] = []
    for number, line in enumerate(lines[first:], start=first + 1):
        found = _CASE.match(line)
        if found:
            cases.append(int(found[1]))
        else:
            reason = NOT_A_CASE if line.strip("\0\x1a \t") else BLANK
            tally.add(Fate.DROPPED, 1, reason, [example(number, line)])
    tally.add(Fate.READ, len(lines) - first)
    tally.add(Fate.KEPT, len(cases))
    return pl.Series("case", cases, dtype=pl.Int64)
