"""The published definitions of anaphylaxis, criterion by criterion, in three values."""

from dataclasses import replace

import pytest

from untoward.assess.anaphylaxis import (
    BrightonSigns,
    LevelRange,
    Picture,
    brighton,
    low_pressure,
    lowest_systolic,
    niaid_1,
    niaid_2,
    niaid_3,
    rcuk,
    wao_1,
    wao_2,
)
from untoward.evidence.load import load_evidence
from untoward.model.answer import Answer

YES, NO, UNKNOWN = Answer.YES, Answer.NO, Answer.UNKNOWN
BASE = load_evidence()
ADULT = BASE.criterion("niaid-faan-2006-anaphylaxis")
CHILD = BASE.criterion("niaid-faan-2006-child-blood-pressure")
FIELDS = tuple(Picture.__dataclass_fields__)
NOTHING = Picture(**dict.fromkeys(FIELDS, NO))
SUDDEN = replace(NOTHING, sudden=YES, allergen=YES)
ALL = (niaid_1, niaid_2, niaid_3, wao_1, wao_2, rcuk)
NO_SIGNS = BrightonSigns(**dict.fromkeys(BrightonSigns.__dataclass_fields__, NO))


def seen(**answers):
    return replace(SUDDEN, **answers)


def signs(*there, **answers):
    return replace(NO_SIGNS, **dict.fromkeys(there, YES), **answers)


@pytest.mark.parametrize(
    ("criterion", "picture", "expected"),
    [
        (niaid_1, seen(skin=YES, breathing=YES), YES),
        (niaid_1, seen(skin=YES, organ=YES), YES),
        (niaid_1, seen(skin=YES), NO),
        (niaid_1, seen(breathing=YES), NO),
        (niaid_1, seen(skin=YES, breathing=UNKNOWN), UNKNOWN),
        (niaid_1, seen(skin=UNKNOWN, breathing=YES), UNKNOWN),
        (niaid_2, seen(skin=YES, lasting_gut=YES), YES),
        (niaid_2, seen(breathing=YES, organ=YES), YES),
        (niaid_2, seen(lasting_gut=YES), NO),
        (niaid_2, seen(skin=YES, lasting_gut=UNKNOWN), UNKNOWN),
        (niaid_2, seen(skin=YES, lasting_gut=YES, allergen=NO), NO),
        (niaid_3, seen(known_allergen=YES, low_pressure=YES), YES),
        (niaid_3, seen(known_allergen=UNKNOWN, low_pressure=YES), UNKNOWN),
        (niaid_3, seen(known_allergen=YES, organ=YES), NO),
        (wao_1, seen(skin=YES, severe_gut=YES), YES),
        (wao_1, seen(skin=YES, lasting_gut=YES), NO),
        (wao_1, seen(severe_gut=YES, breathing=YES), NO),
        (wao_2, seen(known_allergen=YES, bronchospasm=YES), YES),
        (wao_2, seen(known_allergen=YES, larynx=YES), YES),
        (wao_2, seen(known_allergen=YES, low_pressure=YES), YES),
        (wao_2, seen(bronchospasm=YES), NO),
        (rcuk, seen(airway=YES), YES),
        (rcuk, seen(breathing=YES), YES),
        (rcuk, seen(circulation=YES), YES),
        (rcuk, seen(skin=YES), NO),
    ],
)
def test_each_criterion(criterion, picture, expected):
    assert criterion(picture) is expected


@pytest.mark.parametrize("criterion", ALL)
def test_nothing_known_cannot_be_told(criterion):
    assert criterion(Picture()) is UNKNOWN


@pytest.mark.parametrize("criterion", ALL)
def test_nothing_sudden_is_not_met(criterion):
    assert criterion(replace(Picture(**dict.fromkeys(FIELDS, YES)), sudden=NO)) is NO


@pytest.mark.parametrize("criterion", ALL)
@pytest.mark.parametrize("field", FIELDS)
def test_a_sign_more_never_unmakes_a_criterion(criterion, field):
    for picture in (Picture(), NOTHING, SUDDEN, seen(skin=YES, breathing=YES)):
        ranks = [NO, UNKNOWN, YES]
        answers = [criterion(replace(picture, **{field: value})) for value in ranks]
        assert [ranks.index(answer) for answer in answers] == sorted(
            ranks.index(answer) for answer in answers
        )


@pytest.mark.parametrize(
    ("systolic", "usual", "age", "expected"),
    [
        (89, None, 40, YES),
        (90, None, 40, UNKNOWN),
        (90, 100, 40, NO),
        (105, 150, 40, NO),
        (104, 150, 40, YES),
        (89, None, None, YES),
        (None, 150, 40, UNKNOWN),
        (79, None, 5, YES),
        (80, 90, 5, NO),
        (69, None, 0.5, YES),
        (70, 80, 0.5, NO),
        (89, None, 17, YES),
        (60, None, 0.02, UNKNOWN),
        (60, 100, 0.02, YES),
        (104, 0, 40, UNKNOWN),
    ],
)
def test_low_pressure(systolic, usual, age, expected):
    assert low_pressure(systolic, usual, age, ADULT, CHILD) is expected


@pytest.mark.parametrize(
    ("age", "bound"),
    [
        (None, 90),
        (18, 90),
        (17.9, 90),
        (11, 90),
        (10.9, 90),
        (10, 90),
        (9, 88),
        (1, 72),
        (0.99, 70),
        (0.09, 70),
        (0.05, None),
    ],
)
def test_the_bound_for_the_age(age, bound):
    assert lowest_systolic(age, ADULT, CHILD) == bound


@pytest.mark.parametrize(
    ("there", "level"),
    [
        (("major_skin", "major_circulation"), 1),
        (("major_skin", "major_breathing"), 1),
        (("major_circulation", "major_breathing"), 2),
        (("major_breathing", "minor_gut"), 2),
        (("major_circulation", "minor_skin"), 2),
        (("major_breathing", "tryptase"), 2),
        (("major_skin", "minor_breathing"), 2),
        (("major_skin", "minor_circulation"), 2),
        (("minor_breathing", "minor_skin", "minor_gut"), 3),
        (("minor_circulation", "minor_breathing", "minor_gut"), 3),
        (("minor_circulation", "tryptase", "minor_gut"), 3),
        (("minor_breathing", "minor_gut"), None),
        (("minor_skin", "minor_gut", "tryptase"), None),
        (("major_skin", "minor_gut"), None),
        (("major_skin",), None),
        (("major_breathing", "minor_circulation"), None),
        ((), None),
    ],
)
def test_brighton_levels(there, level):
    assert brighton(YES, signs(*there)) == LevelRange(level, level)


def test_missing_facts_make_a_range():
    assert brighton(YES, signs("major_skin", "minor_breathing", major_breathing=UNKNOWN)) == LevelRange(2, 1)
    assert brighton(YES, signs(minor_breathing=UNKNOWN, minor_skin=YES, minor_gut=YES)) == LevelRange(None, 3)
    assert brighton(YES, BrightonSigns()) == LevelRange(None, 1)
    assert brighton(NO, signs("major_skin", "major_breathing")) == LevelRange(None, None)
    assert brighton(UNKNOWN, signs("major_skin", "major_breathing")) == LevelRange(None, 1)


def test_the_range_in_words():
    assert str(LevelRange(1, 1)) == "level 1"
    assert str(LevelRange(3, 1)) == "level 3, at best level 1"
    assert str(LevelRange(None, 2)) == "no level, at best level 2"
    assert str(LevelRange(None, None)) == "no level"
