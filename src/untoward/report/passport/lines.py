"""The sheet as lines of text, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from untoward.aftercare import Sheet, Texts, texts_of
from untoward.aftercare.sheet import Statement


def as_lines(sheet: Sheet) -> Iterator[str]:
    """Title, then every section with its heading; what is printed in tables is said as sentences."""
    texts = texts_of(sheet.language)
    yield texts("page.title")
    yield texts("page.lead")
    yield from _section(texts("injected.heading"), _injected(sheet, texts))
    yield from _section(texts("red.heading"), _help(sheet, texts))
    usual = [*(row.statement for row in sheet.usual.rows), *sheet.usual.notes]
    yield from _section(texts("normal.heading"), (statement.text for statement in usual))
    yield from _section(texts("do.heading"), (_with_state(statement) for statement in sheet.advice))
    yield from _section(texts("do.unshown_heading"), (statement.text for statement in sheet.unshown))
    checks = (
        texts("page.pair", name=check.name, text=check.when) if check.when else check.name
        for check in sheet.checks
    )
    yield from _section(texts("check.heading"), (*checks, texts("check.how")))
    yield from _section(texts("unknown.heading"), (statement.text for statement in sheet.unknown))
    yield ""
    yield texts("page.footer", version=sheet.evidence_version)


def _section(heading: str, lines: Iterator[str] | tuple[str, ...]) -> Iterator[str]:
    said = tuple(lines)
    if said:
        yield from ("", heading.upper())
    yield from (f"  {line}" for line in said)


def _injected(sheet: Sheet, texts: Texts) -> Iterator[str]:
    for row in sheet.injected.rows:
        name = f"{row.compound} ({row.known_as})" if row.known_as else row.compound
        cells = ("product", "lot", "vial", "amount", "site")
        yield "; ".join(
            [name, *(f"{texts(f'injected.{cell}').lower()}: {getattr(row, cell)}" for cell in cells)]
        )
    for fact, value in sheet.injected.facts.items():
        yield _pair(texts, fact, value)
    yield from (note.text for note in sheet.injected.notes)


def _pair(texts: Texts, key: str, value: str) -> str:
    return texts("page.pair", name=texts(f"injected.{key}"), text=value)


def _help(sheet: Sheet, texts: Texts) -> Iterator[str]:
    yield sheet.help.emergency_heading
    yield from (f"  - {sign.text}" for sign in sheet.help.emergency)
    yield texts("red.same_day")
    yield from (f"  - {sign.text}" for sign in sheet.help.same_day)
    yield from (statement.text for statement in (*sheet.help.late, sheet.help.always))


def _with_state(statement: Statement) -> str:
    return f"{statement.text} [{statement.state_words}]" if statement.state_words else statement.text
