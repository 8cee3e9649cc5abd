"""`untoward evidence` and `untoward template`."""

import json
import re
import shutil
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from untoward.evidence.load import data_folder, load_evidence

BASE = load_evidence()


class TestShow:
    @pytest.mark.parametrize("key", sorted(BASE.compounds))
    def test_every_compound(self, untoward, key):
        ran = untoward("evidence", "show", key, "--json")
        assert ran.code == 0
        document = ran.document
        assert document["compound"]["key"] == key
        assert document["evidence_version"] == BASE.version
        keys = [record["key"] for record in document["records"]]
        assert keys[: len(BASE.about(key))] == [record.key for record in BASE.about(key)]
        assert {record["source"] for record in document["records"]} == set(document["sources"])

    def test_by_a_brand_and_in_words(self, untoward):
        ran = untoward("evidence", "show", "KYBELLA")
        assert ran.code == 0
        assert ran.out.startswith("deoxycholic acid")
        for title in (
            "May it be used, and where",
            "What happens, and how often",
            "For how long",
            "What it must not meet, and what it was mixed with",
            "What is claimed, and what is shown",
            "What is not known",
            "Sources",
        ):
            assert title in ran.out

    @pytest.mark.parametrize("columns", ["80", "120"])
    @pytest.mark.parametrize(
        "key", ["deoxycholic-acid", "phosphatidylcholine", "buflomedil", "arnica", "lidocaine"]
    )
    def test_no_line_is_wider_than_the_terminal(self, untoward, monkeypatch, key, columns):
        monkeypatch.setenv("COLUMNS", columns)
        out = untoward("evidence", "show", key).out
        assert max(len(line.rstrip()) for line in out.splitlines()) <= int(columns)

    def test_every_record_shown_carries_its_key_and_grade(self, untoward):
        """The compound's own key is shortened to a tilde, as the page says at its top."""
        out = untoward("evidence", "show", "lecithin").out
        assert "~ stands for “phosphatidylcholine-”" in " ".join(out.split())
        for record in BASE.about("phosphatidylcholine"):
            own = record.key.startswith("phosphatidylcholine-")
            short = "~" + record.key.removeprefix("phosphatidylcholine-") if own else record.key
            assert re.search(rf"[ABC][^\]]* {re.escape(short)}[ \]\n]", out), short

    def test_where_nothing_is_known_it_says_no_data(self, untoward):
        out = untoward("evidence", "show", "buflomedil").out
        assert "No data: no record counts" in out
        assert "No data on: how often a reaction follows" in out

    def test_unproven_is_written_out(self, untoward):
        assert "unproven" in untoward("evidence", "show", "arnica").out

    def test_a_terminal_without_unicode(self, untoward_apart):
        ran = untoward_apart("evidence", "show", "kybella", PYTHONIOENCODING="ascii", COLUMNS="80")
        assert ran.code == 0
        assert "=o=" in ran.out
        assert "=|" in ran.out

    def test_as_a_page(self, untoward, tmp_path):
        ran = untoward("evidence", "show", "lecithin", "--html", tmp_path / "new" / "lecithin.html")
        assert ran.code == 0
        assert "lecithin.html" in ran.out
        text = (tmp_path / "new" / "lecithin.html").read_text(encoding="utf-8")
        assert text.lstrip().startswith("<!doctype html>")
        assert untoward("evidence", "show", "lecithin", "--html", tmp_path).code == 2

    def test_an_unknown_name(self, untoward):
        ran = untoward("evidence", "show", "lecitin")
        assert (ran.code, ran.out) == (2, "")
        assert "Did you mean" in ran.err


class TestDiff:
    def test_the_shipped_evidence_against_itself(self, untoward):
        ran = untoward("evidence", "diff", data_folder())
        assert ran.code == 0
        assert "no answer changes" in ran.out
        assert untoward("evidence", "diff", data_folder(), "--json").document["changes"] == []

    def test_a_changed_count(self, untoward, tmp_path):
        shutil.copytree(data_folder(), tmp_path / "old")
        path = tmp_path / "old" / "records" / "deoxycholic-acid.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("n: 368", "n: 360", 1), encoding="utf-8")
        document = untoward("evidence", "diff", tmp_path / "old", "--json").document
        assert document["changes"][0]["fields"] == [{"field": "n", "old": 360, "new": 368}]
        assert document["rates"][0]["compound"] == "deoxycholic-acid"

    def test_a_folder_that_is_none(self, untoward, tmp_path):
        ran = untoward("evidence", "diff", tmp_path)
        assert (ran.code, ran.out) == (2, "")


