"""Every page × every role: what the roles allow, and nothing else; what is not listed cannot be reached."""

import uuid

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from untoward.registry.roles import MAY, Action, Role, may
from untoward.web import urls
from untoward.web.api import OPERATIONS
from untoward.web.listing import PAGES, SIGN_IN_PAGES

pytestmark = pytest.mark.django_db
FILLERS = {"uid": uuid.UUID(int=1), "version": "1", "token": "a" * 43, "name": "lecithin", "key": "lecithin"}
BY_KIND = {"UUIDConverter": uuid.UUID(int=1), "IntConverter": 1}
assert urls.urlpatterns, "importing the addresses lists the pages"


def patterns(resolver, prefix=""):
    """Every address of the site with its name."""
    for one in resolver.url_patterns:
        if isinstance(one, URLResolver):
            yield from patterns(one, f"{prefix}{one.namespace}:" if one.namespace else prefix)
        elif isinstance(one, URLPattern):
            yield f"{prefix}{one.name}", one


def address(name):
    """An address of a page, with an id that nothing has where one is wanted."""
    pattern = next(pattern for known, pattern in patterns(get_resolver()) if known == name)
    kinds = pattern.pattern.converters
    values = {
        kwarg: FILLERS.get(kwarg) or BY_KIND.get(type(kind).__name__, "x") for kwarg, kind in kinds.items()
    }
    if not kinds:
        values = {kwarg: FILLERS.get(kwarg, "x") for kwarg in pattern.pattern.regex.groupindex}
    return reverse(name, kwargs=values)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_each_page_opens_for_the_roles_it_is_listed_for_and_for_no_other(name, north):
    page = PAGES[name]
    for role in Role:
        browser = north.client_of(role)
        answer = browser.get(address(name))
        allowed = page.public or page.action is None or may(role, page.action)
        if allowed:
            assert answer.status_code in {200, 302, 303, 400, 404, 405, 410, 429}, (role, answer.status_code)
            assert not answer.headers.get("Location", "").startswith(reverse("account_login"))
        else:
            assert answer.status_code == 403, (role, answer.status_code)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_strangers_are_asked_to_sign_in_where_a_page_is_not_public(name):
    answer = Client().get(address(name))
    asked = answer.headers.get("Location", "").startswith(reverse("account_login"))
    assert asked != PAGES[name].public


@pytest.mark.parametrize("name", sorted(PAGES))
def test_somebody_without_a_clinic_opens_nothing_of_one(name, north):
    membership = north.users[Role.DIRECTOR].memberships.get()
    membership.__class__.objects.filter(pk=membership.pk).update(ended_at="2026-01-01T00:00Z")
    if PAGES[name].action is not None:
        assert north.client_of(Role.DIRECTOR).get(address(name)).status_code == 403


def test_nothing_can_be_reached_that_is_not_listed():
    for name, pattern in patterns(get_resolver()):
        if pattern.name is None:
            continue  # has no name that could be listed, and is refused for that
        short = name.removeprefix("api-1:")
        if name.startswith("api-1:") and short in OPERATIONS:
            continue  # each is tried with every role in test_api
        if short in PAGES or short in SIGN_IN_PAGES:
            continue
        assert Client().get(address(name)).status_code in {404, 302}, name


def test_every_post_is_refused_without_its_token(north):
    for name, page in PAGES.items():
        if page.public and name in {"health", "style"}:
            continue
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(north.users[Role.DIRECTOR])
        assert browser.post(address(name)).status_code in {403, 404, 405, 302}, name


def test_every_answer_has_safe_headers(north):
    for name in ("worklist", "home", "health"):
        headers = north.client_of(Role.DIRECTOR).get(address(name)).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"] == "no-store"


def test_roles_hold_what_they_are_for():
    assert Action.SEE_PATIENTS not in MAY[Role.EPIDEMIOLOGIST]
    assert Action.SEE_PATIENTS not in MAY[Role.ADMINISTRATOR]
    assert not MAY[Role.INSPECTOR] & {
        Action.RECORD,
        Action.ANSWER,
        Action.RECALL,
        Action.KEEP_STOCK,
        Action.EXPORT_ALL,
    }
    assert all(Action.SEE_EVIDENCE in allowed for allowed in MAY.values())
