"""Check the evidence base: each record against its schema, and all of them against each other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

from untoward.errors import Fault
from untoward.model.names import NameIndex

Item = dict[str, Any]
Content = dict[str, list[Item]]
Located = tuple[str, Item]

_KEY_OF = {"compounds": "key", "sources": "key", "terms": "id", "records": "key"}
_SCHEMA_OF = {"compounds": "compound", "sources": "source", "terms": "term"}


def read_checked(folder: Path, files: Mapping[str, Iterable[Path]]) -> tuple[Content, tuple[Fault, ...]]:
    """Read every file of every section and list every fault; the content is complete only without faults."""
    faults: list[Fault] = []
    located: dict[str, list[Located]] = {}
    for section, paths in files.items():
        located[section] = [pair for path in paths for pair in _items_of(path, folder, faults)]
    for section, pairs in located.items():
        faults.extend(_schema_faults(section, pairs))
    if not faults:
        faults.extend(cross_faults(located))
    return {section: [item for _file, item in pairs] for section, pairs in located.items()}, tuple(faults)


def _items_of(path: Path, folder: Path, faults: list[Fault]) -> list[Located]:
    name = path.relative_to(folder).as_posix()
    try:
        items = yaml.load(path.read_text(encoding="utf-8"), Loader=_SafeLoader)  # noqa: S506 - a safe loader with one resolver less
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else ""
        faults.append(
            Fault(what="not readable as YAML", file=name, where=where, got=str(error).split("\n")[0])
        )
        return []
    if items is None:
        return []
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        faults.append(
            Fault(what="not a list of records", file=name, expected="a YAML list, one entry per record")
        )
        return []
    return [(name, item) for item in items]


class _SafeLoader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe YAML in which a date stays the text that was written."""


_SafeLoader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for letter, resolvers in _SafeLoader.yaml_implicit_resolvers.items()
}


@lru_cache(maxsize=32)
def _validator(schema: str, kind: str | None = None) -> jsonschema_rs.Validator:
    text = (resources.files("untoward.evidence") / "schema" / f"{schema}.json").read_text(encoding="utf-8")
    document = json.loads(text)
    if kind is not None:
        document = {"$schema": document["$schema"], "$ref": f"#/$defs/{kind}", "$defs": document["$defs"]}
    return jsonschema_rs.validator_for(document)


def _schema_faults(section: str, pairs: Iterable[Located]) -> Iterator[Fault]:
    from untoward.evidence.records import CLASS_OF_KIND

    for file, item in pairs:
        where = f"{section[:-1]} {item.get(_KEY_OF[section], 'without key')}"
        kind = item.get("kind")
        if section == "records" and kind not in CLASS_OF_KIND:
            kinds = ", ".join(CLASS_OF_KIND)
            yield Fault(what="unknown kind of record", file=file, where=where, got=str(kind), expected=kinds)
            continue
        validator = _validator("record", kind) if section == "records" else _validator(_SCHEMA_OF[section])
        for error in validator.iter_errors(item):
            field = ".".join(str(part) for part in error.instance_path)
            yield Fault(what=error.message, file=file, where=where, field=field)


def cross_faults(located: Mapping[str, list[Located]]) -> Iterator[Fault]:
    """Faults between records: duplicates, dangling keys, names claimed twice, impossible numbers."""
    for section, pairs in located.items():
        yield from _duplicate_keys(section, pairs)
    yield from _name_clashes("compounds", located["compounds"], _compound_names)
    yield from _name_clashes("terms", located["terms"], _term_names)
    known = {section: {item[_KEY_OF[section]] for _file, item in pairs} for section, pairs in located.items()}
    for file, item in located["compounds"]:
        yield from _dangling(
            file, f"compound {item['key']}", "parts", item.get("parts", ()), known["compounds"]
        )
    for file, item in located["records"]:
        yield from _dangling_keys(file, item, known)
        yield from _impossible_numbers(file, item)
    yield from _duplicate_facts(located["records"])


