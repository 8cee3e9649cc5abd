"""The state of the evidence base."""

import pytest

from untoward.errors import EvidenceError
from untoward.evidence.load import load_evidence
from untoward.tasks.evidence_state import evidence_state

BASE = load_evidence()
STATE = evidence_state(None)


def test_it_adds_up():
    assert sum(STATE.kinds.values()) == len(BASE.records)
    assert STATE.verified == sum(record.verified for record in BASE.records.values())
    assert set(STATE.coverage) == set(STATE.courses) == set(BASE.compounds)


def test_what_rules_and_the_simulator_read_is_not_unused():
    assert set(STATE.unused_records) <= set(BASE.records)
    assert not [
        key
        for key in STATE.unused_records
        if BASE.records[key].kind in ("incidence", "duration", "aftercare")
    ]


def test_every_compound_is_named_among_the_covered_or_the_uncovered():
    text = "\n".join(STATE.lines())
    assert "no fault" in text
    listed = text.split("Common reactions by compound")[1].split("Courses known")[0]
    assert all(compound in listed for compound in BASE.compounds)


def test_a_faulty_folder_is_refused(tmp_path):
    with pytest.raises(EvidenceError):
        evidence_state(tmp_path)
