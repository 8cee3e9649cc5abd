"""Two processes bring one database to this version at once: one does it, the other waits, and both end well."""

import subprocess
import sys
import time

import pytest

HOLD = """
import sys, time
from untoward.tasks.site import one_at_a_time, open_site
open_site()
with one_at_a_time("migrate"):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_at_once(new_site, kind):
    site = new_site(kind)
    command = [sys.executable, "-m", "untoward.cli", "migrate"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "env": site.environment}
    both = [subprocess.Popen(command, **pipes) for _n in range(2)]
    said = [one.communicate(timeout=300) for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert sum("(0 steps taken)" in out for out, _err in said) <= 1
    assert (
        site.script("from untoward.tasks.site import pending\nprint(pending())").strip().splitlines()[-1]
        == "0"
    )


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_the_second_waits_for_the_first(new_site, kind):
    site = new_site(kind)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "env": site.environment}
    with subprocess.Popen([sys.executable, "-c", HOLD], **pipes) as first:
        assert first.stdout.readline().strip() == "held"
        with subprocess.Popen([sys.executable, "-m", "untoward.cli", "migrate"], **pipes) as second:
            time.sleep(3)
            assert second.poll() is None
            first.communicate("\n", timeout=60)
            out, _err = second.communicate(timeout=300)
    assert second.returncode == 0
    assert "this one waited" in out or "steps taken" in out
