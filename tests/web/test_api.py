"""The JSON API: who may call what, tokens, sessions against blocks, conflicts, and that nothing of another clinic is seen."""

import json
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import include, path
from django.utils import timezone
from tests.registry.sessions import conftest as shared

from untoward.registry.models import ApiToken, Entry, Membership, Session, User
from untoward.registry.roles import Action, Role
from untoward.registry.writing import write
from untoward.tasks.record.cases import report
from untoward.tasks.record.recalls import begin_recall
from untoward.tasks.record.sessions import save
from untoward.web import tokens, urls
from untoward.web.api import OPERATIONS, api

pytestmark = pytest.mark.django_db
place, elsewhere, draft = shared.place, shared.elsewhere, shared.draft
BASE = "/api/v1"
NOBODY = uuid.UUID(int=1)

urlpatterns = [path("api/v1/", api.urls), path("", include(urls))]


@pytest.fixture(autouse=True)
def mounted(settings):
    """The API at its address, with nothing before it that refuses: it must guard itself."""
    settings.ROOT_URLCONF = __name__
    settings.MIDDLEWARE = [one for one in settings.MIDDLEWARE if not one.endswith("OnlyListed")]


def call(browser, method, where, body=None, **headers):
    sent = {"data": json.dumps(body), "content_type": "application/json"} if body is not None else {}
    return browser.generic(
        method, BASE + where, sent.get("data", ""), sent.get("content_type", ""), headers=headers or None
    )


def browser_of(user):
    browser = Client()
    browser.force_login(user)
    return browser


def key_for(user, clinic, *actions, days=30):
    scopes = [tokens.scope_of(one) for one in actions]
    return tokens.make(user, clinic, name="script", scopes=scopes, days=days)


def bearer(made):
    return {"Authorization": f"Bearer {made.key}"}


def sent_session(place, **change):
    """A session that nothing speaks against."""
    return {
        "patient": str(place.patient.uid),
        "practitioner": str(place.person.uid),
        "at": (timezone.now() - timedelta(minutes=10)).isoformat(),
        "technique": "mesotherapy",
        "components": [{"vial": str(place.vials[0].uid), "volume_ml": 0.2}],
        "points": [{"view": "face-front", "zone": "cheek-left", "volume_ml": 0.2}],
        "sites": ["face"],
        "asepsis": {"hand_hygiene": True},
        "consent": str(place.consent.uid),
        "token": "one visit",
    } | change


def recalled(place):
    place.lots[0].recalled_at = timezone.now()
    write(place.lots[0], by=None, reason="recall")


class TestWhoMayCallWhat:
    def test_every_operation_is_listed(self):
        described = api.get_openapi_schema(path_prefix="")
        ids = [one["operationId"] for methods in described["paths"].values() for one in methods.values()]
        assert sorted(ids) == sorted(OPERATIONS)
        assert len(OPERATIONS) > 20

    def test_the_description_names_each_action(self, north):
        described = call(north.client_of(Role.INJECTOR), "GET", "/openapi.json").json()
        assert described["paths"][f"{BASE}/sessions"]["post"]["x-action"] == Action.RECORD.value
        assert described["components"]["securitySchemes"]

    def test_somebody_without_a_clinic_gets_nothing(self, place):
        user = User.objects.create_user("alone@example.org", "a long enough one")
        assert call(browser_of(user), "GET", "/evidence/compounds").status_code == 403

    def test_a_browser_without_its_csrf_token_changes_nothing(self, place):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(place.nurse)
        refused = call(browser, "POST", "/sessions", sent_session(place))
        assert refused.status_code == 403
        assert "X-CSRFToken" in refused.json()["message"]
        assert not Session.objects.exists()
        browser.get("/sign-in/login/")
        browser.cookies["csrftoken"] = "a" * 32
        sent = call(browser, "POST", "/sessions", sent_session(place), **{"X-CSRFToken": "a" * 32})
        assert sent.status_code == 201, sent.content


