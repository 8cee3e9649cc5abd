"""The pages of a patient: a check-in by its link, and a problem told from their own page. No account, no names."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from untoward.errors import UserError
from untoward.registry.models import CheckIn, Reaction, Session
from untoward.tasks.record import check_ins, problems
from untoward.tasks.record.check_in_links import LinkGoneError
from untoward.tasks.record.check_in_questions import next_step
from untoward.tasks.record.check_in_status import (
    open_questions,
    status_of,
    status_when_fine,
    told_lines,
    unassessed,
)
from untoward.web.check_in_pages import (
    answer_page,
    answers_posted,
    back_to,
    language_of,
    last_step,
    question,
    refused_link,
    shown,
    too_fast,
)
from untoward.web.listing import public_page

ASKED = "asked."
"""Fields that begin so answer the further question named after it."""
LARGEST_PHOTO = 15_000_000

PatientView = Callable[..., HttpResponse]


def _for_patients(view: PatientView) -> PatientView:
    """Not too fast, and one page for every link that does not work."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **given: object) -> HttpResponse:
        if (wait := too_fast(request)) is not None:
            return wait
        try:
            return view(request, *args, **given)
        except LinkGoneError:
            return refused_link(request)

    return guarded


@public_page("c/<str:token>", "check-in")
@require_http_methods(["GET", "HEAD", "POST"])
@_for_patients
def check_in(request: HttpRequest, token: str) -> HttpResponse:
    """Ask, one question at a time; once answered, say what to do."""
    found = check_ins.by_link(token)
    said_fine = found.answered_at is not None and not check_ins.answered_with_problem(found)
    if found.answered_at is not None and (request.method != "POST" or not said_fine):
        return _answered(request, found, token) if request.method != "POST" else redirect("check-in", token)
    answers = answers_posted(request)
    step = last_step(answers) if "back" in request.POST else next_step(answers)
    if not step and request.method == "POST":
        try:
            check_ins.answer(token, answers)
        except check_ins.AnsweredError:
            return redirect("check-in", token)  # sent twice: what was kept first is shown
        return redirect("check-in", token)
    stop = back_to("check-in-stop", token)
    return question(request, found.session, answers, step, first="how", stop=stop)


@public_page("c/<str:token>/more", "check-in-more")
@require_POST
@_for_patients
def check_in_more(request: HttpRequest, token: str) -> HttpResponse:
    """Add words or a photo to what was told."""
    reaction = problems.case_of(check_ins.by_link(token))
    if reaction is None:
        return redirect("check-in", token)
    return redirect(back_to("check-in", token, added=_add(request, reaction)))


@public_page("c/<str:token>/asked", "check-in-asked")
@require_POST
@_for_patients
def check_in_asked(request: HttpRequest, token: str) -> HttpResponse:
    """Answer further questions."""
    reaction = problems.case_of(check_ins.by_link(token))
    if reaction is not None:
        _answer_further(request, reaction)
    return redirect("check-in", token)


@public_page("c/<str:token>/stop", "check-in-stop")
@require_POST
@_for_patients
def check_in_stop(request: HttpRequest, token: str) -> HttpResponse:
    """Ask no more about this session."""
    session = check_ins.by_link(token).session
    check_ins.stop_asking(token)
    language = language_of(request, session.patient.language)
    return shown(request, "check_ins/stopped.html", language, {}, session=session)


@public_page("p/<str:token>/problem", "problem")
@require_http_methods(["GET", "HEAD", "POST"])
@_for_patients
def problem(request: HttpRequest, token: str) -> HttpResponse:
    """Tell of a problem at any time, from one's own page."""
    session = _session(token)
    how = "emergency" if request.POST.get("how") == "emergency" else "something"
    answers = answers_posted(request, how=how)
    step = last_step(answers) if "back" in request.POST else next_step(answers)
    if step in ("how", "what") or request.method != "POST":
        return question(request, session, answers, "what", first="what")
    if step:
        return question(request, session, answers, step, first="what")
    reaction = problems.tell(session, answers, by=None, now=timezone.now())
    if reaction is None:
        status = unassessed(session, language_of(request, session.patient.language))
        return answer_page(request, session, status, {}, [])
    return redirect("problem-told", token, reaction.uid)


