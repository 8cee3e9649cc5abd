"""Read cases from JSON, and turn them into the values the rules see.

A name that is in no list of ours is kept under `unrecognised` and is unknown; it is never dropped and never a
fault. A document that breaks the schema is a fault, and all faults of all cases are reported at once, with
line (JSON Lines) and field.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from untoward.coding.lexicon import default_lexicon
from untoward.coding.reader import TextReader
from untoward.errors import InputError
from untoward.exchange.cases.checks import faults_of
from untoward.exchange.cases.documents import documents_of
from untoward.exchange.cases.named_compounds import SHORTEST_NAME, compounds_named
from untoward.exchange.cases.signs import merged, signs_from_findings
from untoward.model.answer import Answer
from untoward.model.case import Case, Observation
from untoward.model.names import NameIndex
from untoward.model.people import Patient
from untoward.model.product import Component
from untoward.model.quantity import Quantity
from untoward.model.session import Session
from untoward.model.terms import TermKind, TermList
from untoward.model.time import PartialDate


@dataclass(frozen=True)
class CaseNames:
    """What resolves the names in a case: terms and compounds."""

    terms: TermList
    compounds: NameIndex

    def text_reader(self) -> TextReader:
        """The reader of free text over these terms (made once)."""
        return self._text_reader

    @cached_property
    def _text_reader(self) -> TextReader:
        injected = {
            word for name in self.compounds.keys if len(name) >= SHORTEST_NAME for word in name.split(" ")
        }
        return TextReader(self.terms, default_lexicon().with_words("says_nothing", sorted(injected)))


def read_cases(text: str, names: CaseNames, *, file: str = "-") -> tuple[Case, ...]:
    """Cases of a text holding one JSON case, a JSON list of cases, or JSON Lines.

    Raises InputError listing every fault of every case.
    """
    located, faults = documents_of(text, file)
    cases: list[Case] = []
    for where, document in located:
        found = list(faults_of(document, file, where))
        faults += found
        if not found:
            cases.append(case_from(document, names, fallback_id=where.replace(" ", "-") or "case-1"))
    if faults:
        raise InputError(
            f"{file} has {len(faults)} {'fault' if len(faults) == 1 else 'faults'}; nothing was assessed.",
            faults,
        )
    return tuple(cases)


def cases_from_text(
    text: str, names: CaseNames, *, day: float | None, compounds: Iterable[str] = ()
) -> tuple[Case, ...]:
    """One case made of a sentence, the day if known, and the names of what was injected."""
    components = [{"compound": name} for name in compounds]
    document = {
        "id": "text",
        "sessions": [{"day": 0, "components": components}] if components else [],
        "observations": [{"day": day, "text": text}],
    }
    return (case_from(document, names),)


def case_from(document: Mapping[str, Any], names: CaseNames, *, fallback_id: str = "case-1") -> Case:
    """Turn a document in which `checks.faults_of` finds nothing into a case.

    Raises ValueError for an unknown unit or a date that is none.
    """
    patient, unrecognised = _patient(document.get("patient") or {}, names)
    sessions = tuple(_session(item, names) for item in document.get("sessions") or _told(document, names))
    unknown = [part.as_named for session in sessions for part in session.components if part.compound is None]
    return Case(
        id=str(document.get("id") or fallback_id),
        patient=patient,
        sessions=sessions,
        observations=tuple(
            _observation(item, names, first=place == 0) for place, item in enumerate(document["observations"])
        ),
        unrecognised=(*unrecognised, *dict.fromkeys(unknown)),
    )


def _told(document: Mapping[str, Any], names: CaseNames) -> list[dict[str, Any]]:
    """The session that the texts of a case tell of when it states none: what they say was injected."""
    texts = (item.get("text") or "" for item in document["observations"])
    named = dict.fromkeys(name for text in texts for name in compounds_named(text, names.compounds))
    return [{"components": [{"compound": name} for name in named]}] if named else []


def _patient(item: Mapping[str, Any], names: CaseNames) -> tuple[Patient, list[str]]:
    history, allergies, medicines = (
        tuple(item.get(key) or ()) for key in ("history", "allergies", "medicines")
    )
    context: set[str] = set()
    unrecognised: list[str] = []
    for name in (*history, *medicines):
        term = names.terms.resolve(name)
        if term is not None and term.kind is TermKind.CONTEXT:
            context.add(term.id)
        elif term is None and name in history:
            unrecognised.append(name)
    patient = Patient(
        age_years=item.get("age"),
        sex=item.get("sex"),
        weight=None if item.get("weight_kg") is None else Quantity(item["weight_kg"], "kg"),
        pregnant=Answer.of(item.get("pregnant")),
        history=history,
        allergies=allergies,
        medicines=medicines,
        context=frozenset(context),
    )
    return patient, unrecognised


def _session(item: Mapping[str, Any], names: CaseNames) -> Session:
    return Session(
        day=item.get("day"),
        date=None if item.get("date") is None else PartialDate.parse(item["date"]),
        clinic=item.get("clinic"),
        practitioner=item.get("practitioner"),
        technique=item.get("technique"),
        route=item.get("route"),
        sites=tuple(item.get("sites") or ()),
        setting=item.get("setting"),
        licensed=Answer.of(item.get("licensed")),
        components=tuple(_component(part, names) for part in item.get("components") or ()),
    )


def _component(item: Mapping[str, Any], names: CaseNames) -> Component:
    amount, unit, volume = item.get("amount"), item.get("unit"), item.get("volume_ml")
    return Component(
        as_named=item["compound"],
        compound=names.compounds.find(item["compound"]),
        amount=None if amount is None or unit is None else Quantity.of(amount, unit),
        volume=None if volume is None else Quantity(volume, "ml"),
        lot=item.get("lot"),
        vial=item.get("vial"),
        mix=item.get("mix"),
    )


def _observation(item: Mapping[str, Any], names: CaseNames, *, first: bool) -> Observation:
    """One observation. A day told in words counts for the first alone: later ones may tell of a treatment since."""
    text = item.get("text") or ""
    reader = names.text_reader()
    read = reader.read(text)
    entered, unrecognised = signs_from_findings(item.get("findings") or {}, names.terms, reader.coder)
    day = item.get("day")
    return Observation(
        day=read.day if day is None and first else day,
        text=text,
        signs=merged(read.signs, entered),
        unrecognised=(*unrecognised, *read.unread),
    )
