"""The review as one JSON document: every field under its own name, enums by value, keys always in the same order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from math import isfinite
from typing import TYPE_CHECKING, Any

from untoward.model.clusters import ClusterAnswer
from untoward.model.finding import Assessment
from untoward.model.review import Review
from untoward.report.clusters_document import clusters_found

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

SCHEMA_VERSION = "1"


def render_json(review: Review) -> dict[str, Any]:
    """The whole review as plain values that `json.dumps` takes.

    Fields stand in the order in which the model declares them, keys of mappings in the order of their enum or of the
    alphabet. Nothing is rounded. A number that JSON has no word for (infinite, not a number) is None, as everywhere else.
    """
    return {"schema": "untoward/review", "schema_version": SCHEMA_VERSION, **_fields(review)}


def _fields(value: DataclassInstance) -> dict[str, Any]:
    """Every field but those that are no part of the value (not compared), such as how to work something out later."""
    plain = {item.name: _plain(getattr(value, item.name)) for item in fields(value) if item.compare}
    return {**plain, "questions": list(value.questions)} if isinstance(value, Assessment) else plain


def _plain(value: object) -> object:
    if isinstance(value, ClusterAnswer):
        return clusters_found(value)
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return _fields(value)
    if isinstance(value, Mapping):
        return {_key(key): _plain(value[key]) for key in sorted(value, key=_order)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not isfinite(value):
        return None
    return value


def _key(key: object) -> str:
    return str(key.value) if isinstance(key, Enum) else str(key)


def _order(key: object) -> tuple[int, str]:
    return (list(type(key)).index(key), "") if isinstance(key, Enum) else (0, str(key))
