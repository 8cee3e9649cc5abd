"""Profiles of compounds and the state of the evidence."""

import pytest

from untoward.errors import EvidenceError, UsageError
from untoward.evidence.courses import ExpectedCourse, expected_course
from untoward.evidence.load import load_evidence
from untoward.tasks.profiles import _bar, course_coverage, evidence_state, profile_of, source_list

BASE = load_evidence()


def course(middle, high):
    """A course with these days by which 50 % and 95 % were over."""
    from math import log
    from statistics import NormalDist

    sigma = (log(high) - log(middle)) / NormalDist().inv_cdf(0.95)
    return ExpectedCourse(
        compound="c", term="t", mu=log(middle), sigma=sigma, people=9, longest_days=0, evidence=("e",)
    )


class TestBars:
    @pytest.mark.parametrize(("middle", "high", "expected"), [
        (45, 89.9, "───────────────●──────────────▏"),
        (9, 30, "───●──────▏                    "),
        (30, 120, "──────────●───────────────────›"),
        (0.5, 1, "●                              "),
    ])  # fmt: skip
    def test_one_cell_is_three_days(self, middle, high, expected):
        assert _bar(course(middle, high)) == expected

    def test_every_shipped_course_has_a_bar_of_one_length(self):
        found = [
            expected_course(BASE, key, term)
            for key, terms in course_coverage(BASE).items()
            for term, has in terms.items()
            if has
        ]
        assert found
        assert {len(_bar(item)) for item in found} == {31}
        assert all(_bar(item).count("●") == 1 for item in found)


@pytest.mark.parametrize("key", sorted(BASE.compounds))
def test_every_compound_has_a_profile_in_one_order(key):
    profile = profile_of(BASE.compounds[key].label)
    assert profile.compound.key == key
    assert profile.sections[0].title == "May it be used, and where"
    assert len(profile.sections) == len(profile_of("lidocaine").sections)
    assert set(profile.citations) == {record.source for record in profile.records}


def test_rates_stand_with_their_counts_the_most_frequent_first():
    section = profile_of("deoxycholic acid").sections[1]
    shares = [float(line.split(" %")[0].split()[-1]) for line in section.lines]
    assert shares == sorted(shares, reverse=True)
    assert all(" of " in line and "grade" in line for line in section.lines)


def test_what_was_not_verified_says_so():
    unverified = [
        record for record in BASE.records.values() if not record.verified and record.kind == "incidence"
    ]
    for record in unverified[:5]:
        text = "\n".join(profile_of(BASE.compounds[record.compound].label).sections[1].lines)
        assert f"[{record.key}; grade {record.grade}, not verified]" in text


def test_an_unknown_name():
    with pytest.raises(UsageError, match=r"No compound is known as 'lecitin'\. Did you mean: .*lecithin"):
        profile_of("lecitin")


def test_the_state_adds_up():
    state = evidence_state(None)
    assert sum(state.kinds.values()) == len(BASE.records)
    assert state.verified == sum(record.verified for record in BASE.records.values())
    assert set(state.coverage) == set(BASE.compounds)
    assert any("no fault" in line for line in state.lines())


def test_a_faulty_folder_is_refused(tmp_path):
    with pytest.raises(EvidenceError):
        evidence_state(tmp_path)


def test_sources_with_most_records_first():
    counts = [item.records for item in source_list()]
    assert counts == sorted(counts, reverse=True)
    assert sum(counts) == len(BASE.records)
