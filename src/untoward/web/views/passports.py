"""The passport for staff, its PDF and links, and the patient's own page behind a link."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from untoward.aftercare import texts_of
from untoward.registry.models import OwnPage, Reaction, Session
from untoward.registry.roles import Action
from untoward.registry.writing import Conflict
from untoward.tasks.aftercare import TakeHome
from untoward.tasks.record import passports
from untoward.tasks.record.passport_words import WORDS, spoken_day
from untoward.tasks.record.patients import LANGUAGES
from untoward.tasks.record.standing import Stand, standing
from untoward.web.limits import too_many
from untoward.web.listing import Request, page, public_page
from untoward.web.posted import Posted
from untoward.web.views.patients import address, sees_names

PAGES_A_MINUTE, PDFS_A_MINUTE = 60, 12
"""How often one address may ask for own pages, right or wrong, and for their PDFs."""
_SECTIONS = ("page", "injected", "normal", "do", "red", "check", "unknown")


@page("passport/<uuid:uid>", "passport", Action.SEE_PATIENTS)
@require_safe
def passport(request: Request, uid: str) -> HttpResponse:
    """What the patient takes home, on screen, with the links to their own page."""
    return _staff_page(request, _session_here(request, uid), None)


@page("passport/<uuid:uid>/link", "passport-link", Action.RECORD)
@require_POST
def passport_link(request: Request, uid: str) -> HttpResponse:
    """Make a link and show it once, as a QR code; it stands in no address of this site's staff pages."""
    session = _session_here(request, uid)
    return _staff_page(request, session, passports.passport_link(session, by=request.user).token)


@page("passport/<uuid:uid>/pdf", "passport-pdf", Action.SEE_PATIENTS)
@require_http_methods(["GET", "HEAD", "POST"])
def passport_pdf(request: Request, uid: str) -> HttpResponse:
    """The passport to print. Posted with the token of a link that works, it carries the QR code of that link."""
    session, posted = _session_here(request, uid), Posted(request.POST)
    token = posted.text("token")
    known = passports.session_of(token) if token else None
    if token and (known is None or known.pk != session.pk):
        messages.error(request, gettext("That link does not work any more. Make a new one."))
        return redirect("passport", session.uid)
    asked = request.POST if request.method == "POST" else request.GET
    taken = passports.passport(session, language=_language(asked.get("language", "")))
    return _pdf(taken, token, large=bool(asked.get("large")))


@page("own-pages/<uuid:uid>/revoke", "passport-revoke", Action.RECORD)
@require_POST
def passport_revoke(request: Request, uid: str) -> HttpResponse:
    """End a link."""
    own = get_object_or_404(
        OwnPage.objects.select_related("session"), uid=uid, session__clinic=request.clinic
    )
    try:
        if own.revoked_at is None:
            passports.revoke(own, by=request.user, reason="", version=own.version)
        messages.success(request, gettext("The link is ended. Whoever has it sees that it does not work."))
    except Conflict:
        messages.error(request, gettext("Somebody else ended that link at the same moment."))
    return redirect("passport", own.session.uid)


@public_page("p/<str:token>", "own-page")
@require_safe
def own_page(request: Request, token: str) -> HttpResponse:
    """The patient's own page. A wrong, an expired and an ended link give the same page."""
    if too_many(request, "own-page", PAGES_A_MINUTE):
        return _without_link(request, "wait", status=429)
    own = passports.own_page_of(token)
    if own is None:
        return _without_link(request, "gone", status=404)
    session = own.session
    taken = passports.passport(session)
    with translation.override(taken.sheet.language):
        return _private(render(request, "passports/own.html", {**_sheet(taken), **_own(own, token, taken)}))


@public_page("p/<str:token>/pdf", "own-page-pdf")
@require_safe
def own_page_pdf(request: Request, token: str) -> HttpResponse:
    """The same as PDF, with the QR code of this very link."""
    if too_many(request, "own-page", PAGES_A_MINUTE) or too_many(request, "own-page-pdf", PDFS_A_MINUTE):
        return _without_link(request, "wait", status=429)
    session = passports.session_of(token)
    if session is None:
        return _without_link(request, "gone", status=404)
    return _private(_pdf(passports.passport(session), token, large=bool(request.GET.get("large"))))


def _session_here(request: Request, uid: object) -> Session:
    found: Session = get_object_or_404(
        Session.objects.select_related("patient", "clinic", "practitioner"), uid=uid, clinic=request.clinic
    )
    return found


