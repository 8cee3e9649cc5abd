from pathlib import Path

import pytest

from untoward.errors import InputError
from untoward.exchange.reports.read import read_reports

FIXTURES = Path(__file__).parents[2] / "fixtures" / "reports"


def test_the_format_is_found_or_named():
    found = read_reports([FIXTURES / "faers_2017q1"])
    assert found.reports.equals(read_reports([str(FIXTURES / "faers_2017q1")], "faers").reports)


def test_a_table_that_is_counted_already_holds_no_reports(tmp_path):
    file = tmp_path / "counts.csv"
    file.write_text("drug,event,n\nA,B,3\n")
    with pytest.raises(InputError, match="holds no reports"):
        read_reports([file])


def test_a_missing_path_is_refused(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_reports([tmp_path / "none"])
