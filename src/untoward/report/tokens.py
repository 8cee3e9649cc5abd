"""Design tokens: the one place where colours, spaces, type sizes and icons of every page and print are set.

Each colour has a light and a dark value. The six disposition colours differ in lightness, not only in hue: on a light
page the more urgent is the darker, so that the order survives grey printing and colour-blind eyes. A disposition is never
colour alone: its icon has a shape of its own, and its words always stand beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from untoward.model.finding import Disposition

FONT = (
    '-apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", '
    '"Helvetica Neue", Arial, system-ui, sans-serif'
)


@dataclass(frozen=True, slots=True)
class Shade:
    """One colour in light and in dark, as #rrggbb."""

    light: str
    dark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DispositionLook:
    """How one disposition looks: fill, the ink that stands on it, an icon (path on a 24 x 24 grid) and a terminal mark."""

    fill: Shade
    ink: Shade
    icon: str
    mark: str
    terminal_style: str


COLOURS: Mapping[str, Shade] = {
    "page": Shade("#f5f7f8", "#10171d"),
    "surface": Shade("#ffffff", "#19222a"),
    "sunk": Shade("#e9eef1", "#222d36"),
    "ink": Shade("#16212b", "#e6ecf1"),
    "muted": Shade("#52606d", "#a3b1bd"),
    "line": Shade("#d3dae0", "#34414c"),
    "link": Shade("#0b5c8a", "#7cc3ee"),
    "grid": Shade("#e2e7eb", "#2b3741"),
    "mark": Shade("#8594a1", "#8393a0"),
    "accent": Shade("#0a5f8f", "#6cbcec"),
    "bar": Shade("#3f7fa3", "#5b9cc4"),
    "band": Shade("#c7dde8", "#2c4d60"),
    "band-middle": Shade("#4d7f99", "#8fc0d9"),
    "now": Shade("#16212c", "#f2f5f8"),
    "within": Shade("#b7d0dd", "#4b7288"),
    "late": Shade("#dd9a2b", "#edb84a"),
    "beyond": Shade("#9c3a10", "#f26a42"),
    "no-data": Shade("#e3e8ed", "#33404a"),
}

SPACE: Mapping[str, str] = {
    "1": "0.25rem",
    "2": "0.5rem",
    "3": "0.75rem",
    "4": "1rem",
    "5": "1.5rem",
    "6": "2.5rem",
}

TYPE: Mapping[str, str] = {
    "small": "0.8125rem",
    "body": "0.9375rem",
    "lead": "1.0625rem",
    "h3": "1.125rem",
    "h2": "1.375rem",
    "h1": "1.75rem",
}

RADIUS: Mapping[str, str] = {"small": "4px", "card": "8px"}

DISPOSITIONS: Mapping[Disposition, DispositionLook] = {
    Disposition.EMERGENCY_NOW: DispositionLook(
        fill=Shade("#6d0b16", "#ff5a4f"),
        ink=Shade("#ffffff", "#14090a"),
        icon="M7.5 1.5h9l6 6v9l-6 6h-9l-6-6v-9zM10.8 5.5v8.6h2.4V5.5zM10.8 16.1v2.4h2.4v-2.4z",
        mark="✖",
        terminal_style="bold white on dark_red",
    ),
    Disposition.WITHIN_1H: DispositionLook(
        fill=Shade("#b3201f", "#ff8a5c"),
        ink=Shade("#ffffff", "#14090a"),
        icon="M12 1.5 23.5 22H.5zM10.9 8.6v7h2.2v-7zM10.9 17.2v2.2h2.2v-2.2z",
        mark="▲",
        terminal_style="bold red",
    ),
    Disposition.SAME_DAY: DispositionLook(
        fill=Shade("#bd5208", "#ffb054"),
        ink=Shade("#ffffff", "#14090a"),
        icon="M12 .8 23.2 12 12 23.2.8 12zM12 8.2a3.8 3.8 0 1 0 0 7.6a3.8 3.8 0 1 0 0-7.6z",
        mark="◆",
        terminal_style="bold dark_orange3",
    ),
    Disposition.WITHIN_72H: DispositionLook(
        fill=Shade("#e2a52b", "#f6d668"),
        ink=Shade("#16212b", "#14090a"),
        icon="M12 1.2a10.8 10.8 0 1 0 0 21.6a10.8 10.8 0 1 0 0-21.6zM11 5v7.6l5 3.2 1.1-1.8-4-2.6V5z",
        mark="●",
        terminal_style="bold yellow",
    ),
    Disposition.ROUTINE: DispositionLook(
        fill=Shade("#a9cbe8", "#3f74ad"),
        ink=Shade("#16212b", "#ffffff"),
        icon="M2 4h4V1.5h2.4V4h7.2V1.5H18V4h4v18.5H2zM4.6 9.6v10.3h14.8V9.6z",
        mark="□",
        terminal_style="blue",
    ),
    Disposition.SELF_CARE: DispositionLook(
        fill=Shade("#e1ede4", "#35564a"),
        ink=Shade("#16212b", "#ffffff"),
        icon="M12 1.5 23 11h-3v11.5H4V11H1zM9.8 14v8.5h4.4V14z",
        mark="○",
        terminal_style="green",
    ),
}


def css_variables() -> str:
    """The tokens as CSS custom properties: light by default, dark on dark screens; print always stays light."""
    sizes = {
        **{f"space-{name}": value for name, value in SPACE.items()},
        **{f"type-{name}": value for name, value in TYPE.items()},
        **{f"radius-{name}": value for name, value in RADIUS.items()},
        "font": FONT,
    }
    shades = _all_shades()
    light = {**sizes, **{name: shade.light for name, shade in shades.items()}}
    dark = {name: shade.dark for name, shade in shades.items()}
    return (
        f":root {{ color-scheme: light dark; {_declared(light)} }}\n"
        f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {_declared(dark)} }} }}\n"
        f"@media print {{ :root {{ color-scheme: light; }} }}\n"
    )


def chart_colour_rules() -> str:
    """CSS that turns the light colours drawn into a chart into variables, so that one drawing serves light and dark."""
    return "\n".join(
        f'.chart [{attribute}="{shade.light}"] {{ {attribute}: var(--{name}); }}'
        for name, shade in COLOURS.items()
        for attribute in ("fill", "stroke")
    )


def _all_shades() -> dict[str, Shade]:
    shades = dict(COLOURS)
    for disposition, look in DISPOSITIONS.items():
        shades[f"{disposition.value}-fill"] = look.fill
        shades[f"{disposition.value}-ink"] = look.ink
    return shades


def _declared(values: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {value};" for name, value in values.items())
