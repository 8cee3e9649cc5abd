"""Is every requirement pinned to one version, hashed, and free of addresses? Reads no network; exits 1 on any fault.

    python scripts/check_requirements.py [FOLDER]        default: requirements

It also refuses lock files that record download addresses (uv.lock, poetry.lock, package-lock.json …) beside the folder.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

_PIN = re.compile(r"^(?P<name>[A-Za-z0-9][A-Za-z0-9._-]*)(\[[^\]]*\])?==[^\s*;]+(\s*;.*)?$")
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}\b")
_OPTION = re.compile(r"^-[a-z]|^--(?!hash)|\s@\s", re.IGNORECASE)

ADDRESS_LOCKS = (
    "uv.lock",
    "poetry.lock",
    "pdm.lock",
    "Pipfile.lock",
    "package-lock.json",
    "yarn.lock",
    "pnpm-lock.yaml",
)


def faults_in(path: Path) -> Iterator[str]:
    """Every fault of one requirement file, with its line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    starts = [
        number for number, line in enumerate(lines) if line and not line[0].isspace() and line[0] != "#"
    ]
    for number, line in enumerate(lines, 1):
        if "://" in line or _OPTION.search(line.split("#")[0].strip()):
            yield f"{path.name}, line {number}: an address or option, got {line.strip()!r}, expected name==version"
    if not starts:
        yield f"{path.name}: no requirement in it"
    for start, end in pairwise([*starts, len(lines)]):
        yield from _faults_of_entry(f"{path.name}, line {start + 1}", lines[start:end])


def faults_beside(folder: Path) -> Iterator[str]:
    """Lock files in the project's folder that would record addresses."""
    for name in ADDRESS_LOCKS:
        if (folder.parent / name).exists():
            yield f"{name}: records download addresses and must not be committed; see requirements/README.md"


def main(arguments: Sequence[str]) -> int:
    """Check one folder; the exit code."""
    folder = Path(arguments[0]) if arguments else Path(__file__).parent.parent / "requirements"
    files = sorted(folder.glob("*.txt"))
    faults = [fault for path in files for fault in faults_in(path)] + list(faults_beside(folder.resolve()))
    if not files:
        faults.append(f"{folder}: no requirement files")
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    sys.stdout.write(f"{len(files)} requirement files; {len(faults)} fault(s)\n")
    return 1 if faults else 0


def _faults_of_entry(where: str, lines: Sequence[str]) -> Iterator[str]:
    head = lines[0].rstrip("\\").strip()
    if not _PIN.match(head):
        yield f"{where}: not pinned, got {head!r}, expected name==version"
    if not _HASH.search("\n".join(lines)):
        yield f"{where}: no hash, got {head!r}, expected --hash=sha256:…; run make lock"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
