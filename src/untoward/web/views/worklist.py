"""The worklist: what waits for somebody at this clinic, each line one tap from being dealt with."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from untoward.registry.models import Task
from untoward.registry.roles import Action, may
from untoward.tasks.record.first_steps import first_steps
from untoward.tasks.record.worklist import finish, newly_told, worklist
from untoward.web.listing import Request, page


@page("worklist", "worklist", Action.SEE_CASES)
@require_GET
def show(request: Request) -> HttpResponse:
    """The whole list."""
    waiting = worklist(request.clinic, request.membership.role, request.user)
    named = may(request.membership.role, Action.SEE_PATIENTS)
    shown = {one.pk for one in (*waiting.unread.rows, *waiting.open.rows)}
    known = {
        "waiting": waiting,
        "others_off_course": [one for one in waiting.off_course.rows if one.pk not in shown],
        "named": named,
        "steps": first_steps(request.clinic),
    }
    return render(request, "worklist/worklist.html", known)


@page("worklist/news", "worklist-news", Action.SEE_CASES)
@require_GET
def news(request: Request) -> HttpResponse:
    """One line when problems were told since the page was made; the page asks for it each minute."""
    since = _since(request.GET.get("since", ""))
    told = newly_told(request.clinic, since)
    return render(request, "worklist/news.html", {"told": told, "since": since.isoformat()})


@page("task/<uuid:uid>/done", "task-done", Action.ANSWER)
@require_POST
def done(request: Request, uid: str) -> HttpResponse:
    """Mark a task as done."""
    finish(get_object_or_404(Task, uid=uid, clinic=request.clinic), by=request.user)
    return redirect("worklist")


def _since(text: str) -> datetime:
    """The time a page was made; now for what is no time."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return timezone.now()
    return timezone.make_aware(at) if timezone.is_naive(at) else at
