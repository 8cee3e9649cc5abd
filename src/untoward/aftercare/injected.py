"""What was injected, as a person should be able to show it to any doctor. What was not recorded is said."""

from __future__ import annotations

from collections.abc import Mapping

from untoward.aftercare.days import Days
from untoward.aftercare.given import GivenComponent, GivenSession
from untoward.aftercare.sheet import Given, Injected, Statement
from untoward.aftercare.subjects import Subjects, compound_name, has_name, site_name
from untoward.aftercare.texts import Texts
from untoward.aftercare.unknown import against_sharing
from untoward.evidence.base import EvidenceBase
from untoward.model.names import fold
from untoward.model.people import Patient
from untoward.model.quantity import Quantity


def injected(
    base: EvidenceBase, given: GivenSession, person: Patient, subjects: Subjects, days: Days
) -> Injected:
    """The components line by line, the facts of the session, and the list of what is not recorded."""
    texts = days.texts
    rows = tuple(_row(base, given, part, texts, days) for part in given.components)
    facts = _facts(given, person, days)
    missing = _missing(rows, facts, texts)
    notes = (*_notes(rows, missing, subjects, days), *against_sharing(base, given, texts))
    return Injected(facts=facts, rows=rows, missing=missing, notes=notes)


def _row(base: EvidenceBase, given: GivenSession, part: GivenComponent, texts: Texts, days: Days) -> Given:
    inner, none = part.component, texts("injected.not_recorded")
    key = inner.compound
    name = inner.as_named if key is None else compound_name(base, key, texts)
    lot = inner.lot
    if lot and part.expiry is not None:
        lot = f"{lot} ({texts('injected.expiry', date=days.recorded(part.expiry))})"
    sites = part.sites or given.session.sites
    return Given(
        compound=name,
        known_as=_recorded_as((name, *_names_of(base, key)), inner.as_named, texts),
        language="en" if key is not None and not has_name(base, key, texts.language) else None,
        product=part.product or none,
        lot=lot or none,
        vial=inner.vial or none,
        amount=_amount(inner.amount, inner.volume, texts) or none,
        site=_listed([site_name(site, texts) for site in sites]) or none,
        syringe=inner.mix,
    )


def _names_of(base: EvidenceBase, key: str | None) -> tuple[str, ...]:
    return () if key is None else tuple(base.compounds[key].names.values())


def _recorded_as(names: tuple[str, ...], as_named: str, texts: Texts) -> str | None:
    """How it was written, when that is more than a compound's plain name in some language."""
    known = {fold(name) for name in names}
    return None if fold(as_named) in known else texts("injected.recorded_as", name=as_named)


def _amount(amount: Quantity | None, volume: Quantity | None, texts: Texts) -> str:
    return ", ".join(_measured(item, texts) for item in (amount, volume) if item is not None)


def _measured(quantity: Quantity, texts: Texts) -> str:
    value = f"{quantity.value:.6g}"
    unit = {"percent": "%", "ug": "µg", "iu": "IU"}.get(quantity.unit, quantity.unit)
    return f"{value if texts.language == 'en' else value.replace('.', ',')} {unit}"


def _facts(given: GivenSession, person: Patient, days: Days) -> Mapping[str, str]:
    texts, session = days.texts, given.session
    none = texts("injected.not_recorded")
    return {
        "when": none if session.date is None else days.recorded(session.date),
        "by_whom": session.practitioner or none,
        "where": session.clinic or none,
        "phone": given.clinic_phone or none,
        "allergies": ", ".join(person.allergies) or none,
    }


def _missing(rows: tuple[Given, ...], facts: Mapping[str, str], texts: Texts) -> tuple[str, ...]:
    """Keys of what is not recorded for at least one component, then of the session."""
    none = texts("injected.not_recorded")
    cells = ("product", "lot", "vial", "amount", "site")
    lacking = [name for name in cells if any(getattr(row, name) == none for row in rows)]
    return (*lacking, *(name for name in ("when", "by_whom", "where", "phone") if facts[name] == none))


def _notes(
    rows: tuple[Given, ...], missing: tuple[str, ...], subjects: Subjects, days: Days
) -> list[Statement]:
    texts, notes = days.texts, []
    if not rows:
        notes.append(Statement(key="injected.nothing", text=texts("injected.nothing")))
    if subjects.unknown:
        text = texts("injected.unknown_compound", names=", ".join(subjects.unknown))
        notes.append(Statement(key="injected.unknown_compound", text=text))
    asked = [name for name in missing if name != "when"]
    if asked:
        what = ", ".join(texts(f"injected.{name}").lower() for name in asked)
        notes.append(Statement(key="injected.ask_for", text=texts("injected.ask_for", what=what)))
    if days.day_zero is None:
        key = "page.no_date" if days.start is None else "page.vague_date"
        notes.append(Statement(key=key, text=texts(key)))
    return notes


def _listed(names: list[str]) -> str:
    """Names of places in one line; those that hold a comma themselves are parted by semicolons."""
    return ("; " if any("," in name for name in names) else ", ").join(names)
