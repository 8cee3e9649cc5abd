"""Pages of consent: giving it, reading and printing it, withdrawing it, and the editions of the texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from untoward.errors import InputError
from untoward.registry.models import Consent, ConsentText, Patient
from untoward.registry.roles import Action
from untoward.registry.writing import Conflict
from untoward.tasks.record import consents
from untoward.tasks.record.consents import DISCUSSED, PURPOSES, ConsentDraft, TextDraft
from untoward.tasks.record.patients import LANGUAGES
from untoward.web.listing import Request, page
from untoward.web.posted import Posted, sentences
from untoward.web.views.patients import here, sees_names

LABELS: Mapping[str, Any] = {
    "signed_name": _("Name as signature"),
    "discussed": _("What was discussed"),
    "said": _("In own words"),
    "photo_purposes": _("Photos"),
    "name": _("Name of the text"),
    "edition": _("Edition"),
    "language": _("Language"),
    "body": _("Text"),
    "reason": _("Reason"),
    "consent": _("Consent"),
}
"""Fields of these forms as people call them."""


@page("patients/<uuid:uid>/consent", "consent-new", Action.RECORD)
def consent_new(request: Request, uid: str) -> HttpResponse:
    """Record that a patient agreed. `text` in the address chooses the text that is read."""
    person = here(request, uid)
    if request.method != "POST":
        text = _chosen(request, person, request.GET.get("text", ""))
        return _giving(request, person, text, Posted(request.POST), {})
    posted = Posted(request.POST)
    text = _chosen(request, person, posted.text("text"))
    if text is None:
        return redirect("consent-new", person.uid)
    try:
        given = consents.give(_draft(person, text, posted), by=request.user)
    except InputError as refused:
        return _giving(request, person, text, posted, sentences(refused), status=422)
    except Conflict:
        text.refresh_from_db()
        return _giving(request, person, text, posted, {}, status=409, conflict=True)
    messages.success(request, gettext("The consent was recorded."))
    return redirect("consent", given.uid)


@page("consents/<uuid:uid>", "consent", Action.SEE_PATIENTS)
@require_safe
def consent(request: Request, uid: str) -> HttpResponse:
    """One consent as it was given: the very text, what was discussed, what photos may be used for. Made to be printed."""
    return _read(request, _consent_here(request, uid))


@page("consents/<uuid:uid>/withdraw", "consent-withdraw", Action.RECORD)
@require_POST
def consent_withdraw(request: Request, uid: str) -> HttpResponse:
    """Note that the patient withdrew a consent."""
    given, posted = _consent_here(request, uid), Posted(request.POST)
    try:
        version = posted.whole("version") or 0
        consents.withdraw(given, by=request.user, reason=posted.text("reason"), version=version)
    except InputError as refused:
        faults = sentences([*refused.faults, *posted.faults])
        return _read(request, given, typed=posted.typed, faults=faults, status=422)
    except Conflict as conflict:
        given = _consent_here(request, uid)
        return _read(request, given, typed=posted.typed, faults={"consent": str(conflict)}, status=409)
    messages.success(request, gettext("The consent is withdrawn. Photos it allowed are no longer shown."))
    return redirect("consent", given.uid)


@page("consent-texts", "consent-texts", Action.KEEP_SETTINGS)
@require_safe
def text_list(request: Request) -> HttpResponse:
    """All editions of all texts, the newest first, with how many people agreed to each."""
    texts = [
        {
            "text": text,
            "used": consents.in_use(text),
            "shared": text.clinic_id is None,
            "language": LANGUAGES.get(text.language, text.language),
        }
        for text in consents.texts_at(request.clinic).order_by("name", "language", "-pk")
    ]
    return render(request, "consents/texts.html", {"texts": texts})


@page("consent-texts/new", "consent-text-new", Action.KEEP_SETTINGS)
def text_new(request: Request) -> HttpResponse:
    """Write a new edition; `from` in the address fills the form with an earlier one."""
    if request.method != "POST":
        earlier = _text(request, request.GET.get("from", ""))
        return _text_form(
            request, None, _typed(earlier) if earlier else {"language": request.clinic.language}, {}
        )
    posted = Posted(request.POST)
    try:
        consents.save_text(_text_draft(posted), clinic=request.clinic, by=request.user)
    except InputError as refused:
        return _text_form(request, None, posted.typed, sentences(refused), status=422)
    messages.success(request, gettext("The edition was saved. It is offered from now on."))
    return redirect("consent-texts")


@page("consent-texts/<uuid:uid>", "consent-text", Action.KEEP_SETTINGS)
def text_correct(request: Request, uid: str) -> HttpResponse:
    """Read an edition, and correct it as long as nobody agreed to it."""
    text = get_object_or_404(consents.texts_at(request.clinic), uid=uid)
    if request.method != "POST":
        return _text_form(request, text, {**_typed(text), "edition": text.edition}, {})
    posted = Posted(request.POST)
    version = posted.whole("version") or 0
    try:
        consents.save_text(
            _text_draft(posted),
            clinic=request.clinic,
            by=request.user,
            text=text,
            version=version,
            reason=posted.text("reason"),
        )
    except InputError as refused:
        text.refresh_from_db()
        return _text_form(request, text, posted.typed, sentences(refused), version=version, status=422)
    except Conflict:
        text.refresh_from_db()
        return _text_form(request, text, posted.typed, {}, status=409, conflict=True)
    messages.success(request, gettext("The correction was saved."))
    return redirect("consent-texts")


def _consent_here(request: Request, uid: object) -> Consent:
    found: Consent = get_object_or_404(
        Consent.objects.select_related("patient", "text", "taken_by"), uid=uid, patient__clinic=request.clinic
    )
    return found


def _text(request: Request, uid: str) -> ConsentText | None:
    try:
        found = consents.texts_at(request.clinic).filter(uid=uid).first() if uid else None
    except ValidationError:
        return None
    return found


def _chosen(request: Request, person: Patient, uid: str) -> ConsentText | None:
    """The text asked for, else the newest in the patient's language, else the newest of all."""
    texts = consents.newest_texts(request.clinic)
    own = [text for text in texts if text.language == person.language]
    return _text(request, uid) or next(iter([*own, *texts]), None)


