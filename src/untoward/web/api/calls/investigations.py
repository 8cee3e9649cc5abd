"""Calls about investigations: the human work on a signal or cluster, in five steps."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F
from django.shortcuts import get_object_or_404
from ninja import Body, Query

from untoward.errors import Fault, InputError
from untoward.registry.models import Investigation, User
from untoward.registry.roles import Action
from untoward.tasks.record import investigations as task
from untoward.web.api.access import Asker, Call
from untoward.web.api.listing import operation
from untoward.web.api.paging import part
from untoward.web.api.shapes import watch as shapes
from untoward.web.api.shapes.base import Page, Paging, VersionIn


@operation(
    "GET", "/investigations", "investigations", Action.INVESTIGATE, answers=Page[shapes.InvestigationLine]
)
def investigations(request: Call, page: Query[Paging]) -> Page[shapes.InvestigationLine]:
    """The investigations of your clinic, open ones first, by due date."""
    mine = Investigation.objects.filter(clinic=request.asker.clinic).select_related("owner")
    order = (F("closed_at").asc(nulls_first=True), F("due_on").asc(nulls_last=True), "pk")
    return part(mine.order_by(*order), page, shapes.investigation_line)


@operation(
    "POST",
    "/investigations",
    "investigation-new",
    Action.INVESTIGATE,
    answers=shapes.InvestigationOut,
    status=201,
)
def new(request: Call, given: Body[shapes.InvestigationIn]) -> shapes.InvestigationOut:
    """Open an investigation of an outcome at places, with its first step."""
    asker = request.asker
    draft = task.InvestigationDraft(
        title=given.title,
        outcome=given.outcome,
        where=tuple(place.model_dump() for place in given.where),
        decision=given.decision,
        rationale=given.rationale,
        owner=_owner(asker, given.owner),
        due_on=given.due_on,
    )
    return _whole(asker, task.open_investigation(draft, asker.clinic, asker.user))


@operation(
    "GET",
    "/investigations/{uuid:uid}",
    "investigation",
    Action.INVESTIGATE,
    answers=shapes.InvestigationOut,
)
def one(request: Call, uid: UUID) -> shapes.InvestigationOut:
    """One investigation with its steps, what may be decided in each, and who may have it."""
    return _whole(request.asker, _mine(request.asker, uid))


@operation(
    "POST",
    "/investigations/{uuid:uid}/steps",
    "investigation-step",
    Action.INVESTIGATE,
    answers=shapes.InvestigationOut,
    status=201,
)
def step(request: Call, uid: UUID, given: Body[shapes.StepIn]) -> shapes.InvestigationOut:
    """Add a decision to a step, once the one before it is decided."""
    found = _mine(request.asker, uid)
    task.decide(found, task.StepDraft(**given.model_dump()), request.asker.user)
    return _whole(request.asker, found)


@operation(
    "PUT",
    "/investigations/{uuid:uid}/plan",
    "investigation-plan",
    Action.INVESTIGATE,
    answers=shapes.InvestigationOut,
)
def plan(request: Call, uid: UUID, given: Body[shapes.PlanIn]) -> shapes.InvestigationOut:
    """Change who has it and until when; 409 when somebody else did since the version you read."""
    asker = request.asker
    found = _mine(asker, uid)
    task.plan(found, given.version, _owner(asker, given.owner), given.due_on, asker.user)
    return _whole(asker, found)


@operation(
    "POST",
    "/investigations/{uuid:uid}/close",
    "investigation-close",
    Action.INVESTIGATE,
    answers=shapes.InvestigationOut,
)
def close(request: Call, uid: UUID, given: Body[VersionIn]) -> shapes.InvestigationOut:
    """Close it, once there is a recommendation."""
    found = _mine(request.asker, uid)
    task.close(found, given.version, request.asker.user)
    return _whole(request.asker, found)


@operation(
    "POST",
    "/investigations/{uuid:uid}/open",
    "investigation-open",
    Action.INVESTIGATE,
    answers=shapes.InvestigationOut,
)
def open_again(request: Call, uid: UUID, given: Body[VersionIn]) -> shapes.InvestigationOut:
    """Open a closed one again."""
    found = _mine(request.asker, uid)
    task.open_again(found, given.version, request.asker.user)
    return _whole(request.asker, found)


def _mine(asker: Asker, uid: UUID) -> Investigation:
    found: Investigation = get_object_or_404(
        Investigation.objects.select_related("owner", "clinic"), uid=uid, clinic=asker.clinic
    )
    return found


def _whole(asker: Asker, found: Investigation) -> shapes.InvestigationOut:
    return shapes.investigation_out(found, task.owners(asker.clinic))


def _owner(asker: Asker, uid: UUID | None) -> User | None:
    """The person named, of those who may have an investigation here. Raises InputError for anybody else."""
    if uid is None:
        return None
    found = next((one for one in task.owners(asker.clinic) if one.uid == uid), None)
    if found is None:
        expected = "the uid of somebody in `owners`"
        fault = Fault(what="may not investigate here", field="owner", got=str(uid), expected=expected)
        raise InputError("Nothing was changed.", [fault])
    return found
