"""The record as tables is what reading its export gives, with what the record knows and nothing of who people are."""

from datetime import datetime

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from untoward.exchange.tables import Names, read_registry
from untoward.model.tables import REGISTRY_TABLES
from untoward.tasks.judging import judge_registry
from untoward.tasks.knowledge import assessor, case_names, evidence
from untoward.tasks.record.tables import read_record, registry_tables
from untoward.tasks.record.tables_text import record_text
from untoward.tasks.reviewing import no_progress, review

pytestmark = pytest.mark.django_db


def read_back(tables, folder):
    for name, frame in tables.items():
        frame.write_csv(folder / f"{name}.csv")
    base = evidence()
    return read_registry(folder, Names(compounds=base.compound_names, terms=base.terms))


def row_of(frame, **where):
    rows = frame.filter(*(pl.col(name) == value for name, value in where.items())).to_dicts()
    assert len(rows) == 1
    return rows[0]


@pytest.fixture
def registry(record, clinics):
    return registry_tables(clinics)


def test_an_export_read_back_gives_the_same_tables(record, clinics, tmp_path):
    mine = read_record(clinics)
    theirs = read_back(record_text(clinics, evidence().terms), tmp_path)
    for name in REGISTRY_TABLES:
        assert_frame_equal(getattr(mine.registry, name), getattr(theirs.registry, name))
        assert getattr(mine.registry, name).height > 1
    assert mine.registry.findings == theirs.registry.findings
    assert mine.ledger == theirs.ledger
    assert [fault.what for fault in mine.faults] == [fault.what for fault in theirs.faults]


def test_the_finished_tables_written_and_read_back_stay_the_same(registry, tmp_path):
    written = {
        name: getattr(registry, name).drop(column.name for column in table.columns if column.derived)
        for name, table in REGISTRY_TABLES.items()
    }
    again = read_back(written, tmp_path).registry
    for name in REGISTRY_TABLES:
        assert_frame_equal(getattr(registry, name), getattr(again, name))


def test_a_review_of_the_export_says_what_a_review_of_the_record_says(record, clinics, tmp_path):
    now = datetime(2026, 6, 1)
    for name, frame in record_text(clinics, evidence().terms).items():
        frame.write_csv(tmp_path / f"{name}.csv")
    reviewed = review(tmp_path, as_of=now, keep_good_rows=True)
    registry = registry_tables(clinics, now)
    judged = judge_registry(registry, assessor(), case_names(), now, no_progress)
    assert_frame_equal(reviewed.line_list, judged.line_list)
    assert reviewed.line_list.height == 3
    assert reviewed.review.totals.sessions == registry.sessions.height == 4


def test_a_session_stands_with_its_clinic_its_people_and_its_local_time(registry, record):
    first = row_of(registry.sessions, session_id=str(record["sessions"][0].uid))
    assert first["date"] == "2026-03-02T10:30"
    assert first["date_from"] == datetime(2026, 3, 2, 10, 30)
    assert (first["patient_id"], first["clinic"], first["city"]) == ("A1", "North, Calle Mayor 1", "León")
    assert (first["sites"], first["setting"], first["age"], first["sex"]) == (
        "abdomen; thigh",
        "Room 2",
        46,
        "F",
    )
    assert (first["allergies"], first["history"]) == ("latex; penicillin", None)


def test_points_stand_in_for_sites_that_nobody_named(registry, record):
    assert (
        row_of(registry.sessions, session_id=str(record["sessions"][1].uid))["sites"]
        == "face front cheek left"
    )


def test_what_is_true_of_a_patient_now_is_not_said_of_an_earlier_session(registry, record):
    first, again = (row_of(registry.sessions, session_id=str(s.uid)) for s in record["sessions"][:2])
    assert (first["weight_kg"], first["pregnant"]) == (None, None)
    assert (again["weight_kg"], again["pregnant"]) == (61.5, False)


