"""Bringing one file here over HTTP: what has arrived stays, so that a transfer that stopped goes on where it stopped.

A file that is on its way is called `<name>.part`; `<name>.part.json` says which file at which address it is part of.
The rest is asked for only on condition that the file there has not changed since; when it has, or when the server
does not know how to send a part, the transfer begins anew.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from untoward.errors import OutsideError

Progress = Callable[[str, int, int], None]

_STEP = 256 * 1024
_SECONDS_OF_SILENCE = 60
_AGENT = "untoward (open-source safety software; started by a person)"
_PARTIAL, _OUT_OF_RANGE, _GONE = 206, 416, (404, 410)


class NotThere(OutsideError):
    """The server has no such file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often a transfer that breaks off is taken up again, and how long to wait first, twice as long each time."""

    attempts: int = 4
    seconds: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Which file a part is of: its address, and what the server said to know it by."""

    address: str
    stamp: str = ""
    size: int | None = None


class _Interrupted(Exception):
    """The connection broke before the whole file had come."""


def bring(address: str, part: Path, progress: Progress, patience: Patience) -> Origin:
    """Bring a file to `part`, from where it stopped. Raises NotThere, or OutsideError when it cannot be had whole."""
    for attempt in range(patience.attempts):
        if attempt:
            time.sleep(patience.seconds * 2 ** (attempt - 1))
        try:
            return _one_attempt(address, part, progress)
        except _Interrupted as error:
            reason = str(error)
    raise OutsideError(
        f"{address} broke off {patience.attempts} times ({reason}). What has come is in {part}: run the command "
        "again to go on."
    )


def page(address: str, limit: int) -> str:
    """The text of a page, up to so many bytes. Raises NotThere or OutsideError."""
    with _answers(address, {}) as answer:
        content: bytes = answer.read(limit)
    return content.decode("utf-8", errors="replace")


def _one_attempt(address: str, part: Path, progress: Progress) -> Origin:
    former = _origin_of(part)
    have = part.stat().st_size if former is not None and former.address == address and part.exists() else 0
    if former is not None and have and have == former.size:
        return former
    headers = {"Range": f"bytes={have}-", "If-Range": former.stamp} if former is not None and have else {}
    with _answers(address, headers, part) as answer:
        start = _start_of(answer, have)
        origin = Origin(address=address, stamp=_stamp(answer), size=_whole_size(answer, start))
        _check_room(part, origin, start)
        if not start:
            part.unlink(missing_ok=True)
        _note(part, origin)
        _receive(answer, part, start, origin, progress)
    return origin


def _start_of(answer: http.client.HTTPResponse, have: int) -> int:
    """The place in the file from which the answer goes on. Raises _Interrupted for a place that was not asked for."""
    if answer.status != _PARTIAL:
        return 0
    match = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
    if match is None or int(match[1]) != have:
        raise _Interrupted("the server sent another part than was asked for")
    return have


def _whole_size(answer: http.client.HTTPResponse, start: int) -> int | None:
    match = re.search(r"/(\d+)$", answer.headers.get("Content-Range", ""))
    if match is not None:
        return int(match[1])
    length = answer.headers.get("Content-Length", "")
    return start + int(length) if length.isdigit() else None


def _stamp(answer: http.client.HTTPResponse) -> str:
    """By what the file will be known again. A weak mark does not say that two files are the same to the byte."""
    mark = answer.headers.get("ETag", "")
    return mark if mark and not mark.startswith("W/") else answer.headers.get("Last-Modified", "")


def _receive(
    answer: http.client.HTTPResponse, part: Path, start: int, origin: Origin, progress: Progress
) -> None:
    done = start
    try:
        with part.open("ab") as out:
            while piece := answer.read(_STEP):
                out.write(piece)
                done += len(piece)
                progress(f"Fetching {part.stem}", done, origin.size or done)
    except (http.client.HTTPException, TimeoutError, ConnectionError) as error:
        raise _Interrupted(type(error).__name__) from error
    if origin.size is not None and done != origin.size:
        raise _Interrupted(f"{done:,} of {origin.size:,} bytes came")


def _check_room(part: Path, origin: Origin, start: int) -> None:
    free = shutil.disk_usage(part.parent).free
    if origin.size is not None and origin.size - start > free:
        raise OutsideError(
            f"{origin.address} has {origin.size:,} bytes, and {part.parent} has room for {free:,}."
        )


@contextlib.contextmanager
def _answers(
    address: str, headers: dict[str, str], part: Path | None = None
) -> Iterator[http.client.HTTPResponse]:
    if not address.lower().startswith(("https://", "http://")):
        raise OutsideError(f"{address} is not a web address.")
    request = Request(address, headers={"User-Agent": _AGENT, "Accept-Encoding": "identity", **headers})  # noqa: S310
    try:
        answer = urlopen(request, timeout=_SECONDS_OF_SILENCE)  # noqa: S310 (only http and https come so far)
    except HTTPError as error:
        with error:
            if error.code == _OUT_OF_RANGE and part is not None:
                forget(part)
                raise _Interrupted("the part that was here does not fit") from error
            if error.code in _GONE:
                raise NotThere(f"{address} is not there ({error.code}).") from error
            raise OutsideError(f"{address} answered {error.code} {error.reason}.") from error
    except (URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
        raise OutsideError(f"{address} could not be reached: {getattr(error, 'reason', error)}.") from error
    with answer:
        yield answer


def _note_file(part: Path) -> Path:
    return part.with_name(f"{part.name}.json")


def _origin_of(part: Path) -> Origin | None:
    """What is known of a part; None when nothing is, or when the server gave nothing to know the file by."""
    try:
        said = json.loads(_note_file(part).read_text(encoding="utf-8"))
        origin = Origin(address=str(said["address"]), stamp=str(said["stamp"]), size=said["size"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return origin if origin.stamp and isinstance(origin.size, int) else None


def _note(part: Path, origin: Origin) -> None:
    _note_file(part).write_text(json.dumps(asdict(origin)), encoding="utf-8")


def forget(part: Path) -> None:
    """Remove what was noted about a part that is whole or of no use."""
    _note_file(part).unlink(missing_ok=True)
