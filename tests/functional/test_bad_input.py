"""Bad input: every fault is listed with its file and place, the exit code is 2, and nothing is half written."""

import os

import pytest

from untoward.exchange.tables.text_bytes import DEFAULT_MAX_BYTES

SESSIONS = "session_id,patient_id,date,clinic\n"


@pytest.fixture
def refused(untoward, tmp_path):
    """Review an input that must be refused, and give what was said; nothing may have been written."""

    def review(path, *options):
        before = sorted(tmp_path.rglob("*"))
        ran = untoward("review", path, "--out", tmp_path / "out" / "deep", *options)
        assert (ran.code, ran.out) == (2, ""), ran.err
        assert "Traceback" not in ran.err
        assert sorted(tmp_path.rglob("*")) == before
        return ran.err

    return review


def test_the_tiny_registry_itself_is_sound(untoward, tables, tmp_path):
    ran = untoward("review", tables(), "--out", tmp_path / "out")
    assert ran.code in (0, 1), ran.err
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "line-list.csv",
        "review.html",
        "review.json",
    ]


def test_a_missing_column(refused, tables):
    said = refused(tables(sessions="session_id,patient_id,clinic\nS1,P1,North\nS2,P2,South\n"))
    assert "sessions.csv, date: required column is missing" in said
    assert "'clinic'" in said


def test_a_missing_table(refused, tables):
    assert "sessions" in refused(tables(sessions=None))


@pytest.mark.parametrize(
    ("date", "what"),
    [
        ("2026-03-400", "no calendar has this day"),
        ("400/03/2026", "no calendar has this day"),
        ("2026-02-29", "no calendar has this day"),
        ("2026-13-01", "no calendar has this day"),
        ("someday", "not a date"),
    ],
)
def test_an_impossible_date(refused, tables, date, what):
    said = refused(tables(sessions=f"{SESSIONS}S1,P1,{date},North\nS2,P2,2026-03-20,South\n"))
    assert "sessions.csv, row 2, date" in said
    assert what in said
    assert date in said


def test_a_reaction_before_its_session(refused, tables):
    said = refused(tables(reactions="reaction_id,session_id,term,onset_date\nR1,S1,bruise,2026-02-27\n"))
    assert "reactions.csv, row 2, onset_date: the reaction began before its session" in said


def test_days_and_months_in_two_orders(refused, tables):
    said = refused(tables(sessions=f"{SESSIONS}S1,P1,25/03/2026,North\nS2,P2,03/26/2026,South\n"))
    assert "sessions.csv" in said
    assert "order" in said


def test_a_key_used_twice(refused, tables):
    said = refused(
        tables(sessions=f"{SESSIONS}S1,P1,2026-03-02,North\nS2,P2,2026-03-20,South\nS1,P3,2026-03-21,South\n")
    )
    assert "sessions.csv" in said
    assert "S1" in said


def test_an_unknown_compound_with_suggestions(refused, tables):
    said = refused(tables(components="session_id,compound\nS1,lidocane\nS2,lecithin\n"))
    assert "components.csv" in said
    assert "lidocane" in said
    assert "lidocaine" in said


def test_an_unknown_term(refused, tables):
    said = refused(tables(reactions="reaction_id,session_id,term,onset_date\nR1,S1,flurble,2026-03-03\n"))
    assert "reactions.csv" in said
    assert "flurble" in said


def test_a_negative_volume(refused, tables):
    said = refused(tables(components="session_id,compound,volume_ml\nS1,lidocaine,-2\nS2,lecithin,5\n"))
    assert "components.csv, row 2, volume_ml" in said
    assert "-2" in said


def test_a_reaction_of_no_session(refused, tables):
    said = refused(tables(reactions="reaction_id,session_id,term\nR1,S9,bruise\n"))
    assert "S9" in said


def test_all_faults_of_all_tables_at_once(refused, tables):
    said = refused(
        tables(
            sessions=f"{SESSIONS}S1,P1,2026-02-30,North\nS2,P2,2026-03-20,South\nS3,P3,2026-03-20,South\nS3,P4,2026-03-20,South\n",
            components="session_id,compound,volume_ml\nS2,moon dust,2\nS2,lidocaine,-2\n",
            reactions="reaction_id,session_id,term,onset_date\nR1,S2,flurble,2026-03-21\nR2,S2,bruise,2026-03-01\n",
        )
    )
    for part in ("2026-02-30", "S3", "moon dust", "-2", "flurble", "2026-03-01"):
        assert part in said
    for file in ("sessions.csv", "components.csv", "reactions.csv"):
        assert file in said


def test_a_file_of_two_gigabytes(refused, tables, tmp_path):
    """A file with a hole in it: it has its size without filling the disk."""
    folder = tables()
    with (folder / "sessions.csv").open("r+b") as file:
        file.truncate(DEFAULT_MAX_BYTES + 1)
    said = refused(folder)
    assert "sessions.csv" in said
    assert f"{DEFAULT_MAX_BYTES:,}" in said or "bytes" in said


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04 no zip at all", b"session_id,date\nS1,2026-03-02\n", b"", os.urandom(4096)]
)
def test_a_workbook_that_is_none(refused, tmp_path, content):
    path = tmp_path / "clinic.xlsx"
    path.write_bytes(content)
    assert "clinic.xlsx" in refused(path)


