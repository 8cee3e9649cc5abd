"""Tables as values: what a template needs to draw one, as a grid on wide screens and as cards on a phone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link with its text; without an address it is shown as plain text."""

    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: its text, a smaller note below it, and links (such as the ids of cases) under a summary."""

    text: str = ""
    note: str = ""
    links: tuple[Link, ...] = ()
    links_note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column heading. `numeric` columns are set in tabular figures."""

    text: str
    numeric: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableView:
    """A table: caption, headings, and rows whose first cell names the row."""

    caption: str
    headings: tuple[Heading, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __post_init__(self) -> None:
        wrong = [len(row) for row in self.rows if len(row) != len(self.headings)]
        if wrong:
            raise ValueError(f"{self.caption}: {len(self.headings)} headings, but rows of {wrong} cells")


def table(caption: str, headings: tuple[str, ...], rows: Iterable[tuple[Cell | str, ...]]) -> TableView:
    """A table from plain strings and cells. A heading that starts with "#" is a numeric column."""
    return TableView(
        caption=caption,
        headings=tuple(Heading(text=text.lstrip("#"), numeric=text.startswith("#")) for text in headings),
        rows=tuple(tuple(Cell(text=cell) if isinstance(cell, str) else cell for cell in row) for row in rows),
    )
