"""Who may sign in: people who were invited to a clinic, and nobody who registers themselves."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest
from django.shortcuts import render

from untoward.registry.models import User


class OnlyInvited(DefaultAccountAdapter):
    """No registration: users are made by whoever keeps the people of a clinic."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False


class OnlyKnown(DefaultSocialAccountAdapter):
    """A sign-in by OpenID Connect is that of the user with this verified address, if there is one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Join the sign-in to the invited user; refuse anybody else."""
        if sociallogin.is_existing:
            return
        verified = [address.email for address in sociallogin.email_addresses if address.verified]
        user = User.objects.filter(
            email__in=[address.lower() for address in verified], is_active=True
        ).first()
        if user is None:
            raise ImmediateHttpResponse(render(request, "not_invited.html", status=403))
        sociallogin.connect(request, user)
