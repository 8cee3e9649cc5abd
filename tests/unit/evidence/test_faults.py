"""Everything that can be wrong with evidence is told with its file and record, and all of it at once."""

import pytest

from untoward.errors import EvidenceError
from untoward.evidence.load import load_evidence

RECORDS, COMPOUNDS, SOURCES, TERMS = (
    "records/all.yaml",
    "compounds.yaml",
    "sources/all.yaml",
    "terms/all.yaml",
)


def told(faults):
    return [(fault.what, fault.file, fault.where) for fault in faults]


def test_a_sound_base_has_no_fault(sound, write):
    base = load_evidence(write(sound))
    assert set(base.records) == {"alpha-bruise", "alpha-bruise-days", "alpha-allowed"}


def test_yaml_that_cannot_be_read(sound, faults_of):
    faults = faults_of(sound, **{"records/broken.yaml": "- key: a\n  kind: [incidence\n"})
    assert told(faults) == [("not readable as YAML", "records/broken.yaml", "line 3")]


@pytest.mark.parametrize("text", ["key: a\n", "- a\n- b\n", "text\n", "- {}\n- 3\n"])
def test_yaml_that_is_no_list_of_records(sound, faults_of, text):
    faults = faults_of(sound, **{"records/broken.yaml": text})
    assert told(faults) == [("not a list of records", "records/broken.yaml", "")]


def test_bytes_that_are_no_text(sound, write):
    folder = write(sound)
    (folder / "records" / "broken.yaml").write_bytes(b"- key: caf\xe9\n")
    with pytest.raises(EvidenceError) as refused:
        load_evidence(folder)
    assert told(refused.value.faults) == [("not readable as YAML", "records/broken.yaml", "")]


def test_an_empty_file_is_no_fault(sound, write):
    assert len(load_evidence(write(sound, **{"records/empty.yaml": "# nothing yet\n"})).records) == 3


def test_a_field_given_twice(sound, faults_of):
    """Without this the second would silently win."""
    (fault,) = faults_of(sound, **{"records/twice.yaml": "- key: a\n  kind: practice\n  key: b\n"})
    assert (fault.what, fault.file, fault.where) == ("not readable as YAML", "records/twice.yaml", "line 3")
    assert "'key' is given twice" in fault.got


@pytest.mark.parametrize("kind", ["incidense", None, 3, ["incidence"]])
def test_an_unknown_kind_is_told_with_the_kinds_there_are(sound, faults_of, kind):
    sound["records"][0]["kind"] = kind
    (fault,) = faults_of(sound)
    assert told([fault]) == [("unknown kind of record", RECORDS, "record alpha-bruise")]
    assert fault.got == str(kind)
    assert "incidence, duration, onset" in fault.expected


@pytest.mark.parametrize(
    ("section", "place", "field"),
    [
        ("records", "record alpha-bruise", "of"),
        ("records", "record alpha-bruise", "locator"),
        ("records", "record alpha-bruise", "checked"),
        ("compounds", "compound alpha", "class"),
        ("sources", "source smith-2020", "opened"),
        ("terms", "term bruise", "red_flag"),
    ],
)
def test_a_missing_field(sound, faults_of, section, place, field):
    del sound[section][0][field]
    (fault,) = faults_of(sound)
    assert fault.where == place
    assert f'"{field}" is a required property' in fault.what


def test_an_entry_without_its_key(sound, faults_of):
    del sound["records"][0]["key"]
    (fault,) = faults_of(sound)
    assert (fault.file, fault.where) == (RECORDS, "record without key")


@pytest.mark.parametrize(
    ("section", "field", "value", "where"),
    [
        ("records", "n", "three", "record alpha-bruise"),
        ("records", "n", 2.5, "record alpha-bruise"),
        ("records", "n", float("nan"), "record alpha-bruise"),
        ("records", "grade", "D", "record alpha-bruise"),
        ("records", "per", "visit", "record alpha-bruise"),
        ("records", "checked", "yesterday", "record alpha-bruise"),
        ("records", "colour", "blue", "record alpha-bruise"),
        ("compounds", "synonyms", "alphol", "compound alpha"),
        ("terms", "group", "other", "term bruise"),
        ("sources", "year", "2020", "source smith-2020"),
    ],
)
def test_a_wrong_value_is_told_with_its_field(sound, faults_of, section, field, value, where):
    sound[section][0][field] = value
    (fault,) = faults_of(sound)
    assert fault.where == where
    assert field in (fault.field, *fault.what.split("'"))


@pytest.mark.parametrize(
    ("position", "field", "value", "what"),
    [
        (0, "source", "nobody-1999", "no such source"),
        (0, "compound", "gamma", "no such compound"),
        (1, "term", "itch", "no such term"),
    ],
)
def test_a_key_that_leads_nowhere(sound, faults_of, position, field, value, what):
    sound["records"][position][field] = value
    (fault,) = faults_of(sound)
    assert told([fault]) == [(what, RECORDS, f"record {sound['records'][position]['key']}")]
    assert (fault.field, fault.got) == (field, value)


