"""The same table in other encodings, separators, quoting and line ends."""

from __future__ import annotations

import csv
import io

import pytest
from polars.testing import assert_frame_equal

from untoward.exchange.tables import read_registry
from untoward.model.tables import REGISTRY_TABLES

HEADER = "session_id,patient_id,date,clinic,weight_kg\n"


@pytest.fixture
def sessions(names, tmp_path):
    """Read sessions.csv with these bytes, beside a table of reactions that is empty."""

    def read(content: bytes | str, name: str = "sessions.csv"):
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        (tmp_path / "reactions.csv").write_text("reaction_id,session_id,term\n")
        reading = read_registry(tmp_path, names)
        ledger = reading.ledger[0]
        assert ledger.kept == reading.registry.sessions.height
        return reading

    return read


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"]
)
def test_separators_and_encodings(names, good, write_csv, separator, encoding):
    expected = read_registry(write_csv(good), names).registry
    reading = read_registry(write_csv(good, separator, encoding), names)
    assert reading.faults == ()
    for name in REGISTRY_TABLES:
        assert_frame_equal(getattr(reading.registry, name), getattr(expected, name))
    assert any("cp1252" in note for note in reading.notes) == (encoding == "cp1252")
    assert any("cells are parted by" in note for note in reading.notes) == (separator != ",")


def test_a_rare_accent_late_in_the_file_decides_the_encoding(sessions):
    rows = "".join(f"S{n},P,2026-03-02,North,60\n" for n in range(200_000))
    reading = sessions((HEADER + rows).encode() + "X,P,2026-03-02,Málaga,60\n".encode("cp1252"))
    assert reading.registry.sessions["clinic"][-1] == "Málaga"
    assert reading.faults == ()


def test_damaged_utf8_is_a_fault_of_its_row_and_not_another_encoding(sessions):
    reading = sessions(
        HEADER.encode()
        + "S1,P,2026-03-02,Málaga,60\nS2,P,2026-03-02,Cádiz,60\n".encode()
        + b"S3,P,2026-03-02,C\xc3,60\n"
    )
    assert [(fault.what, fault.where) for fault in reading.faults] == [("bytes that are not UTF-8", "row 4")]
    assert reading.registry.sessions["clinic"].to_list() == ["Málaga", "Cádiz"]


def test_decimal_commas_where_semicolons_part_the_cells(sessions):
    reading = sessions("session_id;patient_id;date;weight_kg\nS1;P1;2026-03-02;60,5\nS2;P2;2026-03-03;70\n")
    assert reading.faults == ()
    assert reading.registry.sessions["weight_kg"].to_list() == [60.5, 70.0]


