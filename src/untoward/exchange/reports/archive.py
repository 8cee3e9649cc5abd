"""The files behind the paths a user gives: plain, gzipped, in a zip archive, or all of these below a folder.

Nothing is ever unpacked to disk. What comes out of an archive is bounded in size, in number and in how far it may
swell, so that a small file cannot fill the memory.
"""

from __future__ import annotations

import codecs
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, cast

from untoward.errors import Fault, InputError, OutsideError

Progress = Callable[[str, int, int], None]
"""Called as work goes on: with what is being done, how many files are done, and how many there are."""

HEAD = 65_536
"""So many bytes at the start of a file are looked at to tell its format."""

_STEP = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much may come out of the files given: bytes of one file, bytes per packed byte, members of an archive.

    The ratio counts only once `free` bytes have come out, because small files of spaces pack very well.
    """

    bytes_of_a_file: int = 16 * 1024**3
    ratio: int = 200
    free: int = 64 * 1024**2
    members: int = 20_000


LIMITS = Limits()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """One file of a source, wherever it stands.

    `name` is what a ledger shows: the path, and for a member of an archive the archive, "/" and the member.
    `opener` opens it anew for reading, unpacked. `size` is its length in bytes, unpacked; None when only reading
    tells (gzip). `packed` is how many bytes it takes packed, None when it is not. `path` is set for a plain file.
    """

    name: str
    opener: Callable[[], IO[bytes]]
    size: int | None
    packed: int | None = None
    path: Path | None = None
    limits: Limits = LIMITS

    @property
    def base(self) -> str:
        """The last part of the name, without ".gz", in upper case: "DEMO17Q2.TXT"."""
        last = self.name.rsplit("/", 1)[-1].upper()
        return last.removesuffix(".GZ")

    @property
    def container(self) -> str:
        """What the file stands in: the folder, or the archive (and the folder in it)."""
        return self.name.rpartition("/")[0]

    def read(self) -> bytes:
        """The whole file, unpacked. Raises InputError when it is damaged or swells beyond the limits."""
        if self.path is not None:
            with _faults_of(self.name):
                self._check(self.path.stat().st_size)
                return self.path.read_bytes()
        return b"".join(self.chunks())

    def chunks(self) -> Iterator[bytes]:
        """The file in pieces of a few megabytes, with the same errors as `read`."""
        done = 0
        with _faults_of(self.name), self.opener() as stream:
            while part := stream.read(_STEP):
                done += len(part)
                self._check(done)
                yield part

    def head(self, limit: int = HEAD) -> bytes:
        """The first bytes of the file."""
        with _faults_of(self.name), self.opener() as stream:
            return stream.read(limit)

    def first_line(self) -> str:
        """The first line that is not blank, without its end, as text; empty when there is none."""
        text = as_utf8(self.head()).decode("utf-8", errors="replace")
        return next((line.strip() for line in text.splitlines() if line.strip()), "")

    def _check(self, done: int) -> None:
        limits = self.limits
        if done > limits.bytes_of_a_file:
            raise _refusal(self.name, "the file is too large", f"{limits.bytes_of_a_file:,} bytes or fewer")
        if self.packed is not None and done > max(limits.free, limits.ratio * self.packed):
            raise _refusal(
                self.name,
                "the file swells without end as it is unpacked",
                f"at most {limits.ratio} bytes for each packed one",
            )


def find_sources(paths: Iterable[str | Path], limits: Limits = LIMITS) -> tuple[SourceFile, ...]:
    """All files behind paths, in order of their names, each once; hidden files are left out.

    Raises InputError for a path that does not exist and for an archive that is damaged or unsafe.
    """
    found: dict[str, SourceFile] = {}
    for path in map(Path, paths):
        for source in _below(path, limits):
            found.setdefault(source.name, source)
    return tuple(found.values())


def as_utf8(data: bytes) -> bytes:
    """Text of unknown encoding as UTF-8, without a byte order mark.

    What is valid UTF-8 stays. Every other byte is read as the Windows code page for western Europe, so that a file
    in Latin-1, or one with lines of both kinds, keeps its letters.
    """
    if data.isascii():
        return data
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace").encode("utf-8")
    data = data.removeprefix(codecs.BOM_UTF8)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("utf-8", errors="untoward-western").encode("utf-8")
    return data


def _western(error: UnicodeError) -> tuple[str, int]:
    """The bytes that are no UTF-8, as letters of code page 1252, or of Latin-1 where that page has a hole."""
    assert isinstance(error, UnicodeDecodeError)
    wrong = error.object[error.start : error.end]
    letters = "".join(bytes([byte]).decode("cp1252" if byte not in _HOLES else "latin-1") for byte in wrong)
    return letters, error.end


_HOLES = frozenset((0x81, 0x8D, 0x8F, 0x90, 0x9D))
codecs.register_error("untoward-western", _western)


def _below(path: Path, limits: Limits) -> Iterator[SourceFile]:
    if path.is_dir():
        files = sorted(each for each in path.rglob("*") if each.is_file() and not _is_hidden(each, path))
        for file in files:
            yield from _of_file(file, limits)
    elif path.is_file():
        yield from _of_file(path, limits)
    else:
        raise InputError(
            "A source could not be found.",
            [Fault(what="there is no such file or folder", file=str(path))],
        )


def _is_hidden(path: Path, root: Path) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in path.relative_to(root).parts)


def _of_file(path: Path, limits: Limits) -> Iterator[SourceFile]:
    name = path.as_posix()
    with _faults_of(name):
        size = path.stat().st_size
        with path.open("rb") as stream:
            magic = stream.read(4)
    if magic.startswith(b"\x1f\x8b"):
        yield SourceFile(name=name, opener=partial(_gunzipped, path), size=None, packed=size, limits=limits)
    elif magic in (b"PK\x03\x04", b"PK\x05\x06") and path.suffix.lower() not in _ZIPPED_DOCUMENTS:
        yield from _members(path, limits)
    else:
        yield SourceFile(name=name, opener=lambda: path.open("rb"), size=size, path=path, limits=limits)


def _gunzipped(path: Path) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path, "rb"))


_ZIPPED_DOCUMENTS = frozenset((".xlsx", ".docx", ".ods", ".odt", ".pptx"))


def _members(path: Path, limits: Limits) -> Sequence[SourceFile]:
    with _faults_of(path.as_posix()), zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > limits.members:
        raise _refusal(path.as_posix(), "the archive has too many files", f"{limits.members:,} or fewer")
    shown = [entry for entry in entries if not _is_junk(entry.filename)]
    return [_member(path, entry, limits) for entry in sorted(shown, key=lambda entry: entry.filename)]


def _is_junk(name: str) -> bool:
    return any(part.startswith("__MACOSX") or part == ".DS_Store" for part in PurePosixPath(name).parts)


def _member(path: Path, entry: zipfile.ZipInfo, limits: Limits) -> SourceFile:
    name = f"{path.as_posix()}/{entry.filename}"
    if _leads_out(entry.filename):
        raise _refusal(name, "the name leads out of its archive", "a name below the archive")
    if entry.flag_bits & 0x1:
        raise _refusal(name, "the file is locked with a password", "an open archive")

    def opener() -> IO[bytes]:
        # A member that is open keeps the archive's file open by itself.
        with zipfile.ZipFile(path) as archive:
            return archive.open(entry)

    return SourceFile(
        name=name, opener=opener, size=entry.file_size, packed=entry.compress_size, limits=limits
    )


def _leads_out(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return ".." in parts or name.startswith(("/", "\\")) or name[1:2] == ":" or "\0" in name


def _refusal(name: str, what: str, expected: str) -> InputError:
    return InputError("A source was refused.", [Fault(what=what, file=name, expected=expected)])


_DAMAGE = (EOFError, gzip.BadGzipFile, zlib.error, lzma.LZMAError, zipfile.BadZipFile)


@contextmanager
def _faults_of(name: str) -> Iterator[None]:
    """Turn what goes wrong while a file is read into an error of this package that names the file."""
    try:
        yield
    except _DAMAGE as error:
        fault = Fault(
            what="the file is damaged or cut short",
            file=name,
            got=str(error)[:80],
            hint="Fetch it again",
        )
        raise InputError("A source could not be unpacked.", [fault]) from error
    except NotImplementedError as error:
        raise _refusal(name, "the file is packed in an unknown way", "stored or deflated") from error
    except OSError as error:
        raise OutsideError(f"{name} could not be read: {error.strerror or error}") from error
