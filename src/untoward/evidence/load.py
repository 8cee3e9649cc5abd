"""Read the evidence base from its YAML files. Every fault of every file is reported at once.

Reading and checking a few hundred YAML records takes longer than a person wants to wait for a command, so
what was read and found faultless is kept as JSON in the user's cache folder, under a hash of the files' bytes
and of what checked them. It carries a hash of its own: a copy that was cut short or altered is not used. A
cache that cannot be written is no error.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from untoward.errors import EvidenceError, Fault
from untoward.evidence.base import EvidenceBase
from untoward.evidence.records import Source, record_from
from untoward.evidence.sealed_cache import read_sealed, write_sealed
from untoward.model.names import NameIndex
from untoward.model.product import Compound
from untoward.model.substances import Substance, SubstanceList
from untoward.model.terms import Term, TermKind, TermList

EDITION = "2026.11"
"""Edition of the evidence and of the rules that read it, as year and month; the hash says exactly which."""

SECTIONS: Mapping[str, str] = {
    "compounds": "compounds*.yaml",
    "sources": "sources/*.yaml",
    "terms": "terms/*.yaml",
    "records": "records/*.yaml",
    "substances": "substances*.yaml",
}


def data_folder() -> Path:
    """Folder of the evidence that comes with the package."""
    return Path(str(resources.files("untoward.evidence"))) / "data"


def load_evidence(folder: Path | None = None) -> EvidenceBase:
    """The evidence base of a folder, or the one that comes with the package; a folder is read once a process.

    Raises EvidenceError with every fault (file, record, field, what was expected) when there are any.
    """
    return _load(folder or data_folder())


@lru_cache(maxsize=4)
def _load(folder: Path) -> EvidenceBase:
    files = evidence_files(folder)
    digest = _digest(folder, files)
    content = read_sealed(_cache_name(digest))
    if content is None:
        content = _read_and_check(folder, files)
        write_sealed(_cache_name(digest), content)
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
        substances=_substances(content["substances"], compounds, terms),
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


def _substances(
    items: Iterable[Mapping[str, Any]], compounds: Mapping[str, Compound], terms: Mapping[str, Term]
) -> SubstanceList:
    """All substances; compounds and terms of circumstance can be named by a person too."""
    named = {
        key: (key, *compound.names.values(), *compound.synonyms)
        for key, compound in compounds.items()
        if compound.drug_class != "procedure"
    }
    circumstances = {key: term.every_name() for key, term in terms.items() if term.kind is TermKind.CONTEXT}
    return SubstanceList({item["key"]: _substance_from(item) for item in items}, named, circumstances)


def _substance_from(item: Mapping[str, Any]) -> Substance:
    return Substance(
        key=item["key"],
        kind=item["kind"],
        names={language: tuple(names) for language, names in item["names"].items()},
        members=tuple(item.get("members", ())),
        compounds=tuple(item.get("compounds", ())),
        groups=tuple(item.get("groups", ())),
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


def _cache_name(digest: str) -> str:
    """Name under which the cache of this content is kept."""
    return f"evidence-{hashlib.sha256(f'{digest} {_checked_by()}'.encode()).hexdigest()[:32]}"


@lru_cache(maxsize=1)
def _checked_by() -> str:
    """Hash of the schemas and of the code that checks, so that a stricter version trusts no older cache."""
    package = resources.files("untoward.evidence")
    files = [
        *(package / "schema").iterdir(),
        *(package / name for name in ("check.py", "cross_check.py", "validity.py")),
    ]
    digest = hashlib.sha256()
    for file in sorted(files, key=lambda file: file.name):
        digest.update(file.read_bytes())
    return digest.hexdigest()
