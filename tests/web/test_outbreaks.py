"""Trace, sequential watch, signals and the outbreak workbench as each role sees them, without a script."""

import csv
import io
import re

import polars as pl
import pytest
from django.urls import reverse
from tests.registry.outbreaks.conftest import home, north

from untoward.registry.models import Investigation, Lot, Membership, Reaction, User, Vial
from untoward.registry.roles import MAY, Action, Role
from untoward.registry.writing import write
from untoward.tasks.record import watching_record
from untoward.tasks.record.watch_known import FOLDER

pytestmark = pytest.mark.django_db
__all__ = ["home", "north"]
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SHEET = "key\till\tonset\tvial\nK0\tyes\t2026-03-23\tVB\next-1\tyes\t2026-03-30\tVB\n"


@pytest.fixture
def sign_in(client, north):
    def enter(role):
        user = User.objects.create_user(f"{role}-{User.objects.count()}@example.org", "a long enough one")
        write(Membership(user=user, clinic=north, role=role), by=None)
        client.force_login(user, backend=BACKEND)
        return client

    return enter


@pytest.fixture
def begun(sign_in):
    def begin(role):
        client = sign_in(role)
        given = {"title": "Lumps", "rationale": "Three rang in one week."}
        assert client.post(reverse("outbreak-new"), given).status_code == 302
        return client, Investigation.objects.get()

    return begin


def text_of(response, status=200):
    assert response.status_code == status
    return response.content.decode()


def keys_in(page):
    return {f"K{number}" for number in range(8) if re.search(rf"\bK{number}\b", page)}


def lot_trace(client):
    return client.get(reverse("trace", args=[Lot.objects.get(number="BAD").uid]), follow=True)


def test_a_lot_is_traced_in_two_clicks(sign_in):
    client = sign_in(Role.DIRECTOR)
    lot = Lot.objects.get(number="BAD")
    page = text_of(client.get(reverse("lot", args=[lot.uid])))
    assert reverse("trace", args=[lot.uid]) in page
    found = text_of(lot_trace(client))
    assert keys_in(found) == {"K0", "K1", "K2", "K3"}
    assert "1 person who is not ill has not been heard of since" in found
    assert "<svg" in found


def test_a_vial_page_leads_to_its_trace_and_one_of_another_clinic_does_not(sign_in):
    client = sign_in(Role.DIRECTOR)
    mine, other = Vial.objects.get(label="VB"), Vial.objects.get(label="VS")
    assert reverse("trace-vial", args=[mine.uid]) in text_of(client.get(reverse("vial", args=[mine.uid])))
    assert client.get(reverse("trace-vial", args=[mine.uid])).status_code == 302
    assert client.get(reverse("trace-vial", args=[other.uid])).status_code == 404


@pytest.mark.parametrize("role", [Role.EPIDEMIOLOGIST])
def test_whoever_may_not_see_patients_sees_no_key_and_no_day(sign_in, role):
    page = text_of(lot_trace(sign_in(role)))
    assert not keys_in(page)
    assert page.count("P-") >= 4
    assert "Mondays of their weeks" in page
    assert ">3 Mar 2026" not in page


def test_a_case_leads_back_to_its_vial_but_not_by_a_uid_that_is_none(sign_in):
    client = sign_in(Role.DIRECTOR)
    reaction = Reaction.objects.order_by("pk").first()
    assert "Trace: Vial VB" in text_of(client.get(reverse("watch-trace"), {"case": str(reaction.uid)}))
    for wrong in ("1", "00000000-0000-0000-0000-000000000001"):
        assert client.get(reverse("watch-trace"), {"case": wrong}).status_code == 404


def test_a_cluster_leads_to_the_trace_of_its_cases(north, sign_in):
    watching_record.refresh([north])
    look = watching_record.latest(str(north.uid))
    cluster = {"number": 1, "title": "Vial VB", "where": [{"axis": "vial", "value": "VB"}], "outcome": "infection",
               "observed": 3, "expected": 0.1, "p": 0.001, "stands_out": True, "reading": "Three.", "facts": [], "shares": [],
               "chart": None, "known_outbreaks": {}, "reactions": [str(one.uid) for one in Reaction.objects.all()]}  # fmt: skip
    watching_record._write(look.folder / "summary.json", {**look.summary, "clusters": [cluster]})
    client = sign_in(Role.OFFICER)
    clusters = client.get(reverse("watch-clusters")).context["clusters"]
    assert clusters
    assert keys_in(text_of(client.get(clusters[0]["trace_at"]))) >= {"K0", "K1", "K2"}


