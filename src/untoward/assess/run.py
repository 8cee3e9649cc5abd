"""Assess a case:

every rule at every observation, the most urgent conclusion wins, and every other one stays visible.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from untoward.assess.facts import Facts
from untoward.assess.judgement import judge
from untoward.assess.questions import Asking, questions
from untoward.assess.rule import CANNOT_TELL, Conclusion, Rule
from untoward.assess.situation import KnownCourse, Situation
from untoward.evidence.base import EvidenceBase
from untoward.evidence.courses import expected_course
from untoward.model.answer import Answer
from untoward.model.case import Case
from untoward.model.finding import (
    Assessment,
    CannotTell,
    CaseAssessment,
    Coded,
    CourseState,
    Disposition,
    Finding,
)

GROUPS = (
    "emergency",
    "allergy",
    "tissue",
    "infection",
    "nerve",
    "systemic",
    "lasting",
    "person",
    "course",
    "general",
)
"""Groups of rules in the order in which their findings stand when they are equally urgent."""

LOOK_AGAIN_AT_LEAST_DAYS = 1.0
LOOK_AGAIN_AT_MOST_DAYS = 14.0


class Assessor:
    """Assesses cases with one evidence base and one rule set. Holds nothing of any case."""

    def __init__(self, evidence: EvidenceBase, rules: Iterable[Rule], rule_set: str) -> None:
        self.evidence = evidence
        self.rules = tuple(rules)
        self.rule_set = rule_set
        self._rule_of = {rule.code: rule for rule in self.rules}
        self._labels = {key: term.label for key, term in evidence.terms.terms.items()}
        self._course_of = lru_cache(maxsize=None)(self._known_course)

    def assess(self, case: Case) -> CaseAssessment:
        """One assessment per observation, in order, each with what was known by then."""
        return CaseAssessment(
            id=case.id,
            rule_set=self.rule_set,
            evidence_version=self.evidence.version,
            assessments=tuple(self.assess_at(case, index) for index in range(len(case.observations))),
        )

    def assess_at(self, case: Case, index: int) -> Assessment:
        """The assessment at one observation."""
        situation = Situation.at(case, index, self.evidence, self._labels, self._course_of)
        findings, not_evaluated, asking = self._evaluate(situation)
        findings.sort(key=self._order)
        disposition = findings[0].disposition
        look_again = _look_again_day(situation) if disposition is Disposition.SELF_CARE else None
        return Assessment(
            day=situation.day,
            disposition=disposition,
            summary=findings[0].statement,
            findings=tuple(findings),
            not_evaluated=tuple(not_evaluated),
            course=situation.courses,
            ask=lambda: questions(situation, disposition, asking),
            coded=_coded(situation),
            unrecognised=(*situation.observation.unrecognised, *case.unrecognised),
            look_again_day=look_again,
            judgement=judge(situation),
        )

    def _evaluate(self, situation: Situation) -> tuple[list[Finding], list[CannotTell], list[Asking]]:
        findings: list[Finding] = []
        not_evaluated: list[CannotTell] = []
        asking: list[Asking] = []
        for rule in self.rules:
            facts = Facts(situation)
            answered = rule.evaluate(facts)
            if isinstance(answered, Conclusion):
                findings.append(_finding(rule, answered, facts, situation))
                asking.append(Asking(rule, facts.missing, facts.found, answered.disposition))
            elif answered == CANNOT_TELL:
                not_evaluated.append(CannotTell(rule=rule.code, missing=tuple(facts.missing)))
                asking.append(Asking(rule, facts.missing, facts.found))
        return findings, not_evaluated, asking

    def _order(self, finding: Finding) -> tuple[int, bool, int, int, str]:
        """Most urgent first; among equals the general rules last, then the more specific rule first."""
        rule = self._rule_of[finding.rule]
        group = GROUPS.index(rule.group) if rule.group in GROUPS else len(GROUPS)
        general, loudness = rule.group == GROUPS[-1], rule.loudness(finding.disposition)
        return finding.disposition.rank, general, loudness, group, finding.rule

    def _known_course(self, compound: str, term: str) -> KnownCourse | None:
        course = expected_course(self.evidence, compound, term)
        return None if course is None else KnownCourse.of(course)


def _finding(rule: Rule, conclusion: Conclusion, facts: Facts, situation: Situation) -> Finding:
    standings = (
        [s for s in situation.courses if s.state is not CourseState.NO_DATA]
        if rule.code.startswith("CRS")
        else []
    )
    records = [key for standing in standings for key in standing.evidence]
    return Finding(
        rule=rule.code,
        disposition=conclusion.disposition,
        statement=conclusion.statement,
        threshold=conclusion.threshold,
        facts_used=facts.used,
        facts_missing=tuple(facts.missing),
        evidence=tuple(dict.fromkeys((*rule.evidence, *records))),
        alternatives=rule.alternatives,
        treatment=rule.treatment,
    )


def _look_again_day(situation: Situation) -> float | None:
    """The day by which an expected reaction should be over, at least one and at most fourteen days from now."""
    if situation.day is None:
        return None
    ends = [s.band_days[2] for s in situation.courses if s.band_days and s.state is CourseState.WITHIN]
    wait = (max(ends) if ends else 0.0) - situation.day
    return situation.day + min(max(wait, LOOK_AGAIN_AT_LEAST_DAYS), LOOK_AGAIN_AT_MOST_DAYS)


def _coded(situation: Situation) -> tuple[Coded, ...]:
    labels = situation.evidence.terms
    return tuple(
        Coded(
            term=labels[sign.term].label,
            negated=sign.answer is Answer.NO,
            origin=sign.origin,
            said_as=sign.said_as,
        )
        for sign in situation.observation.signs.values()
    )
