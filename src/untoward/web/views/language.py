"""The language of the pages: chosen with a button, kept on this device and with the person who is signed in."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from untoward.registry.models import User
from untoward.web.listing import Request, public_page


@public_page("language", "language")
@require_POST
def language(request: Request) -> HttpResponse:
    """Go on in another language, on the page one came from."""
    chosen = request.POST.get("language", "")
    if chosen not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest("There are no pages in this language.", content_type="text/plain")
    if request.user.is_authenticated:
        User.objects.filter(pk=request.user.pk).update(language=chosen)
    going_on = request.POST.get("next", "")
    ours = url_has_allowed_host_and_scheme(
        going_on, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    answer = redirect(going_on if ours and going_on.startswith("/") else "home")
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        chosen,
        max_age=365 * 86_400,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return answer
