"""Write the pages of docs/reference that say what the code says.

    python docs/generate.py            writes every page that has changed and removes those without a subject
    python docs/generate.py --check    writes nothing; exits 1 and names the pages that are not current

The same code always gives the same pages. Pages that people write are left alone: a generated page is known by its
first line.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER))

from generators import (  # noqa: E402
    accuracy,
    api,
    commands,
    evidence,
    exit_codes,
    hazards,
    rules,
    schemas,
    tables,
    terms,
)

REFERENCE = FOLDER / "reference"
GENERATORS = (accuracy, api, commands, evidence, exit_codes, hazards, rules, schemas, tables, terms)
MARK = "<!-- Written by docs/generate.py"


def all_pages() -> Mapping[str, str]:
    """Every generated page: path below docs/reference to its text."""
    return {path: text for generator in GENERATORS for path, text in generator.pages().items()}


def stale(pages: Mapping[str, str], folder: Path) -> Iterator[tuple[str, str]]:
    """Every page that is not as it should be, with the reason."""
    for path, text in sorted(pages.items()):
        if not (folder / path).is_file():
            yield path, "missing"
        elif (folder / path).read_text(encoding="utf-8") != text:
            yield path, "not current"
    for path in _generated_before(folder):
        if path not in pages:
            yield path, "without a subject"


def write(pages: Mapping[str, str], folder: Path) -> tuple[str, ...]:
    """Make the pages current; the paths of those that changed."""
    changed = tuple(path for path, _reason in stale(pages, folder))
    for path in changed:
        file = folder / path
        if path in pages:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(pages[path], encoding="utf-8")
        else:
            file.unlink()
    return changed


def main(arguments: Sequence[str]) -> int:
    """Write or check; the exit code."""
    pages = all_pages()
    if "--check" in arguments:
        faults = [f"docs/reference/{path}: {reason}" for path, reason in stale(pages, REFERENCE)]
        print(
            "\n".join([*faults, "Run: make docs"]) if faults else f"{len(pages)} generated pages are current"
        )
        return 1 if faults else 0
    changed = write(pages, REFERENCE)
    print(f"{len(pages)} generated pages, {len(changed)} changed")
    return 0


def _generated_before(folder: Path) -> Iterator[str]:
    for path in sorted(folder.rglob("*.md")):
        if path.read_text(encoding="utf-8").startswith(MARK):
            yield path.relative_to(folder).as_posix()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