def _draft(person: Patient, text: ConsentText, posted: Posted) -> ConsentDraft:
    return ConsentDraft(
        patient=person,
        text=text,
        text_version=posted.whole("text_version") or 0,
        signed_name=posted.text("signed_name"),
        discussed=posted.many("discussed"),
        said=posted.text("said"),
        photo_purposes=posted.many("photo_purposes"),
    )


def _giving(
    request: Request,
    person: Patient,
    text: ConsentText | None,
    posted: Posted,
    faults: Mapping[str, str],
    *,
    status: int = 200,
    conflict: bool = False,
) -> HttpResponse:
    context = {
        "person": person,
        "names": sees_names(request),
        "text": text,
        "texts": consents.newest_texts(request.clinic),
        "text_language": LANGUAGES.get(text.language, "") if text else "",
        "typed": posted.typed,
        "discussed": [(key, words, key in posted.many("discussed")) for key, words in DISCUSSED.items()],
        "purposes": [(key, words, key in posted.many("photo_purposes")) for key, words in PURPOSES.items()],
        "faults": faults,
        "fault_list": _listed(faults),
        "conflict": conflict,
    }
    return render(request, "consents/new.html", context, status=status)


def _read(
    request: Request,
    given: Consent,
    *,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    names = sees_names(request)
    context = {
        "consent": given,
        "person": given.patient,
        "names": names,
        "topics": [(words, key in given.discussed) for key, words in DISCUSSED.items()],
        "said": consents.topics_of(given)[1] if names else [],
        "purposes": [(words, key in given.photo_purposes) for key, words in PURPOSES.items()],
        "typed": typed or {},
        "faults": faults or {},
        "fault_list": _listed(faults or {}),
    }
    return render(request, "consents/one.html", context, status=status)


def _text_form(
    request: Request,
    text: ConsentText | None,
    typed: Mapping[str, str],
    faults: Mapping[str, str],
    *,
    version: int | None = None,
    status: int = 200,
    conflict: bool = False,
) -> HttpResponse:
    context = {
        "text": text,
        "used": text is not None and consents.in_use(text),
        "shared": text is not None and text.clinic_id is None,
        "typed": typed,
        "faults": faults,
        "fault_list": _listed(faults),
        "version": version if version is not None else text.version if text else 0,
        "languages": LANGUAGES,
        "conflict": conflict,
    }
    return render(request, "consents/text_form.html", context, status=status)


def _typed(text: ConsentText) -> dict[str, str]:
    return {"name": text.name, "language": text.language, "body": text.body}


def _text_draft(posted: Posted) -> TextDraft:
    return TextDraft(
        name=posted.text("name"),
        edition=posted.text("edition"),
        language=posted.text("language"),
        body=posted.text("body").replace("\r\n", "\n"),
    )


def _listed(faults: Mapping[str, str]) -> list[tuple[str, Any, str]]:
    return [(name, LABELS.get(name, name), said) for name, said in faults.items()]
