"""Tokens without names, and what clinics have in common by them."""

import hashlib
import hmac
from datetime import date

import pytest

from untoward.watch.workbench.joining import join_tokens
from untoward.watch.workbench.linkage import (
    Identity,
    name_parts,
    record_of,
    slk_letters,
    tokens_of,
    without_tokens,
)

KEY = bytes(range(32))


def person(given="María José", family="de la Peña-García López", born=date(1980, 3, 4), sex="F", local="1"):
    return Identity(local_id=local, given=given, family=family, birth_date=born, sex=sex)


def tokens(identity, clinic="north", key=KEY):
    return set(tokens_of(identity, key, clinic).tokens)


def kinds_in_common(one, other):
    return sorted({kind for kind, _token in tokens(one) & tokens(other)})


class TestTokens:
    def test_a_token_is_the_hmac_of_the_normalised_identifiers(self):
        content = b"untoward-link-1\x1efirst\x1emaria pena|1980-03-04"
        assert ("first", hmac.new(KEY, content, hashlib.sha256).hexdigest()) in tokens(person())

    def test_accents_case_signs_and_particles_do_not_matter(self):
        assert tokens(person()) == tokens(person("MARIA  JOSE", "Pena Garcia, Lopez"))

    def test_letters_of_the_linkage_key_as_its_keepers_print_them(self):
        assert slk_letters("smith", "john") == "mihoh"  # John Smith: MIHOH
        assert slk_letters("jones", "ed")[:3] == "ons"  # Jones: ONS
        assert slk_letters("li", "o") == "i2222"

    @pytest.mark.parametrize(
        ("slip", "kept"),
        [
            (person("Peña", "María José García López"), ["names", "names+sex"]),
            (person("María", "Peña"), ["first", "surname", "turned"]),
            (person("María", "García"), ["surname"]),
            (person(born=date(1980, 4, 3)), ["turned"]),
            (person(sex=None), ["first", "names", "surname", "turned"]),
            (person("Maria Jose", "Peno Garcia Lopez"), ["letters", "surname"]),
        ],
    )
    def test_each_slip_leaves_some_token(self, slip, kept):
        assert set(kept) <= set(kinds_in_common(person(), slip))

    def test_another_person_shares_none(self):
        assert not tokens(person()) & tokens(person("Ana", "Ruiz"))
        assert not tokens(person()) & tokens(person(born=date(1981, 3, 4)))

    def test_another_key_gives_other_tokens(self):
        assert not tokens(person()) & tokens(person(), key=bytes(range(1, 33)))

    def test_without_a_birth_date_or_a_name_there_is_none(self):
        assert not tokens(person(born=None))
        assert not tokens(person("", ""))
        lacking = without_tokens([person("", "", born=None), person("", "-"), person("Ana", ""), person()])
        assert lacking == {"birth date": 1, "given and family name": 2}

    def test_nothing_of_the_person_is_in_what_goes_out(self):
        made = tokens_of(person(local="P-77"), KEY, "north")
        text = repr(made).lower()
        assert not any(word in text for word in ("mar", "garc", "1980", "p-77"))
        assert "Mar" not in repr(person())

    def test_records_of_two_clinics_with_one_local_key_differ(self):
        assert record_of("1", KEY, "north") != record_of("1", KEY, "south")

    def test_a_short_key_is_refused(self):
        with pytest.raises(ValueError, match="31 bytes"):
            tokens_of(person(), KEY[:31], "north")

    def test_a_name_of_particles_alone_is_kept(self):
        assert name_parts("De La") == ("de", "la")
        assert name_parts("O'Brien-Groß") == ("obrien", "gross")

    @pytest.mark.parametrize(
        ("name", "parts"),
        [
            ("Đorđe", ("dorde",)),
            ("Işık", ("isik",)),
            ("Gal·la", ("galla",)),
            ("Ирина", ("ирина",)),
            ("李 明", ("李", "明")),
        ],
    )
    def test_no_letter_of_any_script_is_lost(self, name, parts):
        assert name_parts(name) == parts


def joined(**clinics):
    return join_tokens(
        {
            (clinic, str(place)): tokens_of(identity, KEY, clinic).tokens
            for clinic, people in clinics.items()
            for place, identity in enumerate(people)
        }
    )


class TestJoining:
    def test_the_same_person_in_three_clinics(self):
        found = joined(
            north=[person()],
            south=[person("Ana", "Ruiz"), person("maria jose", "pena garcia lopez")],
            west=[person()],
        )
        assert found.persons == ((("north", "0"), ("south", "1"), ("west", "0")),)
        assert {link.strength for link in found.links} == {"same"}
        assert not found.conflicts

    def test_strengths_by_what_agrees(self):
        shortened = joined(north=[person()], south=[person("María", "Peña")])
        turned = joined(north=[person()], south=[person(born=date(1980, 4, 3))])
        assert [(link.strength, link.agree) for link in shortened.links] == [
            ("probable", ("first", "surname", "turned"))
        ]
        assert [(link.strength, link.agree) for link in turned.links] == [("possible", ("turned",))]
        assert not turned.persons

    def test_sexes_that_differ_are_a_conflict(self):
        found = joined(north=[person()], south=[person(sex="M")])
        assert [conflict.what for conflict in found.conflicts] == [
            "the names and birth date agree, the sex does not"
        ]
        assert not found.persons
        assert not found.links

    def test_one_record_that_fits_two(self):
        found = joined(north=[person()], south=[person(), person(local="2")])
        assert found.conflicts[0].what == "fits 2 records of south equally well"
        assert not found.persons

    def test_the_better_fit_wins_without_a_conflict(self):
        found = joined(north=[person()], south=[person(), person(born=date(1980, 4, 3))])
        assert found.persons == ((("north", "0"), ("south", "0")),)

    def test_a_chain_that_joins_two_records_of_one_clinic(self):
        found = joined(
            north=[person("Ana", "Ruiz Sanz"), person("Gil", "Ana Ruiz")],
            south=[person("Ana", "Ruiz")],
            west=[person("Ana", "Ruiz Gil")],
        )
        assert [conflict.what for conflict in found.conflicts] == [
            "a chain of links joins two records of one clinic"
        ]
        assert not found.persons

    def test_records_of_one_clinic_are_never_linked(self):
        assert not joined(north=[person(), person()]).links

    def test_a_placeholder_tells_nobody_apart(self):
        found = joined(north=[person("X", "Y")] * 40, south=[person("X", "Y")] * 40)
        assert not found.links
        assert found.too_common > 0
