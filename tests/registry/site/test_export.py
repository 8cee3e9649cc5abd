"""Exports: complete with identities, no identities without, no small group in counts, no formula in a CSV file."""

import json
from collections import Counter

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from untoward.tasks.site_export import write_table
from untoward.tasks.site_export_columns import COLUMNS, SECRET
from untoward.tasks.site_export_counts import HIDDEN, two_way
from untoward.tasks.site_export_small import SMALLEST, possible, suppressed

IDENTIFYING = ("Zoë", "zoe@example.org", "Ana", "ana@example.org", "a lump", '"P1"', ",P1,", "North", "D1")


@pytest.fixture(scope="module")
def export_of(filled, tmp_path_factory):
    def make(profile):
        folder = tmp_path_factory.mktemp("export") / profile
        filled().run("export", "--all", folder, "--profile", profile)
        return folder

    return make


def test_identified_holds_every_row_the_photos_and_the_trail(filled, export_of):
    folder, there = export_of("identified"), filled().content()
    for label, rows in there.items():
        if label.startswith("registry."):
            name = label.removeprefix("registry.").lower()
            frame = pl.read_parquet(folder / f"{name}.parquet")
            assert frame.height == len(rows)
            assert not SECRET & set(frame.columns)
    assert (folder / "photos" / "abc.jpg").read_bytes() == filled().photos()["abc.jpg"]
    states = pl.read_parquet(folder / "entry.parquet")["state"]
    assert any(json.loads(state).get("room") == "2" for state in states)


@pytest.mark.parametrize("profile", ["pseudonymised", "aggregate"])
def test_without_identities_nothing_identifies(export_of, profile):
    folder = export_of(profile)
    text = "".join(path.read_text() for path in folder.glob("*.csv"))
    if profile == "aggregate":
        text = text.replace("North", "")  # counts are given by clinic
    assert [word for word in IDENTIFYING if word in text] == []
    assert not (folder / "photos").exists()


def test_pseudonyms_join_and_times_are_weeks(export_of):
    folder = export_of("pseudonymised")
    sessions, patients = (
        pl.read_parquet(folder / "session.parquet"),
        pl.read_parquet(folder / "patient.parquet"),
    )
    assert set(sessions["patient_id"]) == set(patients["id"])
    assert sessions["id"].n_unique() == 7
    assert {len(text) for text in sessions["at"]} == {10}


def test_every_released_column_is_one_of_the_model():
    from django.apps import apps

    for name, rules in COLUMNS.items():
        fields = {f.attname for f in apps.get_model("registry", name)._meta.concrete_fields}
        assert set(rules) <= fields, name
        assert not set(rules) & SECRET


def test_the_dictionary_names_every_column(export_of):
    folder = export_of("pseudonymised")
    known = {(row["table"], row["column"]) for row in pl.read_csv(folder / "data-dictionary.csv").to_dicts()}
    for path in folder.glob("*.parquet"):
        if path.stem != "data-dictionary":
            assert {(path.stem, column) for column in pl.read_parquet(path).columns} <= known


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_no_cell_is_a_formula(tmp_path, start):
    write_table(pl.DataFrame({"a": [start, "plain"], "n": [-1, 2]}), tmp_path, "t")
    back = pl.read_csv(tmp_path / "t.csv")
    assert back["a"].to_list() == ["'" + start, "plain"]
    assert back["n"].to_list() == [-1, 2]
    assert pl.read_parquet(tmp_path / "t.parquet")["a"][0] == start


def test_an_export_never_overwrites(filled, tmp_path):
    ran = filled().run("export", "--all", tmp_path, check=False)
    assert ran.returncode == 2
    assert "exists already" in ran.stderr


class TestSmallCells:
    def test_a_lone_small_cell_takes_others_with_it(self):
        shown = suppressed([[20, 3, 30], [40, 50, 60], [10, 11, 12]])
        assert shown[0][1] is None
        hidden = sum(cell is None for row in shown for cell in row)
        assert hidden >= 4
        assert shown[-1][-1] == 236

    def test_nothing_is_hidden_where_nothing_is_small(self):
        assert suppressed([[5, 0], [7, 9]]) == [[5, 0, 5], [7, 9, 16], [12, 9, 21]]

    @settings(max_examples=40)
    @given(st.integers(1, 4), st.integers(1, 4), st.data())
    def test_no_small_count_can_be_worked_out(self, rows, columns, data):
        cell = st.one_of(st.integers(0, 8), st.integers(0, 60))
        counts = [[data.draw(cell) for _ in range(columns)] for _ in range(rows)]
        shown = suppressed(counts)
        full = np.array(counts)
        full = np.hstack([full, full.sum(axis=1, keepdims=True)])
        full = np.vstack([full, full.sum(axis=0, keepdims=True)])
        hidden = {(i, j) for i, row in enumerate(shown) for j, cell in enumerate(row) if cell is None}
        for i, j in np.argwhere((full > 0) & (full < SMALLEST)):
            assert (int(i), int(j)) in hidden
            if len(hidden) < full.size:
                low, high = possible(full, hidden, (int(i), int(j)))
                assert high - low >= SMALLEST - 1

    def test_a_table_shows_the_word_for_what_is_hidden(self):
        frame = two_way(
            Counter({("a", "x"): 2, ("a", "y"): 40, ("b", "x"): 30, ("b", "y"): 50}), "row", "column"
        )
        assert frame["x"].to_list()[0] == HIDDEN
        assert frame["all"].to_list()[-1] in {"122", HIDDEN}
