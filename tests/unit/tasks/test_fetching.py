"""Files come whole or not at all, go on where they stopped, and are checked: against a server on this machine."""

import hashlib
import io
import json
import re
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from untoward.errors import OutsideError, UsageError
from untoward.tasks.fetching import fetch
from untoward.tasks.fetching_addresses import COLLECTIONS, wanted
from untoward.tasks.fetching_transfer import Patience

AT_ONCE = Patience(attempts=4, seconds=0)
NAME = "faers_ascii_2024q1.zip"


def archive(letters=400_000):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as made:
        made.writestr("ASCII/DEMO24Q1.txt", bytes(number % 251 for number in range(letters)))
    return content.getvalue()


class Agency:
    """What the server has, and how it misbehaves. `asked` are the Range headers it was sent (None: the whole file)."""

    def __init__(self):
        self.files = {f"/{NAME}": archive()}
        self.break_after = []  # bytes after which each next answer breaks off
        self.knows_ranges = True
        self.tag = '"one"'
        self.asked = []
        self.paths = []
        self.says_length = True
        self.shift = 0


class Handler(BaseHTTPRequestHandler):
    def log_message(self, *_arguments):
        pass

    def do_GET(self):
        agency = self.server.agency
        agency.paths.append(self.path)
        content = agency.files.get(self.path)
        if content is None or isinstance(content, int):
            self.send_error(content or 404)
            return
        asked = self.headers.get("Range")
        agency.asked.append(asked)
        start = self.start_of(asked, agency, len(content))
        if start is None:
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        if agency.tag:
            self.send_header("ETag", agency.tag)
        if start:
            shown = start + agency.shift
            self.send_header("Content-Range", f"bytes {shown}-{len(content) - 1}/{len(content)}")
        if agency.says_length:
            self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        limit = agency.break_after.pop(0) if agency.break_after else len(content)
        self.wfile.write(content[start:][:limit])

    def start_of(self, asked, agency, size):
        match = re.fullmatch(r"bytes=(\d+)-", asked or "")
        if not match or not agency.knows_ranges or self.headers.get("If-Range") != agency.tag:
            return 0
        return int(match[1]) if int(match[1]) < size else None


@pytest.fixture
def agency():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.agency = Agency()
    server.agency.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.agency
    server.shutdown()
    server.server_close()
    thread.join()


def bring(agency, folder, **options):
    return fetch("faers", "2024q1", folder, base_url=agency.url, patience=AT_ONCE, **options)


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_comes_with_its_checksum(agency, tmp_path):
    content = agency.files[f"/{NAME}"]
    told = []
    fetched = bring(agency, tmp_path / "new", progress=lambda *step: told.append(step))
    assert fetched.path.read_bytes() == content
    assert fetched.sha256 == hashlib.sha256(content).hexdigest()
    assert fetched.path.with_name(f"{NAME}.sha256").read_text() == f"{fetched.sha256}  {NAME}\n"
    assert names(tmp_path / "new") == [NAME, f"{NAME}.sha256"]
    assert told[-1] == (f"Fetching {NAME}", len(content), len(content))


def test_a_file_that_is_here_is_not_asked_for_again(agency, tmp_path):
    bring(agency, tmp_path)
    asked = len(agency.asked)
    assert bring(agency, tmp_path).was_here
    assert len(agency.asked) == asked
    assert not bring(agency, tmp_path, again=True).was_here


def test_a_file_that_was_changed_here_is_fetched_anew(agency, tmp_path):
    bring(agency, tmp_path)
    (tmp_path / NAME).write_bytes(b"spoilt")
    assert not bring(agency, tmp_path).was_here
    assert (tmp_path / NAME).read_bytes() == agency.files[f"/{NAME}"]


def test_a_transfer_that_breaks_off_goes_on_where_it_stopped(agency, tmp_path):
    agency.break_after = [100_000, 50_000]
    fetched = bring(agency, tmp_path)
    assert fetched.path.read_bytes() == agency.files[f"/{NAME}"]
    assert agency.asked == [None, "bytes=100000-", "bytes=150000-"]


