"""What is wrong with a case definition: against the schema, in its words, ranges and dates, each fault with its line."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

from untoward.errors import Fault
from untoward.exchange.definitions.yaml_text import YamlText
from untoward.model.time import PartialDate

_LONGEST_SHOWN = 60
_LIMITS = {
    "minLength": "at least {} letter", "maxLength": "at most {} letters", "minItems": "at least {} of them",
    "maxItems": "at most {} of them", "minProperties": "at least {} field", "minimum": "at least {}",
}  # fmt: skip
KINDS = ("term", "finding", "measure", "exposure", "all", "any", "none", "at_least")
_OWN_RANGE = ("finding", "measure")


def schema_faults(text: YamlText, file: str) -> Iterator[Fault]:
    """Every fault against the schema."""
    for error in _validator().iter_errors(text.value):
        yield _fault_from(error, [str(part) for part in error.instance_path], text, file)


def content_faults(text: YamlText, file: str) -> Iterator[Fault]:
    """Ranges that run backwards, dates that are none, levels that count and are not there."""
    for path, item in _mappings(text.value, ()):
        yield from _range_faults(path, item, text, file)
        yield from _kind_faults(path, item, text, file)
    yield from _count_faults(text, file)


def _count_faults(text: YamlText, file: str) -> Iterator[Fault]:
    document = text.value if isinstance(text.value, Mapping) else {}
    levels, counts = document.get("levels"), document.get("counts")
    if not isinstance(levels, Mapping) or not isinstance(counts, list):
        return
    for level in counts:
        if level not in levels:
            yield Fault(
                what="a level that the definition does not have", file=file, where=text.line_of(["counts"]),
                field="counts", got=str(level)[:_LONGEST_SHOWN], expected=", ".join(map(str, levels)),
            )  # fmt: skip


@lru_cache(maxsize=1)
def _schema() -> dict[str, Any]:
    path = resources.files("untoward.exchange") / "schema" / "case-definition.json"
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


@lru_cache(maxsize=1)
def _validator() -> Any:  # noqa: ANN401 - the library's validator has no public type of its own
    import jsonschema_rs

    return jsonschema_rs.validator_for(_schema())


def _fault_from(error: Any, path: list[str], text: YamlText, file: str) -> Fault:  # noqa: ANN401 - of the library
    kind, details = error.kind.name, error.kind.as_dict()
    field, where = ".".join(path) or "document", text.line_of(path)
    if kind == "additionalProperties":
        unknown = ", ".join(str(name)[:_LONGEST_SHOWN] for name in details["unexpected"])
        where = text.line_of([*path, str(details["unexpected"][0])])
        return Fault(
            what="unknown field", file=file, where=where, field=field, got=unknown, expected=_known(error)
        )
    if kind == "required":
        missing = ".".join([*path, str(details["property"]).strip('"')])
        return Fault(what="a field is missing", file=file, where=where, field=missing)
    got = json.dumps(error.instance, ensure_ascii=False, default=str)[:_LONGEST_SHOWN]
    if kind in ("oneOfNotValid", "oneOfMultipleValid", "oneOf"):
        given = [name for name in KINDS if isinstance(error.instance, Mapping) and name in error.instance]
        what = f"{len(given)} conditions in one" if given else "a condition without its kind"
        got = ", ".join(given) or got
        hint = "Put several under all or any." if given else ""
        return Fault(
            what=what,
            file=file,
            where=where,
            field=field,
            got=got,
            expected=f"exactly one of {', '.join(KINDS)}",
            hint=hint,
        )
    return Fault(
        what="not allowed here",
        file=file,
        where=where,
        field=field,
        got=got,
        expected=_expected(kind, details, error),
    )


def _known(error: Any) -> str:  # noqa: ANN401 - of the library
    """The fields that may stand there, from the part of the schema that was broken."""
    part: Any = _schema()
    for step in error.schema_path[:-1]:
        name = part["$ref"].rsplit("/", 1)[-1] if step == "$ref" else ""
        part = _schema()["$defs"][name] if name else part[step]
    return f"only {', '.join(part['properties'])}"


def _expected(kind: str, details: Mapping[str, Any], error: Any) -> str:  # noqa: ANN401 - of the library
    if kind in _LIMITS:
        return _LIMITS[kind].format(details["limit"])
    if kind == "type":
        return " or ".join(str(name) for name in details["types"])
    if kind == "anyOf":
        return "a name, or a list of names"
    if kind == "enum":
        return f"one of {', '.join(map(str, details['options']))}"
    return str(error.message)[-2 * _LONGEST_SHOWN :]


def _mappings(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Mapping[str, Any]]]:  # noqa: ANN401
    if isinstance(value, Mapping):
        yield path, value
        for name, inner in value.items():
            yield from _mappings(inner, (*path, str(name)))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _mappings(inner, (*path, str(place)))


def _range_faults(
    path: tuple[str, ...], item: Mapping[str, Any], text: YamlText, file: str
) -> Iterator[Fault]:
    low, high = item.get("from"), item.get("to")
    if isinstance(low, str) or isinstance(high, str):
        yield from _date_faults(path, item, text, file)
    elif isinstance(low, int | float) and isinstance(high, int | float) and low > high:
        where, got = text.line_of(path), f"{low:g} to {high:g}"
        yield Fault(what="runs backwards", file=file, where=where, field=".".join(path), got=got)


def _kind_faults(
    path: tuple[str, ...], item: Mapping[str, Any], text: YamlText, file: str
) -> Iterator[Fault]:
    """What may not stand beside one kind of condition."""
    kinds = [kind for kind in KINDS if kind in item]
    limits = item.get("from") is not None or item.get("to") is not None
    where, field = text.line_of(path), ".".join(path)
    if kinds and limits and kinds[0] not in _OWN_RANGE:
        hint = "Put from and to under onset_day or onset." if kinds[0] == "term" else ""
        yield Fault(
            what=f"from and to do not go with {kinds[0]}", file=file, where=where, field=field, hint=hint
        )
    if "measure" in item and not limits:
        yield Fault(
            what="a measure without limits", file=file, where=where, field=field, expected="from, to or both"
        )
    if "is" in item and limits:
        yield Fault(what="is does not go with from and to", file=file, where=where, field=field)
    parts, number = item.get("of"), item.get("at_least")
    if isinstance(parts, list) and isinstance(number, int) and number > len(parts):
        got = f"{number} of {len(parts)}"
        yield Fault(what="more than there are", file=file, where=where, field=f"{field}.at_least", got=got)


def _date_faults(
    path: tuple[str, ...], item: Mapping[str, Any], text: YamlText, file: str
) -> Iterator[Fault]:
    read: dict[str, PartialDate] = {}
    for name in ("from", "to"):
        if isinstance(item.get(name), str):
            try:
                read[name] = PartialDate.parse(item[name])
            except ValueError:
                yield Fault(
                    what="not a date", file=file, where=text.line_of([*path, name]), field=".".join([*path, name]),
                    got=item[name][:_LONGEST_SHOWN], expected="a date such as 2026-03-02, 2026-03 or 2026",
                )  # fmt: skip
    if len(read) == 2 and read["from"].earliest() >= read["to"].latest():
        got = f"{read['from']} to {read['to']}"
        yield Fault(what="runs backwards", file=file, where=text.line_of(path), field=".".join(path), got=got)
