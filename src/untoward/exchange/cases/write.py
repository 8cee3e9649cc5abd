"""An assessment as the JSON document that `untoward assess --json` prints."""

from __future__ import annotations

from typing import Any

from untoward.exchange.cases.judged import judgement_fields
from untoward.model.finding import Assessment, CaseAssessment, CourseStanding, CourseState, Finding
from untoward.model.terms import TermList


def assessment_document(assessed: CaseAssessment, terms: TermList) -> dict[str, Any]:
    """The document of one case; `assessments` is aligned with the case's observations."""
    return {
        "id": assessed.id,
        "rule_set": assessed.rule_set,
        "evidence": assessed.evidence_version,
        "assessments": [_assessment(item, terms) for item in assessed.assessments],
    }


def _assessment(item: Assessment, terms: TermList) -> dict[str, Any]:
    return {
        "day": item.day,
        "disposition": item.disposition.value,
        "deadline_hours": item.disposition.deadline_hours,
        "look_again_day": item.look_again_day,
        "summary": item.summary,
        "findings": [_finding(finding) for finding in item.findings],
        "not_evaluated": [{"rule": rule.rule, "missing": list(rule.missing)} for rule in item.not_evaluated],
        **({} if item.judgement is None else judgement_fields(item.judgement, terms)),
        "course": [_standing(standing, terms) for standing in item.course],
        "questions": list(item.questions),
        "coded": [
            {"term": coded.term, "negated": coded.negated, "from": coded.origin, "said_as": coded.said_as}
            for coded in item.coded
        ],
        "unrecognised": list(item.unrecognised),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "disposition": finding.disposition.value,
        "statement": finding.statement,
        "threshold": finding.threshold,
        "facts_used": dict(finding.facts_used),
        "facts_missing": list(finding.facts_missing),
        "evidence": list(finding.evidence),
        "alternatives": list(finding.alternatives),
        "treatment": list(finding.treatment),
    }


def _standing(standing: CourseStanding, terms: TermList) -> dict[str, Any]:
    known = standing.state is not CourseState.NO_DATA
    return {
        "term": terms[standing.term].label,
        "compound": standing.compound,
        "state": standing.state.value,
        "band_days": [round(day, 1) for day in standing.band_days] if standing.band_days else None,
        "still_present": round(standing.still_present, 4)
        if known and standing.still_present is not None
        else None,
        "people": standing.people,
        "evidence": list(standing.evidence),
    }
