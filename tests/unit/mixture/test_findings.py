"""Every kind of finding, and the line between the verdicts."""

import pytest


def of_kind(check, kind):
    return [finding for finding in check.findings if finding.kind.value == kind]


class TestThePair:
    def test_a_tested_pair_is_ok_and_names_its_records(self, ask):
        check = ask("lidocaine", "triamcinolone")
        assert check.verdict.value == "ok"
        assert check.compatible == {
            ("lidocaine", "triamcinolone"): ("lidocaine-triamcinolone-no-precipitate",)
        }

    def test_an_incompatible_pair_is_to_be_avoided(self, ask):
        (finding,) = of_kind(ask("ropivacaine", "betamethasone"), "incompatibility")[:1]
        assert (finding.verdict.value, finding.severity) == ("avoid", "high")

    def test_a_pair_nobody_tested_is_no_data(self, ask):
        check = ask("tranexamic acid", "vitamin C")
        assert (check.verdict.value, check.no_data) == ("no_data", (("tranexamic-acid", "vitamin-c"),))

    def test_one_ingredient_alone_is_no_data(self, ask):
        assert ask("lidocaine").verdict.value == "no_data"

    def test_the_same_ingredient_twice_is_one(self, ask):
        assert ask("lidocaine", "xylocaine").no_data == ()
        assert ask("lidocaine", "xylocaine").verdict.value == "no_data"

    def test_a_bar_on_any_mixing_meets_every_partner_in_one_finding(self, ask):
        check = ask("aminophylline", "biotin", "zinc")
        (finding,) = [one for one in check.findings if one.evidence == ("aminophylline-alone-in-syringe",)]
        assert finding.subjects == ("aminophylline", "biotin", "zinc")
        assert check.verdict.value == "avoid"

    def test_a_tested_pair_beats_a_bar_on_any_mixing(self, ask):
        check = ask("magnesium sulfate", "lidocaine")
        assert check.verdict.value == "ok"
        assert ask("magnesium sulfate", "biotin").verdict.value == "caution"

    def test_a_part_of_an_ingredient_counts(self, ask):
        """The B complex holds thiamine, which vitamin C spoils."""
        check = ask("vitamin B complex", "vitamin C")
        assert [one.subjects for one in of_kind(check, "incompatibility")] == [
            ("vitamin-b-complex", "vitamin-c")
        ]

    def test_an_ingredient_and_a_part_of_it_are_twice_the_same(self, ask):
        check = ask("PC/DC", "deoxycholic acid")
        assert any("already a part" in one.statement for one in of_kind(check, "duplicate_class"))


class TestTheSet:
    def test_a_set_sold_as_one_covers_its_pairs(self, ask):
        names = ("thiamine", "pyridoxine", "cyanocobalamin", "lidocaine", "benzyl alcohol")
        assert ask(*names, vehicle="as made by the maker").verdict.value == "ok"

    def test_but_not_what_is_added_to_it(self, ask):
        names = ("thiamine", "pyridoxine", "cyanocobalamin", "lidocaine", "benzyl alcohol", "vitamin C")
        check = ask(*names, vehicle="as made by the maker")
        assert check.verdict.value == "caution"
        assert ("lidocaine", "vitamin-c") in check.no_data

    def test_it_covers_mixing_and_not_what_the_body_meets(self, ask):
        """Two anaesthetics that keep well together still add up."""
        check = ask("lidocaine", "adrenaline", "tetracaine", vehicle="water with sodium metabisulfite")
        assert check.verdict.value == "caution"
        assert not of_kind(check, "incompatibility")

    def test_two_tests_of_the_same_set_that_disagree_stand_side_by_side(self, ask):
        check = ask("lidocaine", "adrenaline", "bicarbonate")
        keys = {key for finding in check.findings for key in finding.evidence}
        assert "lidocaine-adrenaline-with-sodium-bicarbonate-warm" in keys


