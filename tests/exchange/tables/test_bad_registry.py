"""Each thing that can be wrong with a registry gives one clear fault, and the good rows are still there."""

from __future__ import annotations

import datetime as dt

import pytest

from untoward.errors import Fault
from untoward.exchange.tables import read_registry
from untoward.exchange.tables.faults import LISTED_FAULTS

DATE = "a date such as 2026-03-02, 2026-03-02T14:30, 2026-03 or 2026"


def _ledger(reading):
    return {entry.table: (entry.read, entry.kept, entry.left_out) for entry in reading.ledger}


def _only(reading) -> Fault:
    assert len(reading.faults) == 1, [str(fault) for fault in reading.faults]
    return reading.faults[0]


def test_missing_column_names_the_headers_seen_and_the_closest(read, good):
    good["sessions"] = [
        {"session_id": "S1", "patient_id": "P1", "day of session": "2026-03-02", "clinic": "North"}
    ]
    reading = read({"sessions": good["sessions"], "reactions": good["reactions"][:1]})
    fault = next(fault for fault in reading.faults if fault.what == "required column is missing")
    assert (fault.file, fault.field) == ("sessions.csv", "date")
    assert fault.got == "headers 'session_id', 'patient_id', 'day of session', 'clinic'"
    assert fault.hint.startswith("Closest: ")
    assert "'day of session'" in fault.hint
    assert _ledger(reading)["sessions"] == (1, 0, 1)
    assert _ledger(reading)["reactions"] == (1, 0, 1)
    assert not any("points to no row" in fault.what for fault in reading.faults)


@pytest.mark.parametrize(
    ("date", "what"),
    [
        ("2026-04-31", "no calendar has this day"),
        ("2026-02-29", "no calendar has this day"),
        ("2026-13-01", "no calendar has this day"),
        ("2026-03-400", "no calendar has this day"),
        ("400/03/2026", "no calendar has this day"),
        ("2026-03-02T24:10", "no clock shows this time"),
        ("1026-03-02", "the year cannot be right"),
        ("02/03/26", "year of two digits"),
        ("46083", "a number where a date belongs"),
        ("last Tuesday", "not a date"),
    ],
)
def test_impossible_dates(read, good, date, what):
    good["sessions"][1]["date"] = date
    fault = _only(read(good))
    assert (fault.what, fault.file, fault.where, fault.field, fault.got) == (
        what,
        "sessions.csv",
        "row 3",
        "date",
        f"'{date}'",
    )
    assert _ledger(read(good))["reactions"] == (3, 2, 1), "what hangs on the session is left out, and counted"


def test_reaction_before_its_session(read, good):
    good["reactions"][0] |= {"onset_date": "2026-03-01", "resolved_date": ""}
    fault = _only(read(good))
    assert fault == Fault(
        what="the reaction began before its session", file="reactions.csv", where="row 2", field="onset_date",
        got="'2026-03-01'", expected="a date not before the session",
    )  # fmt: skip
    assert _ledger(read(good))["observations"] == (2, 0, 2)


@pytest.mark.parametrize(
    ("session", "onset", "fine"),
    [
        ("2026-03-02", "2026-03-02", True),
        ("2026-03-02", "2026-03", True),  # the month goes on after the session
        ("2026-03-02", "2026-02", False),
        ("2026-04-01", "2026-03", False),  # the month ends where the session's day begins
        ("2026", "2026-01-01", True),
        ("2026-03-02T14:30", "2026-03-02", True),
        ("2026-03-02T14:30", "2026-03-02T14:30", True),
        ("2026-03-02T14:30", "2026-03-02T14:29", False),
        ("2026-03-02", "2026-03-01T23:59", False),
    ],
)
def test_before_the_session_means_wholly_before(read, good, session, onset, fine):
    good["sessions"][0]["date"] = session
    good["reactions"] = [{"reaction_id": "R1", "session_id": "S1", "term": "nodule", "onset_date": onset}]
    del good["observations"]
    assert [fault.what for fault in read(good).faults] == (
        [] if fine else ["the reaction began before its session"]
    )


