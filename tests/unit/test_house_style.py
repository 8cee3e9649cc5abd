"""The house style that a program can check, and whether the programs that check it notice anything."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def script(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # a dataclass looks its own module up
    spec.loader.exec_module(module)
    return module


sizes = script("check_sizes")
requirements = script("check_requirements")


def function_of(lines, name="f"):
    body = "\n".join(f"    x = {number}" for number in range(lines - 1))
    return f"def {name}():\n{body}\n"


class TestSizes:
    def test_this_project_keeps_its_budgets(self, capsys):
        assert sizes.main([]) == 0, capsys.readouterr().err

    def test_a_long_function_is_named(self, tmp_path):
        tmp_path.joinpath("a.py").write_text(function_of(81), encoding="utf-8")
        faults = sizes.faults_of(sizes.measure(tmp_path), {})
        assert faults[0].startswith("a.py::f: function of 81 lines, expected 80 or fewer")

    def test_a_function_at_its_budget_passes(self, tmp_path):
        small = "".join(function_of(4, f"g{number}") for number in range(20))
        tmp_path.joinpath("a.py").write_text(function_of(80) + small, encoding="utf-8")
        assert sizes.faults_of(sizes.measure(tmp_path), {}) == ()

    def test_a_docstring_costs_nothing(self, tmp_path):
        said = '    """' + "Said at length.\n" * 100 + '    """\n'
        tmp_path.joinpath("a.py").write_text("def f():\n" + said + "    return 1\n", encoding="utf-8")
        (size,) = [size for size in sizes.measure(tmp_path) if size.kind == "function"]
        assert size.lines == 2

    def test_a_method_is_named_with_its_class(self, tmp_path):
        tmp_path.joinpath("a.py").write_text("class C:\n    def m(self):\n        pass\n", encoding="utf-8")
        assert [size.place for size in sizes.measure(tmp_path)] == ["a.py", "a.py::C", "a.py::C.m"]

    def test_long_classes_and_files_are_named(self, tmp_path):
        body = "".join(f"    a{number} = {number}\n" for number in range(300))
        tmp_path.joinpath("a.py").write_text("class C:\n" + body + "\n" * 300, encoding="utf-8")
        faults = sizes.faults_of(sizes.measure(tmp_path), {})
        assert [fault.split(",")[0] for fault in faults] == [
            "a.py: file of 601 lines",
            "a.py::C: class of 301 lines",
        ]

    def test_an_exception_excuses_and_an_idle_one_is_a_fault(self, tmp_path):
        small = "".join(function_of(4, f"g{number}") for number in range(20))
        tmp_path.joinpath("a.py").write_text(function_of(81) + small, encoding="utf-8")
        measured = sizes.measure(tmp_path)
        assert sizes.faults_of(measured, {"a.py::f": "a table"}) == ()
        idle = sizes.faults_of(measured, {"a.py::f": "a table", "a.py::g1": "no reason"})
        assert idle == ("a.py::g1: is an exception and need not be. Take it off the list.",)

    def test_functions_must_be_small_as_a_rule(self, tmp_path):
        tmp_path.joinpath("a.py").write_text(function_of(31), encoding="utf-8")
        faults = sizes.faults_of(sizes.measure(tmp_path), {})
        assert [fault.split(" of ")[0] for fault in faults] == ["functions: median", "functions: p90"]


class TestRequirements:
    HASH = "--hash=sha256:" + "0" * 64

    def faults(self, tmp_path, text):
        folder = tmp_path / "requirements"
        folder.mkdir()
        folder.joinpath("x.txt").write_text(text, encoding="utf-8")
        return list(requirements.faults_in(folder / "x.txt"))

    def test_the_files_of_this_project_are_clean(self, capsys):
        assert requirements.main([]) == 0, capsys.readouterr().err

    def test_a_pin_with_hash_and_marker_is_clean(self, tmp_path):
        text = f"# made by a tool\nalpha[extra]==1.0 ; sys_platform == 'win32' \\\n    {self.HASH}\n    # via beta\n"
        assert self.faults(tmp_path, text) == []

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("alpha==1.0\n", "x.txt, line 1: no hash"),
            (f"alpha>=1.0 \\\n    {HASH}\n", "x.txt, line 1: not pinned"),
            (
                f"alpha==1.0 \\\n    {HASH}\n--index-url here\n",
                "x.txt, line 3: an address or option",
            ),
            (f"alpha @ file:///a.whl \\\n    {HASH}\n", "x.txt, line 1: an address or option"),
            (
                f"alpha==1.0 \\\n    {HASH}\n    # from http://somewhere\n",
                "x.txt, line 3: an address",
            ),
            ("# nothing\n", "x.txt: no requirement in it"),
        ],
    )
    def test_faults_are_named_with_their_line(self, tmp_path, text, fault):
        assert self.faults(tmp_path, text)[0].startswith(fault)

    def test_a_lock_with_addresses_is_refused(self, tmp_path, capsys):
        folder = tmp_path / "requirements"
        folder.mkdir()
        folder.joinpath("x.txt").write_text(f"alpha==1.0 \\\n    {self.HASH}\n", encoding="utf-8")
        tmp_path.joinpath("uv.lock").touch()
        assert requirements.main([str(folder)]) == 1
        assert "uv.lock: records download addresses" in capsys.readouterr().err


class TestHowTestsRun:
    """tests/conftest.py, tried on a project of its own."""

    SUITE = """
