"""What every rule file must have, whatever it says."""

import ast
import inspect
import json
import re
import sys
from pathlib import Path

import pytest
import yaml

from untoward.assess.facts import Facts
from untoward.assess.rule import HEADINGS
from untoward.assess.rules import all_rules, rule_set_version
from untoward.assess.situation import Situation
from untoward.evidence.load import load_evidence
from untoward.evidence.records import Criterion
from untoward.exchange.cases import read_cases
from untoward.model.answer import Answer
from untoward.model.case import Case, Observation, Sign
from untoward.model.finding import Disposition
from untoward.tasks.knowledge import assessor, case_names

CASES = Path(__file__).parents[2] / "cases"
RULES = all_rules()
BASE = load_evidence()
CODES = [rule.code for rule in RULES]
HEADING = re.compile(rf"^({'|'.join(map(re.escape, HEADINGS))})$", re.MULTILINE)


def source_of(rule):
    return inspect.getsource(sys.modules[rule.evaluate.__module__])


def test_codes_are_unique_and_well_formed():
    assert len(set(CODES)) == len(CODES)
    assert all(re.fullmatch(r"[A-Z]{3}\d\d", code) for code in CODES)


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_the_file_is_named_after_the_code(rule):
    assert rule.evaluate.__module__.split(".")[-1].startswith(f"{rule.code.lower()}_")


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_the_manual_has_every_heading_in_order_and_says_something_under_it(rule):
    title, *rest = HEADING.split(rule.manual)
    assert title.startswith(f"{rule.code}: ")
    assert tuple(rest[::2]) == HEADINGS
    assert all(text.strip() for text in rest[1::2])


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_its_evidence_exists_and_states_its_confidence(rule):
    for key in rule.evidence:
        record = BASE.records[key]
        assert isinstance(record, Criterion), key
        assert record.confidence in ("P", "S", "S2"), key


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_weak_evidence_alone_never_reassures(rule):
    """S2 may raise the urgency; it may never be the only reason to say that somebody can wait at home."""
    confidences = {BASE.criterion(key).confidence for key in rule.evidence}
    if confidences == {"S2"}:
        assert "SELF_CARE" not in source_of(rule)


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_every_criterion_it_reads_is_among_its_evidence(rule):
    source = source_of(rule)
    used = {
        key for key, record in BASE.records.items() if isinstance(record, Criterion) and f'"{key}"' in source
    }
    assert used <= {*rule.evidence, *rule.treatment}


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_every_term_it_names_is_in_the_term_list(rule):
    """Any kebab-case text in a rule is the name of a term, a group, a criterion, a threshold or a compound."""
    thresholds = {t.name for r in BASE.records.values() if isinstance(r, Criterion) for t in r.thresholds}
    groups = {term.group for term in BASE.terms.terms.values()}
    known = groups | set(BASE.terms.terms) | set(BASE.records) | set(BASE.compounds) | thresholds
    texts = [node.value for node in ast.walk(ast.parse(source_of(rule))) if isinstance(node, ast.Constant)]
    named = {
        text for text in texts if isinstance(text, str) and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", text)
    }
    assert named <= known


class Heard(Facts):
    """Facts that remember which terms were asked for."""

    __slots__ = ("terms",)

    def __init__(self, situation):
        super().__init__(situation)
        self.terms = set()

    def present_of(self, *terms):
        self.terms |= set(terms)
        return super().present_of(*terms)

    def denied(self, term):
        self.terms.add(term)
        return super().denied(term)

    def attribute(self, term, name):
        self.terms.add(term)
        return super().attribute(term, name)


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_every_sign_it_asks_for_is_a_term(rule):
    """A misspelt term would never be there and the rule would stay silent, so every case is run with an ear to it."""
    labels = {key: term.label for key, term in BASE.terms.terms.items()}
    for item in yaml.safe_load((CASES / f"{rule.code}.yaml").read_text(encoding="utf-8")):
        (case,) = read_cases(json.dumps(item["case"]), case_names())
        situation = Situation.at(
            case, len(case.observations) - 1, BASE, labels, lambda _compound, _term: None
        )
        facts = Heard(situation)
        rule.evaluate(facts)
        assert facts.terms <= set(labels)


def test_most_urgent_says_a_level():
    assert all(isinstance(rule.most_urgent, Disposition) for rule in RULES)


def test_every_red_flag_is_answered_by_some_rule():
    """A red flag alone is never answered less urgently than within three days."""
    for term in BASE.terms.terms.values():
        if term.red_flag:
            seen = Observation(day=5.0, signs={term.id: Sign(term=term.id, answer=Answer.YES)})
            answer = assessor().assess_at(Case(id="x", observations=(seen,)), 0)
            assert answer.disposition.needs_someone, term.id


def test_the_version_names_edition_and_hash():
    assert re.fullmatch(r"\d{4}\.\d\d\+sha256:[0-9a-f]{12}", rule_set_version())
