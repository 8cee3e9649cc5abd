"""Files of an investigation: small ones in, tables out, in a form that a spreadsheet opens without running anything."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from pathlib import Path

import polars as pl

from untoward.errors import Fault, InputError, OutsideError

_STARTS_A_FORMULA = r"^\s*[=+\-@\t\r\n]"
_IS_A_NUMBER = r"^[-+]?[0-9]+(?:[.,][0-9]+)?$"


def read_small_file(path: Path, most_bytes: int) -> tuple[str, str]:
    """The text of a file ("-" is standard input) and its SHA-256. Raises InputError when it is none, or too large."""
    try:
        content = sys.stdin.buffer.read(most_bytes + 1) if str(path) == "-" else _bytes_of(path, most_bytes)
    except OSError as error:
        fault = Fault(what=error.strerror or "cannot be read", file=str(path))
        raise InputError(f"{path} cannot be read", [fault]) from error
    if len(content) > most_bytes:
        fault = Fault(what="the file is too large", file=str(path), expected=f"at most {most_bytes:,} bytes")
        raise InputError(f"{path} cannot be read", [fault])
    try:
        return content.decode("utf-8-sig"), hashlib.sha256(content).hexdigest()
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path} cannot be read", [Fault(what="is not UTF-8 text", file=str(path))]
        ) from error


def _bytes_of(path: Path, most_bytes: int) -> bytes:
    with path.open("rb") as file:
        return file.read(most_bytes + 1)


def safe_csv(frame: pl.DataFrame) -> str:
    """The table as CSV; a text cell that a spreadsheet would run as a formula gets a leading apostrophe."""
    texts = pl.col(pl.String)
    risky = texts.str.contains(_STARTS_A_FORMULA) & ~texts.str.contains(_IS_A_NUMBER)
    guarded = frame.with_columns(pl.when(risky).then(pl.lit("'") + texts).otherwise(texts).name.keep())
    return guarded.rename(
        {name: f"'{name}" if name[:1] in "=+-@" else name for name in frame.columns}
    ).write_csv()


def write_text(text: str, path: Path, *, private: bool = False) -> Path:
    """Write a file whole or not at all; a private one can be read by nobody but its owner. Raises OutsideError."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, scratch = tempfile.mkstemp(prefix=".unfinished-", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            if not private:
                umask = os.umask(0)
                os.umask(umask)
                Path(scratch).chmod(0o666 & ~umask)
            Path(scratch).replace(path)
        except BaseException:
            Path(scratch).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OutsideError(f"{path} could not be written: {error.strerror or error}.") from error
    return path
