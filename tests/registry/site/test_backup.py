"""A backup brought back is the same record, on either database and across them; a damaged one changes nothing."""

import json
import os
import shutil
import zipfile
from pathlib import Path

import pytest

KINDS = ("sqlite", "postgresql")


@pytest.fixture(scope="module")
def backup_of(filled, tmp_path_factory):
    known = {}

    def make(kind="sqlite"):
        if kind not in known:
            known[kind] = tmp_path_factory.mktemp("backup") / "record.zip"
            filled(kind).run("backup", known[kind])
        return known[kind]

    return make


@pytest.mark.parametrize("source", KINDS)
@pytest.mark.parametrize("target", KINDS)
def test_everything_comes_back(filled, backup_of, new_home, source, target):
    there, here = filled(source), new_home(target)
    said = here.run("restore", backup_of(source)).stdout
    assert here.content() == there.content()
    assert here.photos() == there.photos() != {}
    assert "The trail is whole" in said
    assert json.loads(here.run("audit", "verify", "--json").stdout)["faults"] == []


@pytest.mark.parametrize("kind", KINDS)
def test_the_restored_record_goes_on(backup_of, new_home, kind):
    here = new_home(kind)
    here.run("restore", backup_of("sqlite"))
    here.script(
        "from untoward.registry.models import *\nfrom untoward.registry.writing import write\n"
        "write(Patient(clinic=Clinic.objects.get(), key='P2'), by=User.objects.get())"
    )
    assert "0 faults" in here.run("audit", "verify").stdout


def test_a_backup_is_for_its_owner_alone_and_never_overwrites(filled, backup_of):
    path = backup_of()
    assert path.stat().st_mode & 0o077 == 0
    before = path.read_bytes()
    ran = filled().run("backup", path, check=False)
    assert ran.returncode == 2
    assert "exists already" in ran.stderr
    assert path.read_bytes() == before


def test_neither_the_secret_nor_sign_ins_are_in_it(backup_of):
    with zipfile.ZipFile(backup_of()) as archive:
        assert not [name for name in archive.namelist() if "secret" in name or "sessions.Session" in name]


def test_a_restore_never_overwrites_a_record(filled, backup_of):
    ran = filled().run("restore", backup_of(), check=False)
    assert ran.returncode == 2
    assert "There is a record here already" in ran.stderr


def test_a_lost_photo_is_said(filled, new_home, backup_of, tmp_path):
    here = new_home()
    here.run("restore", backup_of())
    (here.folder / "photos" / "abc.jpg").unlink()
    ran = here.run("backup", tmp_path / "b.zip", check=False)
    assert ran.returncode == 1
    assert "abc.jpg" in ran.stderr
    again = new_home()
    assert "already missing" in again.run("restore", tmp_path / "b.zip").stderr


