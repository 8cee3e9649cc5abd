"""What changed between two evidence folders, in words, and which rules rest on it."""

import shutil

import pytest

from untoward.assess.rules import all_rules
from untoward.evidence.load import data_folder, load_evidence
from untoward.tasks.evidence_changes import evidence_changes


@pytest.fixture
def before(tmp_path):
    """A copy of the shipped evidence in which one text of one file was another."""

    def make(file, new, old):
        folder = tmp_path / "before"
        shutil.copytree(data_folder(), folder)
        path = folder / "records" / file
        text = path.read_text(encoding="utf-8")
        assert new in text
        path.write_text(text.replace(new, old, 1), encoding="utf-8")
        return folder

    return make


def test_the_shipped_evidence_against_itself():
    found = evidence_changes(data_folder())
    assert found.difference.nothing
    assert list(found.lines())[-1] == "both say the same; no answer changes."


def test_a_median_that_was_corrected(before):
    found = evidence_changes(before("deoxycholic-acid.yaml", "median: 8.3", "median: 6.3"))
    text = "\n".join(found.lines())
    assert "median: 6.3 → 8.3" in text
    assert "how long: bruise after deoxycholic-acid" in text
    assert "half over +" in text
    assert found.as_document()["changes"][0]["fields"] == ({"field": "median", "old": 6.3, "new": 8.3},)


def test_rules_that_cite_a_changed_criterion(before):
    base = load_evidence()
    rule, key = next(
        (rule, key) for rule in all_rules() for key in rule.evidence if base.records[key].kind == "criterion"
    )
    statement = base.records[key].statement
    file = next(
        path.name
        for path in (data_folder() / "records").glob("*.yaml")
        if f"key: {key}\n" in path.read_text(encoding="utf-8")
    )
    folder = before(file, f"key: {key}\n", f"key: {key}-before\n")
    found = evidence_changes(folder)
    assert statement
    assert key in found.rules[rule.code]
    assert key in found.difference.criteria
    assert f"rule {rule.code}: cites" in "\n".join(found.lines())
