"""Calls about one's own tokens, and the description of all calls."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from ninja import Body

from untoward.registry.models import ApiToken
from untoward.registry.roles import Action
from untoward.web import tokens
from untoward.web.api.access import Call
from untoward.web.api.answers import Plain, token_out
from untoward.web.api.given import TokenIn
from untoward.web.api.listing import operation


@operation("GET", "/openapi.json", "openapi", Action.SEE_EVIDENCE)
def openapi(request: Call) -> HttpResponse:
    """All calls described, as OpenAPI."""
    from untoward.web.api import api

    return JsonResponse(api.get_openapi_schema())


@operation("GET", "/tokens", "tokens", None, answers=list[Plain])
def own_tokens(request: Call) -> list[Plain]:
    """Your tokens at this clinic, the latest first."""
    mine = ApiToken.objects.filter(user=request.asker.user, clinic=request.asker.clinic)
    return [token_out(one) for one in mine.order_by("-pk")]


@operation("POST", "/tokens", "token-new", None, answers=Plain, status=201)
def new_token(request: Call, given: Body[TokenIn]) -> Plain:
    """Make a token; `key` is shown this one time."""
    asker = request.asker
    made = tokens.make(asker.user, asker.clinic, name=given.name, scopes=given.scopes, days=given.days)
    return {**token_out(made.token), "key": made.key}


@operation("POST", "/tokens/{uuid:uid}/revoke", "token-revoke", None, answers=Plain)
def revoke_token(request: Call, uid: UUID) -> Plain:
    """End one of your tokens at once."""
    asker = request.asker
    token = get_object_or_404(ApiToken, uid=uid, user=asker.user, clinic=asker.clinic)
    tokens.revoke(token, by=asker.user)
    return token_out(token)
