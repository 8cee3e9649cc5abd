"""When to get help, whom to call, and when to look again. Always there, whatever was injected."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from untoward.aftercare.days import Days
from untoward.aftercare.sheet import Check, Help, Statement
from untoward.aftercare.subjects import Subjects
from untoward.aftercare.topics import Sign, topics
from untoward.evidence.base import EvidenceBase
from untoward.evidence.records import Timing
from untoward.model.quantity import Quantity


class EmergencyNumber(NamedTuple):
    """A number and where it comes from: "given", "country FR", or "country not known" with no number."""

    number: str | None
    basis: str


def emergency_number(given: str | None, country: str | None) -> EmergencyNumber:
    """The number given, else that of the country, else none."""
    if given:
        return EmergencyNumber(given, "given")
    number = topics()["emergency_numbers"].get(country or "")
    return (
        EmergencyNumber(number, f"country {country}")
        if number
        else EmergencyNumber(None, "country not known")
    )


def seek_help(base: EvidenceBase, subjects: Subjects, days: Days, number: EmergencyNumber) -> Help:
    """The signs that need an ambulance, those to be seen the same day, and the warning of late infection."""
    texts = days.texts
    shown = number.number or texts("red.number_unknown")
    return Help(
        number=shown,
        number_basis=number.basis,
        emergency_heading=texts("red.emergency", number=number.number or texts("red.number_short")),
        emergency=tuple(_signs(base, topics().emergency, subjects, days)),
        same_day=tuple(_signs(base, topics().same_day, subjects, days)),
        late=tuple(_late(base, days)),
        always=Statement(key="red.call_us", text=texts("red.call_us"), evidence=("safety-netting",)),
    )


def checks(days: Days) -> tuple[Check, ...]:
    """The days on which to look again."""
    return tuple(_check(day, days) for day in topics()["checks"])


def _signs(
    base: EvidenceBase, wanted: tuple[Sign, ...], subjects: Subjects, days: Days
) -> Iterator[Statement]:
    for sign in wanted:
        if sign.only_for is None or _may_happen(base, sign.only_for, subjects):
            yield Statement(key=f"red.{sign.key}", text=days.texts(f"red.{sign.key}"), evidence=sign.records)


def _may_happen(base: EvidenceBase, condition: str, subjects: Subjects) -> bool:
    """Whether a conditional sign applies. What is unknown is never a no."""
    if condition == "face":
        return subjects.may_be_in(topics()["face_places"])
    if subjects.unknown or not subjects.own:
        return True
    word = topics()["classes"][condition]
    return any(word in base.compounds[key].drug_class for key in subjects.wider)


def _late(base: EvidenceBase, days: Days) -> Iterator[Statement]:
    texts, late = days.texts, topics()["late"]
    last = last_day_to_watch(base)
    yield Statement(
        key="red.late",
        text=texts("red.late", until=days.until(last)),
        evidence=tuple(late["records"]),
        numbers={"last_day": last},
    )
    yield Statement(
        key="red.late_antibiotic", text=texts("red.late_antibiotic"), evidence=tuple(late["antibiotic"])
    )


def last_day_to_watch(base: EvidenceBase) -> float:
    """The latest published onset of a mycobacterial infection, in days after the session."""
    record = base.records[topics()["late"]["onset"]]
    if not isinstance(record, Timing) or record.high is None:
        raise ValueError(f"{record.key} gives no latest onset")
    return Quantity(record.high, record.unit).to("day").value


def _check(day: int, days: Days) -> Check:
    texts, when = days.texts, days.date_of(day)
    if day == 1:
        name = texts("check.hours")
    elif day > 28:
        name = texts("check.week", number=day // 7)
    else:
        name = texts("check.day", number=day)
    if when is None:
        return Check(day=day, name=name, when="", date=None)
    return Check(day=day, name=name, when=days.cell(day), date=when.isoformat())
