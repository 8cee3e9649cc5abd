"""cli.md: the help of every command, as typer's own documentation writer gives it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping

from generators.text import anchor, code, page

MODULE = "untoward.cli.__main__"

_HEADING = re.compile(r"^#+ `(.+)`$")
_ENTRY = re.compile(r"^\* `([a-z0-9-]+)`: ")
_SECTION = re.compile(r"^#+ `([^`]+)`\n\n(.+?)\n\n", re.MULTILINE | re.DOTALL)

INTRODUCTION = """
Every command prints this help with `--help`. With `--json` one JSON document goes to standard output and nothing else;
progress and warnings go to standard error. Exit codes: [exit-codes.md](exit-codes.md).
"""


def pages() -> Mapping[str, str]:
    """The page of all commands."""
    command = [sys.executable, "-m", "typer", MODULE, "utils", "docs", "--name", "untoward"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    if run.returncode != 0:
        raise RuntimeError(f"typer could not document {MODULE}:\n{run.stderr}")
    _title, _newline, body = run.stdout.partition("\n")
    text = _with_whole_summaries("\n".join(line.rstrip() for line in body.splitlines()))
    return {"cli.md": page("Commands", f"the help of `{MODULE}`", INTRODUCTION, text)}


def _with_whole_summaries(text: str) -> str:
    """The lists of commands with each command's whole first paragraph, where typer cuts it short, and a link."""
    summaries = {name: " ".join(first.split()) for name, first in _SECTION.findall(text)}
    group, lines = "untoward", []
    for line in text.split("\n"):
        heading, entry = _HEADING.match(line), _ENTRY.match(line)
        group = heading[1] if heading else group
        name = f"{group} {entry[1]}" if entry else ""
        known = name in summaries
        lines.append(f"* [{code(name)}](#{anchor(name)}): {summaries[name]}" if known else line)
    return "\n".join(lines)
