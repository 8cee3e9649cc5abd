"""Recalls: everybody who got it, each once; the lot barred at once; attempts, progress and the end."""

import csv
import io
from datetime import timedelta

import pytest
from django.utils import timezone

from untoward.aftercare.texts import LANGUAGES
from untoward.errors import InputError
from untoward.registry.models import Entry, Lot, Vial
from untoward.registry.trail import verify
from untoward.registry.writing import Conflict
from untoward.tasks.record import recalls
from untoward.tasks.record.recall_letters import guarded, letter, messages_csv
from untoward.tasks.record.session_checks import BLOCK

pytestmark = pytest.mark.django_db


@pytest.fixture
def begun(north_store, lot):
    return recalls.begin_recall(
        lot=lot, reason="sterility in doubt", by=north_store.director, clinic=north_store.clinic
    )


def test_somebody_who_got_it_twice_counts_once_with_all_visits(north_store, lot):
    one, two = north_store.vials
    often = north_store.patient()
    north_store.session(one, patient=often, days_ago=30)
    north_store.session(one, two, patient=often, days_ago=2)
    north_store.session(two, days_ago=1)
    found = recalls.exposed_to(lot=lot, clinics=[north_store.clinic])
    assert [(len(one.visits), one.patient == often) for one in found] == [(1, False), (2, True)]
    assert found[1].visits[0].vials == ("V1", "V2")
    assert found[1].last > found[1].visits[1].at


def test_people_treated_years_ago_are_still_listed(north_store, lot):
    north_store.session(north_store.vials[0], days_ago=3000)
    assert len(recalls.exposed_to(lot=lot, clinics=[north_store.clinic])) == 1


def test_a_vial_lists_only_its_own_people(north_store, lot):
    one, two = north_store.vials
    mine = north_store.session(one)
    north_store.session(two)
    found = recalls.exposed_to(vial=one, clinics=[north_store.clinic])
    assert [person.patient for person in found] == [mine.patient]


def test_clinics_are_kept_apart_and_reactions_are_those_of_these_sessions(north_store, south_store, lot):
    ill = north_store.session(north_store.vials[0])
    reaction = north_store.reaction(ill)
    other = north_store.vial("X1", lot=Lot.objects.get(pk=lot.pk))
    south_store.session(south_store.vials[0])
    found = recalls.exposed_to(lot=lot, clinics=[north_store.clinic])
    assert [one.reactions for one in found] == [(reaction,)]
    assert recalls.exposed_to(vial=other, clinics=[north_store.clinic]) == ()
    both = recalls.exposed_to(lot=lot, clinics=[north_store.clinic, south_store.clinic])
    assert len(both) == 2


def test_a_recall_bars_the_lot_everywhere_and_is_in_the_trail(south_store, lot, begun):
    from untoward.tasks.record.drafts import ComponentDraft, SessionDraft
    from untoward.tasks.record.session_vials import vial_checks

    lot.refresh_from_db()
    assert lot.recalled_at == begun.begun_at
    part = ComponentDraft(product=lot.product, vial=south_store.vials[0])
    draft = SessionDraft(
        clinic=south_store.clinic,
        patient=south_store.patient(),
        practitioner=south_store.ana,
        at=timezone.now(),
        technique="mesotherapy",
        components=(part,),
    )
    assert ("lot-recalled", BLOCK) in [(one.code, one.kind) for one in vial_checks(draft)]
    assert Entry.objects.get(model="Lot", uid=lot.uid, version=2).reason == "recalled: sterility in doubt"
    assert verify().faults == ()


def test_a_vial_can_be_recalled_alone(north_store, lot):
    vial = north_store.vials[0]
    recalls.begin_recall(vial=vial, reason="cracked", by=north_store.director, clinic=north_store.clinic)
    lot.refresh_from_db()
    assert lot.recalled_at is None
    barred = Vial.objects.exclude(recalled_at=None)
    assert [one.recall_reason for one in barred] == ["cracked"]


@pytest.mark.parametrize("reason", ["", "   ", "x" * 401])
def test_a_recall_needs_a_reason(north_store, lot, reason):
    with pytest.raises(InputError, match="reason"):
        recalls.begin_recall(lot=lot, reason=reason, by=north_store.director, clinic=north_store.clinic)
    assert not Lot.objects.exclude(recalled_at=None).exists()


def test_only_one_recall_at_a_time(north_store, lot, begun):
    with pytest.raises(InputError, match="already"):
        recalls.begin_recall(lot=lot, reason="again", by=north_store.director, clinic=north_store.clinic)
    recalls.close_recall(begun, summary="done", by=north_store.director, clinic=north_store.clinic, version=1)
    again = recalls.begin_recall(
        lot=lot, reason="new result", by=north_store.director, clinic=north_store.clinic
    )
    lot.refresh_from_db()
    assert lot.recalled_at == begun.begun_at != again.begun_at


