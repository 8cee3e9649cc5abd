"""A small map with everything right, and a way to read it with one file changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from untoward.errors import InputError
from untoward.exchange.places import PlaceCounts, PlaceFiles, PlaceSettings, read_places

GOOD = {
    "cases.csv": "place,cases,date\nA,2,2026-01-05\nB,1,2026-01-20\nA,1,2026-03-02\nC,0,2026-02-01\n",
    "population.csv": "place,population\nA,100\nB,200\nC,300\n",
    "coordinates.csv": "place,latitude,longitude\nA,40.1,-3.1\nB,40.2,-3.2\nC,40.3,-3.3\n",
    "controls.csv": "place,controls,date\nA,3,2026-01-05\nB,4,2026-02-01\nC,5,2026-03-02\n",
}


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., PlaceCounts]:
    """Write the good files, some replaced (None leaves one out), and read them. Keywords are settings."""

    def run(files: dict[str, str | bytes | None] | None = None, **settings: object) -> PlaceCounts:
        given = {**GOOD, **({"controls.csv": None} if settings.get("model") != "bernoulli" else {})}
        for stem, text in (files or {}).items():
            given = {name: old for name, old in given.items() if Path(name).stem != Path(stem).stem}
            given[stem] = text
        paths = {}
        for name, text in given.items():
            if text is not None:
                path = tmp_path / name
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
                paths[Path(name).stem] = path
        return read_places(PlaceFiles(**paths), PlaceSettings(**settings))

    return run


@pytest.fixture
def faults(read: Callable[..., PlaceCounts]) -> Callable[..., list[str]]:
    """The faults of reading, as "what | where | field"."""

    def run(files: dict[str, str | bytes | None] | None = None, **settings: object) -> list[str]:
        with pytest.raises(InputError) as refused:
            read(files, **settings)
        return [f"{fault.what} | {fault.where} | {fault.field}" for fault in refused.value.faults]

    return run