class TestTokens:
    def test_a_token_is_shown_once_and_kept_as_its_hash(self, place):
        wanted = {"name": "till", "scopes": ["see_stock"], "days": 30}
        made = call(browser_of(place.nurse), "POST", "/tokens", wanted).json()
        kept = ApiToken.objects.get()
        assert kept.token_hash == tokens.hash_of(made["key"])
        assert made["key"] not in json.dumps([str(one.state) for one in Entry.objects.all()])
        listed = call(browser_of(place.nurse), "GET", "/tokens").json()["items"]
        assert [one["uid"] for one in listed] == [made["uid"]]
        assert "key" not in listed[0]
        assert call(Client(), "GET", "/stock", Authorization=f"Bearer {made['key']}").status_code == 200

    def test_a_token_reaches_only_its_scopes(self, place):
        made = key_for(place.nurse, place.clinic, Action.SEE_STOCK)
        assert call(Client(), "GET", "/stock", **bearer(made)).status_code == 200
        refused = call(Client(), "GET", "/worklist", **bearer(made))
        assert refused.status_code == 403
        assert "token" in refused.json()["message"]

    def test_a_token_needs_no_csrf_token(self, place):
        made = key_for(place.nurse, place.clinic, Action.RECORD)
        strict = Client(enforce_csrf_checks=True)
        assert call(strict, "POST", "/sessions", sent_session(place), **bearer(made)).status_code == 201

    def test_no_more_can_be_given_than_the_role_allows(self, place):
        wanted = {"name": "", "scopes": ["recall", "nonsense"], "days": 9999}
        refused = call(browser_of(place.nurse), "POST", "/tokens", wanted)
        assert refused.status_code == 422
        assert [one["field"] for one in refused.json()["faults"]] == ["name", "days", "scopes", "scopes"]
        assert not ApiToken.objects.exists()

    def test_an_expired_or_revoked_token_opens_nothing(self, place):
        made = key_for(place.nurse, place.clinic, Action.SEE_STOCK, days=1)
        assert tokens.find(made.key, timezone.now() + timedelta(days=1, minutes=1)) is None
        assert tokens.find(made.key + "x") is None
        assert call(browser_of(place.nurse), "POST", f"/tokens/{made.token.uid}/revoke").status_code == 200
        refused = call(Client(), "GET", "/stock", **bearer(made))
        assert refused.status_code == 401
        assert refused.headers["WWW-Authenticate"] == "Bearer"

    def test_a_token_ends_with_the_work_of_its_owner_at_the_clinic(self, place):
        made = key_for(place.nurse, place.clinic, Action.SEE_STOCK)
        membership = Membership.objects.get(user=place.nurse)
        membership.ended_at = timezone.now()
        write(membership, by=None, reason="left")
        assert call(Client(), "GET", "/stock", **bearer(made)).status_code == 403

    def test_a_token_keeps_no_tokens_and_nobody_ends_those_of_others(self, place, south):
        made = key_for(place.nurse, place.clinic, Action.SEE_STOCK)
        assert call(Client(), "GET", "/tokens", **bearer(made)).status_code == 403
        other = south.client_of(Role.DIRECTOR)
        assert call(other, "POST", f"/tokens/{made.token.uid}/revoke").status_code == 404

    def test_a_wrong_key_is_never_passed_over_for_the_cookie(self, place):
        assert call(browser_of(place.nurse), "GET", "/stock", Authorization="Bearer no").status_code == 401
        assert call(browser_of(place.nurse), "GET", "/stock", Authorization="Basic eDp5").status_code == 401


class TestPatients:
    def test_a_new_patient_is_found_by_key_and_by_name(self, place):
        browser = browser_of(place.nurse)
        made = call(browser, "POST", "/patients", {"name": "Ana Gil", "allergies": []})
        assert made.status_code == 201
        known = made.json()
        assert (known["allergies"], known["history"]) == ([], None)
        for text in (known["key"], "gil"):
            found = call(browser, "POST", "/patients/find", {"text": text}).json()
            assert [one["uid"] for one in found] == [known["uid"]]
        assert call(browser, "GET", f"/patients/{known['uid']}").json() == known
        sessions = call(browser, "GET", f"/patients/{known['uid']}/sessions").json()
        assert sessions == {"items": [], "total": 0, "next": None}

    def test_names_and_contacts_are_for_those_who_may_see_them(self, place):
        where = f"/patients/{place.patient.uid}"
        assert call(browser_of(place.nurse), "GET", where).json()["name"] == place.patient.name
        made = key_for(place.nurse, place.clinic, Action.SEE_PATIENTS)
        seen = call(Client(), "GET", where, **bearer(made)).json()
        assert seen["key"] == place.patient.key
        assert not {"name", "contact"} & set(seen)
        text = {"text": place.patient.name}
        assert call(Client(), "POST", "/patients/find", text, **bearer(made)).json() == []

    def test_faults_say_what_and_where_and_repeat_nothing_unread(self, place):
        browser = browser_of(place.nurse)
        impossible = call(browser, "POST", "/patients", {"birth_year": 1066, "sex": "?"})
        assert impossible.status_code == 422
        assert {one["field"] for one in impossible.json()["faults"]} == {"birth_year", "sex"}
        for body in ({"nmae": "Secret"}, {"name": "Secret\x00"}, {"weight_kg": "Secret"}):
            refused = call(browser, "POST", "/patients", body)
            assert refused.status_code == 422
            assert [one["field"] for one in refused.json()["faults"]] == list(body)
            assert "Secret" not in refused.content.decode()

    @pytest.mark.parametrize(
        "body", ["", "{", "[]", "null", '{"weight_kg": NaN}', '{"birth_year": 1e400}', '{"name": "\\ud800"}']
    )
    def test_what_is_no_document_is_refused(self, place, body):
        browser = browser_of(place.nurse)
        sent = browser.post(f"{BASE}/patients", body, content_type="application/json")
        assert sent.status_code in {400, 422}
        assert sent.json()["message"]

    def test_another_clinics_things_are_not_there(self, place, elsewhere, draft):
        saved = save(draft, by=place.nurse)
        browser = browser_of(elsewhere.nurse)
        for where in (
            f"/patients/{place.patient.uid}",
            f"/sessions/{saved.uid}",
            f"/vials/{place.vials[0].uid}",
        ):
            assert call(browser, "GET", where).status_code == 404
        assert call(browser, "POST", "/patients/find", {"text": place.patient.key}).json() == []
        refused = call(browser, "POST", "/sessions", sent_session(place))
        assert refused.status_code == 422
        fields = {one["field"] for one in refused.json()["faults"]}
        assert fields == {"patient", "practitioner", "consent", "vial"}


