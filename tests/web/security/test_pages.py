"""What holds for every page and call at once: another clinic's things, looking writes nothing, CSRF, headers, redirects."""

import json

import pytest
from django.apps import apps
from django.core import mail
from django.test import Client
from django.urls import reverse
from tests.web.security.world import Bodies, address, call_path, subject_of

from untoward.registry.models import Entry, Head
from untoward.registry.roles import Action, Role, may
from untoward.registry.trail import verify
from untoward.web.api import OPERATIONS
from untoward.web.listing import PAGES, SIGN_IN_PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhurried")]

ABOUT_ONE = sorted(name for name, page in PAGES.items() if "<uuid:uid>" in page.path)
SHARED = {"lot", "lot-open", "lot-correct", "recall-lot", "product", "trace"}
"""Products and lots are the same in the whole world; what a clinic did with them is its own."""
CALLS_ABOUT_ONE = sorted(name for name, one in OPERATIONS.items() if "{uuid:uid}" in one.path)
SHARED_CALLS = {"lot", "lot-correct", "lot-open", "lot-exposed", "product", "product-correct"}


def head():
    """Where the trail ends: nothing is written through the program without moving it."""
    return Head.objects.filter(pk=1).values_list("number", "hash").first()


def counts():
    """How much the record holds, for what is written past the trail as well."""
    models = [one for one in apps.get_app_config("registry").get_models() if one.__name__ != "ApiTokenUse"]
    return head(), {one.__name__: one._base_manager.count() for one in models}


class TestAnotherClinic:
    @pytest.mark.parametrize("role", list(Role))
    def test_nothing_of_it_is_there_whatever_the_role(self, here, there, role):
        browser = here.client_of(role)
        before = counts()
        for name in ABOUT_ONE:
            if name in SHARED or PAGES[name].public:
                continue
            where = address(name, there)
            for answer in (
                browser.get(where),
                browser.head(where),
                browser.post(where, {"reason": "x", "version": "1"}),
            ):
                refused = {404, 405} if PAGES[name].action is None or may(role, PAGES[name].action) else {403}
                assert answer.status_code in refused, (name, answer.status_code)
        assert counts() == before

    def test_most_pages_are_about_one_thing_and_each_is_tried(self):
        assert len(ABOUT_ONE) > 40
        assert {subject_of(PAGES[name].path) for name in ABOUT_ONE} >= {
            "session",
            "patient",
            "case",
            "photo",
            "vial",
            "recall",
        }

    @pytest.mark.parametrize("role", [Role.INJECTOR, Role.DIRECTOR, Role.INSPECTOR])
    def test_what_is_shared_shows_nothing_of_its_patients_people_or_vials(self, here, there, role):
        browser = here.client_of(role)
        secret = [
            there.patient.key,
            there.patient.name,
            str(there.vial.uid),
            there.practitioner.name,
            there.clinic.name,
        ]
        for name in sorted(SHARED):
            if not may(role, PAGES[name].action):
                continue
            answer = browser.get(address(name, there), follow=True)
            page = answer.content.decode()
            if name == "trace":
                assert answer.status_code == 200
                assert f'value="{there.lot.number}"' in page, "asked for the lot, whoever used it"
            else:
                assert name == "lot-open" or there.product.name in page, name
            assert not [one for one in secret if one in page], name

    @pytest.mark.parametrize("role", list(Role))
    def test_no_call_reaches_it(self, here, there, role):
        browser, bodies = here.client_of(role), Bodies(here, "words")
        before = counts()
        for name in CALLS_ABOUT_ONE:
            if name in SHARED_CALLS:
                continue
            one = OPERATIONS[name]
            answer = browser.generic(
                one.method, call_path(name, there), json.dumps(bodies.body(name)), "application/json"
            )
            allowed = one.action is None or may(role, one.action)
            named = not one.names or may(role, Action.RECORD) or may(role, Action.ANSWER)
            refused = {404, 415, 422, 428} if allowed and named else {403}
            assert answer.status_code in refused, (name, answer.status_code, answer.content)
            assert there.patient.name not in answer.content.decode()
        assert counts() == before

    def test_the_calls_would_reach_what_is_ones_own(self, here):
        """So that the refusals above are for the clinic's sake and not for a wrong address."""
        browser, reached = here.client_of(Role.DIRECTOR), 0
        for name in CALLS_ABOUT_ONE:
            if OPERATIONS[name].method == "GET":
                assert browser.get(call_path(name, here)).status_code == 200, name
                reached += 1
        assert reached > 4

    def test_a_call_about_ones_own_takes_nothing_of_it(self, here, there):
        """Uids of another clinic within a document are as unknown as one that nothing has."""
        browser, bodies, before, tried = here.client_of(Role.DIRECTOR), Bodies(there, "words"), counts(), 0
        for name in sorted(OPERATIONS):
            sent = json.dumps(bodies.body(name))
            if not any(str(one.uid) in sent for one in there.things.values()):
                continue  # it names no thing at all
            tried += 1
            if name in SHARED_CALLS | {
                "stock-take-in",
                "recipe-new",
                "recipe-correct",
                "recall-new",
                "recall-begin",
            }:
                continue  # products and lots are everybody's
            answer = browser.generic(OPERATIONS[name].method, call_path(name, here), sent, "application/json")
            assert answer.status_code in {400, 404, 409, 422, 428}, (name, answer.status_code, answer.content)
        assert counts() == before
        assert tried > 8, "hardly any document named a thing: this test would prove nothing"

    def test_the_pages_would_reach_what_is_ones_own(self, here):
        browser = here.client_of(Role.DIRECTOR)
        for name in ABOUT_ONE:
            assert browser.get(address(name, here)).status_code in {200, 302, 405}, name

    def test_a_patients_link_opens_that_patients_things_alone(self, here, there):
        other = there.things["case"].uid
        for name in ("problem-told", "problem-more", "problem-asked"):
            where = reverse(name, args=[here.own_link, other])
            assert Client().get(where).status_code in {404, 405}
            assert Client().post(where, {"words": "mine"}).status_code in {404, 405}
        assert (
            Client().post(reverse("problem-more", args=[here.own_link, other]), {"words": "x"}).status_code
            == 404
        )


