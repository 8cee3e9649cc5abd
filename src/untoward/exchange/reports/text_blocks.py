"""A file of unknown encoding as blocks of whole lines in UTF-8, with one kind of line end, and lines taken from them."""

from __future__ import annotations

import codecs
from collections import deque
from collections.abc import Iterable, Iterator

from untoward.exchange.reports.archive import SourceFile, as_utf8

LONGEST_LINE = 32 * 1024 * 1024
"""Bytes without a line end after which one is put in, so that a file without line ends cannot fill the memory."""


def text_blocks(source: SourceFile) -> Iterator[bytes]:
    """The text in blocks of whole lines, each line ended by one newline; NUL bytes are left out."""
    kept = b""
    for part in _one_encoding(source.chunks()):
        whole = (kept + part).replace(b"\0", b"")
        cut = whole.rfind(b"\n") + 1
        if not cut and len(whole) < LONGEST_LINE:
            cut = (
                whole.rfind(b"\r", 0, -1) + 1
            )  # the old Macintosh ends lines so; the last may be half of "\r\n"
        if not cut and len(whole) >= LONGEST_LINE:
            cut = len(whole)
        kept = whole[cut:]
        if cut:
            yield _plain(whole[:cut])
    if kept:
        yield _plain(kept)


def _one_encoding(parts: Iterator[bytes]) -> Iterator[bytes]:
    """UTF-16 becomes UTF-8 here, because its line ends cannot be seen byte by byte; all else is left as it is."""
    first = next(parts, b"")
    if not first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield first
        yield from parts
        return
    decoder = codecs.getincrementaldecoder("utf-16")(errors="replace")
    yield decoder.decode(first).encode("utf-8", errors="replace")
    for part in parts:
        yield decoder.decode(part).encode("utf-8", errors="replace")


def _plain(block: bytes) -> bytes:
    text = as_utf8(block)
    if b"\r" in text:
        text = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return text if text.endswith(b"\n") else text + b"\n"


class Lines:
    """The lines of blocks, one after the other, with a look at those that come next.

    `number` is the number of the line taken last; the first line of a file is line 1.
    """

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self.number = 0
        self._blocks = iter(blocks)
        self._ahead: deque[str] = deque()
        self._block = b""
        self._at = 0  # lines of the block before this place are taken or wait in `_ahead`

    def whole_block(self) -> bytes | None:
        """All lines at hand, or those of the next block, as they are; None at the end. Count them with `skip`."""
        waiting = "".join(f"{line}\n" for line in self._ahead).encode("utf-8", errors="replace")
        self._ahead.clear()
        block = waiting + self._block[self._at :]
        self._block, self._at = b"", 0
        return block or next(self._blocks, None)

    def give_back(self, block: bytes) -> None:
        """Take lines from this block next."""
        lines = block.decode("utf-8", errors="replace").split("\n")
        lines.pop()  # after the last newline stands nothing
        self._ahead.extendleft(reversed(lines))

    def skip(self, lines: int) -> None:
        """Count lines that were used as a block."""
        self.number += lines

    def take(self) -> str | None:
        """The next line, or None at the end."""
        if self.peek(0) is None:
            return None
        self.number += 1
        return self._ahead.popleft()

    def peek(self, ahead: int) -> str | None:
        """The line after so many others, or None when there is none."""
        while len(self._ahead) <= ahead:
            if self._at >= len(self._block):
                self._block, self._at = next(self._blocks, b""), 0
                if not self._block:
                    return None
            end = self._block.find(b"\n", self._at)
            self._ahead.append(self._block[self._at : end].decode("utf-8", errors="replace"))
            self._at = end + 1
        return self._ahead[ahead]
