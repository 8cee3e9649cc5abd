"""A good registry reads the same from every format, and what is derived is what the dates allow."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from untoward.errors import InputError
from untoward.exchange.tables import find_input, read_registry, write_template
from untoward.exchange.tables.draft import schema_of
from untoward.model.tables import REGISTRY_TABLES, RowLedger


def _assert_same(left, right):
    assert left.findings == right.findings
    for name in REGISTRY_TABLES:
        assert_frame_equal(getattr(left, name), getattr(right, name))


def test_a_good_registry_has_no_faults_and_keeps_every_row(read, good):
    reading = read(good)
    assert reading.faults == ()
    assert reading.unrecognised == ()
    assert [(entry.table, entry.read, entry.kept) for entry in reading.ledger] == [
        ("sessions", 3, 3), ("components", 3, 3), ("reactions", 3, 3), ("observations", 2, 2),
    ]  # fmt: skip


def test_tables_have_exactly_the_columns_and_types_of_the_model(read, good):
    registry = read(good).registry
    for name in ("sessions", "components", "reactions"):
        assert dict(getattr(registry, name).schema) == schema_of(REGISTRY_TABLES[name])
    assert dict(registry.observations.schema) == {
        **schema_of(REGISTRY_TABLES["observations"]),
        "fever": pl.String(),
    }


def test_csv_workbook_parquet_and_mixed_folder_give_the_same_registry(
    good, names, write_csv, write_xlsx, tmp_path
):
    folder = write_csv(good)
    from_csv = read_registry(folder, names).registry
    _assert_same(read_registry(write_xlsx(good), names).registry, from_csv)

    parquet = tmp_path / "parquet"
    parquet.mkdir()
    for name, rows in good.items():
        pl.DataFrame(rows).write_parquet(parquet / f"{name}.parquet")
    _assert_same(read_registry(parquet, names).registry, from_csv)

    mixed = tmp_path / "mixed"
    mixed.mkdir()
    (folder / "sessions.csv").rename(mixed / "SESSION.CSV")
    (parquet / "components.parquet").rename(mixed / "Components.parquet")
    write_xlsx({"anything": good["reactions"]}, "mixed/reactions.xlsx")
    (folder / "observations.csv").rename(mixed / "observation.csv")
    _assert_same(read_registry(mixed, names).registry, from_csv)


def test_typed_parquet_and_date_cells_read_like_text(good, names, write_csv, tmp_path):
    good["sessions"] = [row for row in good["sessions"] if row["session_id"] != "S3"]
    for name in ("components", "reactions", "observations"):
        good[name] = [row for row in good[name] if "S3" not in row.values()]
    expected = read_registry(write_csv(good), names).registry
    folder = tmp_path / "typed"
    folder.mkdir()
    for name, rows in good.items():
        pl.DataFrame(rows).write_parquet(folder / f"{name}.parquet")
    pl.DataFrame(good["sessions"]).with_columns(
        pl.Series("date", [dt.datetime(2026, 3, 2), dt.datetime(2026, 3, 16, 14, 30)]),
        pl.Series("licensed", [True, False]),
        pl.col("age").cast(pl.Float64),
    ).write_parquet(folder / "sessions.parquet")
    # A column of instants cannot say "a day": the midnight of S1 is taken for a time once another row has a time.
    registry = read_registry(folder, names).registry
    assert registry.sessions["date"].to_list() == ["2026-03-02T00:00", "2026-03-16T14:30"]
    assert_frame_equal(registry.sessions.drop("date", "date_to"), expected.sessions.drop("date", "date_to"))
    assert_frame_equal(registry.components, expected.components)


def test_reading_twice_gives_the_same(good, names, write_csv):
    folder = write_csv(good)
    _assert_same(read_registry(folder, names).registry, read_registry(folder, names).registry)


def test_given_text_stays_and_instants_stand_beside_it(read, good):
    sessions = read(good).registry.sessions
    assert sessions["date"].to_list() == ["2026-03-02", "2026-03-16T14:30", "2026-04"]
    assert sessions["date_from"].to_list() == [
        dt.datetime(2026, 3, 2),
        dt.datetime(2026, 3, 16, 14, 30),
        dt.datetime(2026, 4, 1),
    ]
    assert sessions["date_to"].to_list() == [
        dt.datetime(2026, 3, 3),
        dt.datetime(2026, 3, 16, 14, 30),
        dt.datetime(2026, 5, 1),
    ]
    assert sessions["licensed"].to_list() == [True, False, None]


def test_days_of_reactions(read, good):
    """By hand: R1 two calendar days, so 1 to 3; R2 twelve hours to the minute; R3 a month within a month, no day shown."""
    reactions = read(good).registry.reactions
    assert reactions["onset_day"].to_list() == [2.0, 0.5, None]
    assert reactions["onset_day_from"].to_list() == [1.0, 0.5, 0.0]
    assert reactions["onset_day_to"].to_list() == [3.0, 0.5, 30.0]
    assert reactions["resolved_day"].to_list() == [18.0, None, None]
    assert reactions["resolved_day_to"].to_list() == [19.0, None, None]
    assert reactions["patient_id"].to_list() == ["P1", "P1", "P2"]
    assert reactions["term_id"].to_list() == ["nodule", "swelling", "swelling"]


def test_days_of_observations_and_findings(read, good):
    reading = read(good)
    observations = reading.registry.observations
    assert observations["day"].to_list() == [3.0, 9.0]
    assert observations["day_from"].to_list() == [2.0, 9.0]
    assert observations["day_to"].to_list() == [4.0, 9.0]
    assert reading.registry.findings == {"fever": "fever"}
    assert observations["fever"].to_list() == ["no", None]
    assert observations["text"].to_list() == ['hard, "cold"', None]


def test_names_resolve_to_keys(read, good):
    assert read(good).registry.components["compound_key"].to_list() == [
        "phosphatidylcholine",
        "procaine",
        "phosphatidylcholine",
    ]


def test_progress_runs_from_nothing_to_all(read, good):
    seen = []
    read(good, progress=lambda step, done, total: seen.append((step, done, total)))
    assert [done for _step, done, _total in seen] == list(range(8))
    assert {total for _step, _done, total in seen} == {7}
    assert seen[0][0] == "reading sessions"
    assert seen[-1] == ("done", 7, 7)


def test_components_and_observations_may_be_absent_but_reactions_may_not(read, good):
    reading = read({"sessions": good["sessions"]})
    assert reading.registry.sessions.height == 3
    assert [(fault.what, fault.file) for fault in reading.faults] == [("no table of reactions", "reactions")]
    assert reading.notes == (
        "no table of components was found: what was injected is not known",
        "no table of observations was found: how reactions went on is not known",
    )
    assert reading.registry.components.schema == schema_of(REGISTRY_TABLES["components"])


def test_a_header_alone_says_there_were_no_reactions(names, good, write_csv):
    folder = write_csv({"sessions": good["sessions"]})
    (folder / "reactions.csv").write_text("reaction_id,session_id,term\n")
    reading = read_registry(folder, names)
    assert reading.faults == ()
    assert reading.registry.reactions.height == 0


def test_find_input_tells_registry_from_line_list(good, write_csv, write_xlsx, tmp_path):
    folder = write_csv(good)
    assert find_input(folder) == "registry"
    assert find_input(write_xlsx(good)) == "registry"
    assert find_input(write_xlsx({"people": [{"ill": "yes"}]}, "people.xlsx")) == "line-list"
    assert find_input(Path("-")) == "line-list"
    alone = tmp_path / "example"
    alone.mkdir()
    (alone / "line-list.csv").write_text("ill,cake\nyes,no\n")
    (alone / "about.yaml").write_text("title: x\n")
    assert find_input(alone) == "line-list"
    assert find_input(alone / "line-list.csv") == "line-list"


def test_find_input_says_what_it_looked_for(tmp_path, write_csv, good):
    with pytest.raises(InputError, match=r"neither a registry nor a line list .*sessions .*line list"):
        find_input(tmp_path)
    with pytest.raises(InputError, match="there is no such file or folder"):
        find_input(tmp_path / "nothing")
    with pytest.raises(InputError, match="this is one table of a registry"):
        find_input(write_csv(good) / "sessions.csv")
    (tmp_path / "a.csv").write_text("ill\nyes\n")
    (tmp_path / "b.csv").write_text("ill\nyes\n")
    with pytest.raises(InputError, match=r"more than one table .*a\.csv, b\.csv"):
        find_input(tmp_path)


def test_the_template_is_empty_until_it_is_filled_in(tmp_path, names):
    path = tmp_path / "template.xlsx"
    write_template(path)
    assert find_input(path) == "registry"
    reading = read_registry(path, names)
    assert [fault.what for fault in reading.faults] == ["there are no rows below the header"]
    headers = [entry.header for entry in reading.columns]
    assert headers == [
        column.name for table in REGISTRY_TABLES.values() for column in table.columns if not column.derived
    ]
    assert {entry.how for entry in reading.columns} == {"its own name"}


def test_the_ledger_cannot_lie():
    with pytest.raises(ValueError, match="3 rows read"):
        RowLedger(table="sessions", read=3, kept=1, left_out=1)
