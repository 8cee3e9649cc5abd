"""Calls about traces: from a lot, vial, hand, room or cases back to what the ill share and forward to everybody who met it."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import Http404
from django.shortcuts import get_object_or_404
from ninja import Query
from ninja.errors import HttpError

from untoward.errors import Fault, InputError
from untoward.registry.models import Clinic, Reaction
from untoward.registry.roles import Action
from untoward.tasks.record import tracing
from untoward.tasks.record.tracing_source import Held, held_record
from untoward.web.api.access import Call
from untoward.web.api.listing import operation
from untoward.web.api.looking import clinics_of, following, identified, look_of, scope_of, secret_from
from untoward.web.api.shapes import trace as shapes


@operation("GET", "/watch/trace", "watch-trace", Action.SEE_LINE_LIST, answers=shapes.TraceOut)
def trace(request: Call, asked: Query[shapes.TraceIn]) -> shapes.TraceOut:
    """Everybody who met something, who of them is ill or was not asked since, and what the ill share."""
    if sum((bool(asked.value), asked.case is not None, asked.cluster is not None)) != 1:
        expected = "values of an axis, or a case, or a cluster: one of the three"
        raise InputError(
            "Nothing was traced.", [Fault(what="is not clear", field="value", expected=expected)]
        )
    scope = scope_of(request, asked.scope)
    clinics = clinics_of(request, scope)
    cases = _cases(request, asked, clinics)
    secret = secret_from(request.asker)
    weeks = bool(secret) and any(clinic.dates_to_the_week for clinic in clinics)
    wanted = tracing.Asked(
        axis=asked.axis,
        values=tuple(value.strip() for value in asked.value if value.strip()),
        cases=cases,
        outcome=asked.outcome,
        secret=secret,
        weeks=weeks,
    )
    traced = tracing.trace_record(held_of(scope.name, clinics), clinics, wanted)
    said = {
        "identified": identified(request.asker),
        "weeks": weeks,
        "next": following(asked.offset, asked.limit, traced.exposed.height),
    }
    return shapes.trace_out(traced, asked, said)


@operation(
    "GET", "/watch/trace/values", "watch-trace-values", Action.SEE_LINE_LIST, answers=shapes.KnownValuesOut
)
def values(request: Call, asked: Query[shapes.KnownValuesIn]) -> shapes.KnownValuesOut:
    """What is recorded on an axis, to trace it."""
    scope = scope_of(request, asked.scope)
    known = tracing.known_values(held_of(scope.name, clinics_of(request, scope)).registry, asked.axis)
    return shapes.KnownValuesOut(
        values=known[asked.offset : asked.offset + asked.limit],
        total=len(known),
        next=following(asked.offset, asked.limit, len(known)),
    )


def held_of(scope: str, clinics: Sequence[Clinic]) -> Held:
    """The record of these clinics. Raises InputError where it is too large to be read at once and nobody looked at it yet."""
    held = held_record(scope, clinics)
    if held is None:
        fault = Fault(
            what="is too large to be read at once, and nobody has looked at it yet",
            field="scope",
            hint="Begin a look with POST /watch/refresh, and ask again when it is done.",
        )
        raise InputError("The record was not read.", [fault])
    return held


def _cases(request: Call, asked: shapes.TraceIn, clinics: Sequence[Clinic]) -> tuple[str, ...]:
    """The reactions that are asked for: one case, or those of a cluster of the last look."""
    if asked.case is not None:
        if not request.asker.may(Action.SEE_CASES):
            raise HttpError(403, f"To trace a case takes the right to: {Action.SEE_CASES.value}.")
        mine = Reaction.objects.filter(session__clinic__in=clinics)
        return (str(get_object_or_404(mine, uid=asked.case).uid),)
    if asked.cluster is None:
        return ()
    found = look_of(request, asked.scope).summary["clusters"]
    for one in found:
        if one["number"] == asked.cluster:
            return tuple(one["reactions"])
    raise Http404
