"""A number has a unit, and is turned into another unit only where that means something."""

import pytest

from untoward.model.quantity import Quantity, canonical_unit


@pytest.mark.parametrize(
    ("value", "unit", "wanted", "expected"),
    [
        (40, "mg", "g", 0.04),
        (250, "mcg", "mg", 0.25),
        (1.5, "kg", "g", 1500),
        (2, "mL", "L", 0.002),
        (3, "cc", "ul", 3000),
        (2, "%", "mg/ml", 20),  # 2 g in 100 mL
        (1, "mg/cc", "percent", 0.1),
        (1, "inch", "mm", 25.4),
        (36, "hours", "days", 1.5),
        (3, "weeks", "day", 21),
        (1, "year", "month", 12),
        (1, "month", "day", 30.4375),  # 365.25 / 12
        (30, "minutes", "hour", 0.5),
    ],
)
def test_conversions(value, unit, wanted, expected):
    assert Quantity.of(value, unit).to(wanted).value == pytest.approx(expected, rel=1e-12)


# Fixed points of the two scales: water freezes and boils, and they meet at -40.
@pytest.mark.parametrize(("celsius", "fahrenheit"), [(0, 32), (100, 212), (-40, -40), (38.5, 101.3)])
def test_temperatures_have_their_own_formula(celsius, fahrenheit):
    assert Quantity.of(celsius, "°C").to("°F").value == pytest.approx(fahrenheit)
    assert Quantity.of(fahrenheit, "F").to("C").value == pytest.approx(celsius)


@pytest.mark.parametrize("unit", ["mg", "ml", "percent", "cm", "day", "celsius", "iu", "unit"])
def test_into_its_own_unit_nothing_changes(unit):
    quantity = Quantity(3.3, unit)
    assert quantity.to(unit) is quantity


@pytest.mark.parametrize(("unit", "other"), [("IU", "units"), ("unit", "iu")])
def test_units_of_activity_are_never_converted(unit, other):
    with pytest.raises(ValueError, match="cannot be turned into"):
        Quantity.of(100, unit).to(other)


@pytest.mark.parametrize(
    ("unit", "other"), [("mg", "ml"), ("percent", "mg"), ("day", "cm"), ("mg/kg", "mg"), ("celsius", "ph")]
)
def test_dimensions_do_not_mix(unit, other):
    with pytest.raises(ValueError, match="cannot be turned into"):
        Quantity(1, unit).to(other)


@pytest.mark.parametrize("unit", ["", "m g", "drops", "mgg", "m", "0"])
def test_a_bare_number_or_an_unknown_unit_is_refused_with_those_known(unit):
    for make in (Quantity.of, Quantity):
        with pytest.raises(ValueError, match=r"unknown unit .* known: .*mg.*ml"):
            make(40, unit)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_a_value_is_finite(value):
    with pytest.raises(ValueError, match="finite"):
        Quantity(value, "mg")


def test_a_quantity_may_be_negative_as_a_temperature_is():
    assert Quantity(-5, "celsius").value == -5


@pytest.mark.parametrize(
    ("written", "unit"),
    [("mL", "ml"), (" MG ", "mg"), ("µg", "ug"), ("μg", "ug"), ("mcg", "ug"), ("cc", "ml"),
     ("%", "percent"), ("UI", "iu"), ("U", "unit")],
)  # fmt: skip
def test_units_as_people_write_them(written, unit):
    assert canonical_unit(written) == unit


def test_the_unit_is_always_shown():
    assert str(Quantity.of(2.50, "mL")) == "2.5 ml"


def test_there_and_back_is_the_same():
    for unit, other in (("mg", "ug"), ("ml", "ul"), ("inch", "mm"), ("week", "hour"), ("percent", "mg/ml")):
        assert Quantity(7.3, unit).to(other).to(unit).value == pytest.approx(7.3, rel=1e-12)
