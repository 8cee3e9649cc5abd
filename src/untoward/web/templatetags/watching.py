"""What templates of the watch, of traces and of investigations need beyond Django's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

register = template.Library()


@register.filter
def at_place(items: Sequence[Any], place: int) -> Any:
    """The item at a place of a list."""
    return items[place]


@register.filter
def under(items: Mapping[str, Any], name: str) -> Any:
    """What stands under a name; None when nothing does."""
    return items.get(name)
