"""The demonstration's past, written day by day in the order in which it happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from untoward.registry.models import Component, Lot, Patient, Point, Product, Session, Vial
from untoward.registry.roles import Role
from untoward.registry.writing import Change, write_all
from untoward.tasks.record.patient_keys import drawn_key
from untoward.tasks.site_demo_people import People, name_of
from untoward.tasks.site_demo_problems import Problems
from untoward.tasks.site_demo_rows import Rows, Visit

Said = Callable[[str, int, int], None]

ASEPSIS = ("skin_preparation", "hand_hygiene", "sterile_needle", "no_tap_water", "vial_in_date", "clean_room")
PLACES: dict[str, tuple[tuple[str, str], ...]] = {
    "face": (("face-front", "cheek-left"), ("face-front", "cheek-right"), ("face-front", "forehead")),
    "submental": (("face-front", "submental"),),
    "neck": (("face-front", "neck"),),
    "abdomen": (("body-front", "abdomen-upper"), ("body-front", "abdomen-lower")),
    "flanks": (("body-front", "flank-left"), ("body-front", "flank-right")),
    "thigh": (("body-front", "thigh-outer-left"), ("body-front", "thigh-outer-right")),
    "buttock": (("body-back", "buttock-left"), ("body-back", "buttock-right")),
    "hand": (("body-front", "hand-left"), ("body-front", "hand-right")),
}
MIXES = {"1": "A", "2": "B", "3": "C"}
SEXES = {"F": "female", "M": "male"}
LOT_LASTS = timedelta(days=540)
OPEN_FOR_HOURS = 28 * 24.0
THROWN_AWAY_AFTER = timedelta(hours=OPEN_FOR_HOURS)
LANGUAGES = {5: "pt", 7: "fr"}
"""Of 36 people one speaks Portuguese and one French; four speak Spanish, the others English."""
ALLERGIES = {0: None, 1: None, 2: ["lidocaine"]}
"""Of ten people two were never asked and one cannot have lidocaine; the others have none known."""


def day_by_day(rows: Rows, people: People, say: Said) -> dict[str, Session]:
    """Write every visit and every problem on its day. Gives the sessions by their key in the tables."""
    writer = _Writer(people)
    problems = Problems(rows, people, writer.sessions)
    thrown = _thrown_away(rows)
    visits: dict[date, list[Visit]] = defaultdict(list)
    for visit in rows.visits:
        visits[visit.at.date()].append(visit)
    days = sorted({*visits, *problems.days(), *thrown})
    for number, day in enumerate(days, 1):
        told = problems.changes_on(day)
        end = min(datetime.combine(day, datetime.max.time(), rows.now.tzinfo), rows.now)
        injector = people.users[Role.INJECTOR]
        changes = [change for visit in visits.get(day, ()) for change in writer.visit(visit)]
        changes += [change for key in thrown.get(day, ()) for change in writer.throw_away(key, end)]
        if changes:
            write_all(changes, by=injector, at=end, reason="past the time it may be used")
        if made := list(told):
            write_all(made, by=injector, at=end, reason="seen again")
        say("days of the record", number, len(days))
    return writer.sessions


def _thrown_away(rows: Rows) -> dict[date, list[tuple[str, str]]]:
    """Vials (clinic, label) by the day on which they are thrown away: when their time is over and nobody uses them after it."""
    first: dict[tuple[str, str], datetime] = {}
    last: dict[tuple[str, str], datetime] = {}
    for visit in rows.visits:
        for part in visit.parts:
            if part["vial"] and part["lot"]:
                key = (visit.row["clinic"], part["vial"])
                first.setdefault(key, visit.at)
                last[key] = visit.at
    days: dict[date, list[tuple[str, str]]] = defaultdict(list)
    for key, opened in first.items():
        over = max(opened + THROWN_AWAY_AFTER, last[key]).date()
        if over < rows.now.date():
            days[over].append(key)
    return days


class _Writer:
    """What is there already, and the changes that one more visit makes."""

    def __init__(self, people: People) -> None:
        self.people = people
        self.sessions: dict[str, Session] = {}
        self._products: dict[tuple[str, float | None], Product] = {}
        self._lots: dict[tuple[str, str], Lot] = {}
        self._vials: dict[tuple[str, str], Vial] = {}
        self._patients: dict[tuple[str, str], Patient] = {}

    def visit(self, visit: Visit) -> Iterator[Change]:
        """Whatever is new (a patient, a lot, a vial), then the session."""
        row = visit.row
        clinic = self.people.clinics[row["clinic"]]
        if (row["clinic"], row["patient_id"]) not in self._patients:
            yield Change(thing=self._new_patient(visit))
        components = []
        for part in visit.parts:
            yield from self._new_stock(visit, part)
            components.append(self._component(row["clinic"], part))
        session = Session(
            clinic=clinic,
            patient=self._patients[row["clinic"], row["patient_id"]],
            practitioner=self.people.practitioners[row["clinic"], row["practitioner"]],
            at=visit.at,
            technique=row["technique"] or "mesotherapy",
            route=row["route"] or "",
            room=row["setting"] or "",
            sites=(row["sites"] or "").split(";") if row["sites"] else [],
            asepsis=dict.fromkeys(ASEPSIS, True if visit.at.day % 7 else None),
        )
        self.sessions[row["session_id"]] = session
        yield Change(
            thing=session, parts={"components": components, "points": list(_points(session, components))}
        )

    def throw_away(self, key: tuple[str, str], at: datetime) -> Iterator[Change]:
        """The vial of this clinic and label, discarded."""
        vial = self._vials[key]
        vial.discarded_at = at
        yield Change(thing=vial)

    def _new_patient(self, visit: Visit) -> Patient:
        row = visit.row
        number = int(row["patient_id"][1:])
        made = Patient(
            clinic=self.people.clinics[row["clinic"]],
            key=drawn_key(),
            name=name_of(row["patient_id"]),
            contact=f"patient{number}@demo.example",
            birth_year=visit.at.year - int(row["age"]) if row["age"] is not None else None,
            sex=SEXES.get(row["sex"], ""),
            language=LANGUAGES.get(number % 36, "es" if number % 9 == 0 else "en"),
            allergies=ALLERGIES.get(number % 10, []),
        )
        self._patients[row["clinic"], row["patient_id"]] = made
        return made

    def _new_stock(self, visit: Visit, part: dict[str, Any]) -> Iterator[Change]:
        product_key = (part["compound_key"] or part["compound"], part["percent"])
        if product_key not in self._products:
            self._products[product_key] = _product(part)
            yield Change(thing=self._products[product_key])
        product = self._products[product_key]
        if part["lot"] and (product.name, part["lot"]) not in self._lots:
            lot = Lot(
                product=product,
                number=part["lot"],
                expires=(visit.at + LOT_LASTS).date(),
                supplier=part["supplier"] or "",
            )
            self._lots[product.name, part["lot"]] = lot
            yield Change(thing=lot)
        vial_key = (visit.row["clinic"], part["vial"])
        if part["vial"] and part["lot"] and vial_key not in self._vials:
            vial = Vial(
                clinic=self.people.clinics[visit.row["clinic"]],
                lot=self._lots[product.name, part["lot"]],
                label=part["vial"],
                opened_at=visit.at,
                opened_by=self.people.users[Role.INJECTOR],
            )
            self._vials[vial_key] = vial
            yield Change(thing=vial)

    def _component(self, clinic: str, part: dict[str, Any]) -> Component:
        product = self._products[part["compound_key"] or part["compound"], part["percent"]]
        return Component(
            mix=MIXES.get(part["mix"] or "1", "A"),
            product=product,
            lot=self._lots.get((product.name, part["lot"])),
            vial=self._vials.get((clinic, part["vial"])),
            volume_ml=part["volume_ml"],
            amount=part["amount"],
            unit=part["unit"] or "",
        )


def _product(part: dict[str, Any]) -> Product:
    percent = part["percent"]
    strength = "" if percent is None else f" {percent:g} %"
    known = part["compound_key"]
    return Product(
        name=f"{(known or part['compound']).replace('-', ' ').capitalize()}{strength}",
        maker="Demonstration Pharma (invented)",
        compounds=[{"compound": known or part["compound"], "percent": percent}],
        in_use_hours=OPEN_FOR_HOURS,
    )


def _points(session: Session, components: list[Component]) -> Iterator[Point]:
    places = [place for site in session.sites for place in PLACES.get(site, ())]
    volume = sum(part.volume_ml or 0 for part in components if part.mix == "A")
    for view, zone in places:
        yield Point(
            view=view,
            zone=zone,
            mix="A",
            volume_ml=round(volume / len(places), 2) or None,
            depth=session.route if session.route in {"intradermal", "subcutaneous"} else "",
        )