def _staff_page(request: Request, session: Session, token: str | None) -> HttpResponse:
    chosen = _language(request.GET.get("language", "")) or session.patient.language
    taken = passports.passport(session, language=chosen)
    link = passports.address_of(token) if token else ""
    now = timezone.now()
    context = {
        **_sheet(taken),
        "session": session,
        "person": session.patient,
        "names": sees_names(request),
        "languages": LANGUAGES,
        "token": token or "",
        "link": link,
        "qr": qr_code(link) if link else "",
        "own_pages": [(own, _state(own, now)) for own in session.own_pages.order_by("-pk")],
        "session_address": address("session", session.uid),
        "next_check_in": passports.next_check_in(
            session, now.astimezone(passports.zone_of(session.clinic)).date()
        ),
    }
    return render(request, "passports/staff.html", context)


def _state(own: OwnPage, now: Any) -> str:
    if own.revoked_at is not None:
        return "revoked"
    return "works" if own.expires_at > now else "expired"


def _own(own: OwnPage, token: str, taken: TakeHome) -> dict[str, Any]:
    """What stands on the own page beside the sheet."""
    session, now, language = own.session, timezone.now(), taken.sheet.language
    words, number = WORDS[language], _number(taken)
    zone = passports.zone_of(session.clinic)
    stands = standing(session, now)
    day = spoken_day(stands.by.date(), language)
    if stands.stand is Stand.WAITING:
        day = f"{day}, {stands.by:%H:%M}"
    asked = passports.next_check_in(session, now.astimezone(zone).date())
    phone = session.clinic.phone
    return {
        "words": words,
        "language": language,
        "token": token,
        "own_clinic": session.clinic,
        "stand": stands.stand.value,
        "stand_words": words[stands.stand.value].format(day=day, number=number),
        "call_words": words["call"].format(number=number),
        "clinic_words": words["call_clinic"].format(number=phone),
        "phone_link": "".join(sign for sign in phone if sign in "+0123456789"),
        "next_words": words["next"].format(day=spoken_day(asked, language)) if asked else words["no_next"],
        "until_words": words["until"].format(
            day=spoken_day(own.expires_at.astimezone(zone).date(), language)
        ),
        "problem": address("problem", token),
        "told": _told(token, stands.reaction),
        "card": address("emergency"),
    }


def _told(token: str, reaction: Reaction | None) -> str:
    """The address of what the patient told and what to do about it; "" when it was not the patient who told."""
    if reaction is None or not reaction.observations.filter(by_patient=True).exists():
        return ""
    return address("problem-told", token, reaction.uid)


def _sheet(taken: TakeHome) -> dict[str, Any]:
    """A sheet with its labels, for the templates."""
    sheet = taken.sheet
    texts = texts_of(sheet.language)
    number = sheet.help.number
    return {
        "sheet": sheet,
        "labels": {section: texts.section(section) for section in _SECTIONS},
        "facts": [(texts(f"injected.{name}"), said) for name, said in sheet.injected.facts.items()],
        "call_number": number if number.isdigit() else "",
        "footer": texts("page.footer", version=sheet.evidence_version),
    }


def _number(taken: TakeHome) -> str:
    """The emergency number, or the usual ones where the country is not known."""
    number = taken.sheet.help.number
    return number if number.isdigit() else texts_of(taken.sheet.language)("red.number_short")


def _language(asked: str) -> str | None:
    return asked if asked in LANGUAGES else None


def _pdf(taken: TakeHome, token: str, *, large: bool) -> HttpResponse:
    link = passports.address_of(token) if token else None
    headers = {"Content-Disposition": 'inline; filename="passport.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(
        taken.passport(large=large, link=link), content_type="application/pdf", headers=headers
    )


def qr_code(link: str) -> SafeString:
    """A link as a QR code in SVG, without styles or scripts."""
    import segno  # imported here: pages without a code do not pay for it

    drawn = io.BytesIO()
    segno.make(link, error="m", micro=False).save(
        drawn,
        kind="svg",
        border=3,
        xmldecl=False,
        omitsize=True,
        dark="#000",
        light="#fff",
        svgclass=None,
        lineclass=None,
    )
    return mark_safe(drawn.getvalue().decode("utf-8"))  # noqa: S308 - drawn by us; the link is in its dots alone


def _without_link(request: Request, key: str, *, status: int) -> HttpResponse:
    """The one page for every link that does not work, in all languages: whose it was is not known."""
    said = [(language, words[key], words["gone_help"]) for language, words in WORDS.items()]
    context = {"said": said, "words": WORDS["en"], "language": "en", "card": address("emergency")}
    return _private(render(request, "passports/gone.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    """The link itself goes nowhere with the next click, and no cache keeps the page."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
