"""The passport says what the record says; links open one page until they expire or are ended, and tell nothing else."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from tests.registry.patients import people

from untoward.exchange.session_json import read_session
from untoward.registry.models import Clinic, Entry, OwnPage, Patient, Session
from untoward.registry.writing import Conflict, write
from untoward.tasks.record import passports
from untoward.tasks.record.passport_words import WORDS, spoken_day
from untoward.tasks.record.standing import Stand, standing

pytestmark = pytest.mark.django_db


class TestDocument:
    def test_it_is_a_session_without_faults(self, session):
        document = passports.session_document(session)
        assert read_session(json.dumps(document)) == document
        assert document["date"] == "2026-05-11"
        assert document["sites"] == ["under chin", "chin"]
        assert document["patient"]["allergies"] is None
        known, unknown = document["components"]
        assert (known["compound"], known["lot"], known["expiry"], known["vial"]) == (
            "deoxycholic-acid", "T-101", "2027-03-31", "V7",
        )  # fmt: skip
        assert (known["amount"], known["unit"], known["volume_ml"], known["sites"]) == (
            20,
            "mg",
            2,
            ["under chin"],
        )
        assert unknown["compound"] == "Secret mix North"
        assert (unknown["lot"], unknown["vial"], unknown["amount"]) == (None, None, None)

    def test_the_day_is_that_of_the_clinic(self, lucia, nurse):
        late = people.session(lucia, nurse, at=datetime(2026, 5, 11, 23, 30, tzinfo=UTC))
        assert passports.day_of(late) == date(2026, 5, 12)

    def test_a_zone_that_is_none_is_utc(self, session):
        session.clinic.time_zone = "Mars/Olympus"
        assert str(passports.zone_of(session.clinic)) == "UTC"

    def test_each_compound_of_a_product_has_its_row(self, session):
        product = session.components.get(mix="A").product
        product.compounds = [{"compound": "deoxycholic-acid"}, {"compound": "lidocaine"}]
        write(product, by=None, reason="x")
        rows = passports.session_document(session)["components"][:2]
        assert [(row["compound"], row["amount"]) for row in rows] == [
            ("deoxycholic-acid", None),
            ("lidocaine", None),
        ]

    def test_what_cannot_be_true_is_left_out_not_printed(self, session):
        person = session.patient
        person.birth_year = 1800
        assert passports.session_document(session)["patient"]["age"] is None

    def test_the_sheet_is_in_the_patients_language_and_says_what_is_not_recorded(self, session):
        taken = passports.passport(session)
        assert taken.sheet.language == "es"
        assert taken.sheet.help.number == "112"
        assert "lot" in taken.sheet.injected.missing
        assert taken.sheet.not_recognised == ("Secret mix North",)
        assert passports.passport(session, language="fr").sheet.language == "fr"

    def test_zones_are_named_with_their_side_in_the_language(self, lucia, nurse):
        made = people.session(lucia, nurse)
        point = made.points.get(mix="A")
        point.zone = "cheek-left"
        write(made, by=nurse, reason="x", parts={"points": [point]})
        assert passports.session_document(made)["sites"] == ["cheek left"]
        assert passports.passport(made).sheet.injected.rows[0].site == "mejilla, lado izquierdo"

    def test_a_language_nobody_wrote_is_english(self, session):
        session.patient.language = "xx"
        assert passports.passport(session).sheet.language == "en"


class TestLinks:
    def test_the_link_opens_its_session_and_is_known_only_by_its_hash(self, session, nurse):
        link = passports.passport_link(session, by=nurse)
        assert passports.session_of(link.token) == session
        assert len(link.token) >= 43
        stored = [
            *OwnPage.objects.values_list("link_hash", flat=True),
            *(str(e.state) for e in Entry.objects.all()),
        ]
        assert not any(link.token in text for text in stored)
        assert link.address.endswith(f"/p/{link.token}")

    @pytest.mark.parametrize(
        "change", [str.lower, lambda t: t[:-1], lambda t: t + "A", lambda t: "", lambda t: "\ud800"]
    )
    def test_a_wrong_one_opens_nothing(self, session, nurse, change):
        token = passports.passport_link(session, by=nurse).token
        assert passports.session_of(change(token)) is None

    def test_the_hash_itself_opens_nothing(self, session, nurse):
        link = passports.passport_link(session, by=nurse)
        assert passports.session_of(link.own_page.link_hash) is None

    def test_it_expires_to_the_second(self, session, nurse):
        link = passports.passport_link(session, by=nurse)
        end = link.own_page.expires_at
        assert timedelta(days=199) < end - timezone.now() <= timedelta(days=200)
        assert passports.session_of(link.token, now=end - timedelta(seconds=1)) == session
        assert passports.session_of(link.token, now=end) is None

    def test_it_works_for_the_days_of_the_clinic_from_when_it_was_made(self, session, nurse):
        session.clinic.own_page_days = 30
        own = passports.passport_link(session, by=nurse).own_page
        assert own.expires_at - own.made_at == timedelta(days=30)

    def test_an_ended_one_opens_nothing_and_others_go_on(self, session, nurse):
        first, second = (passports.passport_link(session, by=nurse) for _ in range(2))
        passports.revoke(first.own_page, by=nurse, reason="lost", version=1)
        assert passports.session_of(first.token) is None
        assert passports.session_of(second.token) == session
        with pytest.raises(Conflict):
            passports.revoke(OwnPage.objects.get(pk=first.own_page.pk), by=nurse, reason="x", version=1)


class TestLookingAgain:
    def test_there_is_always_a_day_within_a_week(self, session):
        for days in range(400):
            today = passports.day_of(session) + timedelta(days=days)
            assert timedelta(0) < passports.next_look(session, today) - today <= timedelta(days=7)

    def test_the_next_check_in_is_the_planned_one_else_by_the_clinics_days(self, session):
        assert passports.next_check_in(session, date(2026, 5, 11)) == date(2026, 5, 12)
        assert passports.next_check_in(session, date(2026, 5, 15)) == date(2026, 5, 18)
        assert passports.next_check_in(session, date(2027, 5, 15)) is None
        clinic = session.clinic
        clinic.check_in_days = [90, 2]
        write(clinic, by=None, reason="x")
        assert passports.next_check_in(Session.objects.get(), date(2026, 5, 12)) == date(2026, 5, 13)


class TestStanding:
    NOW = people.AT + timedelta(hours=30)

    @pytest.mark.parametrize(
        ("told", "stand"),
        [
            ([], Stand.NONE),
            ([{"disposition": "routine"}], Stand.LATE),
            ([{"disposition": "routine", "reported_at": NOW}], Stand.WAITING),
            ([{"disposition": "routine", "read_at": NOW}], Stand.READ),
            ([{"disposition": "self_care", "read_at": NOW}], Stand.EXPECTED),
            ([{"disposition": "emergency_now", "reported_at": NOW}], Stand.EMERGENCY),
            ([{"disposition": "routine", "signed_at": NOW}], Stand.NONE),
            ([{"disposition": "self_care", "read_at": NOW}, {"reported_at": NOW}], Stand.WAITING),
        ],
    )
    def test_the_most_pressing_counts(self, session, nurse, told, stand):
        for fields in told:
            people.reaction(session, nurse, **fields)
        assert standing(session, self.NOW).stand is stand

    def test_a_person_looks_by_the_earlier_of_the_clinics_time_and_the_deadline(self, session, nurse):
        people.reaction(session, nurse, reported_at=self.NOW, deadline=self.NOW + timedelta(hours=6))
        assert standing(session, self.NOW).by == self.NOW + timedelta(hours=6)
        Clinic.objects.filter(pk=session.clinic_id).update(answer_within_hours=2)
        assert standing(Session.objects.get(), self.NOW).by == self.NOW + timedelta(hours=2)


class TestWords:
    def test_every_language_has_the_same_keys_and_blanks(self):
        blanks = [{key: text.count("{") for key, text in words.items()} for words in WORDS.values()]
        assert blanks[1:] == blanks[:1] * 3

    @pytest.mark.parametrize("language", WORDS)
    def test_no_page_says_that_all_is_well_or_names_no_day(self, language):
        words = WORDS[language]
        assert all("{day}" in words[stand] for stand in ("none", "expected", "read", "waiting"))
        said = " ".join(words.values()).lower()
        assert not any(
            text in said for text in ("all is well", "todo está bien", "tudo está bem", "tout va bien")
        )

    def test_days_are_spoken(self):
        assert spoken_day(date(2026, 5, 11), "es") == "lunes 11 de mayo de 2026"


def test_every_patients_language_has_words():
    assert set(WORDS) == set(passports.LANGUAGES)
    assert Patient._meta.get_field("language").default in WORDS
