"""Keys to the API: what one has, making one for some actions and some days, and ending one. A key is shown once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from untoward.errors import InputError
from untoward.registry.models import ApiToken
from untoward.registry.roles import Action, may
from untoward.web import tokens
from untoward.web.listing import Request, own_page
from untoward.web.posted import Posted, sentences
from untoward.web.settings import UNTOWARD

USUAL_DAYS = 90
WORDS: Mapping[Action, Any] = {
    Action.SEE_EVIDENCE: _("read the evidence"),
    Action.SEE_PATIENTS: _("see patients and their sessions"),
    Action.RECORD: _("record patients, consent, sessions, photos and problems"),
    Action.OVERRIDE: _("go against a block, with a reason"),
    Action.SEE_CASES: _("see cases and the worklist"),
    Action.ANSWER: _("answer patients and note decisions on cases"),
    Action.SIGN_OFF: _("sign cases off"),
    Action.SEE_STOCK: _("see products, lots and vials"),
    Action.KEEP_STOCK: _("take in, open and discard vials"),
    Action.RECALL: _("recall lots and vials"),
    Action.SEE_WATCH: _("see rates, signals and clusters"),
    Action.INVESTIGATE: _("work on signals and clusters"),
    Action.SEE_LINE_LIST: _("see line lists without identities"),
    Action.EXPORT: _("export without identities"),
    Action.EXPORT_ALL: _("export with identities"),
    Action.SEE_AUDIT: _("read the trail"),
    Action.KEEP_PEOPLE: _("keep practitioners, credentials and users"),
    Action.KEEP_SETTINGS: _("change a clinic's settings"),
}
"""What a key may be allowed to do, as people say it."""

LABELS: Mapping[str, Any] = {
    "name": _("What is it for?"),
    "days": _("Days it works"),
    "scopes": _("What it may do"),
}


@own_page("keys", "api-keys")
@require_safe
def keys(request: Request) -> HttpResponse:
    """One's own keys at the clinic one works at now."""
    return _page(request, {"days": str(USUAL_DAYS)})


@own_page("keys/new", "api-key-new")
@require_POST
def make(request: Request) -> HttpResponse:
    """Make a key and show it once."""
    posted = Posted(request.POST)
    if request.clinic is None:
        return redirect("api-keys")
    days, scopes = posted.whole("days"), posted.many("scopes")
    try:
        if posted.faults:
            raise InputError(gettext("The key was not made."), posted.faults)
        made = tokens.make(
            request.user, request.clinic, name=posted.text("name"), scopes=scopes, days=days or 0
        )
    except InputError as refused:
        return _page(request, posted.typed, sentences(refused), chosen=scopes, status=422)
    return _page(request, {"days": str(USUAL_DAYS)}, made=made)


@own_page("keys/<uuid:uid>/revoke", "api-key-revoke")
@require_POST
def revoke(request: Request, uid: str) -> HttpResponse:
    """End a key at once."""
    token = get_object_or_404(ApiToken, uid=uid, user=request.user, clinic=request.clinic)
    tokens.revoke(token, by=request.user)
    messages.success(request, gettext("“%(name)s” opens nothing any more.") % {"name": token.name})
    return redirect("api-keys")


def _page(
    request: Request,
    typed: Mapping[str, str],
    faults: Mapping[str, str] | None = None,
    *,
    chosen: Sequence[str] = (),
    made: tokens.Made | None = None,
    status: int = 200,
) -> HttpResponse:
    role, now = request.membership.role if request.membership else None, timezone.now()
    mine = tokens.own(request.user, request.clinic) if request.clinic else ()
    context = {
        "keys": [_shown(token, now) for token in mine],
        "offered": [
            (tokens.scope_of(action), words, tokens.scope_of(action) in chosen)
            for action, words in WORDS.items()
            if may(role, action)
        ],
        "typed": typed,
        "faults": faults or {},
        "fault_list": [(name, LABELS.get(name, name), said) for name, said in (faults or {}).items()],
        "made": made,
        "address": f"{UNTOWARD.public_url}/api/v1",
        "most_days": tokens.MOST_DAYS,
        "longest": tokens.LONGEST_NAME,
    }
    return render(request, "tokens/keys.html", context, status=status)


def _shown(token: ApiToken, now: Any) -> dict[str, Any]:
    known = {tokens.scope_of(action): words for action, words in WORDS.items()}
    state = "ended" if token.revoked_at else "expired" if token.expires_at <= now else "works"
    return {
        "token": token,
        "state": state,
        "last": tokens.last_used(token),
        "scopes": [known.get(scope, scope) for scope in token.scopes],
    }
