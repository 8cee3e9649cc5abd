"""Markdown, made so that any text may stand in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

NOT_STATED = "–"


def page(title: str, made_from: str, *parts: str) -> str:
    """A page: a note that it is generated and from what, a title, and its parts with one empty line between them."""
    note = f"<!-- Written by docs/generate.py from {made_from}. Change that, then run `make docs`. -->"
    return "\n\n".join(part.strip("\n") for part in (note, f"# {title}", *parts) if part.strip()) + "\n"


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table; an empty cell is shown as a dash. Empty text when there are no rows."""
    lines = [_row(cells) for cells in rows]
    if not lines:
        return ""
    return "\n".join([_row(headers), "|" + "---|" * len(headers), *lines])


def cell(value: object) -> str:
    """One value as the text of a table cell: on one line, with nothing that ends the cell or starts markup."""
    text = " ".join(str(value).split())
    return text.replace("|", "\\|").replace("<", "&lt;") if text else NOT_STATED


def code(text: object) -> str:
    """Text as code."""
    return f"`{text}`"


def codes(texts: Iterable[object]) -> str:
    """Several texts as code, parted by commas."""
    return ", ".join(code(text) for text in texts)


def anchor(heading: str) -> str:
    """The anchor that a heading gets: lower case, letters, digits and hyphens only."""
    kept = (letter for letter in heading.lower() if letter.isalnum() or letter in " -_")
    return "".join(kept).replace(" ", "-")


def _row(cells: Sequence[object]) -> str:
    return f"| {' | '.join(cell(value) for value in cells)} |"
