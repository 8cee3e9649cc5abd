"""Calls about the trail: who changed what, when and why; and whether it is whole."""

from __future__ import annotations

from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404
from ninja import Query

from untoward.registry.roles import Action
from untoward.registry.trail import verify
from untoward.tasks.record import audit as task
from untoward.web.api.access import Call
from untoward.web.api.listing import operation
from untoward.web.api.shapes import audit as shapes


@operation("GET", "/audit", "audit", Action.SEE_AUDIT, answers=shapes.EntriesOut)
def entries(request: Call, asked: Query[shapes.EntriesIn]) -> shapes.EntriesOut:
    """The entries of your clinic and of what all clinics share, the newest first."""
    wanted = task.Filter(
        model=asked.model,
        by=asked.by,
        uid=str(asked.uid) if asked.uid else "",
        since=asked.since,
        until=asked.until,
        before=asked.before,
    )
    found = list(task.entries(request.asker.clinic, wanted)[: asked.limit + 1])
    more = len(found) > asked.limit
    shown = found[: asked.limit]
    return shapes.EntriesOut(
        items=[shapes.entry_line(one) for one in shown], before=shown[-1].number if more else None
    )


@operation("GET", "/audit/{int:number}", "audit-entry", Action.SEE_AUDIT, answers=shapes.EntryOut)
def entry(request: Call, number: int) -> shapes.EntryOut:
    """One entry against the version before; values of what is a patient's only for who sees patients."""
    sees = request.asker.may(Action.SEE_PATIENTS)
    found = get_object_or_404(task.entries(request.asker.clinic, task.Filter()), number=number)
    readable = task.readable(found, patients=sees)
    return shapes.entry_out(found, task.changes(found, patients=sees), readable=readable)


@operation("POST", "/audit/verify", "audit-verify", Action.SEE_AUDIT, answers=shapes.VerifiedOut)
def verified(request: Call) -> shapes.VerifiedOut:
    """Go through the whole trail now."""
    return shapes.verified_out(verify())


@operation("GET", "/audit/trail.jsonl", "audit-export", Action.SEE_AUDIT, media="application/jsonl")
def export(request: Call) -> StreamingHttpResponse:
    """The trail as a file: one line of JSON for each entry, with the chain of hashes."""
    asker = request.asker
    lines = task.chain(asker.clinic, patients=asker.may(Action.SEE_PATIENTS))
    headers = {"Content-Disposition": 'attachment; filename="trail.jsonl"'}
    return StreamingHttpResponse(lines, content_type="application/jsonl", headers=headers)
