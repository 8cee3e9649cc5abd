"""Files made to break a reader, or broken on the way, end in a fault: never in a traceback, a hang or a full memory."""

from __future__ import annotations

import os
import zipfile

import polars as pl
import pytest
import xlsxwriter

from untoward.errors import InputError
from untoward.exchange.tables import find_input, read_line_list, read_registry, workbook_guard


@pytest.fixture
def refused(names, good, write_csv):
    """The faults of sessions when its file holds these bytes; the other tables are good."""

    def read(name: str, content: bytes, **options):
        folder = write_csv({table: rows for table, rows in good.items() if table != "sessions"})
        (folder / name).write_bytes(content)
        reading = read_registry(folder, names, **options)
        assert reading.registry.sessions.height == 0
        assert reading.registry.reactions.height == 0
        assert [entry.read for entry in reading.ledger] == [0, 3, 3, 2]
        return [fault for fault in reading.faults if fault.file.startswith("sessions.")]

    return read


@pytest.mark.parametrize(
    ("name", "content", "what"),
    [
        ("sessions.xlsx", b"session_id,patient_id,date\n", "is not an XLSX workbook"),
        ("sessions.xlsx", b"PK\x03\x04 and then nothing of a zip", "is not an XLSX workbook"),
        (
            "sessions.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old workbook",
            "the file is not what its name says",
        ),
        ("sessions.csv", b"PK\x03\x04", "the file is not what its name says"),
        ("sessions.csv", b"\x1f\x8b\x08 squeezed", "the file is not what its name says"),
        ("sessions.csv", b"", "the file is empty"),
        ("sessions.csv", b"\n\r\n  \n", "the file holds only blank lines"),
        ("sessions.csv", bytes(5000), "the file holds nothing but zero bytes"),
        ("sessions.csv", b"a" * 1_100_000, "no line end within the first million letters"),
        ("sessions.csv", b"x," * 5000 + b"\n1\n", "too many columns"),
        ("sessions.csv", b"\xff\xfe" + b"\x00\xd8" * 100, "is not text in an encoding that is known"),
        ("sessions.parquet", b"", "the file is empty"),
        ("sessions.parquet", b"PAR1 cut short", "is not a whole Parquet file"),
        ("sessions.parquet", b"session_id\n", "is not a Parquet file"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_fault(refused, name, content, what):
    faults = refused(name, content)
    assert [fault.what for fault in faults] == [what]


def test_a_header_alone(refused):
    assert [fault.what for fault in refused("sessions.csv", b"session_id,patient_id,date\n")] == [
        "there are no rows below the header"
    ]


def test_a_file_above_the_limit(refused):
    fault = refused("sessions.csv", b"session_id,patient_id,date\n" + b"x" * 10_000, max_bytes=10_000)[0]
    assert (fault.what, fault.got, fault.expected) == (
        "the file is larger than this reader takes",
        "10,027 bytes",
        "at most 10,000 bytes",
    )


def test_a_huge_file_is_refused_before_it_is_read(names, tmp_path):
    with (tmp_path / "sessions.csv").open("wb") as stream:
        stream.truncate(5 * 1024**3)  # takes no room on the disk
    (tmp_path / "reactions.csv").write_text("reaction_id,session_id,term\n")
    assert read_registry(tmp_path, names).faults[0].what == "the file is larger than this reader takes"


def test_truncated_parquet(refused, tmp_path):
    pl.DataFrame({"session_id": ["S1"] * 1000}).write_parquet(tmp_path / "whole.parquet")
    whole = (tmp_path / "whole.parquet").read_bytes()
    assert [fault.what for fault in refused("sessions.parquet", whole[: len(whole) // 2])] == [
        "is not a whole Parquet file"
    ]


def test_parquet_with_nested_cells(refused, tmp_path):
    pl.DataFrame({"session_id": [{"a": 1}]}).write_parquet(tmp_path / "nested.parquet")
    assert [
        fault.what for fault in refused("sessions.parquet", (tmp_path / "nested.parquet").read_bytes())
    ] == ["a column holds no plain values"]


def test_a_folder_named_like_a_table_is_not_one(names, good, write_csv):
    del good["sessions"]
    folder = write_csv(good)
    (folder / "sessions.csv").mkdir()
    with pytest.raises(InputError, match="no table of sessions"):
        read_registry(folder, names)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    with pytest.raises(InputError, match="is neither a file nor a folder"):
        find_input(tmp_path / "pipe.csv")


def test_a_file_that_may_not_be_read(names, good, write_csv, monkeypatch):
    folder = write_csv(good)
    allowed = type(folder).open

    def forbidden(self, *args, **kwargs):
        if self.name == "sessions.csv":
            raise PermissionError(13, "Permission denied")
        return allowed(self, *args, **kwargs)

    monkeypatch.setattr(type(folder), "open", forbidden)
    fault = read_registry(folder, names).faults[0]
    assert (fault.what, fault.file, fault.got) == ("cannot be opened", "sessions.csv", "Permission denied")


def _workbook(path, *, extra: dict[str, bytes] | None = None, far: tuple[int, int] | None = None):
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("sessions")
        for place, header in enumerate(("session_id", "patient_id", "date")):
            sheet.write_string(0, place, header)
        if far:
            sheet.write_string(*far, "x")
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return path


def _what(call, *args) -> str:
    with pytest.raises(InputError) as caught:
        call(*args)
    return caught.value.faults[0].what


def test_a_zip_bomb_is_refused_unopened(tmp_path, names):
    path = _workbook(tmp_path / "bomb.xlsx", extra={"xl/media/blank.bin": bytes(40 * 1024**2)})
    assert (
        _what(read_registry, path, names)
        == "the workbook unpacks to many times its size, as no ordinary workbook does"
    )


def test_a_workbook_that_would_fill_the_memory_is_refused(tmp_path, names, monkeypatch):
    monkeypatch.setattr(workbook_guard, "MOST_UNPACKED_BYTES", 1000)
    assert (
        _what(read_registry, _workbook(tmp_path / "big.xlsx"), names)
        == "the workbook would unpack to more than this reader takes"
    )


@pytest.mark.parametrize("far", [(1_048_575, 200), (5, 16_000)])
def test_a_stray_cell_far_out_is_refused(tmp_path, names, far):
    assert _what(read_registry, _workbook(tmp_path / "far.xlsx", far=far), names) == "a sheet reaches too far"


def test_a_false_checksum_is_noticed(tmp_path, names):
    path = _workbook(tmp_path / "false.xlsx", extra={"xl/note.txt": b"0123456789" * 10})
    content = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        crc = archive.getinfo("xl/note.txt").CRC.to_bytes(4, "little")
    path.write_bytes(content.replace(crc, b"\0\0\0\0"))
    assert _what(read_registry, path, names) == "is not an XLSX workbook"


def test_another_zip_is_not_a_workbook(tmp_path, names):
    path = tmp_path / "other.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("letter.txt", "hello")
    assert _what(read_registry, path, names) == "is not an XLSX workbook"


def test_formulas_are_read_as_values_and_failed_ones_are_faults(tmp_path, names):
    path = tmp_path / "formulas.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("sessions")
        for number, row in enumerate(
            (
                ("session_id", "patient_id", "date", "age"),
                ("S1", "P1", "2026-03-02"),
                ("S2", "P2", "2026-03-03"),
            )
        ):
            sheet.write_row(number, 0, row)
        sheet.write_formula(1, 3, "=20+1", None, 21)
        sheet.write_formula(2, 3, "=1/0", None, "#DIV/0!")
        book.add_worksheet("reactions").write_row(0, 0, ("reaction_id", "session_id", "term"))
    reading = read_registry(path, names)
    assert reading.faults == ()
    assert reading.registry.sessions["age"].to_list() == [21.0, None]
    assert reading.notes[0] == "formulas.xlsx: a cell holds a formula that failed, read as not known"


def test_a_formula_that_failed_before_it_became_text(names, tmp_path):
    (tmp_path / "sessions.csv").write_text("session_id,patient_id,date,clinic\nS1,P1,2026-03-02,#REF!\n")
    faults = [fault for fault in read_registry(tmp_path, names).faults if fault.file == "sessions.csv"]
    assert [(fault.what, fault.where) for fault in faults] == [("a formula that failed", "row 2")]


def test_a_line_list_that_cannot_be_read(tmp_path):
    for name, content in (
        ("a.csv", b""),
        ("b.xlsx", b"no"),
        ("c.parquet", b"PAR1"),
        ("d.doc", b"x"),
        ("e.csv", b"ill\n"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError):
            read_line_list(tmp_path / name)
