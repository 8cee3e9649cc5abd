"""Find persons in common between clinics without names: make a key, make tokens, join tokens."""

from __future__ import annotations

import os
import secrets
import stat
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

import untoward
from untoward.errors import InputError, OutsideError, UsageError
from untoward.exchange.pasted import read_identities, read_token_files, token_frame
from untoward.tasks.investigating import SCHEMA_VERSION
from untoward.watch.workbench.joining import Joined, join_tokens
from untoward.watch.workbench.linkage import KEY_BYTES, Identity, record_of, tokens_of, without_tokens

MOST_KEY_BYTES = 4096
_FEWEST_DIFFERENT_BYTES = 16
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TokenAnswer:
    """The tokens of one clinic. `own` maps each record to the clinic's own key and must not leave the clinic."""

    tokens: pl.DataFrame
    own: pl.DataFrame
    persons: int
    without: dict[str, int]
    notes: tuple[str, ...]


def new_key(path: Path) -> Path:
    """Write a key of 32 random bytes that nobody but the owner can read. An existing file is never replaced."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise UsageError(
            f"{path} exists. A key is never replaced: tokens made with it could not be joined any more."
        ) from error
    except OSError as error:
        raise OutsideError(f"{path} could not be written: {error.strerror}.") from error
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
    return path


def read_key(path: Path) -> bytes:
    """The key of a file. Raises UsageError when others can read it, or it is too short or no random bytes."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            key = file.read(MOST_KEY_BYTES + 1)
    except OSError as error:
        raise UsageError(
            f"{path}: {error.strerror}. Make a key: untoward investigate link new-key FILE"
        ) from error
    if os.name == "posix" and mode & _OTHERS:
        raise UsageError(
            f"{path} can be read by others ({stat.filemode(mode)}), so it is no secret any more. Make a new key, or if you "
            f"are sure that nobody read it: chmod 600 {path}"
        )
    if not KEY_BYTES <= len(key) <= MOST_KEY_BYTES:
        raise UsageError(
            f"{path}: a key of {len(key)} bytes, expected {KEY_BYTES} to {MOST_KEY_BYTES:,} random bytes."
        )
    if len(set(key)) < _FEWEST_DIFFERENT_BYTES:
        raise UsageError(f"{path}: only {len(set(key))} different bytes, so these were not drawn at random.")
    return key


def make_tokens(paths: Sequence[Path], key_file: Path, clinic: str) -> TokenAnswer:
    """Tokens of the persons of one clinic's lists. Raises InputError with every fault, without a value of any cell."""
    key = read_key(key_file)
    if not clinic.strip() or len(clinic) > 60 or not clinic.isprintable():
        raise UsageError("--clinic: a short name of the clinic, which every file of it carries.")
    readings = [read_identities(path) for path in paths]
    faults = [fault for reading in readings for fault in reading.faults]
    if faults:
        raise InputError(f"The lists have {len(faults)} fault(s); no token was made.", faults)
    people = [
        Identity(
            local_id=row["patient_id"], given=row["given_name"] or "", family=row["family_name"] or "",
            birth_date=row["birth_date"], sex=row["sex"],
        )
        for reading in readings
        for row in reading.rows()
    ]  # fmt: skip
    twice = [number for number in Counter(person.local_id for person in people).values() if number > 1]
    if twice:
        raise UsageError(
            f"{len(twice)} person(s) stand in more than one of the lists; give each person once."
        )
    made = [tokens_of(person, key, clinic) for person in people]
    rows = [(one.record, kind, token) for one in made for kind, token in one.tokens]
    own = [(record_of(person.local_id, key, clinic), person.local_id) for person in people]
    return TokenAnswer(
        tokens=token_frame(clinic, rows),
        own=pl.DataFrame(own, schema=["record", "patient_id"], orient="row").sort("record"),
        persons=len(people),
        without=without_tokens(people),
        notes=tuple(note for reading in readings for note in reading.notes),
    )


def match_tokens(paths: Sequence[Path]) -> Joined:
    """Join the token files of several clinics. No key is needed. Raises InputError with every fault."""
    return join_tokens(read_token_files(paths))


def joined_document(joined: Joined) -> dict[str, Any]:
    """The document of `untoward investigate link match --json`."""
    return {
        "schema": "untoward/linked-persons",
        "schema_version": SCHEMA_VERSION,
        "version": untoward.__version__,
        "records": dict(joined.records),
        "persons": [[_record(record) for record in group] for group in joined.persons],
        "links": [
            {
                "records": [_record(link.one), _record(link.other)],
                "strength": link.strength,
                "agree": list(link.agree),
            }
            for link in joined.links
        ],
        "conflicts": [
            {"what": found.what, "records": [_record(record) for record in found.records]}
            for found in joined.conflicts
        ],
        "tokens_too_common": joined.too_common,
    }


def joined_frame(joined: Joined) -> pl.DataFrame:
    """One row per link: both records, how sure, which kinds of token agree, and whether either is in a conflict."""
    in_conflict = {record for found in joined.conflicts for record in found.records}
    rows = [
        {
            "clinic_1": link.one[0], "record_1": link.one[1], "clinic_2": link.other[0], "record_2": link.other[1],
            "strength": link.strength, "agree": "; ".join(link.agree),
            "conflict": "yes" if in_conflict & {link.one, link.other} else "no",
        }
        for link in joined.links
    ]  # fmt: skip
    names = ("clinic_1", "record_1", "clinic_2", "record_2", "strength", "agree", "conflict")
    return pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String))


def _record(record: tuple[str, str]) -> dict[str, str]:
    return {"clinic": record[0], "record": record[1]}
