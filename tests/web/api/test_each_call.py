"""Each call: it does what its example says, for whom it is listed and nobody else, with a token's scopes, at one clinic."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.web.api.conftest import address_of, send, stranger, undone
from tests.web.api.filled import examples, key_of, picture

from untoward.registry.models import Entry
from untoward.registry.roles import MAY, Action, Role, may
from untoward.web.api import OPERATIONS, api
from untoward.web.api.access import Access
from untoward.web.api.listing import REFUSALS, router

pytestmark = pytest.mark.django_db
NOBODY = uuid.UUID(int=1)
SHARED = {"product", "product-correct", "lot", "lot-correct", "lot-exposed", "lot-open"}
"""Calls about things that all clinics share."""
OWNED = (
    "patient", "session", "consent", "photo", "note", "check_in", "own_page", "case", "task", "opened", "unopened", "recipe",
    "recall", "investigation", "outbreak", "practitioner", "member", "token", "text",
)  # fmt: skip
DESCRIBED = {
    one["operationId"]: one
    for path in api.get_openapi_schema(path_prefix="")["paths"].values()
    for one in path.values()
}
NAMES = frozenset({Action.RECORD, Action.ANSWER})


def sees_names(actions):
    return Action.SEE_PATIENTS in actions and bool(NAMES & set(actions))


def allowed(name, actions):
    """Whether somebody who may do these actions gets an answer."""
    listed = OPERATIONS[name]
    return listed.action in actions and (not listed.names or sees_names(actions))


def open_to(browser, name, **headers):
    """Whether a call about nothing, with an empty document, is let through: it finds nothing, or refuses the document."""
    example = (NOBODY if "uid" in OPERATIONS[name].path else "1", {}, {})
    with undone():
        status = send(browser, name, example, **headers).status_code
    assert status in {200, 201, 202, 400, 404, 422, 403}, (name, status)
    return status != 403


def test_each_call_has_an_example(here):
    assert sorted(examples(here)) == sorted(OPERATIONS)


def test_each_example_succeeds_and_is_what_is_described(north, here, looked):
    director, failed = north.client_of(Role.DIRECTOR), {}
    for name, described in DESCRIBED.items():
        with undone():
            answer = send(director, name, examples(here)[name])
        wanted = [int(status) for status in described["responses"] if int(status) < 300]
        if [answer.status_code] != wanted:
            failed[name] = (answer.status_code, b"".join(answer)[:300])
    assert not failed


@pytest.mark.parametrize("role", list(Role))
def test_a_session_reaches_the_calls_of_its_role_and_no_other(role, north):
    browser = north.client_of(role)
    reached = {name for name in OPERATIONS if open_to(browser, name)}
    own = {name for name, listed in OPERATIONS.items() if listed.action is None}
    assert reached == own | {name for name in OPERATIONS if allowed(name, MAY[role])}


@pytest.mark.parametrize("role", list(Role))
def test_a_token_reaches_what_its_scopes_and_the_role_of_its_owner_allow(role, north):
    """A token with everything the role allows, and for each action one that holds nothing else."""
    user = north.users[role]
    for actions in [MAY[role], *({one} for one in MAY[role])]:
        browser, headers = stranger(key_of(user, north.clinic, actions))
        reached = {name for name in OPERATIONS if open_to(browser, name, **headers)}
        assert reached == {name for name in OPERATIONS if allowed(name, actions)}, actions


def test_names_take_a_token_that_sees_them(north, here):
    """A token with the action alone gets no letters, notes or photos."""
    for name in [one.name for one in OPERATIONS.values() if one.names]:
        actions = {OPERATIONS[name].action, Action.SEE_PATIENTS}
        browser, headers = stranger(key_of(north.users[Role.DIRECTOR], north.clinic, actions))
        answer = send(browser, name, examples(here)[name], **headers)
        assert answer.status_code == 403, name
        assert "names" in answer.json()["message"]


def test_nobody_in_particular_reaches_nothing(here, looked):
    for name, example in examples(here).items():
        before = Entry.objects.count()
        assert send(Client(), name, example).status_code == 401, name
        browser, headers = stranger("untoward_" + "x" * 43)
        assert send(browser, name, example, **headers).status_code == 401, name
        assert Entry.objects.count() == before


def test_a_session_changes_nothing_without_its_csrf_token(north, here):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(north.users[Role.DIRECTOR])
    for name, example in examples(here).items():
        if OPERATIONS[name].method != "GET":
            answer = send(strict, name, example)
            assert answer.status_code == 403, name
            assert "X-CSRFToken" in answer.json()["message"]


def test_things_of_another_clinic_are_not_there(north, south, here, there, looked):
    """With each thing of North the director of South gets 404, and no document of South may name what is North's."""
    foreign, wrong = examples(here), {}
    director = south.client_of(Role.DIRECTOR)
    for name, example in foreign.items():
        if example[0] in (None, 1, "lidocaine") or name in SHARED:
            continue
        with undone():
            answer = send(director, name, example)
        if answer.status_code != 404:
            wrong[name] = answer.status_code
    assert not wrong


