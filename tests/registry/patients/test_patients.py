"""Recording, correcting and finding patients; keys that catch mistakes."""

import itertools

import pytest
from tests.registry.patients import people

from untoward.errors import InputError
from untoward.registry.models import Entry, Note, Patient
from untoward.registry.roles import Role
from untoward.registry.writing import Conflict
from untoward.tasks.record import patients
from untoward.tasks.record.patient_keys import SIGNS, drawn_key, read_key
from untoward.tasks.record.patients import PatientDraft, save_patient

pytestmark = pytest.mark.django_db


class TestKeys:
    def test_a_key_is_read_however_it_is_written(self):
        key = drawn_key()
        for written in (key, key.lower(), key.replace("-", ""), key.replace("-", " "), f" {key} "):
            assert read_key(written) == key

    def test_every_wrong_sign_and_every_swap_of_two_is_found(self):
        key = drawn_key().replace("-", "")
        for place, sign in itertools.product(range(len(key)), SIGNS):
            if key[place] != sign:
                assert read_key(key[:place] + sign + key[place + 1 :]) is None
        for one, other in itertools.combinations(range(len(key)), 2):
            swapped = list(key)
            swapped[one], swapped[other] = key[other], key[one]
            if swapped != list(key):
                assert read_key("".join(swapped)) is None

    def test_no_two_signs_look_alike(self):
        assert not set("0O1IL5S8B2ZUV") & set(SIGNS) - set("28V")
        assert len(set(SIGNS)) == len(SIGNS) == 23

    @pytest.mark.parametrize("text", ["", "Ortega", "12345678", "HKM-47Q", "HKM-47QÉ"])
    def test_what_is_no_key_is_none(self, text):
        assert read_key(text) is None


class TestSaving:
    def test_what_nobody_asked_is_not_asked(self, clinic, nurse):
        made = save_patient(PatientDraft(name="X"), clinic=clinic, by=nurse)
        kept = Patient.objects.get(pk=made.pk)
        assert (kept.allergies, kept.history, kept.medicines, kept.pregnant) == (None, None, None, None)

    def test_none_known_is_kept_as_an_answer(self, clinic, nurse):
        made = save_patient(PatientDraft(allergies=(), medicines=("warfarin",)), clinic=clinic, by=nurse)
        kept = Patient.objects.get(pk=made.pk)
        assert (kept.allergies, kept.history, kept.medicines) == ([], None, ["warfarin"])

    def test_a_draft_of_what_is_kept_is_what_was_given(self, clinic, nurse):
        draft = PatientDraft(name="Ana", birth_year=1980, pregnant=False, allergies=(), history=("asthma",))
        assert patients.draft_of(save_patient(draft, clinic=clinic, by=nurse)) == draft

    def test_every_fault_is_named_and_nothing_is_kept(self, clinic, nurse):
        draft = PatientDraft(
            name="x" * 161, birth_year=1700, sex="?", weight_kg=4000, language="xx", allergies=(" ",)
        )
        with pytest.raises(InputError) as refused:
            save_patient(draft, clinic=clinic, by=nurse)
        fields = {fault.field for fault in refused.value.faults}
        assert fields == {"name", "birth_year", "sex", "weight_kg", "language", "allergies"}
        assert not Patient.objects.exists()

    def test_a_correction_needs_a_reason_and_keeps_what_stood(self, lucia, clinic, nurse):
        with pytest.raises(InputError, match="reason"):
            save_patient(PatientDraft(name="L"), clinic=clinic, by=nurse, patient=lucia, version=1)
        save_patient(
            PatientDraft(name="Lucía O."),
            clinic=clinic,
            by=nurse,
            patient=lucia,
            version=1,
            reason="spelling",
        )
        names = [entry.state["name"] for entry in Entry.objects.filter(uid=lucia.uid).order_by("number")]
        assert names == ["Lucía Ortega", "Lucía O."]
        assert patients.last_entry(lucia).reason == "spelling"

    def test_two_people_never_overwrite_each_other(self, lucia, clinic, nurse):
        save_patient(PatientDraft(name="One"), clinic=clinic, by=nurse, patient=lucia, version=1, reason="x")
        stale = Patient.objects.get(pk=lucia.pk)
        with pytest.raises(Conflict):
            save_patient(
                PatientDraft(name="Two"), clinic=clinic, by=nurse, patient=stale, version=1, reason="y"
            )
        assert Patient.objects.get(pk=lucia.pk).name == "One"


class TestFinding:
    @pytest.mark.parametrize("text", ["lucia", "ORTEGA", "ortega luc", "Lucía Ortega", "lu ort"])
    def test_by_the_beginnings_of_names_whatever_accents(self, lucia, clinic, text):
        assert patients.search(clinic, text, names=True) == [lucia]

    def test_by_key_in_any_writing_or_its_beginning(self, lucia, clinic):
        for text in (lucia.key, lucia.key.replace("-", "").lower(), lucia.key[:3]):
            assert patients.search(clinic, text, names=False) == [lucia]

    def test_never_by_name_for_those_who_see_no_names(self, lucia, clinic):
        assert patients.search(clinic, "Ortega", names=False) == []

    def test_never_somebody_of_another_clinic(self, lucia):
        other = people.clinic("South")
        for text in ("Ortega", lucia.key, ""):
            assert patients.search(other, text, names=True) == []

    def test_signs_that_mean_nothing_find_nobody(self, lucia, clinic):
        for text in ("%", "_", "()", "ega"):
            assert patients.search(clinic, text, names=True) == []

    def test_the_same_name_is_noticed_unless_born_in_another_year(self, clinic, nurse):
        known = people.patient(clinic, nurse, birth_year=1980)
        assert patients.alike(clinic, PatientDraft(name="lucia ortega")) == [known]
        assert patients.alike(clinic, PatientDraft(name="Lucía Ortega", birth_year=1980)) == [known]
        assert patients.alike(clinic, PatientDraft(name="Lucía Ortega", birth_year=1991)) == []
        assert patients.alike(clinic, PatientDraft()) == []


@pytest.mark.parametrize(
    ("role", "name", "contact"),
    [
        (Role.INJECTOR, True, True),
        (Role.DIRECTOR, True, True),
        (Role.OFFICER, True, False),
        (Role.INSPECTOR, False, False),
        (Role.EPIDEMIOLOGIST, False, False),
        (Role.ADMINISTRATOR, False, False),
        (None, False, False),
    ],
)
def test_who_sees_names_and_contacts(role, name, contact):
    assert (patients.sees_names(role), patients.sees_contact(role)) == (name, contact)


def test_notes_are_kept_with_who_wrote_them(lucia, nurse):
    patients.add_note(lucia, "  Afraid of needles. ", by=nurse)
    note = Note.objects.get()
    assert (note.text, note.by) == ("Afraid of needles.", nurse)
    for text in ("", " \n", "x" * 10_001):
        with pytest.raises(InputError):
            patients.add_note(lucia, text, by=nurse)
