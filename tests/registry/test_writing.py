"""Every version of everything is kept, and nobody overwrites anybody silently."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from untoward.registry.models import (
    Clinic,
    Component,
    Entry,
    Head,
    PastTheTrailError,
    Patient,
    Point,
    Practitioner,
    Product,
    Session,
    User,
)
from untoward.registry.trail import entry_hash, snapshot, verify
from untoward.registry.writing import Change, Conflict, write, write_all

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    made = Clinic(name="North")
    write(made, by=None)
    return made


@pytest.fixture
def nurse():
    return User.objects.create_user("nurse@example.org", "a long enough one")


@pytest.fixture
def session(clinic, nurse):
    patient, person = Patient(clinic=clinic, key="P1"), Practitioner(clinic=clinic, key="D1", name="Ana Ruiz")
    product = Product(name="Lipo", compounds=[{"compound": "deoxycholic-acid", "percent": 1}])
    write_all([Change(thing=patient), Change(thing=person), Change(thing=product)], by=nurse)
    made = Session(
        clinic=clinic, patient=patient, practitioner=person, at=timezone.now(), technique="lipolysis"
    )
    parts = {
        "components": [Component(product=product, volume_ml=2)],
        "points": [Point(view="face", x=0.1, y=0.2)],
    }
    write(made, by=nurse, parts=parts)
    return made


def test_a_correction_is_a_new_version_with_who_when_and_why(session, nurse):
    session.room = "2"
    write(session, by=nurse, reason="wrong room")
    entries = list(Entry.objects.filter(uid=session.uid))
    assert [(one.kind, one.version, one.reason) for one in entries] == [
        ("made", 1, ""),
        ("corrected", 2, "wrong room"),
    ]
    assert [one.state["room"] for one in entries] == ["", "2"]
    assert all(one.by == nurse and one.clinic == session.clinic for one in entries)


def test_a_correction_needs_a_reason(session, nurse):
    with pytest.raises(ValueError, match="needs a reason"):
        write(session, by=nurse)


def test_parts_are_kept_with_what_they_belong_to(session, nurse):
    write(
        session, by=nurse, reason="second point", parts={"points": [Point(view="face"), Point(view="scalp")]}
    )
    first, second = (one.state for one in Entry.objects.filter(uid=session.uid))
    assert [len(state["points"]) for state in (first, second)] == [1, 2]
    assert first["components"] == second["components"]


def test_two_people_never_overwrite_each_other_silently(session, nurse):
    mine, theirs = Session.objects.get(pk=session.pk), Session.objects.get(pk=session.pk)
    theirs.room = "1"
    write(theirs, by=nurse, reason="room")
    mine.room = "2"
    with pytest.raises(Conflict, match="version 1, it is now version 2"):
        write(mine, by=nurse, reason="room")
    assert Session.objects.get(pk=session.pk).room == "1"
    assert mine.version == 1


def test_a_forged_version_is_a_conflict_and_nothing_new(session, nurse):
    forged = Session.objects.get(pk=session.pk)
    forged.version = 0
    with pytest.raises(Conflict):
        write(forged, by=nurse, reason="forged")
    assert Session.objects.count() == 1


def test_of_several_changes_all_or_none_are_written(session, clinic, nurse):
    stale = Session.objects.get(pk=session.pk)
    write(session, by=nurse, reason="seen")
    before = Entry.objects.count()
    with pytest.raises(Conflict):
        write_all([Change(thing=Patient(clinic=clinic, key="P2")), Change(thing=stale)], by=nurse, reason="x")
    assert not Patient.objects.filter(key="P2").exists()
    assert Entry.objects.count() == before
    assert verify().faults == ()


def test_nothing_is_saved_or_deleted_past_the_trail(session):
    for act in (session.save, session.delete, Entry.objects.first().save, Entry.objects.first().delete):
        with pytest.raises(PastTheTrailError):
            act()


@pytest.mark.parametrize(
    "statement", ["UPDATE registry_entry SET reason = 'x'", "DELETE FROM registry_entry"]
)
def test_the_database_refuses_to_change_the_trail(session, statement):
    with (
        pytest.raises(DatabaseError, match="never changed or removed"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_a_snapshot_is_the_same_before_and_after_it_is_stored(session):
    assert snapshot(session) == snapshot(Session.objects.get(pk=session.pk))
    assert Entry.objects.get(uid=session.uid).state == snapshot(session)


class TestVerify:
    def test_an_untouched_record_is_whole(self, session):
        report = verify()
        assert report.faults == ()
        assert report.entries == Entry.objects.count() == Head.objects.get().number
        assert report.things == 5

    def test_a_field_that_the_program_learnt_later_is_no_change(self, session, trail_unguarded):
        entry = Entry.objects.get(uid=session.uid)
        state = {name: value for name, value in entry.state.items() if name != "room"}
        entry.state = state
        Entry.objects.filter(pk=entry.pk).update(state=state, hash=entry_hash(entry))
        Head.objects.update(hash=entry_hash(entry))
        assert verify().faults == ()
        Session.objects.filter(pk=session.pk).update(room="9")
        assert [fault.where for fault in verify().faults] == [f"Session {session.uid}"]

    def test_a_row_changed_past_the_program_is_found(self, session):
        Session.objects.filter(pk=session.pk).update(room="9")
        assert [fault.what for fault in verify().faults] == [
            "is not as its last entry says: it was changed past the program"
        ]

    def test_a_part_removed_past_the_program_is_found(self, session):
        session.points.all().delete()
        assert f"Session {session.uid}" in [fault.where for fault in verify().faults]

    def test_a_row_removed_or_added_past_the_program_is_found(self, session):
        Patient.objects.bulk_create([Patient(clinic=session.clinic, key="P9", version=1)])
        Session.objects.filter(pk=session.pk).delete()
        said = {fault.what for fault in verify().faults}
        assert said == {
            "has no entry in the trail: it was added past the program",
            "is gone, though the trail knows it: it was removed past the program",
        }

    @pytest.mark.parametrize(
        ("act", "said"),
        [
            (
                "UPDATE registry_entry SET reason = 'other' WHERE number = 3",
                "its content does not fit its hash",
            ),
            ("DELETE FROM registry_entry WHERE number = 3", "entries between are missing"),
            ("DELETE FROM registry_entry WHERE number = 5", "entries up to 5 are missing from the end"),
            ("UPDATE registry_entry SET number = 99 WHERE number = 3", "entries between are missing"),
        ],
    )
    def test_an_entry_changed_removed_or_moved_is_found(self, session, act, said, trail_unguarded):
        with connection.cursor() as cursor:
            cursor.execute(act)
        assert any(said in fault.what for fault in verify().faults)
