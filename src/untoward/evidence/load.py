"""Read the evidence base from its YAML files. Every fault of every file is reported at once.

Reading and checking a few hundred YAML records takes longer than a person wants to wait for a command, so
what was read and found faultless is kept as JSON in the user's cache folder, under the hash of the files'
bytes. A cache that cannot be written is no error.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from untoward.errors import EvidenceError, Fault
from untoward.evidence.base import EvidenceBase
from untoward.evidence.records import Source, record_from
from untoward.model.names import NameIndex
from untoward.model.product import Compound
from untoward.model.terms import Term, TermKind, TermList

EDITION = "2026.11"
"""Edition of the evidence and of the rules that read it, as year and month; the hash says exactly which."""

SECTIONS: Mapping[str, str] = {
    "compounds": "compounds.yaml",
    "sources": "sources/*.yaml",
    "terms": "terms/*.yaml",
    "records": "records/*.yaml",
}


def data_folder() -> Path:
    """Folder of the evidence that comes with the package."""
    return Path(str(resources.files("untoward.evidence"))) / "data"


def load_evidence(folder: Path | None = None) -> EvidenceBase:
    """The evidence base of a folder, or the one that comes with the package.

    Raises EvidenceError with every fault (file, record, field, what was expected) when there are any.
    """
    return _load(folder or data_folder())


@lru_cache(maxsize=4)
def _load(folder: Path) -> EvidenceBase:
    files = evidence_files(folder)
    digest = _digest(folder, files)
    content = _read_cache(digest)
    if content is None:
        content = _read_and_check(folder, files)
        _write_cache(digest, content)
    return build(content, f"{EDITION}+sha256:{digest[:12]}")


def evidence_files(folder: Path) -> Mapping[str, tuple[Path, ...]]:
    """The files of each section, sorted by name. Raises EvidenceError when the folder holds none."""
    files = {section: tuple(sorted(folder.glob(pattern))) for section, pattern in SECTIONS.items()}
    if not any(files.values()):
        expected = ", ".join(SECTIONS.values())
        fault = Fault(what="no evidence files", file=str(folder), expected=expected)
        raise EvidenceError("The evidence base could not be read.", [fault])
    return files


def build(content: Mapping[str, list[dict[str, Any]]], version: str) -> EvidenceBase:
    """Turn checked data into the typed base."""
    compounds = {item["key"]: _compound_from(item) for item in content["compounds"]}
    terms = {item["id"]: _term_from(item) for item in content["terms"]}
    return EvidenceBase(
        version=version,
        sources={item["key"]: Source(**item) for item in content["sources"]},
        compounds=compounds,
        compound_names=NameIndex.build(
            {key: (*compound.names.values(), *compound.synonyms) for key, compound in compounds.items()}
        ),
        terms=TermList(terms, NameIndex.build({key: term.every_name() for key, term in terms.items()})),
        records={item["key"]: record_from(item) for item in content["records"]},
    )


def _read_and_check(folder: Path, files: Mapping[str, Iterable[Path]]) -> dict[str, list[dict[str, Any]]]:
    from untoward.evidence.check import read_checked  # the slow path alone pays for YAML and JSON Schema

    content, faults = read_checked(folder, files)
    if faults:
        raise EvidenceError(f"The evidence base has {len(faults)} fault(s).", faults)
    return content


def _compound_from(item: Mapping[str, Any]) -> Compound:
    return Compound(
        key=item["key"],
        names=item["names"],
        synonyms=tuple(item["synonyms"]),
        drug_class=item["class"],
        parts=tuple(item.get("parts", ())),
        description=item["description"],
    )


def _term_from(item: Mapping[str, Any]) -> Term:
    return Term(
        id=item["id"],
        name=item["name"],
        plain=item.get("plain", {}),
        synonyms={language: tuple(words) for language, words in item["synonyms"].items()},
        group=item["group"],
        kind=TermKind(item["kind"]),
        red_flag=item["red_flag"],
        pt=item["pt"],
        ontology=item["ontology"] or {},
    )


def _digest(folder: Path, files: Mapping[str, Iterable[Path]]) -> str:
    digest = hashlib.sha256()
    for paths in files.values():
        for path in paths:
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _cache_file(digest: str) -> Path:
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path("~/.cache").expanduser())
    return home / "untoward" / f"evidence-{digest[:32]}.json"


def _read_cache(digest: str) -> dict[str, list[dict[str, Any]]] | None:
    try:
        content = json.loads(_cache_file(digest).read_bytes())
    except (OSError, ValueError):
        return None
    return content if isinstance(content, dict) and set(content) == set(SECTIONS) else None


def _write_cache(digest: str, content: Mapping[str, Any]) -> None:
    path = _cache_file(digest)
    unfinished = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished.write_text(json.dumps(content))
        unfinished.replace(path)
    except OSError:
        return
