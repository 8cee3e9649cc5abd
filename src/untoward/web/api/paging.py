"""Parts of a list: from a query or a sequence, so many from so far on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from untoward.web.api.shapes.base import Page, Paging, Told

Shown = TypeVar("Shown", bound=Told)


def part(rows: Any, page: Paging, show: Callable[[Any], Shown]) -> Page[Shown]:
    """The part of a query or sequence that was asked for, each row as it is shown."""
    total = len(rows) if isinstance(rows, Sequence) else rows.count()
    chosen = rows[page.offset : page.offset + page.limit]
    after = page.offset + page.limit
    return Page[Any](items=[show(one) for one in chosen], total=total, next=after if after < total else None)
