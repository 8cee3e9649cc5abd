"""Lists that read only the part that is shown say the same as the whole."""

import pytest

from untoward.tasks.record import recalls
from untoward.tasks.record.exposed import ExposedPeople, TrackedPeople

pytestmark = pytest.mark.django_db


@pytest.fixture
def treated(north_store, lot):
    """Seven people, two of them twice; the third was ill after it."""
    one, two = north_store.vials
    people = [north_store.session(one, days_ago=10 + n) for n in range(7)]
    for session in people[4:6]:
        north_store.session(two, patient=session.patient, days_ago=1)
    north_store.reaction(people[2])
    return people


def test_every_part_is_that_part_of_the_whole(north_store, south_store, lot, treated):
    south_store.session(south_store.vials[0])
    whole = recalls.exposed_to(lot=lot, clinics=[north_store.clinic])
    people = ExposedPeople(north_store.clinic, lot=lot)
    assert len(people) == len(whole) == 7
    assert tuple(people) == whole
    assert tuple(people[2:5]) == whole[2:5]
    assert people[6] == whole[6]
    ill = {(treated[2].patient.pk, one.term) for person in whole for one in person.reactions}
    assert set(people.terms()) == ill != set()


def test_of_a_vial(north_store, lot, treated):
    two = north_store.vials[1]
    people = ExposedPeople(north_store.clinic, vial=two)
    assert {one.patient for one in people} == {one.patient for one in treated[4:6]}
    assert tuple(people) == recalls.exposed_to(vial=two, clinics=[north_store.clinic])


def test_those_reached_come_last_with_their_attempts(north_store, lot, treated):
    recall = recalls.begin_recall(
        lot=lot, reason="sterile?", by=north_store.director, clinic=north_store.clinic
    )
    for session, reached in (
        (treated[0], True),
        (treated[1], False),
        (treated[3], False),
        (treated[3], True),
    ):
        recalls.log_contact(recall, session.patient, how="phone", reached=reached, by=north_store.director)
    people = TrackedPeople(recall, north_store.clinic)
    assert tuple(people) == tuple(people[:]) == recalls.tracked(recall, north_store.clinic)
    assert [one.reached for one in people] == [False] * 5 + [True] * 2
    assert people[6] == recalls.tracked(recall, north_store.clinic)[6]
    progress = people.progress()
    assert (progress.exposed, progress.reached, progress.tried, progress.waiting) == (7, 2, 1, 5)


def test_a_part_of_a_long_list_asks_for_few_rows(north_store, lot, treated, django_assert_num_queries):
    people = ExposedPeople(north_store.clinic, lot=lot)
    with django_assert_num_queries(3):
        assert len(people[:2]) == 2
