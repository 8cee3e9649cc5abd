"""The published outbreaks in the demonstration's record: each a clinic and an investigation of its own, with its source.

Only what was published is written: how many people, how many of them ill, and what they were exposed to. Nobody has a name
or an age. The record needs a day for every session: where none was published, the first day of the time that was stands
there, and the session says so. No reaction has an onset that was not published.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from untoward.registry.models import (
    Clinic,
    Component,
    Investigation,
    Membership,
    Patient,
    Practitioner,
    Product,
    Reaction,
    Session,
    Step,
    User,
)
from untoward.registry.roles import Role
from untoward.registry.writing import Change, write_all
from untoward.tasks.published import ABOUT, read_about
from untoward.tasks.record.case_assessing import term_id
from untoward.tasks.record.patient_keys import drawn_key

Said = Callable[[str, int, int], None]
Row = Mapping[str, str]

READERS = (Role.EPIDEMIOLOGIST, Role.DIRECTOR, Role.OFFICER, Role.INSPECTOR)
"""Who works at these clinics in the demonstration."""
SEXES = {"F": "female", "M": "male"}
NO_COMPOUND = frozenset(
    {"count", "ill", "onset", "sex", "compound", "vehicle", "clinic", "technique", "route", "practitioner", "setting", "licensed"}
)  # fmt: skip
"""Columns of these line lists that say something else than what somebody took in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What an outbreak is called here, where and when it was, and what the day of its sessions stands for ("": published)."""

    name: str
    country: str
    zone: str
    begun: datetime
    known: datetime
    stands_for: str = ""
    technique: str = ""
    food: bool = False


def _day(year: int, month: int = 1, day: int = 1, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


PLACES: Mapping[str, Place] = {
    "balearic-2009": Place(
        name="Balearic Islands 2009 (published)", country="ES", zone="Europe/Madrid",
        begun=_day(2009, 2), known=_day(2009, 2, 28), stands_for="about February 2009",
    ),
    "colombia-1990s": Place(
        name="Colombia 1990s (published)", country="CO", zone="America/Bogota",
        begun=_day(1990), known=_day(1996), stands_for="before 1996; the year was not found",
        technique="injection of lidocaine",
    ),
    "denver-1996": Place(
        name="Denver 1996 (published)", country="US", zone="America/Denver",
        begun=_day(1996, 3), known=_day(1996, 8, 7), stands_for="March and April 1996",
        technique="injection for weight loss",
    ),
    "lima-2004": Place(
        name="Lima 2004 (published; the ill alone)", country="PE", zone="America/Lima",
        begun=_day(2004), known=_day(2005, 12, 31), stands_for="2004 to 2005",
    ),
    "oswego-1940": Place(
        name="Oswego 1940 (published; a meal, no injection)", country="US", zone="America/New_York",
        begun=datetime(1940, 4, 18, 22, tzinfo=UTC), known=_day(1940, 4, 22), technique="church supper", food=True,
    ),
    "paris-2007": Place(
        name="Paris region 2007 (published)", country="FR", zone="Europe/Paris",
        begun=_day(2006, 8, 28), known=_day(2007, 4, 18), stands_for="28 August 2006 to 15 January 2007",
    ),
    "washington-dc-2005": Place(
        name="Washington DC 2005 (published; the ill alone)", country="US", zone="America/New_York",
        begun=_day(2005), known=_day(2005, 2, 28), stands_for="about January and February 2005",
    ),
}  # fmt: skip


def published_outbreaks(examples: Path, users: Mapping[Role, User], at: datetime, say: Said) -> None:
    """Write every outbreak of the folder that is known here, entered at a time by the epidemiologist."""
    found = [(key, place) for key, place in PLACES.items() if (examples / key / ABOUT).is_file()]
    for number, (key, place) in enumerate(found, 1):
        about = read_about(examples / key)
        assert about is not None
        _Outbreak(key, place, about, users).write(_rows(examples / key), at)
        say("published outbreaks", number, len(found))


def _rows(folder: Path) -> list[Row]:
    with (folder / "line-list.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class _Outbreak:
    """One outbreak being written."""

    def __init__(self, key: str, place: Place, about: Mapping[str, Any], users: Mapping[Role, User]) -> None:
        self.key, self.place, self.about, self.users = key, place, about, users
        self.by = users[Role.EPIDEMIOLOGIST]
        self.clinic = Clinic(name=place.name, country=place.country, time_zone=place.zone)
        self.injectors: dict[str, Practitioner] = {}
        self.products: dict[str, Product] = {}

    def write(self, rows: list[Row], at: datetime) -> None:
        """Clinic, people who may see it, the line list, and the investigation."""
        members = [
            Membership(user=self.users[role], clinic=self.clinic, role=role)
            for role in (*READERS, Role.ADMINISTRATOR)
        ]
        write_all([Change(thing=one) for one in (self.clinic, *members)], by=self.by, at=at)
        changes = [change for row in rows for _ in range(int(row["count"])) for change in self._person(row)]
        write_all([*changes, *self._investigation(at)], by=self.by, at=at)

    def _person(self, row: Row) -> Iterator[Change]:
        patient = Patient(clinic=self.clinic, key=drawn_key(), sex=SEXES.get(row.get("sex", ""), ""))
        yield Change(thing=patient)
        named = row.get("practitioner", "") or "Not named in the publication"
        if named not in self.injectors:
            self.injectors[named] = Practitioner(
                clinic=self.clinic, key=self.key, name=named.capitalize(), active=False
            )
            yield Change(thing=self.injectors[named])
        components = []
        for name in _taken(row):
            if name not in self.products:
                self.products[name] = self._product(name)
                yield Change(thing=self.products[name])
            components.append(Component(product=self.products[name]))
        session = Session(
            clinic=self.clinic,
            patient=patient,
            practitioner=self.injectors[named],
            at=self.place.begun,
            technique=row.get("technique", "") or self.place.technique,
            route=row.get("route", ""),
            room=row.get("setting", ""),
            note=self._note(row),
        )
        yield Change(thing=session, parts={"components": components})
        if row["ill"] == "yes":
            yield Change(thing=self._reaction(session, row))

    def _product(self, name: str) -> Product:
        label = name.replace("_", " ")
        words = f"Food: {label}" if self.place.food else label.capitalize()
        where = self.place.name.partition(" (")[0]
        return Product(name=f"{words} ({where})", compounds=[{"compound": label, "percent": None}])

    def _note(self, row: Row) -> str:
        said = [f"Entered again from a publication: {self.about['source']['citation']}."]
        if self.place.stands_for:
            said.append(f"The day was not published: it stands for {self.place.stands_for}.")
        said += [f"{name.capitalize()}: {row[name]}." for name in ("vehicle", "licensed") if row.get(name)]
        return " ".join(said)

    def _reaction(self, session: Session, row: Row) -> Reaction:
        outcome = str(self.about["outcome"])
        onset = row.get("onset", "")
        return Reaction(
            clinic=self.clinic,
            patient=session.patient,
            session=session,
            term=term_id(outcome),
            said=outcome,
            onset_at=self._local(onset) if onset else None,
            outbreak=str(self.about["title"])[:80],
            outcome="not known",
            reported_at=self.place.known,
            read_at=self.place.known,
            signed_at=self.place.known,
            signed_by=self.by,
        )

    def _local(self, text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(self.place.zone))

    def _investigation(self, at: datetime) -> Iterator[Change]:
        """As it was published: what was seen, and what was found of it."""
        about, source = self.about, self.about["source"]
        infection = about["outcome"] == "mycobacterial infection"
        subject = {
            "outcome": "infection" if infection else "any reaction",
            "where": [{"axis": "clinic", "value": self.clinic.name}],
        }
        made = Investigation(
            clinic=self.clinic, title=str(about["title"])[:200], subject=subject, owner=self.by,
            closed_at=at + timedelta(minutes=5),
        )  # fmt: skip
        told = " ".join(str(about["what_happened"]).split())
        read = f"{source['citation']}. {source.get('doi') or source['url']}. Read: {source['read']}."
        entered = " ".join(str(about["how_entered"]).split())
        lacks = "; ".join((*about.get("not_published", ()), *about.get("not_seen", ())))
        steps = (
            ("detect", "told by an authority or a maker", f"{told} {read}"),
            ("validate", "real", f"Published. {entered}"),
            ("prioritise", "no further work", "It is over; it is here to compare with."),
            ("assess", "not enough data yet", f"Not published, or not found: {lacks}."),
            ("recommend", "nothing more to do", "Whoever meets the same signs can look here."),
        )
        yield Change(thing=made)
        for minute, (step, decision, rationale) in enumerate(steps):
            yield Change(
                thing=Step(
                    investigation=made, step=step, at=at + timedelta(minutes=minute), by=self.by,
                    decision=decision, rationale=rationale,
                )
            )  # fmt: skip


def _taken(row: Row) -> list[str]:
    """What somebody got: the compound of the list, or each food they ate."""
    if row.get("compound"):
        return [row["compound"]]
    return [name for name, said in row.items() if name not in NO_COMPOUND and said == "yes"]
