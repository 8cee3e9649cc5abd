"""JSON Schemas of the documents that untoward reads and writes, by name."""

from __future__ import annotations

import json
from collections.abc import Mapping
from importlib import resources
from typing import Any

from untoward.errors import UsageError

FILES: Mapping[str, tuple[str, str]] = {
    "case-definition": ("untoward.exchange", "schema/case-definition.json"),
    "case": ("untoward.exchange", "schema/case.json"),
    "assessment": ("untoward.exchange", "schema/assessment.json"),
    "coding": ("untoward.exchange", "schema/coding.json"),
    "lexicon": ("untoward.coding", "data/schema/extra.json"),
    "session": ("untoward.exchange", "schema/session.json"),
    "aftercare": ("untoward.report", "passport/schema.json"),
    "mix": ("untoward.exchange", "schema/mix.json"),
    "mix-answer": ("untoward.exchange", "schema/mix-answer.json"),
    "review": ("untoward.report", "schema/review.json"),
    "outbreak": ("untoward.report", "schema/outbreak.json"),
    "rates": ("untoward.report", "schema/rates.json"),
    "clusters": ("untoward.report", "schema/clusters.json"),
    "scan": ("untoward.report", "schema/scan.json"),
    "signals": ("untoward.report", "schema/signals.json"),
    "signals-pair": ("untoward.report", "schema/signals-pair.json"),
    "evidence-record": ("untoward.evidence", "schema/record.json"),
    "evidence-source": ("untoward.evidence", "schema/source.json"),
    "evidence-compound": ("untoward.evidence", "schema/compound.json"),
    "evidence-term": ("untoward.evidence", "schema/term.json"),
    "evidence-substance": ("untoward.evidence", "schema/substance.json"),
}


def schema_names() -> tuple[str, ...]:
    """Names of all schemas."""
    return tuple(FILES)


def schema_of(name: str) -> dict[str, Any]:
    """The schema of this name. Raises UsageError listing the names there are."""
    if name not in FILES:
        raise UsageError(f"There is no schema {name!r}. There are: {', '.join(FILES)}.")
    package, path = FILES[name]
    document: dict[str, Any] = json.loads((resources.files(package) / path).read_text(encoding="utf-8"))
    return document
