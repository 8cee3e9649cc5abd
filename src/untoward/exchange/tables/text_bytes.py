"""From bytes to UTF-8 text: which encoding a file is in, what stands in it, and how to read it without losing a letter.

UTF-8 (with or without a mark), UTF-16 and UTF-32 are known by their marks or by their pattern of zero bytes. Bytes that
are none of these are taken for Windows-1252, or for Latin-1 when they use the five codes Windows-1252 leaves free. A file
that is mostly good UTF-8 with a few broken bytes is not re-read as something else: its broken rows become faults.
"""

from __future__ import annotations

import codecs
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from untoward.exchange.tables.raw import foreign_errors, refuse

DEFAULT_MAX_BYTES = 4 * 1024**3
"""A text file above this size is refused unless the caller allows more."""

HEAD_BYTES = 1024 * 1024
_CHUNK = 8 * 1024 * 1024
_SPARE_LETTERS = ("\x1f", "\x1e", "\x1d", "\x1c", "\x01", "\x02")
_NOT_IN_CP1252 = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFile:
    """Text ready to be read as UTF-8, with the facts that decide how.

    `source` is the file itself when it is UTF-8 already, else the re-coded bytes. `spare` is a letter that occurs
    nowhere in it (None when all candidates do). `lone_return` tells of line ends of two kinds in one file.
    """

    file: str
    source: Path | bytes
    size: int
    head: str
    encoding: str
    nul: bool
    quotes: bool
    newline: str
    lone_return: bool
    damaged: bool
    spare: str | None


@dataclass(slots=True)
class _Facts:
    size: int = 0
    nul: bool = False
    quotes: bool = False
    returns: int = 0
    pairs: int = 0
    newlines: bool = False
    valid: bool = True
    broken: int = 0
    beyond_ascii: int = 0
    undefined_in_cp1252: bool = False
    seen_spares: frozenset[str] = frozenset()

    @property
    def newline(self) -> str:
        return "\r" if self.returns and not self.newlines else "\n"

    @property
    def lone_return(self) -> bool:
        return self.newlines and self.returns != self.pairs


def open_text(path: Path, file: str, max_bytes: int = DEFAULT_MAX_BYTES) -> TextFile:
    """The text of a file ("-" is standard input). Raises InputError when it is too large, empty or not text."""
    with foreign_errors(file, "is not text in an encoding that is known"):
        raw: Path | bytes = _standard_input(max_bytes) if str(path) == "-" else path
        size = len(raw) if isinstance(raw, bytes) else raw.stat().st_size
        if size > max_bytes:
            raise refuse(
                file,
                "the file is larger than this reader takes",
                got=f"{size:,} bytes",
                expected=f"at most {max_bytes:,} bytes",
                hint="Split it, or save it as Parquet.",
            )
        if size == 0:
            raise refuse(file, "the file is empty", expected="a header row and rows below it")
        return _as_utf8(raw, file)


def _standard_input(max_bytes: int) -> bytes:
    return sys.stdin.buffer.read(max_bytes + 1)


def _as_utf8(raw: Path | bytes, file: str) -> TextFile:
    start = _start_of(raw)
    if not start.strip(b"\0"):
        raise refuse(
            file, "the file holds nothing but zero bytes", expected="text", hint="Copy or export it again."
        )
    wide = _wide_encoding(start)
    if wide:
        recoded = b"".join(chunk for chunk in _recoded(raw, wide))
        return _text_file(recoded, file, wide.upper(), _examine(recoded))
    facts = _examine(raw)
    if facts.valid:
        return _text_file(raw, file, "UTF-8", facts)
    if facts.beyond_ascii > facts.broken:
        recoded = b"".join(chunk for chunk in _recoded(raw, "utf-8", errors="replace"))
        return _text_file(recoded, file, "UTF-8", _examine(recoded), damaged=True)
    narrow = "latin-1" if facts.undefined_in_cp1252 else "cp1252"
    recoded = b"".join(chunk for chunk in _recoded(raw, narrow))
    return _text_file(recoded, file, narrow, _examine(recoded))


def _wide_encoding(start: bytes) -> str | None:
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    sample = start[:4096]
    for offset, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        zeros, others = sample[offset::2], sample[1 - offset :: 2]
        if len(sample) > 3 and zeros.count(0) > 0.7 * len(zeros) and others.count(0) == 0:
            return name
    return None


def _start_of(raw: Path | bytes) -> bytes:
    if isinstance(raw, bytes):
        return raw[:HEAD_BYTES]
    with raw.open("rb") as stream:
        return stream.read(HEAD_BYTES)


def _chunks(raw: Path | bytes) -> Iterator[bytes]:
    with io.BytesIO(raw) if isinstance(raw, bytes) else raw.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk


def _recoded(raw: Path | bytes, encoding: str, errors: str = "strict") -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    for chunk in _chunks(raw):
        yield decoder.decode(chunk).encode("utf-8")
    yield decoder.decode(b"", final=True).encode("utf-8")


def _examine(raw: Path | bytes) -> _Facts:
    facts = _Facts()
    decoder = codecs.getincrementaldecoder("utf-8")("strict")
    after_return = False
    for chunk in _chunks(raw):
        facts.size += len(chunk)
        facts.pairs += chunk.count(b"\r\n") + (after_return and chunk.startswith(b"\n"))
        after_return = chunk.endswith(b"\r")
        _note_letters(facts, chunk)
        if facts.valid:
            facts.valid = _decodes(decoder, chunk)
    facts.valid = facts.valid and _decodes(decoder, b"", final=True)
    if not facts.valid:
        _count_broken(raw, facts)
    return facts


def _note_letters(facts: _Facts, chunk: bytes) -> None:
    facts.nul = facts.nul or b"\0" in chunk
    facts.quotes = facts.quotes or b'"' in chunk
    facts.newlines = facts.newlines or b"\n" in chunk
    facts.returns += chunk.count(b"\r")
    facts.seen_spares |= {letter for letter in _SPARE_LETTERS if letter.encode() in chunk}


def _decodes(decoder: codecs.IncrementalDecoder, chunk: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError:
        return False
    return True


def _count_broken(raw: Path | bytes, facts: _Facts) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    for chunk in _chunks(raw):
        facts.undefined_in_cp1252 = facts.undefined_in_cp1252 or _NOT_IN_CP1252.search(chunk) is not None
        text = decoder.decode(chunk)
        broken = text.count("\ufffd")
        facts.broken += broken
        facts.beyond_ascii += 0 if text.isascii() else len(_BEYOND_ASCII.findall(text)) - broken


def _text_file(
    source: Path | bytes, file: str, encoding: str, facts: _Facts, damaged: bool = False
) -> TextFile:
    spare = next((letter for letter in _SPARE_LETTERS if letter not in facts.seen_spares), None)
    return TextFile(
        file=file,
        source=source,
        size=facts.size,
        head=_start_of(source).decode("utf-8", errors="ignore").removeprefix("\ufeff"),
        encoding=encoding,
        nul=facts.nul,
        quotes=facts.quotes,
        newline=facts.newline,
        lone_return=facts.lone_return,
        damaged=damaged,
        spare=spare,
    )
