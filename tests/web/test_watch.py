"""The watch pages as each role sees them, without a script; investigations from a finding to a recommendation."""

import csv
import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.registry.tables.conftest import FIRST_DAY, inject, keep, problem

from untoward.registry.models import (
    Clinic,
    Investigation,
    Lot,
    Membership,
    Patient,
    Practitioner,
    Product,
    User,
    Vial,
)
from untoward.registry.roles import MAY, Action, Role
from untoward.registry.writing import write
from untoward.tasks.record import watching_record
from untoward.tasks.record.investigations import DECISIONS
from untoward.web import watch_page
from untoward.web.views import watch

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
POISON = "<script>alert(1)</script>"


@pytest.fixture
def home(settings, tmp_path):
    settings.UNTOWARD = replace(settings.UNTOWARD, home=tmp_path)


@pytest.fixture
def clinic(home):
    clinic, _other = keep(Clinic(name="North"), Clinic(name="South"))
    acid = keep(Product(name="Lipo", compounds=[{"compound": "deoxycholic-acid", "percent": 1}]))[0]
    lot = keep(Lot(product=acid, number=f"=L{POISON}"))[0]
    vial = keep(Vial(clinic=clinic, lot=lot, label="V1"))[0]
    injector = keep(Practitioner(clinic=clinic, key="D1", name="Dr One"))[0]
    for number in range(6):
        patient = keep(Patient(clinic=clinic, key=f"K{number}", name=f"Name {number}", birth_year=1980))[0]
        part = (acid, lot, vial, "A", 1.0)
        session = inject(
            clinic, patient, injector, FIRST_DAY + timedelta(days=number), [part], sites=["thigh"]
        )
        if number < 3:
            problem(session, "nodule", 21)
    return clinic


@pytest.fixture
def looked(clinic):
    watching_record.refresh([clinic])
    return clinic


@pytest.fixture
def sign_in(client, clinic):
    def enter(role, at=None):
        user = User.objects.create_user(f"{role}-{User.objects.count()}@example.org", "a long enough one")
        write(Membership(user=user, clinic=at or clinic, role=role), by=None)
        client.force_login(user, backend=BACKEND)
        return client

    return enter


def text_of(response, status=200):
    assert response.status_code == status
    return response.content.decode()


PAGES = ("watch", "watch-rates", "watch-curve", "watch-clusters", "watch-lines")


@pytest.mark.parametrize("role", list(Role))
def test_the_watch_is_for_those_who_may_see_it(clinic, sign_in, role):
    client = sign_in(role)
    allowed = Action.SEE_WATCH in MAY[role]
    assert {client.get(reverse(name)).status_code for name in PAGES} == {200 if allowed else 403}
    assert client.get(reverse("investigations")).status_code == (
        200 if Action.INVESTIGATE in MAY[role] else 403
    )


def test_before_the_first_look_every_page_says_what_will_appear(clinic, sign_in):
    client = sign_in(Role.DIRECTOR)
    for name in PAGES:
        assert "appear here after the first look" in text_of(client.get(reverse(name)))
    assert client.get(reverse("watch-lines-csv")).url == reverse("watch-lines")


def test_every_page_shows_the_look_and_no_page_runs_what_a_lot_is_called(looked, sign_in):
    client = sign_in(Role.DIRECTOR)
    for name in PAGES:
        page = text_of(client.get(reverse(name), {"axis": "lot"} if name == "watch-rates" else {}))
        assert "As of" in page
        assert POISON not in page
    assert "&lt;script&gt;" in text_of(client.get(reverse("watch-rates"), {"axis": "lot"}))


def test_every_number_of_the_rates_opens_as_many_lines(looked, sign_in):
    client = sign_in(Role.DIRECTOR)
    rows = client.get(reverse("watch-rates"), {"outcome": "infection", "axis": "vial"}).context["rows"]
    assert [(row["value"], row["ill"], row["sessions"]) for row in rows] == [("V1", 3, 6)]
    assert client.get(rows[0]["cases_at"]).context["total"] == 3
    assert client.get(rows[0]["sessions_at"]).context["total"] == 6


