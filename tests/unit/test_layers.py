"""Imports point one way: the contracts of pyproject.toml hold, and each of them breaks when something is planted."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LAYERS = "Imports point one way"
PURE = "Assessment, evidence, model and kernels know no web, database, engine or cluster"


def check_imports(folder):
    """Run import-linter on the package below `folder`; its exit code and what it printed."""
    command = [
        Path(sys.executable).with_name("lint-imports"),
        "--config",
        "pyproject.toml",
        "--no-cache",
        "--no-logo",
    ]
    environment = {**os.environ, "PYTHONPATH": str(folder), "NO_COLOR": "1", "COLUMNS": "200"}
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)
    return run.returncode, run.stdout + run.stderr


def copy_package(folder):
    shutil.copytree(
        ROOT / "src" / "untoward",
        folder / "untoward",
        ignore=lambda _folder, names: [name for name in names if name == "__pycache__" or name == "data"],
    )
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def plant(folder, module, statement):
    """Write a new module of the package that imports what it must not."""
    file = folder.joinpath("untoward", *module.split(".")).with_suffix(".py")
    assert file.parent.is_dir(), f"{file.parent} is gone: plant somewhere else"
    file.write_text(f"{statement}\n", encoding="utf-8")


def test_the_contracts_hold(tmp_path):
    code, printed = check_imports(copy_package(tmp_path))
    assert f"{LAYERS} KEPT" in printed, printed
    assert f"{PURE} KEPT" in printed, printed
    assert code == 0, printed


@pytest.mark.parametrize(
    ("module", "statement", "broken"),
    [
        ("assess.planted", "from untoward import report", LAYERS),
        ("assess.planted", "from untoward.watch import exposures", LAYERS),
        ("evidence.planted", "import untoward.assess.run", LAYERS),
        ("model.planted", "from untoward.evidence import load", LAYERS),
        ("kernels.planted", "from untoward.model import counts", LAYERS),
        ("exchange.planted", "from untoward import tasks", LAYERS),
        ("report.planted", "from untoward.cli import __main__", LAYERS),
        ("model.planted", "import duckdb", PURE),
        ("assess.planted", "from django.db import models", PURE),
        ("evidence.planted", "def late():\n    import sqlalchemy", PURE),
        ("kernels.planted", "from pyspark.sql import SparkSession", PURE),
    ],
)
def test_a_planted_import_is_caught(tmp_path, module, statement, broken):
    copy_package(tmp_path)
    plant(tmp_path, module, statement)
    code, printed = check_imports(tmp_path)
    assert f"{broken} BROKEN" in printed, printed
    assert f"untoward.{module} -> " in printed, printed
    assert code == 1
