"""The demonstration: become one of its people with one button. There is nothing here unless the site is a demonstration."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from untoward.registry.models import User
from untoward.registry.roles import Role
from untoward.tasks.site import settings_now
from untoward.web.listing import Request, public_page

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
WORK = {
    Role.INJECTOR: _("Records sessions, prints passports, answers patients."),
    Role.DIRECTOR: _("Reads every problem, signs cases off, recalls lots, runs the clinic."),
    Role.OFFICER: _("Follows cases, recalls lots, investigates clusters."),
    Role.EPIDEMIOLOGIST: _("Sees rates, clusters and line lists, and no names."),
    Role.INSPECTOR: _("Reads the record and its audit trail, and changes nothing."),
    Role.ADMINISTRATOR: _("Keeps users, credentials and settings, and sees no patients."),
}
"""What each of the demonstration's people does, in a line."""


@public_page("demo", "demo")
def demo(request: Request) -> HttpResponse:
    """Who one can be, what each may do, and what there is to try."""
    _only_in_a_demonstration()
    return render(request, "demo/demo.html", {"roles": [(role, WORK[role]) for role in Role]})


@public_page("demo/as", "demo-as")
@require_POST
def demo_as(request: Request) -> HttpResponse:
    """Sign in as the demonstration's person with this role."""
    _only_in_a_demonstration()
    role = request.POST.get("role", "")
    user = (
        User.objects.filter(
            memberships__role=role, memberships__ended_at=None, email__endswith="@demo.example"
        )
        .order_by("pk")
        .first()
    )
    if user is None:
        raise Http404
    login(request, user, backend=BACKEND)
    return redirect("home")


def _only_in_a_demonstration() -> None:
    if not settings_now().demo:
        raise Http404
