"""Grades: what each scale makes of sizes, function, treatment and outcomes, and what stays a range."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from untoward.assess.judgement.grading import conflicts, grades
from untoward.assess.judgement.grading.ctcae import ctcae_grades
from untoward.assess.judgement.grading.daids_2_1 import daids_grades
from untoward.assess.judgement.grading.fda_2007 import fda_grades


def one(found, **wanted):
    (grade,) = [g for g in found if all(getattr(g, name) == value for name, value in wanted.items())]
    return grade


def ctcae(view, item, version="6.0"):
    return one(ctcae_grades(view), item=item, version=version)


class TestFunction:
    @pytest.mark.parametrize(
        ("findings", "grade"),
        [
            ({"limits-activity": False, "repeated-painkiller": False}, 1),
            ({"repeated-painkiller": True}, 2),
            ({"limits-activity": True}, 2),
            ({"prevents-activity": True}, 3),
            ({"opioid-needed": True}, 3),
            ({"emergency-visit": True}, 4),
            ({"hospital-admission": True, "limits-activity": False}, 4),
        ],
    )
    def test_pain_by_the_fda_scale(self, seen, findings, grade):
        assert one(fda_grades(seen({"pain": True, **findings})), term="pain").grade == grade

    def test_pain_of_which_nothing_more_is_known_is_a_range(self, seen):
        grade = one(fda_grades(seen({"pain": True})), term="pain")
        assert (grade.grade, grade.low, grade.high) == (None, 1, 4)
        assert "opioid needed for the pain" in grade.missing

    def test_a_visit_that_may_have_been_for_something_else_stays_open(self, seen):
        grade = one(
            fda_grades(seen({"pain": True, "vision-loss": True, "emergency-visit": True})), term="pain"
        )
        assert (grade.grade, grade.low, grade.high) == (None, 1, 4)

    def test_words_count_only_as_long_as_function_is_not_known(self, seen):
        severe = {"severity": "severe"}
        assert one(fda_grades(seen({"pain": severe})), term="pain").grade == 3
        mild_in_deed = seen({"pain": severe, "limits-activity": False, "repeated-painkiller": False})
        assert one(fda_grades(mild_in_deed), term="pain").grade == 1

    @pytest.mark.parametrize(("when", "grade"), [("on touch", 1), ("with movement", 2), ("at rest", 3)])
    def test_tenderness(self, seen, when, grade):
        assert one(fda_grades(seen({"tenderness": {"when": when}})), term="tenderness").grade == grade

    def test_swelling_takes_the_higher_of_size_and_function(self, seen):
        by_size = seen({"swelling": {"size_cm": 6}, "limits-activity": False})
        assert one(fda_grades(by_size), term="swelling").grade == 2
        by_function = seen({"swelling": {"size_cm": 3}, "prevents-activity": True})
        assert one(fda_grades(by_function), term="swelling").grade == 3

    def test_function_of_last_week_says_nothing_of_today(self, situation):
        from untoward.assess.judgement.view import View

        view = View(
            situation(
                {"day": 1, "findings": {"pain": True, "prevents daily activity": True}},
                {"day": 8, "findings": {"pain": True}},
            )
        )
        assert one(fda_grades(view), term="pain").low == 1


class TestSize:
    def test_without_a_size_nothing_is_graded(self, seen):
        grade = one(fda_grades(seen({"redness": True})), term="redness")
        assert (grade.grade, grade.low, grade.high) == (None, 0, 4)
        assert "injection site redness: size_cm" in grade.missing

    def test_dead_tissue_is_grade_4_at_any_size(self, seen):
        view = seen({"redness": {"size_cm": 1}, "necrosis": True})
        assert {grade.grade for grade in (*fda_grades(view), *daids_grades(view))} == {4}

    def test_a_denied_necrosis_closes_the_range(self, seen):
        assert one(fda_grades(seen({"redness": {"size_cm": 3}, "necrosis": False})), term="redness").high == 1

    @pytest.mark.parametrize(("area", "grade"), [(6.2, 0), (6.25, 1), (24.9, 1), (25, 2), (99, 2), (100, 3)])
    def test_daids_by_area(self, seen, area, grade):
        view = seen({"redness": {"area_cm2": area}, "limits-activity": False})
        assert one(daids_grades(view), term="redness").grade == grade

    @pytest.mark.parametrize(("size", "grade"), [(0.5, 1), (2.5, 1), (2.6, 2)])
    def test_daids_up_to_15_years(self, seen, size, grade):
        assert one(daids_grades(seen({"redness": {"size_cm": size}}, age=15)), term="redness").grade == grade

    @pytest.mark.parametrize(("share", "grade"), [(49, 2), (50, 3)])
    def test_daids_half_a_limb_of_a_child(self, seen, share, grade):
        view = seen({"redness": {"size_cm": 6, "limb_share_percent": share}}, age=9)
        assert one(daids_grades(view), term="redness").grade == grade

    def test_daids_without_an_age_stands_where_both_ways_agree(self, seen):
        findings = {"limits-activity": False}
        agrees = one(daids_grades(seen({"redness": {"size_cm": 5}, **findings}, age=None)), term="redness")
        differs = one(daids_grades(seen({"redness": {"size_cm": 3}, **findings}, age=None)), term="redness")
        assert (agrees.grade, differs.grade, differs.low) == (2, None, 1)
        assert "age" in differs.missing

    @pytest.mark.parametrize("sign", ["ulcer", "cellulitis", "sterile-abscess", "pus"])
    def test_daids_3_with_a_complication(self, seen, sign):
        assert one(daids_grades(seen({"redness": {"size_cm": 1}, sign: True})), term="redness").grade == 3

    @given(st.lists(st.floats(0, 40), min_size=2, max_size=2))
    def test_a_larger_size_never_has_a_lower_grade(self, seen, sizes):
        small, large = sorted(sizes)
        for scale in (fda_grades, daids_grades):
            before, after = (
                one(scale(seen({"redness": {"size_cm": s}})), term="redness") for s in (small, large)
            )
            assert before.low <= after.low
            assert before.high <= after.high


class TestItch:
    @pytest.mark.parametrize(("hours", "grade"), [(47, 1), (48, 2)])
    def test_by_treatment(self, seen, hours, grade):
        view = seen({"itch": {"treated_hours": hours}, "generalised-itch": False})
        assert one(daids_grades(view), term="itch").grade == grade

    def test_generalised_and_disabling(self, seen):
        view = seen({"itch": True, "generalised-itch": True, "prevents-activity": True})
        assert one(daids_grades(view), term="itch").grade == 3


class TestCtcae:
    @pytest.mark.parametrize(
        ("findings", "grade"),
        [
            ({"tenderness": True}, 1),
            ({"pain": True}, 2),
            ({"swelling": True}, 2),
            ({"ulcer": True}, 3),
            ({"necrosis": True}, 3),
            ({"pain": True, "operation-needed": True}, 3),
        ],
    )
    def test_injection_site_reaction(self, seen, findings, grade):
        assert ctcae(seen(findings), "injection site reaction").grade == grade

    @pytest.mark.parametrize(("size", "grade"), [(0.9, 1), (1.0, 2), (2.0, 2), (2.1, 3)])
    def test_ulcer_by_size(self, seen, size, grade):
        view = seen({"ulcer": {"size_cm": size, "depth": "partial"}})
        assert ctcae(view, "skin ulceration").grade == grade

    def test_an_ulcer_down_to_muscle_is_grade_4_at_any_size(self, seen):
        assert ctcae(seen({"ulcer": {"size_cm": 0.5, "depth": "muscle"}}), "skin ulceration").grade == 4

    @pytest.mark.parametrize(("celsius", "grade"), [(38.0, 1), (39.0, 1), (39.1, 2), (40.0, 2)])
    def test_fever(self, seen, celsius, grade):
        assert ctcae(seen({"temperature_c": celsius}), "fever").grade == grade

    @pytest.mark.parametrize(("days", "grade"), [(1, 3), (1.1, 4)])
    def test_a_very_high_fever_by_how_long(self, seen, days, grade):
        view = seen({"temperature_c": 40.1, "fever": {"days": days}})
        assert ctcae(view, "fever").grade == grade

    def test_no_fever_has_no_grade(self, seen):
        assert [g for g in ctcae_grades(seen({"temperature_c": 37.9})) if g.item == "fever"] == []

    def test_a_felt_fever_is_a_range(self, seen):
        grade = ctcae(seen({"fever": True}), "fever")
        assert (grade.grade, grade.low, grade.high) == (None, 1, 4)

    @pytest.mark.parametrize(("percent", "fifth", "sixth"), [(9, 1, 1), (10, 2, 1), (30, 2, 1), (31, 3, 1)])
    def test_hives_by_body_surface_in_version_5_only(self, seen, percent, fifth, sixth):
        view = seen(
            {"hives": {"bsa_percent": percent}, "oral-treatment": False, "intravenous-treatment": False}
        )
        assert ctcae(view, "urticaria", "5.0").grade == fifth
        assert ctcae(view, "urticaria", "6.0").grade == sixth

    @pytest.mark.parametrize(("percent", "grade"), [(10, 1), (10.1, 2), (40, 2)])
    def test_pigment_has_no_grade_3(self, seen, percent, grade):
        view = seen({"hyperpigmentation": {"bsa_percent": percent}, "psychosocial-impact": False})
        assert ctcae(view, "skin hyperpigmentation", "5.0").grade == grade
        assert ctcae(view, "skin hyperpigmentation", "6.0").grade == 1

    def test_fat_atrophy_is_gone_from_version_6(self, seen):
        found = [g.version for g in ctcae_grades(seen({"lipoatrophy": True})) if g.item == "fat atrophy"]
        assert found == ["5.0"]

    def test_a_faint_is_grade_3_in_version_5_and_not_in_6(self, seen):
        view = seen({"faint": True, "emergency-visit": False, "intravenous-treatment": False})
        assert ctcae(view, "vasovagal reaction", "5.0").grade == 3
        assert ctcae(view, "vasovagal reaction", "6.0").grade == 2

    @pytest.mark.parametrize(
        ("treatment", "grade"),
        [
            ("oral-treatment", 2),
            ("intravenous-treatment", 3),
            ("operation-needed", 3),
            ("life-threatening", 4),
        ],
    )
    def test_skin_infection_by_treatment(self, seen, treatment, grade):
        assert ctcae(seen({"cellulitis": True, treatment: True}), "skin infection").grade == grade

    def test_an_untold_treatment_is_a_range(self, seen):
        grade = ctcae(seen({"cellulitis": True}), "skin infection")
        assert (grade.grade, grade.low, grade.high) == (None, 1, 4)

    def test_anaphylaxis_begins_at_3(self, seen):
        assert ctcae(seen({"anaphylaxis": True}), "anaphylaxis").grade == 3

    def test_death_of_it_is_grade_5(self, seen):
        assert ctcae(seen({"anaphylaxis": True, "death": True}), "anaphylaxis").grade == 5

    def test_death_of_something_else_perhaps_leaves_the_range_open(self, seen):
        view = seen({"anaphylaxis": True, "stroke": True, "death": True})
        grade = ctcae(view, "anaphylaxis")
        assert (grade.low, grade.high) == (3, 5)

    @pytest.mark.parametrize(("extent", "grade"), [("local", 1), ("generalised", 2)])
    def test_a_bruise(self, seen, extent, grade):
        assert ctcae(seen({"bruise": {"extent": extent}}), "bruising").grade == grade

    def test_swelling_of_the_face_only_on_the_face(self, seen):
        sessions = [{"sites": ["cheek"], "components": [{"compound": "procaine"}]}]
        assert (
            ctcae(seen({"swelling": {"severity": "moderate"}}, sessions=sessions), "oedema face").grade == 2
        )
        thigh = [{"sites": ["thigh"], "components": [{"compound": "procaine"}]}]
        assert not [
            g for g in ctcae_grades(seen({"swelling": True}, sessions=thigh)) if g.item == "oedema face"
        ]


class TestConflicts:
    @pytest.mark.parametrize(
        ("size", "said"), [(5.0, True), (5.1, False), (10.0, True), (10.1, False), (3.0, False)]
    )
    def test_the_boundaries_where_two_scales_differ(self, seen, size, said):
        view = seen({"redness": {"size_cm": size}})
        assert bool(conflicts(view, grades(view))) is said

    def test_in_words(self, seen):
        view = seen({"redness": {"size_cm": 5.0}})
        (words,) = conflicts(view, grades(view))
        assert "5 cm" in words
        assert "grade 1 by FDA 2007" in words
        assert "grade 2 by DAIDS 2.1" in words

    def test_two_versions(self, seen):
        view = seen({"hives": {"bsa_percent": 40}, "oral-treatment": False, "intravenous-treatment": False})
        assert any("CTCAE 5.0" in words and "CTCAE 6.0" in words for words in conflicts(view, grades(view)))


def test_every_grade_names_records_that_exist(seen):
    from untoward.tasks.knowledge import evidence

    everything = {key: True for key, term in evidence().terms.terms.items() if term.kind.value == "reaction"}
    found = grades(seen(everything))
    assert found
    for grade in found:
        assert grade.evidence
        assert all(key in evidence().records for key in grade.evidence)
        assert 0 <= grade.low <= grade.high <= 5
        assert grade.grade is None or grade.grade == grade.low