def test_compounds_of_a_pair_and_a_remedy_that_lead_nowhere(sound, faults_of, record):
    sound["records"] += [
        record("pair", "incompatibility", compounds=["alpha", "gamma"], outcome="cloudy", severity="high"),
        record("care", "aftercare", measure="rest", state="unproven", because="no trial", remedy="delta"),
    ]
    found = [(fault.what, fault.where, fault.got) for fault in faults_of(sound)]
    assert found == [
        ("no such compounds", "record pair", "gamma"),
        ("no such remedy", "record care", "delta"),
    ]


def test_a_part_that_leads_nowhere(sound, faults_of):
    sound["compounds"][2]["parts"] = ["alpha", "gamma"]
    (fault,) = faults_of(sound)
    assert (*told([fault])[0], fault.got) == ("no such parts", COMPOUNDS, "compound alpha-beta", "gamma")


def test_a_compound_that_is_a_part_of_itself(sound, faults_of):
    """The look-up of a course follows parts down; a circle would never end."""
    sound["compounds"][0]["parts"] = ["alpha-beta", "beta"]
    found = told(faults_of(sound))
    assert found == [
        ("the compound is a part of itself", COMPOUNDS, "compound alpha"),
        ("the compound is a part of itself", COMPOUNDS, "compound alpha-beta"),
    ]


@pytest.mark.parametrize(
    ("section", "file", "where"),
    [
        ("records", RECORDS, "record alpha-bruise"),
        ("compounds", COMPOUNDS, "compound alpha"),
        ("sources", SOURCES, "source smith-2020"),
        ("terms", TERMS, "term bruise"),
    ],
)
def test_a_key_used_twice(sound, faults_of, section, file, where):
    again = {**sound[section][0]}
    if section == "records":
        again["n"] = 4
    sound[section].append(again)
    (fault,) = faults_of(sound)
    assert told([fault]) == [("key used twice", file, where)]
    assert file in fault.hint


@pytest.mark.parametrize(
    ("section", "change", "where", "got"),
    [
        ("compounds", {"synonyms": ["Alphól"]}, "compound beta", "Alphól"),
        ("compounds", {"synonyms": ["alpha"]}, "compound beta", "alpha"),
        ("terms", {"synonyms": {"en": [], "es": ["BRUISE"]}}, "term lump", "BRUISE"),
        ("terms", {"plain": {"en": "bruise syn", "es": "x"}}, "term lump", "bruise syn"),
        ("terms", {"pt": "Bruise"}, "term lump", "Bruise"),
    ],
)
def test_a_name_that_means_two_things(sound, faults_of, section, change, where, got):
    sound[section][1] |= change
    (fault,) = faults_of(sound)
    assert (fault.what, fault.where, fault.got) == ("name means two things", where, got)
    assert fault.file in (COMPOUNDS, TERMS)
    assert "It also means " in fault.hint


def test_a_name_that_nothing_could_find(sound, faults_of):
    sound["compounds"][0]["synonyms"].append("®")
    (fault,) = faults_of(sound)
    assert told([fault]) == [("name without a letter or digit to find it by", COMPOUNDS, "compound alpha")]


@pytest.mark.parametrize(
    ("position", "change", "what"),
    [
        (0, {"n": 11}, "n is more than of"),
        (1, {"median": 22}, "low, median and high out of order"),
        (1, {"low": 8}, "low, median and high out of order"),
        (1, {"low": 30, "high": 21, "median": 25}, "low, median and high out of order"),
        (
            1,
            {"resolved": [{"day": 3, "percent": 50}, {"day": 7, "percent": 40}]},
            "share resolved falls with time",
        ),
        (
            1,
            {"resolved": [{"day": 7, "percent": 50}, {"day": 3, "percent": 40}]},
            "share resolved falls with time",
        ),
        (2, {"valid_to": "2019-12-31"}, "valid_to is before valid_from"),
        (2, {"valid_to": "2020-02"}, "valid_to is before valid_from"),
        (2, {"valid_from": "2020-02-30"}, "no calendar has this date"),
        (2, {"valid_to": "2021-13"}, "no calendar has this date"),
        (0, {"checked": "2026-11-31"}, "no calendar has this date"),
    ],
)
def test_numbers_and_dates_that_cannot_be(sound, faults_of, position, change, what):
    sound["records"][position] |= change
    assert told(faults_of(sound)) == [(what, RECORDS, f"record {sound['records'][position]['key']}")]


def test_a_source_opened_on_a_day_that_never_was(sound, faults_of):
    sound["sources"][0]["opened"] = "2026-02-29"
    assert told(faults_of(sound)) == [("no calendar has this date", SOURCES, "source smith-2020")]


