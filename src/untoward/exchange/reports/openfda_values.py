"""What stands in a result of openFDA: every value is taken for a text that may be missing or of another type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

LONGEST_TEXT = 500
MOST_ITEMS = 20_000

Json = Mapping[str, Any]


def text(holder: object, *path: str) -> str | None:
    """The text at a path of names, one space between words; null when it is missing, empty or no text."""
    for name in path:
        holder = holder.get(name) if isinstance(holder, Mapping) else None
    if not isinstance(holder, str):
        return None
    return " ".join(holder[: 4 * LONGEST_TEXT].split())[:LONGEST_TEXT] or None


def objects(holder: object, *path: str) -> Iterator[Json]:
    """The objects in the list at a path of names; nothing when there is no list. One object counts as a list of one."""
    for name in path:
        holder = holder.get(name) if isinstance(holder, Mapping) else None
    if isinstance(holder, Mapping):
        yield holder
    elif isinstance(holder, list):
        yield from (item for item in holder[:MOST_ITEMS] if isinstance(item, Mapping))


def texts(holder: object, *path: str) -> Iterator[str]:
    """The texts in the list at a path of names; a text alone counts as a list of one."""
    for name in path:
        holder = holder.get(name) if isinstance(holder, Mapping) else None
    items = holder[:MOST_ITEMS] if isinstance(holder, list) else [holder]
    for item in items:
        found = text({"": item}, "")
        if found is not None:
            yield found


def joined(holder: object, *path: str) -> str | None:
    """The texts at a path in one, with " / " between them: the substances of a product."""
    return " / ".join(dict.fromkeys(texts(holder, *path))) or None
