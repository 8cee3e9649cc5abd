"""A small sound evidence folder, as plain data, and a way to write it with something changed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from untoward.errors import EvidenceError, Fault
from untoward.evidence.load import load_evidence

Base = dict[str, list[dict[str, Any]]]

FILES = {
    "compounds": "compounds.yaml",
    "sources": "sources/all.yaml",
    "terms": "terms/all.yaml",
    "records": "records/all.yaml",
    "substances": "substances.yaml",
}


def _record(key: str, kind: str, **fields: Any) -> dict[str, Any]:
    """A record with every field that all kinds must have."""
    return {
        "key": key,
        "kind": kind,
        "statement": f"What {key} says.",
        "source": "smith-2020",
        "locator": "table 1",
        "grade": "B",
        "read": "full",
        "checked": "2026-11-22",
        "verified": True,
        **fields,
    }


def _compound(key: str, *synonyms: str, **fields: Any) -> dict[str, Any]:
    names = {"en": key.replace("-", " "), "es": key.replace("-", " ")}
    return {
        "key": key,
        "names": names,
        "synonyms": list(synonyms),
        "class": "test",
        "description": "For tests.",
        **fields,
    }


def _term(term_id: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": term_id,
        "name": {"en": term_id, "es": f"{term_id} es"},
        "synonyms": {"en": [f"{term_id} syn"], "es": []},
        "pt": None,
        "ontology": None,
        "group": "local",
        "kind": "reaction",
        "red_flag": False,
        **fields,
    }


@pytest.fixture(scope="session")
def record() -> Callable[..., dict[str, Any]]:
    """Make a record of a kind, with every field that all kinds must have."""
    return _record


@pytest.fixture
def sound() -> Base:
    """Three compounds (one made of the other two), one source, two terms and three records, without fault."""
    return {
        "compounds": [_compound("alpha", "alphol"), _compound("beta"), _compound("alpha-beta", parts=["alpha", "beta"])],
        "sources": [{"key": "smith-2020", "title": "A trial", "year": 2020, "type": "trial", "opened": "2026-11-22"}],
        "terms": [_term("bruise"), _term("lump")],
        "records": [
            _record("alpha-bruise", "incidence", compound="alpha", term="bruise", n=3, of=10, per="person"),
            _record("alpha-bruise-days", "duration", compound="alpha", term="bruise", n=10, unit="day",
                median=7, high=21, interval="range"),
            _record("alpha-allowed", "regulatory", compound="alpha", country="XX", status="approved", use="tests",
                valid_from="2020-03"),
        ],
    }  # fmt: skip


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a base as an evidence folder. `extra` holds further files by name, as text."""

    def write_folder(base: Base, folder: str = "evidence", **extra: str) -> Path:
        home = tmp_path / folder
        for section, name in FILES.items():
            path = home / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(
                yaml.safe_dump(base.get(section, []), sort_keys=False, allow_unicode=True), encoding="utf-8"
            )
        for name, text in extra.items():
            (home / name).write_text(text, encoding="utf-8")
        return home

    return write_folder


@pytest.fixture
def faults_of(write: Callable[..., Path]) -> Callable[..., tuple[Fault, ...]]:
    """Every fault that loading a base reports."""

    def load(base: Base, **extra: str) -> tuple[Fault, ...]:
        with pytest.raises(EvidenceError) as refused:
            load_evidence(write(base, **extra))
        assert str(len(refused.value.faults)) in refused.value.message
        return tuple(refused.value.faults)

    return load
