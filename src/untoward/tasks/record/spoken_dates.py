"""Dates in words, in the language of the page: Spanish writes its months and days small."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import get_language

_CAPITALS = frozenset("DM")
"""Forms of Django that begin with a capital in every language."""


def spoken_date(at: date | datetime, form: str) -> str:
    """A date or time in a form of Django's, such as "D j M H:i"."""
    return small(str(date_format(at, form)), form)


def small(text: str, form: str) -> str:
    """A written date with small letters where the language of the page wants them."""
    spanish = (get_language() or "").startswith("es")
    return text.lower() if spanish and _CAPITALS & set(form) else text
