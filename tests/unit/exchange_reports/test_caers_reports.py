"""CAERS and HFCS files: both layouts, terms with commas inside, products whose names are withheld."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from untoward.errors import InputError
from untoward.exchange.reports.archive import find_sources
from untoward.exchange.reports.caers import looks_like_caers, read_caers
from untoward.exchange.reports.caers_terms import split_cells
from untoward.model.ledger import Fate

FOLDER = Path(__file__).parents[2] / "fixtures" / "reports"
FILES = (FOLDER / "caers_new.csv", FOLDER / "caers_old.csv")


def quiet(_step, _done, _total):
    pass


@pytest.fixture(scope="module")
def tables():
    return read_caers(find_sources(FILES), quiet)


def report(tables, number):
    return tables.reports.row(by_predicate=pl.col("report_id") == number, named=True)


def events(tables, number):
    return tables.events.filter(pl.col("report_id") == number)["event"].to_list()


def test_every_row_has_a_fate(tables):
    assert tables.ledger.faults() == ()
    assert tables.ledger.rows(Fate.READ) == 11
    assert tables.ledger.rows(Fate.MERGED) == 1
    assert {entry.reason for entry in tables.ledger.entries if entry.fate is Fate.DROPPED} == {
        "quotation marks do not pair up",
        "no report number",
        "no product and no term",
    }


def test_a_withheld_product_leaves_its_report_and_no_drug(tables):
    assert tables.drugs.filter(pl.col("drug").str.contains("EXEMPTION|REDACTED")).is_empty()
    assert events(tables, "65400") == ["COUGH"]
    (one, other) = [entry for entry in tables.ledger.entries if "withheld" in entry.reason]
    assert (one.rows, other.rows, one.fate) == (1, 1, Fate.KEPT)


def test_both_layouts_say_the_same_things(tables):
    new, old = report(tables, "2024-CFS-1"), report(tables, "65325")
    assert (new["received"], new["age_years"], new["sex"], new["serious"]) == (
        date(2024, 1, 2),
        45,
        "F",
        True,
    )
    assert (old["received"], old["age_years"], old["sex"], old["serious"]) == (
        date(2004, 1, 1),
        2,
        "F",
        False,
    )
    assert old["event_date"] == date(2003, 8, 4)


def test_units_of_age(tables):
    assert report(tables, "2024-CFS-2")["age_years"] == 0.5
    assert report(tables, "2024-CFS-5")["age_years"] == 30
    assert report(tables, "65400")["age_years"] is None


def test_seriousness_is_not_known_when_no_outcome_tells(tables):
    assert report(tables, "2024-CFS-2")["serious"] is None
    assert report(tables, "2024-CFS-5")["died"] is True
    assert report(tables, "65325")["died"] is None


def test_a_part_of_a_date_is_no_date(tables):
    assert report(tables, "2024-CFS-2")["event_date"] is None


def test_names_keep_their_letters_and_are_counted_in_capitals(tables):
    row = tables.drugs.row(by_predicate=pl.col("report_id") == "2024-CFS-2", named=True)
    assert row["as_reported"] == "Crème   d'or."
    assert row["drug"] == "CRÈME D'OR"


def test_terms_of_both_products_stand_once(tables):
    assert events(tables, "2024-CFS-1") == [
        "Urticaria",
        "Hallucination, auditory",
        "Blood 1,25-dihydroxycholecalciferol decreased",
    ]
    assert events(tables, "65325") == [
        "SWELLING FACE",
        "RASH",
        "HALLUCINATION, AUDITORY",
        "DELUSIONAL DISORDER, UNSPECIFIED TYPE",
    ]


@pytest.mark.parametrize(
    ("cell", "terms"),
    [
        ("RASH", ("RASH",)),
        ("RASH, PRURITUS, RASH", ("RASH", "PRURITUS")),
        ("RASH,", ("RASH",)),
        (", ,RASH", (",RASH",)),
        ("HALLUCINATION, VISUAL, RASH", ("HALLUCINATION, VISUAL", "RASH")),
        ("HALLUCINATION, VISION BLURRED", ("HALLUCINATION", "VISION BLURRED")),
        (
            "EAR, NOSE AND THROAT EXAMINATION, COUGH",
            ("EAR, NOSE AND THROAT EXAMINATION", "COUGH"),
        ),
        ("Rash, papular, Fever", ("Rash, papular", "Fever")),
        ("rash, fever", ("rash", "fever")),
    ],
)
def test_splitting(cell, terms):
    assert split_cells([cell])[cell] == terms


def test_a_term_seen_in_mixed_letters_joins_its_parts_in_capitals():
    cells = ["Sensation, odd", "SENSATION, ODD, RASH"]
    assert split_cells(cells)["SENSATION, ODD, RASH"] == ("SENSATION, ODD", "RASH")


def test_a_wrong_header_names_what_was_expected(tmp_path):
    path = tmp_path / "caers.csv"
    path.write_text("REPORT_ID,PRODUCT_TYP,PRODUCT\n1,SUSPECT,X\n")
    with pytest.raises(InputError) as error:
        read_caers(find_sources([path]), quiet)
    assert "Is PRODUCT_TYP meant to be PRODUCT_TYPE" in str(error.value)
    assert "there is no column CASE_MEDDRA_PREFERRED_TERMS" in str(error.value)


def test_an_empty_file_is_an_error(tmp_path):
    path = tmp_path / "caers.csv"
    path.write_bytes(b"\n\n")
    with pytest.raises(InputError, match="the file is empty"):
        read_caers(find_sources([path]), quiet)


def test_it_is_known_by_its_header():
    assert looks_like_caers(["A.CSV"], [find_sources([FILES[1]])[0].first_line()])
    assert not looks_like_caers(["CAERS.CSV"], ["report_id,drug,event"])
