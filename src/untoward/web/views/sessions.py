"""Pages of sessions: record one, look at one, correct one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from untoward.errors import InputError, UsageError
from untoward.registry.models import Entry, Patient, Practitioner, Session
from untoward.registry.roles import Action
from untoward.registry.writing import Conflict
from untoward.tasks.record.drafts import ASEPSIS, DEPTHS, faults_of
from untoward.tasks.record.patients import sees_names
from untoward.tasks.record.sessions import Blocked, check, draft_of, new_token, save
from untoward.web.body import zone_label
from untoward.web.listing import PAGES, Request, page
from untoward.web.session_form.acts import Acts
from untoward.web.session_form.draft import Reading, one_of, read_form
from untoward.web.session_form.shown import drawn_views, patient_facts, shown_form, total_of
from untoward.web.session_form.typed import Typed, empty_form, form_of, point_row, posted_form

_ENDS = frozenset({"save", "check", ""})
"""Buttons that ask for the whole form to be looked at."""


@page("session/new", "session-new", Action.RECORD)
def session_new(request: Request) -> HttpResponse:
    """Record a session. A GET may name the patient by ?patient=uid."""
    if request.method != "POST":
        return _form_page(request, _begun(request), None)
    return _posted(request, None)


@page("session/<uuid:uid>/correct", "session-correct", Action.RECORD)
def session_correct(request: Request, uid: UUID) -> HttpResponse:
    """Correct a session: the same form, with the reason; a new version comes of it."""
    session = _session(request, uid)
    if request.method != "POST":
        form = form_of(draft_of(session))
        form.token = new_token()
        return _form_page(request, form, session)
    return _posted(request, session)


@page("session/<uuid:uid>", "session", Action.SEE_PATIENTS)
def session_page(request: Request, uid: UUID) -> HttpResponse:
    """What was recorded of a session, with where to go from it."""
    session = _session(request, uid)
    points = list(session.points.order_by("pk"))
    rows = [point_row(point) for point in draft_of(session).points]
    return render(
        request,
        "sessions/session.html",
        {
            "session": session,
            "named": sees_names(request.membership.role),
            "facts": patient_facts(session.patient),
            "components": session.components.select_related("product", "lot", "vial").order_by("mix", "pk"),
            "points": [(one, zone_label(one.view, one.zone), _(DEPTHS.get(one.depth, ""))) for one in points],
            "views": [one for one in drawn_views(rows, None) if one.count],
            "total": total_of(rows),
            "asepsis": [(_(label), session.asepsis.get(item)) for item, label in ASEPSIS.items()],
            "check_ins": session.check_ins.order_by("day"),
            "versions": Entry.objects.filter(model="Session", uid=session.uid).select_related("by").order_by("version"),
            "links": {name: name in PAGES for name in ("passport", "lot", "patient")},
        },
    )  # fmt: skip


def _session(request: Request, uid: UUID) -> Session:
    kept = Session.objects.select_related("patient", "practitioner", "clinic", "consent__text")
    session: Session = get_object_or_404(kept, uid=uid, clinic=request.clinic)
    return session


def _begun(request: Request) -> Typed:
    """A new form with what can be known: now, who asks when they inject themselves, and the patient of the address."""
    form = empty_form(request.clinic)
    here = Practitioner.objects.filter(clinic=request.clinic, active=True)
    own = here.filter(user=request.user).first() or (here.first() if here.count() == 1 else None)
    form.practitioner = str(own.uid) if own else ""
    form.technique = "mesotherapy"
    patient = one_of(Patient.objects.filter(clinic=request.clinic), request.GET.get("patient", ""))
    form.patient = str(patient.uid) if patient else ""
    return form


def _posted(request: Request, session: Session | None) -> HttpResponse:
    form, do = posted_form(request.POST), request.POST.get("do", "")
    acts = Acts(
        form,
        clinic=request.clinic,
        user=request.user,
        role=request.membership.role,
        given={name: request.POST.get(name, "") for name in ("recipe", "product", "spot", "across", "down")},
        session=session,
    )
    acts.run(do)
    reading = read_form(form, request.clinic, session)
    if do == "save" and reading.draft is not None and not acts.faults and not reading.faults:
        return _saved(request, acts, reading, session)
    return _looked_at(request, acts, reading, session, whole=do in _ENDS)


def _looked_at(
    request: Request, acts: Acts, reading: Reading, session: Session | None, *, whole: bool, **more: Any
) -> HttpResponse:
    """The form again, with what was found; what is still missing is only said when the whole form was asked about."""
    faults = list(acts.faults)
    if whole:
        faults += [one for one in reading.faults if one.field not in {known.field for known in acts.faults}]
        if reading.draft is not None:
            faults += faults_of(reading.draft)
    return _form_page(
        request, acts.form, session, acts=acts, reading=reading, faults=faults, whole=whole, **more
    )


def _saved(request: Request, acts: Acts, reading: Reading, session: Session | None) -> HttpResponse:
    draft = reading.draft
    assert draft is not None  # the caller looked
    try:
        saved = save(draft, request.user)
    except InputError as refused:
        return _form_page(
            request, acts.form, session, acts=acts, reading=reading, faults=list(refused.faults), whole=True
        )
    except Blocked as blocked:
        return _looked_at(request, acts, reading, session, whole=True, blocked=str(blocked))
    except UsageError as error:
        return _looked_at(request, acts, reading, session, whole=True, blocked=str(error))
    except Conflict as conflict:
        return _conflict(request, acts, reading, session, conflict)
    messages.success(request, _("Saved. A correction is a new version; nothing is lost."))
    address = reverse("session", args=[saved.uid])
    if request.htmx:
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return redirect(address)


def _conflict(
    request: Request, acts: Acts, reading: Reading, session: Session | None, conflict: Conflict
) -> HttpResponse:
    """Theirs beside mine. Sending again from here is a decision: it is made from their version."""
    assert session is not None  # only a correction can meet another one
    theirs = _session(request, session.uid)
    acts.form.version = conflict.theirs
    entry = (
        Entry.objects.filter(model="Session", uid=theirs.uid, version=conflict.theirs)
        .select_related("by")
        .first()
    )
    more = {
        "conflict": conflict,
        "theirs": differences(form_of(draft_of(theirs)), acts.form, request.clinic),
        "entry": entry,
    }
    return _looked_at(request, acts, reading, session, whole=True, **more)


def differences(theirs: Typed, mine: Typed, clinic: Any) -> list[dict[str, str]]:
    """Where two forms of one session differ, in words."""
    labels = {
        "at": _("When"), "technique": _("Technique"), "route": _("Route"), "device": _("Device"), "room": _("Room"),
        "note": _("Note"),
    }  # fmt: skip
    rows = [
        {"label": label, "theirs": getattr(theirs, name), "mine": getattr(mine, name)}
        for name, label in labels.items()
    ]
    rows.append({"label": _("Practitioner"), "theirs": _who(theirs, clinic), "mine": _who(mine, clinic)})
    for name, label in (("components", _("Products")), ("points", _("Points"))):
        same = getattr(theirs, name) == getattr(mine, name)
        shown = [f"{len(getattr(one, name))}" for one in (theirs, mine)]
        rows.append({"label": label, "theirs": shown[0], "mine": shown[0] if same else f"{shown[1]} *"})
    for item, label in ASEPSIS.items():
        pair = [form.asepsis.get(item, "") or _("not recorded") for form in (theirs, mine)]
        rows.append({"label": _(label), "theirs": pair[0], "mine": pair[1]})
    return [row for row in rows if row["theirs"] != row["mine"]]


def _who(form: Typed, clinic: Any) -> str:
    person = one_of(Practitioner.objects.filter(clinic=clinic), form.practitioner)
    return person.name if person else ""


def _form_page(
    request: Request,
    form: Typed,
    session: Session | None,
    *,
    acts: Acts | None = None,
    reading: Reading | None = None,
    faults: list[Any] | None = None,
    whole: bool = False,
    **more: Any,
) -> HttpResponse:
    """The page of the form, or the form alone when htmx asks."""
    acts = acts or Acts(
        form,
        clinic=request.clinic,
        user=request.user,
        role=request.membership.role,
        given={},
        session=session,
    )
    reading = reading or read_form(form, request.clinic, session)
    draft = reading.draft
    checks = check(draft) if draft is not None and not _unfit(draft) else []
    shown = shown_form(acts, faults or [], checks, clinic=request.clinic, session=session)
    if shown["patient"]:
        shown["facts"] = patient_facts(shown["patient"])
    shown["looked"], shown["action"] = whole, request.path
    shown["blocks"] = sum(one.kind == "block" for one in checks)
    shown["blocks_words"] = ngettext("%(n)d block", "%(n)d blocks", shown["blocks"]) % {"n": shown["blocks"]}
    template = "sessions/form.html" if request.htmx else "sessions/new.html"
    wrong = bool(faults) or bool(more)
    return render(request, template, {**shown, **more}, status=422 if wrong and not request.htmx else 200)


def _unfit(draft: Any) -> bool:
    """Whether a draft cannot be checked: nothing in it yet, or what belongs elsewhere."""
    return not draft.components or any(
        fault.what == _("belongs to another clinic") for fault in faults_of(draft)
    )
