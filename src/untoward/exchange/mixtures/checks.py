"""What is wrong with the document of a mixture: everything at once, each fault with its field and what to do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

from untoward.errors import Fault
from untoward.exchange.mixtures.countries import country_code
from untoward.model.quantity import canonical_unit

_LONGEST_SHOWN = 60
_LIMITS = {
    "minimum": "at least {}", "maximum": "at most {}", "exclusiveMinimum": "more than {}",
    "maxLength": "at most {} letters", "minLength": "at least {} letters", "minItems": "at least {} of them",
    "maxItems": "at most {} of them",
}  # fmt: skip


def faults_of(document: object, file: str) -> Iterator[Fault]:
    """Every fault of a mixture: against the schema, and of units, doses and the country."""
    for error in _validator().iter_errors(document):
        yield from _schema_faults(error, document, file)
    if not isinstance(document, Mapping):
        return
    yield from _country_fault(document.get("country"), file)
    components = document.get("components")
    for number, part in enumerate(components if isinstance(components, list) else []):
        if isinstance(part, Mapping):
            yield from _unit_faults(part, file, f"components.{number}")


@lru_cache(maxsize=2)
def _schema(name: str = "mix") -> dict[str, Any]:
    path = resources.files("untoward.exchange") / "schema" / f"{name}.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


@lru_cache(maxsize=1)
def _validator() -> Any:  # noqa: ANN401 - the library's validator has no public type of its own
    import jsonschema_rs

    return jsonschema_rs.validator_for(_schema())


@lru_cache(maxsize=1)
def _component_validator() -> Any:  # noqa: ANN401 - see above
    import jsonschema_rs

    return jsonschema_rs.validator_for({**_schema()["$defs"]["component"], "$defs": _schema()["$defs"]})


def _schema_faults(error: Any, document: Any, file: str) -> Iterator[Fault]:  # noqa: ANN401 - of the library
    path = [str(part) for part in error.instance_path]
    if error.kind.name == "anyOf":
        value: Any = document
        for part in error.instance_path:
            value = value[part]
        if isinstance(value, Mapping):
            for inner in _component_validator().iter_errors(value):
                yield _fault_from(inner, [*path, *map(str, inner.instance_path)], file)
            return
    yield _fault_from(error, path, file)


def _fault_from(error: Any, path: list[str], file: str) -> Fault:  # noqa: ANN401 - of the library
    kind, details = error.kind.name, error.kind.as_dict()
    field = ".".join(path) or "document"
    if kind == "additionalProperties":
        unknown = ", ".join(str(name)[:_LONGEST_SHOWN] for name in details["unexpected"])
        known = ", ".join(_properties(path))
        return Fault(what="unknown field", file=file, field=field, got=unknown, expected=f"only {known}")
    if kind == "required":
        missing = ".".join([*path, str(details["property"])])
        return Fault(what="a field is missing", file=file, field=missing, expected="this field")
    got = json.dumps(error.instance, ensure_ascii=False, default=str)[:_LONGEST_SHOWN]
    return Fault(
        what="not allowed here", file=file, field=field, got=got, expected=_expected(kind, details, error)
    )


def _properties(path: list[str]) -> list[str]:
    schema = _schema()
    if path[:1] == ["patient"]:
        return sorted(schema["properties"]["patient"]["properties"])
    if path[:1] == ["components"]:
        return sorted(schema["$defs"]["component"]["properties"])
    return sorted(schema["properties"])


def _expected(kind: str, details: Mapping[str, Any], error: Any) -> str:  # noqa: ANN401 - of the library
    if kind in _LIMITS:
        return _LIMITS[kind].format(details["limit"])
    if kind == "type":
        return " or ".join(str(name) for name in details["types"])
    if kind == "anyOf":
        return "a name, or an object with the field compound"
    return str(error.message)[:_LONGEST_SHOWN]


def _country_fault(country: object, file: str) -> Iterator[Fault]:
    if isinstance(country, str) and country_code(country) is None:
        expected = "two letters of ISO 3166-1 such as FR or BR, or EU"
        yield Fault(
            what="not a country", file=file, field="country", got=country[:_LONGEST_SHOWN], expected=expected
        )


def _unit_faults(part: Mapping[str, Any], file: str, field: str) -> Iterator[Fault]:
    amount, unit = part.get("amount"), part.get("unit")
    if unit is None and isinstance(amount, int | float):
        yield Fault(
            what="an amount without a unit", file=file, field=f"{field}.unit", got=f"{amount:g}",
            expected="a unit such as mg, ml or IU",
        )  # fmt: skip
    if not isinstance(unit, str):
        return
    try:
        canonical_unit(unit)
    except ValueError as error:
        known = str(error).split("known: ")[-1]
        yield Fault(
            what="unknown unit", file=file, field=f"{field}.unit", got=unit[:_LONGEST_SHOWN], expected=known
        )