class TestLooking:
    @pytest.mark.parametrize("role", [*Role, None])
    def test_writes_nothing_whoever_looks_at_whatever_page(self, here, role):
        browser = Client() if role is None else here.client_of(role)
        before, methods = counts(), ("GET", "HEAD", "OPTIONS") if role is Role.DIRECTOR else ("GET",)
        for name in PAGES:
            for method in methods:
                answer = browser.generic(method, address(name, here))
                assert answer.status_code < 500, (name, answer.status_code)
                b"".join(answer) if answer.streaming else answer.content
            assert head() == before[0], name
        assert counts() == before
        assert verify().faults == ()

    def test_calls_that_look_write_nothing(self, here):
        browser = here.client_of(Role.DIRECTOR)
        before = counts()
        for name, one in OPERATIONS.items():
            for method in ("GET", "HEAD", "OPTIONS") if one.method == "GET" else ("GET",):
                assert browser.generic(method, call_path(name, here)).status_code < 500, (name, method)
        assert counts() == before

    @pytest.mark.parametrize("method", ["PUT", "DELETE"])
    def test_other_methods_change_nothing(self, here, method):
        browser = here.client_of(Role.DIRECTOR)
        before = counts()
        for name in PAGES:
            assert browser.generic(method, address(name, here), "reason=x").status_code < 500, name
        assert counts() == before

    @pytest.mark.parametrize("value", ["\x00", "9" * 40, "<script>", "2026-99-99"])
    def test_whatever_is_asked_for_in_an_address_breaks_nothing(self, here, value):
        browser = here.client_of(Role.DIRECTOR)
        names = (
            "q", "page", "model", "by", "uid", "since", "until", "before", "after", "next", "to", "all", "scope", "axis",
            "outcome", "width", "stratum", "kind", "column", "cluster", "start", "end", "value", "lot", "vial", "patient",
            "session", "language", "lang", "country", "added", "large", "from", "name", "reaction", "recipe", "state", "text",
            "vehicle", "compound", "key", "practitioner", "where", "title",
        )  # fmt: skip
        asked = dict.fromkeys(names, value)
        for name in PAGES:
            answer = browser.get(address(name, here), asked)
            assert answer.status_code < 500, (name, answer.status_code)
            if "html" in answer.headers.get("Content-Type", "") and value == "<script>":
                assert "<script>" not in answer.content.decode(), name


