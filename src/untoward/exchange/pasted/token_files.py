"""Files of tokens, as clinics send them to each other: clinic, record, kind, token, and nothing else."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import polars as pl

from untoward.errors import Fault, InputError
from untoward.exchange.tables.sources import Source, must_exist

HEADERS = ("clinic", "record", "kind", "token")
MOST_BYTES = 2 * 1024**3
_TOKEN = re.compile(r"[0-9a-f]{64}")
_LISTED = 20


def token_frame(clinic: str, rows: Iterable[tuple[str, str, str]]) -> pl.DataFrame:
    """The file of one clinic from (record, kind, token), in the order of the records, which says nothing of the list."""
    frame = pl.DataFrame(list(rows), schema=["record", "kind", "token"], orient="row")
    return frame.select(pl.lit(clinic).alias("clinic"), "record", "kind", "token").sort(
        "record", "kind", "token"
    )


def read_token_files(paths: Sequence[Path]) -> Mapping[tuple[str, str], Sequence[tuple[str, str]]]:
    """The tokens of each (clinic, record) of several files.

    Raises InputError with every fault: a file that is no token file, a token that is none, a clinic in two files.
    """
    faults: list[Fault] = []
    tokens: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    file_of: dict[str, str] = {}
    for path in paths:
        frame = _frame(path, faults)
        for clinic in frame.get_column("clinic").unique().sort().to_list():
            if clinic in file_of:
                got = f"{file_of[clinic]} and {path.name}"
                faults.append(Fault(what="one clinic in two files", file=path.name, field=clinic, got=got))
            file_of.setdefault(clinic, path.name)
        for clinic, record, kind, token in frame.iter_rows():
            tokens[clinic, record].append((kind, token))
    if not faults and len(file_of) < 2:
        faults.append(Fault(what="only one clinic", expected="token files of two clinics or more"))
    if faults:
        raise InputError(f"The token files have {len(faults)} fault(s); nothing was joined.", faults)
    return tokens


def _frame(path: Path, faults: list[Fault]) -> pl.DataFrame:
    empty = pl.DataFrame(schema=dict.fromkeys(HEADERS, pl.String))
    must_exist(path)
    raw = Source(path=path, label=path.name).read(frozenset(HEADERS), MOST_BYTES)
    if set(raw.headers) != set(HEADERS):
        hint = "A token file holds nothing else. If this file has names in it, do not send it to anybody."
        faults.append(Fault(what="is no token file", file=path.name, expected=", ".join(HEADERS), hint=hint))
        return empty
    cells = [pl.col(f"c{raw.headers.index(name)}").alias(name) for name in HEADERS]
    frame = raw.frame.select(cells)
    wrong = [
        row
        for row, values in enumerate(frame.iter_rows(), start=2)
        if None in values or not _TOKEN.fullmatch(values[3])
    ]
    faults += [
        Fault(what="no token", file=path.name, where=f"row {row}", expected="64 digits of 0-9 and a-f")
        for row in wrong[:_LISTED]
    ]
    if len(wrong) > _LISTED:
        faults.append(Fault(what=f"{len(wrong) - _LISTED:,} further rows without a token", file=path.name))
    return empty if wrong else frame
