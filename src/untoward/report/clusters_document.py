"""The answer of a search for clusters as one JSON document (`untoward schema clusters`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from math import isfinite
from typing import TYPE_CHECKING, Any

from untoward.model.clusters import Cluster, ClusterAnswer
from untoward.model.review import Provenance

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

SCHEMA_VERSION = "1"


def clusters_document(
    answer: ClusterAnswer, provenance: Provenance, rows_left_out: int = 0
) -> dict[str, Any]:
    """The document. A relative risk without a value is null, and its interval says why. Nothing is rounded."""
    return {
        "schema": "untoward/clusters",
        "schema_version": SCHEMA_VERSION,
        **clusters_found(answer),
        "rows_left_out": rows_left_out,
        "provenance": _plain(provenance),
    }


def clusters_found(answer: ClusterAnswer) -> dict[str, Any]:
    """What was found, without what it was made from: the part that a review holds too."""
    return {
        "as_of": answer.as_of,
        "clusters": [_cluster(cluster) for cluster in answer.clusters],
        "explanations": _plain(answer.explanations),
        "look_anyway": list(answer.look_anyway),
        "outcomes": _plain(answer.outcomes),
    }


def _cluster(cluster: Cluster) -> dict[str, Any]:
    risk = cluster.relative_risk
    return {
        "where": _plain(cluster.where),
        "from": cluster.start,
        "to": cluster.end,
        "in_window": cluster.in_window,
        "outcome": cluster.outcome,
        "observed": cluster.observed,
        "expected": cluster.expected,
        "sessions": cluster.sessions,
        "persons": cluster.persons,
        "relative_risk": risk.value,
        "relative_risk_interval": {
            "low": risk.low,
            "high": risk.high,
            "level": risk.level,
            "method": risk.method,
            "reason": risk.reason,
        },
        "llr": cluster.llr,
        "p": cluster.p,
        "replicates": cluster.replicates,
        "cases": list(cluster.cases),
        "explains_same_cases": list(cluster.explains_same_cases),
        "shares": _plain(cluster.shares),
        "known_outbreaks": dict(cluster.known_outbreaks),
        "reading": cluster.reading,
        "line_list": _plain(cluster.line_list),
        "epi_curve": _plain(cluster.epi_curve),
    }


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return _fields(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, float) and not isfinite(value):
        return None
    return value


def _fields(value: DataclassInstance) -> dict[str, Any]:
    return {item.name: _plain(getattr(value, item.name)) for item in fields(value)}