def test_a_point_among_decimal_commas_may_part_thousands(sessions):
    reading = sessions(
        "session_id;patient_id;date;weight_kg\nS1;P1;2026-03-02;60,5\nS2;P2;2026-03-03;70.500\n"
    )
    assert [(fault.what, fault.where) for fault in reading.faults] == [
        ("a point in a column of decimal commas", "row 3")
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends(sessions, end, last):
    text = (HEADER + "S1,P1,2026-03-02,a,60\n\nS2,P2,2026-03-03,b,\n").replace("\n", end)
    reading = sessions(text if last else text.removesuffix(end))
    assert reading.faults == ()
    assert reading.registry.sessions["clinic"].to_list() == ["a", "b"]
    assert reading.ledger[0].read == 2, "a blank line is no row"


def test_row_numbers_are_those_of_a_spreadsheet(sessions):
    reading = sessions(HEADER + '\nS1,P1,2026-03-02,"two\nlines",60\n\nS2,P2,soon,b,60\n')
    assert [fault.where for fault in reading.faults] == ["row 5"]
    assert reading.registry.sessions["clinic"].to_list() == ["two\nlines"]


@pytest.mark.parametrize("mark", ["sep=;\n", '"sep=;"\r\n'])
def test_the_separator_line_of_a_spreadsheet_program(sessions, mark):
    reading = sessions(mark + "session_id;patient_id;date\nS1;P1;soon\n")
    assert [fault.where for fault in reading.faults] == ["row 2"], (
        "a spreadsheet does not show the first line"
    )


def test_a_title_above_the_header(sessions):
    reading = sessions("Clinic North\n\n" + HEADER + "S1,P1,2026-03-02,a,60\n")
    assert reading.registry.sessions["session_id"].to_list() == ["S1"]
    assert "the header was found in row 3" in reading.notes[0]


def test_uneven_rows(sessions):
    reading = sessions(
        HEADER
        + 'S1,P1,2026-03-02,a,60\nS2,P2,2026-03-02\nS3,P3,2026-03-02,a,60,more\nS4,P4,2026-03-02,"a,b",60\n'
    )
    assert [(fault.what, fault.where, fault.got) for fault in reading.faults] == [
        ("too few cells in the row", "row 3", "'3 cells'"),
        ("too many cells in the row", "row 4", "'6 cells'"),
    ]
    assert reading.registry.sessions["session_id"].to_list() == ["S1", "S4"]
    assert (reading.ledger[0].read, reading.ledger[0].left_out) == (4, 2)


def test_trailing_separators_on_every_row_are_harmless(sessions):
    reading = sessions("session_id,patient_id,date,,\nS1,P1,2026-03-02,,\n")
    assert reading.faults == ()
    assert [entry.header for entry in reading.columns if entry.file == "sessions.csv"] == [
        "session_id",
        "patient_id",
        "date",
    ]


def test_a_column_without_a_header_is_reported(sessions):
    reading = sessions("session_id,patient_id,date,\nS1,P1,2026-03-02,x\n")
    assert [(entry.header, entry.how) for entry in reading.columns][3] == (
        "(column 4, no header)",
        "not used",
    )


@pytest.mark.parametrize(
    ("broken", "kept"),
    [
        ('S2,P2,2026-03-02,"never closed,60\n', ["S1", "S3", "S4"]),
        ('S2,P2,2026-03-02,"a"b,60\n', ["S1", "S3", "S4"]),
        ('S2,P2,2026-03-02,five " wide,60\n', ["S1", "S2", "S3", "S4"]),
    ],
)
def test_stray_quotation_marks_do_not_swallow_the_file(sessions, broken, kept):
    reading = sessions(
        HEADER + "S1,P1,2026-03-02,a,60\n" + broken + 'S3,P3,2026-03-02,"c, d",60\nS4,P4,2026-03-02,e,60\n'
    )
    assert reading.registry.sessions["session_id"].to_list() == kept
    assert reading.ledger[0].read == 4
    faults = [(fault.what, fault.where) for fault in reading.faults]
    assert faults == ([] if "S2" in kept else [("quotation marks do not pair up", "row 3")])


def test_zero_bytes_are_a_fault_of_their_row(sessions):
    reading = sessions(HEADER.encode() + b"S1,P1,2026-03-02,a\0b,60\nS2,P2,2026-03-02,c,60\n")
    assert [(fault.what, fault.where) for fault in reading.faults] == [("a zero byte in the row", "row 2")]


def test_three_hundred_columns(sessions):
    more = [f"extra {n}" for n in range(300)]
    text = io.StringIO()
    csv.writer(text).writerows(
        [["session_id", "patient_id", "date", *more], ["S1", "P1", "2026-03-02", *["x"] * 300]]
    )
    reading = sessions(text.getvalue())
    assert reading.faults == ()
    assert sum(entry.how == "not used" for entry in reading.columns) == 300


def test_quoted_everything_is_read_as_fast_text(sessions):
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(
        [HEADER.strip().split(","), ["S1", "P1", "2026-03-02", 'say "aah"', "60"]]
    )
    assert sessions(text.getvalue()).registry.sessions["clinic"].to_list() == ['say "aah"']


def test_the_careful_reader_agrees_with_the_fast_one(names, good, write_csv, monkeypatch):
    folder = write_csv(good)
    fast = read_registry(folder, names)
    monkeypatch.setattr("untoward.exchange.tables.csv_read._read_fast", lambda text, layout: None)
    careful = read_registry(folder, names)
    assert careful.ledger == fast.ledger
    for name in REGISTRY_TABLES:
        assert_frame_equal(getattr(careful.registry, name), getattr(fast.registry, name))
