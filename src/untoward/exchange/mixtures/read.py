"""Read a mixture from JSON, or make one from names given one by one. Names are read later, against the evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from untoward.errors import Fault, InputError
from untoward.exchange.cases.documents import EXPECTED as ONE_OR_MORE_CASES
from untoward.exchange.cases.documents import documents_of
from untoward.exchange.mixtures.checks import faults_of
from untoward.exchange.mixtures.countries import country_code
from untoward.model.answer import Answer
from untoward.model.mixture import GivenIngredient, GivenMixture, Person
from untoward.model.quantity import Quantity

EXPECTED = "one JSON object with the field components"


def read_mixture(text: str, *, file: str = "-") -> GivenMixture:
    """The mixture of a JSON document. Raises InputError listing every fault of it."""
    located, found = documents_of(text, file)
    faults = [
        replace(fault, expected=EXPECTED) if fault.expected == ONE_OR_MORE_CASES else fault for fault in found
    ]
    if len(located) > 1:
        got = f"{len(located)} documents"
        faults.append(Fault(what="more than one mixture", file=file, got=got, expected=EXPECTED))
    elif located:
        faults += faults_of(located[0][1], file)
    if faults:
        count = f"{len(faults)} {'fault' if len(faults) == 1 else 'faults'}"
        raise InputError(f"{file} has {count}; nothing was checked.", faults)
    return _mixture(located[0][1])


def mixture_from_names(
    names: Sequence[str], *, person: Person, vehicle: str | None = None, country: str | None = None
) -> GivenMixture:
    """A mixture of names, each of which may hold a strength. Raises InputError for a country that is none."""
    code = None if country is None else country_code(country)
    if country is not None and code is None:
        expected = "two letters of ISO 3166-1 such as FR or BR, or EU"
        raise InputError(
            "The mixture has 1 fault; nothing was checked.",
            [Fault(what="not a country", field="country", got=country[:60], expected=expected)],
        )
    ingredients = tuple(GivenIngredient(name=name) for name in names)
    return GivenMixture(ingredients=ingredients, person=person, vehicle=vehicle, country=code)


def _mixture(document: Mapping[str, Any]) -> GivenMixture:
    country = document.get("country")
    return GivenMixture(
        ingredients=tuple(_ingredient(item) for item in document["components"]),
        person=_person(document.get("patient") or {}),
        vehicle=document.get("vehicle"),
        country=None if country is None else country_code(country),
    )


def _ingredient(item: str | Mapping[str, Any]) -> GivenIngredient:
    if isinstance(item, str):
        return GivenIngredient(name=item)
    amount, unit, volume = item.get("amount"), item.get("unit"), item.get("volume_ml")
    return GivenIngredient(
        name=item["compound"],
        percent=item.get("percent"),
        amount=None if amount is None or unit is None else Quantity.of(amount, unit),
        volume=None if volume is None else Quantity(volume, "ml"),
    )


def _person(item: Mapping[str, Any]) -> Person:
    return Person(
        allergies=tuple(item.get("allergies") or ()),
        history=tuple(item.get("history") or ()),
        medicines=tuple(item.get("medicines") or ()),
        age_years=item.get("age"),
        weight=None if item.get("weight_kg") is None else Quantity(item["weight_kg"], "kg"),
        pregnant=Answer.of(item.get("pregnant")),
        breastfeeding=Answer.of(item.get("breastfeeding")),
    )
