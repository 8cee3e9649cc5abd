"""Printing: results to stdout, everything else to stderr."""

from __future__ import annotations

import codecs
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from untoward.errors import Fault, FaultyInput, OutsideError, UntowardError, UsageError

FAULTS_SHOWN = 200
SHOW_PROGRESS_AFTER_SECONDS = 1.0

Progress = Callable[[str, int, int], None]


def print_json(document: object) -> None:
    """One JSON document on stdout, and nothing else there."""
    sys.stdout.write(_json(document, indent=1) + "\n")


def print_json_lines(documents: list[Any]) -> None:
    """One JSON document per line on stdout."""
    for document in documents:
        sys.stdout.write(_json(document) + "\n")


def speaks_unicode(stream: TextIO) -> bool:
    """Whether every character can be written to a stream."""
    return codecs.lookup(getattr(stream, "encoding", None) or "utf-8").name.startswith("utf")


def _json(document: object, indent: int | None = None) -> str:
    return json.dumps(document, ensure_ascii=not speaks_unicode(sys.stdout), indent=indent, allow_nan=False)


def print_error(error: UntowardError) -> None:
    """What is wrong, every fault of it, on stderr; faults of one kind stand together."""
    if not isinstance(error, FaultyInput):
        sys.stderr.write(f"{error}\n")
        return
    lines = [error.message]
    for kind in _by_kind(error.faults):
        lines += [f"  - {kind[0]}"] if len(kind) == 1 else _kind_lines(kind)
    sys.stderr.write("\n".join(lines) + "\n")


def _by_kind(faults: Sequence[Fault]) -> list[list[Fault]]:
    kinds: dict[tuple[str, ...], list[Fault]] = {}
    for fault in faults:
        kinds.setdefault((fault.file, fault.field, fault.what, fault.expected, fault.hint), []).append(fault)
    return list(kinds.values())


def _kind_lines(kind: Sequence[Fault]) -> Iterator[str]:
    first = kind[0]
    place = ", ".join(part for part in (first.file, first.field) if part)
    expected = f" (expected {first.expected})" if first.expected else ""
    yield f"  - {place}: {first.what}{expected}, {len(kind)} times. {first.hint}".rstrip()
    shown = [f"{fault.where} {fault.got}".strip() for fault in kind[:FAULTS_SHOWN]]
    rest = f", … and {len(kind) - FAULTS_SHOWN} more" if len(kind) > FAULTS_SHOWN else ""
    yield f"      {', '.join(shown)}{rest}"


def read_text(path: str) -> str:
    """The text of a file, or of stdin for "-", as UTF-8 whatever the terminal speaks.

    Raises UsageError when it cannot be read as such.
    """
    try:
        content = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text.") from error
    except FileNotFoundError as error:
        raise UsageError(f"{path} does not exist.") from error
    except IsADirectoryError as error:
        raise UsageError(f"{path} is a folder; a file was expected.") from error
    except OSError as error:
        raise OutsideError(f"{path} could not be read: {error.strerror}.") from error


@contextmanager
def progress_bar() -> Iterator[Progress]:
    """A progress bar on stderr that appears only when the work takes longer than a second, and only on a terminal."""
    from time import monotonic

    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as RichProgress

    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda step, done, total: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    bar = RichProgress(*columns, console=console, transient=True)
    started = monotonic()
    tasks: dict[str, Any] = {}

    def show(step: str, done: int, total: int) -> None:
        if not bar.live.is_started:
            if monotonic() - started < SHOW_PROGRESS_AFTER_SECONDS:
                return
            bar.start()
        if step not in tasks:
            tasks[step] = bar.add_task(step, total=total)
        bar.update(tasks[step], completed=done, total=total)

    try:
        yield show
    finally:
        bar.stop()
