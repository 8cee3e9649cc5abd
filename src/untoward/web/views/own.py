"""Pages for everybody who signs in: where to begin, and at which clinic they work now."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from untoward.registry.models import Membership
from untoward.web.context import everywhere
from untoward.web.listing import Request, own_page, public_page
from untoward.web.middleware import CHOSEN


@own_page("", "home")
def home(request: Request) -> HttpResponse:
    """The first page this person may see."""
    menu = everywhere(request)["menu"]
    return redirect(menu[0][0] if menu else "mfa_index")


@own_page("clinic/<uuid:uid>", "choose-clinic")
@require_POST
def choose_clinic(request: Request, uid: str) -> HttpResponse:
    """Work at another of one's clinics."""
    membership = get_object_or_404(Membership, user=request.user, clinic__uid=uid, ended_at=None)
    request.session[CHOSEN] = membership.clinic_id
    return redirect("home")


@public_page("healthz", "health")
def health(_request: Request) -> HttpResponse:
    """Whether the site and its database answer, for whoever watches the machine. Says nothing else."""
    Membership.objects.exists()
    return HttpResponse("ok\n", content_type="text/plain")
