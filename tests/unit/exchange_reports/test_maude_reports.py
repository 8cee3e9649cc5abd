"""MAUDE files: six kinds and two lists of codes, changes that come first, line breaks and bars where none should be."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from untoward.errors import InputError
from untoward.exchange.reports.archive import find_sources
from untoward.exchange.reports.maude import MOST_SOURCES, looks_like_maude, read_maude
from untoward.exchange.reports.maude_tables import (
    DEVICE_CODES,
    DEVICE_PROBLEMS,
    PATIENT_CODES,
    PATIENT_PROBLEMS,
    kind_of,
)
from untoward.model.ledger import Fate

FOLDER = Path(__file__).parents[2] / "fixtures" / "reports" / "maude"
MASTER = "MDR_REPORT_KEY|EVENT_KEY|DATE_RECEIVED|EVENT_TYPE\n"
DEVICE = "MDR_REPORT_KEY|DEVICE_SEQUENCE_NO|BRAND_NAME|GENERIC_NAME|LOT_NUMBER\n"


def quiet(_step, _done, _total):
    pass


@pytest.fixture(scope="module")
def tables():
    return read_maude(find_sources([FOLDER]), quiet)


def report(tables, number):
    return tables.reports.row(by_predicate=pl.col("report_id") == number, named=True)


def rows(tables, fate, table):
    return {
        entry.reason: entry.rows
        for entry in tables.ledger.entries
        if entry.fate is fate and entry.table == table
    }


def test_every_row_has_a_fate(tables):
    assert tables.ledger.faults() == ()
    assert tables.ledger.rows(Fate.KEPT, "reports") == tables.reports.height == 4


def test_a_line_break_in_a_row_is_mended(tables):
    assert report(tables, "5000004")["died"] is True


def test_bars_too_many_and_rows_cut_short_are_dropped(tables):
    assert rows(tables, Fate.DROPPED, "reports") == {
        "the row ends before the cells that are needed": 1,
        "more cells than the header has": 1,
    }


def test_texts_are_counted_whatever_bars_and_breaks_are_in_them(tables):
    assert rows(tables, Fate.DROPPED, "texts") == {"texts are not part of the tables": 2}


def test_a_change_file_comes_first(tables):
    changed = report(tables, "5000005")
    assert changed["event_date"] == date(2023, 3, 28)
    assert changed["serious"] is True  # an injury in the change, "other" before


def test_reports_of_one_event_are_one_case(tables):
    case = report(tables, "5000002")
    assert case["case_id"] == "7001"
    assert (case["age_years"], case["sex"]) == (45, "F")  # the patient stands in the other report
    assert "5000001" not in tables.reports["report_id"].to_list()
    assert rows(tables, Fate.MERGED, "reports")["another report of the same event"] == 1


def test_all_forms_of_dates(tables):
    assert report(tables, "5000003")["received"] == date(2023, 2, 3)
    assert report(tables, "5000003")["event_date"] == date(2023, 1, 30)
    assert report(tables, "5000004")["received"] == date(2023, 3, 3)


def test_seriousness(tables):
    assert report(tables, "5000003")["serious"] is False  # a malfunction
    assert report(tables, "5000002")["serious"] is True


def test_a_star_is_nothing(tables):
    assert report(tables, "5000004")["country"] is None
    assert report(tables, "5000004")["reporter"] is None
    assert tables.drugs.filter(pl.col("report_id") == "5000004")["lot"].item() is None
    assert report(tables, "5000004")["sex"] is None  # two patients of different sex


def test_a_device_is_counted_by_its_generic_name_and_shown_with_its_brand(tables):
    filler = tables.drugs.filter(pl.col("lot") == "L77").row(0, named=True)
    assert filler["drug"] == "IMPLANT, DERMAL, FOR AESTHETIC USE"
    assert filler["as_reported"] == "PLUMPIT  FILLER (IMPLANT, DERMAL, FOR AESTHETIC USE)"
    assert "GELÉ BEL" in tables.drugs["drug"].to_list()  # no generic name: the brand


def test_rows_that_cannot_be_used_are_dropped(tables):
    assert rows(tables, Fate.DROPPED, "devices") == {
        "its report is not among those read": 1,
        "no device is named": 1,
    }
    assert rows(tables, Fate.DROPPED, "patient problems") == {"no code of a problem": 1}


def test_events_are_problems_by_name_or_else_by_code(tables):
    events = tables.events.filter(pl.col("report_id") == "5000002")["event"].to_list()
    assert events == [
        "Swelling/ Edema",
        "Necrosis, Skin",
        "Adverse Event Without Identified Device or Use Problem",
    ]
    assert "device problem 4444" in tables.events["event"].to_list()


def test_without_lists_the_codes_are_shown(tmp_path):
    for name in ("mdrfoi2023.txt", "DEVICE2023.txt", "patientproblemcode.txt"):
        (tmp_path / name).write_bytes((FOLDER / name).read_bytes())
    tables = read_maude(find_sources([tmp_path]), quiet)
    assert "patient problem 2091" in tables.events["event"].to_list()
    assert tables.ledger.faults() == ()


def write(folder, **texts):
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text)
    return find_sources([folder])


def test_an_event_key_of_too_many_reports_is_none(tmp_path):
    keys = range(100, 101 + MOST_SOURCES)
    files = write(
        tmp_path,
        mdrfoi=MASTER + "".join(f"{key}|0|01/01/2023|M\n" for key in keys),
        device=DEVICE + "".join(f"{key}|1|A|B|\n" for key in keys),
        foidevproblem="".join(f"{key}|1\n" for key in keys),
    )
    assert read_maude(files, quiet).reports.height == len(keys)


def test_an_add_file_replaces_the_devices_of_its_reports(tmp_path):
    files = write(
        tmp_path,
        mdrfoi=MASTER + "100||01/01/2023|M\n",
        mdrfoiadd=MASTER + "100||01/01/2023|IN\n",
        device=DEVICE + "100|1|OLD|X|\n",
        deviceadd=DEVICE + "100|1|NEW|X|\n",
        foidevproblem="100|1\n",
    )
    tables = read_maude(files, quiet)
    assert tables.drugs["as_reported"].to_list() == ["NEW (X)"]
    assert tables.reports["serious"].to_list() == [True]
    assert tables.ledger.faults() == ()


def test_an_old_device_file_with_short_rows_is_read(tmp_path):
    wide = "|".join(
        ["MDR_REPORT_KEY", "BRAND_NAME", "GENERIC_NAME", "LOT_NUMBER", "BASELINE_A", "BASELINE_B"]
    )
    files = write(
        tmp_path,
        mdrfoi=MASTER + "100||01/01/2009|IN\n",
        foidev=f"{wide}\n100|A|B|L1\n",
        foidevproblem="100|1\n",
    )
    assert read_maude(files, quiet).drugs["lot"].to_list() == ["L1"]


def test_missing_kinds_and_wrong_headers_are_named(tmp_path):
    with pytest.raises(InputError) as error:
        read_maude(write(tmp_path, mdrfoi=MASTER + "100||01/01/2023|M\n"), quiet)
    assert "there is no file of devices" in str(error.value)
    assert "there is no file of problems" in str(error.value)
    with pytest.raises(InputError, match="Is BRAND_NAM meant to be BRAND_NAME"):
        read_maude(write(tmp_path, device="MDR_REPORT_KEY|BRAND_NAM|GENERIC_NAME\n1|a|b\n"), quiet)


def test_kinds_without_a_header():
    assert kind_of("FOIDEVPROBLEM.TXT", "100|2993") == DEVICE_PROBLEMS
    assert kind_of("PATIENTPROBLEMCODE.TXT", "100|1|2091") == PATIENT_PROBLEMS
    assert kind_of("PATIENTPROBLEMCODES.CSV", "2091,Swelling") == PATIENT_CODES
    assert kind_of("DEVICEPROBLEMCODES.CSV", "FDA_CODE,TERM") == DEVICE_CODES
    assert kind_of("README.TXT", "About these files") is None


def test_it_is_known_by_headers_and_names():
    files = find_sources([FOLDER])
    assert looks_like_maude([file.base for file in files], [file.first_line() for file in files])
    assert not looks_like_maude(["DRUG12Q4.TXT"], ["primaryid$caseid$drug_seq"])
