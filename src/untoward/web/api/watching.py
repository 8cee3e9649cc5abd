"""Calls about recalls, the watch and the evidence."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404
from django.shortcuts import get_object_or_404

from untoward.registry.models import Recall
from untoward.registry.roles import Action
from untoward.tasks.knowledge import evidence
from untoward.tasks.profiles import profile_document
from untoward.tasks.record.recalls import recalls_seen_by, tracked
from untoward.tasks.record.watching_record import latest
from untoward.web.api.access import Call
from untoward.web.api.answers import Plain, exposed_out, lot_out, vial_out
from untoward.web.api.listing import operation


@operation("GET", "/recalls", "recalls", Action.RECALL, answers=list[Plain])
def recalls(request: Call) -> list[Plain]:
    """Recalls that concern your clinic, open ones first."""
    return [_recall(one) for one in recalls_seen_by(request.asker.clinic)]


@operation("GET", "/recalls/{uuid:uid}/exposed", "recall-exposed", Action.RECALL, answers=Plain)
def exposed(request: Call, uid: UUID) -> Plain:
    """A recall with the people of your clinic who got it, under their keys, those not reached first."""
    clinic = request.asker.clinic
    found = get_object_or_404(recalls_seen_by(clinic), uid=uid)
    return {**_recall(found), "exposed": [exposed_out(one) for one in tracked(found, clinic)]}


@operation("GET", "/watch", "watch", Action.SEE_WATCH, answers=Plain)
def watch(request: Call) -> Plain:
    """The last look at your clinic's record without the lines behind it; `look` is null before the first."""
    look = latest(str(request.asker.clinic.uid))
    if look is None:
        return {"look": None}
    clusters = [
        {name: value for name, value in one.items() if name != "reactions"}
        for one in look.summary["clusters"]
    ]
    return {"look": {**look.summary, "clusters": clusters}}


@operation("GET", "/evidence/compounds", "evidence", Action.SEE_EVIDENCE, answers=Plain)
def compounds(request: Call) -> Plain:
    """Every compound the evidence base knows, by key."""
    base = evidence()
    listed = sorted(base.compounds.values(), key=lambda one: one.label)
    return {
        "evidence_version": base.version,
        "compounds": [{"key": one.key, "label": one.label} for one in listed],
    }


@operation("GET", "/evidence/compounds/{slug:key}", "evidence-compound", Action.SEE_EVIDENCE, answers=Plain)
def compound(request: Call, key: str) -> Plain:
    """What is known of one compound: every record with its source, and what is not known."""
    if key not in evidence().compounds:
        raise Http404
    return profile_document(key)


def _recall(one: Recall) -> Plain:
    return {
        "uid": one.uid,
        "reason": one.reason,
        "begun_at": one.begun_at,
        "closed_at": one.closed_at,
        "lot": lot_out(one.lot) if one.lot else None,
        "vial": vial_out(one.vial) if one.vial else None,
    }
