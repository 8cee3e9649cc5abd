"""Good files become the right arrays, whatever form they come in."""

from datetime import date

import numpy as np
import polars as pl
import pytest

from untoward.exchange.places import PlaceFiles, PlaceSettings, read_places

PLAIN = {
    "cases.cas": "A 2 2026/1/5\nB 1 2026/1/20\nA 1 2026/3/2\nC 0 2026/2/1\n",
    "population.pop": "A 2026 100\nB 2026 200\nC 2026 300\n",
    "coordinates.geo": "A 40.1 -3.1\nB 40.2 -3.2\nC 40.3 -3.3\n",
}


class TestCounts:
    def test_without_time_dates_are_one_period(self, read):
        counts = read()
        assert counts.places == ("A", "B", "C")
        assert counts.cases[:, 0, 0].tolist() == [3, 1, 0]
        assert counts.people == pytest.approx([100, 200, 300])
        assert (counts.periods.first_day(0), counts.periods.last_day(0)) == ("2026-01-05", "2026-03-02")

    def test_months_of_the_calendar(self, read):
        counts = read(time="retrospective", unit="month")
        assert counts.cases[:, :, 0].tolist() == [[2, 0, 1], [1, 0, 0], [0, 0, 0]]
        assert counts.population[0, :, 0] == pytest.approx([100 * 27, 100 * 28, 100 * 2])

    def test_weeks_end_with_the_last_day(self, read):
        counts = read(time="prospective", unit="week")
        assert counts.periods.last_day(counts.periods.count - 1) == "2026-03-02"
        assert counts.periods.first_day(counts.periods.count - 1) == "2026-02-24"
        assert np.diff(counts.periods.edges)[1:].tolist() == [7.0] * (counts.periods.count - 1)

    def test_a_line_list_is_one_case_a_row(self, read):
        lines = "case id,clinic,onset\nr1,A,2026-01-05\nr2,A,2026-03-02\nr3,B,2026-01-20\n"
        counts = read({"cases.csv": lines}, time="retrospective", unit="month")
        assert counts.cases[:, :, 0].tolist() == [[1, 0, 1], [1, 0, 0], [0, 0, 0]]
        assert [(row.case_id, row.place, row.period) for row in counts.case_rows] == [
            ("r1", 0, 0), ("r2", 0, 2), ("r3", 1, 0),
        ]  # fmt: skip
        assert any("each row is one" in note for note in counts.notes)

    def test_a_line_list_says_its_places_in_a_column_of_choice(self, read):
        lines = "case id,city,clinic,onset\nr1,X,A,2026-01-05\n"
        assert read({"cases.csv": lines}, place="clinic").cases[0].sum() == 1

    def test_groups_are_strata(self, read):
        files = {
            "cases.csv": "place,cases,sex\nA,2,F\nB,1,M\n",
            "population.csv": "place,population,sex\nA,60,F\nA,40,M\nB,100,F\nB,100,M\nC,300,F\n",
        }
        counts = read(files, categories=("sex",))
        assert counts.strata == ("F", "M")
        assert counts.cases[:, 0].tolist() == [[2, 0], [0, 1], [0, 0]]
        assert counts.population[:, 0].tolist() == [[60, 40], [100, 100], [300, 0]]

    def test_unused_groups_are_added_up_and_that_is_said(self, read):
        counts = read({"population.csv": "place,population,sex\nA,60,F\nA,40,M\nB,200,F\nC,300,M\n"})
        assert counts.people == pytest.approx([100, 200, 300])
        assert any("added up" in note for note in counts.notes)

    def test_bernoulli_controls(self, read):
        counts = read({"population.csv": None}, model="bernoulli")
        assert counts.controls.tolist() == [[3], [4], [5]]

    def test_time_alone_needs_no_places(self, read):
        counts = read({"coordinates.csv": None, "population.csv": None}, time="only", unit="month")
        assert counts.cases[:, :, 0].tolist() == [[3, 0, 1]]

    def test_places_without_population_are_left_out_and_that_is_said(self, read):
        counts = read({"population.csv": "place,population\nA,100\nB,200\n"})
        assert counts.places == ("A", "B")
        assert any("no population" in note for note in counts.notes)


