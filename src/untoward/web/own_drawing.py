"""Drawings of ours on a page: `report` leaves in them nothing but shapes and escaped text, so that they may stand as they are."""

from __future__ import annotations

from typing import Any

from django.utils.safestring import SafeString, mark_safe


def marked(wide: str, narrow: str) -> dict[str, SafeString]:
    """The two sizes of a drawing, to stand on a page unescaped. Never for anything that was not drawn by `report`."""
    return {"wide": mark_safe(wide), "narrow": mark_safe(narrow)}  # noqa: S308 - see above


def shown(chart: Any) -> dict[str, Any]:
    """A chart of `report` for `watch/chart.html`, without a note or reading of its own."""
    drawings = marked(str(chart.wide), str(chart.narrow))
    return {**drawings, "description": chart.description, "note": "", "reading": ""}
