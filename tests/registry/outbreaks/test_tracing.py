"""Traces through the record: who met it, who has not been asked since, what the ill share, and what stays hidden."""

from datetime import date

import pytest

from untoward.registry.models import Reaction
from untoward.tasks.record import tracing_source, watching_record
from untoward.tasks.record.tracing import Asked, trace_record
from untoward.tasks.record.tracing_contacts import CHECK_IN, NEVER
from untoward.tasks.record.tracing_source import held_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def held(north):
    return held_record(str(north.uid), [north])


def rows_of(traced):
    return {row["patient_id"]: row for row in traced.exposed.iter_rows(named=True)}


def test_a_lot_leads_to_everybody_who_met_it_and_says_who_was_not_asked(north, held):
    traced = trace_record(held, [north], Asked(axis="lot", values=("bad",)))
    rows = rows_of(traced)
    assert set(rows) == {"K0", "K1", "K2", "K3"}
    assert [row["state"] for row in rows.values()].count("ill") == 3
    assert rows["K3"]["asked"] is False
    assert rows["K3"]["how"] == NEVER
    assert traced.not_asked == 1
    assert next(iter(rows)) == "K3", "who was not asked comes first"


def test_an_answered_check_in_counts_as_asked(north, held):
    rows = rows_of(trace_record(held, [north], Asked(axis="vial", values=("VG",))))
    assert (rows["K4"]["asked"], rows["K4"]["how"]) == (True, CHECK_IN)
    assert [key for key, row in rows.items() if not row["asked"]] == ["K5", "K6", "K7"]


def test_cases_lead_back_to_their_vial_and_what_they_share(north, held):
    case = str(Reaction.objects.order_by("pk").first().uid)
    traced = trace_record(held, [north], Asked(cases=(case,)))
    assert traced.found.start == ("vial", ("VB",))
    shared = {(one.axis, one.value): (one.ill, one.persons) for one in traced.shared}
    assert shared["vial", "VB"] == (3, 4)
    assert shared["practitioner", "D1"] == (3, 8)
    assert shared["room", "Room 2"] == (3, 4)
    assert ("vial", "VG") not in shared


@pytest.mark.parametrize(("axis", "value", "persons"), [("room", "Room 2", 4), ("practitioner", "D1", 8)])
def test_a_room_and_a_hand_can_be_traced(north, held, axis, value, persons):
    assert trace_record(held, [north], Asked(axis=axis, values=(value,))).exposed.height == persons


def test_what_nobody_had_gives_near_names(north, held):
    traced = trace_record(held, [north], Asked(axis="lot", values=("GOD",)))
    assert traced.found is None
    assert "GOOD" in traced.near


def test_without_identities_no_key_and_no_day_is_left(north, held):
    case = str(Reaction.objects.order_by("pk").first().uid)
    traced = trace_record(held, [north], Asked(cases=(case,), secret="s" * 40, weeks=True))
    everything = f"{traced.exposed.rows()}{traced.found.nodes}{traced.found.edges}{traced.found.rows.rows()}"
    assert not any(f"'K{number}'" in everything for number in range(8))
    assert case not in everything
    assert {row["last_exposed"].weekday() for row in traced.exposed.iter_rows(named=True)} == {0}
    assert traced.exposed.height == 4
    assert traced.not_asked == 1


def test_another_outcome_makes_others_ill(north, held):
    traced = trace_record(held, [north], Asked(axis="lot", values=("BAD",), outcome="allergy"))
    assert traced.ill_by == "allergy"
    assert traced.ill == 0


def test_a_large_record_is_traced_as_the_last_look_kept_it(north, monkeypatch):
    monkeypatch.setattr(tracing_source, "MOST_READ_NOW", 1)
    assert held_record(str(north.uid), [north]) is None
    watching_record.refresh([north])
    held = held_record(str(north.uid), [north])
    traced = trace_record(held, [north], Asked(axis="lot", values=("BAD",)))
    assert traced.exposed.height == 4
    assert traced.as_of == watching_record.latest(str(north.uid)).made_at
    assert held.registry.findings is not None
    first = rows_of(traced)["K0"]["last_exposed"]
    assert first == date(2026, 3, 2)
