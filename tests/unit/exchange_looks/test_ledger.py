"""The ledger of looks: whole lines or none, and every change found."""

import json
import os

import pytest

from untoward.errors import InputError, OutsideError, UsageError
from untoward.exchange.looks import LedgerState, append_lines, read_ledger, repair_ledger


@pytest.fixture
def ledger(tmp_path):
    path = tmp_path / "looks.jsonl"
    append_lines(read_ledger(path), [{"kind": "plan"}, {"kind": "look", "n": 1}])
    append_lines(read_ledger(path), [{"kind": "look", "n": 2, "word": "añadido"}])
    return path


def seal(path):
    return path.with_name(path.name + ".seal")


def faults_of(path):
    with pytest.raises(InputError) as raised:
        read_ledger(path)
    return [fault.what for fault in raised.value.faults]


def test_what_was_written_is_read(ledger):
    chain = read_ledger(ledger)
    assert chain.state is LedgerState.WHOLE
    assert [document["kind"] for document in chain.documents] == ["plan", "look", "look"]
    assert chain.documents[2]["word"] == "añadido"
    assert chain.documents[0]["before"] == "0" * 64
    assert ledger.read_bytes().count(b"\n") == 3


def test_none_yet(tmp_path):
    chain = read_ledger(tmp_path / "looks.jsonl")
    assert chain.state is LedgerState.NEW
    assert chain.documents == ()
    assert list(tmp_path.iterdir()) == []


def test_a_changed_line_is_found_at_the_next(ledger):
    ledger.write_bytes(ledger.read_bytes().replace(b'"n":1', b'"n":7'))
    assert faults_of(ledger)[0].startswith("does not follow the line above it")


def test_a_changed_last_line_is_found_by_the_seal(ledger):
    ledger.write_bytes(ledger.read_bytes().replace(b'"n":2', b'"n":3'))
    assert faults_of(ledger) == ["is not the line that was sealed"]


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_a_line_taken_away_is_found(ledger, gone):
    lines = ledger.read_bytes().splitlines(keepends=True)
    del lines[gone]
    ledger.write_bytes(b"".join(lines))
    assert faults_of(ledger)


def test_lines_that_change_places_are_found(ledger):
    first, second, third = ledger.read_bytes().splitlines(keepends=True)
    ledger.write_bytes(first + third + second)
    assert len(faults_of(ledger)) >= 2


def test_a_missing_ledger_or_seal_is_found(ledger):
    kept = seal(ledger).read_bytes()
    seal(ledger).unlink()
    assert faults_of(ledger) == ["is missing or empty"]
    seal(ledger).write_bytes(kept)
    ledger.unlink()
    assert faults_of(ledger)[0].startswith("3 lines were sealed, 0 are there")


@pytest.mark.parametrize("text", ["3", "x " + "0" * 64, "9" * 40 + " " + "0" * 64, "-1 " + "0" * 64])
def test_a_seal_that_cannot_be_read(ledger, text):
    seal(ledger).write_text(text, encoding="utf-8")
    assert faults_of(ledger) == ["cannot be read"]


def test_all_faults_are_named_at_once(ledger):
    lines = ledger.read_bytes().splitlines(keepends=True)
    ledger.write_bytes(b"[]\n" + b"{broken\n" + lines[2])
    assert len(faults_of(ledger)) == 3


def test_a_line_cut_short_by_a_crash_is_said_and_kept_when_repaired(ledger):
    with ledger.open("ab") as file:
        file.write(b'{"kind":"lo')
    chain = read_ledger(ledger)
    assert chain.state is LedgerState.BROKEN_END
    assert len(chain.documents) == 3
    with pytest.raises(UsageError, match="--repair"):
        append_lines(chain, [{"kind": "look"}])
    kept = repair_ledger(chain)
    assert kept.read_bytes() == b'{"kind":"lo'
    whole = read_ledger(ledger)
    assert whole.state is LedgerState.WHOLE
    assert repair_ledger(whole) is None
    append_lines(whole, [{"kind": "look"}])
    assert len(read_ledger(ledger).documents) == 4


def test_the_very_first_line_cut_short(tmp_path):
    path = tmp_path / "looks.jsonl"
    append_lines(read_ledger(path), [{"kind": "plan"}])
    path.write_bytes(path.read_bytes()[:10])
    seal(path).write_text("0 " + "0" * 64, encoding="utf-8")
    chain = read_ledger(path)
    assert chain.state is LedgerState.BROKEN_END
    repair_ledger(chain)
    append_lines(read_ledger(path), [{"kind": "plan"}])
    assert len(read_ledger(path).documents) == 1


def test_a_crash_between_lines_and_seal(ledger):
    old = seal(ledger).read_bytes()
    append_lines(read_ledger(ledger), [{"kind": "look"}])
    seal(ledger).write_bytes(old)
    chain = read_ledger(ledger)
    assert chain.state is LedgerState.UNSEALED
    append_lines(chain, [{"kind": "look"}])
    assert read_ledger(ledger).state is LedgerState.WHOLE


def test_two_looks_at_once_do_not_mix(ledger):
    one, other = read_ledger(ledger), read_ledger(ledger)
    append_lines(one, [{"kind": "look"}])
    with pytest.raises(UsageError, match="meanwhile"):
        append_lines(other, [{"kind": "look"}])
    assert len(read_ledger(ledger).documents) == 4


def test_two_first_looks_at_once_do_not_mix(tmp_path):
    path = tmp_path / "looks.jsonl"
    one, other = read_ledger(path), read_ledger(path)
    append_lines(one, [{"kind": "plan"}])
    with pytest.raises(OutsideError):
        append_lines(other, [{"kind": "plan"}])


def test_a_full_disk_leaves_the_ledger_as_it_was(ledger, monkeypatch):
    before, chain = ledger.read_bytes(), read_ledger(ledger)

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutsideError, match="No space left"):
        append_lines(chain, [{"kind": "look"}])
    monkeypatch.undo()
    assert ledger.read_bytes() == before
    assert read_ledger(ledger).state is LedgerState.WHOLE


def test_numbers_that_json_does_not_have_are_not_written(ledger):
    with pytest.raises(ValueError, match="JSON"):
        append_lines(read_ledger(ledger), [{"e": float("nan")}])


def test_a_folder_is_no_ledger(tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        read_ledger(tmp_path)


def test_deep_nesting_is_a_fault_and_no_crash(ledger):
    ledger.write_bytes(b"[" * 100_000 + b"\n" + ledger.read_bytes())
    assert "is no JSON object" in faults_of(ledger)


def test_lines_are_plain_json(ledger):
    for line in ledger.read_text(encoding="utf-8").splitlines():
        assert isinstance(json.loads(line), dict)
