"""Writing a simulated registry: all of it or nothing."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

import polars as pl

from untoward.errors import OutsideError, UsageError
from untoward.simulate.run import Simulated

Format = Literal["csv", "parquet"]
_WRITERS: Mapping[str, Callable[[pl.DataFrame, Path], None]] = {
    "csv": lambda table, path: table.write_csv(path),
    "parquet": lambda table, path: table.write_parquet(path),
}
TRUTH_FILE = "truth.json"


def write(simulated: Simulated, folder: Path, *, fmt: Format = "csv", overwrite: bool = False) -> Path:
    """Write the four tables and truth.json into `folder`, and return it.

    Everything is first written into a folder beside it, which then takes its name: nothing is ever half written.
    A folder that holds something is refused, unless `overwrite` is set and all it holds is an earlier simulation.
    Raises UsageError for a folder or format that cannot be used, OutsideError when the disk fails.
    """
    if fmt not in _WRITERS:
        raise UsageError(f"format: got {fmt!r}, expected one of {', '.join(_WRITERS)}")
    folder = folder.absolute()
    _require_free(folder, simulated, overwrite)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as temporary:
            fresh = Path(temporary) / "new"
            fresh.mkdir()
            _write_files(simulated, fresh, fmt)
            if folder.exists():
                folder.rename(Path(temporary) / "old")
            fresh.rename(folder)
    except OSError as problem:
        raise OutsideError(f"{folder}: could not be written: {problem}") from problem
    return folder


def _write_files(simulated: Simulated, folder: Path, fmt: Format) -> None:
    for name, table in simulated.tables.items():
        _WRITERS[fmt](table, folder / f"{name}.{fmt}")
    text = json.dumps(simulated.truth, indent=1, ensure_ascii=False) + "\n"
    (folder / TRUTH_FILE).write_text(text, encoding="utf-8")


def _require_free(folder: Path, simulated: Simulated, overwrite: bool) -> None:
    if not folder.exists():
        return
    if not folder.is_dir():
        raise UsageError(f"{folder}: is a file, expected a folder or a name not yet used")
    held = sorted(entry.name for entry in folder.iterdir())
    ours = {TRUTH_FILE, *(f"{name}.{fmt}" for name in simulated.tables for fmt in _WRITERS)}
    foreign = [name for name in held if name not in ours]
    if overwrite and foreign:
        raise UsageError(
            f"{folder}: holds {', '.join(foreign[:5])}, which no simulation wrote. Choose another folder"
        )
    if held and not overwrite:
        raise UsageError(f"{folder}: is not empty. Choose another folder, or ask for it to be overwritten")