@public_page("p/<str:token>/problem/<uuid:uid>", "problem-told")
@require_http_methods(["GET", "HEAD"])
@_for_patients
def problem_told(request: HttpRequest, token: str, uid: UUID) -> HttpResponse:
    """What to do about a problem that was told."""
    session = _session(token)
    reaction = _reaction(session, uid)
    addresses = {
        "more": back_to("problem-more", token, uid),
        "asked": back_to("problem-asked", token, uid),
        "again": back_to("problem", token),
    }
    status = status_of(reaction, timezone.now())
    return answer_page(request, session, status, addresses, told_lines(reaction, status.language))


@public_page("p/<str:token>/problem/<uuid:uid>/more", "problem-more")
@require_POST
@_for_patients
def problem_more(request: HttpRequest, token: str, uid: UUID) -> HttpResponse:
    """Add words or a photo to what was told."""
    reaction = _reaction(_session(token), uid)
    return redirect(back_to("problem-told", token, uid, added=_add(request, reaction)))


@public_page("p/<str:token>/problem/<uuid:uid>/asked", "problem-asked")
@require_POST
@_for_patients
def problem_asked(request: HttpRequest, token: str, uid: UUID) -> HttpResponse:
    """Answer further questions."""
    _answer_further(request, _reaction(_session(token), uid))
    return redirect("problem-told", token, uid)


def _answered(request: HttpRequest, found: CheckIn, token: str) -> HttpResponse:
    """The page after an answer: fine, a case, or an answer that a person must read."""
    language, now = language_of(request, found.session.patient.language), timezone.now()
    if not check_ins.answered_with_problem(found):
        addresses = {"changed": back_to("check-in", token)}
        return answer_page(
            request, found.session, status_when_fine(found.session, language, now), addresses, []
        )
    reaction = problems.case_of(found)
    if reaction is None:
        return answer_page(request, found.session, unassessed(found.session, language), {}, [])
    addresses = {"more": back_to("check-in-more", token), "asked": back_to("check-in-asked", token)}
    status = status_of(reaction, now)
    return answer_page(request, found.session, status, addresses, told_lines(reaction, status.language))


def _add(request: HttpRequest, reaction: Reaction) -> str:
    """Keep what was added; what became of it: "yes", "photo" when the photo could not be used, "" when there was nothing."""
    sent = request.FILES.get("photo")
    content = None
    if sent is not None:
        content = sent.read() if (sent.size or 0) <= LARGEST_PHOTO else b""
    try:
        kept = problems.tell_more(reaction, request.POST.get("words", ""), content, now=timezone.now())
    except UserError:
        return ""
    return "yes" if kept else "photo"


def _answer_further(request: HttpRequest, reaction: Reaction) -> None:
    said = {name.removeprefix(ASKED): value for name, value in request.POST.items() if name.startswith(ASKED)}
    problems.answer_further(reaction, open_questions(reaction), said, now=timezone.now())


def _session(token: str) -> Session:
    """The session of an own page. Raises LinkGoneError."""
    from untoward.tasks.record import passports

    session = passports.session_of(token)
    if session is None:
        raise LinkGoneError
    return session


def _reaction(session: Session, uid: UUID) -> Reaction:
    """A case of this very session that the patient told; any other is as if the link did not work."""
    found = Reaction.objects.filter(session=session, uid=uid, observations__by_patient=True).select_related(
        "clinic", "patient", "session__clinic", "session__patient"
    )
    reaction: Reaction | None = found.first()
    if reaction is None:
        raise LinkGoneError
    return reaction
