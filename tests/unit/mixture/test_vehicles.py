"""The vehicle selects the record."""

import pytest

from untoward.mixture.vehicles import Vehicle, is_fluid, vehicle_of


@pytest.mark.parametrize(
    ("text", "fluids", "sulfite"),
    [
        ("normal saline", {"saline"}, None),
        ("0.9 % sodium chloride", {"saline"}, None),
        ("NaCl 0,9 %", {"saline"}, None),
        ("suero fisiológico", {"saline"}, None),
        ("sterile water", {"water"}, None),
        ("agua para inyección", {"water"}, None),
        ("sodium bicarbonate 8.4 %", {"bicarbonate"}, None),
        ("glucose 5 %", {"glucose"}, None),
        ("saline, Ringer or glucose", {"saline", "Ringer", "glucose"}, None),
        ("phosphate-buffered saline", {"phosphate buffer"}, None),
        ("as made by the maker", {"as made by the maker"}, None),
        ("plain solution without sulfite", set(), False),
        ("product with sulfite", set(), True),
        ("water with sodium metabisulfite", {"water"}, True),
        ("syringe", set(), None),
        ("laboratory", set(), None),
        ("", set(), None),
    ],
)
def test_what_a_text_says_of_a_fluid(text, fluids, sulfite):
    assert vehicle_of(text) == Vehicle(frozenset(fluids), sulfite)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("normal saline", True),
        ("NaCl 0.9 % 10 ml", True),
        ("agua para inyección", True),
        ("rose water", False),
        ("water-soluble vitamins", False),
        ("saline with arnica", False),
        ("", False),
    ],
)
def test_a_plain_fluid_and_nothing_else(text, answer):
    assert is_fluid(text) is answer


class TestDiclofenacWithLidocaine:
    """Published for mesotherapy: clear in bicarbonate, milky at once in saline or water."""

    def test_in_saline_it_is_to_be_avoided(self, ask):
        assert ask("diclofenac", "lidocaine", vehicle="normal saline").verdict.value == "avoid"

    def test_in_glucose_what_failed_in_saline_is_held_to_fail_too(self, ask):
        assert ask("diclofenac", "lidocaine", vehicle="glucose 5%").verdict.value == "avoid"

    def test_bicarbonate_among_the_ingredients_is_the_vehicle(self, ask):
        check = ask("diclofenac", "lidocaine", "bicarbonate")
        assert (check.verdict.value, check.vehicle) == ("ok", ("bicarbonate",))

    def test_as_sold_it_is_fine(self, ask):
        assert ask("diclofenac", "lidocaine", vehicle="as made by the maker").verdict.value == "ok"

    def test_without_a_vehicle_the_worse_counts_and_the_vehicle_is_missing(self, ask):
        check = ask("diclofenac", "lidocaine")
        assert check.verdict.value == "avoid"
        assert "vehicle" in check.facts_missing

    def test_a_vehicle_that_is_not_understood_is_said_and_unknown(self, ask):
        check = ask("diclofenac", "lidocaine", vehicle="moonwater")
        assert (check.verdict.value, check.unrecognised) == ("avoid", ("moonwater",))

    def test_saline_among_the_ingredients_is_the_vehicle_and_not_unrecognised(self, ask):
        check = ask("diclofenac", "lidocaine", "normal saline")
        assert (check.vehicle, check.unrecognised, check.verdict.value) == (("saline",), (), "avoid")

    def test_bicarbonate_told_as_the_vehicle_is_an_ingredient_too(self, ask):
        check = ask("diclofenac", "lidocaine", vehicle="sodium bicarbonate 8.4 %")
        assert (check.verdict.value, len(check.ingredients)) == ("ok", 3)


def test_an_anaesthetic_as_the_vehicle_is_an_ingredient(ask):
    """Botulinum toxin in lidocaine with adrenaline was tested in two trials."""
    check = ask("botulinum toxin", vehicle="lidocaine 2% with adrenaline 1:50,000")
    assert (check.verdict.value, check.unrecognised) == ("ok", ())
    assert ask("botulinum toxin", vehicle="lidocaine 2%", allergies=("lidocaine",)).verdict.value == "block"


def test_an_unknown_water_is_no_plain_vehicle(ask):
    check = ask("lidocaine", "triamcinolone", "rose water")
    assert (check.verdict.value, check.unrecognised) == ("no_data", ("rose water",))


def test_a_pair_that_is_only_sold_ready_made_hangs_on_the_vehicle(ask):
    check = ask("articaine", "adrenaline")
    assert (check.verdict.value, check.facts_missing[0]) == ("ok", "vehicle")
    assert ask("articaine", "adrenaline", vehicle="normal saline").verdict.value == "no_data"
