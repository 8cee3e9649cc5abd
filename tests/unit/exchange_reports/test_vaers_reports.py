"""VAERS files as they come: three kinds, versions, pages of code, line breaks in cells, boxes that are ticked or empty."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from untoward.errors import InputError
from untoward.exchange.reports.archive import find_sources
from untoward.exchange.reports.vaers import looks_like_vaers, read_vaers, vaccine_name
from untoward.model.ledger import Fate

FOLDER = Path(__file__).parents[2] / "fixtures" / "reports" / "vaers"


def quiet(_step, _done, _total):
    pass


@pytest.fixture(scope="module")
def tables():
    return read_vaers(find_sources([FOLDER]), quiet)


def report(tables, number):
    return tables.reports.row(by_predicate=pl.col("report_id") == number, named=True)


def dropped(tables, table):
    return {
        entry.reason: entry.rows
        for entry in tables.ledger.entries
        if entry.fate is Fate.DROPPED and entry.table == table
    }


def test_every_row_has_a_fate(tables):
    assert tables.ledger.faults() == ()
    assert tables.ledger.rows(Fate.READ, "DATA") == 10
    assert tables.ledger.rows(Fate.KEPT, "DATA") == tables.reports.height == 5
    assert tables.ledger.rows(Fate.KEPT, "VAX") == tables.drugs.height == 5


def test_bad_rows_are_dropped_alone_with_a_reason(tables):
    assert dropped(tables, "DATA") == {
        "quotation marks do not pair up": 1,
        "the row ends before the cells that are needed": 1,
        "no report number": 1,
        "cells are shifted: text stands where a box is ticked": 1,
    }
    assert dropped(tables, "VAX") == {"no row of this report in DATA": 1, "no vaccine is named": 1}
    assert dropped(tables, "SYMPTOMS") == {"no symptom is named": 1}


def test_an_example_has_its_line(tables):
    (entry,) = [each for each in tables.ledger.entries if each.reason == "quotation marks do not pair up"]
    assert entry.examples[0].startswith("line 7: 1004,01/06/2023")


def test_a_cell_with_line_breaks_is_one_row(tables):
    assert report(tables, "1002")["received"] == date(2023, 1, 5)


def test_what_the_first_form_says_about_an_infant(tables):
    assert report(tables, "1002")["age_years"] == pytest.approx(0.4 / 12)


def test_a_box_that_is_not_ticked_is_not_a_no(tables):
    assert report(tables, "1001")["serious"] is True
    assert report(tables, "1001")["died"] is None
    assert report(tables, "1005")["serious"] is None


def test_a_visit_to_an_emergency_room_alone_is_not_serious(tables):
    assert report(tables, "1002")["serious"] is None


def test_dates_and_ages_that_cannot_be_are_not_known(tables):
    assert report(tables, "1002")["event_date"] is None  # 01/2023
    assert report(tables, "1003")["event_date"] is None  # 13/40/2023
    assert report(tables, "1003")["age_years"] is None  # 400


def test_country(tables):
    assert report(tables, "1001")["country"] == "US"
    assert report(tables, "1003")["country"] is None  # FR is foreign, not France
    assert report(tables, "2001")["country"] is None


def test_the_latest_version_counts_with_its_vaccines(tables):
    assert (report(tables, "2001")["version"], report(tables, "2001")["age_years"]) == (2, 31.0)
    assert tables.drugs.filter(pl.col("report_id") == "2001")["lot"].to_list() == ["A2"]


def test_symptoms_of_an_earlier_version_count_when_the_latest_has_none(tables):
    assert tables.events.filter(pl.col("report_id") == "2001")["event"].to_list() == ["Rash"]


def test_one_event_stands_once_in_a_report(tables):
    events = tables.events.filter(pl.col("report_id") == "1001")["event"].to_list()
    assert events == [
        "Urticaria",
        "Pyrexia",
        "Injection site pain",
        "Chills",
        "Fatigue",
        "Hallucination, visual",
    ]


def test_route_site_lot_and_dose(tables):
    first, second = tables.drugs.filter(pl.col("report_id") == "1001").rows(named=True)
    assert (first["route"], first["site"], first["lot"], first["dose"]) == ("IM", "LA", "L1", "1")
    assert first["start"] == date(2022, 12, 29)
    assert (second["route"], second["lot"], second["dose"], second["sequence"]) == (None, None, "7+", 2)
    assert tables.drugs.filter(pl.col("report_id") == "1002")["dose"].item() is None  # UNK


def test_type_and_maker_stay_in_what_was_reported(tables):
    assert (
        tables.drugs["as_reported"].to_list()[0] == "COVID19 (COVID19 (MODERNA)); type COVID19; maker MODERNA"
    )


@pytest.mark.parametrize(
    ("name", "counted"),
    [
        ("COVID19 (COVID19 (MODERNA))", "COVID19 (MODERNA)"),
        ("COVID19 (COVID19 (PFIZER-BIONTECH BIVALENT))", "COVID19 (PFIZER-BIONTECH BIVALENT)"),
        ("COVID19 (COVID19 (UNKNOWN))", "COVID19"),
        ("HEP B (NO BRAND NAME)", "HEP B"),
        ("VACCINE NOT SPECIFIED (OTHER)", "VACCINE NOT SPECIFIED"),
        ("INFLUENZA (SEASONAL) (FLUZONE  quadrivalent)", "INFLUENZA (SEASONAL) (FLUZONE QUADRIVALENT)"),
        ("(UNKNOWN)", "(UNKNOWN)"),
        ("ZOSTER (SHINGRIX)", "ZOSTER (SHINGRIX)"),
    ],
)
def test_names_of_vaccines(name, counted):
    assert pl.DataFrame({"name": [name]}).select(vaccine_name(pl.col("name"))).item() == counted


def copy_of(tmp_path, **changed):
    for file in FOLDER.glob("2023*"):
        text = file.read_bytes()
        for old, new in changed.items():
            text = text.replace(old.encode(), new.encode())
        (tmp_path / file.name).write_bytes(text)
    return find_sources([tmp_path])


def test_a_wrong_header_names_what_was_expected_and_what_is_near(tmp_path):
    with pytest.raises(InputError) as error:
        read_vaers(copy_of(tmp_path, SYMPTOM1="SYMPTOM_ONE"), quiet)
    assert "there is no column SYMPTOM1" in str(error.value)
    with pytest.raises(InputError, match="Is RECVDAT meant to be RECVDATE"):
        read_vaers(copy_of(tmp_path, RECVDATE="RECVDAT"), quiet)


def test_a_kind_that_is_missing_is_named(tmp_path):
    files = copy_of(tmp_path)
    with pytest.raises(InputError, match="there is no file of the kind VAX"):
        read_vaers([file for file in files if "VAX" not in file.base], quiet)


def test_the_same_files_twice_say_nothing_new(tmp_path, tables):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        copy_of(tmp_path / name)
    twice = read_vaers(find_sources([tmp_path]), quiet)
    assert twice.ledger.faults() == ()
    assert twice.reports.height == 4
    assert twice.drugs.height == 4
    assert twice.events.equals(tables.events.filter(pl.col("report_id") != "2001"))


def test_a_utf8_mark_and_old_line_ends_change_nothing(tmp_path, tables):
    for file in FOLDER.iterdir():
        text = file.read_bytes().decode("cp1252").replace("\r\n", "\n").replace("\n", "\r")
        (tmp_path / file.name).write_bytes(b"\xef\xbb\xbf" + text.encode())
    again = read_vaers(find_sources([tmp_path]), quiet)
    assert again.reports.equals(tables.reports)
    assert again.drugs.equals(tables.drugs)
    assert again.ledger.faults() == ()


def test_it_is_known_by_its_header():
    lines = [file.first_line() for file in find_sources([FOLDER])]
    assert looks_like_vaers([""] * len(lines), lines)
    assert not looks_like_vaers(["VAERS.CSV"], ["report_id,drug,event"])
