"""Several files are written together: all of them or none, and what stood there before comes back."""

import shutil
from pathlib import Path

import pytest

from untoward.errors import OutsideError
from untoward.tasks.writing import write_together

NEW = {"a.txt": "new a", "b.txt": "new bé", "c.txt": "new c"}
OLD = {"a.txt": "old a", "b.txt": "old b", "notes.txt": "mine"}


def content(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def out(tmp_path):
    """A folder with two of the files from an earlier time, and one of the user's own."""
    folder = tmp_path / "out"
    folder.mkdir()
    for name, text in OLD.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def failing(method, at, error):
    """The method of Path, which fails at its nth call."""
    original, calls = getattr(Path, method), []

    def fail_once(self, *arguments, **options):
        calls.append(self)
        if len(calls) == at:
            raise error
        return original(self, *arguments, **options)

    return fail_once


def test_new_files_in_a_new_folder(tmp_path):
    paths = write_together(NEW, tmp_path / "deep" / "out")
    assert content(tmp_path / "deep" / "out") == NEW
    assert paths == {name: tmp_path / "deep" / "out" / name for name in NEW}


def test_old_files_are_replaced_and_others_left_alone(out):
    write_together(NEW, out)
    assert content(out) == {**OLD, **NEW}


@pytest.mark.parametrize("method", ["write_text", "replace"])
@pytest.mark.parametrize("at", [1, 2, 3])
@pytest.mark.parametrize(
    "error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["disk full", "Ctrl-C"]
)
class TestFailureInTheMiddle:
    def test_the_old_files_are_as_they_were(self, out, monkeypatch, method, at, error):
        monkeypatch.setattr(Path, method, failing(method, at, error))
        with pytest.raises((OutsideError, KeyboardInterrupt)):
            write_together(NEW, out)
        assert content(out) == OLD
        assert sorted(entry.name for entry in out.iterdir()) == sorted(OLD), (
            "nothing unfinished is left behind"
        )

    def test_a_folder_that_was_made_is_gone(self, tmp_path, monkeypatch, method, at, error):
        monkeypatch.setattr(Path, method, failing(method, at, error))
        with pytest.raises((OutsideError, KeyboardInterrupt)):
            write_together(NEW, tmp_path / "deep" / "out")
        assert list(tmp_path.iterdir()) == []


def test_old_files_that_cannot_be_kept_aside_stop_it(out, monkeypatch):
    def fail(*_arguments, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copy2", fail)
    with pytest.raises(
        OutsideError, match=r"could not be written: No space left on device\. Nothing there was changed"
    ):
        write_together(NEW, out)
    assert content(out) == OLD


def test_a_folder_in_the_place_of_a_file(out):
    (out / "c.txt").mkdir()
    with pytest.raises(OutsideError):
        write_together(NEW, out)
    assert content(out) == OLD


def test_a_file_in_the_place_of_the_folder(tmp_path):
    (tmp_path / "out").write_text("in the way", encoding="utf-8")
    for place in (tmp_path / "out", tmp_path / "out" / "deep"):
        with pytest.raises(OutsideError, match="could not be written"):
            write_together(NEW, place)
    assert (tmp_path / "out").read_text(encoding="utf-8") == "in the way"
