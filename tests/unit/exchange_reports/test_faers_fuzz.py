"""Thousands of spoiled lines: never a crash, never a row that the ledger does not explain, sound rows untouched.

``UNTOWARD_MUTATIONS`` says how many lines are spoiled (2,000 when not set; the test marked slow spoils 100,000).
"""

import io
import os
from pathlib import Path

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from untoward.errors import InputError
from untoward.exchange.reports.archive import SourceFile
from untoward.exchange.reports.faers import read_faers
from untoward.exchange.reports.read import no_progress
from untoward.model.ledger import Fate

FIXTURES = Path(__file__).parents[2] / "fixtures" / "reports"
PER_FILE = 100
MUTATIONS = int(os.environ.get("UNTOWARD_MUTATIONS", "2000"))
MANY = max(100_000, MUTATIONS)

NAMES = {"faers_2017q1": "*17Q1.txt", "faers_2017q2": "*17Q2.txt", "aers_2012q2": "*12Q2.TXT"}
COPIES = 5
"""Each line stands so often, so that the files are long enough to have many lines spoiled."""


def lines_with_copies(file):
    head, *lines = file.read_bytes().splitlines(keepends=True)
    return [head, *lines * COPIES]


FILES = {
    file.name: lines_with_copies(file)
    for folder, names in NAMES.items()
    for file in sorted((FIXTURES / folder).rglob(names))
}
TABLES = sorted(FILES)

GUARDS = {  # a case of its own at both ends of each file that is not spoiled
    "DEMO17Q1.txt": b"%b1$%b$1$I$20170101$20170101$20170101$20170101$EXP$$G$G$$40$YR$$F$Y$$$20170101$$MD$US$US\n",
    "DRUG17Q1.txt": b"%b1$%b$1$PS$GUARD$GUARD$1$$$$$$$$$$$$$$\n",
    "REAC17Q1.txt": b"%b1$%b$Guarded$\n",
    "OUTC17Q1.txt": b"%b1$%b$HO\n",
}
ENDS = (b"9000001", b"9000002")

BYTES = st.sampled_from(
    [b"$", b"$$", b"\n", b"\r\n", b"\r", b"\0", b'"', b"'", b"\\", b"\xff", b"\xc3", b"\x1a", b" ", b"\t", b"$\n$", b"0",
     b"99999999999999999999", b"PS", b"$" * 300, "é".encode(), b"\xef\xbb\xbf"]
)  # fmt: skip


def insert(line, at, what):
    return line[:at] + what + line[at:]


def delete(line, at, what):
    return line[:at] + line[at + len(what) :]


def replace(line, at, what):
    return line[:at] + what + line[at + len(what) :]


def cut(line, at, what):
    return line[:at] + b"\n"


def lose_separator(line, at, what):
    found = line.find(b"$", at)
    return line if found < 0 else line[:found] + line[found + 1 :]


def run_on(line, at, what):
    return line.rstrip(b"\r\n")


def twice(line, at, what):
    return line + line


def reverse(line, at, what):
    return line.rstrip(b"\r\n")[::-1] + b"\n"


def rotate(line, at, what):
    bare = line.rstrip(b"\r\n")
    return bare[at:] + bare[:at] + b"\n"


SPOIL = st.sampled_from(
    [insert, insert, delete, replace, cut, lose_separator, run_on, twice, reverse, rotate]
)
MUTATION = st.tuples(
    st.sampled_from(TABLES), st.integers(1, 10**6), SPOIL, st.integers(0, 400), BYTES
)  # which file, which line (never the header), how, where, with what


def spoiled(mutations):
    files = {name: list(lines) for name, lines in FILES.items()}
    for name, number, spoil, at, what in mutations:
        lines = files[name]
        if len(lines) > 1:
            number = 1 + number % (len(lines) - 1)
            lines[number] = spoil(lines[number], at % (len(lines[number]) or 1), what)
    return {name: guarded(name, lines) for name, lines in files.items()}


def guarded(name, lines):
    if name not in GUARDS:
        return b"".join(lines)
    first, last = (GUARDS[name] % (case, case) for case in ENDS)
    return b"".join([lines[0], first, *lines[1:], b"\n", last])


def sources(files):
    return [source(f"{name[4:8]}/{name}", data) for name, data in files.items()]


def source(name, data):
    return SourceFile(name=name, opener=lambda: io.BytesIO(data), size=len(data))


def check(mutations):
    files = spoiled(mutations)
    tables = read_faers(sources(files), no_progress)
    assert tables.ledger.faults() == ()
    read = {entry.table: tables.ledger.rows(Fate.READ, entry.table) for entry in tables.ledger.entries}
    for table in ("DEMO", "DRUG", "REAC", "OUTC", "THER"):
        lines = sum(len(lines_of(data)) - 1 for name, data in files.items() if name.startswith(table))
        assert read[table] >= lines, table  # more where one line held two rows
    check_tables(tables)
    check_guards(tables)


def lines_of(data):
    """The lines as the reader has them: ended by a newline, the last one also without."""
    lines = data.split(b"\n")
    return lines[:-1] if lines[-1] == b"" else lines


def check_tables(tables):
    ids = tables.reports.get_column("report_id")
    assert ids.is_unique().all()
    assert tables.reports.get_column("case_id").is_unique().all()
    for table in (tables.drugs, tables.events):
        assert table.get_column("report_id").is_in(ids.implode()).all()
    assert not tables.drugs.get_column("drug").has_nulls()
    assert not tables.events.get_column("event").has_nulls()
    for entry in tables.ledger.entries:
        if entry.fate is Fate.DROPPED:
            assert entry.reason
        assert all(len(example) < 110 for example in entry.examples)


def check_guards(tables):
    for case in ENDS:
        key = case.decode() + "1"
        (report,) = tables.reports.filter(report_id=key).rows(named=True)
        assert (report["age_years"], report["sex"], report["serious"]) == (40.0, "F", True)
        assert tables.drugs.filter(report_id=key).get_column("drug").to_list() == ["GUARD"]
        assert tables.events.filter(report_id=key).get_column("event").to_list() == ["Guarded"]


def fuzz(mutations):
    @hypothesis.settings(
        max_examples=max(1, mutations // PER_FILE),
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @given(st.lists(MUTATION, min_size=PER_FILE, max_size=PER_FILE))
    def run(drawn):
        check(drawn)

    run()


def test_spoiled_lines():
    fuzz(MUTATIONS)


@pytest.mark.slow
def test_very_many_spoiled_lines():
    fuzz(MANY)


def test_nothing_spoiled():
    check([])


@hypothesis.settings(max_examples=40, deadline=None)
@given(st.sampled_from(TABLES), st.binary(max_size=300), st.booleans())
def test_a_file_of_anything_is_read_or_refused(name, data, keep_header):
    files = {name: b"".join(lines) for name, lines in FILES.items()}
    files[name] = FILES[name][0] + data if keep_header else data
    tables = read_unless_refused(files)
    if tables is None:
        assert not keep_header
        return
    assert tables.ledger.faults() == ()
    check_tables(tables)


def read_unless_refused(files):
    try:
        return read_faers(sources(files), no_progress)
    except InputError:
        return None