import os
import pytest

@pytest.mark.browser
def test_browser():
    pytest.skip("no browser here")

@pytest.mark.slow
def test_slow():
    pass

def test_plain():
    pytest.skip("not today")

def test_home():
    assert "untoward-tests-" in os.environ["XDG_CACHE_HOME"]

def test_random(rng):
    print(f"drawn {rng.random()}")
"""

    def run(self, folder, *arguments, **variables):
        folder.joinpath("tests").mkdir(exist_ok=True)
        for file in ("conftest.py", "django_settings.py"):
            shutil.copy(ROOT / "tests" / file, folder / "tests")
        shutil.copy(ROOT / "pyproject.toml", folder)
        folder.joinpath("tests", "test_suite.py").write_text(self.SUITE, encoding="utf-8")
        clean = {
            key: value for key, value in os.environ.items() if not key.startswith(("UNTOWARD_", "PYTEST_"))
        }
        command = [sys.executable, "-m", "pytest", "-q", "-s", "-p", "no:cacheprovider", *arguments]
        run = subprocess.run(
            command,
            cwd=folder,
            env={**clean, **variables},
            capture_output=True,
            text=True,
            timeout=120,
        )
        return run.returncode, run.stdout

    def test_by_default_slow_and_browser_tests_may_be_skipped(self, tmp_path):
        code, printed = self.run(tmp_path)
        assert code == 0
        assert "2 passed, 3 skipped" in printed

    def test_a_required_marker_turns_its_skips_into_failures_and_no_others(self, tmp_path):
        code, printed = self.run(tmp_path, UNTOWARD_REQUIRE="browser,slow")
        assert code == 1
        assert "1 failed, 3 passed, 1 skipped" in printed
        assert "UNTOWARD_REQUIRE asks for browser, but this was skipped" in printed

    def test_a_file_that_skips_itself_fails_too(self, tmp_path):
        tmp_path.joinpath("tests").mkdir()
        tmp_path.joinpath("tests", "test_none.py").write_text(
            "import pytest\npytest.importorskip('no_such_module')\n", encoding="utf-8"
        )
        code, printed = self.run(tmp_path, UNTOWARD_REQUIRE="browser")
        assert code != 0
        assert "no_such_module" in printed

    def test_the_same_seed_draws_the_same_numbers(self, tmp_path):
        def drawn(seed):
            _code, printed = self.run(tmp_path, "-k", "random", UNTOWARD_SEED=seed)
            return [line for line in printed.splitlines() if "drawn" in line]

        assert drawn("7") == drawn("7") != drawn("8")
