"""The site on a port: gunicorn with threads, and one process beside it for what is due each minute."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from untoward.errors import UsageError
from untoward.settings import LOOPBACK, Settings

APPLICATION = "untoward.web.wsgi:application"
THREADS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the site listens, and with how many processes."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 2

    @property
    def loopback(self) -> bool:
        """Whether nobody but this machine can reach it."""
        return self.host in LOOPBACK

    @property
    def address(self) -> str:
        """As a browser on this machine reaches it."""
        host = "127.0.0.1" if self.host in {"", "0.0.0.0"} else self.host  # noqa: S104 (compared, not bound)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def may_listen(place: Place, settings: Settings, *, know: bool) -> None:
    """Raise UsageError where others could reach a site that is not fit for it."""
    if place.loopback or know:
        return
    from untoward.tasks.site_doctor import State, deployment

    wrong = [check for check in deployment(settings) if check.state is State.FAULT]
    if wrong:
        lines = "\n".join(f"  - {check.name}: {check.said} {check.next}".rstrip() for check in wrong)
        raise UsageError(
            f"The site would be open to other machines at {place.host}, and is not fit for it yet:\n{lines}\n"
            "Mend these (untoward check --deploy), or give --i-know if another program guards the way."
        )


def free(place: Place) -> None:
    """Raise UsageError when something else listens there already, or the address cannot be used."""
    import socket

    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((place.host, place.port))
        except OSError as error:
            raise UsageError(
                f"The site cannot listen at {place.host} port {place.port}: {error.strerror}. "
                f"Choose another: untoward serve --port {place.port + 1}"
            ) from error


def serve(place: Place, settings: Settings) -> None:
    """Serve until stopped (Ctrl+C). Raises UsageError where it cannot listen."""
    from gunicorn.app.base import BaseApplication

    free(place)
    options = _options(place, settings)

    class Site(BaseApplication):  # type: ignore[misc]
        """Gunicorn with our options; it loads the site in each worker."""

        def load_config(self) -> None:
            """Ours, and nothing from files or the environment."""
            for name, value in options.items():
                if name in self.cfg.settings:  # older versions lack some
                    self.cfg.set(name, value)

        def load(self) -> object:
            """The WSGI application."""
            from gunicorn.util import import_app

            return import_app(APPLICATION)

    from django.db import connections

    connections.close_all()  # workers open their own
    with jobs_beside():
        Site().run()


@contextmanager
def jobs_beside() -> Iterator[None]:
    """The minute's jobs in a process of their own, which ends with this one however it ends."""
    owner = os.getpid()
    process = subprocess.Popen(
        [sys.executable, "-m", "untoward.tasks.site_jobs", str(owner)], stdin=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        if os.getpid() == owner:  # workers are forked in here, and leave by the same way
            process.terminate()
            process.wait()


def _options(place: Place, settings: Settings) -> dict[str, object]:
    (settings.home / "static").mkdir(exist_ok=True)
    host = f"[{place.host}]" if ":" in place.host else place.host
    return {
        "bind": f"{host}:{place.port}",
        "workers": place.workers,
        "threads": THREADS,
        "worker_class": "gthread",
        "timeout": 60,
        "graceful_timeout": 20,
        "loglevel": "warning",
        "accesslog": None,  # addresses hold ids of patients' things
        "control_socket_disable": True,
        "limit_request_line": 4094,
        "proc_name": "untoward",
    }
