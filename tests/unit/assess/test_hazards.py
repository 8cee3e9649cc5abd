"""The hazard log: its shape, that every rule is in it, the published matrix, and that each kind of fault is told."""

from copy import deepcopy
from pathlib import Path

import pytest
import yaml

from untoward.assess.hazards.hazards import hazards_of_rules, load_hazards
from untoward.assess.hazards.risk import LIKELIHOODS, RISK_RECORD, meanings, risk_matrix
from untoward.assess.rules import all_rules
from untoward.errors import RuleError
from untoward.evidence.load import load_evidence

ROOT = Path(__file__).parents[3]
BASE = load_evidence()
RULES = all_rules()
MATRIX = risk_matrix(BASE)
HAZARDS = load_hazards(base=BASE, project=ROOT)
ONE_RULE = [rule for rule in RULES if rule.code == "ANA01"]

SOUND = {
    "id": "HAZ-01",
    "title": "Missed",
    "hazard": "Something is missed.",
    "causes": ["nobody asked"],
    "harm": "Injury.",
    "initial": {"severity": "major", "likelihood": "medium"},
    "controls": [
        {"kind": "rule", "reference": "ANA01", "does": "speaks"},
        {"kind": "test", "reference": "tests/unit/assess/test_hazards.py", "does": "tries it"},
        {"kind": "data", "reference": RISK_RECORD, "does": "says it"},
        {"kind": "wording", "reference": "docs/explanation/intended-use.md", "does": "warns"},
        {"kind": "human", "reference": "docs/explanation/intended-use.md", "does": "looks"},
    ],
    "residual": {"severity": "major", "likelihood": "low"},
    "sources": [RISK_RECORD],
    "open": ["everything"],
    "status": "proposed",
}


@pytest.fixture
def log(tmp_path):
    """Write hazards, a file each, and load them with one rule."""

    def load(*items, project=ROOT):
        for number, item in enumerate(items):
            text = item if isinstance(item, str) else yaml.safe_dump([item])
            tmp_path.joinpath(f"part-{number}.yaml").write_text(text, encoding="utf-8")
        return load_hazards(tmp_path, base=BASE, rules=ONE_RULE, project=project)

    return load


@pytest.fixture
def faults_of(log):
    def told(*items, project=ROOT):
        with pytest.raises(RuleError) as refused:
            log(*items, project=project)
        return [(fault.what, fault.where, fault.field, fault.got) for fault in refused.value.faults]

    return told


def changed(path, value):
    """The sound hazard with one field, named by its path, set to another value."""
    item = deepcopy(SOUND)
    *parents, last = path
    target = item
    for step in parents:
        target = target[step]
    target[last] = value
    return item


class TestMatrix:
    # Rows and columns as NHS England prints them in its UK Core hazard log (table "Risk Matrix").
    PUBLISHED = """
               minor significant considerable major catastrophic
    very-high  3     4           4            5     5
    high       2     3           3            4     5
    medium     2     2           3            3     4
    low        1     2           2            3     4
    very-low   1     1           2            2     3
    """

    def test_it_is_the_published_table(self):
        header, *rows = [line.split() for line in self.PUBLISHED.strip().splitlines()]
        printed = {
            (severity, name.replace("-", " ")): int(risk)
            for name, *risks in rows
            for severity, risk in zip(header, risks, strict=True)
        }
        ours = {
            (severity, likelihood): MATRIX.risk(severity, likelihood)
            for severity in MATRIX.severities
            for likelihood in LIKELIHOODS
        }
        assert len(printed) == 25
        assert ours == printed

    def test_worse_or_likelier_is_never_less_risk(self):
        columns = zip(*MATRIX.rows.values(), strict=True)
        assert all(list(row) == sorted(row) for row in MATRIX.rows.values())
        assert all(list(column) == sorted(column, reverse=True) for column in columns)

    @pytest.mark.parametrize("words", [("fatal", "low"), ("major", "rare"), ("Major", "low")])
    def test_a_word_it_does_not_have_is_refused(self, words):
        with pytest.raises(KeyError):
            MATRIX.risk(*words)

    def test_every_word_has_a_meaning(self):
        assert tuple(meanings(BASE, "likelihood")) == LIKELIHOODS
        assert tuple(meanings(BASE, "severity")) == MATRIX.severities
        assert tuple(meanings(BASE, "risk")) == ("1", "2", "3", "4", "5")


