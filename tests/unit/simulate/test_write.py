"""Writing: all or nothing, and never over somebody else's files."""

import json
from pathlib import Path

import polars as pl
import pytest

from untoward.errors import OutsideError, UsageError
from untoward.simulate import Simulated, demo_plan, simulate, write


@pytest.fixture
def simulated(parameters) -> Simulated:
    return simulate(demo_plan(), parameters, seed=1)


@pytest.mark.parametrize("fmt", ["csv", "parquet"])
def test_tables_and_truth_are_written_and_read_back(simulated, tmp_path: Path, fmt):
    folder = write(simulated, tmp_path / "deep" / "registry", fmt=fmt)
    names = {f"{name}.{fmt}" for name in simulated.tables} | {"truth.json"}
    assert {path.name for path in folder.iterdir()} == names
    read = pl.read_csv if fmt == "csv" else pl.read_parquet
    for name, table in simulated.tables.items():
        assert read(folder / f"{name}.{fmt}").shape == table.shape
    assert json.loads((folder / "truth.json").read_text(encoding="utf-8")) == json.loads(
        json.dumps(simulated.truth)
    )
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["registry"]


def test_an_empty_folder_is_used(simulated, tmp_path: Path):
    (tmp_path / "registry").mkdir()
    assert (write(simulated, tmp_path / "registry") / "truth.json").exists()


def test_an_earlier_simulation_is_replaced_only_when_asked(simulated, tmp_path: Path):
    folder = write(simulated, tmp_path / "registry", fmt="csv")
    with pytest.raises(UsageError, match="not empty"):
        write(simulated, folder, fmt="parquet")
    assert (folder / "sessions.csv").exists()
    write(simulated, folder, fmt="parquet", overwrite=True)
    assert (folder / "sessions.parquet").exists()
    assert not (folder / "sessions.csv").exists()


def test_other_files_are_never_replaced(simulated, tmp_path: Path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(UsageError, match=r"thesis\.txt"):
        write(simulated, tmp_path, overwrite=True)
    with pytest.raises(UsageError, match="is a file"):
        write(simulated, tmp_path / "thesis.txt")
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_an_unknown_format_is_refused(simulated, tmp_path: Path):
    with pytest.raises(UsageError, match="xlsx"):
        write(simulated, tmp_path / "registry", fmt="xlsx")


def test_nothing_is_left_when_the_disk_fails(simulated, tmp_path: Path, monkeypatch):
    folder = write(simulated, tmp_path / "registry")
    kept = (folder / "truth.json").read_text(encoding="utf-8")

    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_csv", full)
    with pytest.raises(OutsideError, match="No space left"):
        write(simulated, tmp_path / "other")
    with pytest.raises(OutsideError, match="No space left"):
        write(simulated, folder, overwrite=True)
    assert [path.name for path in tmp_path.iterdir()] == ["registry"]
    assert (folder / "truth.json").read_text(encoding="utf-8") == kept
