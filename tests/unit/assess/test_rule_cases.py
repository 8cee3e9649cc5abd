"""Every case of every rule in tests/cases: facts in, answer out."""

import json
from pathlib import Path

import pytest
import yaml

from untoward.assess.rules import all_rules
from untoward.exchange.cases import read_cases
from untoward.model.finding import Disposition
from untoward.tasks.knowledge import assessor, case_names

FOLDER = Path(__file__).parents[2] / "cases"
RULES = {rule.code: rule for rule in all_rules()}
SILENT, CANNOT_TELL = "silent", "cannot tell"
ALWAYS_ANSWERS = {"CAN01"}
"""CAN01 is the rule about what cannot be told: it always answers."""


def cases_of(code):
    return yaml.safe_load((FOLDER / f"{code}.yaml").read_text(encoding="utf-8"))


ALL = [(path.stem, case) for path in sorted(FOLDER.glob("*.yaml")) for case in cases_of(path.stem)]


def assessed(case):
    (read,) = read_cases(json.dumps(case), case_names())
    return assessor().assess(read).assessments[-1]


@pytest.mark.parametrize(("code", "item"), ALL, ids=[f"{code}: {item['name']}" for code, item in ALL])
def test_case(code, item):
    assessment = assessed(item["case"])
    expected = item["expect"]
    finding = next((f for f in assessment.findings if f.rule == code), None)
    cannot = next((c for c in assessment.not_evaluated if c.rule == code), None)
    answered = finding.disposition.value if finding else CANNOT_TELL if cannot else SILENT
    assert answered == expected["fires"], (item["why"], finding)
    missing = finding.facts_missing if finding else cannot.missing if cannot else ()
    assert set(expected.get("missing", ())) <= set(missing)
    for words in expected.get("says", ()):
        assert words in finding.statement
    check_overall(assessment.disposition, expected.get("overall"))


def check_overall(disposition, wanted):
    if isinstance(wanted, dict):
        at_least, at_most = wanted.get("at_least"), wanted.get("at_most")
        assert at_least is None or disposition.rank <= Disposition(at_least).rank, disposition
        assert at_most is None or disposition.rank >= Disposition(at_most).rank, disposition
    elif wanted is not None:
        assert disposition.value == wanted


@pytest.mark.parametrize("code", sorted(RULES))
def test_every_rule_fires_is_silent_and_cannot_tell(code):
    answers = {item["expect"]["fires"] for item in cases_of(code)}
    levels = {level.value for level in Disposition}
    assert answers & levels
    if code not in ALWAYS_ANSWERS:
        assert {SILENT, CANNOT_TELL} <= answers


def test_every_file_belongs_to_a_rule():
    assert {path.stem for path in FOLDER.glob("*.yaml")} == set(RULES)


@pytest.mark.parametrize(("code", "item"), ALL, ids=[f"{code}: {item['name']}" for code, item in ALL])
def test_the_case_is_well_formed(code, item):
    assert set(item) == {"name", "why", "case", "expect"}
    assert set(item["expect"]) <= {"fires", "missing", "says", "overall"}
    assert item["why"].strip()


@pytest.mark.parametrize("code", sorted(RULES))
def test_names_are_not_used_twice(code):
    names = [item["name"] for item in cases_of(code)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("code", sorted(RULES))
def test_the_most_urgent_level_is_reached_by_a_case(code):
    fired = [item["expect"]["fires"] for item in cases_of(code)]
    ranks = [Disposition(level).rank for level in fired if level not in (SILENT, CANNOT_TELL)]
    assert min(ranks) == RULES[code].most_urgent.rank
