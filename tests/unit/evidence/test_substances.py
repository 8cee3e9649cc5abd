"""Allergens, medicines and conditions: sound, and met by the words of every record that speaks of a person."""

import re

import pytest

from untoward.evidence.load import load_evidence
from untoward.evidence.records import Contraindication, CrossReactivity, Pair
from untoward.model.substances import Substance, SubstanceList

BASE = load_evidence()
SUBSTANCES = BASE.substances


def _substance(key, **fields):
    return {"key": key, "kind": "medicine", "names": {"en": [key]}, **fields}


class TestTheList:
    def test_a_group_that_is_not_there(self, sound, faults_of):
        sound["substances"] = [_substance("warfarin", groups=["anticoagulant"])]
        (fault,) = faults_of(sound)
        assert (fault.what, fault.where, fault.got) == (
            "no such groups",
            "substance warfarin",
            "anticoagulant",
        )

    def test_a_compound_that_is_not_there(self, sound, faults_of):
        sound["substances"] = [_substance("warfarin", compounds=["gamma"])]
        (fault,) = faults_of(sound)
        assert (fault.what, fault.got) == ("no such compounds", "gamma")

    def test_a_key_used_twice(self, sound, faults_of):
        sound["substances"] = [_substance("warfarin"), _substance("warfarin")]
        (fault,) = faults_of(sound)
        assert (fault.what, fault.where) == ("key used twice", "substance warfarin")

    def test_a_field_nobody_declared(self, sound, faults_of):
        sound["substances"] = [_substance("warfarin", brands=["X"])]
        (fault,) = faults_of(sound)
        assert "brands" in fault.what

    def test_it_is_part_of_the_version(self, sound, write):
        before = load_evidence(write(sound, "one")).version
        sound["substances"] = [_substance("warfarin")]
        assert load_evidence(write(sound, "two")).version != before

    def test_groups_never_lead_back(self):
        for key in SUBSTANCES.substances:
            groups = SUBSTANCES.with_groups([key]) - {key}
            assert all(key not in SUBSTANCES.with_groups([group]) for group in groups), key


class TestNames:
    SMALL = SubstanceList(
        {
            item.key: item
            for item in (
                Substance(
                    key="group", kind="medicine", names={"en": ("blood thinner",)}, members=("one", "other")
                ),
                Substance(
                    key="one", kind="medicine", names={"en": ("one",), "es": ("uno",)}, groups=("group",)
                ),
                Substance(key="alpha-likes", kind="allergen", names={}, compounds=("alpha",)),
            )
        },
        compound_names={"alpha": ("alphol",)},
        circumstance_names={"bleeder": ("blood thinner", "bleeds easily")},
    )

    @pytest.mark.parametrize(
        ("text", "named", "with_groups"),
        [
            ("uno", {"one"}, {"one", "group"}),
            ("One", {"one"}, {"one", "group"}),
            ("takes other, at night", {"group"}, {"group"}),
            ("blood thinners", {"group"}, {"group"}),
            ("bleeds easily", {"bleeder"}, {"bleeder"}),
            ("alphol", {"alpha"}, {"alpha", "alpha-likes"}),
            ("nothing of it", set(), set()),
        ],
    )
    def test_a_text_names_the_narrowest_and_means_its_groups_too(self, text, named, with_groups):
        assert self.SMALL.named(text) == named
        assert self.SMALL.mentioned(text) == with_groups

    @pytest.mark.parametrize(
        ("text", "key"),
        [
            ("Sintrom", "anticoagulant"),
            ("warfarina", "anticoagulant"),
            ("Adiro", "nsaid"),
            ("soja", "soya"),
            ("œuf", "egg"),
            ("picada de abelha", "bee-venom"),
            ("manzanilla", "daisy-family"),
            ("co-trimoxazole", "sulfonamide"),
            ("favismo", "g6pd-deficiency"),
            ("Ventolin", "sympathomimetic"),
            ("HTA", "high-blood-pressure"),
            ("amitriptyline", "tricyclic-antidepressant"),
            ("Humira", "immunosuppression"),
            ("Graves' disease", "thyroid-disease"),
        ],
    )
    def test_names_people_use(self, text, key):
        assert key in SUBSTANCES.mentioned(text)

    @pytest.mark.parametrize(
        ("text", "key"),
        [
            ("sulfa drugs", "sodium-metabisulfite"),
            ("shellfish", "fish"),
            ("ibuprofen", "ketorolac"),
            ("lactose", "cows-milk"),
        ],
    )
    def test_what_is_another_thing(self, text, key):
        assert key not in SUBSTANCES.mentioned(text)


def test_every_allergen_of_a_record_is_known():
    unknown = [
        record.key for record in BASE.of_class(CrossReactivity) if not SUBSTANCES.named(record.allergen)
    ]
    assert unknown == []


def test_every_medicine_of_a_record_is_known():
    of_the_syringe = re.compile("solution|syringe|infusion fluids|immunoassays|laboratory tests")
    asked = [
        record for record in BASE.of_class(Pair) if record.with_ and not of_the_syringe.search(record.with_)
    ]
    assert [record.key for record in asked if not SUBSTANCES.named(record.with_)] == []


def test_every_allergy_a_contraindication_speaks_of_is_known():
    asked = [record for record in BASE.of_class(Contraindication) if "allerg" in record.condition]
    assert [record.key for record in asked if not SUBSTANCES.named(record.condition)] == []
