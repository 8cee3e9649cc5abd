"""What holds for every call: parts of a list, ETags, conflicts with both sides, limits, faults as JSON, and the use of keys."""

import json
import re
import shlex
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from tests.web.api.conftest import BASE, address_of, send, stranger, undone
from tests.web.api.filled import examples, key_of

from untoward.registry.models import ApiTokenUse, Clinic, Entry, Membership, User
from untoward.registry.roles import Action, Role
from untoward.registry.writing import write
from untoward.tasks.record.patients import add_note
from untoward.web import tokens
from untoward.web.api import api
from untoward.web.api.shapes.base import Told

pytestmark = pytest.mark.django_db
DOCS = Path(__file__).parents[3] / "docs" / "reference" / "api.md"


def kinds_of(kind):
    yield from (one for sub in kind.__subclasses__() for one in (sub, *kinds_of(sub)))


def versioned():
    """Calls that take the version that was read."""
    whole = api.get_openapi_schema(path_prefix="")
    schemas = whole["components"]["schemas"]
    for one in (one for path in whole["paths"].values() for one in path.values()):
        sent = one.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
        if "version" in schemas.get(sent.get("$ref", "").rpartition("/")[2], {}).get("properties", {}):
            yield one["operationId"]


def test_no_two_shapes_have_one_name():
    """The description knows shapes by their names: one of two would be described as the other."""
    names = [kind.__name__ for kind in kinds_of(Told) if "[" not in kind.__name__]
    assert len(names) == len(set(names))


def test_a_list_comes_in_parts_that_join_to_the_whole(north, here):
    director = north.client_of(Role.DIRECTOR)
    for number in range(6):
        add_note(here.patient, f"note {number}", by=here.user)
    where, found, offset = f"{BASE}/patients/{here.patient.uid}/notes", [], 0
    while offset is not None:
        page = director.get(where, {"limit": 3, "offset": offset}).json()
        assert page["total"] == 7
        found += [one["text"] for one in page["items"]]
        offset = page["next"]
    assert found[:6] == [f"note {number}" for number in reversed(range(6))]
    assert len(found) == len(set(found)) == 7


@pytest.mark.parametrize("asked", [{"limit": 0}, {"limit": 201}, {"offset": -1}, {"limit": "x"}, {"lmit": 3}])
def test_a_part_that_cannot_be_and_a_mistyped_parameter_are_refused(north, asked):
    answer = north.client_of(Role.DIRECTOR).get(f"{BASE}/recipes", asked)
    assert answer.status_code == 422
    assert [one["field"] for one in answer.json()["faults"]] == list(asked)


def test_the_trail_is_read_backwards_without_a_gap(north, here):
    director, numbers, before = north.client_of(Role.DIRECTOR), [], 0
    while before is not None:
        page = director.get(f"{BASE}/audit", {"limit": 20, "before": before}).json()
        numbers += [one["number"] for one in page["items"]]
        before = page["before"]
    assert numbers == sorted(numbers, reverse=True)
    assert len(numbers) == len(set(numbers)) > 20


