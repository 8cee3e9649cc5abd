"""FAERS quarters: the small ones that ship with the tests, and one change at a time on top of them."""

import datetime as dt
import gzip
import shutil
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from untoward.errors import InputError
from untoward.exchange.reports import quarters
from untoward.exchange.reports.faers import looks_like_faers
from untoward.exchange.reports.read import read_reports
from untoward.model.ledger import Fate
from untoward.model.reports import DRUGS, EVENTS, REPORTS

FIXTURES = Path(__file__).parents[2] / "fixtures" / "reports"
FIRST, SECOND, LEGACY = (FIXTURES / name for name in ("faers_2017q1", "faers_2017q2", "aers_2012q2"))


@pytest.fixture(scope="module")
def both():
    return read_reports([FIRST, SECOND])


@pytest.fixture
def quarter(tmp_path):
    """A copy of the first quarter, to be changed."""
    shutil.copytree(FIRST / "ASCII", tmp_path / "q")
    return tmp_path / "q"


def edit(folder, table, old, new, encoding="latin-1"):
    (file,) = folder.glob(f"{table}*")
    text = file.read_bytes().decode("latin-1")
    assert old in text
    file.write_bytes(text.replace(old, new).encode(encoding))


def append(folder, table, *lines):
    (file,) = folder.glob(f"{table}*")
    file.write_bytes(file.read_bytes() + "".join(f"{line}\n" for line in lines).encode("latin-1"))


def report(tables, report_id):
    (row,) = [row for row in tables.reports.rows(named=True) if row["report_id"] == report_id]
    return row


def drugs(tables, report_id):
    return [row for row in tables.drugs.rows(named=True) if row["report_id"] == report_id]


def events(tables, report_id):
    return [row["event"] for row in tables.events.rows(named=True) if row["report_id"] == report_id]


def fates(tables, table, fate):
    """How many rows of a table, in whichever files, had a fate, by reason."""
    rows = Counter()
    for entry in tables.ledger.entries:
        if entry.table == table and entry.fate is fate:
            rows[entry.reason] += entry.rows
    return {reason: count for reason, count in rows.items() if count}


def notes(tables):
    return [(entry.table, entry.reason) for entry in tables.ledger.entries if not entry.rows and entry.reason]


class TestTables:
    def test_they_have_the_columns_of_the_model(self, both):
        assert tuple(both.reports.columns) == REPORTS
        assert tuple(both.drugs.columns) == DRUGS
        assert tuple(both.events.columns) == EVENTS
        assert {name: str(kind) for name, kind in both.reports.schema.items()} == {
            **dict.fromkeys(("report_id", "case_id", "sex", "country", "reporter", "source"), "String"),
            "version": "Int64",
            "received": "Date",
            "event_date": "Date",
            "age_years": "Float64",
            "serious": "Boolean",
            "died": "Boolean",
        }

    def test_each_case_stands_once_in_its_latest_version(self, both):
        assert dict(both.reports.select("case_id", "report_id").rows()) == {
            "1000001": "10000012",  # received later
            "1000002": "10000022",  # received on one day: the higher number
            "1000004": "10000041",
            "1000005": "10000051",
            "2345678": "23456784",
        }  # and 1000003 was deleted

    def test_what_a_report_says(self, both):
        assert report(both, "10000012") == {
            "report_id": "10000012",
            "case_id": "1000001",
            "version": 2,
            "received": dt.date(2017, 4, 5),
            "event_date": dt.date(2016, 12, 24),
            "age_years": 34.0,
            "sex": "F",
            "country": "US",
            "reporter": "physician",
            "serious": True,
            "died": False,
            "source": "FAERS",
        }

    def test_a_row_with_a_line_break_in_it_is_read_whole(self, both):
        row = report(both, "10000041")
        assert (row["age_years"], row["country"], row["reporter"]) == (1.5, "DE", "pharmacist")

    def test_a_date_without_its_day_is_no_date_and_an_impossible_age_no_age(self, both):
        assert report(both, "10000041")["event_date"] is None
        assert report(both, "10000051")["age_years"] is None

    def test_outcomes_make_a_report_serious_or_deadly(self, both):
        assert {row["report_id"]: (row["serious"], row["died"]) for row in both.reports.rows(named=True)} == {
            "10000012": (True, False),
            "10000022": (True, False),
            "10000041": (False, False),
            "10000051": (True, True),
            "23456784": (False, False),
        }

    def test_what_a_drug_row_says(self, both):
        assert drugs(both, "10000012")[0] == {
            "report_id": "10000012",
            "drug": "BOTULINUM TOXIN TYPE A",
            "as_reported": "BOTULISED",
            "role": "suspect",
            "route": "Intramuscular",
            "site": None,
            "lot": "L-1",
            "dose": "20 U",
            "start": dt.date(2016, 12, 20),
            "sequence": 1,
        }

    def test_several_ingredients_are_several_rows_with_one_name_as_reported(self, both):
        rows = drugs(both, "10000041")
        assert [(row["drug"], row["as_reported"], row["role"]) for row in rows] == [
            ("MESOMIX FORTE", 'Mesomix" forte.', "suspect"),
            ("LIDOCAINE", "LIDOCAINE W/EPINEPHRINE", "interacting"),
            ("EPINEPHRINE", "LIDOCAINE W/EPINEPHRINE", "interacting"),
            ("ACETAMINOPHEN", "PARACETAMOL", "concomitant"),
        ]
        assert rows[0]["lot"] is None  # "UNKNOWN" is no lot
        assert [row["start"] for row in rows] == [None, dt.date(2017, 2, 10), dt.date(2017, 2, 10), None]

    def test_without_an_ingredient_the_name_as_reported_counts(self, both):
        assert drugs(both, "10000051")[0]["drug"] == "HYALURONIDASE"

    def test_a_drug_that_was_not_given_has_no_role(self, both):
        assert [row["role"] for row in drugs(both, "10000012")] == ["suspect", None]

    def test_events_as_published(self, both):
        assert events(both, "10000041") == ["Injection site nodule", "Sjögren's syndrome"]
        assert events(both, "10000012") == ["Eyelid ptosis", "Diplopia"]


