"""Serious is an outcome; expected is what a label lists. Neither follows from how bad it looks."""

import pytest

from untoward.assess.judgement.expectedness import expectedness
from untoward.assess.judgement.grading import grades
from untoward.assess.judgement.seriousness import OUTCOMES, seriousness
from untoward.assess.judgement.view import View
from untoward.model.answer import Answer

DENIED = dict.fromkeys(OUTCOMES, False)
KYBELLA = [{"components": [{"compound": "deoxycholic acid"}]}]


class TestSeriousness:
    @pytest.mark.parametrize("term", list(OUTCOMES))
    def test_any_criterion_is_enough(self, seen, term):
        found = seriousness(seen({term: True}))
        assert (found.value, found.criteria) == (Answer.YES, (OUTCOMES[term],))

    def test_an_emergency_visit_is_no_admission(self, seen):
        assert seriousness(seen({"pain": True, "emergency-visit": True, **DENIED})).value is Answer.NO

    def test_severe_is_not_serious(self, seen):
        view = seen({"swelling": {"size_cm": 30, "severity": "severe"}, **DENIED})
        assert seriousness(view).value is Answer.NO

    def test_no_needs_every_criterion_denied(self, seen):
        for term in DENIED:
            rest = {key: False for key in DENIED if key != term}
            found = seriousness(seen({"bruise": True, **rest}))
            assert found.value is Answer.UNKNOWN
            assert len(found.missing) == 1

    def test_no_anomaly_without_a_pregnancy(self, seen):
        rest = {key: False for key in DENIED if key != "congenital-anomaly"}
        view = seen({"bruise": True, **rest}, patient={"age": 40, "pregnant": False})
        assert seriousness(view).value is Answer.NO

    @pytest.mark.parametrize(
        "term", ["anaphylaxis", "vision-loss", "sepsis", "botulism", "vascular-occlusion"]
    )
    def test_our_own_list_makes_it_serious(self, seen, term):
        found = seriousness(seen({term: True, **DENIED}))
        assert found.value is Answer.YES
        assert found.medically_important
        assert not found.criteria

    def test_what_may_last_needs_a_person_to_judge(self, seen):
        found = seriousness(seen({"scar": True, **DENIED}))
        assert (found.value, found.needs_judgement) == (Answer.UNKNOWN, ("scar",))

    def test_an_admission_of_last_week_still_counts(self, situation):
        view = View(
            situation(
                {"day": 2, "findings": {"hospital admission": True, "abscess": True}},
                {"day": 9, "findings": {"abscess": True}},
            )
        )
        assert seriousness(view).value is Answer.YES


class TestExpectedness:
    def judged(self, view):
        return {(item.term, item.compound): item for item in expectedness(view, grades(view))}

    def test_listed(self, seen):
        found = self.judged(seen({"swelling": True}, sessions=KYBELLA))["swelling", "deoxycholic-acid"]
        assert found.state == "expected"
        assert "deoxycholic-acid-swelling-label" in found.evidence
        assert "unlicensed or unknown product" in found.missing

    def test_not_listed(self, seen):
        found = self.judged(seen({"granuloma": True}, sessions=KYBELLA))["granuloma", "deoxycholic-acid"]
        assert found.state == "unexpected"

    def test_a_home_mix_has_no_reference(self, seen):
        mixed = [{"components": [{"compound": "deoxycholic acid"}, {"compound": "lidocaine"}]}]
        assert {item.state for item in self.judged(seen({"swelling": True}, sessions=mixed)).values()} == {
            "no_reference"
        }

    def test_separate_syringes_are_no_mix(self, seen):
        apart = [
            {
                "components": [
                    {"compound": "deoxycholic acid", "mix": "a"},
                    {"compound": "lidocaine", "mix": "b"},
                ]
            }
        ]
        found = self.judged(seen({"swelling": True}, sessions=apart))
        assert found["swelling", "deoxycholic-acid"].state == "expected"

    def test_an_unlicensed_product_has_no_reference(self, seen):
        view = seen({"swelling": True, "unlicensed-product": True}, sessions=KYBELLA)
        assert self.judged(view)["swelling", "deoxycholic-acid"].state == "no_reference"

    def test_without_a_label_there_is_no_reference(self, seen):
        view = seen({"swelling": True}, sessions=[{"components": [{"compound": "procaine"}]}])
        found = self.judged(view)["swelling", "procaine"]
        assert found.state == "no_reference"
        assert "no reference safety information" in found.basis

    def test_more_severe_than_listed_only_when_the_grade_is_known(self, seen):
        known = seen({"swelling": True, "necrosis": True}, sessions=KYBELLA)
        assert self.judged(known)["swelling", "deoxycholic-acid"].state == "unexpected"
        unknown = seen({"swelling": True}, sessions=KYBELLA)
        assert self.judged(unknown)["swelling", "deoxycholic-acid"].state == "expected"

    def test_nothing_there_nothing_to_expect(self, seen):
        assert self.judged(seen({"swelling": False}, sessions=KYBELLA)) == {}
