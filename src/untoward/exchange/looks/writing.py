"""Add lines to a ledger so that they are wholly there or not at all, and mend the end that a crash left."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from untoward.errors import OutsideError, UsageError
from untoward.exchange.looks.chain import FIRST, Chain, LedgerState, hash_of, line_of, seal_of


def append_lines(chain: Chain, documents: Sequence[Mapping[str, Any]]) -> Path:
    """Add documents to the ledger that was read as `chain`, and seal it; where they stand.

    The lines reach the disk before the seal does; a crash between the two leaves whole lines whose seal is behind,
    which the next reading says and the next writing mends. Raises UsageError when the end is broken or someone else
    has written meanwhile, OutsideError when the disk refuses.
    """
    if chain.state is LedgerState.BROKEN_END:
        raise UsageError(f"{chain.path}: {chain.state.value}. Repair it first: untoward watch … --repair")
    last, content = chain.last, b""
    for document in documents:
        line = line_of(document, last)
        last, content = hash_of(line), content + line + b"\n"
    try:
        chain.path.parent.mkdir(parents=True, exist_ok=True)
        if chain.state is LedgerState.NEW:
            # so that a ledger without a seal is never what a crash has left
            _seal(chain.path, 0, FIRST)
        _add(chain, content)
        _seal(chain.path, len(chain.documents) + len(documents), last)
    except OSError as error:
        raise OutsideError(f"{chain.path} could not be written: {error.strerror or error}.") from error
    return chain.path


def repair_ledger(chain: Chain) -> Path | None:
    """Cut the broken last line off and keep it in a file beside the ledger; that file, or None when nothing is broken."""
    if chain.state is not LedgerState.BROKEN_END:
        return None
    kept = chain.path.with_name(f"{chain.path.name}.broken-{len(chain.documents) + 1}")
    try:
        with chain.path.open("rb") as ledger:
            ledger.seek(chain.size)
            _replace(kept, ledger.read())
        os.truncate(chain.path, chain.size)
        _synced(chain.path)
        _seal(chain.path, len(chain.documents), chain.last)
    except OSError as error:
        raise OutsideError(f"{chain.path} could not be repaired: {error.strerror or error}.") from error
    return kept


def _add(chain: Chain, content: bytes) -> None:
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
    descriptor = os.open(chain.path, flags | os.O_EXCL if chain.state is LedgerState.NEW else flags, 0o600)
    with os.fdopen(descriptor, "ab", buffering=0) as ledger:
        if os.fstat(ledger.fileno()).st_size != chain.size:
            raise UsageError(f"{chain.path}: another look was written meanwhile. Look again.")
        try:
            written = 0
            while written < len(content):
                written += ledger.write(content[written:]) or 0
            os.fsync(ledger.fileno())
        except OSError:
            # a full disk: nothing half written stays where it can be helped
            os.ftruncate(ledger.fileno(), chain.size)
            raise


def _seal(path: Path, lines: int, last: str) -> None:
    _replace(seal_of(path), f"{lines} {last}\n".encode())


def _replace(path: Path, content: bytes) -> None:
    """Write a file beside its place, then take the place."""
    descriptor, name = tempfile.mkstemp(prefix=".unfinished-", dir=path.parent)
    scratch = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        scratch.replace(path)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise


def _synced(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
