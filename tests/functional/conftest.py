"""Running the command line as a user does, in this process (fast) or in one of its own (true to life)."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from untoward.cli.__main__ import main

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Stdout as the one JSON document it must be; a number that JSON does not have fails."""
        return json.loads(self.out, parse_constant=_no_such_number)


def _no_such_number(text: str) -> None:
    raise AssertionError(f"{text} is no JSON")


@pytest.fixture
def untoward(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run a command in this process. `stdin` is bytes."""
    monkeypatch.setenv("COLUMNS", "200")

    def run(*arguments: object, stdin: bytes | None = None) -> Ran:
        monkeypatch.setattr(sys, "argv", ["untoward", *map(str, arguments)])
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"))
        capfd.readouterr()
        with pytest.raises(SystemExit) as stopped:
            main()
        printed = capfd.readouterr()
        return Ran(code=stopped.value.code or 0, out=printed.out, err=printed.err)

    return run


@pytest.fixture
def untoward_apart(tmp_path: Path) -> Callable[..., Ran]:
    """Run a command in a process of its own, in an empty folder; variables are set for it."""

    def run(*arguments: object, stdin: bytes = b"", **variables: str) -> Ran:
        command = [sys.executable, "-m", "untoward.cli", *map(str, arguments)]
        done = subprocess.run(
            command,
            input=stdin,
            capture_output=True,
            cwd=tmp_path,
            env={**os.environ, **variables},
            timeout=60,
        )
        return Ran(code=done.returncode, out=done.stdout.decode(), err=done.stderr.decode())

    return run


@pytest.fixture(scope="session")
def examples() -> Path:
    """The published outbreaks and example cases."""
    return ROOT / "examples"


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small simulated registry with a contaminated vial. Tests read it and leave it as it is."""
    from untoward.tasks.simulating import plan_for, simulate_registry

    plan = plan_for(sessions=800, months=18, planted=("contaminated-vial",), month=None)
    return simulate_registry(plan, tmp_path_factory.mktemp("registry") / "clinics", seed=3)


SESSIONS = "session_id,patient_id,date,clinic\nS1,P1,2026-03-02,North\nS2,P2,2026-03-20,South\n"
COMPONENTS = "session_id,compound,volume_ml,lot,vial\nS1,lidocaine,2,L1,V1\nS2,lecithin,5,L2,V2\n"
REACTIONS = "reaction_id,session_id,term,onset_date\nR1,S1,bruise,2026-03-03\n"
OBSERVATIONS = "reaction_id,day,text\nR1,2,small\n"


@pytest.fixture
def tables(tmp_path: Path) -> Callable[..., Path]:
    """A tiny sound registry as CSV files; a table given by name replaces it, None leaves it out."""

    def write(**changed: str | bytes | None) -> Path:
        folder = tmp_path / "clinic"
        folder.mkdir()
        texts = {
            "sessions": SESSIONS,
            "components": COMPONENTS,
            "reactions": REACTIONS,
            "observations": OBSERVATIONS,
            **changed,
        }
        for name, text in texts.items():
            if text is not None:
                content = text if isinstance(text, bytes) else text.encode()
                (folder / f"{name}.csv").write_bytes(content)
        return folder

    return write
