"""From a text to JSON documents, with every fault of the text: what is no JSON, no number, said twice, too deep.

The text holds one case, a list of cases, or JSON Lines.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from typing import Any

from untoward.errors import Fault

Located = tuple[str, Any]

DEEPEST = 12
"""Levels of nesting that a case may have; a real one has 5."""

EXPECTED = "one JSON case, a list of them, or one per line"
_LONGEST_SHOWN = 60


def documents_of(text: str, file: str) -> tuple[list[Located], list[Fault]]:
    """Every document with the place it stands in ("", "case 2", "line 3"), and the faults found on the way."""
    text = text.removeprefix("\ufeff")
    lines = [(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        return [], [Fault(what="empty", file=file, got="no text", expected=EXPECTED)]
    if _is_json_lines(lines):
        read = [_parsed(line, file, f"line {number}") for number, line in lines]
    else:
        read = [_parsed(text, file, "")]
    faults = [fault for _located, found in read for fault in found]
    located = [item for found, _faults in read for item in found]
    if len(read) == 1 and located and isinstance(located[0][1], list):
        located = [(f"case {number}", item) for number, item in enumerate(located[0][1], 1)]
        if not located:
            faults.append(Fault(what="no case", file=file, got="an empty list", expected=EXPECTED))
    return located, faults


def _is_json_lines(lines: list[tuple[int, str]]) -> bool:
    """Whether each line is meant as a document of its own: more than one, each opened and closed as an object."""
    whole = [line.strip() for _number, line in lines]
    if len(whole) < 2:
        return False
    closed = sum(line.startswith("{") and line.endswith("}") for line in whole)
    return closed * 2 > len(whole) or (whole[0].startswith("{") and whole[0].endswith("}"))


def _parsed(text: str, file: str, where: str) -> tuple[list[Located], list[Fault]]:
    faults: list[Fault] = []
    try:
        document = json.loads(text, object_pairs_hook=_KeepFirst(faults, file, where))
    except RecursionError:
        return [], [_too_deep(file, where)]
    except ValueError as error:
        return [], [_not_json(error, file, where)]
    faults += list(_value_faults(document, file, where))
    return ([] if faults else [(where, document)]), faults


class _KeepFirst:
    """Makes an object of its pairs and notes each key that stands in it twice."""

    def __init__(self, faults: list[Fault], file: str, where: str) -> None:
        self._faults, self._file, self._where = faults, file, where

    def __call__(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for key, value in pairs:
            if key in made:
                self._faults.append(
                    Fault(
                        what="a key stands twice in one object",
                        file=self._file,
                        where=self._where,
                        field=_shown(key),
                        expected="each key once",
                        hint="Keep the value that is meant.",
                    )
                )
            made.setdefault(key, value)
        return made


def _value_faults(document: object, file: str, where: str) -> Iterator[Fault]:
    """Numbers that are none, texts that cannot be written, nesting that has no end; walked without recursion."""
    waiting: list[tuple[str, object, int]] = [("", document, 0)]
    while waiting:
        field, value, depth = waiting.pop()
        if depth > DEEPEST:
            yield _too_deep(file, where, field)
            return
        if isinstance(value, dict):
            waiting += [(_joined(field, key), item, depth + 1) for key, item in reversed(value.items())]
            waiting += [(field, key, depth) for key in value]
        elif isinstance(value, list):
            waiting += [(_joined(field, str(n)), item, depth + 1) for n, item in enumerate(value)]
        elif isinstance(value, str) and not _encodable(value):
            yield Fault(what="a text holds half a character", file=file, where=where, field=_shown(field),
                        expected="whole Unicode characters")  # fmt: skip
        elif isinstance(value, int | float) and not _finite(value):
            yield Fault(what="not a number that can be used", file=file, where=where, field=_shown(field),
                        got=_shown(str(value)) if isinstance(value, float) else "a number with too many digits",
                        expected="a finite number, or null when it is not known")  # fmt: skip


def _finite(value: int | float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _encodable(text: str) -> bool:
    return text.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in text)


def _joined(field: str, key: str) -> str:
    return f"{field}.{key}" if field else key


def _shown(text: str) -> str:
    return (
        text.encode("ascii", "backslashreplace").decode() if not _encodable(text) else text[:_LONGEST_SHOWN]
    )


def _too_deep(file: str, where: str, field: str = "") -> Fault:
    return Fault(
        what="nested too deeply",
        file=file,
        where=where,
        field=_shown(field),
        expected=f"at most {DEEPEST} levels",
    )


def _not_json(error: ValueError, file: str, where: str) -> Fault:
    if not isinstance(error, json.JSONDecodeError):
        return Fault(
            what="not JSON", file=file, where=where, got="a number with too many digits", expected=EXPECTED
        )
    place = f"column {error.colno}" if where else f"line {error.lineno}, column {error.colno}"
    return Fault(
        what="not JSON",
        file=file,
        where=f"{where}, {place}" if where else place,
        got=error.msg,
        expected=EXPECTED,
    )
