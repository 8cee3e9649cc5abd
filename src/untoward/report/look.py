"""What every chart has in common: its letters, its grey axes, and colours by the name of their token."""

from __future__ import annotations

from typing import Any

from untoward.report.tokens import COLOURS


def colour(name: str) -> str:
    """The light shade of a token; the page's style sheet maps it to a variable, so that dark pages are right too."""
    return COLOURS[name].light


def shared_look(font: int) -> dict[str, Any]:
    """The Vega configuration that charts start from; `font` is the size of letters in pixels."""
    muted, grid = colour("muted"), colour("grid")
    return {
        "font": "Liberation Sans, Arial, sans-serif",
        "background": "transparent",
        "padding": 2,
        "aria": False,
        "view": {"stroke": None},
        "axis": {
            "labelFontSize": font,
            "titleFontSize": font,
            "titleFontWeight": "normal",
            "labelColor": muted,
            "titleColor": muted,
            "gridColor": grid,
            "domainColor": grid,
            "tickColor": grid,
        },
    }
