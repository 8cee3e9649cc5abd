"""The invented people of the demonstration: who works at its clinics, and the names of its patients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from untoward.registry.models import Clinic, Credential, Membership, Practitioner, User
from untoward.registry.roles import Role
from untoward.registry.writing import Change, write_all
from untoward.tasks.record.credential_numbers import npi_check_digit
from untoward.tasks.site_demo_rows import Rows

GIVEN = (
    "Ana", "Beatriz", "Carmen", "Delia", "Elena", "Fatima", "Grace", "Hanna", "Ines", "Julia", "Karima", "Laura",
    "Marta", "Nadia", "Olga", "Paula", "Rosa", "Sofia", "Teresa", "Vera", "Adam", "Bruno", "Carlos", "David", "Hugo",
)  # fmt: skip
FAMILY = (
    "Abbott", "Baker", "Castro", "Dahl", "Evans", "Fischer", "Garcia", "Hughes", "Ibarra", "Jansen", "Keller", "Lopez",
    "Moreno", "Novak", "Okafor", "Perez", "Quinn", "Rossi", "Silva", "Tanaka", "Ulloa", "Vega", "Walsh", "Young",
)  # fmt: skip
TECHNIQUES = ("mesotherapy", "injection lipolysis", "skin booster")
USERS = {
    Role.INJECTOR: "Iris Injector",
    Role.DIRECTOR: "Dana Director",
    Role.OFFICER: "Omar Officer",
    Role.EPIDEMIOLOGIST: "Eva Epidemiologist",
    Role.INSPECTOR: "Ivan Inspector",
    Role.ADMINISTRATOR: "Ada Administrator",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Users by role, clinics by name, practitioners by clinic and key."""

    users: dict[Role, User]
    clinics: dict[str, Clinic]
    practitioners: dict[tuple[str, str], Practitioner]


def address_of(role: Role) -> str:
    """How the demonstration's user of a role signs in."""
    return f"{role.value}@demo.example"


def name_of(key: str) -> str:
    """A name for a key, always the same one."""
    draw = Random(key)  # noqa: S311 (names, not secrets)
    return f"{draw.choice(GIVEN)} {draw.choice(FAMILY)}"


def staff(rows: Rows) -> People:
    """Clinics, users of every role at each, and practitioners with their credentials, as of the day it begins."""
    began = rows.visits[0].at - timedelta(days=1)
    users = {
        role: User.objects.create_user(address_of(role), None, name=name) for role, name in USERS.items()
    }
    clinics = {row["clinic"]: _clinic(row, number) for number, row in enumerate(rows.clinics)}
    write_all([Change(thing=clinic) for clinic in clinics.values()], by=users[Role.DIRECTOR], at=began)
    members = [
        Membership(user=user, clinic=clinic, role=role)
        for clinic in clinics.values()
        for role, user in users.items()
    ]
    write_all([Change(thing=member) for member in members], by=users[Role.DIRECTOR], at=began)
    made: dict[tuple[str, str], Practitioner] = {}
    changes = []
    for number, row in enumerate(rows.practitioners):
        clinic = clinics[row["clinic"]]
        person = Practitioner(
            clinic=clinic, key=row["practitioner"], name=f"Dr {name_of(row['clinic'] + row['practitioner'])}"
        )
        made[row["clinic"], row["practitioner"]] = person
        changes.append(Change(thing=person, parts={"credentials": _credentials(number, rows.now.date())}))
    write_all(changes, by=users[Role.ADMINISTRATOR], at=began)
    return People(users=users, clinics=clinics, practitioners=made)


def _clinic(row: dict[str, str], number: int) -> Clinic:
    return Clinic(
        name=row["clinic"],
        city=row["city"],
        region=row["region"],
        country="GB",
        time_zone="Europe/London",
        phone=f"+44 20 7946 00{number + 10}",  # numbers kept for invented people
    )


def _credentials(number: int, today: date) -> list[Credential]:
    """A licence, soon at its end for one, and for another without injection lipolysis."""
    first = f"1{number:08d}"
    allows = [name for name in TECHNIQUES if number != 2 or name != "injection lipolysis"]
    return [
        Credential(
            kind="npi" if number % 2 else "gmc",
            number=f"{first}{npi_check_digit(first)}" if number % 2 else f"7{number:06d}",
            issuer="Register (invented)",
            expires=today + timedelta(days=25 if number == 1 else 200 + 31 * number),
            allows=allows,
            checked_on=today - timedelta(days=90),
            checked_how="looked up on the register's page",
        )
    ]
