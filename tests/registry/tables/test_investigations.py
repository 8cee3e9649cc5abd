"""Investigations go through five steps in order, every decision is kept, and nobody overwrites anybody."""

from datetime import date

import pytest

from untoward.errors import InputError
from untoward.registry.models import Clinic, Entry, Investigation, Membership, User
from untoward.registry.roles import Role
from untoward.registry.writing import Conflict, write
from untoward.tasks.record.investigations import (
    DECISIONS,
    STEPS,
    InvestigationDraft,
    StepDraft,
    close,
    covering,
    decide,
    open_again,
    open_investigation,
    owners,
    plan,
    step_reached,
    steps_of,
)

pytestmark = pytest.mark.django_db
VIAL = {"axis": "vial", "value": "V1"}
LOT = {"axis": "lot", "value": "L-1"}


@pytest.fixture
def clinic(db):
    made = Clinic(name="North")
    write(made, by=None)
    return made


def person(clinic, role):
    user = User.objects.create_user(f"{role}@example.org", "a long enough one")
    write(Membership(user=user, clinic=clinic, role=role), by=None)
    return user


@pytest.fixture
def officer(clinic):
    return person(clinic, Role.OFFICER)


def draft(**changes):
    said = {
        "title": "Infection after vial V1",
        "outcome": "infection",
        "where": (VIAL,),
        "decision": DECISIONS["detect"][0],
        "rationale": "three cases, 0.03 expected",
    }
    return InvestigationDraft(**said | changes)


@pytest.fixture
def opened(clinic, officer):
    return open_investigation(draft(owner=officer, due_on=date(2026, 12, 1)), clinic, officer)


def go_on(investigation, step, by, *, seen, decision=None, rationale="because"):
    return decide(
        investigation,
        StepDraft(step=step, decision=decision or DECISIONS[step][0], rationale=rationale, seen=seen),
        by,
    )


def fields_of(refused):
    return {fault.field for fault in refused.value.faults}


def test_an_investigation_begins_with_its_first_step_in_one_go(opened, officer):
    assert opened.subject == {"outcome": "infection", "where": [VIAL]}
    assert step_reached(opened) == "detect"
    assert [state.name for state in steps_of(opened)] == list(STEPS)
    assert [state.next for state in steps_of(opened)] == [False, True, False, False, False]
    assert Entry.objects.filter(by=officer, model__in=["Investigation", "Step"]).count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"where": ()}, "subject"),
        ({"outcome": ""}, "subject"),
        ({"decision": "maybe"}, "decision"),
        ({"rationale": "\n"}, "rationale"),
        ({"rationale": "x" * 5001}, "rationale"),
    ],
)
def test_a_faulty_draft_opens_nothing_and_says_what_is_wrong(clinic, officer, changes, field):
    with pytest.raises(InputError) as refused:
        open_investigation(draft(**changes), clinic, officer)
    assert fields_of(refused) == {field}
    assert not Investigation.objects.exists()


def test_only_those_who_investigate_here_can_have_one(clinic, officer):
    injector = person(clinic, Role.INJECTOR)
    assert owners(clinic) == [officer]
    with pytest.raises(InputError) as refused:
        open_investigation(draft(owner=injector), clinic, officer)
    assert fields_of(refused) == {"owner"}


def test_steps_are_decided_in_order_up_to_the_recommendation(opened, officer):
    for seen, step in enumerate(STEPS[1:], start=1):
        go_on(opened, step, officer, seen=seen)
    assert step_reached(opened) == "recommend"
    assert all(len(state.decisions) == 1 for state in steps_of(opened))


def test_a_step_waits_for_the_one_before(opened, officer):
    with pytest.raises(InputError) as refused:
        go_on(opened, "assess", officer, seen=1)
    assert fields_of(refused) == {"step"}
    assert "validate" in str(refused.value.faults[0])


def test_a_second_thought_is_added_and_the_first_stays(opened, officer):
    go_on(opened, "validate", officer, seen=1)
    go_on(
        opened,
        "validate",
        officer,
        seen=2,
        decision="cannot be told yet",
        rationale="one vial was mislabelled",
    )
    told = [step.decision for step in steps_of(opened)[1].decisions]
    assert told == ["real", "cannot be told yet"]


def test_a_decision_written_without_knowing_anothers_is_not_saved(opened, officer):
    go_on(opened, "validate", officer, seen=1)
    with pytest.raises(InputError) as refused:
        go_on(opened, "validate", officer, seen=1, rationale="mine")
    assert fields_of(refused) == {"seen"}
    assert len(steps_of(opened)[1].decisions) == 1


@pytest.mark.parametrize(
    ("step", "decision", "field"), [("dream", "real", "step"), ("validate", "?", "decision")]
)
def test_a_decision_that_makes_no_sense_is_refused(opened, officer, step, decision, field):
    with pytest.raises(InputError) as refused:
        go_on(opened, step, officer, seen=1, decision=decision)
    assert fields_of(refused) == {field}


def test_owner_and_date_are_not_overwritten_silently(opened, officer, clinic):
    stale = Investigation.objects.get(pk=opened.pk)
    plan(opened, opened.version, None, date(2026, 12, 24), officer)
    fresh = Investigation.objects.get(pk=opened.pk)
    assert (fresh.owner, fresh.due_on) == (None, date(2026, 12, 24))
    with pytest.raises(Conflict):
        plan(fresh, stale.version, officer, None, officer)
    assert Investigation.objects.get(pk=opened.pk).due_on == date(2026, 12, 24)


def test_it_closes_after_a_recommendation_and_can_be_opened_again(opened, officer):
    with pytest.raises(InputError):
        close(opened, opened.version, officer)
    for seen, step in enumerate(STEPS[1:], start=1):
        go_on(opened, step, officer, seen=seen)
    close(opened, opened.version, officer)
    assert Investigation.objects.get(pk=opened.pk).closed_at is not None
    with pytest.raises(InputError):
        go_on(opened, "assess", officer, seen=5)
    open_again(opened, opened.version, officer)
    assert Investigation.objects.get(pk=opened.pk).closed_at is None
    with pytest.raises(Conflict):
        close(opened, 1, officer)


def test_an_investigation_covers_its_outcome_at_its_places(opened, clinic, officer):
    assert covering([opened], "infection", [VIAL]) == opened
    assert covering([opened], "infection", [VIAL, LOT]) == opened
    assert covering([opened], "allergy", [VIAL]) is None
    assert covering([opened], "infection", [LOT]) is None
    wider = open_investigation(draft(where=(VIAL, LOT)), clinic, officer)
    assert covering([wider], "infection", [VIAL]) is None
    again = open_investigation(draft(), clinic, officer)
    again.closed_at = again.steps.get().at
    assert covering([again, opened], "infection", [VIAL]) == opened
