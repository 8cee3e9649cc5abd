"""What a rule tells clinicians beside its answer: what else it may be, and what published guidance does."""

import re
import sys
from pathlib import Path

import pytest

from untoward.assess.rules import all_rules
from untoward.evidence.load import load_evidence
from untoward.evidence.records import Criterion
from untoward.model.finding import Disposition

DOCS = Path(__file__).parents[3] / "docs"
RULES = all_rules()
CODES = [rule.code for rule in RULES]
BASE = load_evidence()
TREATMENTS = [record for key, record in BASE.records.items() if key.startswith("treatment-")]
LONGEST_ALTERNATIVE = 110

DOSE = re.compile(
    r"\d[\d.,]*\s*(?:mg|mcg|µg|micrograms?|milligrams?|grams?|g|ml|millilitres?|iu|units?)\b", re.I
)

WITHOUT_ALTERNATIVES = {
    "DGN01": "it repeats a diagnosis or outcome that others made; what else it may be stands at that one's rule",
}
"""Rules that can say "emergency" and name nothing else it may be, with the reason."""


@pytest.fixture(scope="module")
def rule_pages():
    before = list(sys.path)
    sys.path.insert(0, str(DOCS))
    try:
        from generators import rules as generator
    finally:
        sys.path[:] = before
    return generator.pages()


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_every_treatment_is_a_criterion_of_the_evidence_base_named_once(rule):
    assert len(set(rule.treatment)) == len(rule.treatment)
    for key in rule.treatment:
        assert isinstance(BASE.records[key], Criterion), key


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_an_alternative_names_something_and_the_sign_that_tells_it_apart(rule):
    names = []
    for alternative in rule.alternatives:
        name, _, sign = alternative.partition(": ")
        assert sign.endswith("."), alternative
        assert len(alternative) <= LONGEST_ALTERNATIVE, alternative
        names.append(name)
    assert len(set(names)) == len(names)
    assert not names or 2 <= len(names) <= 5


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_no_dose_stands_in_an_alternative(rule):
    assert [alternative for alternative in rule.alternatives if DOSE.search(alternative)] == []


@pytest.mark.parametrize(
    "text", ["0.5 mg", "500 micrograms", "1.5 mL/kg", "1,500 units", "300IU", "10 ml", "2 g"]
)
def test_what_a_dose_looks_like(text):
    assert DOSE.search(f"give {text} now")


@pytest.mark.parametrize("text", ["within 2 days", "grade 3", "24 hours", "above 38 °C", "2 giant lumps"])
def test_what_does_not_look_like_a_dose(text):
    assert not DOSE.search(text)


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_a_rule_that_can_say_emergency_names_what_else_it_may_be_or_a_reason_stands_here(rule):
    if rule.most_urgent is Disposition.EMERGENCY_NOW:
        assert bool(rule.alternatives) != (rule.code in WITHOUT_ALTERNATIVES)


def test_the_reasons_are_those_of_rules_that_can_say_emergency():
    emergencies = {rule.code for rule in RULES if rule.most_urgent is Disposition.EMERGENCY_NOW}
    assert set(WITHOUT_ALTERNATIVES) <= emergencies


def test_every_treatment_record_is_named_by_a_rule():
    named = {key for rule in RULES for key in rule.treatment}
    assert {record.key for record in TREATMENTS} - named == set()


def test_a_weak_treatment_record_is_our_own_caution_and_says_so():
    weak = [record for record in TREATMENTS if record.confidence == "S2"]
    assert all("proposal" in record.note for record in weak)
    assert all(record.grade == "C" for record in weak)


def test_the_rule_for_anaphylaxis_shows_every_body_s_interval_before_the_next_dose():
    (rule,) = (rule for rule in RULES if rule.code == "ANA01")
    shown = {key for key in rule.treatment if "repeat" in str(BASE.records[key].thresholds)}
    assert shown >= {
        "treatment-anaphylaxis-adrenaline-by-weight",
        "treatment-anaphylaxis-adrenaline-us-label",
        "treatment-anaphylaxis-repeat-uk",
    }


def test_no_number_of_hyaluronidase_units_is_stored_as_the_dose():
    records = [record for record in TREATMENTS if record.key.startswith("treatment-occlusion-")]
    assert records
    assert not any(threshold.unit == "units" for record in records for threshold in record.thresholds)


@pytest.mark.parametrize("rule", RULES, ids=CODES)
def test_the_page_of_a_rule_holds_both_tables(rule, rule_pages):
    page = rule_pages[f"rules/{rule.code}.md"]
    assert ("## It may also be" in page) is bool(rule.alternatives)
    assert ("## What guidance does (for clinicians)" in page) is bool(rule.treatment)
    assert all(f"| {alternative.partition(': ')[0]} |" in page for alternative in rule.alternatives)
    assert all(f"| `{key}` | {BASE.records[key].statement} |" in page for key in rule.treatment)
