"""Pages of photos: only those who may see them, at that clinic, for what was agreed, and kept by no cache."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from tests.registry.patients import people
from tests.web.conftest import signed_in

from untoward.registry.models import Photo
from untoward.registry.roles import Role
from untoward.tasks.record import consents, photo_files, photos

pytestmark = pytest.mark.django_db


@pytest.fixture
def clinic():
    return people.clinic()


@pytest.fixture
def nurse(clinic):
    return people.somebody(clinic)


@pytest.fixture
def browser(nurse):
    return signed_in(nurse)


@pytest.fixture
def lucia(clinic, nurse):
    return people.patient(clinic, nurse)


@pytest.fixture
def agreed(lucia, nurse):
    return people.consent(lucia, nurse, purposes=("care",))


@pytest.fixture
def photo(lucia, nurse, agreed):
    return photos.store(people.picture(), patient=lucia, by=nurse, view="face-front")


def sent(content=None, name="../../x.php"):
    return SimpleUploadedFile(
        name, content if content is not None else people.picture(), content_type="text/html"
    )


class TestAdding:
    def test_from_the_form_to_the_picture(self, browser, lucia, agreed):
        address = f"/patients/{lucia.uid}/photos/new"
        assert browser.get(address).content.decode().count('name="purposes"') == 1
        page = browser.post(
            address, {"file": sent(), "purposes": ["care"], "view": "scalp", "taken_at": "2026-05-11T10:00"}
        )
        assert page.headers["Location"] == f"/patients/{lucia.uid}/photos"
        kept = Photo.objects.get()
        assert (kept.view, kept.purposes, kept.taken_at.year) == ("scalp", ["care"], 2026)
        assert str(kept.uid) in browser.get(page.headers["Location"]).content.decode()

    @pytest.mark.parametrize(
        ("typed", "field"),
        [
            ({}, "file"),
            ({"file": sent(b"not a picture")}, "file"),
            ({"file": sent(b"\0\0\0\x18ftypheic1234")}, "file"),
            ({"file": sent(people.picture() + b"\0" * 15_000_000)}, "file"),
            ({"file": sent(), "purposes": ["advertising"]}, "purposes"),
            ({"file": sent(), "purposes": []}, "purposes"),
            ({"file": sent(), "taken_at": "yesterday"}, "taken_at"),
            ({"file": sent(), "view": "moon"}, "view"),
        ],
    )
    def test_what_cannot_be_kept_is_said_beside_its_field(self, browser, lucia, agreed, typed, field):
        if "file" in typed:
            typed["file"].seek(0)
        page = browser.post(f"/patients/{lucia.uid}/photos/new", {"purposes": ["care"], **typed})
        assert page.status_code == 422
        assert f'href="#{field}"' in page.content.decode()
        assert not Photo.objects.exists()

    def test_never_with_somebody_elses_session(self, browser, lucia, clinic, nurse, agreed):
        other = people.session(people.patient(clinic, nurse, name="Marta"), nurse)
        for session in (str(other.uid), "nonsense"):
            typed = {"file": sent(), "purposes": ["care"], "session": session}
            assert browser.post(f"/patients/{lucia.uid}/photos/new", typed).status_code == 404

    def test_a_full_disk_is_said_and_nothing_is_kept(self, browser, lucia, agreed, monkeypatch):
        def full(*_args, **_kwargs):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(photo_files.os, "fsync", full)
        typed = {"file": sent(), "purposes": ["care"], "view": "scalp"}
        page = browser.post(f"/patients/{lucia.uid}/photos/new", typed)
        assert page.status_code == 502
        assert "No space left on device" in page.content.decode()
        assert '<option value="scalp" selected>' in page.content.decode()
        assert not Photo.objects.exists()

    def test_without_consent_there_is_no_form(self, browser, lucia):
        assert 'type="file"' not in browser.get(f"/patients/{lucia.uid}/photos/new").content.decode()


class TestSeeing:
    def test_the_picture_is_shown_here_and_kept_by_no_cache(self, browser, photo):
        for address in (f"/photos/{photo.uid}.jpg", f"/photos/{photo.uid}/small.jpg"):
            page = browser.get(address)
            assert page.headers["Content-Type"] == "image/jpeg"
            assert page.headers["Cache-Control"] == "no-store"
            assert page.headers["Content-Disposition"].startswith("inline")
            assert "sandbox" in page.headers["Content-Security-Policy"]
            assert page.headers["X-Content-Type-Options"] == "nosniff"
            assert Image.open(io.BytesIO(page.content)).size == (60, 40)

    @pytest.mark.parametrize(
        ("role", "list_status", "picture_status"),
        [
            (Role.INJECTOR, 200, 200),
            (Role.DIRECTOR, 200, 200),
            (Role.OFFICER, 200, 200),
            (Role.INSPECTOR, 200, 404),
            (Role.EPIDEMIOLOGIST, 403, 403),
            (Role.ADMINISTRATOR, 403, 403),
        ],
    )
    def test_each_role_sees_what_it_may(self, clinic, lucia, photo, role, list_status, picture_status):
        client = signed_in(people.somebody(clinic, role, name="Another"))
        page = client.get(f"/patients/{lucia.uid}/photos")
        assert page.status_code == list_status
        assert (f"{photo.uid}" in page.content.decode()) == (picture_status == 200)
        assert client.get(f"/photos/{photo.uid}.jpg").status_code == picture_status
        assert client.get(f"/photos/{photo.uid}/small.jpg").status_code == picture_status
        assert client.get(f"/patients/{lucia.uid}/photos/compare").status_code == picture_status
        adds = role in (Role.INJECTOR, Role.DIRECTOR)
        assert (client.get(f"/patients/{lucia.uid}/photos/new").status_code == 200) == adds

    def test_not_at_another_clinic_and_not_without_signing_in(self, photo):
        other = signed_in(people.somebody(people.clinic("South")))
        assert other.get(f"/photos/{photo.uid}.jpg").status_code == 404
        assert Client().get(f"/photos/{photo.uid}.jpg").status_code == 302

    def test_withdrawn_is_withheld(self, browser, lucia, nurse, agreed, photo):
        consents.withdraw(agreed, by=nurse, reason="no more", version=1)
        assert browser.get(f"/photos/{photo.uid}.jpg").status_code == 404
        said = browser.get(f"/patients/{lucia.uid}/photos").content.decode()
        assert "consent was withdrawn" in said
        assert f"/photos/{photo.uid}" not in said


class TestComparing:
    def test_first_and_last_then_those_asked_for(self, browser, lucia, nurse, photo):
        address = f"/patients/{lucia.uid}/photos/compare"
        assert "Two photos" in browser.get(address).content.decode()
        later = photos.store(people.picture(), patient=lucia, by=nurse, view="face-front")
        said = browser.get(address).content.decode()
        assert said.index(f'src="/photos/{photo.uid}.jpg"') < said.index(f'src="/photos/{later.uid}.jpg"')
        other = photos.store(people.picture(), patient=lucia, by=nurse, view="scalp")
        asked = browser.get(f"{address}?before={later.uid}&after={other.uid}").content.decode()
        assert "different angles" in asked
        assert f'src="/photos/{photo.uid}.jpg"' not in asked
