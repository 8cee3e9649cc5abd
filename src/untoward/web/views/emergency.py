"""The emergency card, which works with no internet once it was opened: the page, what keeps it, and its manifest."""

from __future__ import annotations

import json
from functools import cache
from hashlib import sha256
from importlib.resources import files

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from untoward.aftercare.texts import LANGUAGES
from untoward.report.patient_view.texts import view_texts
from untoward.tasks.record.check_in_texts import check_in_texts
from untoward.tasks.record.emergency_card import emergency_card
from untoward.web.check_in_pages import language_of, shown
from untoward.web.listing import public_page
from untoward.web.views.style import sheet_version

_KEPT_STATIC = (
    "untoward/check_in.css",
    "untoward/emergency.css",
    "untoward/emergency.js",
    "untoward/icon.svg",
)


@public_page("emergency", "emergency")
@require_safe
def emergency(request: HttpRequest) -> HttpResponse:
    """The card in the language of whoever asks."""
    clinic = getattr(request, "clinic", None)
    return _card(request, language_of(request, clinic.language if clinic else None))


@public_page("emergency/<str:language>", "emergency-in")
@require_safe
def emergency_in(request: HttpRequest, language: str) -> HttpResponse:
    """The card in a language."""
    if language not in LANGUAGES:
        raise Http404
    return _card(request, language)


@public_page("service-worker.js", "service-worker")
@require_safe
def service_worker(_request: HttpRequest) -> HttpResponse:
    """The script that keeps the card. It stands at the top of the site, because it may answer only for what is below it."""
    kept = [
        reverse("emergency"),
        *(reverse("emergency-in", args=(language,)) for language in LANGUAGES),
        reverse("style", args=(sheet_version(),)),
        *(static(name) for name in _KEPT_STATIC),
    ]
    script = f"const KEPT_AS = {json.dumps(f'emergency-{_version()}')};\nconst KEEP = {json.dumps(kept)};\n{_script()}"
    return HttpResponse(
        script, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


@public_page("manifest/<str:language>.webmanifest", "manifest")
@require_safe
def manifest(_request: HttpRequest, language: str) -> HttpResponse:
    """What a device needs to put the card among its programs."""
    if language not in LANGUAGES:
        raise Http404
    texts = check_in_texts(language)
    content = {
        "name": texts("card.title"),
        "short_name": texts("card.short"),
        "lang": language,
        "start_url": reverse("emergency-in", args=(language,)),
        "scope": "/",
        "display": "standalone",
        "background_color": "#f5f7f8",
        "theme_color": "#6d0b16",
        "icons": [{"src": static("untoward/icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
    }
    return JsonResponse(content, content_type="application/manifest+json")


def _card(request: HttpRequest, language: str) -> HttpResponse:
    card = emergency_card(language, _country(request))
    context = {
        "card": card,
        "numbers": card.numbers,
        "country": _country(request) or "",
        "notice": view_texts(language)("notice"),
    }
    return shown(request, "emergency/card.html", language, context)


def _country(request: HttpRequest) -> str | None:
    """The country asked for, else that of the clinic somebody works at."""
    clinic = getattr(request, "clinic", None)
    code = request.GET.get("country") or (clinic.country if clinic else "")
    return code.upper()[:2] or None


@cache
def _script() -> str:
    return files("untoward.web").joinpath("static/untoward/service-worker.js").read_text(encoding="utf-8")


@cache
def _version() -> str:
    """Changes with anything the card is made of."""
    parts = [_script(), sheet_version(), *(repr(emergency_card(language)) for language in LANGUAGES)]
    folder = files("untoward.web").joinpath("static")
    parts += [folder.joinpath(name).read_text(encoding="utf-8") for name in _KEPT_STATIC]
    parts += [files("untoward.web").joinpath("templates/emergency/card.html").read_text(encoding="utf-8")]
    return sha256("\n".join(parts).encode()).hexdigest()[:12]