class TestClasses:
    def test_two_of_a_class_call_for_care(self, ask):
        check = ask("lidocaine", "mepivacaine")
        (finding,) = of_kind(check, "duplicate_class")
        assert (finding.verdict.value, finding.subjects) == ("caution", ("lidocaine", "mepivacaine"))

    def test_two_vitamins_are_no_duplicate(self, ask):
        assert of_kind(ask("thiamine", "biotin"), "duplicate_class") == []

    def test_what_is_known_of_a_class_with_itself_belongs_to_that_finding(self, ask):
        (finding,) = of_kind(ask("ketorolac", "piroxicam"), "duplicate_class")
        assert finding.evidence == ("nsaid-with-nsaid",)
        assert finding.verdict.value == "avoid"


class TestTheLaw:
    def test_a_ban_in_the_country_blocks(self, ask):
        assert ask("PPC", "biotin", country="FR").verdict.value == "block"

    def test_a_rule_of_the_union_holds_in_its_countries(self, ask):
        assert ask("buflomedil", "lidocaine", country="ES").verdict.value == "block"
        assert ask("buflomedil", "lidocaine", country="EU").verdict.value == "block"

    def test_without_a_country_what_was_suspended_as_a_whole_is_to_be_avoided(self, ask):
        laws = of_kind(ask("buflomedil", "lidocaine"), "regulatory")
        assert "avoid" in {finding.verdict.value for finding in laws if finding.verdict}

    def test_naming_a_country_without_a_rule_does_not_clear_it(self, ask):
        laws = of_kind(ask("buflomedil", "lidocaine", country="KR"), "regulatory")
        assert {finding.verdict.value for finding in laws if finding.verdict} == {"caution"}

    def test_without_a_country_a_ban_somewhere_calls_for_care(self, ask):
        laws = of_kind(ask("PPC", "biotin"), "regulatory")
        assert {finding.verdict.value for finding in laws if finding.verdict} == {"caution"}

    def test_a_rule_for_food_says_nothing_of_an_injection(self, ask):
        laws = of_kind(ask("yohimbine", "biotin", country="ES"), "regulatory")
        assert all(finding.verdict is None for finding in laws)


class TestAllergy:
    @pytest.mark.parametrize(
        "said",
        ["soy", "soja", "soya bean", "SOY", "allergic to soya", "soyas", "lecitina de soja", "soy protien"],
    )
    def test_soya_in_any_words_blocks_lecithin(self, ask, said):
        assert ask("lecithin", allergies=(said,)).verdict.value == "block"

    def test_it_may_stand_in_the_history(self, ask):
        assert ask("lecithin", history=("soy allergy",)).verdict.value == "block"

    def test_an_allergy_to_the_ingredient_itself_blocks(self, ask):
        check = ask("dexpanthenol", "biotin", allergies=("biotina",))
        assert check.verdict.value == "block"
        assert any("allergic to biotin itself" in finding.statement for finding in check.findings)

    def test_a_local_anaesthetic_without_its_group_counts_as_both(self, ask):
        for compound in ("lidocaine", "procaine"):
            assert ask(compound, allergies=("dental anaesthetic",)).verdict.value == "block"

    def test_an_ester_is_no_amide(self, ask):
        assert ask("lidocaine", allergies=("ester anaesthetic",)).verdict.value == "no_data"

    def test_sulfites_of_products_with_adrenaline(self, ask):
        """Plain lidocaine holds none, so without adrenaline one looks at the pack."""
        assert ask("lidocaine", allergies=("sulfites",)).verdict.value == "caution"
        assert ask("lidocaine", "adrenaline", allergies=("sulfites",)).verdict.value == "block"

    def test_sulfa_is_not_sulfite(self, ask):
        assert ask("adrenaline", allergies=("sulfa drugs",)).verdict.value == "no_data"

    @pytest.mark.parametrize("said", ["none", "NKDA", "No known allergies", "ninguna", ""])
    def test_none_is_nothing_and_not_an_unknown_word(self, ask, said):
        assert ask("lidocaine", allergies=(said,)).unrecognised == ()

    def test_an_unknown_allergy_is_said(self, ask):
        assert ask("lidocaine", allergies=("moondust",)).unrecognised == ("moondust",)

    def test_a_typing_error_is_read_and_shown(self, ask):
        check = ask("lecithin", allergies=("peanutt",))
        (word,) = check.person
        assert (word.how, word.read_as, check.verdict.value) == ("close spelling", ("peanut",), "block")


