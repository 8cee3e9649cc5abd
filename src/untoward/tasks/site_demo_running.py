"""The demonstration's site in processes of its own: built in a fresh home, asked for every page, or kept up."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from untoward.errors import OutsideError, UsageError

MARK = "this-is-a-demonstration"
LOG = "site.log"
WAIT_SECONDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One page asked for as one role: the answer's status and how long it took in seconds."""

    role: str
    page: str
    status: int
    seconds: float


def build_home(out: Path, registry: Path, examples: Path | None = None) -> Path:
    """A fresh home with the demonstration's record, and with the published outbreaks of `examples`.

    An earlier demonstration's is replaced, any other folder is refused.
    """
    home = (out / "site").resolve()
    if home.exists():
        if not (home / MARK).is_file():
            raise UsageError(
                f"{home} is there already and is no demonstration. Choose another folder with --out."
            )
        shutil.rmtree(home)
    home.mkdir(parents=True, mode=0o700)
    (home / MARK).write_text("Everybody in this record is invented.\n", encoding="utf-8")
    folders = [str(one.resolve()) for one in (registry, examples) if one is not None]
    command = [sys.executable, "-m", "untoward.tasks.site_demo", *folders]
    done = subprocess.run(command, env=_environment(home, 8000), check=False)
    if done.returncode:
        raise OutsideError("The demonstration's record could not be built; the lines above say why.")
    return home


def ask_every_page(home: Path) -> Iterator[Asked]:
    """Start the site, ask for every page once as each role and as nobody, and stop it."""
    port = free_port()
    with _site(home, port):
        command = [sys.executable, "-m", "untoward.tasks.site_demo_asking", f"http://127.0.0.1:{port}"]
        with subprocess.Popen(
            command, env=_environment(home, port), stdout=subprocess.PIPE, text=True
        ) as asking:
            assert asking.stdout is not None
            for line in asking.stdout:
                yield Asked(**json.loads(line))
        if asking.returncode:
            raise OutsideError("Asking for the pages stopped early; the lines above say why.")


def keep_up(home: Path, port: int) -> None:
    """Serve the demonstration until it is stopped."""
    with _site(home, port) as process:
        try:
            process.wait()
        except KeyboardInterrupt:
            process.terminate()


def free_port(wanted: int = 0) -> int:
    """The wanted port when nobody has it, else any that is free."""
    for port in (wanted, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise OutsideError("No port is free on this machine.")


@contextmanager
def _site(home: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "untoward.cli", "serve", "--port", str(port)]
    with (
        (home / LOG).open("ab") as log,
        subprocess.Popen(command, env=_environment(home, port), stdout=log, stderr=log) as process,
    ):
        try:
            _wait_until_up(process, home, port)
            yield process
        finally:
            process.terminate()
            process.wait()


def _wait_until_up(process: subprocess.Popen[bytes], home: Path, port: int) -> None:
    began = time.monotonic()
    while time.monotonic() - began < WAIT_SECONDS:
        if process.poll() is not None:
            raise OutsideError(f"The site did not start; {home / LOG} says why.")
        try:
            with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.2)
    raise OutsideError(f"The site did not answer within {WAIT_SECONDS} s.")


def _environment(home: Path, port: int) -> Mapping[str, str]:
    """That of this process, without any setting of a real installation."""
    others = {name: value for name, value in os.environ.items() if not name.startswith("UNTOWARD_")}
    others.pop("DJANGO_SETTINGS_MODULE", None)
    return {
        **others,
        "UNTOWARD_HOME": str(home),
        "UNTOWARD_DEMO": "1",
        "UNTOWARD_PUBLIC_URL": f"http://127.0.0.1:{port}",
    }
