"""The database away and back: a page that says so and keeps the form, nothing lost, and nobody has to restart anything."""

import re
from html import unescape

import pytest
from benchmarks.site_home import session_fields
from tests.registry.faults.conftest import ONE


class Moved:
    """The file of an SQLite database is somewhere else for a while."""

    def __init__(self, site):
        self.file = site.home / "record.sqlite3"

    def goes(self):
        self.file.rename(self.file.with_suffix(".elsewhere"))

    def comes(self):
        self.file.with_suffix(".elsewhere").rename(self.file)


class Stopped:
    """The PostgreSQL server is down for a while."""

    def __init__(self, server):
        self.server = server

    def goes(self):
        self.server.stop()

    def comes(self):
        self.server.ensure_postgres_running()


def kept_form(page):
    """Every field of the form on a page of an outage."""
    form = page[page.index("<form") : page.index("</form>")]
    return [(unescape(n), unescape(v)) for n, v in re.findall(r'name="([^"]*)" value="([^"]*)"', form)]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_away_and_back(small, signed_in, request, kind):
    site = small(kind)
    site.start(*ONE)
    database = Moved(site) if kind == "sqlite" else Stopped(request.getfixturevalue("postgres"))
    visitor, ready = signed_in(site)
    fields = session_fields(visitor.get("/session/new").body, ready, ready["patients"][0], 7)
    database.goes()
    try:
        asked, sent = visitor.get("/worklist"), visitor.post("/session/new", fields)
        told = site.run("doctor", check=False)
    finally:
        database.comes()
    assert (asked.status, sent.status) == (503, 503)
    assert "Retry-After" in sent.headers
    assert ("cannot be opened" if kind == "sqlite" else "does not answer") in sent.body
    assert sorted(kept_form(sent.body)) == sorted(fields)
    assert told.returncode != 0
    assert "Traceback" not in told.stderr
    again = visitor.post("/session/new", kept_form(sent.body))
    assert again.status == 302
    assert "load 7" in visitor.get(again.headers["Location"]).body
    assert "0 faults" in site.run("audit", "verify").stdout


def test_a_lost_file_is_never_replaced_by_an_empty_record(small):
    site = small("sqlite")
    Moved(site).goes()
    done = site.script(
        "from untoward.registry.models import User\nfrom django.db import OperationalError\n"
        "try:\n    User.objects.count()\nexcept OperationalError as error:\n    print(error)"
    )
    assert "unable to open database file" in done
    assert not (site.home / "record.sqlite3").exists()
    Moved(site).comes()
    assert (
        site.script("from untoward.registry.models import User\nprint(User.objects.count())").strip() == "4"
    )
