"""A Spark session to count in: the one that runs already, or one of our own that is stopped at the end."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from untoward.errors import MissingExtra, UsageError

LEAST_JAVA = 17
LOCAL_MASTER = "local[2]"

QUIET = {
    "spark.app.name": "untoward",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}
LOCAL = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.memory": "2g",
    "spark.sql.shuffle.partitions": "32",
}
"""On one machine nothing listens on any address but its own."""

_STARTED_ELSEWHERE = ("PYSPARK_GATEWAY_PORT", "PYSPARK_SUBMIT_ARGS")
"""Set by spark-submit, or by the user to say the same: the master and its settings are theirs then."""


@contextmanager
def session(master: str | None, settings: Mapping[str, str]) -> Iterator[Any]:
    """A session; one that is already active is used and left alone.

    Raises MissingExtra when pyspark is not installed, UsageError when there is no Java that it can use, or when
    ``master`` or ``settings`` are given though a session is already active.
    """
    if find_spec("pyspark") is None:
        raise MissingExtra("spark", "Counting on Spark")
    sql = import_module("pyspark.sql")
    active = sql.SparkSession.getActiveSession()
    if active is not None:
        if master is not None or settings:
            raise UsageError("A Spark session is already active: its master and settings cannot be changed.")
        yield active
        return
    started = _start(sql.SparkSession.builder, chosen(master, settings))
    try:
        yield started
    finally:
        started.stop()


def chosen(master: str | None, settings: Mapping[str, str]) -> dict[str, str]:
    """The settings of a new session: the user's before ours, and none of ours where Spark was told its own already."""
    told = any(os.environ.get(name) for name in _STARTED_ELSEWHERE)
    master = master or settings.get("spark.master") or ("" if told else LOCAL_MASTER)
    if not master:
        return dict(settings)
    local = LOCAL if master.startswith("local") else {}
    return {**QUIET, **local, **settings, "spark.master": master}


def _start(builder: Any, settings: Mapping[str, str]) -> Any:  # noqa: ANN401 -- pyspark is optional
    if "PYSPARK_GATEWAY_PORT" not in os.environ:
        check_java()
    if settings.get("spark.driver.host") == LOCAL["spark.driver.host"]:
        os.environ.setdefault("SPARK_LOCAL_IP", LOCAL["spark.driver.host"])
    for name, value in settings.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def check_java() -> None:
    """Raises UsageError unless the Java that Spark would start is recent enough."""
    home = os.environ.get("JAVA_HOME")
    java = str(Path(home) / "bin" / "java") if home else shutil.which("java")
    if java is None or not Path(java).exists():
        raise UsageError(f"Spark needs Java {LEAST_JAVA} or later, and found none{_where(home)}. {_ADVICE}")
    # the version goes to the error stream, whatever the maker
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False, timeout=60).stderr
    version = java_version(said)
    if version is not None and version < LEAST_JAVA:
        raise UsageError(f"Spark needs Java {LEAST_JAVA} or later, and found Java {version}. {_ADVICE}")


_ADVICE = (
    f"Install Java {LEAST_JAVA} (Debian, Ubuntu: apt install openjdk-{LEAST_JAVA}-jre-headless; others: adoptium.net), "
    "or let JAVA_HOME name it. The local engine needs neither."
)


def java_version(said: str) -> int | None:
    """The major version in what ``java -version`` says; None when it cannot be told."""
    found = re.search(r'version "(?:1\.)?(\d+)', said)
    return int(found[1]) if found else None


def _where(home: str | None) -> str:
    return f" in JAVA_HOME ({home})" if home else ""