def test_no_list_holds_anything_of_another_clinic(north, south, here, there, looked):
    """Whatever South reads, none of North's uids or keys is in it."""
    marks = [str(getattr(here, name).uid) for name in OWNED] + [here.patient.key, here.opened.label]
    director = south.client_of(Role.DIRECTOR)
    for name, example in examples(there).items():
        if OPERATIONS[name].method == "GET":
            said = b"".join(send(director, name, example)).decode("latin-1")
            assert not [mark for mark in marks if mark in said], name


@pytest.mark.parametrize(
    "name", ["session-new", "session-check", "recall-contact", "recall-begin", "consent-give", "photo-new"]
)
def test_no_document_may_name_what_another_clinic_has(name, north, south, here, there):
    thing, _body, query = examples(there)[name]
    director, before = south.client_of(Role.DIRECTOR), Entry.objects.count()
    if name == "photo-new":
        file = SimpleUploadedFile("a.jpg", picture(), content_type="image/jpeg")
        sent = {"file": file, "purposes": ["care"], "session": str(here.session.uid)}
        answer = director.post(address_of(name, thing, query), sent)
    else:
        answer = send(director, name, (thing, examples(here)[name][1], query))
    assert answer.status_code == 422, answer.content
    assert Entry.objects.count() == before


def test_a_call_that_is_not_listed_cannot_exist():
    """Every address under the API belongs to listed calls, each guarded for its action, and no method beside theirs answers."""
    guarded = {}
    for path, view in router.path_operations.items():
        for made in view.operations:
            (guard,) = made.auth_callbacks
            assert isinstance(guard, Access)
            guarded[made.operation_id] = (
                path.replace("uuidstr", "uuid"),
                made.methods,
                guard.action,
                guard.names,
            )
    listed = {one.name: (one.path, [one.method], one.action, one.names) for one in OPERATIONS.values()}
    assert guarded == listed
    names = {pattern.name for pattern in api.urls[0]}
    assert names - {"api-root"} <= set(OPERATIONS)
    assert Client().get("/api/v1/").status_code == 404


def test_each_call_is_described_with_its_action_and_how_it_is_refused():
    assert sorted(DESCRIBED) == sorted(OPERATIONS)
    for name, one in DESCRIBED.items():
        action = OPERATIONS[name].action
        assert one["x-action"] == (action.value if action else "keep one's own tokens")
        assert one["summary"]
        assert {int(status) for status in one["responses"]} >= REFUSALS
        good = next(answer for status, answer in one["responses"].items() if int(status) < 300)
        assert good["content"], name


def test_some_role_may_make_each_call():
    for name, listed in OPERATIONS.items():
        if listed.action is not None:
            assert any(allowed(name, MAY[role]) for role in Role), name
            assert any(may(role, listed.action) for role in Role)
