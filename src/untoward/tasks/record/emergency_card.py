"""The emergency card: the signs that cannot wait, what to do, and whom to call. It is about nobody in particular."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from untoward.aftercare.days import Days
from untoward.aftercare.seek_help import emergency_number, seek_help
from untoward.aftercare.subjects import Subjects
from untoward.aftercare.texts import texts_of
from untoward.aftercare.topics import topics
from untoward.model.names import fold
from untoward.report.patient_view.texts import view_texts
from untoward.tasks.knowledge import evidence
from untoward.tasks.record.check_in_texts import check_in_texts

EU = "EU"
_ANYBODY = Subjects(own=(), wider=(), unknown=(), places=None)
_DO = ("lie_flat", "no_rub")


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The card in one language. `numbers` are those to call; `known` is whether they are those of a known country.

    `table` names countries and their numbers.
    """

    language: str
    numbers: tuple[str, ...]
    known: bool
    heading: str
    emergency: tuple[str, ...]
    same_day_heading: str
    same_day: tuple[str, ...]
    do: tuple[str, ...]
    table: tuple[tuple[str, str], ...]


def emergency_card(language: str, country: str | None = None) -> Card:
    """The card; without a country, or for one whose number nobody here knows, the usual numbers of several countries."""
    care, view = texts_of(language), view_texts(language)
    numbers = numbers_to_call(country)
    called = " / ".join(numbers)
    found = seek_help(evidence(), _ANYBODY, Days(care, None), emergency_number(None, country))
    return Card(
        language=language,
        numbers=numbers,
        known=emergency_number(None, country).number is not None,
        heading=found.emergency_heading,
        emergency=tuple(one.text for one in found.emergency),
        same_day_heading=care("red.same_day"),
        same_day=tuple(one.text for one in found.same_day),
        do=(
            view("do.emergency_now", number=called),
            *(view(f"do.{key}", number=called) for key in _DO),
            view("show_this"),
        ),
        table=tuple(_table(language)),
    )


def numbers_to_call(country: str | None) -> tuple[str, ...]:
    """The number of a country, else those of several countries, of which one may be right."""
    number = emergency_number(None, (country or "").upper()).number
    return (
        (number,) if number else tuple(part.strip() for part in texts_of("en")("red.number_short").split("/"))
    )


def _table(language: str) -> list[tuple[str, str]]:
    """Every country that has a number here, those of the European Union as one."""
    texts, known = check_in_texts(language), topics()
    numbers: Mapping[str, str] = known["emergency_numbers"]
    union = set(known["european_union"])
    common = {numbers[code] for code in union}
    if len(common) != 1:
        raise ValueError("the countries of the European Union have one number")
    others = [(texts(f"country.{code}"), number) for code, number in numbers.items() if code not in union]
    return [(texts(f"country.{EU}"), common.pop()), *sorted(others, key=lambda one: fold(one[0]))]