def test_attempts_add_up_until_somebody_is_reached(north_store, south_store, lot, begun):
    first, second = (north_store.session(north_store.vials[0]) for _n in range(2))
    south_store.session(south_store.vials[0])
    for reached in (False, False, True):
        recalls.log_contact(begun, first.patient, how="phone", reached=reached, by=north_store.director)
    recalls.log_contact(begun, second.patient, how="letter", reached=False, by=north_store.director)
    north = recalls.progress_at(begun, north_store.clinic)
    assert (north.exposed, north.reached, north.tried, north.waiting) == (2, 1, 1, 1)
    assert recalls.progress_at(begun, south_store.clinic).exposed == 1
    assert recalls.waiting_anywhere(begun) == 2
    shown = recalls.tracked(begun, north_store.clinic)
    assert [(one.reached, len(one.contacts)) for one in shown] == [(False, 1), (True, 3)]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"how": "pigeon"}, "how"),
        ({"note": "x" * 401}, "note"),
        ({"at": timezone.now() + timedelta(days=1)}, "at"),
    ],
)
def test_an_attempt_that_makes_no_sense_is_refused(north_store, begun, change, field):
    patient = north_store.session(north_store.vials[0]).patient
    with pytest.raises(InputError) as refused:
        recalls.log_contact(
            begun, patient, **{"how": "phone", "reached": True, **change}, by=north_store.director
        )
    assert refused.value.faults[0].field == field
    assert begun.contacts.count() == 0


def test_people_who_did_not_get_it_are_not_logged(north_store, begun):
    with pytest.raises(InputError, match="did not get it"):
        recalls.log_contact(begun, north_store.patient(), how="phone", reached=True, by=north_store.director)


def test_closing_with_people_waiting_takes_a_decision(north_store, lot, begun):
    north_store.session(north_store.vials[0])
    given = {"by": north_store.director, "clinic": north_store.clinic, "version": 1}
    with pytest.raises(InputError, match="not reached"):
        recalls.close_recall(begun, summary="all called", **given)
    recalls.close_recall(begun, summary="one moved abroad", although=True, **given)
    begun.refresh_from_db()
    assert begun.closed_at is not None
    assert Lot.objects.get(pk=lot.pk).recalled_at is not None
    entry = Entry.objects.get(model="Recall", version=2)
    assert (begun.closing, entry.reason) == ("one moved abroad", "closed, 1 not reached")
    with pytest.raises(InputError, match="closed"):
        recalls.log_contact(begun, north_store.patient(), how="phone", reached=True, by=north_store.director)


def test_two_who_close_at_once_do_not_overwrite_each_other(north_store, begun):
    late = type(begun).objects.get(pk=begun.pk)
    given = {"by": north_store.director, "clinic": north_store.clinic, "version": 1}
    recalls.close_recall(begun, summary="mine", **given)
    with pytest.raises(Conflict):
        recalls.close_recall(late, summary="theirs", **given)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_says_what_when_and_whom_to_call_in_their_language(north_store, lot, begun, language):
    session = north_store.session(north_store.vials[0], patient=north_store.patient(language=language))
    person = recalls.exposed_to(lot=lot, clinics=[north_store.clinic])[0]
    made = letter(begun, person, timezone.now())
    assert made.language == language
    assert [value for _name, value in made.facts[:2]] == ["Lipodissolve", "AB12"]
    assert str(session.at.year) in made.facts[2][1]
    assert session.patient.name in made.dear
    assert "+34 971 000 000" in made.call
    assert "112" in made.emergency
    assert len(made.signs) == 4
    said = " ".join(str(getattr(made, name)) for name in made.__slots__)
    assert "{" not in said
    assert "sterility" not in said


def test_messages_say_nothing_of_health_and_no_cell_is_a_formula(north_store, lot):
    patient = north_store.patient(name="=HYPERLINK(1)", contact="+34 600 111 222")
    north_store.session(north_store.vials[0], patient=patient)
    people = recalls.exposed_to(lot=lot, clinics=[north_store.clinic])
    rows = list(csv.DictReader(io.StringIO(messages_csv(people))))
    assert rows[0]["name"] == "'=HYPERLINK(1)"
    assert rows[0]["contact"] == "+34 600 111 222"
    assert rows[0]["message"].startswith("North: please call us about your visit on ")
    assert "Lipodissolve" not in rows[0]["message"]


@pytest.mark.parametrize("cell", ["=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", " =1"])
def test_formulas_are_made_text(cell):
    assert guarded(cell) == f"'{cell}"
