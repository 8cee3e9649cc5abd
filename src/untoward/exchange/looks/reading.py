"""Read a ledger, and find every line that was changed, taken away or moved."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from untoward.errors import Fault, InputError, OutsideError
from untoward.exchange.looks.chain import BEFORE, FIRST, Chain, LedgerState, hash_of, seal_of

MOST_BYTES = 500_000_000
_HINT = "Restore the ledger from a copy, or begin a new one under another name."


def read_ledger(path: Path) -> Chain:
    """The documents of a ledger, or an empty chain when there is none yet.

    Raises InputError with every fault: a line that is no JSON object, one whose hash of the line before does not
    fit, fewer lines than were sealed. A last line without its end was cut off by a crash: it is left out and said in
    `state`, and nothing may be added before it is repaired.
    """
    content = _content(path)
    if content is None:
        return _none_yet(path)
    lines, tail = _split(content)
    faults: list[Fault] = []
    documents, last = [], FIRST
    for number, line in enumerate(lines, start=1):
        document = _document(line)
        if document is None:
            faults.append(_fault(path, number, "is no JSON object"))
        elif document.get(BEFORE) != last:
            faults.append(
                _fault(
                    path,
                    number,
                    "does not follow the line above it: one of the two was changed, moved or lost",
                )
            )
        documents.append(document or {})
        last = hash_of(line)
    sealed, seal_faults = _sealed(path, lines)
    faults.extend(seal_faults)
    if faults:
        raise InputError(f"{path} cannot be trusted: {len(faults)} fault(s).", faults)
    return Chain(
        path=path,
        documents=tuple(documents),
        last=last,
        size=sum(len(line) + 1 for line in lines),
        state=_state(tail, sealed, len(lines)),
    )


def _content(path: Path) -> bytes | None:
    try:
        if not path.exists():
            return None
        if not path.is_file() or path.stat().st_size > MOST_BYTES:
            what = "is no ordinary file" if not path.is_file() else "is too large for a ledger of looks"
            raise InputError(f"{path} cannot be read.", [Fault(what=what, file=str(path), hint=_HINT)])
        return path.read_bytes()
    except OSError as error:
        raise OutsideError(f"{path} could not be read: {error.strerror or error}.") from error


def _none_yet(path: Path) -> Chain:
    _sealed_lines, faults = _sealed(path, []) if seal_of(path).exists() else (0, [])
    if faults:
        raise InputError(f"{path} is missing, but its seal is there.", faults)
    return Chain(path=path, documents=(), last=FIRST, size=0, state=LedgerState.NEW)


def _split(content: bytes) -> tuple[list[bytes], bytes]:
    """Whole lines, and what stands after the last end of a line."""
    *lines, tail = content.split(b"\n")
    return lines, tail


def _document(line: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _sealed(path: Path, lines: list[bytes]) -> tuple[int, list[Fault]]:
    """How many lines the seal vouches for, and what speaks against it."""
    try:
        text = seal_of(path).read_text(encoding="utf-8") if seal_of(path).exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise OutsideError(f"{seal_of(path)} could not be read: {error}.") from error
    if not text:
        return 0, [_seal_fault(path, "is missing or empty", "the seal that every ledger of looks has")]
    count, _space, digest = text.strip().partition(" ")
    if not (count.isascii() and count.isdigit() and len(count) < 12 and len(digest) == 64):
        return 0, [_seal_fault(path, "cannot be read", "the number of lines and a hash")]
    sealed = int(count)
    if sealed > len(lines):
        lost = f"{sealed} lines were sealed, {len(lines)} are there: lines are missing at the end"
        return sealed, [Fault(what=lost, file=str(path), hint=_HINT)]
    if digest != (hash_of(lines[sealed - 1]) if sealed else FIRST):
        return sealed, [_fault(path, sealed, "is not the line that was sealed")]
    return sealed, []


def _state(tail: bytes, sealed: int, lines: int) -> LedgerState:
    if tail:
        return LedgerState.BROKEN_END
    return LedgerState.WHOLE if sealed == lines else LedgerState.UNSEALED


def _fault(path: Path, number: int, what: str) -> Fault:
    return Fault(what=what, file=str(path), where=f"line {number}", hint=_HINT)


def _seal_fault(path: Path, what: str, expected: str) -> Fault:
    return Fault(what=what, file=str(seal_of(path)), expected=expected, hint=_HINT)
