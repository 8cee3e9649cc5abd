"""A user's own tables of pairs and of counts, as CSV, Parquet and XLSX."""

import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from untoward.errors import InputError
from untoward.exchange.reports.archive import find_sources
from untoward.exchange.reports.counts import looks_like_counts, read_counts
from untoward.exchange.reports.pairs import looks_like_pairs, read_pairs
from untoward.model.ledger import Fate

FOLDER = Path(__file__).parents[2] / "fixtures" / "reports"


def quiet(_step, _done, _total):
    pass


def read(path):
    tables = read_pairs(find_sources([path]), quiet)
    assert tables.ledger.faults() == ()
    return tables


FRAME = pl.DataFrame(
    {
        "primaryid": [11, 11, 12, None],
        "Drug": ["a", "a", "b ", "c"],
        "PT": ["Lump", "Pain", "Lump", "Lump"],
        "received": [date(2024, 1, 1), date(2024, 1, 1), None, None],
        "age": [40.0, 40.0, None, 1.0],
    }
)


def expect_frame(tables):
    assert tables.reports["report_id"].to_list() == ["11", "12"]
    assert tables.reports["received"].to_list() == [date(2024, 1, 1), None]
    assert tables.reports["age_years"].to_list() == [40.0, None]
    assert tables.drugs.select("report_id", "drug").rows() == [("11", "A"), ("12", "B")]
    assert tables.events.rows() == [("11", "Lump"), ("11", "Pain"), ("12", "Lump")]
    assert tables.ledger.rows(Fate.DROPPED) == 1


def test_a_csv_with_a_mark_semicolons_and_faults():
    tables = read(FOLDER / "pairs.csv")
    assert tables.ledger.rows(Fate.READ) == 10
    assert tables.ledger.rows(Fate.KEPT) == 4
    assert tables.drugs["drug"].to_list() == ["LIPO MIX", "HYALURONIDASE", 'FILLER; "SOFT"', "FILLER"]
    assert tables.drugs["role"].to_list() == ["suspect", "concomitant", None, None]
    assert tables.events["event"].to_list() == ["Lump", "Blindness", "Lump"]
    assert tables.reports["received"].to_list() == [date(2024, 1, 5), None, None]  # 05/01/2024 is two days


def test_parquet(tmp_path):
    FRAME.write_parquet(tmp_path / "p.parquet")
    expect_frame(read(tmp_path / "p.parquet"))


def test_parquet_in_an_archive(tmp_path):
    FRAME.write_parquet(tmp_path / "p.parquet")
    with zipfile.ZipFile(tmp_path / "p.zip", "w") as archive:
        archive.write(tmp_path / "p.parquet", "p.parquet")
    expect_frame(read(tmp_path / "p.zip"))


def test_xlsx(tmp_path):
    FRAME.write_excel(tmp_path / "p.xlsx")
    expect_frame(read(tmp_path / "p.xlsx"))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators(tmp_path, separator):
    FRAME.write_csv(tmp_path / "p.csv", separator=separator)
    expect_frame(read(tmp_path / "p.csv"))


def test_utf16_is_read(tmp_path):
    (tmp_path / "p.csv").write_text(FRAME.write_csv(separator="\t"), encoding="utf-16")
    expect_frame(read(tmp_path / "p.csv"))


def test_a_table_without_reports_is_refused_with_a_hint(tmp_path):
    (tmp_path / "p.csv").write_text("drug,event,n\nA,B,3\n")
    with pytest.raises(InputError) as error:
        read(tmp_path / "p.csv")
    assert "there is no column report_id" in str(error.value)
    assert "is read as counts" in str(error.value)


def test_broken_and_nested_parquet_are_refused(tmp_path):
    (tmp_path / "p.parquet").write_bytes(b"PAR1 nothing")
    with pytest.raises(InputError, match="not a whole Parquet file"):
        read(tmp_path / "p.parquet")
    pl.DataFrame({"report_id": [1], "drug": [["a"]], "event": ["b"]}).write_parquet(tmp_path / "p.parquet")
    with pytest.raises(InputError, match="more than one value"):
        read(tmp_path / "p.parquet")


def test_nul_bytes_and_three_hundred_columns(tmp_path):
    many = ",".join(f"x{number}" for number in range(300))
    (tmp_path / "p.csv").write_bytes(f"report_id,drug,event,{many}\n1,A\0,B{',' * 300}\n2,A,B,C\n".encode())
    tables = read(tmp_path / "p.csv")
    assert tables.drugs["drug"].to_list() == ["A", "A"]  # row 2 has all that is needed
    (tmp_path / "p.csv").write_text(",".join(["report_id", "drug", "event", *["x"] * 2000]))
    with pytest.raises(InputError, match="too many columns"):
        read(tmp_path / "p.csv")


def counts(tmp_path, text):
    (tmp_path / "c.csv").write_text(text)
    table = read_counts(find_sources([tmp_path / "c.csv"]), quiet)
    assert table.ledger.faults() == ()
    return table


def test_counts():
    table = read_counts(find_sources([FOLDER / "counts.csv"]), quiet)
    assert table.ledger.faults() == ()
    assert table.frame.rows() == [("A", "Pain", 5, 10, 9, 100), ("C", "Lump", 1, None, None, None)]
    assert table.ledger.rows(Fate.DROPPED) == 5


@pytest.mark.parametrize("n", ["-1", "1.5", "nan", "inf", "1e30", "", "many"])
def test_a_count_that_is_no_whole_number_is_dropped(tmp_path, n):
    assert counts(tmp_path, f"drug,event,n\nA,B,{n}\n").frame.is_empty()


def test_counts_that_add_up_to_more_than_their_margin_are_dropped(tmp_path):
    table = counts(tmp_path, "drug,event,n,n_drug\nA,B,3,4\nA,B,3,4\n")
    assert table.frame.is_empty()
    assert table.ledger.rows(Fate.DROPPED) == 2


def test_what_they_are_known_by():
    assert looks_like_pairs(["A.CSV"], ["Report ID;drug;event"])
    assert looks_like_pairs(["A.PARQUET"], ["PAR1"])
    assert not looks_like_pairs(["A.CSV"], ["drug,event,n"])
    assert looks_like_counts(["A.CSV"], ["drug,event,n"])
    assert not looks_like_counts(["A.CSV"], ["report_id,drug,event,n"])
    assert not looks_like_counts([], [])
