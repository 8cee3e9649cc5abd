"""Line lists: who was ill, how many persons a row stands for, and which columns are exposures."""

from __future__ import annotations

import datetime as dt
import io
import sys

import polars as pl
import pytest

from untoward.errors import InputError
from untoward.exchange.tables import read_line_list


@pytest.fixture
def read(tmp_path):
    def write_and_read(text: str, **options):
        path = tmp_path / "line-list.csv"
        path.write_text(text)
        return read_line_list(path, **options)

    return write_and_read


def _how(reading):
    return {entry.header: (entry.taken_for, entry.how) for entry in reading.columns}


@pytest.mark.parametrize(
    ("yes", "no"),
    [
        ("yes", "no"),
        ("Y", "N"),
        ("1", "0"),
        ("TRUE", "False"),
        ("sí", "no"),
        ("Si", "No"),
        ("case", "control"),
        ("Ill", "well"),
        ("enfermo", "sano"),
    ],
)
def test_ways_to_say_ill(read, yes, no):
    reading = read(f"case,cake\n{yes},no\n{no},yes\n?,yes\n,no\n")
    assert reading.faults == ()
    assert reading.line_list.frame["ill"].to_list() == [True, False, None, None]
    assert reading.notes == (
        "line-list.csv: not known of 2 persons whether ill; counted neither as ill nor as well",
    )


def test_what_is_neither_is_a_fault_of_its_row(read):
    reading = read("ill,cake\nyes,no\nsuspected,yes\n")
    assert [(fault.what, fault.where, fault.field, fault.got) for fault in reading.faults] == [
        ("neither yes nor no", "row 3", "ill", "'suspected'")
    ]
    assert (reading.ledger[0].read, reading.ledger[0].kept) == (2, 1)


def test_counts_weigh_rows_and_default_to_one(read):
    assert read("n,ill,cake\n17,yes,yes\n60,no,no\n").line_list.frame["count"].to_list() == [17, 60]
    assert read("ill,cake\nyes,yes\n").line_list.frame["count"].to_list() == [1]
    reading = read("n,ill,cake\n17,yes,yes\n0,no,no\n1.5,no,no\n,no,no\n")
    assert [(fault.what, fault.where) for fault in reading.faults] == [
        ("the number is too small", "row 3"), ("not a whole number", "row 4"), ("the cell is empty", "row 5"),
    ]  # fmt: skip


def test_exposures_are_yes_no_or_categories(read):
    ages = range(20, 36)
    rows = "".join(
        f"P{n},{'yes' if n % 2 else 'no'},{'Y' if n % 3 else 'N'},{'thigh; face' if n % 2 else ''},{n % 3},{age},2026-03-02,\n"
        for n, age in enumerate(ages)
    )
    reading = read("person key,ill,cake,site,visits,age,seen,blank\n" + rows)
    assert reading.faults == ()
    assert reading.line_list.exposures == ("cake", "site", "visits")
    assert reading.line_list.frame.schema["cake"] == pl.Boolean
    assert reading.line_list.frame["site"].to_list()[:2] == [None, "thigh; face"]
    assert _how(reading)["age"] == (
        None,
        "not used: numbers, 16 different ones; put them into groups, or name it as an exposure",
    )
    assert _how(reading)["person key"] == (None, "not used: every row has a value of its own")
    assert _how(reading)["seen"] == (None, "not used: dates")
    assert _how(reading)["blank"] == (None, "not used: no values")
    assert _how(reading)["cake"] == ("exposure", "an exposure, yes or no")


def test_named_columns_rule(read):
    text = "count,status,became ill,cake,age\n1,case,2026-03-02,yes,31\n1,control,,no,32\n1,control,,no,33\n"
    reading = read(text, case_column="Status", onset_column="became ill", exposure_columns=["age"])
    assert reading.line_list.exposures == ("age",)
    assert reading.line_list.frame["age"].to_list() == ["31", "32", "33"]
    assert _how(reading)["status"] == ("ill", "chosen by the caller")
    assert _how(reading)["cake"] == (None, "not used: not among the exposures that were named")
    assert reading.line_list.frame["onset_from"][0] == dt.datetime(2026, 3, 2)


def test_a_named_column_that_is_not_there(read):
    with pytest.raises(InputError, match=r"no such column \(got 'sick'; expected one of 'ill', 'cake'\)"):
        read("ill,cake\nyes,no\n", case_column="sick")
    with pytest.raises(InputError, match="no such column"):
        read("ill,cake\nyes,no\n", exposure_columns=["pie"])


def test_no_column_says_who_was_ill(read):
    with pytest.raises(InputError, match=r"required column is missing \(got headers 'cake', 'pie'"):
        read("cake,pie\nyes,no\n")


def test_empty_is_unknown_and_never_no(read):
    reading = read("ill,cake\nyes,x\nno,\n".replace("x", "yes"))
    assert reading.line_list.frame["cake"].to_list() == [True, None]
    assert "no 'no' in cake" in reading.notes[0]


def test_one_odd_word_in_a_column_of_yes_and_no_is_a_fault(read):
    reading = read("ill,cake\n" + "yes,no\nno,yes\n" * 5 + "yes,yess\n")
    assert [(fault.what, fault.where, fault.got) for fault in reading.faults] == [
        ("neither yes nor no", "row 12", "'yess'")
    ]
    assert reading.line_list.frame.schema["cake"] == pl.Boolean


def test_onset_before_the_session(read):
    reading = read(
        "ill,session_date,onset,cake\nyes,2026-03-02,2026-03-01,no\nyes,2026-03-02,2026-03-02,no\n"
    )
    assert [(fault.what, fault.where) for fault in reading.faults] == [
        ("fell ill before the session", "row 2")
    ]


def test_every_format_gives_the_same_frame(tmp_path, write_xlsx):
    rows = [
        {"ill": "yes", "onset": "2026-03-02", "cake": "yes", "site": "thigh"},
        {"ill": "no", "onset": "", "cake": "no", "site": "face"},
    ]
    frame = pl.DataFrame(rows)
    (tmp_path / "list.csv").write_bytes(frame.write_csv(separator=";").encode("utf-16"))
    frame.write_csv(tmp_path / "list.tsv", separator="\t")
    frame.write_parquet(tmp_path / "list.parquet")
    write_xlsx({"people": rows}, "list.xlsx")
    readings = [read_line_list(tmp_path / f"list.{ending}") for ending in ("csv", "tsv", "parquet", "xlsx")]
    for reading in readings:
        assert reading.faults == ()
        assert reading.line_list.exposures == ("cake", "site")
        assert reading.line_list.frame.equals(readings[0].line_list.frame)


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"ill,cake\nyes,no\nno,yes\n")))
    from pathlib import Path

    reading = read_line_list(Path("-"))
    assert reading.line_list.frame["ill"].to_list() == [True, False]
    assert reading.columns[0].file == "standard input"


def test_a_column_that_needs_a_reserved_name_is_not_taken(read):
    reading = read("status,ill,cake\ncase,x,yes\ncontrol,y,no\n", case_column="status")
    assert _how(reading)["ill"] == (None, "not used: a name this reader needs for itself")
    assert reading.line_list.exposures == ("cake",)
