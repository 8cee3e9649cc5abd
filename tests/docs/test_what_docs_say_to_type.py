"""What the documentation tells people to type works: commands, options, make targets, tables, records."""

import ast
import csv
import io
import json
import os
import re
import shlex
import subprocess
import sys
from importlib import resources
from pathlib import Path

import jsonschema_rs
import pytest
import typer.main
import yaml

from untoward.cli.__main__ import app
from untoward.evidence.load import load_evidence

ROOT = Path(__file__).parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "examples" / "README.md"])
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`(untoward [a-z-][^`\n]*|make [a-z-]+[^`\n]*)`")


def typed(page):
    """Every command line on a page: in blocks without an output language, and in running text."""
    text = page.read_text(encoding="utf-8")
    blocks = [
        line for kind, block in FENCE.findall(text) if kind in ("", "sh") for line in block.splitlines()
    ]
    lines = [line.strip().removeprefix("$ ") for line in blocks] + INLINE.findall(FENCE.sub("", text))
    return [line for line in lines if line.startswith(("untoward ", "make "))]


COMMANDS = [
    pytest.param(line, id=f"{page.relative_to(ROOT).as_posix()}: {line}")
    for page in PAGES
    if page.name != "cli.md"
    for line in dict.fromkeys(typed(page))
]


def options_of(command):
    context = command.context_class(command, info_name="untoward")
    return {name for one in command.get_params(context) for name in (*one.opts, *one.secondary_opts)}


@pytest.mark.parametrize("line", [one for one in COMMANDS if one.values[0].startswith("untoward ")])
def test_commands_and_their_options_exist(line):
    words = shlex.split(line.split("…")[0], comments=True)[1:]
    command = typer.main.get_command(app)
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]
    first_is_an_option = not words or words[0].startswith("-")
    assert not getattr(command, "commands", None) or first_is_an_option, f"no such command: {words[0]}"
    options = [word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)]
    assert [option for option in options if option not in options_of(command)] == []


@pytest.mark.parametrize("line", [one for one in COMMANDS if one.values[0].startswith("make ")])
def test_make_targets_exist(line):
    targets = set(
        re.findall(r"^([a-z-]+):.*##", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    )
    words = shlex.split(line, comments=True)[1:]
    named = [word for word in words if "=" not in word and not word.startswith("-")]
    assert [word for word in named if word not in targets] == []


def blocks(page, language):
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    return [block for kind, block in FENCE.findall(text) if kind == language]


def untoward(*arguments, folder):
    command = [sys.executable, "-m", "untoward.cli", *arguments]
    environment = {**os.environ, "NO_COLOR": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


class TestFirstReview:
    """The tutorial, done as written."""

    @pytest.fixture
    def folder(self, tmp_path):
        text = (ROOT / "docs" / "tutorials" / "first-review.md").read_text(encoding="utf-8")
        files = re.findall(r"^`(my-clinic/[a-z.]+)`\n\n```csv\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        assert len(files) == 4
        tmp_path.joinpath("my-clinic").mkdir()
        for path, content in files:
            tmp_path.joinpath(path).write_text(content, encoding="utf-8")
        return tmp_path

    def test_the_review_of_ones_own_tables(self, folder):
        run = untoward("review", "my-clinic", "--out", "out/my-clinic", folder=folder)
        assert run.returncode == 1, run.stderr  # someone needs a person within 72 hours
        review = json.loads(folder.joinpath("out/my-clinic/review.json").read_text(encoding="utf-8"))
        assert review["totals"]["sessions"] == 6
        assert {line["reaction_id"] for line in review["urgent"]} == {"R1", "R2"}
        assert review["unrecognised"] == []
        infection = next(one for one in review["outcomes"] if one["outcome"] == "infection")
        first = infection["results"][0]
        assert (first["axis"], first["value"], first["table"]["a"], first["table"]["b"]) == (
            "vial",
            "V7",
            2,
            0,
        )
        assert "No exposure stands out" in infection["reading"]

    def test_a_day_that_does_not_exist(self, folder):
        sessions = folder / "my-clinic" / "sessions.csv"
        text = sessions.read_text(encoding="utf-8").replace("S3,P3,2026-03-04", "S3,P3,2026-02-31")
        sessions.write_text(text, encoding="utf-8")
        run = untoward("review", "my-clinic", "--out", "out/my-clinic", folder=folder)
        assert run.returncode == 2
        assert "2026-02-31" in run.stderr
        assert not folder.joinpath("out").exists()
        kept = untoward("review", "my-clinic", "--out", "out/my-clinic", "--keep-good-rows", folder=folder)
        assert kept.returncode in (0, 1), kept.stderr
        assert folder.joinpath("out/my-clinic/review.html").exists()


def test_the_published_outbreak_of_the_tutorial(tmp_path):
    run = untoward(
        "review", str(ROOT / "examples" / "balearic-2009"), "--out", str(tmp_path), folder=tmp_path
    )
    assert "22.1 % (17 of 77; 95 % 13.4 to 33.0)" in run.stdout, run.stderr


def test_the_line_list_of_the_how_to(tmp_path):
    (table,) = blocks("how-to/investigate-an-outbreak.md", "csv")
    tmp_path.joinpath("line-list.csv").write_text(table, encoding="utf-8")
    line = next(one for one in blocks("how-to/investigate-an-outbreak.md", "sh") if "line-list.csv" in one)
    run = untoward(*shlex.split(line)[1:], "--json", folder=tmp_path)
    answer = json.loads(run.stdout)
    assert (answer["n"], answer["cases"]) == (len(list(csv.DictReader(io.StringIO(table)))), 2)


def test_the_records_of_the_how_to_fit_their_schemas():
    source, record = (
        yaml.safe_load(block)[0] for block in blocks("how-to/add-an-evidence-record.md", "yaml")
    )
    folder = resources.files("untoward.evidence") / "schema"
    schema = json.loads((folder / "source.json").read_text(encoding="utf-8"))
    assert [error.message for error in jsonschema_rs.validator_for(schema).iter_errors(source)] == []
    whole = json.loads((folder / "record.json").read_text(encoding="utf-8"))
    whole["$ref"] = f"#/$defs/{record['kind']}"
    assert [error.message for error in jsonschema_rs.validator_for(whole).iter_errors(record)] == []
    base = load_evidence()
    assert record["compound"] in base.compounds
    assert record["term"] in base.terms


def test_the_rule_of_the_how_to_is_python():
    (block,) = blocks("how-to/add-a-rule.md", "python")
    assert isinstance(ast.parse(block).body[0], ast.FunctionDef)
