"""A look at the record: its numbers are the rates, its lines the persons counted, and it stands until something changes."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest
from tests.registry.tables.conftest import FIRST_DAY, inject, keep, problem

from untoward.registry.models import Clinic, Patient, Practitioner, Session
from untoward.registry.writing import write
from untoward.tasks.record import watching_record
from untoward.tasks.record.pseudonyms import age_band, pseudonym
from untoward.tasks.record.watch_curve import curve_of
from untoward.tasks.record.watch_lines import Wanted, csv_of, deidentified, wanted_lines
from untoward.tasks.record.watching_record import ALL, AT_WORK, Running, at_work, latest, refresh, running

pytestmark = pytest.mark.django_db
KEY_OF_THE_SITE = "kept by the site"


@pytest.fixture
def home(settings, tmp_path):
    from dataclasses import replace

    settings.UNTOWARD = replace(settings.UNTOWARD, home=tmp_path)
    return tmp_path


@pytest.fixture
def sick(clinics, stock):
    """Twelve persons at one clinic; the four who had vial V1 got a nodule three weeks later, and so did one other."""
    north = clinics[0]
    lipo, procaine, *_rest = stock["products"]
    injector = keep(Practitioner(clinic=north, key="D1", name="Dr One"))[0]
    patients = keep(
        *(Patient(clinic=north, key=f"K{n:02d}", name=f"Name {n}", birth_year=1980) for n in range(12))
    )
    for number, patient in enumerate(patients):
        bad = number < 4
        part = (
            (lipo, stock["lots"][0], stock["vials"][0], "A", 1.0) if bad else (procaine, None, None, "A", 1.0)
        )
        session = inject(
            north, patient, injector, FIRST_DAY + timedelta(days=number), [part], sites=["thigh"]
        )
        if bad or number == 7:
            problem(session, "nodule", 21, outbreak="Spring" if number == 0 else "")
    return patients


@pytest.fixture
def look(home, sick, clinics):
    assert refresh(clinics[:1]) == (str(clinics[0].uid),)
    return latest(str(clinics[0].uid))


def test_every_count_of_the_rates_has_exactly_its_lines(look):
    told = look.rates.filter((pl.col("ill") > 0) | (pl.col("sessions") > 0))
    assert told.height > 20
    for row in told.iter_rows(named=True):
        where = {"outcome": row["outcome"], "axis": row["axis"], "value": row["value"]}
        assert wanted_lines(look.lines, Wanted(**where)).height == row["ill"], where
        assert wanted_lines(look.lines, Wanted(kind="sessions", **where)).height == row["sessions"], where


def test_the_cases_of_a_vial_are_those_who_had_it(look):
    lines = wanted_lines(look.lines, Wanted(outcome="infection", axis="vial", value="V1"))
    assert sorted(lines["patient"]) == ["K00", "K01", "K02", "K03"]


def test_lines_are_chosen_by_dates_and_by_their_ids(look):
    cases = wanted_lines(look.lines, Wanted(outcome="infection"))
    assert cases.height == 5
    since = date(2026, 3, 25)
    later = wanted_lines(look.lines, Wanted(outcome="infection", since=since))
    assert 0 < later.height < 5
    assert later["onset"].min() >= since
    assert wanted_lines(look.lines, Wanted(outcome="infection", before=since)).height == 5 - later.height
    first = cases["reaction"][0]
    assert wanted_lines(look.lines, Wanted(outcome="infection", reactions=(first,)))[
        "reaction"
    ].to_list() == [first]
    assert wanted_lines(look.lines, Wanted(axis="vial", value="no such")).is_empty()
    assert wanted_lines(look.lines, Wanted(kind="sessions", end=date(2026, 3, 4))).height == 2


def test_the_summary_names_nobody_and_holds_what_pages_show(look, sick):
    text = json.dumps(look.summary)
    assert not any(patient.key in text or patient.name in text for patient in sick)
    assert [one["name"] for one in look.summary["outcomes"]] == [
        "infection",
        "allergy",
        "tissue injury",
        "left its expected course",
        "any reaction",
    ]
    assert look.summary["sessions"] == look.summary["patients"] == 12
    assert {"sessions", "cases"} == {tile["kind"] for tile in look.summary["tiles"]}


def test_known_outbreaks_are_counted_beside_what_stands_out(home, sick, clinics, stock):
    injector = Practitioner.objects.get(clinic=clinics[0])
    others = keep(*(Patient(clinic=clinics[0], key=f"W{n:03d}") for n in range(110)))
    for number, patient in enumerate(others):
        part = (stock["products"][1], None, None, "A", 1.0)
        inject(
            clinics[0], patient, injector, FIRST_DAY + timedelta(days=number % 12), [part], sites=["thigh"]
        )
    refresh(clinics[:1])
    clusters = latest(str(clinics[0].uid)).summary["clusters"]
    vial = next(one for one in clusters if {"axis": "vial", "value": "V1"} in one["where"])
    assert vial["known_outbreaks"] == {"Spring": 1}
    assert vial["stands_out"]
    assert len(vial["reactions"]) == vial["observed"] == 4


def test_a_look_stands_until_something_is_recorded(look, clinics, sick):
    assert refresh(clinics[:1]) == ()
    keep(Patient(clinic=clinics[0], key="new"))
    assert refresh(clinics[:1]) == (str(clinics[0].uid),)
    assert latest(str(clinics[0].uid)).made_at >= look.made_at


def test_a_look_a_day_old_is_made_again(look, clinics):
    summary = dict(look.summary) | {"made_at": (datetime.now(UTC) - timedelta(hours=25)).isoformat()}
    (look.folder / "summary.json").write_text(json.dumps(summary), encoding="utf-8")
    assert refresh(clinics[:1]) == (str(clinics[0].uid),)


def test_all_clinics_together_are_looked_at_when_all_are_given(home, record, clinics):
    made = refresh(clinics)
    assert made == (*(str(clinic.uid) for clinic in clinics), ALL)
    assert latest(ALL).summary["sessions"] == 4
    assert latest(str(clinics[1].uid)).summary["sessions"] == 2


def test_a_clinic_of_another_time_has_a_look_of_its_own_and_stands_in_none_with_others(home, record, clinics):
    for session in Session.objects.filter(clinic=clinics[1]):
        session.at -= AT_WORK
        write(session, by=None, reason="long ago")
    later = keep(Clinic(name="Not open yet"))[0]
    assert at_work() == [clinics[0], later]
    refresh([*clinics, later])
    assert latest(ALL).summary["clinics"] == [clinics[0].name, later.name]
    assert latest(str(clinics[1].uid)).summary["sessions"] == 2


def test_older_looks_are_removed(look, clinics):
    for _again in range(3):
        refresh(clinics[:1], always=True)
    folders = [one for one in look.folder.parent.iterdir() if one.is_dir()]
    assert len(folders) == 2
    assert latest(str(clinics[0].uid)).folder in folders


def test_a_look_that_fails_says_so_without_a_word_of_the_record(home, clinics, sick, monkeypatch):
    def fail(*_args):
        raise RuntimeError("Name 3 has a nodule")

    monkeypatch.setattr(watching_record, "watch_content", fail)
    with pytest.raises(RuntimeError):
        refresh(clinics[:1])
    scope = str(clinics[0].uid)
    assert running(scope).failed == "RuntimeError"
    assert latest(scope) is None
    monkeypatch.undo()


def test_a_look_that_stalled_is_not_waited_for(home, clinics):
    began = datetime(2026, 1, 1, tzinfo=UTC)
    watching_record._tell("x", Running(began=began, step="reading"))
    assert running("x", began + timedelta(minutes=5)).step == "reading"
    assert running("x", began + timedelta(minutes=31)) is None


def test_there_is_no_look_before_the_first(home):
    assert latest("nowhere") is None
    assert running("nowhere") is None


def test_lines_without_identities_keep_nothing_that_tells_who(look):
    lines = deidentified(wanted_lines(look.lines, Wanted(outcome="infection")), KEY_OF_THE_SITE)
    assert all(key.startswith("P-") for key in lines["patient"])
    assert all(key.startswith("R-") for key in lines["reaction"])
    assert set(lines["age"]) == {"45-49"}
    assert {
        day.weekday() for name in ("session_date", "onset", "known") for day in lines[name].drop_nulls()
    } == {0}
    assert "K0" not in csv_of(lines.drop("nodes"))


def test_pseudonyms_stay_the_same_and_cannot_be_made_without_the_secret():
    assert pseudonym("P", "K01", KEY_OF_THE_SITE) == pseudonym("P", "K01", KEY_OF_THE_SITE)
    told = {
        pseudonym("P", "K01", KEY_OF_THE_SITE),
        pseudonym("P", "K02", KEY_OF_THE_SITE),
        pseudonym("R", "K01", KEY_OF_THE_SITE),
        pseudonym("P", "K01", "x"),
    }
    assert len(told) == 4


@pytest.mark.parametrize(
    ("age", "band"), [(39.9, "35-39"), (40, "40-44"), (0, "0-4"), (97, "90 or more"), (None, None)]
)
def test_ages_stand_in_bands_of_five_years(age, band):
    assert age_band(age) == band


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2", "@SUM(A1)", " =1", "\t=1"])
def test_no_cell_of_a_download_is_a_formula(text):
    cell = csv_of(pl.DataFrame({"lots": [text, "L-1"]})).splitlines()[1]
    assert cell.lstrip('"').startswith("'")
    assert csv_of(pl.DataFrame({"lots": ["L-1", "2026-01-01"]})).splitlines()[1:] == ["L-1", "2026-01-01"]


def test_a_curve_counts_every_dated_case_once(look):
    cases = wanted_lines(look.lines, Wanted(outcome="infection"))
    curve = curve_of(cases, by="onset", width="week", stratum="practitioner")
    assert sum(one.n for one in curve.bins) == 5
    assert curve.strata == ("D1",)
    assert all(one.start.weekday() == 0 for one in curve.bins)


def test_a_curve_gathers_rare_strata_and_says_what_it_leaves_out():
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(10)]
    frame = pl.DataFrame({"onset": [*days, None], "what": [f"t{n % 8}" for n in range(10)] + ["t0"]})
    curve = curve_of(frame, by="onset", width="day", stratum="what")
    assert len(curve.strata) == 6
    assert curve.strata[-1] == "others"
    assert (sum(one.n for one in curve.bins), curve.without_date) == (10, 1)
    assert curve_of(frame.filter(pl.col("onset").is_null()), by="onset", width="day").bins == ()


def test_a_look_that_cannot_begin_in_the_background_is_told(home, monkeypatch):
    monkeypatch.setattr(watching_record.sys, "executable", "/bin/false")
    threads = []
    monkeypatch.setattr(
        watching_record.threading, "Thread", lambda **given: threads.append(given) or Started()
    )
    watching_record.begin("x")
    assert running("x").step == "starting"
    threads[0]["target"](*threads[0]["args"])
    assert running("x").failed == "exit code 1"


class Started:
    """A thread that is run by the test itself."""

    def start(self):
        """Nothing: the test calls its work."""


def test_the_process_in_the_background_can_begin():
    finished = subprocess.run(
        [
            sys.executable,
            "-c",
            "import untoward.tasks.record.watch_in_background as one; print(one.main.__name__)",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (finished.returncode, finished.stdout.strip()) == (0, "main"), finished.stderr
