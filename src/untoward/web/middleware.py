"""What every request passes: safe headers, who asks and at which clinic, and whether the page is listed for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils import translation

from untoward.registry.models import Membership
from untoward.registry.roles import may
from untoward.web.api import OPERATIONS
from untoward.web.clinic_time import clinic_time
from untoward.web.listing import PAGES, SIGN_IN_PAGES

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self';"
    " manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
CHOSEN = "clinic"

Next = Callable[[HttpRequest], HttpResponseBase]


class SafeHeaders:
    """Nothing but our own scripts and styles runs; pages with patients' data are kept by no cache.

    It stands before everything else, so that files, refusals and redirects carry the same headers.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with the headers set, where a view has not set its own."""
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(), microphone=()")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Referrer-Policy", settings.SECURE_REFERRER_POLICY)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("X-Frame-Options", settings.X_FRAME_OPTIONS)
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response


class OnlyText:
    """The character NUL is taken out of what was asked for and sent: no keyboard types it, and PostgreSQL keeps none."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; the words are cleaned in `process_view`, once the form was read and found to be ours."""
        return self.get_response(request)

    def process_view(self, request: Any, _view: object, _args: object, _kwargs: object) -> None:
        """Always None: the request goes on."""
        request.GET, request.POST = _without_nul(request.GET), _without_nul(request.POST)


class OwnLanguage:
    """The language of the person who is signed in, where this device was not told another.

    Before it the device's own choice and what the browser asks for were looked at. English is what everybody begins with,
    so that it stands back behind what the browser asks for.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        """Answer in it."""
        told = settings.LANGUAGE_COOKIE_NAME in request.COOKIES
        own = request.user.language if request.user.is_authenticated and not told else ""
        if own == settings.LANGUAGE_CODE or own not in dict(settings.LANGUAGES):
            return self.get_response(request)
        with translation.override(own):
            return self.get_response(request)


class WhoAndWhere:
    """`request.membership` and `request.clinic`: the role of the signed-in person at the clinic they work at now."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponseBase:
        """Answer with both set."""
        membership = _membership(request)
        request.membership = membership
        request.clinic = membership.clinic if membership else None
        if membership is None:
            return self.get_response(request)
        with clinic_time(membership.clinic.time_zone):
            return self.get_response(request)


class OnlyListed:
    """Nothing can be reached that is not listed, and nothing by anybody it is not listed for."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; the refusal is in `process_view`, where the page is known."""
        return self.get_response(request)

    def process_view(
        self, request: Any, _view: object, _args: object, _kwargs: object
    ) -> HttpResponse | None:
        """None to go on; a way to sign in, or a refusal."""
        match = request.resolver_match
        if match.namespace == "api-1":
            if match.url_name not in OPERATIONS:
                raise Http404
            return None  # every call guards itself, with an answer in JSON
        name = match.view_name
        if name in SIGN_IN_PAGES:
            return None
        listed = PAGES.get(name)
        if listed is None:
            raise Http404
        if listed.public:
            return None
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        if listed.action is None or (request.membership and may(request.membership.role, listed.action)):
            return None
        return render(request, "refused.html", {"needed": listed.action}, status=403)


def _without_nul(given: QueryDict) -> QueryDict:
    said = list(given.lists())
    if not any("\x00" in word for name, values in said for word in (name, *values)):
        return given
    clean = QueryDict(mutable=True, encoding=given.encoding)
    for name, values in said:
        clean.setlist(name.replace("\x00", ""), [value.replace("\x00", "") for value in values])
    clean._mutable = False
    return clean


def _membership(request: Any) -> Membership | None:
    if not request.user.is_authenticated:
        return None
    current = (
        Membership.objects.select_related("clinic").filter(user=request.user, ended_at=None).order_by("pk")
    )
    chosen = request.session.get(CHOSEN)
    return (current.filter(clinic_id=chosen).first() if chosen else None) or current.first()
