"""Doses against published limits. Figures of limits come from the base; sums are worked by hand here."""

import pytest


def doses(check):
    return [finding for finding in check.findings if finding.kind.value == "dose"]


def deciding(check):
    return [finding for finding in doses(check) if finding.verdict is not None]


class TestOneCompound:
    """Lidocaine: 300 mg and 4.5 mg/kg (US), 3 mg/kg (AU); with adrenaline 500 mg and 7 mg/kg (US), 7 mg/kg (AU)."""

    def test_percent_times_volume_times_ten(self, ask):
        """2 % of 5 ml is 2 g per 100 ml, so 100 mg."""
        check = ask("lidocaine 2% 5 ml")
        assert check.ingredients[0].dose.value == pytest.approx(100.0)

    def test_above_the_limit_in_mg(self, ask):
        (finding,) = deciding(ask("lidocaine 2% 16 ml"))
        assert finding.verdict.value == "avoid"
        assert finding.statement == "320 mg of lidocaine is above 300 mg per session (US)."
        assert finding.evidence == ("lidocaine-dose-mg-us",)

    def test_exactly_at_the_limit_is_not_above_it(self, ask):
        assert deciding(ask("lidocaine 2% 15 ml")) == []

    def test_the_lowest_limit_comes_first_and_each_names_its_jurisdiction(self, ask):
        """50 kg: 3 mg/kg is 150 mg (AU) and 4.5 mg/kg is 225 mg (US), both below 300 mg."""
        (finding,) = deciding(ask("lidocaine 320 mg", weight=50))
        assert finding.statement == (
            "320 mg of lidocaine is above 3 mg/kg = 150 mg per session (AU); 4.5 mg/kg = 225 mg per session (US); "
            "300 mg per session (US)."
        )

    def test_without_the_weight_limits_per_kg_are_not_evaluated(self, ask):
        check = ask("lidocaine 100 mg")
        missing = [finding for finding in doses(check) if "weight" in finding.facts_missing]
        assert "3 mg/kg per session (AU); 4.5 mg/kg per session (US)" in missing[0].statement
        assert "weight" in check.facts_missing

    def test_with_adrenaline_the_limit_with_adrenaline_holds(self, ask):
        check = ask("lidocaine 400 mg", "adrenaline 0.2 mg", weight=70)
        assert [one for one in deciding(check) if "lidocaine" in one.subjects] == []

    def test_without_a_dose_the_lowest_limit_is_told(self, ask):
        check = ask("procaine")
        (finding,) = doses(check)
        assert finding.verdict is None
        assert "600 mg per session (US)" in finding.statement
        assert "amount of procaine, or its strength and volume" in check.facts_missing

    def test_doses_of_one_compound_from_two_ingredients_add_up(self, ask):
        (finding,) = deciding(ask("lidocaine 200 mg", "xylocaine 150 mg"))
        assert finding.statement.startswith("350 mg of lidocaine")

    def test_one_dose_of_two_unknown_makes_the_sum_unknown(self, ask):
        assert deciding(ask("lidocaine 400 mg", "xylocaine")) == []

    def test_units_of_activity(self, ask):
        """The label of hyaluronidase allows 300 units a session."""
        (finding,) = deciding(ask("hyaluronidase 400 IU"))
        assert finding.statement == "400 IU of hyaluronidase is above 300 IU per session (US)."

    def test_volume_per_session(self, ask):
        """Deoxycholic acid: 10 ml per session and 100 mg per session are the labels' limits."""
        (finding,) = deciding(ask("deoxycholic acid 11 ml"))
        assert "11 ml of deoxycholic acid is above 10 ml per session" in finding.statement


class TestAnaestheticsTogether:
    def test_shares_of_their_own_limits_add_up(self, ask):
        """200 of 300 mg is 66.7 %, 300 of 600 mg is 50 %: together 117 %."""
        check = ask("lidocaine 200 mg", "procaine 300 mg")
        (finding,) = deciding(check)
        assert finding.subjects == ("lidocaine", "procaine")
        assert finding.verdict.value == "avoid"
        assert "together 117 %" in finding.statement

    def test_below_the_whole_it_calls_for_care(self, ask):
        (finding,) = deciding(ask("lidocaine 60 mg", "procaine 120 mg"))
        assert finding.verdict.value == "caution"
        assert "together 40 %" in finding.statement

    def test_the_weight_makes_the_share_larger(self, ask):
        """50 kg: lidocaine 3 mg/kg is 150 mg, so 60 mg is 40 %; procaine 120 of 600 mg is 20 %."""
        (finding,) = deciding(ask("lidocaine 60 mg", "procaine 120 mg", weight=50))
        assert "together 60 %" in finding.statement

    def test_every_limit_named_is_in_the_evidence(self, ask, base):
        check = ask("lidocaine 200 mg", "procaine 300 mg", "bupivacaine 100 mg", weight=60)
        for finding in doses(check):
            for key in finding.evidence:
                assert f"{base.records[key].limit:g}" in finding.statement
