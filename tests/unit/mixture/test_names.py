"""Names of ingredients as clinics write them."""

import pytest

from untoward.mixture.names import NameReader
from untoward.model.quantity import Quantity


@pytest.fixture(scope="module")
def reader(base):
    return NameReader(base.compound_names)


@pytest.mark.parametrize(
    ("text", "compound", "how"),
    [
        ("lidocaine", "lidocaine", "name"),
        ("LIDOCAINE", "lidocaine", "name"),
        ("lidocaine 2%", "lidocaine", "strength in the name"),
        ("Lidocaína al 2 %", "lidocaine", "strength in the name"),
        ("lidocaína", "lidocaine", "name"),
        ("lignocaine", "lidocaine", "name"),
        ("Xylocaine", "lidocaine", "name"),
        ("lidocaine HCl 20 mg/ml", "lidocaine", "strength in the name"),
        ("lidocaine (2%)", "lidocaine", "strength in the name"),
        ("lidocane", "lidocaine", "close spelling"),
        ("PPC", "phosphatidylcholine", "name"),
        ("Lipostabil", "phosphatidylcholine", "name"),
        ("lecithin", "phosphatidylcholine", "name"),
        ("ácido desoxicólico", "deoxycholic-acid", "name"),
        ("Kybella", "deoxycholic-acid", "name"),
        ("hialuronidasa", "hyaluronidase", "name"),
        ("vitamina C", "vitamin-c", "name"),
        ("epinephrine 1:100,000", "adrenaline", "strength in the name"),
        ("normal saline", None, "vehicle"),
        ("saline", None, "vehicle"),
        ("NaCl 0.9 %", None, "vehicle"),
        ("suero fisiológico", None, "vehicle"),
        ("graphites", None, "not recognised"),
        ("sunflower liposomes", None, "not recognised"),
        ("", None, "not recognised"),
        ("   ", None, "not recognised"),
        ("2%", None, "not recognised"),
    ],
)
def test_a_name_is_read(reader, text, compound, how):
    (read,) = reader.read(text)
    assert (read.compound, read.read_as) == (compound, how)


@pytest.mark.parametrize(
    ("text", "percent"),
    [
        ("lidocaine 2%", 2.0),
        ("lidocaine 0,5 %", 0.5),
        ("lidocaine 20 mg/ml", 2.0),
        ("adrenaline 1:100,000", 0.001),
        ("adrenaline 1:50.000", 0.002),
        ("adrenaline 1:1000", 0.1),
        ("lidocaine", None),
        ("lidocaine 300 mg", None),
        ("lidocaine 200%", None),
    ],
)
def test_the_strength_in_a_name(reader, text, percent):
    """1 in 100,000 is 1 g in 100,000 ml, which is 0.001 g in 100 ml."""
    (read,) = reader.read(text)
    assert read.percent == (None if percent is None else pytest.approx(percent))


def test_amount_and_volume_in_a_name(reader):
    (read,) = reader.read("procaine 40 mg 2 ml")
    assert (read.compound, read.amount, read.volume) == (
        "procaine",
        Quantity(40.0, "mg"),
        Quantity(2.0, "ml"),
    )


@pytest.mark.parametrize(
    "text",
    [
        "lidocaine 2% with adrenaline 1:100,000",
        "lidocaine 2% / epinephrine 1:100 000",
        "lidocaína 2% con adrenalina 1:100.000",
        "lidocaine 2% + adrenaline 1:100,000",
    ],
)
def test_two_compounds_in_one_name(reader, text):
    reads = reader.read(text)
    assert [read.compound for read in reads] == ["lidocaine", "adrenaline"]
    assert [read.percent for read in reads] == [pytest.approx(2.0), pytest.approx(0.001)]


def test_one_unknown_part_leaves_the_whole_unread(reader):
    """Half an answer would hide the other half."""
    (read,) = reader.read("lidocaine with moondust")
    assert read.compound is None


def test_what_could_be_two_compounds_is_not_guessed(reader):
    (read,) = reader.read("caine")
    assert read.compound is None
