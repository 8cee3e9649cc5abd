"""The form of a case definition: fields as they were typed, and the definition that the command line understands."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from hashlib import sha256
from typing import Any

from django.utils.translation import gettext as _

from untoward.errors import Fault, InputError
from untoward.exchange.definitions import read_definition
from untoward.exchange.definitions.template import DEFAULT_TERMS
from untoward.tasks.investigating import LoadedDefinition
from untoward.tasks.knowledge import evidence
from untoward.watch.outcomes import ALLERGY, TISSUE_INJURY
from untoward.watch.workbench.definition import LEVELS, definition_from

NAME = "definition.json"
_GROUPS: Mapping[str, frozenset[str]] = {
    ALLERGY.name: frozenset({"allergy"}),
    TISSUE_INJURY.name: frozenset({"vascular", "nerve", "skin-lasting"}),
}
_PARTED = re.compile(r"[;,\n]")
_LONGEST = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DefinitionFields:
    """Every field as text, as somebody typed it. Lists are parted by commas, semicolons or lines.

    `onset_*` are days after a session, `sessions_*` and `begun_*` ISO dates (a month or a year will do). `culture` are
    findings that confirm, `signs` findings and `lesions` a number of lesions that make a case probable. `counts` are the
    levels that count as ill. `own`, when filled, is a definition written by hand and takes the place of the rest.
    """

    name: str = ""
    question: str = ""
    terms: str = ""
    onset_from: str = ""
    onset_to: str = ""
    sessions_from: str = ""
    sessions_to: str = ""
    begun_from: str = ""
    begun_to: str = ""
    practitioners: str = ""
    techniques: str = ""
    age_from: str = ""
    age_to: str = ""
    culture: str = ""
    signs: str = ""
    lesions: str = ""
    counts: str = ""
    own: str = ""

    def kept(self) -> dict[str, str]:
        """The fields that were filled, as they are kept."""
        return {name: value for name, value in asdict(self).items() if value}


NAMES = tuple(field.name for field in fields(DefinitionFields))


def fields_from(given: Mapping[str, str]) -> DefinitionFields:
    """The fields of a form or of what was kept."""
    return DefinitionFields(**{name: str(given.get(name) or "").strip()[:_LONGEST] for name in NAMES})


def first_fields(title: str, outcome: str) -> DefinitionFields:
    """Where a definition begins: the usual one of infections, or the terms of another outcome. No exposure is in it."""
    begun = DefinitionFields(
        name=title,
        question=_("Which exposure do the cases share that the others do not?"),
        terms=", ".join(DEFAULT_TERMS),
        onset_from="7",
        onset_to="203",
        culture="mycobacteria culture positive",
        signs="antibiotic failure",
        lesions="2",
    )
    groups = _GROUPS.get(outcome)
    if groups is None:
        return begun
    terms = [term.id.replace("-", " ") for term in evidence().terms.terms.values() if term.group in groups]
    return replace(begun, terms=", ".join(terms), onset_from="0", onset_to="60", culture="", signs="")


def definition_text(form: DefinitionFields) -> str:
    """The definition as a file for `untoward investigate`. Raises InputError for numbers that are none."""
    if form.own:
        return form.own
    faults = list(_number_faults(form))
    if not _listed(form.terms):
        faults.append(
            Fault(
                what=_("no reaction is named"), field="terms", expected=_("such as nodule, abscess"),
            )
        )  # fmt: skip
    if faults:
        raise InputError(_("Nobody was counted."), faults)
    return json.dumps(_document(form), ensure_ascii=False, indent=1)


def defined_by(form: DefinitionFields) -> LoadedDefinition:
    """The checked definition. Raises InputError with every fault, each named by the field of the form it is in."""
    text, base = definition_text(form), evidence()
    try:
        reading = read_definition(text, file=NAME, terms=base.terms, compounds=base.compound_names)
    except InputError as error:
        raise InputError(error.message, [_on_the_form(fault, form) for fault in error.faults]) from error
    return LoadedDefinition(
        definition=definition_from(reading.document),
        reading=reading,
        name=NAME,
        sha256=sha256(text.encode()).hexdigest(),
    )


def _document(form: DefinitionFields) -> dict[str, Any]:
    person = {"age": _range(form.age_from, form.age_to)}
    place = {"practitioner": _listed(form.practitioners), "technique": _listed(form.techniques)}
    time = {
        "sessions": _span(form.sessions_from, form.sessions_to),
        "onset": _span(form.begun_from, form.begun_to),
    }
    levels = _levels(form)
    counts = [level for level in LEVELS if level in _listed(form.counts) and level in levels]
    document = {
        "name": form.name or _("Cases"),
        "question": form.question,
        "person": _filled(person),
        "place": _filled(place),
        "time": _filled(time),
        "counts": counts,
        "levels": levels,
    }
    return _filled(document)


def _levels(form: DefinitionFields) -> dict[str, Any]:
    illness = _filled({"term": _listed(form.terms), "onset_day": _range(form.onset_from, form.onset_to)})
    levels: dict[str, Any] = {}
    if _listed(form.culture):
        levels["confirmed"] = {"all": [illness, {"finding": _listed(form.culture)}]}
    signs: list[dict[str, Any]] = [{"finding": _listed(form.signs)}] if _listed(form.signs) else []
    if form.lesions:
        signs.append(
            {"measure": "count", "from": _number(form.lesions), "label": f"lesions, {form.lesions} or more"}
        )
    if signs:
        levels["probable"] = {"all": [illness, {"any": signs}]}
    levels["suspect"] = {"all": [illness]}
    return levels


def _filled(document: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if value}


def _listed(text: str) -> list[str]:
    return list(dict.fromkeys(part.strip() for part in _PARTED.split(text) if part.strip()))


def _span(first: str, last: str) -> dict[str, str]:
    return _filled({"from": first, "to": last})


def _range(first: str, last: str) -> dict[str, float]:
    pairs = (("from", _number(first)), ("to", _number(last)))
    return {name: number for name, number in pairs if number is not None}


def _number(text: str) -> float | None:
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        return None
    return number if -1e6 < number < 1e6 else None


def _number_faults(form: DefinitionFields) -> Iterator[Fault]:
    for name in ("onset_from", "onset_to", "age_from", "age_to", "lesions"):
        typed = getattr(form, name)
        if typed and _number(typed) is None:
            yield Fault(what=_("no number"), field=name, got=typed[:20], expected=_("a number, or nothing"))


def _on_the_form(fault: Fault, form: DefinitionFields) -> Fault:
    """The fault with the field of the form that it stands in."""
    if form.own:
        return replace(fault, field="own")
    path = fault.field
    if "finding" in path:
        place = "culture" if "confirmed" in path else "signs"
    elif "measure" in path or path.endswith(".label"):
        place = "lesions"
    else:
        starts = {
            "name": "name", "question": "question", "person": "age_from", "place": "practitioners",
            "time.sessions": "sessions_from", "time.onset": "begun_from", "time": "sessions_from", "counts": "counts",
        }  # fmt: skip
        place = next((mine for start, mine in starts.items() if path.startswith(start)), "terms")
        place = "onset_from" if "onset_day" in path else place
    return replace(fault, field=place, where="", file="")
