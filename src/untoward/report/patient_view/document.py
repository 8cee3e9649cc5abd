"""A patient's page as the JSON object `patient` of an assessment."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from untoward.report.patient_view.view import PatientView, Said, WatchFor


def patient_document(view: PatientView) -> dict[str, Any]:
    """The JSON object of a page. Every field is always there; what does not apply is empty or null."""
    return {
        "lang": view.lang,
        "heading": view.heading,
        "because": list(view.because),
        "do_now": _said(view.do_now),
        "not_sure": list(view.not_sure),
        "watch_for": None if view.watch_for is None else _watch_for(view.watch_for),
        "time_course": _said(view.time_course),
        "deadline": {
            "text": view.deadline.text,
            "hours": view.deadline.hours,
            "at": _at(view),
        },
        "come_back": view.come_back,
        "say_back": view.say_back,
        "show_this": view.show_this,
        "notice": view.notice,
        "evidence": list(view.evidence),
    }


def _at(view: PatientView) -> str | None:
    """The last moment as an ISO date and time, as a bare date when the time of day is not known."""
    at = view.deadline.at
    if at is None:
        return None
    return at.isoformat(timespec="minutes") if view.deadline.exact else at.date().isoformat()


def _watch_for(watch: WatchFor) -> dict[str, Any]:
    return {
        "emergency_heading": watch.emergency_heading,
        "emergency": _said(watch.emergency),
        "same_day_heading": watch.same_day_heading,
        "same_day": _said(watch.same_day),
        "late": _said(watch.late),
    }


def _said(lines: Iterable[Said]) -> list[dict[str, Any]]:
    return [{"text": line.text, "evidence": list(line.evidence)} for line in lines]
