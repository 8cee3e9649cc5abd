"""The line list: one row a reaction, and nothing in it that a spreadsheet would run."""

import io
from dataclasses import replace

import polars as pl
import pytest

from untoward.report.line_list import line_list_frame


def test_one_row_for_each_line_in_order(review):
    frame = line_list_frame(review.urgent)
    assert frame.get_column("reaction_id").to_list() == [line.reaction_id for line in review.urgent]
    assert frame.get_column("disposition")[0] == "emergency_now"
    assert frame.get_column("action")[0] == "Call an ambulance now"
    assert frame.schema["last_seen_day"] == pl.Float64


def test_several_values_share_a_cell(review):
    frame = line_list_frame(review.urgent)
    assert frame.get_column("compounds")[1] == "deoxycholic acid; phosphatidylcholine; lidocaine"
    assert frame.get_column("rules")[3] == "NTM01; INF02"
    assert frame.get_column("facts_missing")[3] == "culture for mycobacteria; antibiotic tried; redness"


def test_no_lines_keep_the_columns():
    assert line_list_frame(()).height == 0
    assert line_list_frame(()).columns[0] == "reaction_id"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "  =", "\t="])
def test_a_cell_that_would_run_is_turned_into_text(review, start):
    risky = f"{start}HYPERLINK(1)"
    line = replace(review.urgent[0], patient_id=risky, clinic=risky, lots=(risky, "L2"), term_label=risky)
    row = line_list_frame([line]).row(0, named=True)
    for name in ("patient_id", "clinic", "lots", "term_label"):
        assert row[name].startswith("'" + start)


def test_numbers_and_plain_text_stay_as_they_are(review):
    line = replace(review.urgent[0], last_seen_day=-1.5, patient_id="P-1")
    row = line_list_frame([line]).row(0, named=True)
    assert row["last_seen_day"] == -1.5
    assert row["patient_id"] == "P-1"


def test_it_survives_csv(review):
    frame = line_list_frame(review.off_course)
    again = pl.read_csv(io.StringIO(frame.write_csv()), schema=frame.schema)
    assert again.equals(frame)