class TestLedger:
    def test_it_adds_up_and_accounts_for_every_line(self, both):
        assert both.ledger.faults() == ()
        lines = {}
        for file in [*FIRST.rglob("*.txt"), *SECOND.rglob("*.txt")]:
            name = file.name[:4]
            lines[name] = lines.get(name, 0) + len(file.read_bytes().splitlines()) - 1
        lines["DELE"] += 1  # a list of deleted cases has no header
        read = {entry.table: both.ledger.rows(Fate.READ, entry.table) for entry in both.ledger.entries}
        assert read.pop("DELETED") == lines.pop("DELE")
        assert read == lines

    def test_each_fate_has_its_reason(self, both):
        assert fates(both, "DEMO", Fate.MERGED) == {
            "an earlier version of a case": 2,
            "the rest of the row above": 1,
        }
        assert fates(both, "DEMO", Fate.DROPPED) == {"a case that the agency has deleted": 1}
        assert fates(both, "THER", Fate.DROPPED) == {quarters.NO_START: 1, quarters.NO_SUCH_DRUG: 1}
        assert set(fates(both, "INDI", Fate.DROPPED)) == {quarters.NOT_USED}
        assert sum(fates(both, "REAC", Fate.KEPT).values()) == len(both.events)

    def test_dropped_rows_show_examples(self, both):
        dropped = [
            entry for entry in both.ledger.entries if entry.fate is Fate.DROPPED and entry.table == "REAC"
        ]
        assert [entry.examples for entry in dropped] == [("report 10000031",)]

    def test_a_missing_file_is_said_and_what_it_leaves_open(self, quarter):
        for table in ("OUTC", "THER", "REAC"):
            next(quarter.glob(f"{table}*")).unlink()
        tables = read_reports([quarter])
        assert notes(tables) == [(table, quarters.MISSING[table]) for table in ("REAC", "OUTC", "THER")]
        assert tables.reports.get_column("serious").to_list() == [None] * 4
        assert tables.events.is_empty()

    def test_a_quarter_without_its_demo_file_loses_its_rows_with_a_reason(self, tmp_path, quarter):
        shutil.copytree(SECOND, tmp_path / "r")
        next(quarter.glob("DEMO*")).unlink()
        tables = read_reports([tmp_path])
        assert ("DEMO", quarters.MISSING["DEMO"]) in notes(tables)
        assert fates(tables, "REAC", Fate.DROPPED)["no report of this number is in the DEMO files"] == 5
        assert tables.ledger.faults() == ()

    def test_no_demo_file_at_all_is_refused(self, quarter):
        next(quarter.glob("DEMO*")).unlink()
        with pytest.raises(InputError, match="no DEMO file"):
            read_reports([quarter])

    def test_a_file_that_is_no_table_is_named(self, quarter):
        quarter.joinpath("Readme.pdf").write_bytes(b"%PDF-1.4")
        assert ("", quarters.NOT_A_TABLE) in notes(read_reports([quarter]))

    def test_a_role_nobody_has_defined_is_noted_and_the_row_kept(self, quarter):
        append(quarter, "DRUG", "10000011$1000001$9$ZZ$ASPIRIN$ASPIRIN$1$$$$$$$$$$$$$")
        tables = read_reports([quarter])
        assert ("DRUG", "the role code 'ZZ' is not known: the role is left open") in notes(tables)
        assert [row["role"] for row in drugs(tables, "10000011")] == ["suspect", None]

    def test_rows_that_name_nothing_are_dropped(self, quarter):
        append(quarter, "DRUG", '10000011$1000001$9$PS$ " $$1$$$$$$$$$$$$$')
        append(quarter, "REAC", "10000011$1000001$ $")
        tables = read_reports([quarter])
        assert fates(tables, "DRUG", Fate.DROPPED) == {quarters.NO_DRUG: 1}
        assert fates(tables, "REAC", Fate.DROPPED) == {quarters.NO_EVENT: 1}
        assert tables.ledger.faults() == ()

    @pytest.mark.parametrize("code", ["", "XX"])
    def test_an_outcome_nobody_knows_leaves_open_whether_a_report_is_serious(self, quarter, code):
        append(quarter, "OUTC", f"10000041$1000004${code}")
        tables = read_reports([quarter])
        assert report(tables, "10000041")["serious"] is None
        assert report(tables, "10000041")["died"] is None
        assert fates(tables, "OUTC", Fate.DROPPED) == {quarters.NO_OUTCOME: 1}
        assert tables.ledger.faults() == ()


