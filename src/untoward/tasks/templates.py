"""The workbook to fill in."""

from __future__ import annotations

import os
from pathlib import Path

from untoward.errors import OutsideError, UsageError
from untoward.exchange.tables import write_template


def make_template(path: Path, *, overwrite: bool = False) -> Path:
    """Write the template workbook. Raises UsageError rather than overwrite a file that may hold somebody's data."""
    if not path.exists():
        write_template(path)
        return path
    if not overwrite:
        raise UsageError(f"{path} exists. Give another name, or --overwrite to replace it.")
    if not path.is_file():
        raise UsageError(f"{path} is no file, so it cannot be replaced by a workbook. Give another name.")
    fresh = path.with_name(f".fresh-{os.getpid()}{path.suffix}")
    try:
        write_template(fresh)
        fresh.replace(path)
    except OSError as error:
        raise OutsideError(f"{path} could not be replaced: {error.strerror}.") from error
    finally:
        fresh.unlink(missing_ok=True)
    return path
