"""Legacy AERS quarters, alone and joined to FAERS."""

import datetime as dt
import shutil
from pathlib import Path

import pytest

from untoward.exchange.reports.aers import looks_like_aers
from untoward.exchange.reports.read import read_reports

FIXTURES = Path(__file__).parents[2] / "fixtures" / "reports"
LEGACY, LATER = FIXTURES / "aers_2012q2", FIXTURES / "faers_2017q2"


@pytest.fixture(scope="module")
def legacy():
    return read_reports([LEGACY])


def test_reports_of_one_case_are_joined(legacy):
    assert legacy.reports.select("report_id", "case_id").rows() == [
        ("8000001", "2345678"),
        ("8000003", "2345679"),
    ]
    assert legacy.ledger.faults() == ()


def test_columns_of_old_names(legacy):
    assert legacy.reports.row(1, named=True) == {
        "report_id": "8000003",
        "case_id": "2345679",
        "version": None,
        "received": dt.date(2012, 5, 10),
        "event_date": None,
        "age_years": 52.0,
        "sex": "M",
        "country": "FRANCE",
        "reporter": "consumer",
        "serious": True,
        "died": True,  # by the date of death: the outcomes name none
        "source": "AERS",
    }


def test_drugs_by_their_names_as_reported(legacy):
    assert legacy.drugs.select("report_id", "drug", "role", "lot", "start").rows() == [
        ("8000001", "LIPOSTABIL", "suspect", None, None),
        ("8000003", "LIDOCAINE", "suspect", None, dt.date(2012, 4, 18)),
        ("8000003", "ASPIRIN", "concomitant", None, None),
    ]


def test_a_case_that_goes_on_in_faers_stands_there(legacy):
    both = read_reports([LEGACY, LATER])
    assert both.reports.filter(case_id="2345678").get_column("report_id").to_list() == ["23456784"]
    assert both.reports.get_column("source").to_list().count("AERS") == 1
    assert "LIPOSTABIL" not in both.drugs.get_column("drug").to_list()
    assert both.ledger.faults() == ()


def test_a_number_that_both_eras_gave_is_told_apart(tmp_path):
    shutil.copytree(LEGACY, tmp_path / "a")
    shutil.copytree(LATER, tmp_path / "b")
    for file in tmp_path.joinpath("a").rglob("*.TXT"):
        file.write_bytes(file.read_bytes().replace(b"8000003", b"10000051"))
    both = read_reports([tmp_path])
    assert sorted(both.reports.get_column("report_id").to_list())[-1] == "ISR10000051"
    assert both.events.filter(report_id="ISR10000051").get_column("event").to_list() == [
        "SEIZURE",
        "CARDIAC ARREST",
    ]
    assert both.events.filter(report_id="10000051").get_column("event").to_list() == ["Death"]
    assert both.drugs.filter(report_id="10000051").get_column("start").to_list() == [None]
    assert both.drugs.filter(report_id="ISR10000051").get_column("start").to_list()[0] == dt.date(2012, 4, 18)


@pytest.mark.parametrize(
    ("line", "is_aers"),
    [("ISR$CASE$FDA_DT", True), ("isr$pt$", True), ("ISR", False), ("primaryid$caseid", False)],
)
def test_it_is_known_by_its_key(line, is_aers):
    assert looks_like_aers(["X.TXT"], [line]) is is_aers
