"""What a scan or a typed word is found to be, at this clinic."""

from datetime import date

import pytest

from untoward.errors import InputError
from untoward.registry.models import Entry, Lot, Product, Vial
from untoward.registry.writing import write
from untoward.tasks.record.session_sources import find_source, ingredients_of, take_in
from untoward.tasks.record.vial_codes import vial_code

pytestmark = pytest.mark.django_db
GTIN = "07032069804988"


@pytest.mark.parametrize(
    "text",
    [
        "V101",
        "v101",
        "L1",
        f"(01){GTIN}(10)L1",
        f"]d201{GTIN}10L1\x1d21V101",
        f"01{GTIN}10L1",
        "(10)L1",
        "(21)V101",
    ],
)
def test_a_vial_is_found_however_it_is_named(place, text):
    found = find_source(place.clinic, text)
    assert (found.product, found.lot, found.vial) == (place.products[0], place.lots[0], place.vials[0])


def test_of_two_open_vials_of_a_lot_none_is_guessed(place):
    write(
        Vial(clinic=place.clinic, lot=place.lots[0], label="V999", opened_at=place.vials[0].opened_at),
        by=None,
    )
    found = find_source(place.clinic, "L1")
    assert (found.lot, found.vial) == (place.lots[0], None)


@pytest.mark.parametrize("text", ["Saline", "sal", "7032069804988"])
def test_a_product_without_a_lot(place, text):
    found = find_source(place.clinic, text)
    assert found.lot is None
    assert found.product in place.products


@pytest.mark.parametrize("write_as", [str, str.lower, lambda code: code.removeprefix("VIAL")])
def test_the_code_of_a_label_names_one_vial_whatever_it_is_called(place, write_as):
    twin = Vial(clinic=place.clinic, lot=place.lots[1], label=vial_code(place.vials[0])[:40])
    write(twin, by=None)
    found = find_source(place.clinic, write_as(vial_code(place.vials[0])))
    assert found.vial == place.vials[0]
    assert find_source(place.clinic, str(place.vials[0].uid)).vial == place.vials[0]


def test_the_code_of_a_vial_of_another_clinic_is_refused(place, elsewhere):
    with pytest.raises(InputError, match="no vial of this clinic"):
        find_source(place.clinic, vial_code(elsewhere.vial))


def test_a_vial_of_another_clinic_is_not_known_here(place, elsewhere):
    with pytest.raises(InputError, match="is not known here"):
        find_source(place.clinic, "S-1")


def test_a_lot_number_of_two_products_is_not_guessed(place):
    write(Lot(product=place.products[1], number="L1"), by=None)
    with pytest.raises(InputError, match="several products"):
        find_source(place.clinic, "L1")


def test_a_product_number_nobody_took_in_is_named(place):
    with pytest.raises(InputError, match="00012345678905"):
        find_source(place.clinic, "(01)00012345678905(10)A")


@pytest.mark.parametrize("stored", ["07032069804988", "7032069804988"])
def test_product_numbers_match_with_and_without_leading_zeros(place, stored):
    place.products[0].gtin = stored
    write(place.products[0], by=None, reason="as printed")
    assert find_source(place.clinic, f"(01){GTIN}(10)L1").product == place.products[0]


def test_an_unknown_lot_can_be_taken_in_once(place):
    code = f"(01){GTIN}(17)300131(10)NEW7"
    assert find_source(place.clinic, code).unknown_lot == "NEW7"
    taken = take_in(place.clinic, code, place.nurse)
    assert (taken.lot.number, taken.lot.expires) == ("NEW7", date(2030, 1, 31))
    assert take_in(place.clinic, code, place.nurse).lot == taken.lot
    entry = Entry.objects.get(uid=taken.lot.uid)
    assert (entry.by, entry.clinic) == (place.nurse, place.clinic)


def test_a_recipe_brings_the_one_open_vial_of_each_product(place):
    assert [(source.vial.label, ml) for source, ml in ingredients_of(place.recipe)] == [
        ("V101", 2), ("V102", 2), ("V103", 2),
    ]  # fmt: skip
    assert Product.objects.count() == 3
