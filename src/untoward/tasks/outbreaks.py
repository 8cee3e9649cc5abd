"""Attack rates, 2x2 tables and the epidemic curve of one line list, as `untoward outbreak` prints them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from untoward.errors import InputError
from untoward.exchange.tables import LineListReading, read_line_list
from untoward.watch.outbreak import OutbreakResult, outbreak


@dataclass(frozen=True, slots=True, kw_only=True)
class OutbreakAnswer:
    """The numbers, and what was taken for what while reading."""

    result: OutbreakResult
    reading: LineListReading


def investigate(
    path: Path,
    *,
    case_column: str | None = None,
    onset_column: str | None = None,
    exposures: Sequence[str] = (),
    by_p: bool = False,
) -> OutbreakAnswer:
    """Read a line list and count it. Raises InputError with every fault of the table."""
    reading = read_line_list(
        path,
        case_column=case_column,
        onset_column=onset_column,
        exposure_columns=tuple(exposures) or None,
    )
    if reading.faults:
        raise InputError(
            f"{path} has {len(reading.faults)} fault(s), so nothing was counted.", reading.faults
        )
    return OutbreakAnswer(result=outbreak(reading.line_list, by_p=by_p), reading=reading)
