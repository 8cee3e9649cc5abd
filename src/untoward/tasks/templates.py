"""The workbook to fill in."""

from __future__ import annotations

from pathlib import Path

from untoward.errors import UsageError
from untoward.exchange.tables import write_template


def make_template(path: Path, *, overwrite: bool = False) -> Path:
    """Write the template workbook. Raises UsageError rather than overwrite a file that may hold somebody's data."""
    if path.exists() and not overwrite:
        raise UsageError(f"{path} exists. Give another name, or --overwrite to replace it.")
    write_template(path)
    return path
