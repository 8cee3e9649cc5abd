"""Places on the page that others can link to, and addresses that are safe to link to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

_NOT_PLAIN = re.compile(r"[^A-Za-z0-9_.-]+")
_WEB = ("https://", "http://")


def anchors(prefix: str, names: Iterable[str]) -> Mapping[str, str]:
    """An anchor for each name, readable and unique on the page: "case-R12"."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for name in names:
        if name in found:
            continue
        plain = f"{prefix}-{_NOT_PLAIN.sub('-', name).strip('-')}"
        anchor = plain
        number = 1
        while anchor in taken:
            number += 1
            anchor = f"{plain}-{number}"
        taken.add(anchor)
        found[name] = anchor
    return found


def web_address(url: str | None) -> str | None:
    """The address when it is one of the web; None for anything else, which is then shown as text only."""
    return url if url and url.strip().lower().startswith(_WEB) else None