class TestCheck:
    def test_the_shipped_base(self, untoward):
        ran = untoward("evidence", "check")
        assert ran.code == 0
        assert f"Evidence {BASE.version}: no fault." in ran.out
        document = untoward("evidence", "check", "--json").document
        assert document["sources"] == len(BASE.sources)
        assert sum(document["kinds"].values()) == len(BASE.records)
        assert set(document["coverage"]) == set(BASE.compounds)
        assert set(document["unused_records"]) <= set(BASE.records)

    def test_a_folder_with_faults_lists_every_one(self, untoward, tmp_path):
        (tmp_path / "records").mkdir()
        (tmp_path / "records" / "bad.yaml").write_text(
            "- key: a\n  kind: nonsense\n- key: b\n  kind: claim\n", encoding="utf-8"
        )
        (tmp_path / "compounds.yaml").write_text("not a list\n", encoding="utf-8")
        ran = untoward("evidence", "check", "--folder", tmp_path, "--json")
        assert (ran.code, ran.out) == (2, "")
        for part in (
            "records/bad.yaml, record a",
            "records/bad.yaml, record b",
            "compounds.yaml: not a list of records",
        ):
            assert part in ran.err


class TestSources:
    def test_all_of_them_those_with_most_records_first(self, untoward):
        document = untoward("evidence", "sources", "--json").document
        assert {item["key"] for item in document} == set(BASE.sources)
        counts = [item["records"] for item in document]
        assert counts == sorted(counts, reverse=True)
        assert sum(counts) == len(BASE.records)
        assert all(item["citation"] for item in document)

    def test_in_words(self, untoward):
        ran = untoward("evidence", "sources")
        assert ran.code == 0
        assert "citation" in ran.out


SHEETS = {
    "sessions": [{"session_id": "S1", "patient_id": "P1", "date": "2026-03-02", "clinic": "North"}],
    "components": [{"session_id": "S1", "compound": "lecithin", "lot": "L1", "vial": "V1"}],
    "reactions": [{"reaction_id": "R1", "session_id": "S1", "term": "bruise", "onset_date": "2026-03-03"}],
    "observations": [{"reaction_id": "R1", "day": "2", "text": "small"}],
}


class TestTemplate:
    def fill(self, template: Path, filled: Path) -> None:
        """Write rows under the template's own headers, as a person with a spreadsheet would."""
        with xlsxwriter.Workbook(filled) as book:
            for name, rows in SHEETS.items():
                headers = pl.read_excel(template, sheet_name=name, has_header=False).row(0)
                sheet = book.add_worksheet(name)
                for place, header in enumerate(headers):
                    sheet.write_string(0, place, header)
                    for number, row in enumerate(rows, start=1):
                        sheet.write_string(number, place, row.get(header, ""))

    def test_filled_in_it_is_reviewed(self, untoward, tmp_path):
        assert untoward("template", "--xlsx", tmp_path / "empty.xlsx").code == 0
        self.fill(tmp_path / "empty.xlsx", tmp_path / "clinic.xlsx")
        ran = untoward("review", tmp_path / "clinic.xlsx", "--json")
        assert ran.code in (0, 1), ran.err
        totals = ran.document["totals"]
        assert (totals["sessions"], totals["components"], totals["reactions"], totals["observations"]) == (
            1,
            1,
            1,
            1,
        )
        assert list(ran.document["provenance"]["inputs"]) == ["clinic.xlsx"]

    def test_an_empty_one_is_not_mistaken_for_a_registry_without_reactions(
        self, untoward, tmp_path, monkeypatch
    ):
        monkeypatch.chdir(tmp_path)
        untoward("template", "--xlsx", "empty.xlsx")
        ran = untoward("review", "empty.xlsx", "--json")
        assert "Traceback" not in ran.err
        assert ran.code == 2 or ran.document["totals"]["sessions"] == 0

    def test_a_file_that_may_be_filled_in_is_never_replaced_unasked(self, untoward, tmp_path):
        path = tmp_path / "clinic.xlsx"
        path.write_bytes(b"somebody's work")
        ran = untoward("template", "--xlsx", path)
        assert ran.code == 2
        assert "exists" in ran.err
        assert path.read_bytes() == b"somebody's work"
        assert untoward("template", "--xlsx", path, "--overwrite").code == 0
        assert path.read_bytes().startswith(b"PK")
        assert [entry.name for entry in tmp_path.iterdir()] == ["clinic.xlsx"]

    def test_the_same_version_writes_the_same_bytes(self, untoward, tmp_path):
        for name in ("one.xlsx", "two.xlsx"):
            untoward("template", "--xlsx", tmp_path / name)
        assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()

    def test_a_folder_that_is_not_there(self, untoward, tmp_path):
        ran = untoward("template", "--xlsx", tmp_path / "nowhere" / "t.xlsx")
        assert ran.code == 3
        assert "Traceback" not in ran.err


def test_a_profile_is_json_a_script_can_read(untoward):
    text = untoward("evidence", "show", "lecithin", "--json").out
    assert json.loads(text)["records"][0]["statement"]
