"""A scan as one JSON document (`untoward schema scan`)."""

from __future__ import annotations

from dataclasses import asdict
from math import isfinite
from typing import Any

from untoward.report.scan.content import FoundCluster, ScanContent

SCHEMA_VERSION = "1"


def scan_document(content: ScanContent) -> dict[str, Any]:
    """The document. What does not apply, and a ratio without an upper limit, is null."""
    return {
        "schema": "untoward/scan",
        "schema_version": SCHEMA_VERSION,
        "version": content.version,
        "reading": content.headline,
        "clusters": [_cluster(cluster, content.settings.replicates) for cluster in content.clusters],
        "settings": _plain(asdict(content.settings)),
        "totals": _plain(asdict(content.totals)),
        "assumptions": list(content.assumptions),
    }


def _cluster(cluster: FoundCluster, replicates: int) -> dict[str, Any]:
    centre = None
    if cluster.centre is not None and cluster.at is not None:
        centre = {"place": cluster.centre, "x": cluster.at[0], "y": cluster.at[1]}
    found = {
        "where": [asdict(place) for place in cluster.where],
        "from": cluster.first_day,
        "to": cluster.last_day,
        "in_window": cluster.in_window,
        "observed": cluster.observed,
        "expected": cluster.expected,
        "relative_risk": cluster.relative_risk,
        "llr": cluster.llr,
        "p": cluster.p,
        "replicates": replicates,
        "gumbel_p": cluster.gumbel_p,
        "caution": cluster.caution,
        "recurrence_interval_days": cluster.recurrence_days,
        "centre": centre,
        "radius": cluster.radius,
        "population": cluster.population,
        "outcome": "case",
        "cases": list(cluster.cases),
        "explains_same_cases": list(cluster.shares),
        "reading": cluster.reading,
    }
    plain: dict[str, Any] = _plain(found)
    return plain


def _plain(value: Any) -> Any:  # noqa: ANN401 - any part of a document
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return None if isinstance(value, float) and not isfinite(value) else value
