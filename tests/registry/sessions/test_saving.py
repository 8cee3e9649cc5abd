"""Saving, saving twice, correcting, and that no block is ever passed without a reason."""

import threading
from dataclasses import replace

import pytest
from django.db import connection
from django.utils import timezone

from untoward.errors import InputError, UsageError
from untoward.registry.models import Entry, Membership, Patient, Session
from untoward.registry.trail import verify
from untoward.registry.writing import Conflict, write
from untoward.tasks.record.drafts import ComponentDraft, PointDraft
from untoward.tasks.record.patients import PatientDraft
from untoward.tasks.record.session_checks import blocks, check
from untoward.tasks.record.sessions import Blocked, draft_of, last_session, new_token, save, usable_again

pytestmark = pytest.mark.django_db
WHY = "checked with the maker"


def recalled(place):
    place.lots[0].recalled_at = timezone.now()
    write(place.lots[0], by=None, reason="recall")


def explained(draft, why=WHY):
    return replace(draft, overrides={one.key: why for one in blocks(check(draft))})


def test_a_session_is_kept_whole_with_its_entry(draft, place):
    saved = Session.objects.get(pk=save(draft, place.nurse).pk)
    assert saved.patient == place.patient
    assert [(one.vial, one.lot, one.volume_ml) for one in saved.components.all()] == [
        (place.vials[0], place.lots[0], 0.2)
    ]
    assert [(one.zone, one.x, one.y) for one in saved.points.order_by("pk")] == [
        ("cheek-left", None, None),
        ("", 0.5, 0.4),
    ]
    assert saved.asepsis == {"hand_hygiene": True}
    assert Entry.objects.get(uid=saved.uid).by == place.nurse
    assert [one.day for one in saved.check_ins.order_by("day")] == [1, 7]
    assert verify().faults == ()


def test_a_vial_brings_its_lot(draft, place):
    part = ComponentDraft(product=place.products[0], vial=place.vials[0])
    saved = save(replace(draft, components=(part,)), place.nurse)
    assert saved.components.get().lot == place.lots[0]


def test_a_new_patient_is_kept_with_the_session_or_not_at_all(draft, place):
    somebody = PatientDraft(name="New Person", allergies=())
    new = replace(draft, patient=somebody, consent=None)
    saved = save(new, place.nurse)
    assert (saved.patient.name, saved.patient.allergies, saved.patient.history) == ("New Person", [], None)
    recalled(place)
    before = Patient.objects.count()
    with pytest.raises(Blocked):
        save(replace(new, token=new_token()), place.nurse)
    assert Patient.objects.count() == before


def test_the_same_form_sent_twice_saves_once(draft, place):
    first = save(draft, place.nurse)
    assert save(replace(draft, note="changed"), place.nurse) == first
    assert Session.objects.count() == 1
    assert Entry.objects.filter(model="Session").count() == 1


def test_a_form_is_not_saved_at_another_clinic(draft, place, elsewhere):
    save(draft, place.nurse)
    there = replace(draft, clinic=elsewhere.clinic, patient=elsewhere.patient, practitioner=elsewhere.person)
    with pytest.raises(UsageError, match="another clinic"):
        save(there, elsewhere.nurse)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"components": ()}, "nothing was injected"),
        ({"technique": " "}, "technique: is missing"),
        ({"points": (PointDraft(view="face-front"),)}, "has no place"),
        ({"points": (PointDraft(view="face-front", x=1.2, y=0.1),)}, "lies outside"),
        ({"points": (PointDraft(view="face-front", zone="chin", mix="Z"),)}, "nothing in it"),
        ({"points": (PointDraft(view="face-front", zone="chin", volume_ml=-1),)}, "is not possible"),
        (
            {"points": (PointDraft(view="face-front", zone="chin", volume_ml=float("nan")),)},
            "is not possible",
        ),
        ({"asepsis": {"prayer": True}}, "no item of the checklist"),
        ({"room": "x" * 61}, "is too long"),
    ],
)
def test_what_cannot_be_is_refused_and_named(draft, place, change, said):
    with pytest.raises(InputError, match=said):
        save(replace(draft, **change), place.nurse)
    assert not Session.objects.exists()


@pytest.mark.parametrize("what", ["vial", "patient", "practitioner"])
def test_nothing_of_another_clinic_gets_in(draft, place, elsewhere, what):
    change = {
        "vial": {"components": (ComponentDraft(product=elsewhere.vial.lot.product, vial=elsewhere.vial),)},
        "patient": {"patient": elsewhere.patient, "consent": None},
        "practitioner": {"practitioner": elsewhere.person},
    }[what]
    with pytest.raises(InputError, match="belongs to another clinic"):
        save(replace(draft, **change), place.nurse)


