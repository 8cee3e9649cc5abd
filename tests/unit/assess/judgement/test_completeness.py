"""Completeness: what a case holds of a report, and what it costs when it does not."""

import pytest

from untoward.assess.judgement.completeness import MONTH_DAYS, Documented, completeness, completeness_of
from untoward.assess.judgement.view import View
from untoward.model.judgement import ReportContext

FULL = Documented(
    onset_uncertain_days=0, indication=True, outcome=True, sex=True, age=True, dose=True, country=True,
    reporter=True, report_type=True, comments=True,
)  # fmt: skip
CONTEXT = ReportContext(indication="fat reduction", country="GB", reporter="nurse", report_type="spontaneous")
TEXT = "hard red lumps on my thigh since last week"


class TestOfACase:
    def complete(self, situation):
        return View(
            situation(
                {"day": 9, "text": TEXT, "findings": {"nodule": {"since_day": 5, "recovered": False}}},
                patient={"age": 33, "sex": "F"},
                sessions=[{"components": [{"compound": "procaine", "amount": 40, "unit": "mg"}]}],
            )
        )

    def test_everything_said(self, situation):
        found = completeness(self.complete(situation), CONTEXT)
        assert (found.score, found.well_documented, found.penalties) == (1.0, True, ())

    def test_what_the_case_format_cannot_hold_is_missing(self, situation):
        found = completeness(self.complete(situation), ReportContext())
        missing = {penalty.dimension for penalty in found.penalties}
        assert missing == {"indication", "country", "reporter", "report type"}
        assert found.score == pytest.approx(0.7 * 0.9**3)

    @pytest.mark.parametrize("sex", ["unknown", "", None, "U"])
    def test_unknown_is_missing(self, situation, sex):
        view = View(situation({"findings": {"nodule": True}}, patient={"sex": sex}))
        assert "sex" in {penalty.dimension for penalty in completeness(view, CONTEXT).penalties}

    def test_a_first_sight_is_an_uncertain_onset(self, situation):
        view = View(situation({"day": 40, "findings": {"nodule": True}}))
        shares = {penalty.dimension: penalty.share for penalty in completeness(view, CONTEXT).penalties}
        assert shares["time to onset"] == 0.3

    def test_an_earlier_no_makes_the_onset_more_certain(self, situation):
        view = View(
            situation({"day": 20, "findings": {"nodule": False}}, {"day": 40, "findings": {"nodule": True}})
        )
        shares = {penalty.dimension: penalty.share for penalty in completeness(view, CONTEXT).penalties}
        assert shares["time to onset"] == 0.1

    def test_without_a_day_there_is_no_onset(self, situation):
        view = View(situation({"findings": {"nodule": True}}))
        shares = {penalty.dimension: penalty.share for penalty in completeness(view, CONTEXT).penalties}
        assert shares["time to onset"] == 0.5

    @pytest.mark.parametrize(
        ("text", "counts"), [("lump on my thigh", True), ("lump thigh left", False), ("", False)]
    )
    def test_a_snippet_is_no_comment(self, situation, text, counts):
        view = View(situation({"day": 1, "text": text, "findings": {"nodule": True}}))
        missing = {penalty.dimension for penalty in completeness(view, CONTEXT).penalties}
        assert ("comments" not in missing) is counts


class TestThresholds:
    @pytest.mark.parametrize(
        ("days", "score"), [(0, 1.0), (0.1, 0.9), (MONTH_DAYS, 0.9), (MONTH_DAYS + 0.1, 0.7)]
    )
    def test_onset(self, days, score):
        assert completeness_of(replaced(onset_uncertain_days=days)).score == pytest.approx(score)

    def test_an_age_group_costs_less_than_no_age(self):
        assert completeness_of(replaced(age=False, age_group=True)).score == pytest.approx(0.9)
        assert completeness_of(replaced(age=False)).score == pytest.approx(0.7)

    def test_well_documented_is_above_four_fifths(self):
        assert completeness_of(replaced(dose=False, country=False)).well_documented  # 0.81
        assert not completeness_of(replaced(sex=False)).well_documented  # 0.7


def replaced(**changes):
    from dataclasses import replace

    return replace(FULL, **changes)