class TestSessions:
    def test_a_session_is_saved_once_however_often_it_is_sent(self, place):
        browser = browser_of(place.nurse)
        first, again = (call(browser, "POST", "/sessions", sent_session(place)) for _ in range(2))
        assert first.status_code == 201
        assert again.json()["uid"] == first.json()["uid"]
        assert Session.objects.count() == 1
        read = call(browser, "GET", f"/sessions/{first.json()['uid']}").json()
        assert read["components"][0]["lot_number"] == place.lots[0].number
        assert read["points"][0]["zone"] == "cheek-left"

    def test_a_block_needs_a_reason_that_is_kept(self, place):
        recalled(place)
        browser = browser_of(place.nurse)
        checks = call(browser, "POST", "/sessions/check", sent_session(place)).json()["checks"]
        key = next(one["key"] for one in checks if one["kind"] == "block")
        refused = call(browser, "POST", "/sessions", sent_session(place))
        assert refused.status_code == 409
        assert [one["key"] for one in refused.json()["blocks"]] == [key]
        assert not Session.objects.exists()
        reason = "Lot released again by its maker."
        saved = call(browser, "POST", "/sessions", sent_session(place, overrides={key: reason}))
        assert saved.status_code == 201
        assert saved.json()["overrides"][0]["reason"] == reason

    def test_a_token_without_that_scope_passes_no_block(self, place):
        made = key_for(place.nurse, place.clinic, Action.RECORD)
        sent = sent_session(place, overrides={"any": "Because I say so."})
        assert call(Client(), "POST", "/sessions", sent, **bearer(made)).status_code == 403

    def test_two_who_correct_the_same_version_conflict(self, place):
        browser = browser_of(place.nurse)
        saved = call(browser, "POST", "/sessions", sent_session(place)).json()
        where = f"/sessions/{saved['uid']}"
        change = sent_session(place, version=saved["version"], reason="wrong room", room="2")
        mine = call(browser, "PUT", where, change)
        assert (mine.status_code, mine.json()["room"]) == (200, "2")
        theirs = call(browser, "PUT", where, {**change, "room": "3"})
        assert theirs.status_code == 409
        told = theirs.json()
        assert told["theirs_version"] == mine.json()["version"]
        assert (told["theirs"]["room"], told["yours"]["room"]) == ("2", "3")
        assert call(browser, "GET", where).json()["room"] == "2"

    def test_all_faults_of_a_session_are_told(self, place):
        browser = browser_of(place.nurse)
        wrong = sent_session(place, patient=None, components=[{"product": str(NOBODY)}, {}])
        told = call(browser, "POST", "/sessions", wrong).json()["faults"]
        assert [(one["field"], one.get("where", "")) for one in told] == [
            ("patient", ""),
            ("product", "component 1"),
            ("product", "component 2"),
        ]
        naive = call(browser, "POST", "/sessions", sent_session(place, at="2026-01-01T10:00:00"))
        assert naive.status_code == 422
        light = call(
            browser,
            "POST",
            "/sessions/check",
            sent_session(place, patient=None, new_patient={"weight_kg": 0}),
        )
        assert {one["field"] for one in light.json()["faults"]} == {"weight_kg"}
        late = call(browser, "POST", "/sessions", sent_session(place, at="9999-12-31T23:59:59Z"))
        assert late.status_code == 422

    @pytest.mark.parametrize("number", [0, 1_790_000_000, "0", "1790000000", "12.5", ""])
    def test_a_number_is_no_time(self, place, number):
        """It would be read as seconds since 1970: a date nobody meant."""
        before = Session.objects.count()
        sent = call(browser_of(place.nurse), "POST", "/sessions", sent_session(place, at=number))
        assert (sent.status_code, Session.objects.count()) == (422, before)
        user = User.objects.create_user("director@example.org", "a long enough one")
        write(Membership(user=user, clinic=place.clinic, role=Role.DIRECTOR), by=None)
        for where in (f"/watch/lines?before={number}", f"/audit?since={number}"):
            assert call(browser_of(user), "GET", where).status_code == 422, where
        assert call(browser_of(user), "GET", "/audit?since=2026-11-30").status_code == 200


