"""No room on the disk: a page that says so and keeps the form; what was acknowledged stays; it goes on once there is room.

A full disk needs a file system of its own, and so root; in its place the kernel refuses to let any file of the server grow beyond
a size (RLIMIT_FSIZE), which reaches the database through the same failing write.
"""

import os
import resource
import sys
from pathlib import Path

import pytest
from benchmarks.site_home import session_fields
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.registry.faults.conftest import ONE
from tests.registry.faults.test_database_gone import kept_form
from tests.registry.patients import people

from untoward.errors import OutsideError
from untoward.registry.models import Photo

LIMITED = """
import os, resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
os.execvp(sys.argv[2], sys.argv[2:])
"""


def files_of(settings):
    """Every file in the photo folder."""
    return {one for one in settings.UNTOWARD.photos.rglob("*") if one.is_file()}


def of_the_server(site):
    """Every process of a server."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if os.getpgid(int(entry.name)) == site.process.pid:
                    yield int(entry.name)
            except ProcessLookupError:
                continue


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="limits of other processes can be changed on Linux only")
def test_full_and_room_again(small, signed_in):
    site = small("sqlite")
    room = (site.home / "record.sqlite3").stat().st_size + 300_000
    site.start(*ONE, limit=[sys.executable, "-c", LIMITED, str(room)])
    visitor, ready = signed_in(site)
    saved, answer, fields = [], None, []
    for number in range(100):
        form = visitor.get("/session/new")
        if form.status == 503:
            answer = visitor.post("/session/new", fields)  # the form of before, sent into the full disk
            break
        fields = session_fields(form.body, ready, ready["patients"][0], number)
        answer = visitor.post("/session/new", fields)
        if answer.status != 302:
            break
        saved.append(answer.headers["Location"])
    assert answer is not None
    assert answer.status == 503
    assert saved
    assert "no room left" in answer.body
    assert sorted(kept_form(answer.body)) == sorted(fields)
    for process in of_the_server(site):
        resource.prlimit(process, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    again = visitor.post("/session/new", kept_form(answer.body))
    assert again.status == 302
    assert all(visitor.get(one).status == 200 for one in [*saved, again.headers["Location"]])
    assert "0 faults" in site.run("audit", "verify").stdout


@pytest.mark.skipif(
    sys.platform != "linux", reason="the limit makes a write fail as a full disk does on Linux only"
)
@pytest.mark.django_db
def test_no_room_for_a_photo(settings):
    clinic = people.clinic()
    nurse = people.somebody(clinic)
    patient = people.patient(clinic, nurse)
    people.consent(patient, nurse, purposes=("care",))
    client = Client(raise_request_exception=False)
    client.force_login(nurse, backend="allauth.account.auth_backends.AuthenticationBackend")
    sent = {"purposes": ["care"], "view": "scalp", "taken_at": "2026-05-11T10:00"}
    before, there = resource.getrlimit(resource.RLIMIT_FSIZE), files_of(settings)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        picture = SimpleUploadedFile("a.jpg", people.picture(), content_type="image/jpeg")
        answer = client.post(f"/patients/{patient.uid}/photos/new", {**sent, "file": picture})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert answer.status_code == OutsideError.http_status
    assert "could not be written to disk: File too large" in answer.content.decode()
    assert "2026-05-11T10:00" in answer.content.decode()
    assert Photo.objects.count() == 0
    assert files_of(settings) == there
