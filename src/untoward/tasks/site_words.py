"""What a database or a disk that fails means for whoever runs the site, and what to do next."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from untoward.errors import OutsideError

_NOTHING_LOST = "Nothing that was acknowledged is lost, and nothing was half saved."
_MEANINGS: tuple[tuple[tuple[str, ...], str], ...] = (
    (
        ("readonly database", "read-only transaction", "read only"),
        "The database can be read but not written. Look at who owns the home folder and the database file, and whether "
        "the disk was mounted read-only; then try again.",
    ),
    (
        (
            "disk is full",
            "no space left",
            "disk full",
            "could not extend file",
            "disk i/o error",
            "file too large",
            "quota exceeded",
        ),
        "There is no room left on the disk of the record. Make room (`untoward doctor` says how much there is); then "
        "try again.",
    ),
    (
        ("database is locked",),
        "Another program has held the database for too long. Wait until it ends, or stop it; then try again.",
    ),
    (
        ("unable to open database file",),
        "The database file cannot be opened. Look at UNTOWARD_HOME, at who may enter that folder, and whether the file was "
        "moved away: put it back, and the site goes on by itself. Where there never was one, untoward migrate makes it.",
    ),
    (
        ("malformed", "not a database"),
        "The database file is damaged. Stop the site, keep the file, and restore the last backup into an empty home: "
        "untoward restore FILE.",
    ),
    (
        ("no such table", "does not exist", "no such column"),
        "The database is not at the version of this program. Run: untoward migrate.",
    ),
)
_GONE = (
    "The database does not answer. Look whether its server runs and whether UNTOWARD_DATABASE_URL is right; the site goes "
    "on by itself as soon as it answers."
)


def meaning(error: BaseException) -> str:
    """What a fault of the database means and what to do, with that nothing was lost."""
    said = str(error).lower()
    words = next((words for marks, words in _MEANINGS if any(mark in said for mark in marks)), _GONE)
    return f"{words} {_NOTHING_LOST}"


@contextmanager
def in_words() -> Iterator[None]:
    """Turn a fault of the database or the disk into an OutsideError that says what to do."""
    from django.db import Error

    try:
        yield
    except Error as error:
        raise OutsideError(meaning(error)) from error
    except OSError as error:
        if error.errno is None:
            raise
        where = f" ({error.filename})" if error.filename else ""
        raise OutsideError(
            f"The disk refused: {error.strerror}{where}. Make room or give the right to write there; then try again. "
            f"{_NOTHING_LOST}"
        ) from error
