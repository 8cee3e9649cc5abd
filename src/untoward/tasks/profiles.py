"""What is known of a compound, as a page to read; and the sources of the evidence base."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from untoward.errors import UsageError
from untoward.evidence.base import EvidenceBase
from untoward.evidence.coverage import attached_to, coverage_of, unanswered
from untoward.evidence.load import load_evidence
from untoward.evidence.records import Record, Source
from untoward.model.product import Compound
from untoward.model.profile import CitedSource, Profile, Section
from untoward.tasks import profile_reactions as reactions
from untoward.tasks import profile_sections as sections
from untoward.tasks.profile_figures import figures_of


def profile_of(name: str, base: EvidenceBase | None = None) -> Profile:
    """The profile of a compound by any of its names. Raises UsageError with candidates when it is not known."""
    base = base or load_evidence()
    compound = _found(name, base)
    records = _on_page(base, compound)
    return Profile(
        key=compound.key,
        name=compound.label,
        names=compound.names,
        synonyms=compound.synonyms,
        drug_class=compound.drug_class,
        description=compound.description,
        parts=_part_labels(base, compound),
        sections=tuple(_sections(base, compound, records)),
        not_known=unanswered(records),
        not_counted=_not_counted(base, compound),
        sources=_cited(base, records),
        records=len(records),
        verified=sum(record.verified for record in records),
        version=base.version,
    )


def profile_document(name: str) -> dict[str, Any]:
    """The profile as plain data: the compound, all its records, their sources, and what is not known.

    Raises UsageError with candidates when the name is not known.
    """
    base = load_evidence()
    compound = _found(name, base)
    records = _on_page(base, compound)
    return {
        "evidence_version": base.version,
        "compound": asdict(compound),
        "records": [_plain(record) for record in records],
        "sources": {source.key: source.citation for source in _cited(base, records)},
        "not_known": list(unanswered(records)),
        "not_counted": list(_not_counted(base, compound)),
        "sections": [_section_document(section) for section in _sections(base, compound, records)],
    }


def write_profile_page(name: str, path: Path) -> Path:
    """Write the profile as one self-contained HTML file; the path.

    Raises UsageError when the name is not known or the path is a folder, OutsideError when it cannot be written.
    """
    from untoward.report.compound_page import render_compound_html
    from untoward.tasks.writing import write_together

    if path.is_dir():
        raise UsageError(f"{path} is a folder; a file name was expected, such as {path / 'compound.html'}.")
    text = render_compound_html(profile_of(name))
    return write_together({path.name: text}, path.parent)[path.name]


def _found(name: str, base: EvidenceBase) -> Compound:
    compound = base.compound(name)
    if compound is None:
        candidates = base.compound_names.suggest(name)
        hint = f" Did you mean: {', '.join(candidates)}?" if candidates else ""
        raise UsageError(f"No compound is known as {name!r}.{hint}")
    return compound


def _on_page(base: EvidenceBase, compound: Compound) -> tuple[Record, ...]:
    return attached_to(base, compound.key)


def _part_labels(base: EvidenceBase, compound: Compound) -> tuple[str, ...]:
    return tuple(base.compounds[part].label for part in compound.parts)


def _sections(base: EvidenceBase, compound: Compound, records: tuple[Record, ...]) -> Iterator[Section]:
    figures = figures_of(base)
    yield sections.where_used(records)
    yield reactions.how_often(base, compound.key, figures)
    yield reactions.how_long(base, compound.key, figures)
    yield reactions.onsets(base, records)
    yield sections.meets(base, compound.key, records)
    yield sections.contraindicated(records)
    yield sections.crossing_allergies(records)
    yield sections.doses(records)
    yield sections.acidity(records)
    yield sections.claims(records)
    yield sections.aftercare(base, records)
    yield sections.practice(records)
    yield reactions.single_cases(base, records)


def _not_counted(base: EvidenceBase, compound: Compound) -> tuple[str, ...]:
    known = coverage_of(base, compound.key)
    return tuple(base.terms[term].label for term, found in known.items() if found.nothing)


def _cited(base: EvidenceBase, records: Iterable[Record]) -> tuple[CitedSource, ...]:
    """The sources of these records, those with most records first."""
    resting: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for record in records:
        resting[record.source].append((record.key, record.locator))
    return tuple(
        CitedSource(
            key=key,
            citation=base.sources[key].citation,
            link=base.sources[key].link,
            opened=base.sources[key].opened,
            records=tuple(found),
        )
        for key, found in sorted(resting.items(), key=lambda item: (-len(item[1]), item[0]))
    )


def _section_document(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "title": section.title,
        "columns": [column.lstrip("#") for column in section.columns],
        "lines": [_without_empty(asdict(one)) for one in section.lines],
    }


def _without_empty(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "", ())}


def _plain(record: Record) -> dict[str, Any]:
    return {name.rstrip("_"): value for name, value in asdict(record).items() if value not in (None, ())}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSource:
    """A source and how many records rest on it."""

    source: Source
    records: int

    def as_document(self) -> dict[str, Any]:
        """The source as plain data."""
        return {**asdict(self.source), "records": self.records, "citation": self.source.citation}


def source_list() -> tuple[ListedSource, ...]:
    """All sources, those with most records first."""
    base = load_evidence()
    counts = Counter(record.source for record in base.records.values())
    listed = [ListedSource(source=source, records=counts[key]) for key, source in base.sources.items()]
    return tuple(sorted(listed, key=lambda item: (-item.records, item.source.key)))
