"""Fetching a collection of reports from its agency: only when a person asks, whole or not at all, and checked.

A file that has come is opened and read to its end before it takes its name. Its SHA-256 stands beside it in
`<name>.sha256`, as `sha256sum -c` reads it, so that anybody can tell later that it is still the same.
"""

from __future__ import annotations

import hashlib
import html
import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from untoward.errors import OutsideError
from untoward.tasks.fetching_addresses import Wanted, wanted
from untoward.tasks.fetching_transfer import NotThere, Patience, Progress, bring, forget, page

LARGEST_PAGE = 8 * 1024 * 1024
_STEP = 1024 * 1024
_LINK = re.compile(r"<a\b[^>]*>.*?</a>", re.IGNORECASE | re.DOTALL)
_TARGET = re.compile(r"""href\s*=\s*["']([^"']+)["']""", re.IGNORECASE)
_PAGE_START = re.compile(rb"\s*(?:<!doctype html|<html|<\?xml|<head)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A file that is here: where, where from, how many bytes, its SHA-256, and whether it was here before."""

    path: Path
    address: str
    size: int
    sha256: str
    was_here: bool = False


def fetch(
    collection: str,
    period: str | None,
    folder: Path,
    *,
    base_url: str | None = None,
    again: bool = False,
    progress: Progress = lambda step, done, total: None,
    patience: Patience = Patience(),  # noqa: B008 (a frozen value)
) -> Fetched:
    """Fetch one file of a collection into a folder.

    Parameters
    ----------
    collection, period
        "faers" and a quarter ("2024q1"), "vaers" and a year, or "caers" and None.
    base_url
        Another place with the same file names, such as a mirror.
    again
        Fetch even when the file is here and is the one its checksum tells of.

    Raises
    ------
    UsageError
        For a collection or period that does not exist.
    OutsideError
        When the file cannot be had, or is not what it should be. What has come of it stays for the next time, unless it
        came whole and is wrong.
    """
    file = wanted(collection, period, base_url)
    _make(folder)
    target = folder / file.name
    if not again and (here := _here(target)) is not None:
        return here
    try:
        origin = _bring_first(file, target, progress, patience)
        part = _part_of(target)
        _check(part, origin, file)
        sha256 = _sha256(part)
        part.replace(target)
        target.with_name(f"{target.name}.sha256").write_text(f"{sha256}  {target.name}\n", encoding="utf-8")
        forget(part)
    except OSError as error:
        raise OutsideError(f"{target} could not be written: {error.strerror or error}.") from error
    return Fetched(path=target, address=origin, size=target.stat().st_size, sha256=sha256)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutsideError(f"{folder} could not be made: {error.strerror or error}.") from error


def _part_of(target: Path) -> Path:
    return target.with_name(f"{target.name}.part")


def _here(target: Path) -> Fetched | None:
    """The file that is here already, when it is the one that its checksum file tells of."""
    try:
        said = target.with_name(f"{target.name}.sha256").read_text(encoding="utf-8").split()
        found = _sha256(target)
    except OSError:
        return None
    if not said or said[0] != found:
        return None
    return Fetched(path=target, address="", size=target.stat().st_size, sha256=found, was_here=True)


def _bring_first(file: Wanted, target: Path, progress: Progress, patience: Patience) -> str:
    """Bring the file from the first address that has it; that address."""
    refused: list[str] = []
    for address in file.addresses:
        try:
            found = address if file.link is None else _behind(address, file)
            return bring(found, _part_of(target), progress, patience).address
        except NotThere as error:
            refused.append(str(error))
    raise OutsideError(f"{' '.join(refused)} {file.by_hand}.")


def _behind(address: str, file: Wanted) -> str:
    """The address behind the link of a page."""
    for tag in _LINK.findall(page(address, LARGEST_PAGE)):
        target = _TARGET.search(tag)
        if target is not None and file.link is not None and file.link.search(tag):
            return urljoin(address, html.unescape(target[1]))
    raise NotThere(f"{address} has no link to the file.")


def _check(part: Path, address: str, file: Wanted) -> None:
    """Read what came to its end. What came whole and is not what was asked for is thrown away."""
    with part.open("rb") as stream:
        start = stream.read(512)
    wrong = ""
    if _PAGE_START.match(start):
        wrong = "gave a page of text instead of a file"
    elif not start:
        wrong = "gave an empty file"
    elif file.name.endswith(".zip"):
        wrong = _fault_of_zip(part)
    if wrong:
        part.unlink()
        forget(part)
        raise OutsideError(f"{address} {wrong}. {file.by_hand}.")


def _fault_of_zip(part: Path) -> str:
    try:
        with zipfile.ZipFile(part) as archive:
            broken = archive.testzip() if archive.namelist() else "the archive is empty"
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        return f"gave a file that is no whole zip archive ({error})"
    return f"gave a zip archive in which {broken} is damaged" if broken else ""


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_STEP):
            digest.update(piece)
    return digest.hexdigest()
