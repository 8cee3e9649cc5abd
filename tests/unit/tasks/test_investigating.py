"""Keys, files and what a pasted cell may not do."""

import stat

import polars as pl
import pytest

from untoward.errors import InputError, OutsideError, UsageError
from untoward.tasks.investigating_files import read_small_file, safe_csv, write_text
from untoward.tasks.investigating_linkage import make_tokens, new_key, read_key


class TestKeys:
    def test_a_new_key_is_random_and_nobody_elses(self, tmp_path):
        one, other = new_key(tmp_path / "a.key"), new_key(tmp_path / "b.key")
        assert stat.S_IMODE(one.stat().st_mode) == 0o600
        assert len(read_key(one)) == 32
        assert read_key(one) != read_key(other)

    def test_a_key_is_never_replaced(self, tmp_path):
        path = new_key(tmp_path / "a.key")
        key = read_key(path)
        with pytest.raises(UsageError, match="exists"):
            new_key(path)
        assert read_key(path) == key

    @pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
    def test_one_that_others_can_read_is_refused(self, tmp_path, mode):
        path = new_key(tmp_path / "a.key")
        path.chmod(mode)
        with pytest.raises(UsageError, match="read by others"):
            read_key(path)

    @pytest.mark.parametrize(
        ("content", "why"),
        [
            (bytes(range(31)), "31 bytes"),
            (b"", "0 bytes"),
            (b"\0" * 64, "1 different"),
            (bytes(range(250)) * 20, "bytes"),
        ],
    )
    def test_no_key_at_all(self, tmp_path, content, why):
        path = tmp_path / "a.key"
        path.write_bytes(content)
        path.chmod(0o600)
        with pytest.raises(UsageError, match=why):
            read_key(path)

    def test_a_person_in_two_lists_is_refused(self, tmp_path):
        key = new_key(tmp_path / "a.key")
        for name in ("a.csv", "b.csv"):
            (tmp_path / name).write_text(
                "patient_id,given_name,family_name,birth_date,sex\n1,Ana,Ruiz,1980-01-01,F\n"
            )
        with pytest.raises(UsageError, match="more than one of the lists"):
            make_tokens([tmp_path / "a.csv", tmp_path / "b.csv"], key, "north")


class TestFiles:
    def test_no_cell_runs_as_a_formula(self):
        frame = pl.DataFrame({"a": ["=1+1", "@x", "-3.5", "+7", " =x", "plain", None], "=b": ["1"] * 7})
        text = safe_csv(frame)
        assert text.splitlines()[0] == "a,'=b"
        assert [line.split(",")[0] for line in text.splitlines()[1:]] == [
            "'=1+1",
            "'@x",
            "-3.5",
            "+7",
            "' =x",
            "plain",
            "",
        ]

    def test_a_file_is_whole_or_not_there(self, tmp_path):
        path = write_text("text", tmp_path / "new" / "a.txt")
        assert path.read_text() == "text"
        assert sorted(path.parent.iterdir()) == [path]
        with pytest.raises(OutsideError):
            write_text("text", path / "below")

    def test_a_private_file(self, tmp_path):
        assert stat.S_IMODE(write_text("x", tmp_path / "a", private=True).stat().st_mode) == 0o600

    def test_files_that_are_no_definition(self, tmp_path):
        (tmp_path / "big").write_bytes(b"x" * 11)
        (tmp_path / "latin").write_bytes(b"\xe9")
        for name, what in (("big", "too large"), ("latin", "not UTF-8"), ("none", "No such file")):
            with pytest.raises(InputError, match=what):
                read_small_file(tmp_path / name, 10)
