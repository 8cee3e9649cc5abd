"""Read one session from JSON, with every fault of it at once.

A name that is in no list of ours is no fault: it is kept, and the sheet says that nobody knows it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

import jsonschema_rs

from untoward.errors import Fault, InputError
from untoward.exchange.cases.documents import documents_of
from untoward.model.quantity import canonical_unit
from untoward.model.time import PartialDate

_LONGEST_SHOWN = 60
_YEARS = range(1900, 2201)
_EXPECTED = {
    "pattern": "two capital letters such as FR",
    "minimum": "at least {limit}",
    "maximum": "at most {limit}",
    "exclusiveMinimum": "more than {limit}",
    "maxLength": "at most {limit} letters",
    "minLength": "at least {limit} letter",
    "maxItems": "at most {limit} of them",
}


def read_session(text: str, *, file: str = "-") -> Mapping[str, Any]:
    """The session of a text that holds one JSON object, checked against `schema/session.json`, its units and dates.

    Raises InputError listing every fault.
    """
    located, faults = documents_of(text, file)
    if not faults and len(located) != 1:
        got = f"{len(located)} documents"
        faults.append(Fault(what="not one session", file=file, got=got, expected="one JSON object"))
    for where, document in located:
        faults += faults_of_session(document, file, where)
    if faults:
        number = f"{len(faults)} {'fault' if len(faults) == 1 else 'faults'}"
        raise InputError(f"{file} has {number}; nothing was composed.", faults)
    session: Mapping[str, Any] = located[0][1]
    return session


def faults_of_session(document: object, file: str, where: str = "") -> list[Fault]:
    """Every fault of a session document."""
    faults = [fault for error in _validator().iter_errors(document) for fault in _said(error, file, where)]
    if not faults and isinstance(document, Mapping):
        faults += _date_and_unit_faults(document, file, where)
    return faults


@lru_cache(maxsize=1)
def _validator() -> jsonschema_rs.Validator:
    path = resources.files("untoward.exchange") / "schema" / "session.json"
    return jsonschema_rs.validator_for(json.loads(path.read_text(encoding="utf-8")))


def _said(error: jsonschema_rs.ValidationError, file: str, where: str) -> Iterator[Fault]:
    field = ".".join(str(part) for part in error.instance_path)
    details: Mapping[str, Any] = error.kind.as_dict()
    name = error.kind.name
    if name == "additionalProperties":
        for unknown in details["unexpected"]:
            yield _unknown_field(unknown, field, file, where)
    elif name == "required":
        missing = _joined(field, str(details["property"]))
        yield Fault(what="a field is missing", file=file, where=where, field=missing, expected="this field")
    else:
        expected = _EXPECTED.get(name, "").format(limit=details.get("limit")) or _types(details)
        got = _shown(error.instance)
        yield Fault(what="not allowed here", file=file, where=where, field=field, got=got, expected=expected)


def _unknown_field(name: str, field: str, file: str, where: str) -> Fault:
    hint = "This looks like a case: give one of its sessions." if name in ("sessions", "observations") else ""
    at = _joined(field, name[:_LONGEST_SHOWN])
    expected = "a field of the session schema (untoward schema session)"
    return Fault(what="unknown field", file=file, where=where, field=at, expected=expected, hint=hint)


def _types(details: Mapping[str, Any]) -> str:
    types = details.get("types") or details.get("type") or ()
    names = [types] if isinstance(types, str) else [str(name) for name in types]
    return " or ".join(names) or "what the session schema says"


def _date_and_unit_faults(document: Mapping[str, Any], file: str, where: str) -> Iterator[Fault]:
    yield from _date_faults(document.get("date"), "date", file, where)
    for number, part in enumerate(document.get("components") or ()):
        field = f"components.{number}"
        yield from _date_faults(part.get("expiry"), f"{field}.expiry", file, where)
        unit, amount = part.get("unit"), part.get("amount")
        if amount is not None and unit is None:
            yield Fault(what="an amount without its unit", file=file, where=where, field=f"{field}.unit",
                        expected="a unit such as mg")  # fmt: skip
        if unit is not None:
            yield from _unit_faults(unit, f"{field}.unit", file, where)


def _date_faults(value: str | None, field: str, file: str, where: str) -> Iterator[Fault]:
    if value is None:
        return
    expected = "a date such as 2026-05-11, 2026-05 or 2026, from 1900 to 2200"
    try:
        sound = PartialDate.parse(value).year in _YEARS
    except (ValueError, OverflowError):
        sound = False
    if not sound:
        yield Fault(
            what="not a date", file=file, where=where, field=field, got=_shown(value), expected=expected
        )


def _unit_faults(unit: str, field: str, file: str, where: str) -> Iterator[Fault]:
    try:
        canonical_unit(unit)
    except ValueError:
        expected = "a known unit such as mg, ml, IU, unit or %"
        yield Fault(
            what="unknown unit", file=file, where=where, field=field, got=_shown(unit), expected=expected
        )


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def _joined(field: str, name: str) -> str:
    return f"{field}.{name}" if field else name
