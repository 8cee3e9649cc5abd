"""`untoward series` as a surveillance officer uses it."""

from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest

AGONA = Path(__file__).parents[1] / "golden" / "data" / "salmonella_agona.csv"


@pytest.fixture(scope="session")
def weekly(tmp_path_factory):
    """Salmonella Agona with dates: weeks from 1 January 1990 on."""
    counts = pl.read_csv(AGONA)["count"]
    start = date(1990, 1, 1)
    weeks = [start + timedelta(days=7 * at) for at in range(counts.len())]
    path = tmp_path_factory.mktemp("series") / "agona.csv"
    pl.DataFrame({"week": weeks, "cases": counts}).write_csv(path)
    return path


def test_the_help_has_an_example(untoward):
    assert "Example: untoward series" in untoward("series", "--help").out


def test_every_method_judges_a_long_series(untoward, weekly):
    ran = untoward("series", weekly, "--json")
    assert ran.code == 0
    (group,) = ran.document["groups"]
    assert group["periods"] == 312
    assert group["last"] == "1995-12-18"
    assert [method["reason"] for method in group["methods"]] == [""] * 6
    assert all(len(method["periods"]) == 52 for method in group["methods"])


def test_the_outbreak_week_alarms_and_the_exit_code_says_so(untoward, weekly):
    ran = untoward("series", weekly, "--as-of", "1995-01-15", "--json", "--years", "4")
    assert ran.code == 1
    (group,) = ran.document["groups"]
    assert group["last"] == "1995-01-09"
    assert {"farrington", "farrington-flexible"} <= set(group["alarms_now"])
    shown = untoward("series", weekly, "--as-of", "1995-01-15", "--years", "4").out
    assert "ALARM in the week of 1995-01-09" in shown


def test_a_short_line_list_says_what_is_missing(untoward, tmp_path):
    table = tmp_path / "cases.csv"
    days = ["2026-01-05", "2026-01-20", "2026-02-16", "2026-03-02", "2026-03-03", "2026-03-31"]
    table.write_text("onset\n" + "\n".join(days) + "\n\n", encoding="utf-8")
    plain = untoward("series", table)
    assert "gaps, not zeros" in plain.out
    assert plain.code == 0
    said = untoward("series", table, "--complete", "--as-of", "2026-04-05").out
    assert "farrington could not judge" in said
    assert "5 years need 260" in said
    assert "counted as zero" in said


def test_groups_are_judged_apart(untoward, tmp_path):
    table = tmp_path / "cases.csv"
    start = date(2025, 1, 6)
    rows = [
        f"{start + timedelta(days=7 * at)},{clinic},{2 + at % 2}" for at in range(40) for clinic in ("A", "B")
    ]
    rows.append(f"{start + timedelta(days=280)},A,30")
    rows.append(f"{start + timedelta(days=280)},B,2")
    table.write_text("week,clinic,count\n" + "\n".join(rows) + "\n", encoding="utf-8")
    ran = untoward("series", table, "--by", "clinic", "--method", "ears-c2", "--json")
    assert ran.code == 1
    assert [(group["name"], group["alarms_now"]) for group in ran.document["groups"]] == [
        ("A", ["ears-c2"]),
        ("B", []),
    ]


def test_standard_input(untoward, weekly):
    ran = untoward("series", "-", "--method", "ears-c1", "--json", stdin=weekly.read_bytes())
    assert len(ran.document["groups"][0]["methods"]) == 1


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--method", "guess"), "There is no method 'guess'"),
        (("--step", "month"), "expected week or day"),
        (("--alpha", "0.7", "--last", "0"), "--last: got 0"),
        (("--ears-alpha", "0"), "--ears-alpha"),
        (("--count", "ill"), "no such column"),
        (("--as-of", "soon"), "--as-of"),
    ],
)
def test_bad_use(untoward, weekly, options, said):
    ran = untoward("series", weekly, *options)
    assert ran.code == 2
    assert said in ran.err


def test_a_table_without_any_date(untoward, tmp_path):
    table = tmp_path / "cases.csv"
    table.write_text("onset,age\n,5\n,6\n", encoding="utf-8")
    ran = untoward("series", table)
    assert ran.code == 2
    assert "no dated case" in ran.err
