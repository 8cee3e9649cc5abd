"""The same safe headers on every answer there is: pages, files, refusals, redirects, faults."""

import re

import pytest
from django.test import Client, override_settings
from django.urls import include, path
from tests.web.security.world import address

from untoward.registry.roles import Role
from untoward.web import urls
from untoward.web.listing import PAGES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhurried")]


def broken(_request):
    """A fault of ours."""
    raise RuntimeError("a secret that nobody may see")


urlpatterns = [path("healthz", broken, name="health"), path("", include(urls))]
handler404, handler500 = urls.handler404, urls.handler500

UNSAFE = re.compile(r"unsafe-|\*|(?<!img-src 'self' )data:|http:|https:")
EXPECTED = {
    "X-Content-Type-Options": r"nosniff",
    "Referrer-Policy": r"same-origin|no-referrer",
    "Permissions-Policy": r"camera=\(self\), geolocation=\(\), microphone=\(\)",
    "Cross-Origin-Opener-Policy": r"same-origin",
    "Cross-Origin-Resource-Policy": r"same-origin",
    "X-Frame-Options": r"DENY",
}


def faults_of(answer):
    """Which headers an answer lacks or has wrong."""
    faults = [name for name, said in EXPECTED.items() if not re.fullmatch(said, answer.headers.get(name, ""))]
    policy = answer.headers.get("Content-Security-Policy", "")
    parts = dict(one.strip().partition(" ")[::2] for one in policy.split(";"))
    faults += [name for name in ("default-src", "base-uri", "frame-ancestors") if parts.get(name) != "'none'"]
    for name in ("script-src", "style-src", "form-action"):
        usual = (
            None if name == "form-action" else parts.get("default-src")
        )  # what the first says holds for sources alone
        if parts.get(name, usual) not in {"'self'", "'none'"}:
            faults.append(name)
    faults += UNSAFE.findall(policy)
    return faults


def test_on_every_page(here):
    for role in (Role.DIRECTOR, None):
        browser = Client() if role is None else here.client_of(role)
        for name in PAGES:
            answer = browser.get(address(name, here))
            assert faults_of(answer) == [], name
            assert "Cache-Control" in answer.headers, name
            shown = answer.headers["Cache-Control"]
            public = name in {
                "style",
                "evidence-style",
                "service-worker",
                "manifest",
                "emergency",
                "emergency-in",
            }
            assert public or shown == "no-store", (name, shown)


@pytest.mark.parametrize(
    ("method", "where", "status"),
    [
        ("GET", "/static/untoward/site.css", 200), ("GET", "/static/untoward/icon.svg", 200), ("GET", "/static/no-such", 404),
        ("GET", "/no/such/page", 404), ("GET", "/patients/not-a-uid", 404), ("GET", "/sign-in/login/", 302),
        ("POST", "/worklist", 405), ("DELETE", "/api/v1/stock", 405), ("GET", "/api/v1/stock", 200),
        ("GET", "/api/v1/no-such-call", 404), ("GET", "/api/v1/openapi.json", 200), ("GET", "/sign-in/signup/", 404),
        ("GET", "/demo", 404), ("GET", "/healthz", 200), ("GET", "/%00", 404), ("GET", "/favicon.ico", 404),
    ],
)  # fmt: skip
def test_on_files_calls_and_refusals(here, method, where, status):
    answer = here.client_of(Role.DIRECTOR).generic(method, where)
    if answer.streaming:
        b"".join(answer)  # to the end, so that the file is closed
    assert answer.status_code in {status, 405 if method == "POST" else status}
    assert faults_of(answer) == []


def test_on_what_is_refused_before_any_page(here):
    strict = Client(enforce_csrf_checks=True)
    refused = [
        Client().get("/worklist"),
        Client().get("/api/v1/stock"),
        Client().get("/worklist", headers={"Host": "evil.example"}),
        strict.post("/sign-in/login/", {"login": "a", "password": "b"}),
        here.client_of(Role.EPIDEMIOLOGIST).get("/patients"),
    ]
    assert [one.status_code for one in refused] == [302, 401, 400, 403, 403]
    assert [faults_of(one) for one in refused] == [[]] * 5


def test_on_the_way_to_https(here):
    with override_settings(SECURE_SSL_REDIRECT=True):
        for headers, status in (({}, 301), ({"Host": "evil.example"}, 400)):
            answer = Client().get("/worklist", headers=headers)
            assert answer.status_code == status
            assert faults_of(answer) == []


@override_settings(ROOT_URLCONF=__name__)
def test_on_a_fault_of_ours_which_tells_nothing_of_itself():
    browser = Client(raise_request_exception=False)
    answer = browser.get("/healthz")
    assert answer.status_code == 500
    assert faults_of(answer) == []
    page = answer.content.decode()
    for told in ("secret", "RuntimeError", "Traceback", "site-packages", "Django", __file__):
        assert told not in page


def test_the_reader_of_headers_notices_what_is_missing(here):
    answer = here.client_of(Role.DIRECTOR).get("/worklist")
    for name in (*EXPECTED, "Content-Security-Policy"):
        kept = answer.headers.pop(name)
        assert faults_of(answer), name
        answer.headers[name] = kept
    answer.headers["Content-Security-Policy"] = answer.headers["Content-Security-Policy"].replace(
        "script-src 'self'", "script-src 'self' 'unsafe-inline'"
    )
    assert faults_of(answer)