def test_resolved_before_onset_by_dates_and_by_days(read, good):
    good["reactions"][0]["resolved_date"] = "2026-03-03"
    assert _only(read(good)).what == "the reaction was over before it began"
    good["reactions"] = [
        {"reaction_id": "R1", "session_id": "S1", "term": "nodule", "onset_day": "5", "resolved_day": "4"}
    ]
    good["observations"] = good["observations"][1:]
    fault = _only(read(good))
    assert (fault.what, fault.field, fault.got) == (
        "the reaction was over before it began",
        "resolved_day",
        "'4'",
    )


def test_day_and_date_must_agree(read, good):
    good["reactions"][0]["onset_day"] = "12"
    for row in good["reactions"][1:]:
        row["onset_day"] = ""
    fault = _only(read(good))
    assert (fault.what, fault.where, fault.field) == (
        "the day does not agree with the dates",
        "row 2",
        "onset_day",
    )


def test_observation_before_the_session(read, good):
    good["observations"][0]["date"] = "2026-02-28"
    assert (_only(read(good)).what, _only(read(good)).where) == ("seen before the session", "row 2")


def test_mixed_date_orders_name_both_readings_and_the_evidence(read, good):
    for row, date in zip(good["sessions"], ("03/04/2026", "25/03/2026", "03/25/2026"), strict=True):
        row["date"] = date
    good["reactions"] = good["reactions"][:1]
    good["reactions"][0] |= {"onset_date": "", "resolved_date": ""}
    good["observations"] = good["observations"][1:]
    fault = _only(read(good))
    assert fault.what == "dates of which day and month cannot be told apart"
    assert (fault.where, fault.field) == ("row 2", "date")
    assert fault.got == (
        "'03/04/2026' is 3 April or 4 March 2026; '25/03/2026' is day first, '03/25/2026' is month first"
    )
    assert _ledger(read(good))["sessions"] == (3, 2, 1)


def test_dates_that_are_all_ambiguous_are_not_guessed(read, good):
    for row, date in zip(good["sessions"], ("03/04/2026", "05/06/2026", "07/07/2026"), strict=True):
        row["date"] = date
    del good["reactions"], good["observations"]
    fault = next(fault for fault in read(good).faults if fault.field == "date")
    assert fault.where == "rows 2 and 3", "7 July is 7 July in either order"
    assert fault.got.endswith("no date of the column shows which")


@pytest.mark.parametrize(
    ("dates", "first"),
    [
        (("03/04/2026", "25/04/2026"), dt.datetime(2026, 4, 3)),
        (("03/04/2026", "04/25/2026"), dt.datetime(2026, 3, 4)),
    ],
)
def test_one_clear_date_settles_the_order_of_the_column(read, good, dates, first):
    good["sessions"] = [
        {"session_id": f"S{n}", "patient_id": "P", "date": date} for n, date in enumerate(dates)
    ]
    reading = read({"sessions": good["sessions"], "reactions": good["reactions"]})
    assert reading.registry.sessions["date_from"][0] == first


def test_two_orders_without_an_unclear_date_are_still_told(read, good):
    good["sessions"] = [
        {"session_id": f"S{n}", "patient_id": "P", "date": date}
        for n, date in enumerate(("25/04/2026", "04/25/2026"))
    ]
    reading = read({"sessions": good["sessions"], "reactions": good["reactions"]})
    assert reading.faults[0].what == "dates in two orders of day and month"
    assert reading.registry.sessions.height == 2


def test_duplicate_keys_name_both_rows(read, good):
    good["sessions"].append(dict(good["sessions"][0]))
    fault = _only(read(good))
    assert fault == Fault(
        what="the same session_id on several rows", file="sessions.csv", where="rows 2 and 5", field="session_id", got="'S1'",
        expected="a session_id that no other row has", hint="Remove the double, or give each its own key.",
    )  # fmt: skip
    assert _ledger(read(good)) == {
        "sessions": (4, 2, 2),
        "components": (3, 1, 2),
        "reactions": (3, 2, 1),
        "observations": (2, 0, 2),
    }