class TestBlocks:
    def test_without_a_reason_nothing_is_saved(self, draft, place):
        recalled(place)
        with pytest.raises(Blocked, match="was recalled") as blocked:
            save(draft, place.nurse)
        assert [one.code for one in blocked.value.blocks] == ["lot-recalled"]
        assert not Session.objects.exists()

    @pytest.mark.parametrize("why", ["", "   ", "too short", "         x         "])
    def test_a_reason_has_ten_letters(self, draft, place, why):
        recalled(place)
        with pytest.raises(Blocked, match="at least 10 letters"):
            save(explained(draft, why), place.nurse)

    def test_a_reason_is_kept_with_what_who_and_when(self, draft, place):
        recalled(place)
        kept = save(explained(draft), place.nurse).overrides
        assert [(one["reason"], one["by"], one["by_uid"]) for one in kept] == [
            (WHY, "nurse", str(place.nurse.uid))
        ]
        assert "was recalled" in kept[0]["statement"]
        assert kept[0]["at"][:4].isdecimal()

    def test_every_block_needs_its_own(self, draft, place):
        recalled(place)
        one = explained(draft)
        place.person.active = False
        write(place.person, by=None, reason="left")
        with pytest.raises(Blocked) as blocked:
            save(replace(one, practitioner=place.person), place.nurse)
        assert [found.code for found in blocked.value.blocks] == ["not-active"]

    def test_reasons_for_what_does_not_stand_are_not_kept(self, draft, place):
        saved = save(replace(draft, overrides={"lot-recalled:0": WHY}), place.nurse)
        assert saved.overrides == []

    @pytest.mark.parametrize("role", ["officer", "epidemiologist", "inspector", "administrator"])
    def test_a_role_that_may_not_overrule_cannot(self, draft, place, role):
        recalled(place)
        membership = Membership.objects.get(user=place.nurse)
        membership.role = role
        write(membership, by=None, reason="moved")
        with pytest.raises(Blocked, match="does not include"):
            save(explained(draft), place.nurse)

    def test_nor_can_the_program_by_itself(self, draft, place):
        recalled(place)
        with pytest.raises(Blocked, match="does not include"):
            save(explained(draft), None)

    def test_what_is_recalled_while_the_form_is_open_is_seen_when_it_is_saved(self, draft, place):
        assert blocks(check(draft)) == []
        fresh = type(place.lots[0]).objects.get(pk=place.lots[0].pk)
        fresh.recalled_at = timezone.now()
        write(fresh, by=None, reason="recall")
        with pytest.raises(Blocked):
            save(draft, place.nurse)


class TestCorrections:
    def test_a_correction_is_a_new_version_with_its_reason(self, draft, place):
        saved = save(draft, place.nurse)
        corrected = save(replace(draft_of(saved), room="2", reason="forgot the room"), place.nurse)
        assert (corrected.pk, corrected.version, corrected.room) == (saved.pk, 2, "2")
        assert [one.reason for one in Entry.objects.filter(uid=saved.uid)] == ["", "forgot the room"]
        assert corrected.points.count() == 2
        assert verify().faults == ()

    def test_it_needs_a_reason(self, draft, place):
        saved = save(draft, place.nurse)
        with pytest.raises(InputError, match="why the record is corrected"):
            save(draft_of(saved), place.nurse)

    def test_two_people_do_not_overwrite_each_other(self, draft, place):
        mine = theirs = draft_of(save(draft, place.nurse))
        save(replace(theirs, room="1", reason="room of theirs"), place.nurse)
        with pytest.raises(Conflict):
            save(replace(mine, room="2", reason="room of mine"), place.nurse)
        assert Session.objects.get().room == "1"

    def test_a_reason_given_before_stays_with_who_gave_it(self, draft, place):
        recalled(place)
        saved = save(explained(draft), place.nurse)
        again = save(replace(draft_of(saved), at=timezone.now(), reason="wrong time"), place.nurse)
        assert again.overrides == saved.overrides

    def test_what_was_recalled_afterwards_warns_but_lets_the_record_be_mended(self, draft, place):
        saved = save(draft, place.nurse)
        recalled(place)
        mended = draft_of(saved)
        assert [one.kind for one in check(mended) if one.code == "lot-recalled"] == ["warning"]
        assert save(replace(mended, room="3", reason="the room"), place.nurse).version == 2


class TestAgain:
    def test_the_last_session_leaves_out_the_one_being_corrected(self, draft, place):
        first = save(draft, place.nurse)
        second = save(replace(draft, token=new_token(), at=timezone.now()), place.nurse)
        assert last_session(place.patient) == second
        assert last_session(place.patient, besides=second) == first

    def test_the_same_vial_is_used_again_unless_something_bars_it(self, draft, place):
        saved = save(draft, place.nurse)
        assert [(one.vial, one.volume_ml) for one in usable_again(saved)] == [(place.vials[0], 0.2)]
        recalled(place)
        again = usable_again(Session.objects.get(pk=saved.pk))
        assert [(one.product, one.lot, one.vial) for one in again] == [(place.products[0], None, None)]


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="an SQLite database in memory is shared by no two threads"
)
@pytest.mark.django_db(transaction=True)
def test_one_single_use_vial_in_two_sessions_at_once_is_saved_once(draft, place):
    place.products[0].single_use = True
    write(place.products[0], by=None, reason="single use")
    part = replace(draft.components[0], product=place.products[0])
    outcomes = []

    def attempt(token):
        try:
            save(replace(draft, components=(part,), token=token), place.nurse)
            outcomes.append("saved")
        except Blocked:
            outcomes.append("blocked")
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt, args=(f"token-{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["blocked", "blocked", "blocked", "saved"]