def test_every_bin_and_tile_opens_as_many_lines(looked, sign_in):
    client = sign_in(Role.DIRECTOR)
    for by in ("onset", "known"):
        bins = client.get(reverse("watch-curve"), {"by": by, "width": "day"}).context["bins"]
        assert [client.get(row["at"]).context["total"] for row in bins] == [row["bin"].n for row in bins]
        assert sum(row["bin"].n for row in bins) == 3
    for tile in client.get(reverse("watch")).context["tiles"]:
        assert client.get(tile["at"]).context["total"] == tile["number"]


def test_a_curve_is_one_square_a_case_with_its_table(looked, sign_in):
    page = sign_in(Role.OFFICER).get(reverse("watch-curve"), {"stratum": "practitioner"})
    assert len(page.context["drawing"].boxes) == 3
    assert text_of(page).count('class="stratum-1" x=') == 3


def test_whoever_may_see_patients_sees_keys_and_may_open_the_case(looked, sign_in):
    page = text_of(sign_in(Role.DIRECTOR).get(reverse("watch-lines"), {"outcome": "infection"}))
    assert "K0" in page
    assert page.count("/case/") == 3
    assert "Name 0" not in page


def test_an_epidemiologist_sees_no_identity_anywhere(looked, sign_in):
    client = sign_in(Role.EPIDEMIOLOGIST)
    page = text_of(
        client.get(reverse("watch-lines"), {"outcome": "infection", "column": ["patient", "age", "onset"]})
    )
    assert "Without identities" in page
    assert page.count("P-") == 3
    assert "45-49" in page
    download = client.get(reverse("watch-lines-csv"), {"outcome": "infection"})
    for name in PAGES:
        assert not any(f">K{n}<" in text_of(client.get(reverse(name))) for n in range(6))
    assert "/case/" not in page
    assert not any(f"K{n}" in text_of(download) for n in range(6))


@pytest.mark.parametrize(("weeks", "mondays"), [(True, 1), (False, 3)])
def test_those_who_see_no_patients_get_weeks_unless_the_clinic_gives_days(looked, sign_in, weeks, mondays):
    looked.dates_to_the_week = weeks
    write(looked, by=None, reason="x")
    query = {"outcome": "infection", "column": ["session_date"]}
    download = text_of(sign_in(Role.EPIDEMIOLOGIST).get(reverse("watch-lines-csv"), query))
    days = {row["session_date"] for row in csv.DictReader(io.StringIO(download))}
    assert len(days) == mondays
    page = text_of(sign_in(Role.EPIDEMIOLOGIST).get(reverse("watch-lines"), query))
    assert all(day in page or f"{int(day[8:])} " in page for day in days)


def test_a_download_follows_role_columns_and_filters_and_holds_no_formula(looked, sign_in):
    query = {"outcome": "infection", "column": ["patient", "lots"]}
    rows = list(
        csv.DictReader(io.StringIO(text_of(sign_in(Role.DIRECTOR).get(reverse("watch-lines-csv"), query))))
    )
    assert sorted(row["patient"] for row in rows) == ["K0", "K1", "K2"]
    assert {row["lots"] for row in rows} == {f"'=L{POISON}"}
    officer = text_of(sign_in(Role.OFFICER).get(reverse("watch-lines-csv"), query))
    assert "P-" in officer
    assert "K0" not in officer
    assert sign_in(Role.INSPECTOR).get(reverse("watch-lines-csv"), query).status_code == 403


def test_filters_that_make_no_sense_are_left_out(looked, sign_in):
    client = sign_in(Role.DIRECTOR)
    odd = {"start": "yesterday", "cluster": "99", "page": "-3", "column": "nonsense", "kind": "?"}
    assert client.get(reverse("watch-lines"), odd).context["total"] == 3
    assert client.get(reverse("watch-lines"), {"axis": "vial", "value": "V9"}).context["total"] == 0
    assert (
        client.get(reverse("watch-curve"), {"width": "aeon", "stratum": "name", "outcome": "?"}).status_code
        == 200
    )


def test_another_clinic_sees_nothing_of_this_one(looked, sign_in):
    south = Clinic.objects.get(name="South")
    client = sign_in(Role.DIRECTOR, at=south)
    assert "appear here after the first look" in text_of(client.get(reverse("watch-lines"), {"scope": "all"}))