@pytest.mark.parametrize("valid_to", ["2020", "2020-03", "2020-03-01", "2021-01-01"])
def test_dates_that_may_be_in_order_are_no_fault(sound, write, valid_to):
    sound["records"][2]["valid_to"] = valid_to
    assert load_evidence(write(sound)).records["alpha-allowed"].valid_to == valid_to


def _beside_the_first(sound, record, **fields):
    """The base with one more legal state of alpha for tests in XX, which was approved in March 2020."""
    second = {"compound": "alpha", "country": "XX", "status": "banned", "use": "tests", **fields}
    sound["records"].append(record("alpha-later", "regulatory", **second))
    return sound


@pytest.mark.parametrize("since", ["2021", "2020-03", "2019-05-01"])
def test_two_legal_states_at_one_time(sound, record, faults_of, since):
    (fault,) = faults_of(_beside_the_first(sound, record, valid_from=since))
    assert fault.what == "two legal states of one use at one time"
    assert (fault.where, fault.got) == ("record alpha-later", "banned beside approved of alpha-allowed")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"valid_from": "2021", "status": "warning"},
        {"valid_from": "2021", "use": "other tests"},
        {"valid_from": "2021", "country": "YY"},
        {"valid_from": "2018", "valid_to": "2020-03-01"},
    ],
)
def test_legal_states_that_do_not_meet(sound, record, write, fields):
    assert "alpha-later" in load_evidence(write(_beside_the_first(sound, record, **fields))).records


def test_a_state_that_ended_makes_room_for_the_next(sound, record, write):
    sound["records"][2]["valid_to"] = "2021-06-30"
    base = load_evidence(write(_beside_the_first(sound, record, valid_from="2021-07-01")))
    assert base.records["alpha-later"].valid_from == "2021-07-01"


def test_bounds_that_do_not_say_what_they_are(sound, faults_of):
    sound["records"][1] |= {"low": 2}
    del sound["records"][1]["interval"]
    (fault,) = faults_of(sound)
    assert (fault.what, fault.field) == ("low and high without saying what they are", "interval")


@pytest.mark.parametrize(
    "change", [{}, {"note": "other"}, {"checked": "2025-01-01"}, {"statement": "In other words."}]
)
def test_the_same_fact_twice(sound, faults_of, change):
    sound["records"].append({**sound["records"][0], "key": "again", **change})
    (fault,) = faults_of(sound)
    assert told([fault]) == [("the same fact twice", RECORDS, "record again")]
    assert "alpha-bruise" in fault.hint


@pytest.mark.parametrize("change", [{"locator": "table 2"}, {"n": 4}, {"population": "men"}])
def test_another_fact_is_not_the_same(sound, write, change):
    sound["records"].append({**sound["records"][0], "key": "again", **change})
    assert len(load_evidence(write(sound)).records) == 4


def test_faults_of_every_kind_are_told_together_and_cause_no_others(sound, faults_of, record):
    """One unreadable file, one broken record, two dangling keys, one clash: five faults. What names the broken record's
    compound, or a key that may stand in the unreadable file, is not a sixth.
    """
    sound["records"][0] |= {"compound": "gamma"}
    sound["records"][1] |= {"unit": "fortnight"}
    sound["records"][2] |= {"source": "perhaps-in-the-broken-file"}
    sound["compounds"][1]["synonyms"] = ["alphol"]
    sound["records"].append(
        record("more", "claim", compound="alpha", claim="x", state="unproven", because="y", **{"for": "z"})
    )
    sound["records"].append(
        record("care", "aftercare", measure="rest", state="unproven", because="no trial", term="itch")
    )
    faults = faults_of(sound, **{"sources/broken.yaml": "- key: [\n"})
    assert sorted((fault.file, fault.where) for fault in faults) == [
        (COMPOUNDS, "compound beta"),
        (RECORDS, "record alpha-bruise"),
        (RECORDS, "record alpha-bruise-days"),
        (RECORDS, "record care"),
        ("sources/broken.yaml", "line 2"),
    ]


def test_a_record_may_name_a_compound_that_is_itself_broken(sound, faults_of):
    del sound["compounds"][0]["class"]
    assert [fault.where for fault in faults_of(sound)] == ["compound alpha"]


def test_a_folder_without_evidence(tmp_path):
    with pytest.raises(EvidenceError) as refused:
        load_evidence(tmp_path / "nowhere")
    (fault,) = refused.value.faults
    assert fault.what == "no evidence files"
    assert fault.file == str(tmp_path / "nowhere")
    assert "records/*.yaml" in fault.expected


def test_the_whole_text_names_every_fault(sound, write):
    sound["records"][0]["n"], sound["records"][1]["median"] = 11, 22
    with pytest.raises(EvidenceError) as refused:
        load_evidence(write(sound))
    assert str(refused.value).count("\n  - ") == 2
