"""A compound's page in the terminal: tables that read well at 80 and at 120 columns.

Texts are taken literally, never as markup. Below each line stand, dim, its grade and the keys of its records.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from textwrap import wrap

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from untoward.cli.evidence_rows import Columns, below, columns_of, heading_lines, row_lines
from untoward.model.profile import Band, Line, Profile, Section

_DIM = "dim"
_FIRST_DAY, _LAST_DAY = 0.5, 1000.0
_TICKS = ((1, "1 d"), (7, "1 wk"), (30, "1 mo"), (365, "1 yr"))
_MARKS = {"band": "━", "half": "●", "end": "┫", "unsure": "┄"}
_PLAIN_MARKS = {"band": "=", "half": "o", "end": "|", "unsure": "."}
_WIDE = 100


def print_page(page: Profile, console: Console) -> None:
    """Print the whole page."""
    _top(page, console)
    for section in page.sections:
        _section(section, page, console)
    _not_known(page, console)
    _sources(page, console)


def _top(page: Profile, console: Console) -> None:
    title = Text(page.name, style="bold")
    title.append(f"  {page.drug_class}", style="not bold")
    console.print(title)
    console.print(Text(page.description))
    others = [f"{name} ({language})" for language, name in page.names.items() if language != "en"]
    _labelled(console, "In other languages", ", ".join(others))
    _labelled(console, "Also called", ", ".join(page.synonyms))
    _labelled(
        console, "A mixture of", " and ".join(page.parts) + "; see their pages too" if page.parts else ""
    )
    seen = f"{page.records} records, {page.verified} with the figure seen by us in the source"
    console.print(Text(f"{seen}; evidence {page.version}", style=_DIM))
    legend = f"In brackets: grade (A to C) and keys of the records; ~ stands for “{page.key}-”; (a) is explained below its table."
    console.print(Text(legend, style=_DIM))


def _labelled(console: Console, label: str, text: str) -> None:
    if text:
        console.print(Text.assemble((f"{label}: ", _DIM), text))


def _section(section: Section, page: Profile, console: Console) -> None:
    console.print()
    console.print(Text(section.title, style="bold underline"))
    if not section.lines:
        console.print(Padding(Text(section.empty, style="italic"), (0, 0, 0, 2)))
        return
    if any(line.band for line in section.lines):
        _courses(section, page, console)
    else:
        _table(section, page, console)
    if section.note:
        console.print(Padding(Text(section.note, style=_DIM), (0, 0, 0, 2)))


def _table(section: Section, page: Profile, console: Console) -> None:
    main = [line for line in section.lines if not line.under]
    columns = columns_of(section, main, console.width)
    letters = {detail: f"({letter})" for detail, letter in section.letters().items()}
    for text in heading_lines(columns):
        console.print(text)
    for line in section.lines:
        for text in _line_texts(section, columns, line, letters, page, console.width):
            console.print(text)
    for detail, letter in letters.items():
        for text in below(f"{letter} {detail}", console.width):
            console.print(text)


def _line_texts(
    section: Section, columns: Columns, line: Line, letters: Mapping[str, str], page: Profile, width: int
) -> Iterator[Text]:
    """A line as its row, and below it what stands small; a line under another is small altogether."""
    letter = letters.get(line.detail, "")
    detail = line.detail if line.detail and not letter else ""
    reference = _reference(line, page)
    if line.under:
        said = " ".join(part for part in (_in_words(section, line), letter, detail, reference) if part)
        yield from below(said, width, deeper=1)
    else:
        yield from row_lines(columns, line, f"{line.cells[0]} {letter}".rstrip())
        yield from below(f"{detail} {reference}".strip(), width)


def _in_words(section: Section, line: Line) -> str:
    """The cells of a line one after another: "also 69.4 % (65.2 to 73.4), 356 of 513 people"."""
    first, *others = line.cells
    if section.key != "often":
        return f"{first}: {'. '.join(cell for cell in others if cell)}"
    share, interval, counted, placebo = others
    beside = f"; placebo {placebo}" if placebo else ""
    return f"{first} {share}{f' ({interval})' if interval else ''}, {counted}{beside}"


def _reference(line: Line, page: Profile) -> str:
    """Grade and keys: "[A ~bruise-label]"; the compound's own key is shortened to a tilde."""
    seen = "" if line.verified else " not verified"
    keys = " ".join(_short(key, page.key) for key in line.keys)
    return f"[{line.grade}{seen} {keys}]"


