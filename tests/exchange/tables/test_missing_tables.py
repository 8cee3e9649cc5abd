"""Tables that are not there, stand twice, or have another name than they should."""

from __future__ import annotations

import pytest

from untoward.errors import InputError
from untoward.exchange.tables import read_registry


def test_no_sessions_at_all(names, write_csv, good):
    del good["sessions"]
    with pytest.raises(InputError, match="no table of sessions"):
        read_registry(write_csv(good), names)


def test_two_files_for_one_table(names, write_csv, good, tmp_path):
    folder = write_csv(good)
    (folder / "session.tsv").write_text("session_id\tpatient_id\tdate\n")
    fault = read_registry(folder, names).faults[0]
    assert (fault.what, fault.file, fault.hint) == (
        "2 files for one table", "session.tsv, sessions.csv", "Remove all but one; sessions.csv was read.",
    )  # fmt: skip


def test_a_misnamed_table_is_noted_and_a_known_one_in_a_foreign_format_is_a_fault(names, write_csv, good):
    folder = write_csv(good)
    (folder / "reaction list.csv").write_text("x\n")
    (folder / "components.csv").rename(folder / "components.csv.gz")
    reading = read_registry(folder, names)
    assert len(reading.faults) == 1
    assert reading.faults[0].what == "a table in a format that is not read"
    assert (
        reading.notes[0]
        == "reaction list.csv: not used; its name is none of sessions, components, reactions, observations"
    )
