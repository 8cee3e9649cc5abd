"""Check the evidence base: each record against its schema, and all of them against each other."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from untoward.errors import Fault
from untoward.evidence.cross_check import KEY_OF, Item, Located, cross_faults, place_of
from untoward.evidence.records import CLASS_OF_KIND

Content = dict[str, list[Item]]

_SCHEMA_OF = {"compounds": "compound", "sources": "source", "terms": "term", "substances": "substance"}


def read_checked(folder: Path, files: Mapping[str, Iterable[Path]]) -> tuple[Content, tuple[Fault, ...]]:
    """Read every file of every section and list every fault; the content is complete only without faults.

    Records that break their schema are left out of the comparison with the others, but their keys count as
    known; keys of a section with an unreadable file are not looked for at all. So one fault causes no others.
    """
    faults: list[Fault] = []
    located: dict[str, list[Located]] = {}
    unread: set[str] = set()
    for section, paths in files.items():
        located[section] = []
        for path in paths:
            pairs, fault = _items_of(path, folder)
            located[section] += pairs
            if fault is not None:
                faults.append(fault)
                unread.add(section)
    sound: dict[str, list[Located]] = {}
    for section, pairs in located.items():
        found = [list(_schema_faults(section, *pair)) for pair in pairs]
        sound[section] = [pair for pair, broken in zip(pairs, found, strict=True) if not broken]
        faults += [fault for broken in found for fault in broken]
    faults += cross_faults(sound, _known_keys(located, unread))
    return {section: [item for _file, item in pairs] for section, pairs in located.items()}, tuple(faults)


def _known_keys(located: Mapping[str, list[Located]], unread: set[str]) -> dict[str, frozenset[str] | None]:
    """Every key of each section; None for a section that could not be read as a whole."""
    return {
        section: None
        if section in unread
        else frozenset(str(item.get(KEY_OF[section])) for _file, item in pairs)
        for section, pairs in located.items()
    }


def _items_of(path: Path, folder: Path) -> tuple[list[Located], Fault | None]:
    """The records of a file, each with the file's name; none, and the fault, when it is not a list of records."""
    name = path.relative_to(folder).as_posix()
    try:
        items = yaml.load(path.read_text(encoding="utf-8"), Loader=_SafeLoader)  # noqa: S506 - a safe loader, a little stricter
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        return [], _unreadable(error, name)
    if items is None:
        return [], None
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        expected = "a YAML list, one entry per record"
        return [], Fault(what="not a list of records", file=name, expected=expected)
    return [(name, item) for item in items], None


def _unreadable(error: Exception, name: str) -> Fault:
    mark = getattr(error, "problem_mark", None)
    return Fault(
        what="not readable as YAML",
        file=name,
        where=f"line {mark.line + 1}" if mark else "",
        got=str(getattr(error, "problem", None) or error).split("\n")[0],
    )


class _SafeLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe YAML in which a date stays the text that was written, and a field may not be given twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for name, _value in node.value:
            if name.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the field {name.value!r} is given twice in one record", name.start_mark
                )
            if isinstance(name.value, str):
                seen.add(name.value)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep)
        return mapping


_SafeLoader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for letter, resolvers in _SafeLoader.yaml_implicit_resolvers.items()
}


@lru_cache(maxsize=32)
def _validator(schema: str, kind: str | None = None) -> jsonschema_rs.Validator:
    text = (resources.files("untoward.evidence") / "schema" / f"{schema}.json").read_text(encoding="utf-8")
    document = json.loads(text)
    return jsonschema_rs.validator_for(document if kind is None else _of_kind(document, kind))


def _of_kind(document: Mapping[str, Any], kind: str) -> dict[str, Any]:
    """The schema of one kind of record with the fields of every record written into it.

    Left apart, one wrong field of the common ones would make the validator call all of them unexpected.
    """
    common, own = document["$defs"]["every-record"], document["$defs"][kind]
    return {
        "$schema": document["$schema"],
        "$defs": document["$defs"],
        "type": "object",
        "properties": {**common["properties"], **own["properties"]},
        "required": [*common["required"], *own["required"]],
        "additionalProperties": False,
    }


def _schema_faults(section: str, file: str, item: Item) -> Iterator[Fault]:
    where = place_of(section, item)
    kind = item.get("kind")
    if section == "records" and (not isinstance(kind, str) or kind not in CLASS_OF_KIND):
        kinds = ", ".join(CLASS_OF_KIND)
        yield Fault(
            what="unknown kind of record", file=file, where=where, field="kind", got=str(kind), expected=kinds
        )
        return
    validator = _validator("record", kind) if section == "records" else _validator(_SCHEMA_OF[section])
    try:
        errors = list(validator.iter_errors(item))
    except ValueError as error:  # not a number, an infinite number, or a field name that is no text
        yield Fault(what="not a value that JSON has", file=file, where=where, got=str(error))
        return
    for broken in errors:
        field = ".".join(str(part) for part in broken.instance_path)
        yield Fault(what=broken.message, file=file, where=where, field=field)
