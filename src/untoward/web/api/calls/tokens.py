"""Calls about one's own tokens, and the description of all calls."""

from __future__ import annotations

from functools import cache
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from ninja import Body, Query

from untoward.registry.models import ApiToken
from untoward.registry.roles import Action
from untoward.web import tokens
from untoward.web.api.access import Call
from untoward.web.api.listing import operation
from untoward.web.api.paging import part
from untoward.web.api.shapes.base import Page, Paging
from untoward.web.api.shapes.people import TokenIn, TokenOut


@operation("GET", "/openapi.json", "openapi", Action.SEE_EVIDENCE, answers=dict[str, Any])
def openapi(request: Call) -> HttpResponse:
    """All calls described, as OpenAPI."""
    return JsonResponse(_description())


@operation("GET", "/tokens", "tokens", None, answers=Page[TokenOut])
def own_tokens(request: Call, page: Query[Paging]) -> Page[TokenOut]:
    """Your tokens at this clinic, the latest first."""
    return part(tokens.own(request.asker.user, request.asker.clinic), page, _out)


@operation("POST", "/tokens", "token-new", None, answers=TokenOut, status=201)
def new_token(request: Call, given: Body[TokenIn]) -> TokenOut:
    """Make a token; `key` is shown this one time."""
    asker = request.asker
    made = tokens.make(asker.user, asker.clinic, name=given.name, scopes=given.scopes, days=given.days)
    return TokenOut(**_out(made.token).model_dump(exclude={"key"}), key=made.key)


@operation("POST", "/tokens/{uuid:uid}/revoke", "token-revoke", None, answers=TokenOut)
def revoke_token(request: Call, uid: UUID) -> TokenOut:
    """End one of your tokens at once."""
    asker = request.asker
    token = get_object_or_404(ApiToken, uid=uid, user=asker.user, clinic=asker.clinic)
    tokens.revoke(token, by=asker.user)
    return _out(token)


@cache
def _description() -> dict[str, Any]:
    """The description: the same for everybody, and some hundred kilobytes."""
    from untoward.web.api import api

    described: dict[str, Any] = api.get_openapi_schema()
    return described


def _out(token: ApiToken) -> TokenOut:
    names = ("uid", "version", "name", "scopes", "expires_at", "revoked_at")
    return TokenOut(**{name: getattr(token, name) for name in names}, last_used=tokens.last_used(token))
