"""What one result of openFDA says, for each of its three kinds: of drugs, of devices, of foods and cosmetics.

The codes are those of the ICH message for case reports of 1998 (E2B R2), which openFDA keeps: 1 and 2 for yes and no,
for male and female, and for suspect and concomitant.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from untoward.exchange.reports.caers import NOT_SERIOUS, SERIOUS
from untoward.exchange.reports.openfda_values import Json, joined, objects, text, texts

_ROLES = {"1": "suspect", "2": "concomitant", "3": "interacting"}
_SEXES = {"1": "male", "2": "female"}
_AGE_UNITS = {"800": "decade", "801": "year", "802": "month", "803": "week", "804": "day", "805": "hour"}
_REPORTERS = {
    "1": "physician",
    "2": "pharmacist",
    "3": "other health professional",
    "4": "lawyer",
    "5": "consumer or non-health professional",
}
_YES_NO = {"1": True, "2": False}
_GRAVE_OUTCOMES = (
    "Death",
    "Life Threatening",
    "Hospitalization",
    "Disability",
    "Congenital Anomaly",
    "Required Intervention",
)
_DETAIL_GIVEN = "1"

Row = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One result: facts of the report, and rows for what it names. Dates and numbers are still text."""

    report: Row
    drugs: list[Row] = field(default_factory=list)
    events: list[str] = field(default_factory=list)


def told(result: object) -> Told | None:
    """What a result says; None when it is of no kind that is known, or has no number."""
    for key, read in _KINDS.items():
        number = text(result, key)
        if number is not None and isinstance(result, Mapping):
            return read(result, number)
    return None


def _drug_event(result: Json, number: str) -> Told:
    patient = result.get("patient")
    death = text(result, "seriousnessdeath")
    report: Row = {
        "report_id": number,
        "case_id": number,
        "version": text(result, "safetyreportversion"),
        "received": text(result, "receivedate"),
        "updated": text(result, "receiptdate"),
        "age": text(patient, "patientonsetage"),
        "age_unit": _AGE_UNITS.get(text(patient, "patientonsetageunit") or ""),
        "sex": _SEXES.get(text(patient, "patientsex") or ""),
        "country": text(result, "occurcountry") or text(result, "primarysourcecountry"),
        "reporter": _REPORTERS.get(text(result, "primarysource", "qualification") or ""),
        "serious": _YES_NO.get(text(result, "serious") or ""),
        "died": True if death == _DETAIL_GIVEN else None,
        "source": "openFDA drug",
    }
    events = [name for each in objects(patient, "reaction") if (name := text(each, "reactionmeddrapt"))]
    return Told(report=report, drugs=list(_drugs(patient)), events=events)


def _drugs(patient: object) -> Iterator[Row]:
    for place, drug in enumerate(objects(patient, "drug"), start=1):
        substances = [
            name for each in objects(drug, "activesubstance") if (name := text(each, "activesubstancename"))
        ]
        brand = text(drug, "medicinalproduct")
        yield {
            "drug": " / ".join(dict.fromkeys(substances)) or joined(drug, "openfda", "generic_name") or brand,
            "as_reported": brand,
            "role": _ROLES.get(text(drug, "drugcharacterization") or ""),
            "route": text(drug, "drugadministrationroute"),
            "lot": text(drug, "drugbatchnumb"),
            "dose": text(drug, "drugdosagetext"),
            "start": text(drug, "drugstartdate"),
            "sequence": place,
        }


def _device_event(result: Json, number: str) -> Told:
    people = list(objects(result, "patient"))
    outcomes = {name for each in people for name in texts(each, "sequence_number_outcome")}
    kind = text(result, "event_type")
    died = kind == "Death" or "Death" in outcomes
    grave = died or kind == "Injury" or bool(outcomes & set(_GRAVE_OUTCOMES))
    one = people[0] if len(people) == 1 else {}
    age, _space, unit = (text(one, "patient_age") or "").partition(" ")
    report: Row = {
        "report_id": number,
        "case_id": number,
        "version": None,
        "received": text(result, "date_received"),
        "updated": text(result, "date_changed"),
        "event_date": text(result, "date_of_event"),
        "age": age,
        "age_unit": unit,
        "sex": text(one, "patient_sex"),
        "country": text(result, "reporter_country_code"),
        "reporter": text(result, "reporter_occupation_code"),
        "serious": True if grave else False if kind == "Malfunction" else None,
        "died": died or None,
        "source": "openFDA device",
    }
    problems = [name for each in people for name in texts(each, "patient_problems")]
    return Told(
        report=report, drugs=list(_devices(result)), events=[*problems, *texts(result, "product_problems")]
    )


def _devices(result: Json) -> Iterator[Row]:
    for place, device in enumerate(objects(result, "device"), start=1):
        brand, generic = text(device, "brand_name"), text(device, "generic_name")
        shown = f"{brand} ({generic})" if brand and generic else brand or generic
        yield {
            "drug": generic or brand,
            "as_reported": shown,
            "role": "suspect",
            "lot": text(device, "lot_number"),
            "sequence": place,
        }


def _food_event(result: Json, number: str) -> Told:
    outcomes = {name.upper() for name in texts(result, "outcomes")}
    grave = bool(outcomes & set(SERIOUS))
    report: Row = {
        "report_id": number,
        "case_id": number,
        "version": None,
        "received": text(result, "date_created"),
        "updated": None,
        "event_date": text(result, "date_started"),
        "age": text(result, "consumer", "age"),
        "age_unit": text(result, "consumer", "age_unit"),
        "sex": text(result, "consumer", "gender"),
        "country": "US",
        "reporter": None,
        "serious": True if grave else False if outcomes & set(NOT_SERIOUS) else None,
        "died": True if "DEATH" in outcomes else None,
        "source": "openFDA food",
    }
    drugs: list[Row] = [
        {
            "drug": text(each, "name_brand"),
            "as_reported": text(each, "name_brand"),
            "role": (text(each, "role") or "").lower(),
            "sequence": place,
        }
        for place, each in enumerate(objects(result, "products"), start=1)
    ]
    return Told(report=report, drugs=drugs, events=list(texts(result, "reactions")))


_KINDS: dict[str, Callable[[Json, str], Told]] = {
    "safetyreportid": _drug_event,
    "mdr_report_key": _device_event,
    "report_number": _food_event,
}
"""From the name of the number that a result of each kind has to its reader. Devices have a report_number too."""
