"""How every test runs: where it may write, what it may skip, and how to repeat what it drew at random.

``UNTOWARD_REQUIRE``  names of markers, parted by commas: a test that has one of them may not be skipped, it fails instead.
``UNTOWARD_SEED``     the seed of the `rng` fixture; printed at the top of every run.
``HYPOTHESIS_PROFILE``  `quick`, `default` or `ci` (which is the default when `CI` is set).
"""

import os
import shutil
import tempfile
import zlib
from pathlib import Path

import hypothesis
import numpy as np
import pytest

REQUIRE = "UNTOWARD_REQUIRE"
SEED = "UNTOWARD_SEED"
HOME_FOLDERS = ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME")

hypothesis.settings.register_profile("quick", deadline=None, max_examples=20)
hypothesis.settings.register_profile("default", deadline=None, print_blob=True)
hypothesis.settings.register_profile(
    "ci",
    deadline=None,
    print_blob=True,
    max_examples=200,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.filter_too_much],
)
hypothesis.settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "default")
)


def pytest_addoption(parser):
    parser.addoption("--slow", action="store_true", help="also run the tests marked slow")


def pytest_configure(config):
    if hasattr(config, "workerinput"):
        return  # a worker of xdist inherits what its controller set
    _seed_for_all()
    _keep_compiled_loops()
    config.untoward_home = _home_away_from_home()


def _keep_compiled_loops():
    """Compiled loops stay where they are from run to run: making them anew in each would take longer than the tests."""
    import numba

    import untoward.kernels.compiled  # noqa: F401 - says where they are kept

    os.environ.setdefault("NUMBA_CACHE_DIR", numba.config.CACHE_DIR)


def pytest_unconfigure(config):
    home = getattr(config, "untoward_home", None)
    if home is not None:
        shutil.rmtree(home, ignore_errors=True)


def pytest_report_header():
    required = ", ".join(sorted(required_markers())) or "none"
    return f"untoward: {SEED}={os.environ[SEED]}; markers that may not be skipped: {required}"


def pytest_terminal_summary(terminalreporter):
    if terminalreporter.stats.get("failed"):
        terminalreporter.write_line(f"repeat what was drawn at random with {SEED}={os.environ[SEED]}")


def pytest_collection_modifyitems(config, items):
    chosen = (
        config.getoption("--slow") or "slow" in required_markers() or "slow" in config.getoption("markexpr")
    )
    if chosen:
        return
    skip = pytest.mark.skip(reason="slow: run with --slow")
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(skip)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    missed = required_markers() & {mark.name for mark in item.iter_markers()}
    if report.skipped and missed and not hasattr(report, "wasxfail"):
        _fail_instead(report, missed)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    report = yield
    if report.skipped and required_markers():
        # A file that skips itself while it is read never says which marker it has.
        _fail_instead(report, required_markers())
    return report


@pytest.fixture
def rng(request):
    """Random numbers of this test alone, the same in every run with one seed."""
    return np.random.default_rng([int(os.environ[SEED]), zlib.crc32(request.node.nodeid.encode())])


def required_markers():
    return frozenset(name.strip() for name in os.environ.get(REQUIRE, "").split(",") if name.strip())


def _fail_instead(report, markers):
    why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    report.outcome = "failed"
    report.longrepr = f"{REQUIRE} asks for {', '.join(sorted(markers))}, but this was skipped: {why}"


def _seed_for_all():
    """Draw the seed once, before workers start, so that all of them share it."""
    if os.environ.get("CI"):
        os.environ.setdefault(SEED, "0")
    os.environ.setdefault(SEED, str(int.from_bytes(os.urandom(4), "big")))


def _home_away_from_home():
    """A folder for caches and settings, so that no test reads or writes those of the user."""
    home = Path(tempfile.mkdtemp(prefix="untoward-tests-"))
    for name in HOME_FOLDERS:
        folder = home / name.removeprefix("XDG_").removesuffix("_HOME").lower()
        folder.mkdir()
        os.environ[name] = str(folder)
    return home
