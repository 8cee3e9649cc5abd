"""openFDA JSON of drugs, devices and foods: versions, odd types, documents that break off or mean harm."""

import json
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from untoward.errors import InputError
from untoward.exchange.reports import openfda_json
from untoward.exchange.reports.archive import find_sources
from untoward.exchange.reports.openfda import looks_like_openfda, read_openfda
from untoward.model.ledger import Fate

FOLDER = Path(__file__).parents[2] / "fixtures" / "reports"


def quiet(_step, _done, _total):
    pass


def read(*paths):
    tables = read_openfda(find_sources(paths), quiet)
    assert tables.ledger.faults() == ()
    return tables


def reading(tmp_path, text):
    path = tmp_path / "some.json"
    path.write_text(text, encoding="utf-8")
    return read(path)


def drug(number, **more):
    reaction = [{"reactionmeddrapt": "Nausea"}]
    return {
        "safetyreportid": number,
        "patient": {"drug": [{"medicinalproduct": "A"}], "reaction": reaction},
        **more,
    }


def dropped(tables):
    return [(entry.reason, entry.rows) for entry in tables.ledger.entries if entry.fate is Fate.DROPPED]


def test_drug_events():
    tables = read(FOLDER / "openfda_drug.json")
    case = tables.reports.row(by_predicate=pl.col("report_id") == "100", named=True)
    assert (case["version"], case["age_years"], case["sex"], case["country"]) == (2, 1.5, "F", "ES")
    assert (case["serious"], case["died"], case["reporter"]) == (True, True, "physician")
    assert case["received"] == date(2024, 1, 5)
    assert tables.drugs["drug"].to_list() == ["DEOXYCHOLIC ACID", "ASPIRIN"]
    assert tables.drugs["role"].to_list() == ["suspect", "interacting"]
    assert tables.drugs["start"].to_list() == [None, date(2024, 1, 1)]  # a month is no day
    assert tables.events["event"].to_list() == ["Injection site necrosis", "7"]
    assert tables.ledger.rows(Fate.MERGED) == 1
    assert dropped(tables) == [("not a report of a drug, a device or a food", 2)]


def test_a_report_with_nothing_in_it_stays_a_report():
    tables = read(FOLDER / "openfda_drug.json")
    assert tables.reports.filter(pl.col("report_id") == "101")["serious"].item() is None


def test_device_events():
    tables = read(FOLDER / "openfda_device.json")
    case = tables.reports.row(0, named=True)
    assert (case["report_id"], case["serious"], case["age_years"], case["sex"]) == ("77", True, 45, "F")
    assert tables.drugs.row(0, named=True)["as_reported"] == "PLUMPIT (DERMAL FILLER)"
    assert tables.events["event"].to_list() == ["Swelling/ Edema", "Leak"]


def test_food_events_one_a_line():
    tables = read(FOLDER / "openfda_food.json")
    assert tables.reports["serious"].to_list() == [None, False]
    assert tables.drugs["drug"].to_list() == ["GLOW SERUM", "CREAM"]  # one name is withheld
    assert tables.events["event"].to_list() == ["HALLUCINATION, VISUAL", "RASH", "RASH"]


def test_kinds_are_not_mixed():
    with pytest.raises(InputError, match="reports of several kinds are mixed"):
        read(FOLDER / "openfda_food.json", FOLDER / "openfda_drug.json")


@pytest.mark.parametrize(
    "write", [lambda all_: {"results": all_}, list, lambda all_: {"meta": {}, "results": all_}]
)
def test_answers_bulk_files_and_lists(tmp_path, write):
    assert reading(tmp_path, json.dumps(write([drug("1"), drug("2")]))).reports.height == 2


def test_one_report_alone(tmp_path):
    assert reading(tmp_path, json.dumps(drug("1"), indent=2)).reports.height == 1


@pytest.mark.parametrize("step", [1, 7, 64])
def test_values_may_end_anywhere_in_a_block(tmp_path, step, monkeypatch):
    text = json.dumps({"results": [drug(str(number)) for number in range(30)], "n": 12})

    def blocks(_source):
        raw = text.encode()
        return (raw[at : at + step] for at in range(0, len(raw), step))

    monkeypatch.setattr(openfda_json, "text_blocks", blocks)
    monkeypatch.setattr(openfda_json, "_STEP", 1)
    assert reading(tmp_path, "{}").reports.height == 30


@pytest.mark.parametrize("keep", [30, 150, 200])
def test_a_document_that_breaks_off_counts_up_to_there(tmp_path, keep):
    text = json.dumps({"results": [drug("1"), drug("2")]})[:keep]
    tables = reading(tmp_path, text)
    assert tables.reports.height == text.count("}]}}")
    assert dropped(tables) == [("the JSON breaks off, or is faulty; nothing after it was read", 1)]


def test_deep_nesting_ends_the_reading(tmp_path):
    deep = "[" * (sys.getrecursionlimit() * 100)
    text = f'{{"results": [{json.dumps(drug("1"))}, {deep}'
    tables = reading(tmp_path, text)
    assert tables.reports.height == 1
    assert dropped(tables)[0][0].startswith("a result is nested too deep")


def test_a_result_without_end_is_not_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr(openfda_json, "LONGEST_RESULT", 1000)
    monkeypatch.setattr(openfda_json, "_STEP", 10)
    tables = reading(tmp_path, '{"results": ["' + "x" * 5_000_000)
    assert dropped(tables)[0][0].startswith("a result is too long")


@pytest.mark.parametrize(
    "text", ["", "   ", "nothing", '"text"', "{", "[", '{"a"', '{"results": 3}', "[1,,2]", "NaN"]
)
def test_what_is_no_answer_gives_no_reports(tmp_path, text):
    assert reading(tmp_path, text).reports.height == 0


def test_hostile_values_are_taken_for_missing(tmp_path):
    odd = drug("1", serious={"a": 1}, receivedate=["x"], primarysource=3, safetyreportversion="9" * 5000)
    odd["patient"]["drug"].append(
        {"medicinalproduct": "B" * 10_000, "activesubstance": "none", "openfda": []}
    )
    odd["patient"]["reaction"] = {"reactionmeddrapt": "Alone"}
    tables = reading(tmp_path, json.dumps([odd]).replace('"9', "9").replace('9"', "9"))
    case = tables.reports.row(0, named=True)
    assert (case["serious"], case["received"], case["version"]) == (None, None, None)
    assert len(tables.drugs["drug"][1]) == 500
    assert tables.events["event"].to_list() == ["Alone"]


def test_it_is_known_by_its_first_letter():
    assert looks_like_openfda(["A.JSON"], ["{"])
    assert not looks_like_openfda(["A.CSV"], ["a,b"])
    assert not looks_like_openfda([], [])
