"""A clinic with one thing of every kind, so that every page has something to show; every text in it can be chosen."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from tests.registry.patients.people import picture
from tests.web.conftest import Staffed, staffed

from untoward.registry.models import (
    Component,
    Consent,
    ConsentText,
    Contact,
    Credential,
    Decision,
    Entry,
    Ingredient,
    Investigation,
    Lot,
    Membership,
    Note,
    Observation,
    Patient,
    Point,
    Practitioner,
    Product,
    Reaction,
    Recall,
    Recipe,
    Session,
    Step,
    Task,
    Vial,
)
from untoward.registry.roles import Role
from untoward.registry.writing import write
from untoward.tasks.record import check_ins, passports, photos
from untoward.tasks.record.cases import report
from untoward.web import tokens, urls
from untoward.web.api import OPERATIONS, api
from untoward.web.listing import PAGES

Words = Callable[[str], str]
assert urls.urlpatterns, "importing the addresses lists the pages"


@dataclass(frozen=True)
class World(Staffed):
    """One clinic with one of each thing by the name of its kind, and the links its patient has."""

    things: dict[str, object] = field(default_factory=dict)
    own_link: str = ""
    check_in_link: str = ""

    def __getattr__(self, name):
        try:
            return self.__dict__["things"][name]
        except KeyError:
            raise AttributeError(name) from None


def plain(kind: str) -> str:
    """Words as a clinic would write them."""
    return f"{kind} as told"


def fitted(words: Words, kind: str, most: int) -> str:
    """As much of the words as the column holds: PostgreSQL refuses what is longer."""
    return words(kind)[:most]


def made(name: str, words: Words = plain) -> World:
    """A clinic of this name in which everything has happened, with texts of one's choice wherever somebody can type one."""
    place = staffed(name)
    things: dict[str, object] = {}
    _clinic(place, words)
    _stock(place, things, words)
    _people(place, things, words)
    _visit(place, things, words)
    _aftermath(place, things, words)
    own = passports.passport_link(things["session"], by=place.users[Role.INJECTOR]).token
    things["own_page"] = things["session"].own_pages.get()
    asked = check_ins.schedule(things["session"], by=place.users[Role.INJECTOR])
    link = check_ins.new_link(asked[0], by=place.users[Role.INJECTOR]).rpartition("/")[2]
    things["check_in"], things["later_check_in"] = asked[0], asked[1]
    made_key = tokens.make(
        place.users[Role.DIRECTOR],
        place.clinic,
        name=fitted(words, "token", 80),
        scopes=["see_stock"],
        days=3,
    )
    things["token"] = made_key.token
    return World(clinic=place.clinic, users=place.users, things=things, own_link=own, check_in_link=link)


def _clinic(place, words):
    clinic = place.clinic
    clinic.name = fitted(words, f"clinic {clinic.name}", 120)
    clinic.city, clinic.region = fitted(words, "city", 120), fitted(words, "region", 120)
    clinic.phone, clinic.check_in_days = fitted(words, "+34 900 000 001", 40), [3, 7]
    write(clinic, by=None, reason=fitted(words, "reason", 400))
    for role, user in place.users.items():
        user.name = fitted(words, f"user {role}", 120)
        user.save()


def _stock(place, things, words):
    by, now = place.users[Role.INJECTOR], timezone.now()
    product = Product(
        name=fitted(words, f"product {place.clinic.pk}", 160),
        maker=fitted(words, "maker", 160),
        compounds=[{"compound": "deoxycholic-acid", "percent": 1}],
    )
    lot = Lot(
        product=product, number=fitted(words, "L1", 40), supplier=fitted(words, "supplier", 160),
        recall_reason=fitted(words, "why recalled", 400),
    )  # fmt: skip
    vial = Vial(
        clinic=place.clinic,
        lot=lot,
        label=fitted(words, "V1", 40),
        opened_by=by,
        opened_at=now - timedelta(days=5),
    )
    spare = Vial(
        clinic=place.clinic, lot=lot, label=fitted(words, "V2", 40), recall_reason=fitted(words, "glass", 400)
    )
    for thing in (product, lot, vial, spare):
        write(thing, by=by)
    recipe = Recipe(clinic=place.clinic, name=fitted(words, "recipe", 120))
    write(recipe, by=by, parts={"ingredients": [Ingredient(product=product, volume_ml=1)]})
    things |= {"product": product, "lot": lot, "vial": vial, "spare": spare, "recipe": recipe}


