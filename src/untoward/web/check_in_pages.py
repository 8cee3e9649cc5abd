"""What the pages for patients share: their language, the question on the screen, and the answer they get."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from untoward.aftercare.texts import LANGUAGES
from untoward.model.finding import Disposition
from untoward.registry.models import Session
from untoward.report.patient_view.signs import plain_name
from untoward.report.tokens import DISPOSITIONS
from untoward.tasks.knowledge import evidence
from untoward.tasks.record.check_in_questions import (
    BAD,
    CONCERNS,
    COURSE,
    HOW,
    SINCE,
    Answers,
    closer_of,
    read_answers,
)
from untoward.tasks.record.check_in_status import Status
from untoward.tasks.record.check_in_texts import check_in_texts, language_or, said_date
from untoward.tasks.record.emergency_card import numbers_to_call
from untoward.web.limits import too_many

PER_MINUTE, MISSES_PER_MINUTE = 60, 10
"""Pages an address may ask for in a minute, and how many of them by links that do not work."""
STEPS = ("how", "what", "which", "since", "bad", "course")
_PLACES = {"how": 1, "what": 2, "which": 2, "since": 3, "bad": 4, "course": 5}
_ONE_OF: Mapping[str, tuple[str, ...]] = {
    "how": HOW, "since": tuple(SINCE), "bad": tuple(BAD), "course": tuple(COURSE),
}  # fmt: skip


def language_of(request: HttpRequest, *otherwise: str | None) -> str:
    """The language somebody chose on the page, else that of the patient, else that of the browser."""
    chosen = request.POST.get("lang") or request.GET.get("lang")
    accepted = [
        part.split(";")[0].split("-")[0].strip()
        for part in request.headers.get("Accept-Language", "").split(",")
    ]
    return language_or(chosen, *otherwise, *accepted)


def shown(
    request: HttpRequest,
    template: str,
    language: str,
    context: Mapping[str, Any],
    *,
    session: Session | None = None,
    status: int = 200,
) -> HttpResponse:
    """A page in a patient's language, with `t` for its texts."""
    country = session.clinic.country if session else request.GET.get("country")
    numbers = numbers_to_call(country)
    filled = {"number": " / ".join(numbers)}
    if session is not None:
        filled |= {
            "clinic": session.clinic.name,
            "date": said_date(session.at, session.clinic, language),
            "phone": session.clinic.phone,
        }
    base = {
        "t": texts_tree(language, filled),
        "language": language,
        "languages": [(code, check_in_texts(code)("language")) for code in LANGUAGES],
        "numbers": numbers,
        "country": (country or "").upper(),
        "session": session,
    }
    with translation.override(language):
        return render(request, template, {**base, **context}, status=status)


def texts_tree(language: str, filled: Mapping[str, str]) -> dict[str, Any]:
    """The texts as a tree that templates can walk, with the words filled in where all of them are known."""
    texts, tree = check_in_texts(language), dict[str, Any]()
    for key, text in texts.entries.items():
        *parents, last = key.split(".")
        place = tree
        for parent in parents:
            place = place.setdefault(parent, {})
        try:
            place[last] = texts(key, **filled)
        except KeyError:
            place[last] = text
    return tree


def answers_posted(request: HttpRequest, **fixed: Any) -> Answers:
    """What has been answered up to this page."""
    given = request.POST
    which = given.getlist("which") if "which_asked" in given else None
    fields = {name: given.get(name) for name in (*_ONE_OF, "words")}
    return read_answers({**fields, "what": given.getlist("what"), "which": which, **fixed})


def last_step(answers: Answers) -> str:
    """The question answered last: where "back" leads."""
    empty = ("", (), None)
    answered = [step for step in STEPS if getattr(answers, step) not in empty]
    if answers.words and "what" not in answered:
        answered.append("what")
    return max(answered, key=STEPS.index, default="how")


def question(
    request: HttpRequest, session: Session, answers: Answers, step: str, *, first: str, stop: str = ""
) -> HttpResponse:
    """One question on the screen; what was answered before goes along hidden. `first` is the step the form begins with."""
    language = language_of(request, session.patient.language)
    asked_again = request.method == "POST" and request.POST.get("step") == step and "back" not in request.POST
    context = {
        "step": step,
        "answers": answers,
        "hidden": list(_hidden(answers, step)),
        "choices": list(_choices(answers, step, language)),
        "fault": check_in_texts(language)(f"fault.{'what' if step == 'what' else 'choose'}")
        if asked_again
        else "",
        "place": _PLACES[step] - _PLACES[first] + 1,
        "places": 6 - _PLACES[first],
        "is_first": step == first,
        "stop": stop,
    }
    return shown(request, f"check_ins/{_template(step)}", language, context, session=session)


def answer_page(
    request: HttpRequest, session: Session, status: Status, addresses: Mapping[str, str], told: list[str]
) -> HttpResponse:
    """What to do, who reads it by when, and what is still asked."""
    context = {
        "status": status,
        "icon": DISPOSITIONS[Disposition(status.disposition)].icon if status.disposition else "",
        "told": told,
        "added": request.GET.get("added", ""),
        **addresses,
    }
    return shown(request, "check_ins/answer.html", status.language, context, session=session)


def refused_link(request: HttpRequest) -> HttpResponse:
    """One page for every link that does not work: wrong, too old or closed are not told apart."""
    language = language_of(request)
    if too_many(request, "link", MISSES_PER_MINUTE):
        return shown(request, "check_ins/wait.html", language, {}, status=429)
    return shown(request, "check_ins/gone.html", language, {}, status=404)


def too_fast(request: HttpRequest) -> HttpResponse | None:
    """A page that asks to wait, when an address asks for more than a person would."""
    if not too_many(request, "patient", PER_MINUTE):
        return None
    return shown(request, "check_ins/wait.html", language_of(request), {}, status=429)


def back_to(name: str, *args: object, added: str = "") -> str:
    """The address of a page, with what has just been added."""
    return reverse(name, args=args) + (f"?added={added}" if added else "")


def _template(step: str) -> str:
    return {"how": "how.html", "what": "what.html", "which": "which.html"}.get(step, "choose.html")


def _choices(answers: Answers, step: str, language: str) -> Iterator[tuple[str, str, bool]]:
    """Value, words and whether it is chosen already."""
    texts, terms = check_in_texts(language), evidence().terms
    if step == "what":
        yield from ((key, texts(f"what.{key}"), key in answers.what) for key in CONCERNS)
    elif step == "which":
        for key in closer_of(answers):
            words = plain_name(terms[key], language) or terms[key].label
            yield key, words[:1].upper() + words[1:], key in (answers.which or ())
    else:
        yield from ((key, texts(f"{step}.{key}"), getattr(answers, step) == key) for key in _ONE_OF[step])


def _hidden(answers: Answers, step: str) -> Iterator[tuple[str, str]]:
    """Names and values of what was answered at other steps."""
    for name in ("how", "since", "bad", "course"):
        if name != step and getattr(answers, name):
            yield name, getattr(answers, name)
    if step != "what":
        yield from (("what", key) for key in answers.what)
        if answers.words:
            yield "words", answers.words
    if step != "which" and answers.which is not None:
        yield "which_asked", "1"
        yield from (("which", term) for term in answers.which)
