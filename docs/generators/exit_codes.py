"""exit-codes.md: what a command's exit code means, and the tree of errors behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generators.text import code, page, table
from untoward import errors

MEANING: Mapping[int, str] = {
    0: "It went well, and nothing was found that needs a person soon.",
    1: "It went well, and something was found that needs a person. Only commands whose help says so use it.",
    2: "Bad use or bad input. Every fault is listed with file, place, what was found, what was expected. Nothing was written.",
    3: "Something outside failed (a disk, another program), or there is a fault in untoward itself.",
    130: "It was stopped by the user (Ctrl-C). Nothing was half written.",
}

INTRODUCTION = """
A script can rely on these codes. Messages go to standard error; what each of them holds is told below.
"""

FAULTS = """
## What a fault says

| part | what it is |
|---|---|
| what | what is wrong, in a few words |
| file, where, field | the file or document, the place in it ("row 12", "record …"), the column or key |
| got | the one value that was found |
| expected | what would have been right |
| hint | what to do next |

All faults of an input are reported together, so that one round of corrections is enough.
"""


def pages() -> Mapping[str, str]:
    """The page of all exit codes."""
    known = {error.exit_code for error, _depth in _tree(errors.UntowardError)}
    missing = known - set(MEANING)
    if missing:
        raise ValueError(f"exit codes without a meaning: {sorted(missing)}; add them to MEANING")
    meanings = table(("Code", "Meaning"), [(code(number), text) for number, text in MEANING.items()])
    rows = [
        (f"{'· ' * depth}{code(error.__name__)}", _first_line(error), error.exit_code, error.http_status)
        for error, depth in _tree(errors.UntowardError)
    ]
    tree = table(("Error", "When", "Exit code", "HTTP status"), rows)
    return {
        "exit-codes.md": page(
            "Exit codes and errors", "`untoward.errors`", INTRODUCTION, meanings, "## Errors", tree, FAULTS
        )
    }


def _tree(
    error: type[errors.UntowardError], depth: int = 0
) -> Iterator[tuple[type[errors.UntowardError], int]]:
    """An error and everything below it that stands in `untoward.errors`, parents first, by name."""
    yield error, depth
    children = [child for child in error.__subclasses__() if child.__module__ == errors.__name__]
    for child in sorted(children, key=lambda child: child.__name__):
        yield from _tree(child, depth + 1)


def _first_line(error: type[errors.UntowardError]) -> str:
    return (error.__doc__ or "").strip().split("\n")[0]