def test_rows_that_point_nowhere(read, good):
    good["components"][0]["session_id"] = "S9"
    good["reactions"][1]["session_id"] = "S8"
    good["observations"][1]["reaction_id"] = "R9"
    assert [(fault.what, fault.where, fault.got) for fault in read(good).faults] == [
        ("points to no row of sessions", "row 2", "'S9'"),
        ("points to no row of sessions", "row 3", "'S8'"),
        ("points to no row of reactions", "row 3", "'R9'"),
    ]


def test_unknown_compound_and_term_are_kept_listed_and_asked_about(read, good):
    good["components"][0]["compound"] = "lecitin"
    good["components"][2]["compound"] = "lecitin"
    good["reactions"][0]["term"] = "nodulle"
    reading = read(good)
    compound, term = reading.unrecognised
    assert (compound.table, compound.name, compound.rows) == ("components", "lecitin", 2)
    assert "lecithin" in compound.suggestions
    assert (term.table, term.name, term.rows, term.suggestions[0]) == ("reactions", "nodulle", 1, "nodule")
    assert [fault.what for fault in reading.faults] == [
        "unknown compound 'lecitin'",
        "unknown term 'nodulle'",
    ]
    assert reading.faults[0].where == "row 2 and 1 more"
    assert reading.faults[0].got == "2 rows"
    assert reading.faults[1].hint == "Did you mean nodule?"
    assert reading.registry.components["compound_key"].to_list() == [None, "procaine", None]
    assert reading.registry.reactions["term_id"].to_list()[0] is None
    assert all(entry.left_out == 0 for entry in reading.ledger)


@pytest.mark.parametrize(
    ("column", "value", "what", "expected"),
    [
        ("volume_ml", "-2", "a negative number", "a number from 0 to 1000 in ml"),
        ("volume_ml", "2000", "the number is too large", "a number from 0 to 1000 in ml"),
        ("volume_ml", "two", "not a number", "a number from 0 to 1000 in ml"),
        ("volume_ml", "1,5", "not a number", "a number from 0 to 1000 in ml"),
        ("volume_ml", "inf", "not a number", "a number from 0 to 1000 in ml"),
        ("unit", "spoon", "the unit is not known", "a unit such as mg, ug, g, ml, iu or %"),
        ("unit", "", "an amount without a unit", "the unit of the amount"),
        ("compound", "", "the cell is empty", "Name as the clinic writes it; resolved through names, synonyms and brands"),
    ],
)  # fmt: skip
def test_cells_of_components(read, good, column, value, what, expected):
    for row in good["components"]:
        row.setdefault("volume_ml", "2")
    good["components"][1][column] = value
    fault = _only(read(good))
    assert (fault.what, fault.where, fault.field, fault.expected) == (what, "row 3", column, expected)
    assert _ledger(read(good))["components"] == (3, 2, 1)


def test_words_for_unknown_are_unknown_and_not_no(read, good):
    good["sessions"][0] |= {"licensed": "unknown", "age": "?"}
    reading = read(good)
    assert reading.faults == ()
    assert reading.registry.sessions.row(0, named=True)["licensed"] is None
    assert reading.registry.sessions.row(0, named=True)["age"] is None


def test_neither_yes_nor_no(read, good):
    good["sessions"][0]["licensed"] = "perhaps"
    assert (_only(read(good)).what, _only(read(good)).got) == ("neither yes nor no", "'perhaps'")


def test_one_vial_with_two_lots_leaves_out_the_odd_one(read, good):
    good["components"].append(
        {"session_id": "S1", "compound": "lecithin", "amount": "", "unit": "", "lot": "008", "vial": "V1"}
    )
    fault = _only(read(good))
    assert (fault.what, fault.where, fault.got) == (
        "one vial with two lots",
        "row 5",
        "vial 'V1' with lot 008",
    )
    assert fault.expected == "lot 007, as on most rows of this vial"
    assert _ledger(read(good))["components"] == (4, 3, 1)


def test_one_vial_with_two_lots_in_a_tie_leaves_out_both(read, good):
    good["components"][2]["lot"] = "008"
    fault = _only(read(good))
    assert (fault.where, fault.got) == ("rows 2 and 4", "vial 'V1' with lot 007, 008")
    assert _ledger(read(good))["components"] == (3, 1, 2)


