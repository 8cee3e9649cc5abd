"""Everything that can be wrong is named exactly, and all of it at once."""

from datetime import date

import pytest

from untoward.errors import InputError
from untoward.exchange.places import read_tree

CASES, PEOPLE, WHERE = "cases.csv", "population.csv", "coordinates.csv"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({CASES: "place,cases\nA,1\nZ,2\n"}, "a place without coordinates | row 3 | place"),
        ({CASES: "place,cases\nA,-1\n"}, "a negative number | row 2 | cases"),
        ({CASES: "place,cases\nA,1.5\n"}, "not a whole number | row 2 | cases"),
        ({CASES: "place,cases\nA,two\n"}, "not a number | row 2 | cases"),
        ({CASES: "place,cases\nA,\n"}, "the cell is empty | row 2 | cases"),
        ({CASES: "place,cases\n,1\nA,1\n"}, "the cell is empty | row 2 | place"),
        ({CASES: "place,cases\nA,0\n"}, "there are no cases to scan |  | "),
        ({CASES: "town name,ill\nA,yes\n"}, "required column is missing |  | place"),
        ({CASES: "place,id\nA,r1\nA,r1\n"}, "the case stands more than once | row 2 | id (case_id)"),
        ({PEOPLE: "place,population\nA,0\nB,200\nC,1\n"}, "cases where nobody was at risk | row 2 | place"),
        ({PEOPLE: "place,population\nB,200\n"}, "cases where nobody was at risk | row 2 | place"),
        (
            {PEOPLE: "place,population\nA,1\nA,2\nB,1\n"},
            "the same place (and date, and group) more than once | row 2 | population",
        ),
        ({PEOPLE: "place,population\nA,1\nB,1\nZ,1\n"}, "a place without coordinates | row 4 | place"),
        ({PEOPLE: "place,population,year\nA,1,2020\nB,1,\n"}, "no date | row 3 | year (date)"),
        ({WHERE: "place,lat,lon\nA,1,1\nA,2,2\nB,1,1\nC,1,1\n"}, "the place stands more than once | row 2 | place"),
        ({WHERE: "place,lat,lon\nA,91,1\nB,1,1\nC,1,1\n"}, "no such latitude | row 2 | lat (latitude)"),
        ({WHERE: "place,lat,lon\nA,,1\nB,1,1\nC,1,1\n"}, "the cell is empty | row 2 | lat (latitude)"),
        ({WHERE: "place,lat\nA,1\nB,1\nC,1\n"}, "required column is missing |  | longitude"),
        (
            {WHERE: "place,lat,lon,x,y\nA,1,1,1,1\nB,1,2,2,2\nC,1,3,3,3\n"},
            "cannot tell whether places are in latitude and longitude or in x and y |  | ",
        ),
        (
            {"coordinates.geo": "A 1 1\nB 2 2\nC 3 3\n"},
            "cannot tell whether places are in latitude and longitude or in x and y |  | ",
        ),
        ({"cases.cas": "A 1\nB\n"}, "too few cells in the row | row 2 | "),
    ],
)  # fmt: skip
def test_each_fault_is_named(faults, files, expected):
    assert expected in faults(files)


@pytest.mark.parametrize(
    ("cases", "settings", "expected"),
    [
        ("place,cases\nA,1\n", {}, "required column is missing |  | date"),
        ("place,cases,date\nA,1,\n", {}, "no date | row 2 | date"),
        ("place,cases,date\nA,1,2026\nA,1,2026-03\n", {}, "the date does not tell the month | row 2 | date"),
        ("place,cases,date\nA,1,2026-02-31\n", {}, "no calendar has this day | row 2 | date"),
        (
            "place,cases,date\nA,1,2025-12-31\nA,1,2026-01-05\n",
            {"first": date(2026, 1, 1)},
            "outside the study period | row 2 | date",
        ),
        (
            "place,cases,date\nA,1,2026-01-05\nA,1,2026-02-05\n",
            {"last": date(2026, 1, 31)},
            "outside the study period | row 3 | date",
        ),
    ],
)
def test_each_fault_of_dates_is_named(faults, cases, settings, expected):
    assert expected in faults({CASES: cases}, time="retrospective", unit="month", **settings)


def test_all_faults_of_all_files_come_at_once(faults):
    found = faults(
        {
            CASES: "place,cases\nA,1.5\nZ,1\n",
            PEOPLE: "place,population\nA,-5\nB,1\nC,1\n",
            WHERE: "place,lat,lon\nA,100,0\nB,1,1\nC,1,1\n",
        }
    )
    assert "not a whole number | row 2 | cases" in found
    assert "a place without coordinates | row 3 | place" in found
    assert "a negative number | row 2 | population" in found
    assert "no such latitude | row 2 | lat (latitude)" in found


def test_rounding_is_left_to_the_sender_and_the_reason_is_given(read):
    with pytest.raises(InputError, match="rounded down, rounded up and as they are give different clusters"):
        read({CASES: "place,cases\nA,3.08284\n"})


def test_a_file_that_is_not_there(tmp_path, read):
    with pytest.raises(InputError, match="no such file"):
        read_tree(tmp_path / "none.csv", tmp_path / "none-either.csv", None)


@pytest.mark.parametrize("content", [b"", b"\x00" * 400, b"PK\x03\x04rest", b"\xff\xfe", b"\x1f\x8b\x08"])
def test_files_that_are_no_tables_are_refused(faults, content):
    assert faults({CASES: content})


def test_a_line_with_very_many_cells_is_refused(faults):
    assert any(
        fault.startswith("too many cells in a line") for fault in faults({"cases.cas": "A " + "1 " * 100_000})
    )


class TestTree:
    TREE = "node,parent\nL1,N1\nL2,N1\nL3,N2\nN1,Root\nN2,Root\n"

    def read(self, folder, cases, tree=TREE):
        (folder / "cases.csv").write_text(cases)
        (folder / "tree.csv").write_text(tree)
        return read_tree(folder / "cases.csv", folder / "tree.csv", None)

    def test_leaves_and_edges(self, tmp_path):
        counts = self.read(tmp_path, "leaf,cases,population\nL1,3,10\nL2,0,10\nL3,1,20\n")
        assert counts.leaves == ("L1", "L2", "L3")
        assert counts.cases.tolist() == [3, 0, 1]
        assert ("N1", "Root") in counts.edges

    @pytest.mark.parametrize(
        ("cases", "tree", "expected"),
        [
            ("leaf,cases,population\nL9,1,1\n", TREE, "a leaf that the tree does not have"),
            ("leaf,cases,population\nL1,1,0\n", TREE, "cases where nobody was at risk"),
            ("leaf,cases,population\nL1,1.5,9\n", TREE, "not a whole number"),
            ("leaf,cases,population\nL1,1,9\nL1,2,9\n", TREE, "the leaf stands more than once"),
            ("leaf,cases\nL1,1\n", TREE, "no population"),
            ("leaf,cases,population\nL1,0,9\n", TREE, "there are no cases to scan"),
            ("leaf,cases,population\nL1,1,9\n", "node,parent\nL1,N1\nN1,N2\nN2,N1\n", "the tree goes in a circle"),
            (
                "leaf,cases,population\nL0,1,9\n",
                "node,parent\n" + "".join(f"L{at},L{at + 1}\n" for at in range(300)),
                "the tree is too deep",
            ),
        ],
    )  # fmt: skip
    def test_each_fault_is_named(self, tmp_path, cases, tree, expected):
        with pytest.raises(InputError) as refused:
            self.read(tmp_path, cases, tree)
        assert expected in [fault.what for fault in refused.value.faults]
