"""Write several files into a folder: all of them or none, with what stood there before put back on failure."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from untoward.errors import OutsideError


def write_together(contents: Mapping[str, str], out: Path) -> Mapping[str, Path]:
    """Write each text as UTF-8 under its name in `out`, which is made if need be; the paths by name.

    The texts are first written beside their places, then take them one by one. When anything fails or the user
    stops it, the files that stood there before are back as they were, and a folder that was made is gone.
    Other files of the folder are left alone. Raises OutsideError when the folder cannot be written.
    """
    try:
        with _made_if_wanted(out), _scratch_folder(out) as scratch:
            for name, text in contents.items():
                (scratch / name).write_text(text, encoding="utf-8")
            _take_places(contents, scratch, out)
    except OSError as error:
        reason = error.strerror or error
        raise OutsideError(f"{out} could not be written: {reason}. Nothing there was changed.") from error
    return {name: out / name for name in contents}


@contextmanager
def _made_if_wanted(folder: Path) -> Iterator[None]:
    """The folder and those above it; those that were not there are removed again if the work fails."""
    absent = [place for place in (folder, *folder.parents) if not place.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        yield
    except BaseException:
        for place in absent:
            _remove_if_empty(place)
        raise


@contextmanager
def _scratch_folder(out: Path) -> Iterator[Path]:
    scratch = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=out))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _take_places(names: Iterable[str], scratch: Path, out: Path) -> None:
    former = scratch / "former"
    former.mkdir()
    for name in names:
        if (out / name).exists():
            shutil.copy2(out / name, former / name)
    placed: list[str] = []
    try:
        for name in names:
            placed.append(name)
            (scratch / name).replace(out / name)
    except BaseException:
        for name in placed:
            _put_back(name, former, out)
        raise


def _put_back(name: str, former: Path, out: Path) -> None:
    if (former / name).exists():
        (former / name).replace(out / name)
    else:
        (out / name).unlink(missing_ok=True)


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return