def test_reaction_of_another_person(read, good):
    for row in good["reactions"]:
        row["patient_id"] = "P1"
    assert (_only(read(good)).what, _only(read(good)).where) == (
        "another person than in the session",
        "row 4",
    )


def test_sessions_in_the_future_only_when_told_the_day(read, good):
    good = {name: [row for row in rows if "S3" not in row.values()] for name, rows in good.items()}
    assert read(good).faults == ()
    assert read(good, today=dt.date(2026, 3, 15)).faults == (), "a day's grace for clocks and time zones"
    fault = _only(read(good, today=dt.date(2026, 3, 14)))
    assert (fault.what, fault.where, fault.expected) == (
        "a session in the future",
        "row 3",
        "a day up to 2026-03-15",
    )


def test_two_headers_for_one_column(read, good):
    for row in good["sessions"]:
        row["visit date"] = "2026-01-01"
    reading = read(good)
    fault = _only(reading)
    assert (fault.what, fault.field, fault.got) == (
        "2 headers for one column",
        "date",
        "'date', 'visit date'",
    )
    assert fault.hint == "Rename or remove all but one; 'date' was read."
    taken = {entry.header: entry.how for entry in reading.columns if entry.file == "sessions.csv"}
    assert taken["visit date"] == "not used: another header is date"


def test_headers_by_alias_fold_likeness_and_not_at_all(names, write_csv):
    folder = write_csv(
        {
            "sessions": [
                {
                    "Id Sesión": "S1",
                    "PATIENT-ID": "P1",
                    "Fecha": "2026-03-02",
                    "practicioner": "D1",
                    "shoe size": "40",
                }
            ]
        }
    )
    (folder / "reactions.csv").write_text("reaction_id,session_id,term\n")
    reading = read_registry(folder, names)
    assert reading.faults == ()
    assert {
        entry.header: (entry.taken_for, entry.how)
        for entry in reading.columns
        if entry.file == "sessions.csv"
    } == {
        "Id Sesión": ("session_id", "a known other name of session_id"),
        "PATIENT-ID": ("patient_id", "its own name, apart from case, accents or signs"),
        "Fecha": ("date", "a known other name of date"),
        "practicioner": ("practitioner", "looks like 'practitioner': taken for practitioner, please confirm"),
        "shoe size": (None, "not used"),
    }


def test_a_fault_names_the_header_as_written(names, write_csv):
    folder = write_csv({"sessions": [{"sesion": "S1", "paciente": "P1", "fecha": "2026-02-30"}]})
    (folder / "reactions.csv").write_text("reaction_id,session_id,term\n")
    assert _only(read_registry(folder, names)).field == "fecha (date)"


def test_every_fault_is_counted_and_two_hundred_are_listed(read, good):
    good["sessions"] = [
        {"session_id": f"S{n}", "patient_id": "P", "date": "2026-03-02", "age": "old", "licensed": "yes" if n else "perhaps"}
        for n in range(1000)
    ]  # fmt: skip
    reading = read({"sessions": good["sessions"], "reactions": good["reactions"][:1]})
    of_sessions = [fault for fault in reading.faults if fault.file == "sessions.csv"]
    assert len(of_sessions) == LISTED_FAULTS + 1
    assert of_sessions[-1].what == "801 further faults of this table are not listed"
    assert of_sessions[-1].got == "1,000 x not a number in age; 1 x neither yes nor no in licensed"
    assert any(fault.what == "neither yes nor no" for fault in of_sessions), "a rare kind is not crowded out"
    assert _ledger(reading)["sessions"] == (1000, 0, 1000)


def test_all_tables_are_told_about_at_once(read, good):
    good["sessions"][0]["date"] = "never"
    good["components"][1]["amount"] = "-1"
    good["reactions"][2]["term"] = ""
    good["observations"][0]["painful"] = "rather"
    assert [fault.file for fault in read(good).faults] == [
        "sessions.csv",
        "components.csv",
        "reactions.csv",
        "observations.csv",
    ]