def _short(key: str, compound: str) -> str:
    return f"~{key.removeprefix(f'{compound}-')}" if key.startswith(f"{compound}-") else key


def _courses(section: Section, page: Profile, console: Console) -> None:
    """Bands on one scale of days, each with its figures."""
    marks = _MARKS if console.encoding.startswith("utf") else _PLAIN_MARKS
    figures = max(len(_course_words(line)) for line in section.lines if line.band)
    names = 26 if console.width >= _WIDE else 18
    width = max(16, min(60, console.width - names - figures - 6))
    heading = f"{'half':>4}  95 % over by day"
    console.print(Text(f"{'':{names + 4}}{_scale(width)}  {heading}", style=_DIM))
    for line in section.lines:
        reference = _reference(line, page)
        said = f"{line.detail} {reference}".strip()
        if line.band:
            _course_rows(line, names, _bar(line.band, width, marks), console)
        elif not line.under:
            console.print(Text(f"  {line.cells[0]}", style="bold"))
        for text in below(f"also {said}" if line.under else said, console.width, deeper=int(line.under)):
            console.print(text)


def _course_rows(line: Line, names: int, bar: str, console: Console) -> None:
    first, *others = wrap(line.cells[0], names)
    console.print(Text.assemble("  ", (f"{first:{names}}", "bold"), f"  {bar}  {_course_words(line)}"))
    for name in others:
        console.print(Text(f"  {name}", style="bold"))


def _course_words(line: Line) -> str:
    _name, _band, half, late, _longest, people = line.cells
    return f"{half.split(' (')[0]:>4}  {late}  n {people}"


def _bar(band: Band, width: int, marks: Mapping[str, str]) -> str:
    """The band as characters: solid from 5 % to 95 %, a dot at half, dotted to the upper limit of the 95 % day."""
    cells = [" "] * width
    start, end = _place(band.low, width), _place(band.high, width)
    for place in range(end, _place(band.high_to or band.high, width) + 1):
        cells[place] = marks["unsure"]
    for place in range(start, end + 1):
        cells[place] = marks["band"]
    cells[end] = marks["end"]
    cells[_place(band.middle, width)] = marks["half"]
    return "".join(cells)


def _scale(width: int) -> str:
    """Names of a few days over the places where they stand."""
    cells = [" "] * width
    for day, name in _TICKS:
        place = _place(day, width)
        for offset, letter in enumerate(name):
            if place + offset < width:
                cells[place + offset] = letter
    return "".join(cells)


def _place(day: float, width: int) -> int:
    """Where a day stands on a scale that is logarithmic, from half a day to some three years."""
    share = math.log(min(max(day, _FIRST_DAY), _LAST_DAY) / _FIRST_DAY) / math.log(_LAST_DAY / _FIRST_DAY)
    return round(share * (width - 1))


def _not_known(page: Profile, console: Console) -> None:
    console.print()
    console.print(Text("What is not known", style="bold underline"))
    said = "; ".join(page.not_known)
    text = f"No data on: {said}." if said else "Each standard question has at least one record."
    console.print(Padding(Text(text), (0, 0, 0, 2)))
    if page.not_counted:
        reactions = ", ".join(page.not_counted)
        console.print(Padding(Text(f"Common reactions without any record: {reactions}."), (0, 0, 0, 2)))
    console.print(Padding(Text("No data is not “no”.", style=_DIM), (0, 0, 0, 2)))


def _sources(page: Profile, console: Console) -> None:
    console.print()
    console.print(Text(f"Sources ({len(page.sources)})", style="bold underline"))
    for source in page.sources:
        mark = f"opened {source.opened}" if source.opened else "not opened by us"
        number = len(source.records)
        counted = f"{number} record{'' if number == 1 else 's'}"
        console.print(Padding(Text.assemble(
            ("+ " if source.opened else "- ", "green" if source.opened else "yellow"),
            source.citation, (f"  [{source.key}; {counted}; {mark}]", _DIM)), (0, 0, 0, 2)))  # fmt: skip