class TestManyQuarters:
    def test_the_order_in_which_they_come_does_not_matter(self, both):
        other = read_reports([SECOND, FIRST])
        assert other.reports.sort("report_id").equals(both.reports.sort("report_id"))
        assert sorted(map(str, other.drugs.rows())) == sorted(map(str, both.drugs.rows()))
        assert sorted(other.events.rows()) == sorted(both.events.rows())

    def test_one_quarter_alone_shows_the_version_it_has(self):
        assert "10000011" in read_reports([FIRST]).reports.get_column("report_id").to_list()

    def test_a_quarter_given_twice_counts_once(self, tmp_path, both):
        shutil.copytree(FIRST, tmp_path / "copy")
        tables = read_reports([FIRST, SECOND, tmp_path / "copy"])
        assert sorted(tables.reports.rows(), key=str) == sorted(both.reports.rows(), key=str)
        assert len(tables.events) == len(both.events)
        assert len(tables.drugs) == len(both.drugs)
        assert sum(fates(tables, "DEMO", Fate.MERGED).values()) > 3
        assert tables.ledger.faults() == ()

    @pytest.mark.parametrize("packing", ["zip", "gz", "folder of zips"])
    def test_however_it_is_packed(self, tmp_path, both, packing):
        for source in (FIRST, SECOND):
            if packing == "gz":
                for file in source.rglob("*.txt"):
                    target = tmp_path / source.name / f"{file.name}.gz"
                    target.parent.mkdir(exist_ok=True)
                    target.write_bytes(gzip.compress(file.read_bytes()))
                continue
            with zipfile.ZipFile(tmp_path / f"{source.name}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
                for file in source.rglob("*.txt"):
                    archive.write(file, file.relative_to(source))
        tables = read_reports(sorted(tmp_path.iterdir()) if packing == "zip" else [tmp_path])
        assert tables.reports.equals(both.reports)
        assert tables.drugs.equals(both.drugs)
        assert tables.events.equals(both.events)

    def test_progress_tells_each_file(self):
        seen = []
        read_reports([FIRST], progress=lambda *step: seen.append(step))
        assert [step[1] for step in seen] == list(range(8))
        assert seen[-1] == ("reading is done", 7, 7)


class TestOtherSpellings:
    def test_capitals_line_ends_and_closing_separators_change_nothing(self, quarter):
        plain = read_reports([quarter])
        for file in quarter.iterdir():
            head, *lines = file.read_bytes().replace(b"MUSTER A. A\n", b"MUSTER A. A ").splitlines()
            file.write_bytes(b"\r\n".join([head.upper(), *(line + b"$" for line in lines), b""]))
            file.rename(file.with_suffix(".TXT"))
        changed = read_reports([quarter])
        assert changed.reports.sort("report_id").equals(plain.reports.sort("report_id"))
        assert sorted(map(str, changed.drugs.rows())) == sorted(map(str, plain.drugs.rows()))
        assert sorted(changed.events.rows()) == sorted(plain.events.rows())
        assert changed.ledger.faults() == ()

    def test_names_of_columns_in_the_first_years(self, quarter):
        plain = read_reports([quarter])
        edit(quarter, "DEMO", "$sex$", "$gndr_cod$")
        edit(quarter, "DRUG", "$lot_num$", "$lot_nbr$")
        edit(quarter, "OUTC", "outc_cod", "outc_code")
        edit(quarter, "DRUG", "$drugname$prod_ai$", "$drugname$later$")
        early = read_reports([quarter])
        assert early.reports.equals(plain.reports)
        assert drugs(early, "10000041")[1]["drug"] == "LIDOCAINE W/EPINEPHRINE"

    def test_utf8(self, quarter):
        edit(quarter, "REAC", "Syncope", "Ménière’s disease", "utf-8")
        assert events(read_reports([quarter]), "10000031") == ["Ménière’s disease"]

    @pytest.mark.parametrize(
        ("age", "unit", "years"),
        [("6", "DEC", 60), ("18", "MON", 1.5), ("52.1786", "WK", 1.0), ("365.25", "DY", 1), ("8766", "HR", 1),
         ("40", "yr", 40), ("40", "", None), ("40", "XX", None), ("-1", "YR", None), ("old", "YR", None),
         ("125", "YR", 125), ("126", "YR", None), ("nan", "YR", None), ("inf", "YR", None)],
    )  # fmt: skip
    def test_ages(self, quarter, age, unit, years):
        edit(quarter, "DEMO", "$34$YR$", f"${age}${unit}$")
        found = report(read_reports([quarter]), "10000011")["age_years"]
        assert found == (None if years is None else pytest.approx(years, abs=1e-4))

    @pytest.mark.parametrize(
        ("sex", "found"),
        [
            ("F", "F"),
            ("f", "F"),
            ("Female", "F"),
            ("M", "M"),
            ("MALE", "M"),
            ("UNK", None),
            ("NS", None),
            ("", None),
        ],
    )
    def test_sexes(self, quarter, sex, found):
        edit(quarter, "DEMO", "$34$YR$$F$", f"$34$YR$${sex}$")
        assert report(read_reports([quarter]), "10000011")["sex"] == found

    @pytest.mark.parametrize(
        ("country", "found"), [("NA", "NA"), ("ni", "NI"), ("UNKNOWN", None), ("", "US")]
    )
    def test_two_letters_are_a_country_even_where_they_look_like_nothing(self, quarter, country, found):
        edit(quarter, "DEMO", "$MD$US$US", f"$MD$US${country}")
        # without a country of the event that of the reporter counts
        assert report(read_reports([quarter]), "10000011")["country"] == (found or "US")

    def test_a_country_that_was_not_specified_is_none(self, quarter):
        assert report(read_reports([quarter]), "10000031")["country"] is None

    def test_a_case_without_its_number_has_that_of_its_report(self, quarter):
        edit(quarter, "DEMO", "10000011$1000001$1$", "10000011$$1$")
        assert report(read_reports([quarter]), "10000011")["case_id"] == "1000001"


class TestWrongFiles:
    def test_a_wrong_header_is_named(self, quarter):
        edit(quarter, "DRUG", "drugname", "remedy")
        with pytest.raises(InputError, match=r"(?s)DRUG17Q1\.txt.*drugname: the column is missing"):
            read_reports([quarter])

    def test_an_empty_file_is_named(self, quarter):
        next(quarter.glob("REAC*")).write_bytes(b"")
        with pytest.raises(InputError, match="REAC17Q1"):
            read_reports([quarter])

    def test_a_packed_file_cut_short_is_named(self, quarter):
        file = next(quarter.glob("DRUG*"))
        file.write_bytes(gzip.compress(file.read_bytes())[:-40])
        with pytest.raises(InputError, match="damaged or cut short"):
            read_reports([quarter])

    def test_lines_of_a_deletion_list_that_are_no_cases(self, tmp_path, quarter):
        quarter.joinpath("DELETE19Q1.txt").write_text('caseid\n1000001\nabc\n\n "1000002"$\n')
        tables = read_reports([quarter])
        assert tables.reports.get_column("case_id").to_list() == ["1000003", "1000004"]
        assert fates(tables, "DELETED", Fate.DROPPED) == {"not the number of a case": 1, "a blank line": 1}
        assert tables.ledger.faults() == ()


class TestLook:
    @pytest.mark.parametrize(
        ("names", "lines", "is_faers"),
        [
            (["DEMO17Q2.TXT"], ["primaryid$caseid$fda_dt"], True),
            (["X.TXT"], ["PRIMARYID$CASEID$PT"], True),
            (["DEMO17Q2.TXT"], ["something else"], True),
            (["DEMO12Q2.TXT"], ["ISR$CASE$FDA_DT"], False),
            (["X.CSV"], ["primaryid,pt"], False),
            (["DEMOGRAPHICS.CSV"], ["a,b"], False),
            ([], [], False),
        ],
    )
    def test_by_headers_and_by_names(self, names, lines, is_faers):
        assert looks_like_faers(names, lines) is is_faers
