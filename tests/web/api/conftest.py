"""What tests of all calls share: two filled clinics, a way to make an example call, and no background process."""

import json
import shutil
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from tests.web.api import filled

from untoward.registry.roles import Role
from untoward.tasks.record import watching_record
from untoward.web import limits
from untoward.web.api import OPERATIONS

BASE = "/api/v1"


@pytest.fixture(autouse=True)
def quiet(settings, tmp_path, monkeypatch):
    """Looks and counts stand in a folder of the test; no look begins in the background; nobody asked before."""
    settings.UNTOWARD = replace(settings.UNTOWARD, home=tmp_path)
    monkeypatch.setattr("untoward.web.api.calls.watch.begin", lambda _name: None)
    monkeypatch.setattr("untoward.web.api.access.CALLS_A_MINUTE", 10**9)
    monkeypatch.setattr("untoward.web.api.access.WRONG_KEYS_A_MINUTE", 10**9)
    shutil.rmtree(limits.UNTOWARD.home / limits.FOLDER, ignore_errors=True)


@pytest.fixture
def here(north):
    """The clinic North with one of everything."""
    return filled.fill(north.clinic, north.users[Role.DIRECTOR], filled.GTIN)


@pytest.fixture
def there(south):
    """The clinic South with one of everything."""
    return filled.fill(south.clinic, south.users[Role.DIRECTOR])


@pytest.fixture
def looked(here):
    """A look at North."""
    watching_record.refresh([here.clinic])


def address_of(name, thing, query):
    """The address of a call about a thing."""
    path = OPERATIONS[name].path
    for filler in ("{uuid:uid}", "{slug:key}", "{int:number}"):
        path = path.replace(filler, str(thing))
    return f"{BASE}{path}" + (f"?{urlencode(query)}" if query else "")


def send(browser, name, example, **headers):
    """Make a call as its example says, in a browser or (`Authorization`) with a key."""
    thing, body, query = example
    where, method = address_of(name, thing, query), OPERATIONS[name].method
    if name == "photo-new":
        file = SimpleUploadedFile("a.jpg", filled.picture(), content_type="image/jpeg")
        return browser.post(where, {"file": file, "purposes": ["care"]}, headers=headers or None)
    if body is None:
        return browser.generic(method, where, headers=headers or None)
    return browser.generic(method, where, json.dumps(body), "application/json", headers=headers or None)


@contextmanager
def undone():
    """What is written within is gone afterwards, so that each call finds the clinic as it was filled."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def stranger(key):
    """A program with a key: a client without cookies, and its header."""
    return Client(), {"Authorization": f"Bearer {key}"}
