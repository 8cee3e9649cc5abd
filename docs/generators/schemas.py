"""schemas.md: every field of every JSON document and YAML record, from the JSON Schemas in the package."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from generators.text import anchor, cell, code, codes, page, table

Schema = Mapping[str, Any]

INTRODUCTION = """
Each schema is a file of the package, in JSON Schema 2020-12; `untoward schema NAME` prints those of documents. Below is what
they say, field by field. Where a field that is not listed is refused, a misspelt one cannot be overlooked.
"""


def pages() -> Mapping[str, str]:
    """The page of all schemas."""
    parts = [_schema_text(name, schema) for name, schema in _schemas()]
    return {"schemas.md": page("Schemas", "the JSON Schemas of the package", INTRODUCTION, *parts)}


def _schemas() -> Iterator[tuple[str, Schema]]:
    root = Path(str(resources.files("untoward")))
    for path in sorted(root.rglob("schema/*.json")):
        yield path.relative_to(root).as_posix(), json.loads(path.read_text(encoding="utf-8"))


def _schema_text(name: str, schema: Schema) -> str:
    parts = [
        f"## {schema.get('title', name)}",
        f"File: {code(name)}. {schema.get('description', '')}",
        _fields_table(schema),
    ]
    for definition, inner in schema.get("$defs", {}).items():
        parts.append(f"### {schema.get('title', name)}: {definition}")
        said = (inner.get("description", ""), _bases(inner, schema), _plain_value(inner))
        parts.append(" ".join(part for part in said if part))
        parts.append(_fields_table(inner))
    return "\n\n".join(part for part in parts if part)


def _bases(schema: Schema, whole: Schema) -> str:
    """Where the further fields of a definition come from."""
    names = [entry["$ref"].rsplit("/", 1)[-1] for entry in schema.get("allOf", ()) if "$ref" in entry]
    title = whole.get("title", "")
    linked = [f"[{name}](#{anchor(f'{title}: {name}')})" for name in names]
    return f"Also has every field of {', '.join(linked)}." if linked else ""


def _plain_value(schema: Schema) -> str:
    """What a definition without fields may be."""
    if "properties" in schema:
        return ""
    return " ".join(part for part in (f"A value of type {_type_of(schema)}.", _allowed(schema)) if part)


def _fields_table(schema: Schema) -> str:
    headers = ("Field", "Type", "Required", "Allowed", "Meaning")
    return table(headers, list(_field_rows(schema, "")))


def _field_rows(schema: Schema, prefix: str) -> Iterator[tuple[str, ...]]:
    required = set(schema.get("required", ()))
    for name, field in schema.get("properties", {}).items():
        path = f"{prefix}{name}"
        needed = "yes" if name in required else ""
        yield code(path), _type_of(field), needed, _allowed(field), field.get("description", "")
        yield from _field_rows(field, f"{path}.")
        if isinstance(field.get("items"), Mapping):
            yield from _field_rows(field["items"], f"{path}[].")


def _type_of(field: Schema) -> str:
    if "$ref" in field:
        return str(field["$ref"]).rsplit("/", 1)[-1]
    kinds = field.get("type")
    if kinds is None:
        choices = [_type_of(choice) for key in ("anyOf", "oneOf") for choice in field.get(key, ())]
        return " or ".join(dict.fromkeys(choices)) or (
            "string" if "enum" in field or "const" in field else "any"
        )
    words = [kinds] if isinstance(kinds, str) else list(kinds)
    inner = field.get("items")
    if "array" in words and isinstance(inner, Mapping):
        words = [f"list of {_type_of(inner)}" if word == "array" else word for word in words]
    return " or ".join(words)


def _allowed(field: Schema) -> str:
    if "const" in field:
        return code(field["const"])
    if "enum" in field:
        return codes("null" if value is None else value for value in field["enum"])
    bounds = {
        "minimum": "≥ {}", "exclusiveMinimum": "> {}", "maximum": "≤ {}", "exclusiveMaximum": "< {}",
        "minItems": "at least {} item(s)", "maxItems": "at most {} item(s)", "minLength": "at least {} character(s)",
        "maxLength": "at most {} characters", "pattern": "matches `{}`", "format": "{}",
    }  # fmt: skip
    return "; ".join(cell(words.format(field[name])) for name, words in bounds.items() if name in field)
