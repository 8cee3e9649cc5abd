"""Pages of photos: those of a patient, adding one, comparing two, and the pictures themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from untoward.errors import Fault, InputError, OutsideError
from untoward.registry.models import Patient, Photo, Reaction, Session
from untoward.registry.roles import Action
from untoward.tasks.record import photos
from untoward.tasks.record.consents import PURPOSES, purposes_of
from untoward.tasks.record.photo_files import MOST_BYTES
from untoward.tasks.record.photos import VIEWS
from untoward.web.listing import Request, page
from untoward.web.picture_answer import picture_answer
from untoward.web.posted import Posted, sentences
from untoward.web.views.patients import here, needs_names, sees_names

LABELS: Mapping[str, Any] = {
    "file": _("Photo"),
    "taken_at": _("Taken"),
    "view": _("Angle"),
    "purposes": _("May be used for"),
    "session": _("Session"),
    "reaction": _("Reaction"),
}
"""Fields of these forms as people call them."""


@page("patients/<uuid:uid>/photos", "photos", Action.SEE_PATIENTS)
@require_safe
def photo_list(request: Request, uid: str) -> HttpResponse:
    """The photos of a patient by date, each with what it may be used for."""
    person = here(request, uid)
    all_photos = photos.shown(person)
    context = {
        "person": person,
        "names": sees_names(request),
        "shown": [_card(one) for one in all_photos],
        "pair": photos.first_and_last(person),
        "agreed": purposes_of(person),
    }
    return render(request, "photos/list.html", context)


@page("patients/<uuid:uid>/photos/new", "photo-new", Action.RECORD)
def photo_new(request: Request, uid: str) -> HttpResponse:
    """Add a photo, for purposes the patient agreed to."""
    person = here(request, uid)
    posted = Posted(request.POST)
    if request.method != "POST":
        return _form(request, person, posted, {})
    try:
        _store(request, person, posted)
    except InputError as refused:
        return _form(request, person, posted, sentences(refused), status=422)
    except OutsideError as failed:
        return _form(request, person, posted, {"file": str(failed)}, status=failed.http_status)
    messages.success(request, gettext("The photo was added. Nothing but the picture was kept of the file."))
    return redirect("photos", person.uid)


@page("patients/<uuid:uid>/photos/compare", "photos-compare", Action.SEE_PATIENTS)
@require_safe
def photo_compare(request: Request, uid: str) -> HttpResponse:
    """Two photos beside each other: those asked for, else the first and the last from one angle."""
    needs_names(request)
    person = here(request, uid)
    usable = [one.photo for one in photos.shown(person) if not one.withheld]
    first, last = photos.first_and_last(person) or (None, None)
    context = {
        "person": person,
        "names": True,
        "usable": [(one, VIEWS.get(one.view, "")) for one in usable],
        "before": _asked(usable, request.GET.get("before", "")) or first,
        "after": _asked(usable, request.GET.get("after", "")) or last,
        "views": VIEWS,
    }
    return render(request, "photos/compare.html", context)


@page("photos/<uuid:uid>.jpg", "photo", Action.SEE_PATIENTS)
@require_safe
def photo(request: Request, uid: str) -> HttpResponse:
    """The picture."""
    return _picture(request, uid, small=False)


@page("photos/<uuid:uid>/small.jpg", "photo-small", Action.SEE_PATIENTS)
@require_safe
def photo_small(request: Request, uid: str) -> HttpResponse:
    """The picture, small, for lists."""
    return _picture(request, uid, small=True)


def _picture(request: Request, uid: object, *, small: bool) -> HttpResponse:
    """A picture of this clinic that may still be used for something; otherwise there is none."""
    needs_names(request)
    found = get_object_or_404(
        Photo.objects.select_related("patient"), uid=uid, patient__clinic=request.clinic
    )
    return picture_answer(found, small=small)


def _store(request: Request, person: Patient, posted: Posted) -> Photo:
    taken = posted.moment("taken_at", timezone.get_current_timezone())
    content = _content(request, posted)
    if posted.faults:
        raise InputError(gettext("The photo was not saved."), posted.faults)
    return photos.store(
        content,
        patient=person,
        by=request.user,
        taken_at=taken,
        view=posted.text("view"),
        purposes=posted.many("purposes"),
        session=_owned(Session, person, posted.text("session")),
        reaction=_owned(Reaction, person, posted.text("reaction")),
    )


def _content(request: Request, posted: Posted) -> bytes:
    """What was sent, but no more of it than may be kept."""
    sent = request.FILES.get("file")
    if sent is None:
        expected = gettext("a picture from this device")
        posted.faults.append(Fault(what=gettext("is missing"), field="file", expected=expected))
        return b""
    return bytes(sent.read(MOST_BYTES + 1))


def _owned(model: Any, person: Patient, uid: str) -> Any:
    """A session or reaction of this patient; None when none was chosen."""
    if not uid:
        return None
    try:
        return get_object_or_404(model, uid=uid, patient=person)
    except ValidationError:
        raise Http404 from None


def _asked(usable: list[Photo], uid: str) -> Photo | None:
    return next((one for one in usable if str(one.uid) == uid), None)


def _card(one: photos.Shown) -> dict[str, Any]:
    return {
        "photo": one.photo,
        "withheld": one.withheld,
        "view": VIEWS.get(one.photo.view, ""),
        "purposes": [(PURPOSES[purpose], purpose in one.purposes) for purpose in one.photo.purposes],
    }


def _form(
    request: Request, person: Patient, posted: Posted, faults: Mapping[str, str], *, status: int = 200
) -> HttpResponse:
    agreed = purposes_of(person)
    ticked = posted.many("purposes") if request.method == "POST" else ("care",)
    context = {
        "person": person,
        "names": True,
        "typed": posted.typed,
        "now": timezone.localtime().strftime("%Y-%m-%dT%H:%M"),
        "views": VIEWS,
        "agreed": [(key, words, key in ticked) for key, words in PURPOSES.items() if key in agreed],
        "sessions": person.sessions.order_by("-at")[:50],
        "reactions": person.reactions.order_by("-reported_at")[:50],
        "session": posted.text("session") or request.GET.get("session", ""),
        "reaction": posted.text("reaction") or request.GET.get("reaction", ""),
        "faults": faults,
        "fault_list": [(name, LABELS.get(name, name), said) for name, said in faults.items()],
    }
    return render(request, "photos/new.html", context, status=status)
