"""A disposition as word, icon, colour and deadline, and other pieces of a case that several pages show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext

from untoward.model.finding import Disposition
from untoward.registry.models import Reaction
from untoward.report.tokens import DISPOSITIONS
from untoward.report.words import DISPOSITION_WORDS
from untoward.tasks.record.case_reasons import Why, rule_names
from untoward.tasks.record.case_timeline import term_words
from untoward.tasks.record.fact_words import fact_words
from untoward.tasks.record.spoken_dates import spoken_date
from untoward.web.listing import PAGES

register = template.Library()


@register.inclusion_tag("cases/badge.html")
def disposition_badge(value: str) -> dict[str, Any]:
    """The small badge: icon and short word on the colour of the disposition."""
    known = _known(value)
    if known is None:
        return {"value": "", "words": gettext("Not assessed")}
    return {
        "value": known.value,
        "icon": DISPOSITIONS[known].icon,
        "words": gettext(DISPOSITION_WORDS[known].short),
    }


@register.filter
def disposition_action(value: str) -> str:
    """What the disposition asks for, as a sentence."""
    known = _known(value)
    return gettext("Not assessed yet") if known is None else gettext(DISPOSITION_WORDS[known].action)


@register.filter
def disposition_icon(value: str) -> str:
    """The path of its icon on a grid of 24."""
    known = _known(value)
    return "" if known is None else DISPOSITIONS[known].icon


@register.filter
def of_case(by_case: Mapping[int, Why], case: Reaction) -> Why | None:
    """What is known of a case, where it was assessed."""
    return by_case.get(case.pk)


@register.filter
def rule_name(code: str) -> str:
    """What a rule is about, in the language of the page; its code where this program has no such rule (any more)."""
    return gettext(rule_names().get(code, code))


@register.filter
def due(at: datetime | None, value: str) -> str:
    """By when, in the clinic's own time: "by Fri 20 Nov 18:00"; for self-care the day to look again."""
    if value == Disposition.EMERGENCY_NOW.value:
        return gettext("at once")
    if at is None:
        return gettext("no day is set")
    if value == Disposition.SELF_CARE.value:
        return gettext("look again by %(day)s") % {"day": _said(at, with_time=False)}
    return gettext("by %(day)s") % {"day": _said(at, with_time=True)}


@register.filter
def overdue(at: datetime | None, value: str) -> bool:
    """Whether the deadline has passed."""
    return at is not None and bool(value) and at < timezone.now()


@register.filter
def term(value: str) -> str:
    """A term as people say it."""
    return term_words(value) or gettext("not coded")


@register.filter
def facts(names: Iterable[str]) -> str:
    """Facts that a rule asks for, as people say them, in one line."""
    return ", ".join(fact_words(str(name)) for name in names or ())


@register.simple_tag
def address(name: str, uid: object = None) -> str:
    """The address of a page when there is such a page, else nothing."""
    listed = PAGES.get(name)
    if listed is None:
        return ""
    from django.urls import reverse

    return reverse(name, args=[] if uid is None else [uid])


def _said(at: datetime, *, with_time: bool) -> str:
    local = timezone.localtime(at)
    year = "" if local.year == timezone.localtime().year else " Y"
    return spoken_date(local, f"D j M{year} H:i" if with_time else f"D j M{year}")


def _known(value: str) -> Disposition | None:
    return Disposition(value) if value in {one.value for one in Disposition} else None