def _changed(source, target, act):
    """A copy of a backup with its files changed by `act(name, content) -> content or None`."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            content = act(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
    return target


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (lambda n, c: c.replace(b"P1", b"P9") if n.endswith("Patient.jsonl") else c, "not as it was when"),
        (lambda n, c: None if n.endswith("Patient.jsonl") else c, "is missing"),
        (lambda n, c: None if n == "manifest.json" else c, "no manifest"),
        (
            lambda n, c: c.replace(b"untoward-backup 1", b"untoward-backup 9") if n == "manifest.json" else c,
            "its format",
        ),
        (
            lambda n, c: c.replace(b'"0001_initial"', b'"0001_later"') if n == "manifest.json" else c,
            "newer untoward",
        ),
    ],
)
def test_a_damaged_backup_changes_nothing(backup_of, new_home, tmp_path, act, said):
    here = new_home()
    ran = here.run("restore", _changed(backup_of(), tmp_path / "bad.zip", act), check=False)
    assert ran.returncode == 2
    assert said in ran.stderr
    assert not (here.folder / "photos").exists()


def test_a_cut_backup_changes_nothing(backup_of, new_home, tmp_path):
    whole = backup_of().read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    ran = new_home().run("restore", tmp_path / "cut.zip", check=False)
    assert ran.returncode == 2
    assert "cut short" in ran.stderr


def test_no_file_lands_outside_its_folder(backup_of, new_home, tmp_path):
    def outside(name, content):
        if name == "manifest.json":
            said = json.loads(content)
            said["files"]["photos/../../evil"] = said["files"].pop("photos/abc.jpg")
            return json.dumps(said).encode()
        return content

    bad = _changed(backup_of(), tmp_path / "bad.zip", outside)
    with zipfile.ZipFile(bad) as archive:
        content = archive.read("photos/abc.jpg")
    moved = _changed(bad, tmp_path / "worse.zip", lambda n, c: None if n == "photos/abc.jpg" else c)
    with zipfile.ZipFile(moved, "a") as archive:
        archive.writestr("photos/../../evil", content)
    here = new_home()
    ran = here.run("restore", moved, check=False)
    assert ran.returncode == 2
    assert "outside its folder" in ran.stderr
    assert not (here.folder.parent / "evil").exists()


def test_a_load_that_fails_leaves_no_half_record(backup_of, new_home, tmp_path):
    """A row that refers to nothing is refused when all are in; then nothing stays, and a good backup still goes in."""
    from hashlib import sha256

    bad = {}

    def orphan(name, content):
        if name.endswith("registry.Lot.jsonl"):
            bad[name] = content.replace(b'"product_id":1', b'"product_id":999')
            return bad[name]
        if name == "manifest.json":
            said = json.loads(content)
            for path, changed in bad.items():
                said["files"][path]["sha256"] = sha256(changed).hexdigest()
            return json.dumps(said).encode()
        return content

    here = new_home()
    ran = here.run("restore", _changed(backup_of(), tmp_path / "bad.zip", orphan), check=False)
    assert ran.returncode == 3
    assert not (here.folder / "photos").exists()
    assert here.content()["registry.Patient"] == []
    here.run("restore", backup_of())


def test_onto_a_newer_version(backup_of, new_home, tmp_path, filled):
    """The tables are brought to the backup's step, filled, then taken on: a later step changes old rows in place."""
    import untoward.registry.migrations as present

    folder = tmp_path / "later"
    shutil.copytree(
        Path(present.__file__).parent,
        folder / "later_steps",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    last = sorted(path.stem for path in (folder / "later_steps").glob("0*.py"))[-1]
    (folder / "later_steps" / "9999_later.py").write_text(
        "from django.db import migrations, models\n"
        "def fill(apps, editor):\n"
        "    for one in apps.get_model('registry', 'Clinic').objects.all():\n"
        "        one.later = one.name + ' later'\n"
        "        one.save()\n"
        "class Migration(migrations.Migration):\n"
        f"    dependencies = [('registry', '{last}')]\n"
        "    operations = [migrations.AddField('clinic', 'later', models.CharField(max_length=200, null=True)),\n"
        "                  migrations.RunPython(fill, migrations.RunPython.noop)]\n"
    )
    (folder / "later_settings.py").write_text(
        "from untoward.web.settings import *\nMIGRATION_MODULES = {'registry': 'later_steps'}\n"
    )
    path = os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])
    later = {"PYTHONPATH": path, "DJANGO_SETTINGS_MODULE": "later_settings"}
    here = new_home()
    here.run("restore", backup_of(), **later)
    said = here.script(
        "from django.db import connection\nc = connection.cursor()\n"
        "c.execute('SELECT later FROM registry_clinic')\nprint(c.fetchall())",
        **later,
    )
    assert "North later" in said
    # and back: a backup of the later version is refused by this one
    here.run("backup", tmp_path / "newer.zip", **later)
    ran = new_home().run("restore", tmp_path / "newer.zip", check=False)
    assert ran.returncode == 2
    assert "newer untoward" in ran.stderr
