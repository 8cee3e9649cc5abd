"""The answer of a mixture check as JSON. Fields of the published interface first, additions after them."""

from __future__ import annotations

from typing import Any

from untoward.evidence.base import EvidenceBase
from untoward.model.mixture import Ingredient, MixtureCheck, MixtureFinding, PersonWord


def mixture_answer(check: MixtureCheck, base: EvidenceBase) -> dict[str, Any]:
    """The document that `untoward mix --json` prints."""
    return {
        "verdict": check.verdict.value,
        "findings": [_finding(finding) for finding in check.findings],
        "no_data": [list(pair) for pair in check.no_data],
        "unrecognised": list(check.unrecognised),
        "compatible": [
            {"pair": list(pair), "evidence": list(keys)} for pair, keys in check.compatible.items()
        ],
        "ingredients": [_ingredient(item) for item in check.ingredients],
        "vehicle": list(check.vehicle),
        "patient_read": [_word(word) for word in check.person],
        "facts_missing": list(check.facts_missing),
        "sources": {key: _source(key, base) for key in _keys(check)},
        "evidence": check.evidence_version,
    }


def _finding(finding: MixtureFinding) -> dict[str, Any]:
    return {
        "kind": finding.kind.value,
        "subjects": list(finding.subjects),
        "severity": finding.severity,
        "verdict": None if finding.verdict is None else finding.verdict.value,
        "statement": finding.statement,
        "evidence": list(finding.evidence),
        "facts_missing": list(finding.facts_missing),
    }


def _ingredient(item: Ingredient) -> dict[str, Any]:
    dose = item.dose
    return {
        "as_named": item.as_named,
        "compound": item.compound,
        "read_as": item.read_as,
        "percent": item.percent,
        "volume_ml": None if item.volume is None else item.volume.to("ml").value,
        "dose": None if dose is None else {"value": dose.value, "unit": dose.unit},
    }


def _word(word: PersonWord) -> dict[str, Any]:
    return {"as_said": word.as_said, "field": word.field, "read_as": list(word.read_as), "how": word.how}


def _keys(check: MixtureCheck) -> list[str]:
    said = [key for finding in check.findings for key in finding.evidence]
    tested = [key for keys in check.compatible.values() for key in keys]
    return list(dict.fromkeys([*said, *tested]))


def _source(key: str, base: EvidenceBase) -> dict[str, Any]:
    record = base.records[key]
    source = base.source_of(record)
    return {
        "grade": record.grade,
        "citation": source.citation,
        "link": source.link,
        "locator": record.locator,
    }
