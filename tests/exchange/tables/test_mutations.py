"""Whatever happens to the bytes of a file, reading ends in a result or an InputError, and the ledger adds up."""

from __future__ import annotations

import contextlib

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from untoward.errors import InputError
from untoward.exchange.tables import read_line_list, read_registry
from untoward.model.tables import REGISTRY_TABLES

ODD_BYTES = st.sampled_from(
    [
        b'"',
        b",",
        b";",
        b"\n",
        b"\r",
        b"\0",
        b"\xff",
        b"\xc3",
        b"\t",
        b"|",
        b"-",
        b"9",
        b"\xef\xbb\xbf",
        b'""',
        b"\n\n",
        b"1e999",
        b"\xff\xfe",
    ]
)
EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 6), st.one_of(ODD_BYTES, st.binary(max_size=4))),
    min_size=1,
    max_size=8,
)
CALM = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _edited(content: bytes, edits) -> bytes:
    for where, drop, put in edits:
        place = int(where * len(content))
        content = content[:place] + put + content[place + drop :]
    return content


def _assert_consistent(reading):
    for entry in reading.ledger:
        assert entry.read == entry.kept + entry.left_out
        assert getattr(reading.registry, entry.table).height == entry.kept
        assert entry.left_out == 0 or reading.faults
    sessions = set(reading.registry.sessions["session_id"])
    assert set(reading.registry.components["session_id"]) <= sessions
    assert set(reading.registry.reactions["session_id"]) <= sessions
    assert set(reading.registry.observations["reaction_id"]) <= set(reading.registry.reactions["reaction_id"])
    assert reading.registry.sessions["session_id"].is_unique().all()
    assert reading.registry.sessions["date_from"].null_count() == 0


@CALM
@given(table=st.sampled_from(list(REGISTRY_TABLES)), edits=EDITS)
def test_mutated_csv(names, good, write_csv, table, edits):
    folder = write_csv(good)
    (folder / f"{table}.csv").write_bytes(_edited((folder / f"{table}.csv").read_bytes(), edits))
    _assert_consistent(read_registry(folder, names))


@CALM
@given(content=st.binary(max_size=200))
def test_any_bytes_as_sessions(names, good, write_csv, content):
    folder = write_csv(good)
    (folder / "sessions.csv").write_bytes(content)
    _assert_consistent(read_registry(folder, names))


@CALM
@given(edits=EDITS)
def test_mutated_line_list(tmp_path, edits):
    path = tmp_path / "line-list.csv"
    path.write_bytes(
        _edited(b'count,ill,onset,cake,site\n1,yes,2026-03-02,no,thigh\n2,no,,yes,"face; neck"\n', edits)
    )
    with contextlib.suppress(InputError):
        reading = read_line_list(path)
        assert reading.ledger[0].kept == reading.line_list.frame.height
        assert reading.line_list.frame["count"].null_count() == 0


@settings(CALM, max_examples=40)
@given(edits=EDITS)
def test_mutated_workbook(names, good, write_xlsx, edits):
    path = write_xlsx(good)
    path.write_bytes(_edited(path.read_bytes(), edits))
    with contextlib.suppress(InputError):
        _assert_consistent(read_registry(path, names))


@pytest.mark.filterwarnings("default")
@settings(CALM, max_examples=40)
@given(edits=EDITS)
def test_mutated_parquet(names, good, write_csv, edits):
    folder = write_csv(good)
    path = folder / "sessions.parquet"
    pl.DataFrame(good["sessions"]).write_parquet(path)
    path.write_bytes(_edited(path.read_bytes(), edits))
    (folder / "sessions.csv").unlink()
    with contextlib.suppress(InputError):
        _assert_consistent(read_registry(folder, names))
