"""A filled record of its own in a home of its own, by commands in processes of their own; on both databases."""

import json
import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

FILL = """
from django.utils import timezone
from untoward.registry.models import *
from untoward.registry.writing import Change, write, write_all
from untoward.tasks.site import settings_now
import hashlib
user = User.objects.create_user("ana@example.org", "a long enough one", name="Ana Ñ.")
clinic = Clinic(name="North", check_in_days=[1, 7])
write(clinic, by=None)
write(Membership(user=user, clinic=clinic, role="director"), by=user)
product = Product(name="Lipo", compounds=[{"compound": "deoxycholic-acid", "percent": 1.0}])
patient = Patient(clinic=clinic, key="P1", name="=2+5 'Zoë'", contact="zoe@example.org", allergies=[], weight_kg=61.25)
person = Practitioner(clinic=clinic, key="D1", name="Ana Ruiz")
write_all([Change(thing=product), Change(thing=patient),
           Change(thing=person, parts={"credentials": [Credential(kind="gmc", number="7000001")]})], by=user)
lot = Lot(product=product, number="L1"); write(lot, by=user)
vial = Vial(clinic=clinic, lot=lot, label="V1", opened_at=timezone.now()); write(vial, by=user)
for number in range(7):
    session = Session(clinic=clinic, patient=patient, practitioner=person, at=timezone.now(), technique="lipolysis",
                      asepsis={"room": True, "tap": None}, sites=["abdomen"])
    write(session, by=user, parts={"components": [Component(product=product, lot=lot, vial=vial, volume_ml=0.1 * number)],
                                   "points": [Point(view="front", x=0.1, y=0.3)]})
session.room = "2"; write(session, by=user, reason="wrong room")
reaction = Reaction(clinic=clinic, patient=patient, session=session, term="nodule", said="a lump\\nred",
                    reported_at=timezone.now())
write(reaction, by=user)
folder = settings_now().photos; folder.mkdir(parents=True, exist_ok=True)
content = bytes(range(256)) * 40
(folder / "abc.jpg").write_bytes(content)
write(Photo(patient=patient, session=session, taken_at=timezone.now(), file="abc.jpg", width=1, height=1,
            sha256=hashlib.sha256(content).hexdigest()), by=user)
"""

CONTENT = """
import json
from untoward.tasks.site_backup import APPS, plain
from untoward.tasks.site_versions import models_of
from django.apps import apps
print("CONTENT" + json.dumps({m._meta.label: [plain(r) for r in m._base_manager.order_by("pk")] for m in models_of(apps, APPS)}))
"""


class Home:
    """An installation: commands and scripts run in it."""

    def __init__(self, folder, database=""):
        self.folder, self.database = folder, database

    @property
    def environment(self):
        others = {k: v for k, v in os.environ.items() if not k.startswith(("UNTOWARD_", "DJANGO_"))}
        return {**others, "UNTOWARD_HOME": str(self.folder), "UNTOWARD_DATABASE_URL": self.database}

    def run(self, *arguments, check=True, **variables):
        done = subprocess.run(
            [sys.executable, "-m", "untoward.cli", *map(str, arguments)],
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def script(self, code, **variables):
        opened = "from untoward.tasks.site import open_site, migrate\nopen_site()\n"
        done = subprocess.run(
            [sys.executable, "-c", opened + code],
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def content(self):
        said = self.script(CONTENT)
        return json.loads(said[said.index("CONTENT") + 7 :])

    def photos(self):
        folder = self.folder / "photos"
        return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def new_home(tmp_path_factory):
    """Makes empty installations, on SQLite or on a new PostgreSQL database (where there is a server)."""
    made = []

    def make(kind="sqlite"):
        database = ""
        if kind == "postgresql":
            server = os.environ.get("UNTOWARD_DATABASE_URL")
            if not server:
                pytest.skip("no PostgreSQL here: run by scripts/with_postgresql.py")
            database = _new_database(server)
        made.append(database)
        return Home(Path(tmp_path_factory.mktemp("home")), database)

    return make


@pytest.fixture(scope="module")
def filled(new_home):
    """A filled installation of a kind, made once."""
    known = {}

    def make(kind="sqlite"):
        if kind not in known:
            known[kind] = new_home(kind)
            known[kind].run("migrate")
            known[kind].script(FILL)
        return known[kind]

    return make


def _new_database(server):
    import psycopg

    name = f"restore_{uuid.uuid4().hex[:10]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    base, _, query = server.partition("?")
    return f"{base.rpartition('/')[0]}/{name}" + (f"?{query}" if query else "")
