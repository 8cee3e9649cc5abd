"""Surveillance definitions (certainty, not severity), quick SOFA and LRINEC."""

import pytest

from untoward.assess.judgement.grading.brighton_local import (
    case_definitions,
    cellulitis,
    infectious_abscess,
    sterile_abscess,
)
from untoward.assess.judgement.grading.infection_scores import LRINEC_BANDS, infection_scores, lrinec, qsofa
from untoward.assess.judgement.knowledge import knowledge_of
from untoward.model.answer import Answer
from untoward.tasks.knowledge import evidence

THREE_SIGNS = {"pain": True, "redness": True, "warmth": True}
NO_SIGNS = dict.fromkeys(["pain", "tenderness", "redness"], False)


class TestCellulitis:
    @pytest.mark.parametrize(
        ("findings", "level"),
        [
            ({**THREE_SIGNS, "culture-positive": True}, "1a"),
            ({"cellulitis": True, "clinician-diagnosis": True, "culture-positive": True}, "1b"),
            ({**THREE_SIGNS, "clinician-diagnosis": True, "culture-positive": False}, "2"),
            ({**THREE_SIGNS, "clinician-diagnosis": True}, "2"),
            (THREE_SIGNS, "cannot tell"),
            ({**NO_SIGNS, "warmth": True, "culture-positive": False}, "not a case"),
            ({**NO_SIGNS, "warmth": True}, "cannot tell"),
            ({**THREE_SIGNS, "culture-positive": True, "fluctuance": True}, "not a case"),
            ({**THREE_SIGNS, "culture-positive": True, "resolved-fast": True}, "not a case"),
        ],
    )
    def test_level(self, seen, findings, level):
        assert cellulitis(seen(findings)).level == level

    def test_two_signs_are_not_enough(self, seen):
        two = {"pain": True, "redness": True, "swelling": False, "induration": False, "warmth": False}
        assert (
            cellulitis(seen({**two, "clinician-diagnosis": True, "culture-positive": False})).level
            == "not a case"
        )

    def test_what_would_tell_is_named(self, seen):
        assert "diagnosed by a qualified person" in cellulitis(seen(THREE_SIGNS)).missing


class TestAbscess:
    @pytest.mark.parametrize(
        ("findings", "level"),
        [
            ({"drained-material": True, "culture-positive": True}, "1"),
            ({"pus": True, "improved-on-antibiotics": True}, "2"),
            ({"fluctuance": True, "redness": True, "improved-on-antibiotics": True}, "2"),
            ({"collection-on-imaging": True, "warmth": True, "improved-on-antibiotics": True}, "2"),
            ({"pus": True}, "cannot tell"),
            ({"pus": True, "drained-material": False, "improved-on-antibiotics": False}, "not a case"),
        ],
    )
    def test_infectious(self, seen, findings, level):
        assert infectious_abscess(seen(findings)).level == level

    @pytest.mark.parametrize(
        ("findings", "level"),
        [
            ({"drained-material": True, "sampled-before-antibiotics": True, "culture-no-growth": True}, "1"),
            ({"fluctuance": True, "redness": True, "fever": False, "culture-positive": False}, "2"),
            ({"fluctuance": True, "redness": True, "fever": True, "drained-material": False}, "not a case"),
            ({"abscess": True, "culture-positive": True}, "not a case"),
            ({"abscess": True}, "cannot tell"),
        ],
    )
    def test_sterile(self, seen, findings, level):
        assert sterile_abscess(seen(findings)).level == level


def test_definitions_are_tried_only_where_something_points_at_them(seen):
    assert case_definitions(seen({"bruise": True})) == ()
    assert [found.definition.split()[0] for found in case_definitions(seen({"pus": True}))] == [
        "infectious",
        "sterile",
    ]


class TestQuickSofa:
    @pytest.mark.parametrize(("breaths", "points"), [(21, 0), (22, 1)])
    def test_breaths(self, seen, breaths, points):
        assert qsofa(seen({"respiratory_rate": breaths})).low == points

    @pytest.mark.parametrize(("systolic", "points"), [(101, 0), (100, 1)])
    def test_pressure(self, seen, systolic, points):
        assert qsofa(seen({"systolic_bp": systolic})).low == points

    @pytest.mark.parametrize(
        ("findings", "points"), [({"avpu": "alert"}, 0), ({"avpu": "V"}, 1), ({"confusion": True}, 1)]
    )
    def test_mentation(self, seen, findings, points):
        assert qsofa(seen(findings)).low == points

    def test_alert_is_never_assumed(self, seen):
        score = qsofa(seen({"respiratory_rate": 22, "systolic_bp": 120}))
        assert (score.low, score.high, score.positive) == (1, 2, Answer.UNKNOWN)

    def test_two_points_are_positive_whatever_is_missing(self, seen):
        score = qsofa(seen({"respiratory_rate": 22, "systolic_bp": 100}))
        assert (score.low, score.high, score.positive) == (2, 3, Answer.YES)

    def test_all_normal_is_negative(self, seen):
        assert (
            qsofa(seen({"respiratory_rate": 14, "systolic_bp": 120, "avpu": "alert"})).positive is Answer.NO
        )

    def test_nothing_measured_is_no_score(self, seen):
        assert infection_scores(seen({"redness": True})) == ()


BEST = {"crp_mg_l": 5, "white_cells_10_9_l": 8, "haemoglobin_g_dl": 14, "sodium_mmol_l": 140,
        "creatinine_umol_l": 80, "glucose_mmol_l": 5}  # fmt: skip


class TestLrinec:
    @pytest.mark.parametrize(
        ("name", "value", "points"),
        [
            ("crp_mg_l", 149.9, 0), ("crp_mg_l", 150, 4),
            ("white_cells_10_9_l", 14.9, 0), ("white_cells_10_9_l", 15, 1), ("white_cells_10_9_l", 25, 1),
            ("white_cells_10_9_l", 25.1, 2),
            ("haemoglobin_g_dl", 13.6, 0), ("haemoglobin_g_dl", 13.5, 1), ("haemoglobin_g_dl", 11, 1),
            ("haemoglobin_g_dl", 10.9, 2),
            ("sodium_mmol_l", 135, 0), ("sodium_mmol_l", 134, 2),
            ("creatinine_umol_l", 141, 0), ("creatinine_umol_l", 142, 2),
            ("glucose_mmol_l", 10, 0), ("glucose_mmol_l", 10.1, 1),
        ],
    )  # fmt: skip
    def test_bands(self, name, value, points):
        score = lrinec(knowledge_of(evidence()), {**BEST, name: value})
        assert score.low == score.high == points

    def test_a_worked_example(self):
        """C-reactive protein 160, white cells 22, haemoglobin 10.5, sodium 132, the rest normal: 4 + 1 + 2 + 2 = 9

        (worked example of a public calculator).
        """
        values = {"crp_mg_l": 160, "white_cells_10_9_l": 22, "haemoglobin_g_dl": 10.5, "sodium_mmol_l": 132,
                  "creatinine_umol_l": 106, "glucose_mmol_l": 6.1}  # fmt: skip
        score = lrinec(knowledge_of(evidence()), values)
        assert (score.low, score.positive) == (9, Answer.YES)

    def test_without_any_value_it_is_0_to_13(self):
        score = lrinec(knowledge_of(evidence()), {})
        assert (score.low, score.high, score.positive) == (0, 13, Answer.UNKNOWN)
        assert set(score.missing) == set(LRINEC_BANDS)

    def test_another_value_is_refused(self):
        with pytest.raises(KeyError, match="lactate"):
            lrinec(knowledge_of(evidence()), {"lactate": 3})
