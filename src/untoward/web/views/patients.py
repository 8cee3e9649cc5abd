"""Pages of patients: the list, one person, recording and correcting, notes. Names never stand in an address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from untoward.errors import Fault, InputError
from untoward.registry.models import Patient
from untoward.registry.roles import Action
from untoward.registry.writing import Conflict
from untoward.tasks.record import consents, patients
from untoward.tasks.record.patients import LANGUAGES, SEXES, PatientDraft
from untoward.web.listing import PAGES, Request, page
from untoward.web.posted import NONE, NOT_ASKED, SOME, Posted, sentences

LABELS: Mapping[str, Any] = {
    "name": _("Name"),
    "contact": _("Contact"),
    "birth_year": _("Year of birth"),
    "sex": _("Sex"),
    "weight_kg": _("Weight"),
    "language": _("Language"),
    "pregnant": _("Pregnant"),
    "allergies": _("Allergies"),
    "history": _("Illnesses and earlier reactions"),
    "medicines": _("Medicines"),
    "reason": _("Reason"),
}
"""Fields of a patient as people call them."""

_LISTS = ("allergies", "history", "medicines")


@page("patients", "patients", Action.SEE_PATIENTS)
def patient_list(request: Request) -> HttpResponse:
    """Patients of the clinic: those who came last, or those found. The search is posted, so that no address holds a name."""
    wanted = Posted(request.POST).text("q") if request.method == "POST" else ""
    names = sees_names(request)
    found = patients.search(request.clinic, wanted, names=names)
    context = {
        "found": found,
        "wanted": wanted,
        "names": names,
        "most": patients.MOST_FOUND,
        "full": len(found) == patients.MOST_FOUND,
    }
    return render(request, f"patients/{'found' if request.htmx else 'list'}.html", context)


@page("patients/<uuid:uid>", "patient", Action.SEE_PATIENTS)
@require_safe
def patient(request: Request, uid: str) -> HttpResponse:
    """All about one person."""
    return _one(request, here(request, uid))


@page("patients/<uuid:uid>/note", "patient-note", Action.RECORD)
@require_POST
def note(request: Request, uid: str) -> HttpResponse:
    """Add a note."""
    person, posted = here(request, uid), Posted(request.POST)
    try:
        patients.add_note(person, posted.text("text"), by=request.user)
    except InputError as refused:
        return _one(request, person, note_typed=posted.text("text"), faults=refused, status=422)
    messages.success(request, gettext("The note was added."))
    return redirect("patient", person.uid)


@page("patients/new", "patient-new", Action.RECORD)
def patient_new(request: Request) -> HttpResponse:
    """Record somebody new."""
    if request.method != "POST":
        return _form(request, None, _typed(PatientDraft(language=request.clinic.language)), {})
    posted = Posted(request.POST)
    draft = _read(posted)
    same = patients.alike(request.clinic, draft) if not posted.text("another") else []
    if same and not posted.faults:
        return _form(request, None, posted.typed, {}, same=same, status=409)
    try:
        _refuse(posted, draft)
        made = patients.save_patient(draft, clinic=request.clinic, by=request.user)
    except InputError as refused:
        return _form(request, None, posted.typed, sentences(refused), status=422)
    messages.success(request, gettext("%(key)s was recorded.") % {"key": made.key})
    return redirect("patient", made.uid)


@page("patients/<uuid:uid>/correct", "patient-correct", Action.RECORD)
def patient_correct(request: Request, uid: str) -> HttpResponse:
    """Correct what is recorded of somebody, with a reason."""
    person = here(request, uid)
    if request.method != "POST":
        return _form(request, person, _typed(patients.draft_of(person)), {})
    posted = Posted(request.POST)
    draft, version = _read(posted), posted.whole("version") or 0
    try:
        _refuse(posted, draft)
        patients.save_patient(
            draft,
            clinic=request.clinic,
            by=request.user,
            patient=person,
            version=version,
            reason=posted.text("reason"),
        )
    except InputError as refused:
        return _form(request, person, posted.typed, sentences(refused), version=version, status=422)
    except Conflict:
        mine = patients.merged(here(request, uid), draft, version)
        return _conflict(request, here(request, uid), mine, posted.text("reason"))
    messages.success(request, gettext("The correction was saved."))
    return redirect("patient", person.uid)


def here(request: Request, uid: object) -> Patient:
    """A patient of the clinic of the request; otherwise there is no such page."""
    found: Patient = get_object_or_404(
        Patient.objects.select_related("clinic"), uid=uid, clinic=request.clinic
    )
    return found


def sees_names(request: Request) -> bool:
    """Whether whoever asks sees names and faces."""
    return patients.sees_names(request.membership.role)


def needs_names(request: Request) -> None:
    """There is no such page for those who do not see faces."""
    if not sees_names(request):
        raise Http404


def address(name: str, *args: object, query: str = "") -> str:
    """The address of a page, "" when the site has none of that name."""
    return reverse(name, args=args) + query if name in PAGES else ""


def _refuse(posted: Posted, draft: PatientDraft) -> None:
    """Refuse a form that cannot be read, with all its faults at once."""
    if posted.faults:
        raise InputError(gettext("The form cannot be read."), [*posted.faults, *patients.faults_of(draft)])


def _read(posted: Posted) -> PatientDraft:
    return PatientDraft(
        name=posted.text("name"),
        contact=posted.text("contact"),
        birth_year=posted.whole("birth_year"),
        sex=posted.text("sex"),
        weight_kg=posted.decimal("weight_kg"),
        language=posted.text("language"),
        pregnant=posted.answer("pregnant"),
        allergies=posted.lines("allergies"),
        history=posted.lines("history"),
        medicines=posted.lines("medicines"),
    )


def _typed(draft: PatientDraft) -> dict[str, str]:
    """A draft as the fields of its form."""
    typed = {
        "name": draft.name,
        "contact": draft.contact,
        "birth_year": "" if draft.birth_year is None else str(draft.birth_year),
        "sex": draft.sex,
        "weight_kg": "" if draft.weight_kg is None else f"{draft.weight_kg:g}",
        "language": draft.language,
        "pregnant": {None: NOT_ASKED, True: "yes", False: "no"}[draft.pregnant],
    }
    for name in _LISTS:
        items = getattr(draft, name)
        typed[name] = NOT_ASKED if items is None else SOME if items else NONE
        typed[f"{name}_lines"] = "\n".join(items or ())
    return typed


def _form(
    request: Request,
    person: Patient | None,
    typed: Mapping[str, str],
    faults: Mapping[str, str],
    *,
    version: int | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "person": person,
        "typed": typed,
        "faults": faults,
        "fault_list": [(name, LABELS.get(name, name), said) for name, said in faults.items()],
        "version": version if version is not None else person.version if person else 0,
        "languages": LANGUAGES,
        "sexes": SEXES,
        "lists": [_list_field(name, typed, faults) for name in _LISTS],
        "names": True,
        **more,
    }
    return render(request, "patients/form.html", context, status=status)


def _list_field(name: str, typed: Mapping[str, str], faults: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": name,
        "label": LABELS[name],
        "kind": typed.get(name, NOT_ASKED),
        "lines": typed.get(f"{name}_lines", ""),
        "fault": faults.get(name, ""),
    }


def _conflict(request: Request, person: Patient, mine: PatientDraft, reason: str) -> HttpResponse:
    """Theirs beside mine. The form holds theirs with my changes on top; saving again is then on purpose."""
    theirs = patients.draft_of(person)
    rows = [
        (LABELS[name], _said(getattr(theirs, name)), _said(getattr(mine, name)))
        for name in PatientDraft.__slots__
        if getattr(theirs, name) != getattr(mine, name)
    ]
    last = patients.last_entry(person)
    typed = {**_typed(mine), "reason": reason}
    return _form(request, person, typed, {}, status=409, theirs=rows, last=last, conflict=True)


def _said(value: object) -> str:
    if value is None:
        return gettext("not asked")
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, tuple):
        return ", ".join(value) or gettext("none known")
    return str(value) or gettext("empty")


def _one(
    request: Request,
    person: Patient,
    *,
    note_typed: str = "",
    faults: InputError | tuple[Fault, ...] = (),
    status: int = 200,
) -> HttpResponse:
    names = sees_names(request)
    context = {
        "person": person,
        "names": names,
        "contact": patients.sees_contact(request.membership.role),
        "age": None if person.birth_year is None else timezone.now().year - person.birth_year,
        "language_name": LANGUAGES.get(person.language, person.language),
        "health": [(LABELS[name], getattr(person, name)) for name in _LISTS],
        "sessions": _sessions(person),
        "reactions": person.reactions.order_by("-reported_at", "-pk"),
        "consents": person.consents.select_related("text").order_by("-given_at"),
        "purposes": [gettext(consents.PURPOSES[one]) for one in sorted(consents.purposes_of(person))],
        "photos": person.photos.count(),
        "notes": person.notes.select_related("by").order_by("-at", "-pk") if names else [],
        "note_typed": note_typed,
        "note_fault": sentences(faults).get("text", ""),
        "session_new": address("session-new", query=f"?patient={person.uid}"),
        "last": patients.last_entry(person),
    }
    return render(request, "patients/one.html", context, status=status)


def _sessions(person: Patient) -> list[dict[str, Any]]:
    sessions = person.sessions.select_related("practitioner").prefetch_related(
        "components__product", "components__lot"
    )
    return [
        {
            "session": session,
            "address": address("session", session.uid),
            "given": [_given(part) for part in session.components.all()],
        }
        for session in sessions.order_by("-at", "-pk")
    ]


def _given(part: Any) -> dict[str, str]:
    lot = part.lot
    return {
        "product": part.product.name,
        "lot": lot.number if lot else "",
        "address": address("lot", lot.uid) if lot else "",
    }
