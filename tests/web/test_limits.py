"""How often an address may ask: counted for all processes, by nobody's address in clear."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.test import RequestFactory

from untoward.web import limits


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        minute = 10_000_000

    monkeypatch.setattr(limits.time, "time", lambda: 60.0 * Clock.minute)
    return Clock


@pytest.fixture
def ask(clock):
    def asking(address="203.0.113.7", kind="test", **more):
        return limits.too_many(RequestFactory().get("/", REMOTE_ADDR=address, **more), kind, 3)

    yield asking
    clock.minute += 100
    asking()


def test_the_fourth_in_a_minute_is_too_many_and_the_next_minute_begins_anew(ask, clock):
    assert [ask() for _ in range(5)] == [False, False, False, True, True]
    assert not ask("203.0.113.8")
    assert not ask(kind="other")
    clock.minute += 1
    assert not ask()


def test_old_minutes_are_removed_and_no_address_is_kept(ask, clock):
    ask()
    clock.minute += 9
    ask()
    folder = Path(settings.UNTOWARD.home) / limits.FOLDER
    assert [one.name for one in folder.iterdir()] == [str(clock.minute)]
    assert "203.0.113.7" not in " ".join(str(one) for one in folder.rglob("*"))


def test_a_home_with_many_addresses_counts_as_one(ask):
    tries = [ask(f"2001:db8:1:2::{number}") for number in range(1, 5)]
    assert tries == [False, False, False, True]
    assert not ask("2001:db8:1:3::1")


def test_a_forged_header_counts_for_nothing_without_a_proxy(ask):
    assert [ask(HTTP_X_FORWARDED_FOR=f"198.51.100.{n}") for n in range(4)][-1]


def test_no_try_is_lost_between_processes(tmp_path):
    path = tmp_path / "count"
    script = (
        "import os,sys\n"
        "for _ in range(200):\n"
        "    h=os.open(sys.argv[1],os.O_WRONLY|os.O_CREAT|os.O_APPEND,0o600); os.write(h,b'.'); os.close(h)\n"
    )
    running = [subprocess.Popen([sys.executable, "-c", script, str(path)]) for _ in range(3)]
    assert [one.wait() for one in running] == [0, 0, 0]
    assert limits._count(path) == 601