def test_what_came_stays_when_patience_ends_and_the_next_run_goes_on(agency, tmp_path):
    agency.break_after = [1000] * 4
    with pytest.raises(OutsideError, match="broke off 4 times"):
        bring(agency, tmp_path)
    assert names(tmp_path) == [f"{NAME}.part", f"{NAME}.part.json"]
    assert (tmp_path / f"{NAME}.part").stat().st_size == 4000
    bring(agency, tmp_path)
    assert agency.asked[-1] == "bytes=4000-"
    assert names(tmp_path) == [NAME, f"{NAME}.sha256"]


def stop_after(bytes_come):
    def progress(_step, done, _total):
        if done > bytes_come:
            raise KeyboardInterrupt

    return progress


def test_a_stop_by_the_user_leaves_a_part_to_go_on_from(agency, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        bring(agency, tmp_path, progress=stop_after(1))
    come = (tmp_path / f"{NAME}.part").stat().st_size
    assert 0 < come < len(agency.files[f"/{NAME}"])
    assert bring(agency, tmp_path).path.read_bytes() == agency.files[f"/{NAME}"]
    assert agency.asked[-1] == f"bytes={come}-"


def test_a_file_that_changed_meanwhile_begins_anew(agency, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        bring(agency, tmp_path, progress=stop_after(1))
    agency.tag, agency.files[f"/{NAME}"] = '"two"', archive(300_000)
    assert bring(agency, tmp_path).path.read_bytes() == agency.files[f"/{NAME}"]


@pytest.mark.parametrize("misbehaviour", [{"knows_ranges": False}, {"tag": ""}, {"tag": 'W/"weak"'}])
def test_without_a_sure_way_to_go_on_the_file_begins_anew(agency, tmp_path, misbehaviour):
    for name, value in misbehaviour.items():
        setattr(agency, name, value)
    agency.break_after = [100_000]
    assert bring(agency, tmp_path).path.read_bytes() == agency.files[f"/{NAME}"]


def test_a_part_from_the_wrong_place_is_not_taken(agency, tmp_path):
    agency.break_after, agency.shift = [1000], 5
    with pytest.raises(OutsideError, match="another part than was asked for"):
        bring(agency, tmp_path)
    assert (tmp_path / f"{NAME}.part").stat().st_size == 1000


def test_a_part_longer_than_the_file_begins_anew(agency, tmp_path):
    agency.break_after = [1000] * 4
    with pytest.raises(OutsideError):
        bring(agency, tmp_path)
    with (tmp_path / f"{NAME}.part").open("ab") as part:
        part.write(bytes(1_000_000))
    assert bring(agency, tmp_path).path.read_bytes() == agency.files[f"/{NAME}"]


def test_a_spoilt_note_begins_anew(agency, tmp_path):
    (tmp_path / f"{NAME}.part").write_bytes(b"something")
    for note in ("{", "[]", '{"address": 1}', json.dumps({"address": "x", "stamp": "y", "size": "z"})):
        (tmp_path / f"{NAME}.part.json").write_text(note)
        assert bring(agency, tmp_path, again=True).path.read_bytes() == agency.files[f"/{NAME}"]


def test_a_file_of_unknown_length_is_checked_by_its_contents(agency, tmp_path):
    agency.says_length = False
    assert bring(agency, tmp_path).size == len(agency.files[f"/{NAME}"])
    agency.break_after = [100_000]
    with pytest.raises(OutsideError, match="no whole zip archive"):
        bring(agency, tmp_path, again=True)


def test_a_damaged_archive_is_thrown_away(agency, tmp_path):
    spoilt = bytearray(agency.files[f"/{NAME}"])
    spoilt[1000] ^= 255
    agency.files[f"/{NAME}"] = bytes(spoilt)
    with pytest.raises(OutsideError, match=r"DEMO24Q1\.txt is damaged"):
        bring(agency, tmp_path)
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    ("content", "said"),
    [(b" <!DOCTYPE html><p>code</p>", "a page of text"), (b"", "an empty file"), (b"no", "no whole zip")],
)
def test_what_is_no_archive_is_refused_with_a_way_by_hand(agency, tmp_path, content, said):
    agency.files["/eSubDownload/index.jsp?fn=2024VAERSData.zip"] = content
    with pytest.raises(OutsideError, match=said) as error:
        fetch("vaers", "2024", tmp_path, base_url=agency.url, patience=AT_ONCE)
    assert "asks a person to type a code" in str(error.value)
    assert names(tmp_path) == []


def test_the_other_spelling_of_a_quarter_is_tried(agency, tmp_path):
    agency.files = {"/faers_ascii_2024Q1.zip": archive(100)}
    assert bring(agency, tmp_path).path.name == NAME
    assert agency.paths == [f"/{NAME}", "/faers_ascii_2024Q1.zip"]


def test_a_quarter_that_is_not_there(agency, tmp_path):
    agency.files = {}
    with pytest.raises(OutsideError, match="is not there") as error:
        bring(agency, tmp_path)
    assert "fis.fda.gov" in str(error.value)


def test_a_server_in_trouble(agency, tmp_path):
    agency.files[f"/{NAME}"] = 503
    with pytest.raises(OutsideError, match="answered 503"):
        bring(agency, tmp_path)


def test_nobody_answers(tmp_path):
    with pytest.raises(OutsideError, match="could not be reached"):
        fetch("faers", "2024q1", tmp_path, base_url="http://127.0.0.1:1", patience=AT_ONCE)


PAGE = "/food/compliance-enforcement-food/human-foods-complaint-system-hfcs"


def test_the_file_behind_a_link_of_a_page(agency, tmp_path):
    agency.files[PAGE] = (
        b'<a href="/no">Other</a> <a\n title="Product-Based Data (CSV)" href="/media/1?a=1&amp;b=2">here</a>'
    )
    agency.files["/media/1?a=1&b=2"] = b"REPORT_ID,PRODUCT\n1,X\n"
    assert (
        fetch("caers", None, tmp_path, base_url=agency.url).path.read_bytes() == b"REPORT_ID,PRODUCT\n1,X\n"
    )


@pytest.mark.parametrize(
    "link", ['<a href="/x">Other</a>', '<a title="product-based" href="file:///etc/passwd">x</a>']
)
def test_a_page_without_the_link_or_with_one_that_leads_elsewhere(agency, tmp_path, link):
    agency.files[PAGE] = link.encode()
    with pytest.raises(OutsideError, match=r"has no link|not a web address"):
        fetch("caers", None, tmp_path, base_url=agency.url)


def test_a_folder_that_cannot_be_made(agency, tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutsideError, match="could not be made"):
        bring(agency, tmp_path / "file")


@pytest.mark.parametrize(
    ("collection", "period", "said"),
    [
        ("eudra", None, "no collection eudra"),
        ("faers", None, "needs a period"),
        ("faers", "2024", "not a quarter"),
        ("faers", "2024q5", "not a quarter"),
        ("faers", "1999q1", "not a quarter"),
        ("vaers", "1950", "not a year"),
        ("vaers", "../2024", "not a year"),
        ("caers", "2024", "one file for all years"),
    ],
)
def test_what_cannot_be_fetched(tmp_path, collection, period, said):
    with pytest.raises(UsageError, match=said):
        fetch(collection, period, tmp_path)


def test_other_kinds_of_address_are_refused(tmp_path):
    with pytest.raises(UsageError, match="not a web address"):
        fetch("faers", "2024q1", tmp_path, base_url="file:///etc")


def test_quarters_before_the_change_of_system():
    assert wanted("FAERS", "2012Q3").name == "aers_ascii_2012q3.zip"
    assert wanted("faers", "2012q4").name == "faers_ascii_2012q4.zip"
    assert wanted("vaers", "nondomestic").name == "NonDomesticVAERSData.zip"


def test_every_address_says_where_it_is_from():
    assert all(each.source and each.base.startswith("https://") for each in COLLECTIONS.values())