def test_all_clinics_together_need_the_watch_of_every_clinic(looked, sign_in):
    client = sign_in(Role.DIRECTOR)
    watching_record.refresh(list(Clinic.objects.all()), always=True)
    assert len(client.get(reverse("watch")).context["scopes"]) == 1
    assert client.get(reverse("watch"), {"scope": "all"}).context["scope"].name == str(looked.uid)
    user = User.objects.get(memberships__clinic=looked)
    write(Membership(user=user, clinic=Clinic.objects.get(name="South"), role=Role.OFFICER), by=None)
    assert client.get(reverse("watch"), {"scope": "all"}).context["scope"].name == watching_record.ALL


def test_looking_again_begins_in_the_background_and_only_once(looked, sign_in, monkeypatch):
    begun = []
    monkeypatch.setattr(watch, "begin", begun.append)
    client = sign_in(Role.DIRECTOR)
    assert client.post(reverse("watch-refresh")).url == reverse("watch")
    assert begun == [str(looked.uid)]
    monkeypatch.setattr(
        watch_page, "running", lambda _scope: watching_record.Running(began=None, step="rates", total=4)
    )
    client.post(reverse("watch-refresh"))
    assert len(begun) == 1
    assert "0 of 4" in text_of(client.get(reverse("watch-progress")))
    assert client.get(reverse("watch-refresh")).status_code == 405


def test_when_the_look_is_done_the_page_is_fetched_anew(looked, sign_in):
    assert sign_in(Role.DIRECTOR).get(reverse("watch-progress")).headers["HX-Refresh"] == "true"


def opened(client, **changes):
    said = {"outcome": "infection", "axis": "vial", "value": "V1", "title": f"Vial {POISON}",
            "decision": DECISIONS["detect"][0], "rationale": f"three cases {POISON}"}  # fmt: skip
    return client.post(reverse("investigation-new"), said | changes)


def test_an_investigation_goes_from_the_address_to_its_page(looked, sign_in):
    client = sign_in(Role.EPIDEMIOLOGIST)
    form = text_of(
        client.get(reverse("investigation-new"), {"outcome": "infection", "axis": "vial", "value": "V1"})
    )
    assert "Infection after vial V1" in form
    page = text_of(client.get(opened(client).url))
    assert POISON not in page
    assert "three cases &lt;script&gt;" in page
    assert "Waits for the step before" in page


def test_a_refused_form_keeps_what_was_typed(looked, sign_in):
    client = sign_in(Role.OFFICER)
    page = text_of(opened(client, title="", rationale="typed with care"), 422)
    assert "typed with care" in page
    assert "no title" in page
    assert not Investigation.objects.exists()


def test_steps_are_posted_one_by_one_and_conflicts_keep_what_was_typed(looked, sign_in):
    client = sign_in(Role.OFFICER)
    opened(client)
    one = Investigation.objects.get()
    step = {"step": "validate", "decision": "real", "rationale": "records checked", "seen": "1"}
    assert client.post(reverse("investigation-step", args=[one.uid]), step).url == reverse(
        "investigation", args=[one.uid]
    )
    again = text_of(
        client.post(reverse("investigation-step", args=[one.uid]), step | {"rationale": "mine too"}), 422
    )
    assert "mine too" in again
    assert "somebody else decided" in again
    owner = User.objects.get(memberships__role=Role.OFFICER)
    plan = {"version": str(one.version), "owner": str(owner.pk), "due_on": "2026-12-01", "do": "plan"}
    assert client.post(reverse("investigation-plan", args=[one.uid]), plan).status_code == 302
    assert (
        client.post(
            reverse("investigation-plan", args=[one.uid]), plan | {"due_on": "2027-01-01"}
        ).status_code
        == 409
    )
    assert (
        client.post(
            reverse("investigation-plan", args=[one.uid]), plan | {"do": "close", "version": "2"}
        ).status_code
        == 422
    )
    assert Investigation.objects.get().due_on.isoformat() == "2026-12-01"
    assert "2026" in text_of(client.get(reverse("investigations")))


def test_an_investigation_of_another_clinic_is_not_there(looked, sign_in):
    opened(sign_in(Role.OFFICER))
    one = Investigation.objects.get()
    client = sign_in(Role.OFFICER, at=Clinic.objects.get(name="South"))
    assert client.get(reverse("investigation", args=[one.uid])).status_code == 404
    assert client.post(reverse("investigation-step", args=[one.uid]), {}).status_code == 404
    assert client.post(reverse("investigation-plan", args=[one.uid]), {}).status_code == 404
