"""What is wrong with the document of one case: everything at once, each fault with its field and what to do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

import jsonschema_rs

from untoward.errors import Fault
from untoward.model.quantity import canonical_unit
from untoward.model.time import PartialDate

_LONGEST_SHOWN = 60


def faults_of(document: object, file: str, where: str) -> Iterator[Fault]:
    """Every fault of a case document: against the schema, and of units and dates wherever they can be read."""
    for error in _validator().iter_errors(document):
        yield from _schema_faults(error, file, where)
    for number, session in enumerate(_listed(document, "sessions")):
        place = f"sessions.{number}"
        yield from _date_fault(session.get("date"), file, where, f"{place}.date")
        for part_number, part in enumerate(_listed(session, "components")):
            yield from _unit_fault(part, file, where, f"{place}.components.{part_number}")


@lru_cache(maxsize=1)
def _schema() -> dict[str, Any]:
    path = resources.files("untoward.exchange") / "schema" / "case.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


@lru_cache(maxsize=1)
def _validator() -> jsonschema_rs.Validator:
    return jsonschema_rs.validator_for(_schema())


def _schema_faults(error: jsonschema_rs.ValidationError, file: str, where: str) -> Iterator[Fault]:
    path = [str(part) for part in error.instance_path]
    field, kind = ".".join(path), error.kind.name
    if kind == "additionalProperties":
        for name in _details(error)["unexpected"]:
            yield _unknown_field(name, path, error, file, where)
    elif kind == "required":
        missing = ".".join([*path, str(_details(error)["property"])])
        yield Fault(what="a field is missing", file=file, where=where, field=missing, expected="this field")
    elif kind == "anyOf":
        expected = "true, false, a number, a text, null, or an object of attributes with simple values"
        yield _fault("not a finding", error, file, where, field, expected)
    else:
        yield _fault("not allowed here", error, file, where, field, _expectation(error))


def _unknown_field(
    name: str, path: list[str], error: jsonschema_rs.ValidationError, file: str, where: str
) -> Fault:
    from rapidfuzz import process  # imported here: only faulty input pays for it

    known = sorted(_properties_at([str(part) for part in error.schema_path][:-1]))
    near = process.extractOne(name, known, score_cutoff=70)
    return Fault(
        what="unknown field",
        file=file,
        where=where,
        field=".".join([*path, name[:_LONGEST_SHOWN]]),
        expected=f"one of {', '.join(known)}",
        hint=f"Did you mean {near[0]!r}?" if near else "",
    )


def _properties_at(path: list[str]) -> Mapping[str, Any]:
    node: Any = _schema()
    for part in path:
        node = node[int(part)] if isinstance(node, list) else node[part]
    properties: Mapping[str, Any] = node.get("properties", {})
    return properties


def _expectation(error: jsonschema_rs.ValidationError) -> str:
    kind = error.kind.name
    limits = {
        "minimum": "at least {}", "maximum": "at most {}", "exclusiveMinimum": "more than {}",
        "maxLength": "at most {} letters", "minLength": "at least {} letters", "minItems": "at least {} of them",
    }  # fmt: skip
    if kind in limits:
        return limits[kind].format(_details(error)["limit"])
    if kind == "type":
        return " or ".join(str(name) for name in _details(error)["types"])
    return str(error.message)[:_LONGEST_SHOWN]


def _details(error: jsonschema_rs.ValidationError) -> Mapping[str, Any]:
    details: Mapping[str, Any] = error.kind.as_dict()
    return details


def _fault(
    what: str, error: jsonschema_rs.ValidationError, file: str, where: str, field: str, expected: str
) -> Fault:
    got = json.dumps(error.instance, ensure_ascii=False, default=str)
    shown = got if len(got) <= _LONGEST_SHOWN else f"{got[:_LONGEST_SHOWN]}…"
    return Fault(what=what, file=file, where=where, field=field or "document", got=shown, expected=expected)


def _listed(document: object, field: str) -> list[Mapping[str, Any]]:
    """The objects in a list of a document; what is no object or no list is a fault that the schema reports."""
    items = document.get(field) if isinstance(document, Mapping) else None
    return [item if isinstance(item, Mapping) else {} for item in items] if isinstance(items, list) else []


def _date_fault(text: object, file: str, where: str, field: str) -> Iterator[Fault]:
    if not isinstance(text, str):
        return
    try:
        PartialDate.parse(text)
    except ValueError as error:
        expected = "ISO 8601 such as 2026-03-02, 2026-03 or 2026"
        yield Fault(
            what="not a date", file=file, where=where, field=field, got=str(error)[:120], expected=expected
        )


def _unit_fault(part: Mapping[str, Any], file: str, where: str, field: str) -> Iterator[Fault]:
    amount, unit, field = part.get("amount"), part.get("unit"), f"{field}.unit"
    if unit is None and isinstance(amount, int | float):
        expected = "a unit such as mg, ml or IU"
        got = f"{amount:g}"
        yield Fault(
            what="an amount without a unit", file=file, where=where, field=field, got=got, expected=expected
        )
    if not isinstance(unit, str):
        return
    try:
        canonical_unit(unit)
    except ValueError as error:
        expected = str(error).split("known: ")[-1]
        yield Fault(
            what="unknown unit",
            file=file,
            where=where,
            field=field,
            got=unit[:_LONGEST_SHOWN],
            expected=expected,
        )
