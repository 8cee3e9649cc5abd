"""Codes of packs as scanners send them and as people paste them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from untoward.errors import InputError
from untoward.exchange.packs import PackCode, looks_like_code, read_pack
from untoward.exchange.packs.read import gtin_of

GTIN = "07032069804988"
WHOLE = PackCode(gtin=GTIN, lot="AB12", expires=date(2027, 12, 31), serial="S-77")


@pytest.mark.parametrize(
    "text",
    [
        f"(01){GTIN}(17)271231(10)AB12(21)S-77",
        f" (01) {GTIN} (17) 271231 (10) AB12 (21) S-77 ",
        f"(21)S-77(10)AB12(17)271231(01){GTIN}",
        f"01{GTIN}1727123110AB12\x1d21S-77",
        f"]d201{GTIN}1727123110AB12\x1d21S-77",
        f"]C101{GTIN}10AB12\x1d1727123121S-77",
        f"]D2\x1d01{GTIN}1727123110AB12\x1d21S-77\x1d",
        f"01{GTIN}1727123110AB12<GS>21S-77",
        f"01{GTIN}1727123110AB12{{gs}}21S-77",
        f"01{GTIN}1727123110AB12\\x1d21S-77",
        f"01{GTIN}1727123110AB12␝21S-77",
        f"(01){GTIN}\x1d(17)271231(10)AB12\x1d(21)S-77",
    ],
)
def test_the_same_pack_however_it_is_written(text):
    assert read_pack(text) == WHOLE
    assert looks_like_code(text)


def test_a_day_of_00_is_the_last_of_the_month():
    assert read_pack(f"(01){GTIN}(17)280200").expires == date(2028, 2, 29)


def test_parts_that_nobody_asked_for_do_no_harm():
    assert read_pack(f"(01){GTIN}(11)250101(240)REF-1(10)A/1") == PackCode(gtin=GTIN, lot="A/1")


def test_without_a_separator_the_lot_runs_to_the_end():
    assert read_pack(f"01{GTIN}10AB1221S77").lot == "AB1221S77"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not a code"),
        ("x" * 300, "is not a code"),
        ("(01)07032069804989(10)AB12", "check digit is wrong"),
        (f"01{GTIN}17273401", "expiry date that cannot be"),
        (f"(01){GTIN}(17)271332", "expiry date that cannot be"),
        (f"(01){GTIN}(17)270230", "expiry date that cannot be"),
        ("(17)271231", "no product, lot or serial number"),
        ("(10)", "cannot be read"),
        ("(10)A(10)B", "stands twice"),
        ("(99999)1", "cannot be read"),
        ("]d2hello", "cannot be read"),
        ("(10)" + "A" * 21, "cannot be read|cannot be"),
    ],
)
def test_a_fault_is_named_and_says_what_to_do(text, said):
    with pytest.raises(InputError, match=said) as refused:
        read_pack(text, where="vial 2")
    for fault in refused.value.faults:
        assert fault.where == "vial 2"
        assert fault.expected
        assert "Scan it again" in fault.hint
        assert len(fault.got) < 80


@pytest.mark.parametrize("text", ["V-101", "AB12", "010", "Lipo 5", "2027-12-31", "(left) cheek"])
def test_labels_and_lot_numbers_are_no_codes(text):
    assert not looks_like_code(text)


@given(st.text(max_size=80))
def test_no_text_does_worse_than_a_named_fault(text):
    faults = ()
    try:
        found = read_pack(text)
    except InputError as refused:
        found, faults = None, refused.faults
    assert bool(faults) is (found is None)


@given(st.text(alphabet="ABCabc0123456789-/._", min_size=1, max_size=20))
def test_every_lot_comes_back_from_brackets_and_from_plain(lot):
    assert read_pack(f"(01){GTIN}(10){lot}").lot == lot
    assert read_pack(f"]d201{GTIN}10{lot}\x1d21X").lot == lot


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("7032069804988", GTIN),
        ("7 032069 804988", GTIN),
        (GTIN, GTIN),
        ("7032069804989", ""),
        ("12345", ""),
        ("AB12", ""),
    ],
)
def test_a_product_number_alone(text, found):
    assert gtin_of(text) == found
