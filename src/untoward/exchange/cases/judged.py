"""A judgement as parts of the JSON document of an assessment: grades, seriousness, causality and the like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from untoward.model.answer import Answer
from untoward.model.judgement import (
    Answered,
    Causality,
    Completeness,
    Dips,
    Grade,
    Judgement,
    Naranjo,
    Seriousness,
    Share,
)
from untoward.model.terms import TermList

SCALE_KEYS: Mapping[tuple[str, str], str] = {
    ("FDA", "2007"): "fda_2007",
    ("DAIDS", "2.1"): "daids_2_1",
    ("CTCAE", "5.0"): "ctcae",
    ("CTCAE", "6.0"): "ctcae_v6",
}
"""What a scale and its version are called among the grades."""

VALUES: Mapping[Answer, bool | None] = {Answer.YES: True, Answer.NO: False, Answer.UNKNOWN: None}


def judgement_fields(judgement: Judgement, terms: TermList) -> dict[str, Any]:
    """The fields of an assessment that come from its judgement."""
    return {
        "grades": _grades(judgement.grades, terms),
        "grade_details": [_grade(grade, terms) for grade in judgement.grades],
        "conflicts": list(judgement.conflicts),
        "case_definitions": [
            {"definition": item.definition, "level": item.level, "basis": item.basis,
             "missing": list(item.missing), "evidence": list(item.evidence)}
            for item in judgement.definitions
        ],
        "scores": [
            {"name": item.name, "min": item.low, "max": item.high, "positive": VALUES[item.positive],
             "basis": item.basis, "missing": list(item.missing), "evidence": list(item.evidence)}
            for item in judgement.scores
        ],
        "serious": _serious(judgement.seriousness),
        "expectedness": [
            {"term": terms[item.term].label, "compound": item.compound, "state": item.state, "basis": item.basis,
             "missing": list(item.missing), "evidence": list(item.evidence)}
            for item in judgement.expectedness
        ],
        "causality": _causality(judgement.causality, terms),
        "completeness": _completeness(judgement.completeness),
        "attribution": [_share(share) for share in judgement.attribution],
    }  # fmt: skip


def _grades(grades: Iterable[Grade], terms: TermList) -> dict[str, dict[str, int | None]]:
    """By term, the grade of each scale; of several lines of one scale the higher, None while none is settled."""
    by_term: dict[str, dict[str, int | None]] = {}
    for grade in grades:
        of_term = by_term.setdefault(terms[grade.term].label, {})
        key = SCALE_KEYS[grade.scale, grade.version]
        settled = [value for value in (of_term.get(key), grade.grade) if value is not None]
        of_term[key] = max(settled, default=None)
    return by_term


def _grade(grade: Grade, terms: TermList) -> dict[str, Any]:
    return {
        "term": terms[grade.term].label,
        "scale": SCALE_KEYS[grade.scale, grade.version],
        "item": grade.item,
        "grade": grade.grade,
        "min": grade.low,
        "max": grade.high,
        "basis": grade.basis,
        "missing": list(grade.missing),
        "evidence": list(grade.evidence),
    }


def _serious(serious: Seriousness) -> dict[str, Any]:
    return {
        "value": VALUES[serious.value],
        "criteria": [*serious.criteria, *serious.medically_important],
        "needs_judgement": list(serious.needs_judgement),
        "missing": list(serious.missing),
        "evidence": list(serious.evidence),
    }


def _causality(causality: Causality, terms: TermList) -> dict[str, Any] | None:
    if causality.term is None:
        return None
    return {
        "term": terms[causality.term].label,
        "who_umc": causality.who_umc,
        "who_umc_reason": causality.who_umc_reason,
        "naranjo": _naranjo(causality.naranjo),
        "liverpool": {
            "category": causality.liverpool.category,
            "min": causality.liverpool.low,
            "max": causality.liverpool.high,
            "path": list(causality.liverpool.path),
        },
        "dips": [_dips(item) for item in causality.dips],
        "missing": list(causality.missing),
        "evidence": list(causality.evidence),
    }


def _naranjo(naranjo: Naranjo) -> dict[str, Any]:
    return {
        "score": naranjo.score,
        "min": naranjo.low,
        "max": naranjo.high,
        "reachable": naranjo.reachable,
        "category": naranjo.category,
        "answers": _answers(naranjo.answers),
    }


def _dips(dips: Dips) -> dict[str, Any]:
    return {
        "pair": list(dips.pair),
        "score": dips.score,
        "min": dips.low,
        "max": dips.high,
        "answers": _answers(dips.answers),
        "evidence": list(dips.evidence),
    }


def _answers(answers: Iterable[Answered]) -> list[dict[str, Any]]:
    return [
        {"question": item.question, "text": item.text, "answer": item.answer.value, "points": item.points,
         "fact": item.fact}
        for item in answers
    ]  # fmt: skip


def _completeness(completeness: Completeness) -> dict[str, Any]:
    return {
        "score": round(completeness.score, 4),
        "well_documented": completeness.well_documented,
        "penalties": [
            {"dimension": item.dimension, "share": item.share, "why": item.why}
            for item in completeness.penalties
        ],
        "evidence": list(completeness.evidence),
    }


def _share(share: Share) -> dict[str, Any]:
    return {
        "compound": share.compound,
        "weight": round(share.weight, 4),
        "min": round(share.low, 4),
        "max": round(share.high, 4),
        "basis": list(share.basis),
        "evidence": list(share.evidence),
    }
