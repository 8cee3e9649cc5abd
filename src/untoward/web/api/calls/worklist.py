"""Calls about what waits at a clinic."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404

from untoward.registry.models import Reaction, Task
from untoward.registry.roles import Action
from untoward.tasks.record.worklist import Waiting, Worklist, finish, worklist
from untoward.web.api.access import Call
from untoward.web.api.listing import operation
from untoward.web.api.shapes import cases as shapes
from untoward.web.api.shapes.stock import lot_out, vial_out


@operation("GET", "/worklist", "worklist", Action.SEE_CASES, answers=shapes.WorklistOut)
def waiting(request: Call) -> shapes.WorklistOut:
    """What waits at your clinic, most urgent first; each part with its total, and `more` where that is only a bound."""
    asker = request.asker
    found = worklist(asker.clinic, asker.role, asker.user)
    shown: dict[str, Any] = {
        name: _part(getattr(found, name), _cases(found, getattr(found, name).rows))
        for name in ("unread", "open", "off_course")
    }
    shown["escalated"] = _part(found.escalated, _cases(found, [one.case for one in found.escalated.rows]))
    for name, shape in (
        ("check_ins", shapes.DueCheckIn),
        ("tasks", shapes.TaskOut),
        ("credentials", shapes.DueCredential),
    ):
        rows = getattr(found, name)
        shown[name] = _part(rows, [shape.model_validate(one) for one in rows.rows])
    if found.vials is not None and found.lots is not None and asker.may(Action.SEE_STOCK):
        shown["vials"] = _part(found.vials, [_old_vial(one) for one in found.vials.rows])
        shown["lots"] = _part(found.lots, [_lot(one) for one in found.lots.rows])
    return shapes.WorklistOut(as_of=found.as_of, **shown)


@operation("POST", "/tasks/{uuid:uid}/done", "task-done", Action.ANSWER, answers=shapes.TaskOut)
def done(request: Call, uid: UUID) -> shapes.TaskOut:
    """Mark a task as done; one that is done stays as it is."""
    task = get_object_or_404(Task, uid=uid, clinic=request.asker.clinic)
    finish(task, by=request.asker.user)
    return shapes.TaskOut.model_validate(task)


def _cases(found: Worklist, rows: Iterable[Reaction]) -> list[shapes.WaitingCase]:
    return [shapes.waiting_case(one, found.why.get(one.pk)) for one in rows]


def _part(waiting: Waiting[Any], rows: list[Any]) -> dict[str, Any]:
    return {"rows": rows, "total": waiting.total, "more": waiting.more}


def _old_vial(one: Any) -> shapes.OldVialOut:
    return shapes.OldVialOut(**vial_out(one.vial).model_dump(), until=one.until)


def _lot(one: Any) -> shapes.ExpiringLotOut:
    return shapes.ExpiringLotOut(**lot_out(one.lot).model_dump(), vials=one.vials, past=one.past)
