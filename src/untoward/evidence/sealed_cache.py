"""What was computed once, kept as JSON in the user's cache folder under a seal that shows any change.

A cache that cannot be read or written is no error: everything in it can be computed again.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def read_sealed(name: str) -> dict[str, Any] | None:
    """The content kept under this name, or None when there is none that its seal vouches for."""
    try:
        seal, _line, text = _file(name).read_bytes().partition(b"\n")
        if seal.decode() != hashlib.sha256(text).hexdigest():
            return None
        content: dict[str, Any] = json.loads(text)
    except (OSError, ValueError, RuntimeError):
        return None
    return content


def write_sealed(name: str, content: Mapping[str, Any]) -> None:
    """Keep the content under this name; another process sees the whole of it or nothing."""
    text = json.dumps(content).encode()
    try:
        path = _file(name)
        unfinished = path.with_suffix(f".{os.getpid()}.tmp")
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            unfinished.write_bytes(hashlib.sha256(text).hexdigest().encode() + b"\n" + text)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except (OSError, RuntimeError):
        return


def _file(name: str) -> Path:
    """Raises RuntimeError for a user without a home folder."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    return home / "untoward" / f"{name}.json"
