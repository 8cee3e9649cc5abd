"""Method cards and worked examples are true: what they assert is met, and what they print is printed."""

import ast
import importlib.util
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from math import exp, sqrt
from pathlib import Path

import pytest

from untoward.tasks.demo import simulate_demo

ROOT = Path(__file__).parents[2]
METHODS = ROOT / "docs" / "reference" / "methods"
TUTORIAL = ROOT / "docs" / "tutorials" / "worked-outbreaks.md"
FIND_A_CLUSTER = ROOT / "docs" / "how-to" / "find-a-cluster.md"
HEADINGS = ["Question", "Formula", "Reference", "Worked check", "Limits"]
PAGES = sorted(page for page in METHODS.glob("*.md") if page.name != "README.md")


def cards_of(page):
    """(title, text) of every card on a page."""
    parts = re.split(r"^## (.+)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return list(zip(parts[1::2], parts[2::2], strict=True))


CARDS = [
    pytest.param(page, title, text, id=f"{page.stem}: {title}")
    for page in PAGES
    for title, text in cards_of(page)
]


def sections_of(card):
    """Text below each heading of a card, in order; code is no heading."""
    parts = re.split(r"^### (.+)$", card, flags=re.MULTILINE)
    return dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))


def checks_in(card):
    return re.findall(r"^```python\n(.*?)^```", card, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(("page", "title", "card"), CARDS)
def test_a_card_has_its_five_headings_with_text_below(page, title, card):
    sections = sections_of(card)
    assert list(sections) == HEADINGS
    assert all(sections.values())


@pytest.mark.parametrize(("page", "title", "card"), CARDS)
def test_a_check_names_a_number_and_stands_where_it_belongs(page, title, card):
    (check,) = checks_in(card)
    assert check in sections_of(card)["Worked check"] + "\n"
    claims = [node for node in ast.walk(ast.parse(check)) if isinstance(node, ast.Assert)]
    numbers = [node.value for claim in claims for node in ast.walk(claim) if isinstance(node, ast.Constant)]
    assert any(isinstance(number, int | float) and not isinstance(number, bool) for number in numbers)
    assert "from untoward." in check, "a check is of the project's own functions"


@pytest.mark.parametrize(("page", "title", "card"), CARDS)
def test_a_check_is_met(page, title, card, monkeypatch, tmp_path):
    (check,) = checks_in(card)
    if "models_extra" in check and importlib.util.find_spec("statsmodels") is None:
        pytest.skip('needs the optional part "models" (statsmodels)')
    monkeypatch.chdir(ROOT)
    script = tmp_path / "check.py"
    script.write_text(check, encoding="utf-8")
    runpy.run_path(str(script))


def test_every_card_stands_in_the_index():
    index = (METHODS / "README.md").read_text(encoding="utf-8")
    missing = [
        title for page in PAGES for title, _text in cards_of(page) if f"[{title}]({page.name}#" not in index
    ]
    assert missing == []


def files_of(page):
    """Tables that a page tells to save: a name in code on a line of its own, then a block of CSV."""
    text = page.read_text(encoding="utf-8")
    return re.findall(r"^`([a-z0-9-]+\.csv)`\n\n```csv\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def shown_by(page):
    """(command, lines shown) for every command of a page that is followed by its output."""
    text = page.read_text(encoding="utf-8")
    found = re.findall(r"^```sh\n([^\n]+)\n```\n\n```text\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [(command, [line for line in shown.splitlines() if line.strip(" …")]) for command, shown in found]


def run(command, folder):
    words = [sys.executable, "-m", "untoward.cli", *shlex.split(command)[1:]]
    environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "80"}
    return subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, timeout=300)


def assert_shown(shown, output):
    """Every line shown stands in the output, in this order; blanks do not matter, and a lone "…" is text left out."""
    left = " ".join(output.split())
    for line in shown:
        for part in re.split(r"(?:^|\s)…(?:\s|$)", line):
            wanted = " ".join(part.split())
            assert wanted in left, f"not printed, or not in this order: {wanted}\n{output}"
            left = left[left.index(wanted) + len(wanted) :]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("outbreaks")
    shutil.copytree(ROOT / "examples", made / "examples")
    for name, table in files_of(TUTORIAL):
        made.joinpath(name).write_text(table, encoding="utf-8")
    return made


@pytest.mark.parametrize(("command", "shown"), [pytest.param(*one, id=one[0]) for one in shown_by(TUTORIAL)])
def test_a_published_outbreak_comes_out_as_shown(command, shown, folder):
    done = run(command, folder)
    assert done.returncode in (0, 1), done.stderr
    assert_shown(shown, done.stdout)


def test_the_tutorial_works_at_least_four_outbreaks():
    named = {command.split()[2] for command, _shown in shown_by(TUTORIAL)}
    assert {
        f"examples/{one}" for one in ("oswego-1940", "balearic-2009", "paris-2007", "denver-1996")
    } <= named
    assert {"route.csv", "nurse-6.csv", "nurse-10.csv", "january.csv"} <= named


def test_no_split_of_ten_ill_among_108_gives_the_printed_ratio():
    """The tutorial says so of Paraguay: 6.50 (2.28 to 18.49), limits by Katz."""

    def matches(a, exposed):
        c, others = 10 - a, 108 - exposed
        ratio = (a / exposed) / (c / others)
        reach = exp(1.959964 * sqrt(1 / a - 1 / exposed + 1 / c - 1 / others))
        return [round(x, 1) for x in (ratio, ratio / reach, ratio * reach)] == [6.5, 2.3, 18.5]

    tables = [(a, exposed) for a in range(1, 10) for exposed in range(a, 108 - (10 - a) + 1)]
    assert [table for table in tables if matches(*table)] == []


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The registry that `untoward demo` leaves behind; the rest of the demonstration has its own test."""
    made = tmp_path_factory.mktemp("clusters")
    simulate_demo(made / "demo")
    return made


@pytest.mark.slow
def test_the_how_to_finds_its_cluster_as_shown(demo):
    """The commands of the page one after the other, since some write what others read."""
    commands = shown_by(FIND_A_CLUSTER)
    assert commands
    for command, shown in commands:
        done = run(command.partition(" > ")[0], demo)
        assert done.returncode in (0, 1), done.stderr
        if " > " in command:
            demo.joinpath(command.partition(" > ")[2].strip()).write_text(done.stdout, encoding="utf-8")
        assert_shown(shown, done.stdout)


def test_numbers_of_the_tutorial_worked_by_hand():
    """232 of 667 is 34.8 %; 9 of 32 against 1 of 76 is 21 times."""
    assert round(100 * 232 / 667, 1) == 34.8
    assert round(9 / 32 / (1 / 76)) == 21
