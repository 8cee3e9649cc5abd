"""Dated counts from tables made by hand."""

from datetime import date

import pytest

from untoward.errors import InputError
from untoward.exchange.series import read_series


@pytest.fixture
def read(tmp_path):
    def run(text, **options):
        path = tmp_path / "table.csv"
        path.write_text(text, encoding="utf-8")
        return read_series(path, **options)

    return run


def test_a_line_list_of_dates(read):
    found = read("case,onset\n1,2026-01-05\n2,2026-01-09\n3,\n")
    assert found.line_list
    assert found.undated == 1
    (group,) = found.groups
    assert group.days == (date(2026, 1, 5), date(2026, 1, 9))
    assert group.counts == (1, 1)
    assert found.taken == {"date": "onset"}


def test_counts_per_week(read):
    found = read("week;cases\n2026-W02;3\n2026W03;0\n")
    assert not found.line_list
    assert found.groups[0].days == (date(2026, 1, 5), date(2026, 1, 12))
    assert found.groups[0].counts == (3, 0)


def test_columns_by_name_and_by_group(read):
    text = "when,how many,clinic\n2026-01-05,3,North\n2026-01-05,1,South\n2026-01-12,2,\n"
    found = read(text, date_column="When", count_column="how many", by_column="clinic")
    assert [(group.name, group.counts) for group in found.groups] == [
        ("(not given)", (2,)), ("North", (3,)), ("South", (1,)),
    ]  # fmt: skip


def test_all_faults_at_once(read):
    found = read(
        "week,cases\n2026-01-05,x\n2026-13-01,2\n,3\n2026-01,4\n2026-01-12,-1\n2026-01-19,\n2020-W55,1\n"
    )
    assert {fault.where for fault in found.faults} == {f"row {row}" for row in range(2, 9)}


def test_a_month_is_no_day(read):
    found = read("onset\n2026-01\n2026-01-05\n")
    assert [fault.what for fault in found.faults] == ["only a month or a year"]


def test_a_year_without_a_week_53(read):
    assert len(read("week,cases\n2026-W53,1\n2025-W53,1\n").faults) == 1


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("a,b\n1,2\n", {}, "no column of dates"),
        ("week,cases\n2026-W02,1\n", {"count_column": "ill"}, "no such column"),
        ("week,cases\n2026-W02,1\n", {"date_column": "day"}, "no such column"),
    ],
)
def test_a_column_that_is_not_there(read, text, options, said):
    with pytest.raises(InputError) as raised:
        read(text, **options)
    assert raised.value.faults[0].what == said


def test_too_many_groups(read):
    rows = "".join(f"2026-01-05,{n}\n" for n in range(600))
    with pytest.raises(InputError, match="too many groups"):
        read("onset,name\n" + rows, by_column="name")