def test_what_nobody_had_offers_near_names(sign_in):
    page = text_of(sign_in(Role.OFFICER).get(reverse("watch-trace"), {"axis": "lot", "value": "GOD"}))
    assert "Recorded are, for example" in page
    assert ">GOOD</a>" in page


def test_the_sequential_and_signal_tabs_open_the_lines_behind_each_number(north, sign_in):
    watching_record.refresh([north])
    client = sign_in(Role.EPIDEMIOLOGIST)
    page = client.get(reverse("watch-signals"))
    for row in page.context["rows"]:
        assert client.get(row["lines_at"]).context["total"] == row["ill"]
        assert client.get(row["sessions_at"]).context["total"] == row["sessions"]
    assert "untoward signals REPORTS" in text_of(page)
    streams = client.get(reverse("watch-sequential"))
    assert "baseline of at least 50 sessions" in text_of(streams)
    for row in [*streams.context["lit"], *streams.context["others"]]:
        assert client.get(row["lines_at"]).context["total"] == row["cases"]


def test_outside_reports_stand_beside_the_compound_they_are_about(north, sign_in, home):
    folder = home / FOLDER
    folder.mkdir()
    rows = {
        "drug": ["DEOXYCHOLIC ACID"],
        "event": ["abscess"],
        "n": [12],
        "ic_low": [0.4],
        "signal_umc": [True],
    }
    pl.DataFrame(rows).write_csv(folder / "reports.csv")
    (folder / "broken.csv").write_text("no,table\n")
    watching_record.refresh([north])
    look = watching_record.latest(str(north.uid))
    base = {"outcome": "infection", "axis": "compound", "value": "deoxycholic acid", "sessions": 8, "persons": 8, "ill": 3,
            "expected": 0.1, "oe": 30.0, "oe_low": 9.0, "oe_high": 70.0, "excess_p": 1e-5, "known_outbreaks": {}}  # fmt: skip
    summary = {**look.summary, "signals": [base]}
    watching_record._write(look.folder / "summary.json", summary)
    page = text_of(sign_in(Role.DIRECTOR).get(reverse("watch-signals")))
    assert "DEOXYCHOLIC ACID – abscess: 12" in page
    assert "signal there too" in page
    assert "Laid beside" in page


@pytest.mark.parametrize("role", list(Role))
def test_the_workbench_is_for_those_who_investigate(sign_in, role):
    status = sign_in(role).get(reverse("outbreak-new")).status_code
    assert status == (200 if Action.INVESTIGATE in MAY[role] else 403)


def test_a_refused_beginning_keeps_what_was_typed(sign_in):
    page = text_of(
        sign_in(Role.OFFICER).post(reverse("outbreak-new"), {"title": "", "rationale": "why so"}), 422
    )
    assert "why so" in page
    assert 'href="#title"' in page


def test_counting_changes_nothing_and_keeping_does(begun):
    client, one = begun(Role.DIRECTOR)
    at = reverse("outbreak", args=[one.uid])
    typed = {"name": "Only nodules", "terms": "nodule", "lesions": "2", "version": one.version}
    counted = client.post(at, {**typed, "do": "count"})
    assert [(row["level"], row["number"]) for row in counted.context["counts"]][:2] == [
        ("probable", 3),
        ("suspect", 0),
    ]
    assert "Not kept yet" in text_of(counted)
    assert Investigation.objects.get().version == one.version
    assert client.post(at, {**typed, "do": "save"}).status_code == 302
    assert Investigation.objects.get().subject["definition"]["name"] == "Only nodules"
    clash = text_of(client.post(at, {**typed, "name": "Mine", "do": "save"}), 409)
    assert 'value="Mine"' in clash
    fragment = text_of(client.post(reverse("outbreak-count", args=[one.uid]), typed))
    assert "<html" not in fragment
    assert "Probable" in fragment


def test_a_faulty_definition_is_shown_beside_its_field_and_never_lost(begun):
    client, one = begun(Role.OFFICER)
    typed = {"terms": "<script>alert(1)</script>", "version": one.version, "do": "save"}
    page = text_of(client.post(reverse("outbreak", args=[one.uid]), typed), 422)
    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page
    assert 'id="terms-fault"' in page


def test_the_definition_goes_to_the_command_line(begun, tmp_path):
    client, one = begun(Role.OFFICER)
    answer = client.get(reverse("outbreak-definition", args=[one.uid]))
    file = tmp_path / "definition.json"
    file.write_bytes(answer.content)
    from untoward.tasks.investigating import load_definition

    assert load_definition(file).definition.name == "Lumps"