class TestAsOf:
    def test_later_cases_are_left_out(self, read):
        counts = read(time="prospective", unit="month", as_of=date(2026, 2, 15))
        assert counts.cases.sum() == 3
        assert counts.periods.last_day(counts.periods.count - 1) == "2026-02-15"
        assert any("left out" in note for note in counts.notes)

    def test_a_case_counts_from_the_day_it_was_reported(self, read):
        lines = "place,date,reported\nA,2026-01-05,2026-01-10\nA,2026-01-06,2026-02-20\n"
        assert read({"cases.csv": lines}, as_of=date(2026, 2, 1)).cases.sum() == 1


class TestForms:
    def test_plain_files_say_the_same_as_tables(self, read):
        for settings in ({}, {"time": "retrospective", "unit": "month"}):
            plain, tables = read(PLAIN, axes="lat-lon", **settings), read(**settings)
            assert plain.places == tables.places
            assert (plain.cases == tables.cases).all()
            assert plain.population == pytest.approx(tables.population)
            assert (plain.x == tables.x).all()
            assert (plain.y == tables.y).all()
            assert plain.great_circle

    def test_plain_files_with_commas_and_names_in_quotation_marks(self, read):
        files = {"cases.cas": '"New Town",2\nB,1\n', "coordinates.geo": '"New Town" 500 1\nB 510 2\n'}
        counts = read({**files, "population.pop": '"New Town" 1990 10\nB 1990 20\n'})
        assert counts.places == ("New Town", "B")
        assert not counts.great_circle

    def test_a_workbook_and_parquet(self, tmp_path):
        frame = pl.DataFrame(
            {"place": ["A", "B"], "cases": [2, 1], "population": [10, 20], "x": [0.5, 1.5], "y": [1, 2]}
        )
        frame.select("place", "cases").write_parquet(tmp_path / "cases.parquet")
        frame.select("place", "population").write_excel(tmp_path / "population.xlsx")
        frame.select("place", "x", "y").write_csv(tmp_path / "coordinates.tsv", separator="\t")
        files = PlaceFiles(
            cases=tmp_path / "cases.parquet", population=tmp_path / "population.xlsx",
            coordinates=tmp_path / "coordinates.tsv",
        )  # fmt: skip
        counts = read_places(files, PlaceSettings())
        assert counts.cases[:, 0, 0].tolist() == [2, 1]
        assert counts.people == pytest.approx([10, 20])

    def test_years_of_two_digits_in_a_plain_population(self, read):
        files = {
            "cases.cas": "A 1 1975\nB 1 1980\n",
            "population.pop": "A 73 10\nA 82 20\nB 73 10\nB 82 10\n",
        }
        counts = read(
            {**files, "coordinates.geo": "A 1 1\nB 2 2\n"}, time="retrospective", unit="year", axes="x-y"
        )
        assert any("1973, 1982" in note for note in counts.notes)
        assert (np.diff(counts.population[0, :, 0] / np.diff(counts.periods.edges)) > 0).all()


class TestAxes:
    def test_the_header_tells(self, read):
        assert read().great_circle
        assert not read({"coordinates.csv": "place,x,y\nA,1,2\nB,2,3\nC,3,4\n"}).great_circle

    def test_numbers_that_cannot_be_degrees_are_flat(self, read):
        counts = read({"coordinates.geo": "A 4727 4509\nB 4794 4548\nC 4820 4457\n"})
        assert not counts.great_circle
        assert any("beyond what degrees can be" in note for note in counts.notes)

    def test_the_order_can_be_said(self, read):
        counts = read({"coordinates.geo": "A -3.1 40.1\nB -3.2 40.2\nC -3.3 40.3\n"}, axes="lon-lat")
        assert counts.x.tolist() == [-3.1, -3.2, -3.3]

    def test_of_both_kinds_one_is_chosen_by_the_option(self, read):
        both = "place,latitude,longitude,x,y\nA,40.1,-3.1,1,2\nB,40.2,-3.2,2,3\nC,40.3,-3.3,3,4\n"
        assert read({"coordinates.csv": both}, axes="x-y").x.tolist() == [1, 2, 3]