def test_what_has_not_changed_is_not_sent_again(north, here):
    director, where = north.client_of(Role.DIRECTOR), f"{BASE}/patients/{here.patient.uid}"
    first = director.get(where)
    again = director.get(where, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    body = {"name": "Another Name", "version": here.patient.version, "reason": "married"}
    assert director.put(where, json.dumps(body), content_type="application/json").status_code == 200
    changed = director.get(where, headers={"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, changed.json()["name"]) == (200, "Another Name")
    other = north.client_of(Role.INSPECTOR).get(where, headers={"If-None-Match": changed.headers["ETag"]})
    assert other.status_code == 200, "another sees less, and so something else"


def test_every_change_from_an_old_version_gives_theirs_beside_yours(north, here):
    director, known, names = north.client_of(Role.DIRECTOR), examples(here), list(versioned())
    for name in names:
        thing, body, query = known[name]
        with undone():
            answer = send(director, name, (thing, {**body, "version": 2_000_000}, query))
        assert answer.status_code == 409, (name, answer.content)
        told = answer.json()
        assert told["yours"]["version"] == 2_000_000
        assert told["theirs"]["version"] == told["theirs_version"] < 2_000_000, name
        assert told["theirs"]["uid"]
    assert len(names) > 20


def named(value, path=()):
    """Each uid within a document, with the way to it."""
    if isinstance(value, dict | list):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from named(one, (*path, key))
    elif isinstance(value, str) and re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", value):
        yield path, value


def with_another(body, path, uid):
    """The document with another uid at one place."""
    changed = at = json.loads(json.dumps(body))
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = uid
    return changed


def test_no_uid_of_another_clinic_is_taken_at_any_place_of_a_document(north, south, here, there):
    """One place after the other, while all else is right. Products and lots are everybody's."""
    known, director, tried = examples(here), north.client_of(Role.DIRECTOR), set()
    theirs = {
        str(one.uid): str(getattr(there, name).uid) for name, one in vars(here).items() if hasattr(one, "uid")
    }
    for name in ("session-new", "session-check", "session-correct"):
        thing, body, query = known[name]
        part = {**body["components"][0], "lot": str(here.lot.uid), "vial": str(here.opened.uid)}
        known[name] = thing, {**body, "components": [part]}, query
    shared = {str(here.product.uid), str(here.lot.uid)}
    theirs[str(here.user.uid)] = str(south.users[Role.DIRECTOR].uid)
    for name, (thing, body, query) in known.items():
        for path, uid in named(body):
            if uid in shared:
                continue
            tried.add((name, path[-1]))
            before = Entry.objects.count()
            with undone():
                answer = send(director, name, (thing, with_another(body, path, theirs[uid]), query))
                assert answer.status_code in {404, 422}, (name, path, answer.content)
                assert Entry.objects.count() == before, (name, path)
            assert there.patient.key not in answer.content.decode()
    assert {"patient", "practitioner", "consent", "vial", "owner", "text"} <= {
        field for _name, field in tried
    }


def test_an_address_is_not_asked_for_more_than_it_may(north, monkeypatch):
    monkeypatch.setattr("untoward.web.api.access.CALLS_A_MINUTE", 2)
    director = north.client_of(Role.DIRECTOR)
    answers = [director.get(f"{BASE}/recipes") for _ in range(5)]
    assert answers[0].status_code == 200
    assert (answers[-1].status_code, answers[-1].headers["Retry-After"]) == (429, "60")
    assert answers[-1].json()["faults"] == []


def test_wrong_keys_are_soon_not_tried_any_more(monkeypatch):
    monkeypatch.setattr("untoward.web.api.access.WRONG_KEYS_A_MINUTE", 1)
    browser, headers = stranger("untoward_nothing")
    statuses = [browser.get(f"{BASE}/recipes", headers=headers).status_code for _ in range(4)]
    assert (statuses[0], statuses[-1]) == (401, 429)


def test_no_call_and_no_uid_are_told_as_json():
    for where in ("/nothing", "/patients/not-a-uid", "/vials/1%14/exposed"):
        answer = Client().get(BASE + where)
        assert (answer.status_code, answer.json()["faults"]) == (404, [])


def test_a_document_too_large_is_refused_as_json(north, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    body = json.dumps({"text": "x" * 2000})
    answer = north.client_of(Role.DIRECTOR).post(
        f"{BASE}/patients/find", body, content_type="application/json"
    )
    assert (answer.status_code, answer.json()["faults"]) == (413, [])


def test_a_token_sees_its_own_clinic_alone_however_many_its_owner_watches(north, south, looked):
    write(Membership(user=north.users[Role.DIRECTOR], clinic=south.clinic, role=Role.DIRECTOR), by=None)
    assert Clinic.objects.count() == 2
    browser, headers = stranger(key_of(north.users[Role.DIRECTOR], north.clinic))
    assert browser.get(f"{BASE}/watch", {"scope": "all"}, headers=headers).status_code == 403
    assert browser.get(f"{BASE}/watch", headers=headers).json()["look"]["clinics"] == ["North"]
    assert north.client_of(Role.DIRECTOR).get(f"{BASE}/watch", {"scope": "all"}).status_code == 200


def test_lines_name_nobody_to_who_sees_no_patients(north, here, looked):
    where = address_of("watch-lines", None, {"kind": "sessions"})
    named = north.client_of(Role.DIRECTOR).get(where).json()
    hidden = north.client_of(Role.EPIDEMIOLOGIST).get(where).json()
    assert (named["identified"], hidden["identified"]) == (True, False)
    assert named["rows"][0]["session"] == str(here.session.uid)
    assert str(here.session.uid) not in json.dumps(hidden)
    assert here.patient.key not in json.dumps(hidden)


def test_the_use_of_a_key_is_kept_once_a_minute(north):
    user = north.users[Role.DIRECTOR]
    made = tokens.make(user, north.clinic, name="till", scopes=["see_stock"], days=2)
    now = timezone.now()
    assert tokens.last_used(made.token) is None
    for later, noted in ((0, 0), (59, 0), (61, 61), (100, 61)):
        found = tokens.find(made.key)
        tokens.note_use(found, now + timedelta(seconds=later))
        assert ApiTokenUse.objects.get(token=made.token).last_at == now + timedelta(seconds=noted)
    listed = north.client_of(Role.DIRECTOR).get(f"{BASE}/tokens").json()["items"]
    assert listed[0]["last_used"] is not None


class TestThePageOfKeys:
    def test_a_key_is_made_shown_once_used_and_ended(self, north):
        browser = north.client_of(Role.INJECTOR)
        sent = {"name": "till", "days": "30", "scopes": ["see_stock", "keep_stock"]}
        page = browser.post("/keys/new", sent).content.decode()
        key = re.search(r"untoward_[\w-]{43}", page)[0]
        assert page.count(key) == 2, "the key, and the line to try it with"
        listed = browser.get("/keys").content.decode()
        assert key not in listed
        assert "never used" in listed
        program, headers = stranger(key)
        assert program.get(f"{BASE}/stock", headers=headers).status_code == 200
        assert "last used" in browser.get("/keys").content.decode()
        token = tokens.find(key)
        assert browser.post(f"/keys/{token.uid}/revoke").status_code == 302
        assert program.get(f"{BASE}/stock", headers=headers).status_code == 401

    def test_what_was_typed_stays_when_it_is_refused(self, north):
        sent = {"name": "weekly report", "days": "9999", "scopes": ["see_stock", "recall"]}
        answer = north.client_of(Role.INJECTOR).post("/keys/new", sent)
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="weekly report"' in page
        assert 'value="9999"' in page
        assert re.search(r'value="see_stock" checked', page)
        assert 'id="days-fault"' in page
        assert 'value="recall"' not in page, "an injector is not offered what their role does not include"

    def test_nobody_ends_the_key_of_another(self, north):
        made = tokens.make(north.users[Role.DIRECTOR], north.clinic, name="x", scopes=["recall"], days=2)
        assert north.client_of(Role.ADMINISTRATOR).post(f"/keys/{made.token.uid}/revoke").status_code == 404
        assert tokens.find(made.key)

    def test_every_action_has_plain_words_on_the_page(self, north):
        page = north.client_of(Role.DIRECTOR).get("/keys").content.decode()
        for action in Action:
            assert f'value="{tokens.scope_of(action)}"' in page

    def test_somebody_without_a_clinic_is_told_so(self, db):
        user = User.objects.create_user("alone@example.org", "a long enough one")
        browser = Client()
        browser.force_login(user)
        assert "no clinic" in browser.get("/keys").content.decode()
        assert browser.post("/keys/new", {"name": "x", "days": "3"}).status_code == 302


def test_what_the_docs_say_to_type_works(north):
    """Each curl of the page, made as the same request: its method, headers, document and address."""
    key = key_of(north.users[Role.DIRECTOR], north.clinic)
    text = DOCS.read_text(encoding="utf-8").replace("$UNTOWARD_KEY", key).replace("$UNTOWARD_URL", "")
    said = []
    for block in re.findall(r"```console\n\$ curl (.*?)```", text, re.DOTALL):
        words = shlex.split(block.replace("\\\n", " "))
        flags = list(zip(words[:-1:2], words[1:-1:2], strict=True))
        headers = dict(value.split(": ", 1) for flag, value in flags if flag == "-H")
        body = next((value for flag, value in flags if flag == "-d"), "")
        kind = headers.pop("Content-Type", "application/octet-stream")
        answer = Client().generic("POST" if body else "GET", words[-1], body, kind, headers=headers)
        assert answer.status_code == 200, block
        said.append(answer.json())
    assert said[0]["items"][0]["claim"]
    assert said[1]["verdict"]
