"""Pages that say what the code says are current, complete, and the same whenever they are written."""

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from untoward import errors
from untoward.assess.rules import all_rules
from untoward.evidence.load import load_evidence
from untoward.model.tables import LINE_LIST, REGISTRY_TABLES

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "docs" / "generate.py"


@pytest.fixture(scope="module")
def generate():
    spec = importlib.util.spec_from_file_location("generate_docs", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    before = list(sys.path)
    spec.loader.exec_module(module)
    sys.path[:] = before
    return module


@pytest.fixture(scope="module")
def pages(generate):
    return generate.all_pages()


def test_every_generated_page_is_current(generate, pages):
    stale = [f"{path}: {reason}" for path, reason in generate.stale(pages, generate.REFERENCE)]
    assert stale == [], "run: make docs"


@pytest.mark.parametrize("hash_seed", ["1", "2"])
def test_the_same_code_gives_the_same_pages(generate, pages, tmp_path, hash_seed):
    generate.write(pages, tmp_path)
    code = f"import sys; sys.path.insert(0, {str(SCRIPT.parent)!r}); import generate, pathlib;"
    code += f"print(list(generate.stale(generate.all_pages(), pathlib.Path({str(tmp_path)!r}))))"
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    run = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"


def test_every_rule_has_its_page_and_stands_in_the_index(pages):
    for rule in all_rules():
        page = pages[f"rules/{rule.code}.md"]
        assert f"# {rule.code}: {rule.name}" in page
        assert f"[{rule.code}]({rule.code}.md)" in pages["rules/README.md"]
        assert all(f"`{key}`" in page for key in rule.evidence)


@pytest.mark.parametrize(
    "heading", ["Question", "Facts used", "Logic", "Levels", "Evidence", "Limits", "Example"]
)
def test_every_rule_says_something_under_every_heading(pages, heading):
    for rule in all_rules():
        after = pages[f"rules/{rule.code}.md"].split(f"## {heading}\n\n")[1]
        assert after.split("\n")[0].strip(), f"{rule.code}: nothing under {heading}"


def test_every_column_is_described(pages):
    for table in (*REGISTRY_TABLES.values(), LINE_LIST):
        section = pages["tables.md"].split(f"## {table.name}\n")[1].split("\n## ")[0]
        assert all(f"| `{column.name}` |" in section for column in table.columns)


def test_every_term_and_compound_is_listed(pages):
    base = load_evidence()
    assert [key for key in base.terms.terms if f"| `{key}` |" not in pages["terms.md"]] == []
    missing = [
        one.label for one in base.compounds.values() if f"## {one.label}\n" not in pages["evidence.md"]
    ]
    assert missing == []


def test_every_error_is_listed_with_its_exit_code(pages):
    names = [
        name for name, one in vars(errors).items() if isinstance(one, type) and issubclass(one, Exception)
    ]
    assert [name for name in names if f"`{name}`" not in pages["exit-codes.md"]] == []


def test_every_row_of_a_table_has_as_many_cells_as_its_header(pages):
    for path, page in pages.items():
        width = 0
        for line in page.splitlines():
            cells = line.replace("\\|", "").count("|") if line.startswith("|") else 0
            assert cells in (0, width) or width == 0, f"{path}: {line}"
            width = cells


class TestWriting:
    """What `make docs` does to the folder, on pages of our own."""

    MARK = "<!-- Written by docs/generate.py from nothing. -->\n"

    def test_it_names_what_is_missing_stale_or_without_a_subject(self, generate, tmp_path):
        tmp_path.joinpath("old.md").write_text(self.MARK, encoding="utf-8")
        tmp_path.joinpath("b.md").write_text(self.MARK, encoding="utf-8")
        wanted = {"a.md": self.MARK, "b.md": self.MARK + "new\n"}
        assert list(generate.stale(wanted, tmp_path)) == [
            ("a.md", "missing"),
            ("b.md", "not current"),
            ("old.md", "without a subject"),
        ]

    def test_writing_makes_them_current_and_leaves_pages_by_people_alone(self, generate, tmp_path):
        tmp_path.joinpath("old.md").write_text(self.MARK, encoding="utf-8")
        tmp_path.joinpath("glossary.md").write_text("# Glossary\n", encoding="utf-8")
        wanted = {"rules/a.md": self.MARK}
        assert generate.write(wanted, tmp_path) == ("rules/a.md", "old.md")
        assert list(generate.stale(wanted, tmp_path)) == []
        assert not tmp_path.joinpath("old.md").exists()
        assert tmp_path.joinpath("glossary.md").exists()


def test_a_cell_cannot_break_its_table(generate):
    text = sys.modules["generators.text"]
    assert text.table(("A",), [("one | two\nthree <b>",)]).splitlines()[2] == "| one \\| two three &lt;b> |"
    assert text.table(("A",), [("",)]).splitlines()[2] == "| – |"
    assert text.table(("A",), []) == ""