def test_an_empty_folder_and_a_folder_of_something_else(refused, tmp_path):
    (tmp_path / "empty").mkdir()
    refused(tmp_path / "empty")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("nothing here", encoding="utf-8")
    refused(tmp_path / "other")


class TestFormsThatAreRead:
    """A separator, an encoding or a byte order mark is no fault: the table says what it says."""

    TEXT = SESSIONS + "S1,P1,2026-03-02,León\nS2,P2,2026-03-20,Málaga\n"

    @pytest.mark.parametrize(
        "content",
        [
            TEXT.encode("cp1252"),
            TEXT.replace(",", ";").encode(),
            TEXT.replace(",", ";").encode("cp1252"),
            TEXT.replace(",", "\t").encode("utf-16"),
            TEXT.replace("\n", "\r\n").encode("utf-8-sig"),
        ],
        ids=["cp1252", "semicolons", "cp1252 with semicolons", "UTF-16 with tabs", "a byte order mark"],
    )
    def test_the_clinics_are_read(self, untoward, tables, content):
        document = untoward("review", tables(sessions=content), "--json").document
        assert document["totals"]["sessions"] == 2
        assert document["totals"]["clinics"] == 2


class TestGoodRows:
    FAULTY = f"{SESSIONS}S1,P1,2026-03-02,North\nS2,P2,2026-03-20,South\nS3,P3,2026-02-30,South\n"

    def test_they_are_used_when_the_user_says_so_and_the_rest_is_counted(self, untoward, tables, tmp_path):
        ran = untoward("review", tables(sessions=self.FAULTY), "--keep-good-rows", "--json")
        assert ran.code in (0, 1)
        ledger = {row["table"]: (row["read"], row["kept"], row["left_out"]) for row in ran.document["ledger"]}
        assert ledger["sessions"] == (3, 2, 1)
        assert ran.document["faults_left_out"] == 1
        assert ran.document["provenance"]["parameters"] == {"keep good rows": "true"}

    def test_without_it_the_way_to_them_is_told(self, refused, tables):
        assert "--keep-good-rows" in refused(tables(sessions=self.FAULTY))


class TestCases:
    @pytest.mark.parametrize(
        ("text", "place"),
        [
            ("{", "not JSON"),
            ("[1, 2]", "case 2"),
            ('{"observations": []}', "observations"),
            ('{"observations": [{"day": -1}]}', "observations.0.day"),
            ('{"observations": [{"day": 1}], "colour": "blue"}', "colour"),
            (
                '{"sessions": [{"components": [{"compound": "x", "amount": -2, "unit": "mg"}]}], "observations": [{"day": 1}]}',
                "amount",
            ),
            (
                '{"sessions": [{"components": [{"compound": "x", "amount": 2}]}], "observations": [{"day": 1}]}',
                "unit",
            ),
            (
                '{"sessions": [{"components": [{"compound": "x", "amount": 2, "unit": "drops"}]}], "observations": [{"day": 1}]}',
                "drops",
            ),
            ('{"sessions": [{"date": "2026-02-30"}], "observations": [{"day": 1}]}', "day"),
            ('{"patient": {"age": 400}, "observations": [{"day": 1}]}', "patient.age"),
        ],
    )
    def test_a_faulty_case(self, untoward, tmp_path, text, place):
        file = tmp_path / "case.json"
        file.write_text(text, encoding="utf-8")
        ran = untoward("assess", file, "--json")
        assert (ran.code, ran.out) == (2, "")
        assert "case.json" in ran.err
        assert place in ran.err

    def test_one_faulty_line_among_sound_ones_stops_them_all_and_is_named(self, untoward):
        sound = '{"observations": [{"day": 1, "text": "bruise"}]}'
        ran = untoward("assess", "-", "--json", stdin=f"{sound}\nnonsense\n{sound}\n{{}}\n".encode())
        assert (ran.code, ran.out) == (2, "")
        assert "line 2" in ran.err
        assert "line 4" in ran.err
        assert "line 3" not in ran.err


class TestLineLists:
    @pytest.mark.parametrize(
        ("text", "part"),
        [
            ("count,fever\n3,yes\n", "ill"),
            ("ill,ham\nyes,yes\nmaybe so,no\n", "maybe so"),
            ("count,ill\n-3,yes\n2,no\n", "-3"),
            ("ill,onset\nyes,2026-02-30\nno,\n", "2026-02-30"),
        ],
    )
    def test_faults_are_told_with_their_place(self, untoward, tmp_path, text, part):
        file = tmp_path / "list.csv"
        file.write_text(text, encoding="utf-8")
        ran = untoward("outbreak", file, "--json")
        assert (ran.code, ran.out) == (2, "")
        assert part in ran.err
        assert "list.csv" in ran.err

    @pytest.mark.parametrize("option", ["--case", "--exposure", "--onset"])
    def test_a_column_that_is_not_there_is_answered_with_those_that_are(self, untoward, examples, option):
        ran = untoward("outbreak", examples / "oswego-1940", option, "no such column")
        assert ran.code == 2
        assert "vanilla_ice_cream" in ran.err
