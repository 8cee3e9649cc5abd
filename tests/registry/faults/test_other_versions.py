"""A backup made by an older program comes back whole; one made by a newer program is refused in a sentence."""

import json
import zipfile
from pathlib import Path

import pytest

OLD = Path(__file__).parent / "data" / "backup-at-0003.zip"
"""Made by `untoward backup` of the program as it was before the fourth step of the record."""


def steps_of(path):
    with zipfile.ZipFile(path) as archive:
        return {tuple(step) for step in json.loads(archive.read("manifest.json"))["steps"]}


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_an_older_backup(new_site, kind):
    registry = {name for app, name in steps_of(OLD) if app == "registry"}
    assert max(registry).startswith("0003")
    site = new_site(kind)
    said = site.run("restore", OLD).stdout
    assert "The trail is whole" in said
    counts = site.script(
        "from untoward.registry.models import *\nfrom untoward.tasks.site import pending\n"
        "print(Session.objects.count(), Reaction.objects.get().said.split()[0], Clinic.objects.get().own_page_days, pending())"
    )
    assert counts.split() == ["7", "a", "200", "0"]
    assert (site.home / "photos" / "abc.jpg").stat().st_size == 256 * 40


def test_a_newer_backup(new_site, tmp_path):
    newer = tmp_path / "newer.zip"
    with zipfile.ZipFile(OLD) as old, zipfile.ZipFile(newer, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "manifest.json":
                manifest = json.loads(content)
                manifest["steps"].append(["registry", "0999_of_the_future"])
                manifest["untoward"] = "99.0"
                content = json.dumps(manifest).encode()
            new.writestr(name, content)
    site = new_site("sqlite")
    ran = site.run("restore", newer, check=False)
    assert ran.returncode != 0
    assert "made by a newer untoward (99.0)" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (site.home / "photos").exists()