class TestConditionsAndMedicines:
    @pytest.mark.parametrize(
        ("compound", "history", "verdict"),
        [
            ("vitamin C", "G6PD deficiency", "caution"),
            ("vitamin C", "favismo", "caution"),
            ("vitamin C", "insuficiencia renal", "caution"),
            ("botulinum toxin", "myasthenia gravis", "block"),
            ("botulinum toxin", "miastenia gravis", "block"),
            ("aminophylline", "epilepsy", "caution"),
            ("yohimbine", "kidney disease", "block"),
            ("yohimbine", "hipertensión", "block"),
            ("sodium metabisulfite", "asma", "caution"),
            ("tranexamic acid", "DVT", "block"),
            ("coumarin", "cirrhosis", "block"),
            ("lidocaine", "psoriasis", "no_data"),
        ],
    )
    def test_a_history_meets_the_words_of_the_records(self, ask, compound, history, verdict):
        assert ask(compound, history=(history,)).verdict.value == verdict

    def test_pregnancy_told_as_a_fact_or_in_the_history(self, ask):
        assert ask("finasteride", pregnant=True).verdict.value == "block"
        assert ask("finasteride", history=("embarazada",)).verdict.value == "block"
        assert ask("finasteride", pregnant=False).verdict.value == "no_data"

    def test_pregnancy_not_told_is_missing(self, ask):
        check = ask("finasteride")
        assert (check.verdict.value, "pregnant" in check.facts_missing) == ("no_data", True)

    @pytest.mark.parametrize(("age", "verdict"), [(17, "block"), (18, "caution"), (None, "caution")])
    def test_age_under_18(self, ask, age, verdict):
        """Without a country the bans on this mixture call for care at any age."""
        assert ask("PC/DC", age_years=age).verdict.value == verdict

    def test_a_newborn_has_at_most_28_days(self, ask):
        assert ask("benzyl alcohol", age_years=0.05).verdict.value == "block"
        assert ask("benzyl alcohol", age_years=0.1).verdict.value == "no_data"

    def test_what_nobody_should_get_is_to_be_avoided(self, ask):
        assert ask("Lemon Bottle", country="US").verdict.value == "avoid"

    def test_a_brand_of_a_medicine_meets_its_group(self, ask):
        check = ask("pentoxifylline", medicines=("Sintrom",))
        assert check.verdict.value == "caution"
        assert any("vitamin-k-antagonist" in finding.subjects for finding in check.findings)

    def test_a_medicine_the_source_bars_is_to_be_avoided(self, ask):
        assert ask("pentoxifylline", medicines=("Toradol",)).verdict.value == "avoid"

    def test_a_record_of_one_medicine_is_not_met_by_another_of_its_group(self, ask):
        assert ask("pentoxifylline", medicines=("ibuprofen",)).verdict.value == "caution"

    def test_an_ingredient_that_is_a_medicine_of_a_known_group_is_not_lost(self, ask):
        """Methylprednisolone is no compound of the base, but it is a corticosteroid."""
        check = ask("ketoprofen", "methylprednisolone")
        assert check.verdict.value == "caution"
        assert check.unrecognised == ("methylprednisolone",)

    def test_a_medicine_of_the_class_of_a_rule_meets_that_rule(self, ask):
        """No record names ibuprofen beside piroxicam, but two anti-inflammatories are one rule of classes."""
        check = ask("piroxicam", medicines=("ibuprofen",))
        assert "nsaid-with-nsaid" in {key for finding in check.findings for key in finding.evidence}

    def test_a_medicine_that_is_the_ingredient_itself(self, ask):
        check = ask("pentoxifylline", medicines=("Trental",))
        assert any("already takes pentoxifylline" in finding.statement for finding in check.findings)

    @pytest.mark.parametrize(
        ("said", "denied"),
        [
            ("no asthma", True),
            ("not pregnant", True),
            ("sin asma", True),
            ("no aspirin", False),
            ("no asthma but epilepsy", False),
            ("asthma", False),
        ],
    )
    def test_a_short_denial_of_an_illness(self, ask, said, denied):
        (word,) = ask("sodium metabisulfite", history=(said,)).person
        assert (word.how == "denied") is denied
