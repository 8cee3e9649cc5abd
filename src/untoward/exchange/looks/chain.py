"""Lines chained by the hash of the line before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

FIRST = "0" * 64
"""What the first line carries in place of the hash of a line before it."""

BEFORE = "before"


class LedgerState(Enum):
    """How the ledger was found."""

    NEW = "there is no ledger yet"
    WHOLE = "every line is as it was written"
    UNSEALED = "the last lines were written, but their seal was not"
    BROKEN_END = "the last line was cut off while it was written"


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The documents of a ledger in order, the hash of its last line, and how long the sound part is in bytes."""

    path: Path
    documents: tuple[Mapping[str, Any], ...]
    last: str
    size: int
    state: LedgerState


def seal_of(path: Path) -> Path:
    """The file that holds the seal of a ledger."""
    return path.with_name(path.name + ".seal")


def hash_of(line: bytes) -> str:
    """The hash of one line, without its end."""
    return hashlib.sha256(line).hexdigest()


def line_of(document: Mapping[str, Any], before: str) -> bytes:
    """A document as one line, chained to the line before."""
    text = json.dumps(
        {**document, BEFORE: before}, ensure_ascii=False, allow_nan=False, separators=(",", ":")
    )
    return text.encode()
