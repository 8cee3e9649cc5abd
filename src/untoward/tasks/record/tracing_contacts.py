"""When anything was last heard of everybody who is exposed: a visit, a report, an answered check-in, a recall's contact."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

import polars as pl

from untoward.registry.models import CheckIn, Clinic, Contact
from untoward.tasks.record.pseudonyms import pseudonym
from untoward.watch.workbench.trace import ILL, OPEN

VISIT, CHECK_IN, RECALL = "visit or report", "check-in answered", "reached by a recall"
NEVER = "nothing since"

Heard = dict[str, tuple[date, str]]


def with_heard_of(exposed: pl.DataFrame, clinics: Sequence[Clinic], secret: str = "") -> pl.DataFrame:
    """The exposed of a trace with `heard` (a day), `how`, and `asked`: whether that was after the last exposure.

    Who has not been asked comes first, longest unheard of first; the ill come last. With `secret` the exposed go by
    pseudonyms.
    """
    heard = _heard(clinics, secret)
    days, ways, asked = [], [], []
    for row in exposed.iter_rows(named=True):
        day, how = _latest(row, heard.get(row["patient_id"]))
        since = day is not None and row["last_exposed"] is not None and day > row["last_exposed"]
        days.append(day)
        ways.append(how if since else NEVER)
        asked.append(since or row["state"] == ILL)
    frame = exposed.with_columns(
        pl.Series("heard", days, dtype=pl.Date),
        pl.Series("how", ways, dtype=pl.String),
        pl.Series("asked", asked, dtype=pl.Boolean),
    )
    order = pl.col("state").replace_strict({ILL: 2, OPEN: 0}, default=0, return_dtype=pl.Int8)
    return frame.sort(order, "asked", "heard", "patient_id", nulls_last=False)


def _latest(row: dict[str, object], told: tuple[date, str] | None) -> tuple[date | None, str]:
    seen = row["last_contact"]
    if not isinstance(seen, date):
        return told or (None, NEVER)
    return told if told is not None and told[0] >= seen else (seen, VISIT)


def _heard(clinics: Sequence[Clinic], secret: str) -> Heard:
    """For each person the last day they were heard of outside visits and reports, and how."""
    found: Heard = {}
    zones = {clinic.pk: ZoneInfo(clinic.time_zone) for clinic in clinics}
    answered = CheckIn.objects.filter(session__clinic__in=clinics).exclude(answered_at=None)
    reached = Contact.objects.filter(patient__sessions__clinic__in=clinics, reached=True).distinct()
    rows = [
        (answered.values_list("session__patient__key", "session__clinic_id", "answered_at"), CHECK_IN),
        (reached.values_list("patient__key", "patient__clinic_id", "at"), RECALL),
    ]
    for values, how in rows:
        _keep(found, values, how, zones, secret)
    return found


def _keep(
    found: Heard, rows: Iterable[tuple[str, int, datetime]], how: str, zones: dict[int, ZoneInfo], secret: str
) -> None:
    for key, clinic, at in rows:
        person = pseudonym("P", key, secret) if secret else key
        day = at.astimezone(zones.get(clinic, ZoneInfo("UTC"))).date()
        if person not in found or found[person][0] < day:
            found[person] = (day, how)
