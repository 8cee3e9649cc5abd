"""The commands that run and keep the site, as somebody types them: each in a process and a home of its own."""

import json
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener, urlopen

import pytest


class Home:
    """A home folder and what can be typed in it."""

    def __init__(self, folder):
        self.folder = folder

    def environment(self, **variables):
        others = {k: v for k, v in os.environ.items() if not k.startswith(("UNTOWARD_", "DJANGO_"))}
        return {**others, "UNTOWARD_HOME": str(self.folder), **variables}

    def start(self, *arguments, **variables):
        return subprocess.Popen(
            [sys.executable, "-m", "untoward.cli", *map(str, arguments)],
            env=self.environment(**variables), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, *arguments, **variables):
        process = self.start(*arguments, **variables)
        out, err = process.communicate(timeout=120)
        return process.returncode, out, err

    def script(self, code):
        opened = "from untoward.tasks.site import open_site\nopen_site()\n"
        command = [sys.executable, "-c", opened + code]
        done = subprocess.run(
            command, env=self.environment(), capture_output=True, text=True, timeout=120, check=True
        )
        return done.stdout


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


@pytest.fixture
def migrated(home):
    assert home.run("migrate")[0] == 0
    return home


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(address, process, seconds=90):
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        assert process.poll() is None, process.communicate()
        try:
            with urlopen(address, timeout=5) as answer:  # noqa: S310
                return answer.read()
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{address} did not answer")


class TestServe:
    def test_from_nothing_to_a_signed_in_director(self, home, port):
        process = home.start("serve", "--port", port, "--workers", 1)
        try:
            assert wait_for(f"http://127.0.0.1:{port}/healthz", process) == b"ok\n"
            printed = ""
            while "first-run" not in printed:
                printed += process.stdout.readline()
            link = re.search(r"http://127\.0\.0\.1:\d+/first-run\?key=\S+", printed)[0]
            browser = build_opener(HTTPCookieProcessor(CookieJar()))
            token = re.search(rb'name="csrfmiddlewaretoken" value="([^"]+)"', browser.open(link).read())[
                1
            ].decode()
            form = {
                "csrfmiddlewaretoken": token, "key": link.partition("key=")[2], "clinic": "Harbour", "city": "",
                "country": "", "time_zone": "UTC", "phone": "", "name": "Dana", "email": "dana@example.org",
                "password": "three plain words", "again": "three plain words",
            }  # fmt: skip
            page = browser.open(link.partition("?")[0], urlencode(form).encode()).read().decode()
            assert "you are its director" in page
            with pytest.raises(HTTPError, match="404"):
                urlopen(link)  # noqa: S310
            self._jobs_run(home)
        finally:
            process.send_signal(signal.SIGTERM)
            _, err = process.communicate(timeout=60)
        assert "first-run?key" not in err
        assert process.returncode == 0

    def _jobs_run(self, home):
        began = time.monotonic()
        while not (home.folder / "jobs.json").exists() and time.monotonic() - began < 60:
            time.sleep(0.2)
        said = json.loads((home.folder / "jobs.json").read_text())
        assert said["failed"] == {}
        assert {"check-ins sent", "problems escalated"} <= set(said["done"])

    def test_nobody_else_can_reach_it_without_a_safe_set_up(self, home, port):
        code, out, err = home.run("serve", "--host", "0.0.0.0", "--port", port)  # noqa: S104
        assert code == 2
        assert "is not encrypted" in err
        assert "first-run" not in out

    def test_a_port_that_is_taken_is_named(self, home):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            number = taken.getsockname()[1]
            code, _, err = home.run("serve", "--port", number)
        assert code == 2
        assert f"--port {number + 1}" in err

    def test_its_jobs_end_with_it_however_it_ends(self, home, port):
        process = home.start("serve", "--port", port, "--workers", 1)
        wait_for(f"http://127.0.0.1:{port}/healthz", process)
        children = subprocess.run(
            ["ps", "-o", "pid=,args=", "--ppid", str(process.pid)], capture_output=True, text=True
        )
        jobs = [int(line.split()[0]) for line in children.stdout.splitlines() if "site_jobs" in line]
        assert len(jobs) == 1
        process.kill()
        process.communicate()
        began = time.monotonic()
        while _runs(jobs[0]) and time.monotonic() - began < 30:
            time.sleep(0.2)
        assert not _runs(jobs[0])


def _runs(pid):
    try:
        state = Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False
    return state.rsplit(")", 1)[1].split()[0] != "Z"


class TestMigrate:
    def test_two_at_once_do_no_harm(self, home):
        home.folder.mkdir(mode=0o700)
        both = [home.start("migrate"), home.start("migrate")]
        said = [process.communicate(timeout=120) for process in both]
        assert [process.returncode for process in both] == [0, 0], said
        assert home.run("doctor", "--json")[0] == 0

    def test_again_is_nothing(self, migrated):
        assert "already" in migrated.run("migrate")[1]