def _duplicate_keys(section: str, pairs: Iterable[Located]) -> Iterator[Fault]:
    first: dict[str, str] = {}
    for file, item in pairs:
        key = item[_KEY_OF[section]]
        if key in first:
            yield Fault(
                what="key used twice",
                file=file,
                where=f"{section[:-1]} {key}",
                hint=f"First in {first[key]}.",
            )
        first.setdefault(key, file)


def _name_clashes(
    section: str, pairs: Iterable[Located], names: Callable[[Item], list[str]]
) -> Iterator[Fault]:
    try:
        NameIndex.build({item[_KEY_OF[section]]: names(item) for _file, item in pairs})
    except ValueError as error:
        for clash in str(error).split("; "):
            yield Fault(
                what="name means two things", file=section, got=clash, hint="Give the name to one of them."
            )


def _compound_names(item: Item) -> list[str]:
    return [*item["names"].values(), *item["synonyms"]]


def _term_names(item: Item) -> list[str]:
    names = [*item["name"].values(), *item.get("plain", {}).values()]
    return [
        *names,
        *(word for words in item["synonyms"].values() for word in words),
        *([item["pt"]] if item["pt"] else []),
    ]


def _dangling_keys(file: str, item: Item, known: Mapping[str, set[str]]) -> Iterator[Fault]:
    where = f"record {item['key']}"
    yield from _dangling(file, where, "source", [item["source"]], known["sources"])
    for field in ("compound", "remedy"):
        yield from _dangling(file, where, field, [item[field]] if field in item else [], known["compounds"])
    yield from _dangling(file, where, "compounds", item.get("compounds", ()), known["compounds"])
    yield from _dangling(file, where, "term", [item["term"]] if "term" in item else [], known["terms"])


def _dangling(file: str, where: str, field: str, keys: Iterable[str], known: set[str]) -> Iterator[Fault]:
    for key in keys:
        if key not in known:
            yield Fault(what=f"no such {field}", file=file, where=where, field=field, got=key)


def _impossible_numbers(file: str, item: Item) -> Iterator[Fault]:
    where = f"record {item['key']}"
    if item.get("n") is not None and item.get("of") is not None and item["n"] > item["of"]:
        yield Fault(what="n is more than of", file=file, where=where, got=f"{item['n']} of {item['of']}")
    ordered = [item[name] for name in ("low", "median", "high") if item.get(name) is not None]
    if item["kind"] not in ("incompatibility", "interaction") and ordered != sorted(ordered):
        yield Fault(what="low, median and high out of order", file=file, where=where, got=str(ordered))
    days = [(point["day"], point["percent"]) for point in item.get("resolved", ())]
    if days != sorted(days) or [percent for _day, percent in days] != sorted(
        percent for _day, percent in days
    ):
        yield Fault(
            what="share resolved falls with time", file=file, where=where, field="resolved", got=str(days)
        )
    if item.get("valid_from") and item.get("valid_to") and item["valid_from"] > item["valid_to"]:
        yield Fault(what="valid_to is before valid_from", file=file, where=where)
    if "low" in item and "high" in item and item["kind"] in ("duration", "onset") and "interval" not in item:
        yield Fault(
            what="low and high without saying what they are", file=file, where=where, field="interval"
        )


def _duplicate_facts(pairs: Iterable[Located]) -> Iterator[Fault]:
    """The same measure of the same thing from the same place in the same source, entered twice."""
    first: dict[str, str] = {}
    for file, item in pairs:
        fact = json.dumps(
            {name: value for name, value in item.items() if name not in ("key", "note", "checked")},
            sort_keys=True,
        )
        if fact in first:
            yield Fault(
                what="the same fact twice",
                file=file,
                where=f"record {item['key']}",
                hint=f"Also {first[fact]}.",
            )
        first.setdefault(fact, item["key"])