def test_rows_are_pasted_checked_kept_and_decided(begun):
    client, one = begun(Role.DIRECTOR)
    at = reverse("outbreak-lines", args=[one.uid])
    broken = SHEET + "ext-2\tyes\t2026-99-99\tVB\n"
    checked = text_of(client.post(at, {"do": "check", "pasted": broken, "version": one.version}))
    assert "row 4" in checked
    assert "2026-99-99" in checked
    assert not Investigation.objects.get().subject.get("pasted")
    assert client.post(at, {"do": "keep", "pasted": SHEET, "version": one.version}).status_code == 302
    page = client.get(at)
    kept, first = page.context["rows"][0]["candidates"][0]
    assert first.person == "K0"
    assert kept.startswith("P-")
    given = {
        "do": "decide",
        "row-0": kept,
        "row-1": "another",
        "version": Investigation.objects.get().version,
    }
    assert client.post(at, given).status_code == 302
    assert Investigation.objects.get().subject["pasted"]["decided"] == {"0": kept, "1": "another"}
    assert client.post(at, {**given, "do": "drop"}).status_code == 409
    refused = text_of(client.post(at, {"do": "keep", "pasted": "", "version": given["version"]}), 422)
    assert 'id="pasted-fault"' in refused


def test_the_analysis_and_its_files(begun):
    client, one = begun(Role.DIRECTOR)
    page = text_of(client.get(reverse("outbreak-analysis", args=[one.uid]), {"stratum": "sex"}))
    assert "3 ill of 8." in page
    assert "vial VB" in page
    report = client.get(reverse("outbreak-report", args=[one.uid]))
    assert "attachment" in report.headers["Content-Disposition"]
    assert keys_in(report.content.decode()) >= {"K0", "K1", "K2"}
    rows = list(
        csv.DictReader(io.StringIO(client.get(reverse("outbreak-csv", args=[one.uid])).content.decode()))
    )
    assert len(rows) == 8
    assert sum(row["ill"] == "yes" for row in rows) == 3


def test_an_epidemiologist_works_without_identities(begun):
    client, one = begun(Role.EPIDEMIOLOGIST)
    names = ("outbreak", "outbreak-lines", "outbreak-analysis", "outbreak-report", "outbreak-csv")
    pages = {name: client.get(reverse(name, args=[one.uid])).content.decode() for name in names}
    assert not any(keys_in(page) for page in pages.values())
    assert "P-" in pages["outbreak-lines"]
    assert "Mondays of their weeks" in pages["outbreak-lines"]
    assert "2026-03-23" in pages["outbreak-csv"]
    assert "2026-03-24" not in pages["outbreak-csv"]


def test_a_key_that_somebody_else_pasted_is_hidden_from_an_epidemiologist(begun, sign_in):
    client, one = begun(Role.DIRECTOR)
    sheet = "key\till\tonset\tage\tremark\tvial\nK0\tyes\t2026-03-24\t41\tAna Ruiz\tVB\n"
    at = reverse("outbreak-lines", args=[one.uid])
    assert client.post(at, {"do": "keep", "pasted": sheet, "version": one.version}).status_code == 302
    assert "Ana Ruiz" in text_of(client.get(at))
    hidden = sign_in(Role.EPIDEMIOLOGIST).get(at)
    page = text_of(hidden)
    assert not keys_in(page)
    assert "Ana Ruiz" not in page
    assert "onset: 2026-03-23" in page
    assert "age: 40-44" in page
    candidate = hidden.context["rows"][0]["candidates"][0][1]
    assert "key" in candidate.agree


def test_the_investigations_of_another_clinic_are_not_there(begun, north):
    client, one = begun(Role.DIRECTOR)
    one.clinic = type(north).objects.get(name="South")
    write(one, by=None, reason="moved")
    for name in (
        "outbreak",
        "outbreak-lines",
        "outbreak-analysis",
        "outbreak-report",
        "outbreak-csv",
        "outbreak-definition",
    ):
        assert client.get(reverse(name, args=[one.uid])).status_code == 404


def test_a_curve_by_day_is_for_those_who_may_see_days(north, sign_in):
    watching_record.refresh([north])
    page = sign_in(Role.EPIDEMIOLOGIST).get(reverse("watch-curve"), {"width": "day"})
    assert page.context["width"] == "week"
    assert "day" not in page.context["widths"]
