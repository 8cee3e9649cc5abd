"""Dates as options of commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from untoward.model.time import PartialDate


def last_instant(text: str | None, option: str = "--as-of") -> datetime | None:
    """The last instant that a date can mean: "2026-03" until March was over, not the first of April; None for none.

    Raises UsageError for what is no date.
    """
    from datetime import timedelta

    if text is None:
        return None
    date = _parsed(text, option)
    return date.latest() if date.minute_of_day is not None else date.latest() - timedelta(microseconds=1)


def first_instant(text: str | None, option: str) -> datetime | None:
    """The first instant that a date can mean; None for none. Raises UsageError for what is no date."""
    return None if text is None else _parsed(text, option).earliest()


def _parsed(text: str, option: str) -> PartialDate:
    from untoward.errors import UsageError
    from untoward.model.time import PartialDate

    try:
        return PartialDate.parse(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}.") from error