class TestFaults:
    def test_a_damaged_database_is_said_and_kept(self, migrated):
        file = migrated.folder / "record.sqlite3"
        file.write_bytes(b"this is not a database" * 100)
        for name in ("-wal", "-shm"):
            (migrated.folder / f"record.sqlite3{name}").unlink(missing_ok=True)
        code, _, err = migrated.run("migrate")
        assert code == 3
        assert "damaged" in err
        assert "restore the last backup" in err
        assert "Traceback" not in err

    def test_a_database_that_is_gone_is_said(self, home):
        home.folder.mkdir(mode=0o700)
        code, _, err = home.run("migrate", UNTOWARD_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
        assert code == 3
        assert "does not answer" in err
        assert "Traceback" not in err

    def test_a_full_disk_is_said_and_no_half_backup_stays(self, migrated, tmp_path):
        code = (
            "import resource, sys\nresource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))\n"
            "import signal\nsignal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
            "from untoward.cli.__main__ import main\nsys.argv = ['untoward', 'backup', sys.argv[1]]\nmain()"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, tmp_path / "b.zip"],
            env=migrated.environment(),
            capture_output=True,
            text=True,
        )
        assert done.returncode == 3
        assert "Nothing that was acknowledged is lost" in done.stderr
        assert list(tmp_path.glob("*b.zip*")) == []

    def test_a_read_only_database_is_said(self, migrated):
        said = migrated.script(
            "from django.db import connection\nfrom untoward.registry.models import User\n"
            "from untoward.errors import OutsideError\nfrom untoward.tasks.site_words import in_words\n"
            "connection.cursor().execute('PRAGMA query_only = ON')\n"
            "try:\n    with in_words():\n        User.objects.create_user('a@example.org')\n"
            "except OutsideError as error:\n    print(error)"
        )
        assert "can be read but not written" in said


class TestDoctor:
    def test_a_new_installation_is_well_but_for_what_has_not_run(self, migrated):
        code, out, _ = migrated.run("doctor", "--json")
        checks = {one["name"]: one for one in json.loads(out)}
        assert code == 0
        assert {name for name, one in checks.items() if one["state"] != "ok"} == {"minute's jobs", "backup"}

    def test_a_database_behind_the_program_is_a_fault_with_the_next_step(self, home):
        home.folder.mkdir(mode=0o700)
        code, out, _ = home.run("doctor", "--json")
        assert code == 1
        assert "untoward migrate" in out

    def test_a_clock_that_was_moved_back_is_seen(self, migrated):
        migrated.script(
            "from datetime import timedelta\nfrom django.utils import timezone\n"
            "from untoward.registry.models import Clinic\nfrom untoward.registry.writing import write\n"
            "write(Clinic(name='A'), by=None, at=timezone.now() + timedelta(days=2))\n"
            "write(Clinic(name='B'), by=None, at=timezone.now() - timedelta(days=2))\n"
            "write(Clinic(name='C'), by=None, at=timezone.now() + timedelta(days=2))"
        )
        code, out, _ = migrated.run("doctor", "--json")
        checks = {one["name"]: one for one in json.loads(out)}
        assert code == 0
        assert checks["clock"]["state"] == checks["times in the trail"]["state"] == "warning"
        assert "entry 2" in checks["times in the trail"]["said"]
        assert migrated.run("audit", "verify")[0] == 0

    def test_a_home_open_to_others_is_a_fault(self, migrated):
        migrated.folder.chmod(0o755)
        code, out, _ = migrated.run("doctor")
        assert code == 1
        assert "chmod 700" in out


SAFE = {"UNTOWARD_PUBLIC_URL": "https://clinic.example.org"}


class TestCheckDeploy:
    def test_a_safe_set_up_passes(self, migrated):
        assert migrated.run("check", "--deploy", **SAFE)[0] == 0

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"UNTOWARD_PUBLIC_URL": "http://127.0.0.1:8000"}, "not encrypted"),
            ({"UNTOWARD_DEMO": "1"}, "anybody may become"),
        ],
    )
    def test_what_is_not_safe_is_named(self, migrated, changed, said):
        code, out, _ = migrated.run("check", "--deploy", **{**SAFE, **changed})
        assert code == 1
        assert said in out

    def test_a_secret_that_others_may_read_is_a_fault(self, migrated):
        (migrated.folder / "secret.key").chmod(0o644)
        code, out, _ = migrated.run("check", "--deploy", **SAFE)
        assert code == 1
        assert "chmod 600" in out


def test_a_trail_changed_past_the_program_is_found(migrated):
    migrated.script(
        "from untoward.registry.models import Clinic\nfrom untoward.registry.writing import write\n"
        "write(Clinic(name='A'), by=None)"
    )
    assert migrated.run("audit", "verify")[0] == 0
    with sqlite3.connect(migrated.folder / "record.sqlite3") as database:
        database.execute("UPDATE registry_clinic SET name = 'B'")
    code, out, _ = migrated.run("audit", "verify", "--json")
    assert code == 1
    assert "changed past the program" in json.loads(out)["faults"][0]["what"]
