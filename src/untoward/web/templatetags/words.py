"""Filters that every template may use."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django import template
from django.template import defaultfilters
from django.utils import timezone
from django.utils.formats import get_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from untoward.tasks.record.named import named
from untoward.tasks.record.spoken_dates import small

register = template.Library()
register.filter(named)

_RECORDS_IN_ENGLISH = {
    "ApiToken": "Key to the API",
    "CheckIn": "Check-in",
    "ConsentText": "Consent text",
    "Membership": "Role at the clinic",
    "OwnPage": "Patient’s page",
}
"""Names of kinds of records whose English is not their name in the code."""


@register.filter
def age_of(at: datetime | None) -> str:
    """How long ago, or how far ahead: "3 h ago", "in 2 days"; "no date" for none."""
    if at is None:
        return _("no date")
    seconds = (timezone.now() - at).total_seconds()
    size = abs(seconds)
    if size >= 86_400:
        days = int(size // 86_400)
        length = ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    else:
        length = f"{int(size // 3600)} h" if size >= 3600 else f"{int(size // 60)} min"
    ago = _("%(time)s ago") if seconds >= 0 else _("in %(time)s")
    return str(ago % {"time": length})


@register.filter
def said(words: object) -> str:
    """Words that the program keeps in English, in the language of the page; what it does not know stays as it is."""
    return _(str(words)) if words else ""


@register.filter
def record_name(model: str) -> str:
    """A kind of record of the audit trail as people say it."""
    words = _(model)
    return _RECORDS_IN_ENGLISH.get(model, model) if words == model else words


@register.filter(name="date", expects_localtime=True, is_safe=False)
def written_date(at: date | datetime | str | None, form: str | None = None) -> str:
    """Django's filter of the same name, with the small letters of Spanish."""
    chosen = form or get_format("DATE_FORMAT")
    return small(str(defaultfilters.date(at, form)), str(get_format(chosen)))


@register.filter
def short(number: float | Decimal | None) -> str:
    """A number with three decimals at most and no zeros at its end: "0.2", where Django says "0.200"."""
    if number is None:
        return ""
    return str(number_format(f"{number:.3f}".rstrip("0").rstrip(".")))
