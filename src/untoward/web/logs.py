"""Log lines without patients: the address of a page without its query, never what was sent."""

from __future__ import annotations

import logging
import re

_LINK = re.compile(r"(/(?:c|p)/)[A-Za-z0-9_-]{8,}")
_QUERY = re.compile(r"\?\S*")


class WithoutPatients(logging.Formatter):
    """Time, level, logger and message; patients' links are cut to their kind, and queries are left out."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The line, cleaned."""
        return _QUERY.sub("?…", _LINK.sub(r"\1…", super().format(record)))
