"""Log lines without patients: the address of a page without its query, where a fault happened but never what it was about."""

from __future__ import annotations

import logging
import re
from copy import copy
from traceback import walk_tb
from types import TracebackType

_LINK = re.compile(r"(/(?:c|p|sign-in/password/reset/key)/)[A-Za-z0-9_-]{8,}")
_QUERY = re.compile(r"\?\S*")

Raised = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class WithoutPatients(logging.Formatter):
    """Time, level, logger and message; patients' links are cut to their kind, and queries are left out.

    Of an error only its kind and the places in the program are told: its message may hold what was being saved (a database
    names the row it refused).
    """

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line, cleaned."""
        ours = copy(record)
        ours.exc_text = None  # another formatter may have left it with everything
        return _QUERY.sub("?…", _LINK.sub(r"\1…", super().format(ours)))

    def formatException(self, ei: Raised) -> str:  # noqa: N802 - the name that logging calls
        """The errors, each with the places it passed, the first one first."""
        return "\n".join(reversed(_told(ei[1])))


def _told(error: BaseException | None) -> list[str]:
    told: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        places = [
            f"  {frame.f_code.co_filename}:{line} in {frame.f_code.co_name}"
            for frame, line in walk_tb(error.__traceback__)
        ]
        told.append("\n".join([f"{type(error).__module__}.{type(error).__qualname__}", *places]))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return told
