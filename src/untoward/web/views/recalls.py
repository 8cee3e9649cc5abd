"""Pages of recalls: begin one, see whom it concerns, write to them, note who was reached, close it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from untoward.errors import Fault, InputError
from untoward.registry.models import Lot, Patient, Recall, Vial
from untoward.registry.roles import Action
from untoward.registry.writing import Conflict
from untoward.tasks.record import recalls as task
from untoward.tasks.record.exposed import ExposedPeople, TrackedPeople
from untoward.tasks.record.recall_letters import letter, messages_csv
from untoward.tasks.record.stock import last_entry
from untoward.web.listing import Request, page
from untoward.web.posted import Posted, sentences

PEOPLE_A_PAGE = 50
LABELS: Mapping[str, Any] = {
    "reason": _("Reason"),
    "how": _("How"),
    "reached": _("Reached?"),
    "note": _("Note"),
    "at": _("When"),
    "summary": _("What came of it"),
    "although": _("Close although people wait"),
    "recall": _("Recall"),
    "patient": _("Person"),
}


@page("recalls", "recalls", Action.RECALL)
@require_safe
def recalls(request: Request) -> HttpResponse:
    """All recalls that concern the clinic."""
    shown = task.recalls_seen_by(request.clinic)[:100]
    rows = [{"recall": one, "progress": task.progress_at(one, request.clinic)} for one in shown]
    return render(request, "recalls/list.html", {"rows": rows})


@page("lot/<uuid:uid>/recall", "recall-lot", Action.RECALL)
def recall_lot(request: Request, uid: str) -> HttpResponse:
    """Begin the recall of a lot, or go to the one that is open."""
    lot = get_object_or_404(Lot.objects.select_related("product"), uid=uid)
    return _begin(request, lot=lot)


@page("vial/<uuid:uid>/recall", "recall-vial", Action.RECALL)
def recall_vial(request: Request, uid: str) -> HttpResponse:
    """Begin the recall of one vial, or go to the one that is open."""
    mine = Vial.objects.select_related("lot__product").filter(clinic=request.clinic)
    return _begin(request, vial=get_object_or_404(mine, uid=uid))


@page("recalls/<uuid:uid>", "recall", Action.RECALL)
@require_safe
def recall(request: Request, uid: str) -> HttpResponse:
    """Whom a recall concerns and who of them is reached."""
    return _recall_page(request, _here(request, uid))


@page("recalls/<uuid:uid>/contact", "recall-contact", Action.RECALL)
@require_POST
def contact(request: Request, uid: str) -> HttpResponse:
    """Note an attempt to reach somebody."""
    found, posted = _here(request, uid), Posted(request.POST)
    patient = _patient(request, posted.text("patient"))
    try:
        how, note, reached = posted.text("how"), posted.text("note"), _reached(posted)
        task.log_contact(found, patient, how=how, reached=reached, by=request.user, note=note)
    except InputError as refused:
        return _recall_page(request, found, typed=posted.typed, faults=sentences(refused), about=patient)
    messages.success(request, gettext("Noted for %(key)s.") % {"key": patient.key})
    return redirect(reverse("recall", args=[found.uid]) + f"#p-{patient.uid}")


@page("recalls/<uuid:uid>/close", "recall-close", Action.RECALL)
@require_POST
def close(request: Request, uid: str) -> HttpResponse:
    """Close a recall with a summary."""
    found, posted = _here(request, uid), Posted(request.POST)
    try:
        task.close_recall(
            found,
            summary=posted.text("summary"),
            by=request.user,
            clinic=request.clinic,
            version=posted.whole("version") or 0,
            although=posted.text("although") == "yes",
        )
    except InputError as refused:
        return _recall_page(request, found, typed=posted.typed, faults=sentences(refused))
    except Conflict as conflict:
        return _recall_page(
            request, _here(request, uid), typed=posted.typed, faults={"summary": str(conflict)}, status=409
        )
    messages.success(request, gettext("The recall is closed. What was recalled stays barred."))
    return redirect("recall", found.uid)


@page("recalls/<uuid:uid>/letters", "recall-letters", Action.RECALL)
@require_safe
def letters(request: Request, uid: str) -> HttpResponse:
    """Letters to print, one page each: to those not reached, to all, or to one person."""
    found, one, everybody = _here(request, uid), request.GET.get("to", ""), request.GET.get("all") == "1"
    people = [
        each
        for each in task.tracked(found, request.clinic)
        if (str(each.person.patient.uid) == one if one else everybody or not each.reached)
    ]
    now = timezone.now()
    context = {
        "recall": found,
        "letters": [letter(found, each.person, now) for each in people],
        "everybody": everybody,
        "one": one,
    }
    return render(request, "recalls/letters.html", context)


@page("recalls/<uuid:uid>/letters/sent", "recall-letters-sent", Action.RECALL)
@require_POST
def letters_sent(request: Request, uid: str) -> HttpResponse:
    """Note that the letters to everybody not reached went out."""
    found = _here(request, uid)
    try:
        sent = task.log_letters(found, request.clinic, by=request.user)
    except InputError as refused:
        messages.error(request, " ".join(sentences(refused).values()))
    else:
        messages.success(request, gettext("Noted: %(n)d letters sent.") % {"n": sent})
    return redirect("recall", found.uid)


@page("recalls/<uuid:uid>/messages", "recall-messages", Action.RECALL)
@require_safe
def messages_list(request: Request, uid: str) -> HttpResponse:
    """Messages to those not reached, as CSV."""
    found = _here(request, uid)
    waiting = [one.person for one in task.tracked(found, request.clinic) if not one.reached]
    headers = {
        "Content-Disposition": 'attachment; filename="recall-messages.csv"',
        "Cache-Control": "no-store",
    }
    return HttpResponse(
        "\ufeff" + messages_csv(waiting), content_type="text/csv; charset=utf-8", headers=headers
    )


def _here(request: Request, uid: object) -> Recall:
    found: Recall = get_object_or_404(task.recalls_seen_by(request.clinic), uid=uid)
    return found


def _patient(request: Request, uid: str) -> Patient:
    found = Patient.objects.filter(clinic=request.clinic).select_related("clinic")
    match = next((one for one in found.filter(uid=uid)), None) if _is_uid(uid) else None
    if match is None:
        raise Http404
    return match


def _reached(posted: Posted) -> bool:
    """Whether they were reached; nothing is assumed where nobody said."""
    answers = {"yes": True, "no": False}
    said = posted.text("reached")
    if said not in answers:
        fault = Fault(
            what=gettext("is not said"), field="reached", expected=gettext("reached, or not reached")
        )
        raise InputError(gettext("Nothing was noted."), [fault])
    return answers[said]


def _is_uid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _begin(request: Request, *, lot: Lot | None = None, vial: Vial | None = None) -> HttpResponse:
    opened = task.open_recall(lot=lot, vial=vial)
    if opened is not None:
        return redirect("recall", opened.uid)
    posted, faults = Posted(request.POST), dict[str, str]()
    if request.method == "POST":
        try:
            made = task.begin_recall(
                lot=lot, vial=vial, reason=posted.text("reason"), by=request.user, clinic=request.clinic
            )
            return redirect("recall", made.uid)
        except InputError as refused:
            faults = sentences(refused)
        except Conflict as conflict:
            faults = {"reason": str(conflict)}
    thing = lot or vial
    context = {
        "lot": lot or vial.lot,  # type: ignore[union-attr]
        "vial": vial,
        "back": reverse("lot" if lot else "vial", args=[thing.uid]),  # type: ignore[union-attr]
        "people": len(ExposedPeople(request.clinic, lot=lot, vial=vial)),
        "typed": posted.typed,
        "faults": faults,
        "fault_list": _fault_list(faults),
    }
    return render(request, "recalls/begin.html", context, status=422 if faults else 200)


def _recall_page(
    request: Request,
    found: Recall,
    *,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
    about: Patient | None = None,
    status: int = 422,
) -> HttpResponse:
    people = TrackedPeople(found, request.clinic)
    progress = people.progress()
    shown = _page_with(request, people, about)
    others = [one for one in task.clinics_recalling(request.user) if one.pk != request.clinic.pk]
    if found.vial is not None:
        others = []
    context = {
        "recall": found,
        "lot": found.lot or found.vial.lot,
        "people": shown,
        "exposed": progress.exposed,
        "reached": progress.reached,
        "waiting": progress.waiting,
        "tried": progress.tried,
        "others": [far for far in (task.progress_at(found, one) for one in others) if far.exposed],
        "anywhere": task.waiting_anywhere(found),
        "hows": [(key, gettext(words)) for key, words in task.HOWS.items()],
        "closing": last_entry(found) if found.closed_at else None,
        "typed": typed or {},
        "faults": faults or {},
        "fault_list": _fault_list(faults or {}),
        "about": about,
    }
    return render(request, "recalls/recall.html", context, status=status if faults else 200)


def _page_with(request: Request, people: TrackedPeople, about: Patient | None) -> Page[task.Tracked]:
    """The page asked for, or that on which somebody stands."""
    pages = Paginator(people, PEOPLE_A_PAGE)
    if about is None:
        return pages.get_page(request.GET.get("page"))
    place = people.keys.index(about.pk) if about.pk in people.keys else 0
    return pages.get_page(place // PEOPLE_A_PAGE + 1)


def _fault_list(faults: Mapping[str, str]) -> list[tuple[str, Any, str]]:
    return [(name, LABELS.get(name, name), said) for name, said in faults.items()]
