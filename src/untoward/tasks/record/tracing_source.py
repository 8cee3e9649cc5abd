"""The record as a registry for traces and case definitions: read now, or of a large one as the last look kept it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import polars as pl
from django.utils import timezone

from untoward.model.tables import Registry, RowLedger
from untoward.registry.models import Clinic, Session
from untoward.tasks.record.pseudonyms import pseudonym
from untoward.tasks.record.tables import read_record
from untoward.tasks.record.watching_record import latest
from untoward.watch.known_by import known_by

MOST_READ_NOW = 10_000
"""Sessions of a record that is read for one page; a larger one takes seconds, so the last look's tables are used."""

_KEYS = {"patient_id": "P", "session_id": "S", "reaction_id": "R"}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Held:
    """The record as it was known at `as_of` (with zone), with an account of the rows that could not be used."""

    registry: Registry
    ledger: tuple[RowLedger, ...]
    as_of: datetime


def held_record(scope: str, clinics: Sequence[Clinic]) -> Held | None:
    """The record of these clinics; None where it is too large to be read at once and nobody has looked at it yet.

    `scope` is the name of their look.
    """
    if Session.objects.filter(clinic__in=clinics).count() <= MOST_READ_NOW:
        now = timezone.now()
        reading = read_record(clinics)
        local = now.astimezone(ZoneInfo(clinics[0].time_zone)).replace(tzinfo=None)
        return Held(registry=known_by(reading.registry, local), ledger=reading.ledger, as_of=now)
    look = latest(scope)
    return None if look is None else Held(registry=look.record, ledger=look.ledger, as_of=look.made_at)


def without_keys(registry: Registry, secret: str) -> Registry:
    """The same registry with pseudonyms in the place of the keys of patients, sessions and reactions."""
    return replace(
        registry,
        sessions=_hidden(registry.sessions, secret),
        components=_hidden(registry.components, secret),
        reactions=_hidden(registry.reactions, secret),
        observations=_hidden(registry.observations, secret),
    )


def to_the_week(frame: pl.DataFrame) -> pl.DataFrame:
    """Days as the Monday of their week."""
    return frame.with_columns(pl.col(pl.Date).dt.truncate("1w"))


def _hidden(frame: pl.DataFrame, secret: str) -> pl.DataFrame:
    return frame.with_columns(
        pl.col(name)
        .cast(pl.String)
        .map_batches(partial(_each, kind=kind, secret=secret), return_dtype=pl.String)
        for name, kind in _KEYS.items()
        if name in frame.columns
    )


def _each(keys: pl.Series, kind: str, secret: str) -> pl.Series:
    """Pseudonyms of a column, each key worked out once."""
    known = {key: pseudonym(kind, key, secret) for key in keys.unique().drop_nulls().to_list()}
    return keys.replace_strict(known, default=None, return_dtype=pl.String)
