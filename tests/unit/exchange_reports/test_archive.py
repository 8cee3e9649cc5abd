import gzip
import io
import os
import zipfile

import pytest

from untoward.errors import InputError
from untoward.exchange.reports.archive import LIMITS, Limits, as_utf8, find_sources

SMALL = Limits(bytes_of_a_file=1_000_000, ratio=20, free=10_000, members=5)


def zipped(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


class TestFinding:
    def test_plain_packed_and_archived_files_give_the_same_bytes(self, tmp_path):
        data = b"a$b\n1$2\n"
        tmp_path.joinpath("a.txt").write_bytes(data)
        tmp_path.joinpath("b.txt.gz").write_bytes(gzip.compress(data))
        zipped(tmp_path / "c.zip", {"ascii/d": data})
        sources = find_sources([tmp_path])
        assert [source.base for source in sources] == ["A.TXT", "B.TXT", "D"]
        assert {source.read() for source in sources} == {data}
        assert {b"".join(source.chunks()) for source in sources} == {data}
        assert [source.size for source in sources] == [8, None, 8]
        assert sources[2].name.endswith("c.zip/ascii/d")
        assert sources[2].container.endswith("c.zip/ascii")

    def test_a_file_given_twice_is_read_once(self, tmp_path):
        file = tmp_path / "a.txt"
        file.write_text("x")
        assert len(find_sources([file, tmp_path, str(file)])) == 1

    def test_hidden_files_and_leavings_of_other_systems_are_left_out(self, tmp_path):
        tmp_path.joinpath(".hidden").write_text("x")
        zipped(tmp_path / "c.zip", {"__MACOSX/d": "x", "d": "y"})
        assert [source.base for source in find_sources([tmp_path])] == ["D"]

    def test_a_packed_file_is_known_by_its_bytes_not_its_name(self, tmp_path):
        tmp_path.joinpath("a.txt").write_bytes(gzip.compress(b"inside"))
        assert find_sources([tmp_path])[0].read() == b"inside"

    def test_a_workbook_is_no_archive(self, tmp_path):
        zipped(tmp_path / "a.xlsx", {"sheet": "x"})
        assert [source.base for source in find_sources([tmp_path])] == ["A.XLSX"]

    def test_a_missing_path_is_named(self, tmp_path):
        with pytest.raises(InputError, match="no such file or folder"):
            find_sources([tmp_path / "none"])

    def test_a_pipe_in_a_folder_is_not_waited_for(self, tmp_path):
        os.mkfifo(tmp_path / "pipe")
        assert find_sources([tmp_path]) == ()


class TestRefusals:
    @pytest.mark.parametrize(
        "name", ["../out.txt", "/etc/out.txt", "a/../../out.txt", "..\\out.txt", "C:\\out.txt"]
    )
    def test_a_name_that_leads_out_is_refused(self, tmp_path, name):
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.writestr(name, "x")
        with pytest.raises(InputError, match="leads out of its archive"):
            find_sources([tmp_path])

    @pytest.mark.parametrize("kind", ["zip", "gz"])
    def test_a_bomb_is_refused_before_it_has_swollen(self, tmp_path, kind):
        data = b"0" * 900_000
        if kind == "zip":
            zipped(tmp_path / "a.zip", {"a": data})
        else:
            tmp_path.joinpath("a.gz").write_bytes(gzip.compress(data))
        (source,) = find_sources([tmp_path], SMALL)
        with pytest.raises(InputError, match="swells without end"):
            source.read()
        assert source.head(100) == b"0" * 100

    def test_text_that_packs_well_passes_while_it_is_small(self, tmp_path):
        zipped(tmp_path / "a.zip", {"a": b" " * 9_000})
        assert len(find_sources([tmp_path], SMALL)[0].read()) == 9_000

    def test_a_file_beyond_the_limit_is_refused(self, tmp_path):
        tmp_path.joinpath("a.txt").write_bytes(os.urandom(2_000_000))
        (source,) = find_sources([tmp_path], SMALL)
        with pytest.raises(InputError, match="too large"):
            source.read()

    def test_an_archive_of_too_many_files_is_refused(self, tmp_path):
        zipped(tmp_path / "a.zip", {f"f{number}": "x" for number in range(6)})
        with pytest.raises(InputError, match="too many files"):
            find_sources([tmp_path], SMALL)

    def test_a_locked_file_is_refused(self, tmp_path):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("a", "x")
        raw = bytearray(buffer.getvalue())
        raw[raw.index(b"PK\x01\x02") + 8] |= 1
        tmp_path.joinpath("a.zip").write_bytes(raw)
        with pytest.raises(InputError, match="password"):
            find_sources([tmp_path])

    @pytest.mark.parametrize("keep", [20, 60, 200])
    def test_a_file_cut_short_is_named(self, tmp_path, keep):
        tmp_path.joinpath("a.gz").write_bytes(gzip.compress(os.urandom(1000))[:keep])
        (source,) = find_sources([tmp_path])
        with pytest.raises(InputError, match="damaged or cut short"):
            source.read()

    def test_an_archive_cut_short_is_named(self, tmp_path):
        path = zipped(tmp_path / "a.zip", {"a": os.urandom(1000)})
        path.write_bytes(path.read_bytes()[:-30])
        with pytest.raises(InputError, match="damaged or cut short"):
            find_sources([tmp_path])

    def test_a_flipped_bit_is_noticed(self, tmp_path):
        path = zipped(tmp_path / "a.zip", {"a": b"some text " * 50})
        raw = bytearray(path.read_bytes())
        raw[45] ^= 0x10
        path.write_bytes(raw)
        with pytest.raises(InputError):
            find_sources([tmp_path])[0].read()

    def test_the_limits_let_the_largest_public_files_through(self):
        assert LIMITS.bytes_of_a_file > 10 * 1024**3
        assert LIMITS.ratio > 50


class TestEncoding:
    def test_utf8_stays(self):
        assert as_utf8("Sjögren".encode()) == "Sjögren".encode()

    def test_western_bytes_become_letters(self):
        assert as_utf8("Sjögren £".encode("latin-1")).decode() == "Sjögren £"

    def test_lines_of_both_kinds_keep_their_letters(self):
        mixed = "é".encode() + b"\n" + "é".encode("latin-1") + b"\n\x93quoted\x94"
        assert as_utf8(mixed).decode() == "é\né\n“quoted”"

    def test_bytes_that_the_code_page_leaves_open_are_kept(self):
        assert as_utf8(b"a\x81b\xff").decode() == "a\x81bÿ"

    def test_marks_of_byte_order_are_taken_off(self):
        assert as_utf8(b"\xef\xbb\xbfa") == b"a"
        assert as_utf8("aé".encode("utf-16")).decode() == "aé"

    def test_every_byte_can_be_read(self):
        assert len(as_utf8(bytes(range(256))).decode()) == 256