def _people(place, things, words):
    by, now = place.users[Role.INJECTOR], timezone.now()
    person = Practitioner(
        clinic=place.clinic, key=fitted(words, "D1", 60), name=fitted(words, "practitioner", 120), user=by
    )
    licence = Credential(
        kind="licence", number=fitted(words, "7", 60), issuer=fitted(words, "issuer", 120),
        checked_how=fitted(words, "looked", 200), expires=now.date() + timedelta(days=9), allows=["mesotherapy"],
    )  # fmt: skip
    write(person, by=by, parts={"credentials": [licence]})
    patient = Patient(
        clinic=place.clinic, key=f"{place.clinic.pk:04d}-AAAA", name=fitted(words, "patient", 160),
        contact=fitted(words, "contact", 200), allergies=[words("allergy")], history=[words("history")],
        medicines=[words("medicine")], birth_year=1980, sex="female",
    )  # fmt: skip
    write(patient, by=by)
    text = ConsentText(
        clinic=place.clinic, name=fitted(words, "text", 120), edition=fitted(words, "1", 40), language="en",
        body=words("body"),
    )  # fmt: skip
    write(text, by=by)
    consent = Consent(
        patient=patient, text=text, given_at=now - timedelta(days=9), taken_by=by, photo_purposes=["care"],
        discussed=[*sorted({"harms"}), words("said too")], signed_name=fitted(words, "signed", 160),
    )  # fmt: skip
    write(consent, by=by)
    note = Note(patient=patient, at=now, by=by, text=words("note"))
    write(note, by=by)
    things |= {"practitioner": person, "patient": patient, "text": text, "consent": consent, "note": note}
    things["member"] = Membership.objects.get(user=by)


def _visit(place, things, words):
    by, now = place.users[Role.INJECTOR], timezone.now()
    session = Session(
        clinic=place.clinic, patient=things["patient"], practitioner=things["practitioner"], at=now - timedelta(days=2),
        technique=fitted(words, "mesotherapy", 40), route=fitted(words, "intradermal", 40), consent=things["consent"],
        device=fitted(words, "device", 80), room=fitted(words, "room", 60), sites=["face"], note=words("session note"),
        asepsis={"hand_hygiene": True},
        overrides=[{"block": "k", "kind": "block", "statement": words("against"), "reason": words("although"), "by": "N"}],
    )  # fmt: skip
    part = Component(product=things["product"], lot=things["lot"], vial=things["vial"], volume_ml=0.2)
    place_of = Point(view="face-front", zone="cheek-left", x=0.5, y=0.4, volume_ml=0.2)
    write(session, by=by, parts={"components": [part], "points": [place_of]})
    things["session"] = session
    things["photo"] = photos.store(picture(), patient=things["patient"], by=by, session=session, view="close")


def _aftermath(place, things, words):
    by, officer, now = place.users[Role.INJECTOR], place.users[Role.OFFICER], timezone.now()
    case = report(
        session=things["session"], by=by, said=words("said"), findings={"pain": True}, by_patient=True
    )
    case.outcome = "recovering"
    write(case, by=by, reason="more")
    seen = Observation(reaction=case, at=now, text=words("seen"), findings={"words": words("found")})
    chosen = Decision(reaction=case, at=now, by=officer, kind="called", text=words("decision"))
    to_do = Task(
        clinic=place.clinic, kind="other", text=fitted(words, "to do", 300), due_at=now, reaction=case
    )
    recall = Recall(
        vial=things["vial"],
        reason=fitted(words, "recall", 400),
        begun_at=now,
        begun_by=officer,
        closing=words("closing"),
    )
    reached = Contact(
        recall=recall, patient=things["patient"], at=now, by=by, how="phone", reached=False,
        note=fitted(words, "no answer", 400),
    )  # fmt: skip
    work = Investigation(
        clinic=place.clinic, title=fitted(words, "work", 200), owner=officer,
        subject={"outcome": "nodule", "where": [{"axis": "lot", "value": words("where")}]},
    )  # fmt: skip
    step = Step(
        investigation=work,
        step="detect",
        at=now,
        by=officer,
        decision="noticed by a person",
        rationale=words("because"),
    )
    for thing in (seen, chosen, to_do, recall, reached, work, step):
        write(thing, by=by)
    things |= {
        "case": Reaction.objects.get(pk=case.pk),
        "task": to_do,
        "recall": recall,
        "investigation": work,
    }


