"""`untoward restore` with an archive made to do harm: refused, nothing written outside, nothing half restored."""

import io
import json
import stat
import tracemalloc
import zipfile
from dataclasses import replace
from hashlib import sha256

import pytest

from untoward.errors import InputError
from untoward.settings import Settings
from untoward.tasks import site_restore
from untoward.tasks.site_backup import FORMAT, MANIFEST
from untoward.tasks.site_restore import _checked, _opened, _photos_brought, restore


def manifest(holding, **change):
    said = {
        "format": FORMAT, "made_at": "2026-01-01", "untoward": "0.1", "steps": [], "missing_photos": [],
        "files": {name: {"sha256": sha256(content).hexdigest()} for name, content in holding.items()},
    }  # fmt: skip
    return json.dumps(said | change).encode()


def archive(path, files, listed=None, **change):
    """A backup whose every hash is right, with these files in it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            made.writestr(name, content)
        made.writestr(MANIFEST, manifest(files) if listed is None else listed, **change)
    return path


@pytest.fixture
def home(tmp_path):
    folder = tmp_path / "outer" / "home"
    folder.mkdir(parents=True)
    return Settings(home=folder)


def everything_below(folder):
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*"))


def assert_refused(home, path, words):
    before = everything_below(home.home.parent)
    with pytest.raises(InputError) as refused:
        restore(home, path)
    assert words in str(refused.value)
    assert everything_below(home.home.parent) == before


@pytest.mark.parametrize(
    "name",
    [
        "photos/../secret.key", "photos/../../outside", "/etc/outside", "photos//{outer}/outside", "photos/./../x",
        "photos\\..\\..\\outside", "photos/C:/outside", "photos/~/x", "photos/.hidden", "photos/a\n.jpg", "photos/", "photos",
        "tables/../../outside", "tables/sessions.Session.jsonl", "tables/registry.User.jsonl/../../../x", "secret.key",
        "tables/registry.User", "home/x", "x", "photos/a/../../b", "photos/\u202egpj.exe",
    ],
)  # fmt: skip
def test_no_name_leads_out_of_its_folder(home, tmp_path, name):
    outer = tmp_path / "outer"
    named = name.format(outer=str(outer).lstrip("/"))
    path = archive(tmp_path / "bad.zip", {named: b"x"})
    assert_refused(home, path, "")
    assert not list(outer.rglob("*outside*"))


def test_a_name_that_begins_anew_after_a_double_slash_is_not_followed(home, tmp_path):
    """What is left of "photos//tmp/x" without "photos/" is an absolute path."""
    outside = tmp_path / "outer" / "planted"
    path = archive(tmp_path / "bad.zip", {f"photos/{outside}": b"x"})
    assert_refused(home, path, "outside its folder")
    assert not outside.exists()


def test_names_that_backups_have_are_taken(home, tmp_path):
    drawn = f"photos/ab/{'ab' * 20}.jpg"
    path = archive(tmp_path / "good.zip", {drawn: b"pixels", "tables/registry.User.jsonl": b""})
    with _opened(path) as opened:
        said = _checked(opened, path, lambda *_: None)
        with _photos_brought(opened, said, home, lambda *_: None) as count:
            assert count == 1
    kept = home.photos / drawn.removeprefix("photos/")
    assert kept.read_bytes() == b"pixels"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700


def test_a_link_in_the_archive_becomes_no_link_on_the_disk(home, tmp_path):
    name, target = f"photos/ab/{'cd' * 20}.jpg", b"/etc/passwd"
    path = tmp_path / "link.zip"
    with zipfile.ZipFile(path, "w") as made:
        info = zipfile.ZipInfo(name)
        info.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(info, target)
        made.writestr(MANIFEST, manifest({name: target}))
    with _opened(path) as opened:
        said = _checked(opened, path, lambda *_: None)
        with _photos_brought(opened, said, home, lambda *_: None):
            pass
    kept = home.photos / name.removeprefix("photos/")
    assert not kept.is_symlink()
    assert kept.read_bytes() == target


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name(home, tmp_path):
    name = f"photos/{'ab' * 20}.jpg"
    path = tmp_path / "twice.zip"
    with zipfile.ZipFile(path, "w") as made:
        made.writestr(name, b"one")
        made.writestr(name, b"two")
        made.writestr(MANIFEST, manifest({name: b"two"}))
    assert_refused(home, path, "two files of one name")


@pytest.mark.parametrize("name", ["photos/bomb.jpg", "tables/registry.User.jsonl"])
def test_a_bomb_is_refused_by_what_it_says_before_it_is_unpacked(home, tmp_path, monkeypatch, name):
    size = 60_000_000
    path = archive(tmp_path / "bomb.zip", {name: b"\0" * size})
    assert path.stat().st_size < size / 500
    monkeypatch.setattr(site_restore, "_digest", lambda *_: pytest.fail("it was unpacked"))
    assert_refused(home, path, "unpacks to 60 MB")


def test_a_bomb_that_lies_about_its_size_is_never_read_beyond_it(home, tmp_path):
    """The directory says 1,000 bytes; 60 MB are packed. No more than it says is read, and the hash then does not fit."""
    name, size = "photos/bomb.jpg", 60_000_000
    path = archive(tmp_path / "bomb.zip", {name: b"\0" * size})
    content = path.read_bytes()
    said, lie = size.to_bytes(4, "little"), (1000).to_bytes(4, "little")
    assert content.count(said) == 2
    path.write_bytes(content.replace(said, lie))
    tracemalloc.start()
    try:
        assert_refused(home, path, "bomb.jpg")
        assert tracemalloc.get_traced_memory()[1] < 20_000_000
    finally:
        tracemalloc.stop()


def test_a_manifest_that_is_a_bomb(home, tmp_path):
    path = archive(tmp_path / "bomb.zip", {}, listed=b" " * 60_000_000)
    assert_refused(home, path, "manifest.json unpacks to 60 MB")


@pytest.mark.parametrize(
    "listed",
    [
        b"", b"[]", b"null", b"[" * 100_000, b"\xff\xfe\x00", b'"untoward-backup 1"',
        json.dumps({"format": FORMAT}).encode(),
        manifest({}, files=[]), manifest({}, files={"photos/x.jpg": None}), manifest({}, steps={"a": 1}),
        manifest({}, steps=[["registry"]]), manifest({}, missing_photos=None), manifest({}, made_at=None),
        manifest({}, format=[FORMAT]),
    ],
)  # fmt: skip
def test_a_manifest_that_says_nonsense(home, tmp_path, listed):
    assert_refused(home, archive(tmp_path / "bad.zip", {}, listed=listed), "The backup cannot be used")


def test_what_is_no_archive(home, tmp_path):
    whole = archive(tmp_path / "whole.zip", {"photos/x.jpg": b"x" * 5000}).read_bytes()
    for content in (b"", b"PK\x03\x04", b"%PDF-1.7", whole[:-30], whole[40:90]):
        (tmp_path / "cut.zip").write_bytes(content)
        assert_refused(home, tmp_path / "cut.zip", "cannot be used")


def test_packed_in_a_way_that_is_not_ours(home, tmp_path):
    """Marked as encrypted, or by a method that is not known: told as damage, not as a fault of the program."""
    whole = archive(tmp_path / "whole.zip", {"photos/x.jpg": b"x" * 50}).read_bytes()
    at = whole.index(b"PK\x01\x02")
    encrypted = bytearray(whole)
    encrypted[6] |= 1
    encrypted[at + 8] |= 1
    unknown = bytearray(whole)
    unknown[8:10] = unknown[at + 10 : at + 12] = (99).to_bytes(2, "little")
    for content in (encrypted, unknown):
        (tmp_path / "odd.zip").write_bytes(bytes(content))
        assert_refused(home, tmp_path / "odd.zip", "cannot be")


@pytest.mark.parametrize(
    "row", [b"[1]", b"{", b'{"no_such_column": 1}', b'{"id": "one"}', b"[" * 90_000, b"\xff", b'{"uid": "x"}']
)
def test_a_row_that_no_table_holds_is_damage(row):
    from django.apps import apps

    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("tables/registry.Clinic.jsonl", row + b"\n")
    with zipfile.ZipFile(packed) as opened, pytest.raises(InputError):
        site_restore._rows_of(opened, "tables/registry.Clinic.jsonl", apps)


def test_what_fails_half_way_leaves_no_photos(home, tmp_path):
    name = f"photos/ab/{'ab' * 20}.jpg"
    path = archive(tmp_path / "good.zip", {name: b"pixels"})
    with _opened(path) as opened:
        said = _checked(opened, path, lambda *_: None)
        with pytest.raises(RuntimeError), _photos_brought(opened, said, home, lambda *_: None):
            raise RuntimeError("the database refused")
    assert everything_below(home.home) == []
    assert replace(home, demo=True).photos == home.photos