class TestStockAndCases:
    def test_vials_are_taken_in_opened_and_discarded(self, place):
        browser = browser_of(place.nurse)
        given = {"product": str(place.products[2].uid), "number": "N9", "expires": "2090-01-01", "vials": 2}
        lot = call(browser, "POST", "/lots", given)
        assert lot.status_code == 201
        vials = call(browser, "GET", f"/lots/{lot.json()['uid']}").json()["vials"]
        assert len(vials) == 2
        where = f"/vials/{vials[0]['uid']}"
        opened = call(browser, "POST", f"{where}/open", {"version": 1}).json()
        assert opened["opened_at"]
        assert call(browser, "POST", f"{where}/discard", {"version": 1}).status_code == 409
        gone = call(browser, "POST", f"{where}/discard", {"version": opened["version"]})
        assert gone.json()["discarded_at"]
        stock = call(browser, "GET", "/stock").json()
        assert vials[0]["label"] not in [one["label"] for one in stock["open"]]
        assert next(one["vials"] for one in stock["unopened"] if one["number"] == "N9") == 1

    def test_a_case_is_observed_and_waits(self, place, draft):
        saved = save(draft, by=place.nurse)
        case = report(session=saved, by=place.nurse, said="The cheek is swollen", findings={"oedema": True})
        browser = browser_of(place.nurse)
        assert call(browser, "GET", "/worklist").json()["open"]["total"] == 1
        where = f"/cases/{case.uid}"
        added = call(
            browser, "POST", f"{where}/observations", {"text": "Warm now", "answers": {"fever": "yes"}}
        )
        assert added.status_code == 201, added.content
        assert added.json()["observation"]["assessment"]
        read = call(browser, "GET", where).json()
        assert [one["text"] for one in read["observations"]] == ["The cheek is swollen", "Warm now"]
        unknown = call(browser, "POST", f"{where}/observations", {"answers": {"moon phase": "yes"}})
        assert unknown.status_code == 422

    def test_who_got_what_is_recalled_is_listed_under_keys(self, place, draft):
        saved = save(draft, by=place.nurse)
        user = User.objects.create_user("head@example.org", "a long enough one")
        write(Membership(user=user, clinic=place.clinic, role=Role.DIRECTOR), by=None)
        recall = begin_recall(lot=place.lots[0], reason="glass", by=user, clinic=place.clinic)
        browser = browser_of(user)
        assert [one["uid"] for one in call(browser, "GET", "/recalls").json()["items"]] == [str(recall.uid)]
        answer = call(browser, "GET", f"/recalls/{recall.uid}/exposed")
        (person,) = answer.json()["items"]
        assert (person["patient_key"], person["reached"]) == (place.patient.key, False)
        assert person["visits"][0]["session"] == str(saved.uid)
        assert place.patient.name not in answer.content.decode()

    def test_the_watch_shows_the_last_look_without_the_lines_behind_it(self, north, monkeypatch):
        browser = north.client_of(Role.EPIDEMIOLOGIST)
        assert call(browser, "GET", "/watch").json() == {"look": None}

        class Seen:
            summary = {"sessions": 3, "clusters": [{"number": 1, "reactions": ["a-uid"]}]}  # noqa: RUF012

        monkeypatch.setattr("untoward.web.api.calls.watch.latest", lambda _scope: Seen)
        look = call(browser, "GET", "/watch").json()["look"]
        assert look == {"sessions": 3, "clusters": [{"number": 1}]}

    def test_a_compound_comes_with_its_sources(self, north):
        browser = north.client_of(Role.ADMINISTRATOR)
        listed = call(browser, "GET", "/evidence/compounds").json()["compounds"]
        assert "lidocaine" in [one["key"] for one in listed]
        known = call(browser, "GET", "/evidence/compounds/lidocaine").json()
        assert known["records"]
        assert known["sources"]
        assert call(browser, "GET", "/evidence/compounds/nonsense").status_code == 404
