"""Versions and the cache: what was read is known by its bytes, and a copy is used only when it is whole."""

import json
import os
import shutil
from pathlib import Path

import pytest

from untoward.errors import EvidenceError
from untoward.evidence import load
from untoward.evidence.load import EDITION, data_folder, load_evidence


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache folder of this test's own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    load._load.cache_clear()
    yield tmp_path / "cache" / "untoward"
    load._load.cache_clear()


@pytest.fixture
def without_yaml(monkeypatch):
    """From now on reading YAML fails the test."""

    def forbid():
        def fail(*_arguments):
            pytest.fail("YAML was read")

        monkeypatch.setattr("untoward.evidence.check.read_checked", fail)
        load._load.cache_clear()

    return forbid


def content(base):
    return base.version, base.sources, base.compounds, base.compound_names, base.terms, base.records


class TestVersion:
    def test_it_names_the_edition_and_the_bytes(self, cache, sound, write):
        edition, _plus, digest = load_evidence(write(sound)).version.partition("+sha256:")
        assert edition == EDITION
        assert len(digest) == 12

    def test_the_same_bytes_have_the_same_version_wherever_they_are(self, cache, sound, write):
        assert load_evidence(write(sound, "one")).version == load_evidence(write(sound, "two")).version

    @pytest.mark.parametrize(
        "section", ["compounds.yaml", "sources/all.yaml", "terms/all.yaml", "records/all.yaml"]
    )
    def test_one_byte_more_is_another_version(self, cache, sound, write, section):
        before = load_evidence(write(sound, "one")).version
        after = write(sound, "two")
        with (after / section).open("ab") as file:
            file.write(b"\n")
        assert load_evidence(after).version != before

    def test_a_file_under_another_name_is_another_version(self, cache, sound, write):
        before = load_evidence(write(sound, "one")).version
        after = write(sound, "two")
        (after / "records" / "all.yaml").rename(after / "records" / "other.yaml")
        assert load_evidence(after).version != before


class TestCache:
    def test_the_second_load_reads_no_yaml_and_gives_the_same(self, cache, sound, write, without_yaml):
        folder = write(sound)
        first = load_evidence(folder)
        assert len(list(cache.iterdir())) == 1
        without_yaml()
        assert content(load_evidence(folder)) == content(first)

    def test_the_shipped_base_comes_out_of_the_cache_as_it_went_in(self, cache, without_yaml):
        first = load_evidence()
        without_yaml()
        assert content(load_evidence()) == content(first)

    @pytest.mark.parametrize(
        "spoil",
        [
            lambda text: b"",
            lambda text: text[:-100],
            lambda text: b"{}",
            lambda text: text.partition(b"\n")[2],
            lambda text: text.replace(b'"n": 3', b'"n": 4'),
            lambda text: json.dumps({"compounds": [], "sources": [], "terms": [], "records": []}).encode(),
            lambda text: b"\xff\xfe" + text,
        ],
        ids=["empty", "cut short", "other JSON", "without its seal", "altered", "emptied", "no text"],
    )
    def test_a_corrupt_cache_is_ignored_and_mended(self, cache, sound, write, without_yaml, spoil):
        folder = write(sound)
        first = load_evidence(folder)
        (file,) = cache.iterdir()
        file.write_bytes(spoil(file.read_bytes()))
        load._load.cache_clear()
        assert content(load_evidence(folder)) == content(first)
        without_yaml()
        assert content(load_evidence(folder)) == content(first)

    def test_a_cache_that_is_a_folder_is_ignored(self, cache, sound, write):
        folder = write(sound)
        load_evidence(folder)
        (file,) = cache.iterdir()
        file.unlink()
        file.mkdir()
        load._load.cache_clear()
        assert len(load_evidence(folder).records) == 3
        assert [entry.name for entry in cache.iterdir()] == [file.name], "nothing unfinished is left behind"

    def test_a_cache_folder_that_cannot_be_made_is_no_error(self, cache, sound, write, monkeypatch):
        cache.parent.write_text("a file where the folder should be", encoding="utf-8")
        assert len(load_evidence(write(sound)).records) == 3

    def test_a_full_disk_is_no_error(self, cache, sound, write, monkeypatch):
        def full(self, content):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(Path, "write_bytes", full)
        assert len(load_evidence(write(sound)).records) == 3
        assert list(cache.iterdir()) == []

    def test_a_user_without_a_home_is_no_error(self, cache, sound, write, monkeypatch):
        def nowhere(self):
            raise RuntimeError("Could not determine home directory.")

        monkeypatch.delenv("XDG_CACHE_HOME")
        monkeypatch.setattr(Path, "expanduser", nowhere)
        assert len(load_evidence(write(sound)).records) == 3

    def test_what_another_version_checked_is_checked_again(
        self, cache, sound, write, without_yaml, monkeypatch
    ):
        folder = write(sound)
        load_evidence(folder)
        monkeypatch.setattr(load, "_checked_by", lambda: "another version")
        without_yaml()
        with pytest.raises(pytest.fail.Exception, match="YAML was read"):
            load_evidence(folder)

    def test_faulty_evidence_is_never_kept(self, cache, sound, write):
        sound["records"][0]["n"] = 11
        with pytest.raises(EvidenceError):
            load_evidence(write(sound))
        assert not cache.exists()

    @pytest.mark.skipif(os.name != "posix", reason="permissions as POSIX has them")
    def test_only_the_user_can_read_the_cache_folder(self, cache, sound, write):
        load_evidence(write(sound))
        assert cache.stat().st_mode & 0o077 == 0


def test_a_copy_of_the_shipped_folder_is_the_same_base(cache, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(data_folder(), copy)
    assert content(load_evidence(copy)) == content(load_evidence())