class TestCrossSite:
    def test_no_form_is_taken_without_its_token(self, here):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(here.users[Role.DIRECTOR])
        before = counts()
        for name in PAGES:
            answer = browser.post(address(name, here), {"reason": "x"})
            assert answer.status_code == 403, (name, answer.status_code)
        assert counts() == before

    def test_no_sign_in_page_takes_a_form_without_its_token(self, here):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(here.users[Role.DIRECTOR])
        for name in sorted(SIGN_IN_PAGES):
            for values in ({}, {"uidb36": "1", "key": "x-y"}, {"pk": 1}, {"provider_id": "site"}):
                try:
                    where = reverse(name, kwargs=values)
                except Exception:  # noqa: S112 - the next values may fit
                    continue
                assert browser.post(where).status_code in {403, 404, 405}, name

    def test_a_token_of_another_origin_counts_for_nothing_under_https(self, here):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(here.users[Role.DIRECTOR])
        browser.get("/patients/new")
        token = browser.cookies["csrftoken"].value
        for origin in ("https://evil.example", "http://testserver.evil.example", "null"):
            sent = browser.post("/patients/new", {"csrfmiddlewaretoken": token}, headers={"Origin": origin})
            assert sent.status_code == 403, origin
        good = browser.post(
            "/patients/new", {"csrfmiddlewaretoken": token}, headers={"Origin": "http://testserver"}
        )
        assert good.status_code != 403

    @pytest.mark.parametrize(
        "elsewhere",
        ["https://evil.example/", "//evil.example", "/\\evil.example", "https:evil.example", "javascript:alert(1)",
         "\t//evil.example", "http://127.0.0.1@evil.example", "///evil.example", "https://testserver.evil.example"],
    )  # fmt: skip
    def test_signing_in_and_out_leads_to_no_other_site(self, here, elsewhere):
        browser, user = Client(), here.users[Role.DIRECTOR]
        signed_in = browser.post(
            f"/sign-in/login/?next={elsewhere}",
            {"login": user.email, "password": "a long enough password", "next": elsewhere},
        )
        assert signed_in.status_code == 302
        assert signed_in.headers["Location"] == "/worklist"
        out = browser.post("/sign-in/logout/", {"next": elsewhere})
        assert "evil" not in out.headers.get("Location", "")
        assert "alert" not in out.headers.get("Location", "")

    @pytest.mark.parametrize(
        "elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example", "evil", "javascript:x()"]
    )
    def test_another_language_leads_to_no_other_site(self, here, elsewhere):
        answer = here.client_of(Role.DIRECTOR).post("/language", {"language": "es", "next": elsewhere})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/")

    def test_the_way_back_after_signing_in_is_a_page_of_this_site(self, here):
        asked = Client().get("/session/new?next=https://evil.example")
        assert asked.headers["Location"].startswith("/sign-in/login/?next=/session/new")


class TestHost:
    @pytest.mark.parametrize(
        "host", ["evil.example", "127.0.0.1.evil.example", "evil.example:8000", "testserver@evil.example"]
    )
    def test_a_forged_host_is_refused(self, here, host):
        for path in ("/", "/worklist", "/healthz", "/sign-in/login/", f"/p/{here.own_link}", "/api/v1/stock"):
            answer = here.client_of(Role.DIRECTOR).get(path, headers={"Host": host})
            assert answer.status_code == 400, path
            assert host not in answer.content.decode()

    def test_no_mail_carries_a_host_that_somebody_sent(self, here):
        user = here.users[Role.DIRECTOR]
        forged = {
            "X-Forwarded-Host": "evil.example",
            "X-Forwarded-Server": "evil.example",
            "Forwarded": "host=evil.example",
        }
        Client().post("/sign-in/password/reset/", {"email": user.email}, headers=forged)
        [letter] = mail.outbox
        assert "evil.example" not in letter.body + letter.subject
        refused = Client().post(
            "/sign-in/password/reset/", {"email": user.email}, headers={"Host": "evil.example"}
        )
        assert refused.status_code == 400
        assert len(mail.outbox) == 1


class TestTrailAfterwards:
    def test_the_world_of_these_tests_is_whole(self, here, there):
        assert verify().faults == ()
        assert Entry.objects.filter(clinic=here.clinic).exists()
        assert Entry.objects.filter(clinic=there.clinic).exists()
