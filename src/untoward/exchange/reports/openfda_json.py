"""The results in JSON from openFDA, one after the other, without the whole document in memory.

The text may be an answer or a bulk file (an object with `results`), a bare list, or one object a line. Numbers stay
text. Nesting that is too deep, a result that is too long and a document that breaks off end the reading of that file;
what was read before counts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Literal

from untoward.exchange.reports.archive import SourceFile
from untoward.exchange.reports.text_blocks import text_blocks

LONGEST_RESULT = 64 * 1024 * 1024
"""Letters of one result; the longest that are published have a few hundred thousand."""

_SPACE = re.compile(r"[ \t\n\r]*")
_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)
_STEP = 1024 * 1024


class BrokenOff(Exception):
    """The document cannot be read beyond this place. The text is for the ledger."""


def results_of(source: SourceFile) -> Iterator[object]:
    """Each result. Raises BrokenOff where the document cannot be read on."""
    text = _Text(source)
    start = text.next_letter()
    if start == "[":
        yield from _items(text)
    elif start == "{":
        yield from _of_object(text)
    elif start:
        raise BrokenOff("this is not JSON")


def _of_object(text: _Text) -> Iterator[object]:
    """The results of an object that has them; else the object itself and those on the lines after it."""
    text.mark()
    text.step()
    while (letter := text.next_letter()) == '"':
        name = text.value()
        text.expect(":")
        if name == "results" and text.next_letter() == "[":
            text.forget_mark()
            yield from _items(text)
            return
        text.value()
        if text.next_letter() == ",":
            text.step()
    if letter != "}":
        raise BrokenOff("the JSON breaks off, or is faulty")
    text.back_to_mark()
    while text.next_letter():
        yield text.value()


def _items(text: _Text) -> Iterator[object]:
    text.expect("[")
    while text.next_letter() != "]":
        yield text.value()
        if text.next_letter() == ",":
            text.step()
        elif text.next_letter() != "]":
            raise BrokenOff("the JSON breaks off, or is faulty")


class _Text:
    """A window on the text that moves on and grows only as far as one value needs."""

    def __init__(self, source: SourceFile) -> None:
        self._blocks = text_blocks(source)
        self._window = ""
        self._at = 0
        self._marked = False

    def mark(self) -> None:
        """Keep the text from here on, to read it again."""
        self._window = self._window[self._at :]
        self._at, self._marked = 0, True

    def back_to_mark(self) -> None:
        """Read again from the mark."""
        self._at, self._marked = 0, False

    def forget_mark(self) -> None:
        """Text that was read may go."""
        self._marked = False

    def next_letter(self) -> str:
        """The next letter that is no space, without going beyond it; empty at the end."""
        while True:
            match = _SPACE.match(self._window, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._window):
                return self._window[self._at]
            if not self._grow():
                return ""

    def step(self) -> None:
        """Go beyond one letter."""
        self._at += 1

    def expect(self, letter: str) -> None:
        """Go beyond a letter that has to come. Raises BrokenOff for another one."""
        if self.next_letter() != letter:
            raise BrokenOff("the JSON breaks off, or is faulty")
        self.step()

    def value(self) -> object:
        """The value that begins here. Raises BrokenOff when there is none, or none that is safe to read."""
        self.next_letter()
        while True:
            found = self._decoded()
            if found != "more":
                return found[0]
            if len(self._window) - self._at > LONGEST_RESULT:
                raise BrokenOff("a result is too long")
            if not self._grow():
                raise BrokenOff("the JSON breaks off, or is faulty")

    def _decoded(self) -> tuple[object] | Literal["more"]:
        try:
            value, end = _DECODER.raw_decode(self._window, self._at)
        except json.JSONDecodeError:
            return "more"
        except RecursionError as error:
            raise BrokenOff("a result is nested too deep") from error
        if end == len(self._window) and isinstance(value, str) and self._grow():
            return self._decoded()  # a number or a word may go on in the next block
        self._at = end
        return (value,)

    def _grow(self) -> bool:
        """Take more text, at least as much again as is waiting, so that a long value is not parsed too often."""
        wanted = max(_STEP, len(self._window) - self._at)
        if not self._marked:
            self._window, self._at = self._window[self._at :], 0
        parts = [self._window]
        got = 0
        while got < wanted and (block := next(self._blocks, None)) is not None:
            parts.append(block.decode("utf-8", errors="replace"))
            got += len(parts[-1])
        self._window = "".join(parts)
        return got > 0