class TestShippedLog:
    def test_ids_run_from_one_without_a_gap(self):
        assert [hazard.id for hazard in HAZARDS] == [
            f"HAZ-{number:02}" for number in range(1, len(HAZARDS) + 1)
        ]

    def test_every_rule_controls_a_hazard(self):
        assert set(hazards_of_rules(HAZARDS)) == {rule.code for rule in RULES}

    def test_the_way_back_from_a_rule(self):
        assert "HAZ-14" in hazards_of_rules(HAZARDS)["NTM01"]

    @pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard.id)
    def test_nothing_is_called_signed_or_shown(self, hazard):
        assert hazard.status == "proposed"
        assert hazard.open

    @pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard.id)
    def test_its_risk_is_that_of_the_table(self, hazard):
        for rating in (hazard.initial, hazard.residual):
            assert rating.risk == MATRIX.risk(rating.severity, rating.likelihood)

    @pytest.mark.parametrize("hazard", HAZARDS, ids=lambda hazard: hazard.id)
    def test_controls_change_how_likely_the_harm_is_and_not_how_bad(self, hazard):
        assert hazard.residual.severity == hazard.initial.severity

    def test_no_risk_is_left_that_must_be_removed(self):
        assert [hazard.id for hazard in HAZARDS if hazard.residual.risk > 3] == []

    def test_a_control_by_people_never_stands_alone(self):
        assert [h.id for h in HAZARDS if {control.kind for control in h.controls} == {"human"}] == []

    def test_an_installed_package_reads_it_without_the_project(self):
        assert load_hazards(base=BASE) == HAZARDS


class TestFaults:
    def test_a_sound_log_has_none(self, log):
        (hazard,) = log(SOUND)
        assert (hazard.initial.risk, hazard.residual.risk) == (3, 3)
        assert hazard.rules == ("ANA01",)

    @pytest.mark.parametrize(
        ("path", "value", "what"),
        [
            (("controls", 0, "reference"), "XXX01", "unknown rule code"),
            (("controls", 1, "reference"), "tests/unit/no_such_test.py", "missing test"),
            (("controls", 1, "reference"), "tests/unit", "missing test"),
            (("controls", 2, "reference"), "no-such-record", "unknown evidence record"),
            (("controls", 4, "reference"), "docs/no-such-page.md", "missing page"),
            (("controls", 4, "reference"), "ANA01", "a human control cannot refer to a rule"),
            (("controls", 2, "reference"), "tests/x.py", "a data control cannot refer to a test"),
            (("sources", 0), "no-such-record", "unknown evidence record"),
            (("initial", "likelihood"), "rare", "unknown likelihood"),
            (("residual", "likelihood"), "Low", "unknown likelihood"),
            (("residual", "severity"), "fatal", "unknown severity"),
            (("residual", "likelihood"), "very high", "the risk is higher with the controls than without"),
        ],
    )
    def test_a_reference_or_word_that_does_not_exist(self, faults_of, path, value, what):
        told = faults_of(SOUND, {**changed(path, value), "id": "HAZ-02"})
        assert [(fault[0], fault[1]) for fault in told] == [(what, "hazard HAZ-02")]

    @pytest.mark.parametrize(
        ("path", "value"),
        [
            (("id",), "HAZ-1"),
            (("status",), "accepted"),
            (("causes",), []),
            (("open",), []),
            (("controls",), []),
            (("controls", 0, "kind"), "hope"),
            (("harm",), ""),
            (("extra",), "field"),
        ],
    )
    def test_a_field_that_breaks_the_schema(self, faults_of, path, value):
        assert len(faults_of(changed(path, value))) == 1

    def test_a_missing_field(self, faults_of):
        (told,) = faults_of({key: value for key, value in SOUND.items() if key != "harm"})
        assert "harm" in told[0]

    def test_a_rule_without_a_hazard(self, faults_of):
        item = deepcopy(SOUND)
        item["controls"].pop(0)
        assert faults_of(item) == [("rule without a hazard", "", "", "ANA01")]

    def test_a_rule_that_only_words_something_is_not_covered(self, faults_of):
        told = faults_of(changed(("controls", 0, "kind"), "wording"))
        assert told == [("rule without a hazard", "", "", "ANA01")]

    def test_an_id_used_twice(self, faults_of):
        assert faults_of(SOUND, SOUND) == [("hazard id used twice", "hazard HAZ-01", "", "")]

    @pytest.mark.parametrize("text", ["- id: [\n", "id: HAZ-01\n", "- a\n"])
    def test_a_file_that_is_no_list_of_hazards(self, faults_of, text):
        (told,) = faults_of(SOUND, text)
        assert told[0] in ("not readable as YAML", "not a list of hazards")

    def test_an_empty_folder(self, faults_of):
        assert [told[0] for told in faults_of()] == ["no hazard files"]

    def test_all_at_once(self, faults_of):
        item = changed(("initial", "severity"), "fatal")
        item["sources"] = ["no-such-record"]
        item["controls"][0]["reference"] = "XXX01"
        told = {fault[0] for fault in faults_of(item, "- a\n", {**SOUND, "id": "HAZ-02", "status": "signed"})}
        assert {
            "unknown severity",
            "unknown evidence record",
            "unknown rule code",
            "not a list of hazards",
        } <= told
        assert any("proposed" in what for what in told)

    def test_without_a_project_files_are_not_looked_for(self, log):
        (hazard,) = log(changed(("controls", 1, "reference"), "tests/unit/no_such_test.py"), project=None)
        assert hazard.controls[1].kind == "test"
