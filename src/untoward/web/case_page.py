"""What the page of a case shows: the assessment in order, its judgement, who else had the same, and the forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from untoward.errors import Fault
from untoward.model.finding import CourseState
from untoward.registry.models import Observation, Photo, Reaction, Session
from untoward.registry.roles import Action, may
from untoward.report.words import COURSE_WORDS, compound_label
from untoward.tasks.assessing import cited
from untoward.tasks.knowledge import evidence
from untoward.tasks.record import cases
from untoward.tasks.record.case_assessing import terms_there
from untoward.tasks.record.case_questions import asks_of
from untoward.tasks.record.case_timeline import Story, timeline
from untoward.tasks.record.fact_words import fact_words, value_words
from untoward.tasks.record.siblings import siblings_of
from untoward.web.listing import PAGES, Request

SCALES: Mapping[str, str] = {
    "fda_2007": "FDA 2007",
    "daids_2_1": "DAIDS 2.1",
    "ctcae": "CTCAE 5",
    "ctcae_v6": "CTCAE 6",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What somebody typed into one form of the page, with its faults by field; shown again until it is right."""

    form: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    faults: Sequence[Fault] = ()
    message: str = ""


def moment(text: str) -> datetime | None:
    """A date and time as a form posts it, in the time zone that is on; None when it is empty. Raises ValueError."""
    if not text.strip():
        return None
    at = datetime.fromisoformat(text.strip())
    return timezone.make_aware(at) if timezone.is_naive(at) else at


def case_context(request: Request, reaction: Reaction, typed: Typed) -> dict[str, Any]:
    """Everything the template shows of one case."""
    story = _story(reaction)
    seen = story.observations.get(reaction.pk, ())
    last = next((one for one in reversed(seen) if one.assessment), None)
    document = (last.assessment if last else None) or {}
    role = request.membership.role
    return {
        "reaction": reaction,
        "patient": reaction.patient,
        "named": may(role, Action.SEE_PATIENTS),
        "contact": reaction.patient.contact if may(role, Action.RECORD) else "",
        "last": last,
        "document": document,
        "course_words": _course_words(reaction),
        "findings": [_finding(item) for item in document.get("findings", ())],
        "asks": asks_of(document),
        "asks_elsewhere": _elsewhere(document),
        "judged": judged(document),
        "timeline": timeline(story, timezone.now()),
        "later_sessions": [one for one in story.sessions if one.at > reaction.session.at],
        "photos": [one for one in story.photos if one.reaction_id == reaction.pk],
        "siblings": siblings_of(reaction, terms_there(document)),
        "decisions": _decisions(reaction),
        "kinds": [(kind, gettext(words)) for kind, words in cases.DECISIONS.items() if kind != "looked"],
        "outcomes": cases.OUTCOMES,
        "hindrance": cases.sign_off_hindrance(reaction),
        "typed": typed,
        "now": timezone.localtime(),
    }


def _story(reaction: Reaction) -> Story:
    reactions = list(
        Reaction.objects.filter(patient=reaction.patient_id, clinic=reaction.clinic_id)
        .select_related("session", "clinic", "patient")
        .order_by("reported_at", "pk")
    )
    observations: dict[int, list[Observation]] = {}
    rows = Observation.objects.filter(reaction__in=reactions).order_by("at", "pk")
    for one in rows:
        observations.setdefault(one.reaction_id, []).append(one)
    sessions = Session.objects.filter(patient=reaction.patient_id, clinic=reaction.clinic_id)
    return Story(
        reaction=reaction,
        reactions=reactions,
        observations=observations,
        sessions=list(sessions.prefetch_related("components__product").order_by("at")),
        photos=list(Photo.objects.filter(reaction__in=reactions).order_by("taken_at")),
    )


def _finding(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **item,
        "facts": [(fact_words(name), value_words(value)) for name, value in item["facts_used"].items()],
        "lacks": [fact_words(name) for name in item["facts_missing"]],
        "sources": [source(key) for key in item["evidence"]],
        "advice": [source(key, stated=True) for key in item["treatment"]],
    }


def source(key: str, *, stated: bool = False) -> dict[str, str]:
    """An evidence record in one line, with the page of the evidence that shows what it was read in, or else its address."""
    base = evidence()
    read_in = base.sources.get(getattr(base.records.get(key), "source", "") or "")
    url = ""
    if read_in is not None and "evidence-sources" in PAGES:
        url = f"{reverse('evidence-sources')}?{urlencode({'q': read_in.key})}"
    elif read_in is not None:
        url = f"https://doi.org/{read_in.doi}" if read_in.doi else read_in.url or ""
    return {"key": key, "text": cited(key, stated=stated), "url": url}


def judged(document: Mapping[str, Any]) -> dict[str, Any]:
    """Grades, seriousness, expectedness, cause and completeness, in words and ranges."""
    if not document:
        return {}
    return {
        "grades": [
            {**item, "scale": SCALES.get(item["scale"], item["scale"]), "range": _grade(item)}
            for item in document.get("grade_details", ())
        ],
        "conflicts": document.get("conflicts", ()),
        "definitions": document.get("case_definitions", ()),
        "scores": document.get("scores", ()),
        "serious": document.get("serious") or {},
        "expectedness": [
            {**item, "compound": compound_label(item["compound"])}
            for item in document.get("expectedness", ())
        ],
        "causality": document.get("causality"),
        "attribution": [_share(item) for item in document.get("attribution", ())],
        "completeness": document.get("completeness"),
    }


def _grade(item: Mapping[str, Any]) -> str:
    if item["grade"] is not None:
        return str(item["grade"])
    low, high = item["min"], item["max"]
    return str(low) if low == high else f"{low} – {high}"


def _share(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "compound": compound_label(item["compound"]),
        "weight": round(100 * item["weight"]),
        "low": round(100 * item["min"]),
        "high": round(100 * item["max"]),
        "basis": item["basis"],
    }


def _course_words(reaction: Reaction) -> str:
    known = {one.value: one for one in CourseState}
    return gettext(COURSE_WORDS[known[reaction.course]]) if reaction.course in known else ""


def _elsewhere(document: Mapping[str, Any]) -> list[str]:
    """Questions that are no finding: they are answered with the patient or the session."""
    asked = {ask.name for ask in asks_of(document)}
    return [fact_words(name) for name in document.get("questions", ()) if name not in asked]


def _decisions(reaction: Reaction) -> list[dict[str, Any]]:
    names = {**cases.DECISIONS, "signed": gettext("Signed off"), "reopened": gettext("Opened again")}
    rows = reaction.decisions.select_related("by").order_by("-at", "-pk")
    return [{"made": one, "kind": gettext(names.get(one.kind, one.kind))} for one in rows]
