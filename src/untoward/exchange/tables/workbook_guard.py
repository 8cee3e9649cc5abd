"""Looking at an XLSX file from outside before it is opened, so that a hostile one cannot fill the memory.

A workbook is a zip of XML files. It is refused when it would unpack to more than two gigabytes or by a factor only
crafted files reach, when its contents do not match their checksums, or when a sheet has a cell so far out that the
rectangle up to it would not fit.
"""

from __future__ import annotations

import re
from pathlib import Path
from zipfile import ZipFile, ZipInfo

from untoward.exchange.tables.raw import MOST_COLUMNS, foreign_errors, refuse

MOST_UNPACKED_BYTES = 2 * 1024**3
MOST_UNPACKING = 200
MOST_CELLS = 50_000_000
_SMALL = 16 * 1024**2
_MOST_ENTRIES = 10_000
_CHUNK = 1024 * 1024
_CELL = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,8})[0-9]""")
_ROW = re.compile(rb"""<(?:[A-Za-z]+:)?row\b[^>]*?\br\s*=\s*["']([0-9]{1,12})""")
_FAILED = re.compile(rb"""<(?:[A-Za-z]+:)?c\b[^>]*?\bt\s*=\s*["']e["']""")
_FARTHEST_OVERLAP = 512


def check_workbook(path: Path, file: str) -> int:
    """The number of cells with a formula that failed, in a workbook that can be opened without harm.

    Raises InputError for any other file.
    """
    hint = "Save it again as .xlsx, or save each sheet as CSV."
    with foreign_errors(file, "is not an XLSX workbook", hint), ZipFile(path) as archive:
        entries = archive.infolist()
        names = {entry.filename for entry in entries}
        if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
            raise refuse(
                file,
                "is not an XLSX workbook",
                got="a zip file with other contents",
                expected="an .xlsx workbook",
                hint=hint,
            )
        _check_sizes(entries, names, file)
        return sum(_check_part(archive, entry, file) for entry in entries)


def _check_sizes(entries: list[ZipInfo], names: set[str], file: str) -> None:
    unpacked = sum(entry.file_size for entry in entries)
    packed = max(sum(entry.compress_size for entry in entries), 1)
    if len(entries) > _MOST_ENTRIES or len(names) != len(entries):
        raise refuse(
            file, "the workbook has too many parts, or two of one name", got=f"{len(entries):,} parts"
        )
    if unpacked > MOST_UNPACKED_BYTES:
        raise refuse(
            file,
            "the workbook would unpack to more than this reader takes",
            got=f"{unpacked:,} bytes",
            expected=f"at most {MOST_UNPACKED_BYTES:,} bytes",
            hint="Save each sheet as CSV.",
        )
    if unpacked > _SMALL and unpacked / packed > MOST_UNPACKING:
        raise refuse(
            file,
            "the workbook unpacks to many times its size, as no ordinary workbook does",
            got=f"{unpacked / packed:,.0f} times",
            expected=f"at most {MOST_UNPACKING} times",
            hint="Save each sheet as CSV.",
        )


def _check_part(archive: ZipFile, entry: ZipInfo, file: str) -> int:
    """Any part may be a sheet, whatever it is called. Reading to the end also compares its checksum and its size."""
    last_row, last_column, tail, failed = 1, 1, b"", 0
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            text = tail + chunk
            last_row = max(last_row, max(map(int, _ROW.findall(text)), default=1))
            last_column = max(last_column, max(map(_column_number, set(_CELL.findall(text))), default=1))
            if b'"e"' in chunk or b"'e'" in chunk:
                failed += len(_FAILED.findall(chunk))
            tail = chunk[-_FARTHEST_OVERLAP:]
    if last_column > MOST_COLUMNS or last_row * last_column > MOST_CELLS:
        raise refuse(
            file,
            "a sheet reaches too far",
            got=f"{last_row:,} rows and {last_column:,} columns",
            expected=f"at most {MOST_COLUMNS} columns and {MOST_CELLS:,} cells",
            hint="Is there a stray cell far to the right or far down? Delete it, or save the sheet as CSV.",
        )
    return failed


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
