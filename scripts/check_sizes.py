"""Are functions, classes and files small enough? Prints every one that is not, and exits 1 when there is any.

    python scripts/check_sizes.py [FOLDER]        default: src

Lines of a function are counted from its `def` to its last line without the docstring, so that saying more costs nothing;
a function inside another counts by itself and in the outer one. Overloads and bodies that are a docstring alone have
no lines.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FUNCTION_LINES = 80
MEDIAN_FUNCTION_LINES = 8
P90_FUNCTION_LINES = 30
CLASS_LINES = 300
FILE_LINES = 600

EXCEPTIONS: Mapping[str, str] = {}
"""What may be larger, as "path/from/folder.py" or "path/from/folder.py::name", and the reason. One that no longer
exceeds its budget is a fault, so that this list only shrinks."""

WRITTEN_BY_TOOLS = frozenset({"migrations"})
"""Folders of files that a tool writes and nobody splits."""

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Something that has a length in lines: its place ("file.py" or "file.py::name") and its kind."""

    place: str
    kind: str
    lines: int


BUDGETS: Mapping[str, int] = {"function": FUNCTION_LINES, "class": CLASS_LINES, "file": FILE_LINES}


def measure(folder: Path) -> tuple[Size, ...]:
    """Every file, class and function of a folder, in the order of their paths and lines."""
    files = (path for path in sorted(folder.rglob("*.py")) if path.parent.name not in WRITTEN_BY_TOOLS)
    return tuple(size for path in files for size in _sizes_in(path, folder))


def faults_of(sizes: Sequence[Size], exceptions: Mapping[str, str]) -> tuple[str, ...]:
    """What is too large, which exceptions are not needed, and whether functions are small as a rule."""
    over = {size.place: size for size in sizes if size.lines > BUDGETS[size.kind]}
    faults = [
        f"{size.place}: {size.kind} of {size.lines} lines, expected {BUDGETS[size.kind]} or fewer. Split it."
        for place, size in over.items()
        if place not in exceptions
    ]
    faults += [
        f"{place}: is an exception and need not be. Take it off the list."
        for place in exceptions
        if place not in over
    ]
    functions = sorted(size.lines for size in sizes if size.kind == "function")
    return (*faults, *_spread_faults(functions))


def main(arguments: Sequence[str]) -> int:
    """Check one folder; the exit code."""
    folder = Path(arguments[0]) if arguments else Path(__file__).parent.parent / "src"
    sizes = measure(folder)
    faults = faults_of(sizes, EXCEPTIONS)
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    functions = sorted(size.lines for size in sizes if size.kind == "function")
    if functions:
        sys.stdout.write(
            f"{len(functions)} functions: median {_at(functions, 0.5)}, p90 {_at(functions, 0.9)}, "
            f"longest {functions[-1]} lines; {len(faults)} fault(s)\n"
        )
    return 1 if faults else 0


def _sizes_in(path: Path, folder: Path) -> Iterator[Size]:
    text = path.read_text(encoding="utf-8")
    place = path.relative_to(folder).as_posix()
    yield Size(place=place, kind="file", lines=len(text.splitlines()))
    for name, definition in _definitions(ast.parse(text, filename=str(path)).body, ""):
        kind = "class" if isinstance(definition, ast.ClassDef) else "function"
        yield Size(place=f"{place}::{name}", kind=kind, lines=_lines_of(definition))


def _definitions(body: Iterable[ast.AST], prefix: str) -> Iterator[tuple[str, Definition]]:
    for node in body:
        if isinstance(node, Definition):
            yield f"{prefix}{node.name}", node
            yield from _definitions(ast.iter_child_nodes(node), f"{prefix}{node.name}.")
        else:
            yield from _definitions(ast.iter_child_nodes(node), prefix)


def _lines_of(definition: Definition) -> int:
    last = definition.end_lineno or definition.lineno
    return last - definition.lineno + 1 - _docstring_lines(definition)


def _docstring_lines(definition: Definition) -> int:
    first = definition.body[0]
    if ast.get_docstring(definition, clean=False) is None:
        return 0
    return (first.end_lineno or first.lineno) - first.lineno + 1


def _spread_faults(functions: Sequence[int]) -> Iterator[str]:
    if not functions:
        return
    for share, budget, name in ((0.5, MEDIAN_FUNCTION_LINES, "median"), (0.9, P90_FUNCTION_LINES, "p90")):
        if _at(functions, share) > budget:
            yield f"functions: {name} of {_at(functions, share)} lines, expected {budget} or fewer."


def _at(ordered: Sequence[int], share: float) -> int:
    """The smallest value that at least this share of the ordered values do not exceed."""
    return ordered[max(0, -int(-share * len(ordered) // 1) - 1)]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