ABOUT = {
    "session": "session", "sessions": "session", "passport": "session", "lot": "lot", "lots": "lot", "vial": "vial",
    "vials": "vial", "patients": "patient", "consents": "consent", "consent-texts": "text", "products": "product",
    "recipes": "recipe", "recalls": "recall", "task": "task", "tasks": "task", "photos": "photo", "problem": "case",
    "investigations": "investigation", "practitioner": "practitioner", "practitioners": "practitioner",
    "member": "member", "members": "member", "own-pages": "own_page", "case": "case", "cases": "case",
    "check-ins": "check_in", "clinic": "clinic", "clinics": "clinic", "tokens": "token", "keys": "token", "notes": "note",
}  # fmt: skip
"""What a uid in an address is that of, by the word before it."""


def subject_of(path: str) -> str:
    """The kind of thing whose uid stands in the path of a page or call."""
    word = re.split(r"/[<{]uuid:uid", f"/{path}")[0].rpartition("/")[2]
    assert word in ABOUT, f"say in ABOUT what the uid after {word!r} is that of"
    return ABOUT[word]


def uid_in(path: str, world: World) -> object:
    """The uid of the thing of this clinic that a path is about."""
    kind = subject_of(path)
    return world.clinic.uid if kind == "clinic" else world.things[kind].uid


def address(name: str, world: World) -> str:
    """Where a page about a thing of this clinic is."""
    for values in _values(name, world):
        try:
            return reverse(name, kwargs=values)
        except NoReverseMatch:
            continue
    raise AssertionError(f"no values fit the page {name}")


def _values(name, world):
    yield {}
    page = PAGES[name]
    values = {}
    if "<uuid:uid>" in page.path:
        values["uid"] = uid_in(page.path, world)
    if "<str:token>" in page.path:
        values["token"] = world.check_in_link if page.path.startswith("c/") else world.own_link
    if "<int:number>" in page.path:
        values["number"] = Entry.objects.filter(clinic=world.clinic).order_by("-number").first().number
    if "<slug:key>" in page.path:
        values["key"] = "deoxycholic-acid"
    yield values
    yield {"language": "en"}
    yield {"version": "1"}


def call_path(name: str, world: World) -> str:
    """Where a call about a thing of this clinic is."""
    path = OPERATIONS[name].path
    if "{uuid:uid}" in path:
        path = path.replace("{uuid:uid}", str(uid_in(path, world)))
    if "{int:number}" in path:
        last = Entry.objects.filter(clinic=world.clinic).order_by("-number").first().number
        path = path.replace("{int:number}", str(last))
    return "/api/v1" + path.replace("{slug:key}", "lidocaine")


@cache
def _described():
    """What the API says of itself; made once, since it takes longer than the calls."""
    return api.get_openapi_schema(path_prefix="")


class Bodies:
    """Documents for calls, made from how the API describes them: every text is the one given, every uid one of the clinic."""

    def __init__(self, world: World, text: str) -> None:
        self.world, self.text = world, text
        self.described = _described()
        ways = (one for paths in self.described["paths"].values() for one in paths.values())
        self.by_name = {one["operationId"]: one for one in ways}

    def body(self, name: str) -> object:
        """A document for a call; None where it takes none."""
        taken = self.by_name[name].get("requestBody")
        kinds = taken["content"] if taken else {}
        return self._value(kinds["application/json"]["schema"], name) if "application/json" in kinds else None

    def _value(self, schema, name):
        schema = self._resolved(schema)
        if "enum" in schema or "const" in schema:
            return schema.get("const", (schema.get("enum") or [None])[0])
        kind = schema.get("type")
        if kind == "object":
            named = {key: self._value(one, key) for key, one in schema.get("properties", {}).items()}
            return named or {
                self.text[:40]: self._value(schema.get("additionalProperties") or {"type": "string"}, name)
            }
        if kind == "array":
            return [self._value(schema.get("items", {"type": "string"}), name)]
        if kind == "string":
            return self._string(schema, name)
        return {"integer": 1, "number": 1.0, "boolean": True}.get(kind)

    def _string(self, schema, name):
        wanted = schema.get("format")
        if wanted == "uuid":
            known = self.world.things.get({"consent_text": "text"}.get(name, name), self.world.patient)
            return str(known.uid)
        fixed = {"date-time": "2026-01-01T10:00:00Z", "date": "2030-01-01"}.get(wanted)
        return fixed or self.text[: schema.get("maxLength", 10_000)]

    def _resolved(self, schema):
        if not isinstance(schema, dict):
            return {"type": "string"}
        if "$ref" in schema:
            return self._resolved(self.described["components"]["schemas"][schema["$ref"].rpartition("/")[2]])
        for several in ("anyOf", "oneOf", "allOf"):
            if several in schema:
                first = next((one for one in schema[several] if one.get("type") != "null"), {"type": "null"})
                return {
                    **self._resolved(first),
                    **{key: value for key, value in schema.items() if key == "format"},
                }
        return schema