def test_one_key_at_two_clinics_is_two_people_and_two_vials(registry):
    assert set(registry.sessions["practitioner"]) == {"D1 (North, Calle Mayor 1)", "D1 (South)"}
    assert set(registry.components["vial"].drop_nulls()) == {"V1 (North, Calle Mayor 1)", "V1 (South)"}


def test_a_clinic_alone_keeps_its_keys_and_sees_nothing_of_the_other(record, clinics):
    north = registry_tables(clinics[:1])
    assert set(north.sessions["practitioner"]) == {"D1"}
    assert set(north.sessions["patient_id"]) == {"A1"}
    assert north.reactions.height == 2
    assert set(north.components["vial"].drop_nulls()) == {"V1"}


def test_a_product_is_its_compounds_with_what_was_given_of_each(registry, record):
    mine = registry.components.filter(pl.col("session_id") == str(record["sessions"][0].uid))
    acid = row_of(mine, compound_key="deoxycholic-acid")
    assert (acid["amount"], acid["unit"], acid["percent"], acid["lot"]) == (20, "mg", 1, "L-1")
    assert (acid["supplier"], acid["diluent"], acid["device"]) == ("Wholesale; South", "S-3", "gun")
    serum = row_of(mine, compound="Secret serum")
    assert (serum["compound_key"], serum["mix"], serum["diluent"], serum["amount"]) == (None, "B", None, None)


def test_a_midnight_is_a_day_without_a_time(registry, record):
    undated = row_of(registry.sessions, session_id=str(record["sessions"][3].uid))
    assert undated["date"] == "2026-04-10"
    assert undated["date_to"] - undated["date_from"] > (datetime(2026, 1, 1, 23) - datetime(2026, 1, 1))


def test_a_reaction_has_its_day_its_end_and_its_outbreak(registry, record):
    nodule = row_of(registry.reactions, reaction_id=str(record["reactions"][0].uid))
    assert (nodule["term_id"], nodule["onset_day"], nodule["outcome"]) == ("nodule", 20, "recovered")
    assert (nodule["outbreak"], nodule["patient_id"]) == ("Spring 2026", "A1")


def test_an_onset_written_before_the_hour_of_the_session_counts_as_that_day(registry, record):
    early = row_of(registry.reactions, reaction_id=str(record["reactions"][1].uid))
    assert early["onset_date"] == "2026-04-01"
    assert early["onset_day_from"] == 0


def test_observations_keep_words_denials_and_what_no_term_has(registry, record):
    uid = str(record["reactions"][0].uid)
    first, last = registry.observations.filter(pl.col("reaction_id") == uid).to_dicts()
    assert (first["present"], first["count"], first["size_cm"]) == (True, 2, 2.0)
    assert first["text"].endswith("no fever; glowing")
    assert (first["fever"], last["fever"], last["present"]) == ("no", "yes", False)
    assert registry.findings["fever"] == "fever"


def test_a_reaction_without_a_term_is_counted_as_left_out_and_told(record, clinics):
    reading = read_record(clinics)
    assert reading.rows_left_out == 1
    assert any(fault.field == "term" and fault.what == "the cell is empty" for fault in reading.faults)


def test_what_became_known_later_plays_no_part(record, clinics):
    early = registry_tables(clinics, datetime(2026, 3, 25))
    assert early.sessions.height == 2
    assert early.reactions["resolved_date"].to_list() == [None] * early.reactions.height
    assert early.observations.height == 1


def test_names_and_contacts_are_in_no_table(registry):
    written = " ".join(getattr(registry, name).write_csv() for name in REGISTRY_TABLES)
    assert "Ruiz" not in written
    assert "Dr One" not in written


def test_a_record_without_anything_is_four_empty_tables(clinics):
    empty = registry_tables(clinics)
    assert [getattr(empty, name).height for name in REGISTRY_TABLES] == [0, 0, 0, 0]
    assert "date_from" in empty.sessions.columns
