"""The evidence: compounds, claims and sources, and the check of a mixture."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from untoward.evidence.records import Claim, Source
from untoward.web.api.shapes.base import Document, Given, Key, Name, Told


class CompoundLine(Told):
    """A compound that the evidence knows."""

    key: str
    label: str


class CompoundsOut(Told):
    """Every compound of this version of the evidence, by label."""

    evidence_version: str
    compounds: list[CompoundLine]


class MixtureIn(Given):
    """What is to go into one syringe, by any names, each of which may hold a strength ("lidocaine 2 %")."""

    names: Annotated[tuple[Annotated[Key, Field(min_length=1)], ...], Field(min_length=1, max_length=12)]
    vehicle: Key = ""
    country: Name = ""


class ClaimOut(Told):
    """What is claimed of a compound, and how far that is shown."""

    compound: str
    claim: str
    for_what: str | None = Field(validation_alias="for_")
    state: str
    source: str


class SourceOut(Told):
    """A source, and how many records rest on it."""

    key: str
    citation: str
    link: str | None
    records: int


MixtureOut = Document


def claim_out(record: Claim) -> ClaimOut:
    """A claim."""
    return ClaimOut.model_validate(record)


def source_out(source: Source, records: int) -> SourceOut:
    """A source."""
    return SourceOut(key=source.key, citation=source.citation, link=source.link or None, records=records)
