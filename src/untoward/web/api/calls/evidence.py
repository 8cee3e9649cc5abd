"""Calls about the evidence: read only. The check of a mixture is the one that a session is checked with."""

from __future__ import annotations

from collections import Counter

from django.http import Http404
from ninja import Body, Query

from untoward.evidence.records import Claim, Source
from untoward.model.mixture import Person
from untoward.registry.roles import Action
from untoward.tasks.knowledge import evidence
from untoward.tasks.mixing import check_names
from untoward.tasks.profiles import profile_document
from untoward.web.api.access import Call
from untoward.web.api.listing import operation
from untoward.web.api.paging import part
from untoward.web.api.shapes import evidence as shapes
from untoward.web.api.shapes.base import Document, Page, Paging


@operation("GET", "/evidence/compounds", "evidence", Action.SEE_EVIDENCE, answers=shapes.CompoundsOut)
def compounds(request: Call) -> shapes.CompoundsOut:
    """Every compound the evidence base knows, by label."""
    base = evidence()
    listed = sorted(base.compounds.values(), key=lambda one: one.label)
    known = [shapes.CompoundLine(key=one.key, label=one.label) for one in listed]
    return shapes.CompoundsOut(evidence_version=base.version, compounds=known)


@operation(
    "GET", "/evidence/compounds/{slug:key}", "evidence-compound", Action.SEE_EVIDENCE, answers=Document
)
def compound(request: Call, key: str) -> Document:
    """What is known of one compound: every record with its source, and what is not known."""
    if key not in evidence().compounds:
        raise Http404
    return profile_document(key)


@operation("POST", "/evidence/mixtures/check", "mixture-check", Action.SEE_EVIDENCE, answers=Document)
def mixture(request: Call, given: Body[shapes.MixtureIn]) -> Document:
    """What compounds do to each other in one syringe: the verdict, findings, pairs without data, and sources."""
    checked = check_names(
        list(given.names), person=Person(), vehicle=given.vehicle or None, country=given.country or None
    )
    return checked.document()


@operation("GET", "/evidence/claims", "evidence-claims", Action.SEE_EVIDENCE, answers=Page[shapes.ClaimOut])
def claims(request: Call, page: Query[Paging]) -> Page[shapes.ClaimOut]:
    """What is claimed of each compound, and how far that is shown."""
    records = sorted(evidence().of_class(Claim), key=lambda one: (one.compound, one.claim))
    return part(records, page, shapes.claim_out)


@operation(
    "GET", "/evidence/sources", "evidence-sources", Action.SEE_EVIDENCE, answers=Page[shapes.SourceOut]
)
def sources(request: Call, page: Query[Paging]) -> Page[shapes.SourceOut]:
    """Every source with how many records rest on it, those that carry most first."""
    base = evidence()
    resting = Counter(record.source for record in base.records.values())
    found = sorted(base.sources.values(), key=lambda one: (-resting[one.key], one.citation))

    def shown(one: Source) -> shapes.SourceOut:
        return shapes.source_out(one, resting[one.key])

    return part(found, page, shown)
