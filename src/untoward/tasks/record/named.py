"""A compound or a term of the evidence by its name in the language of the page."""

from __future__ import annotations

from django.utils.translation import get_language

from untoward.model.product import Compound
from untoward.model.terms import Term


def named(thing: Compound | Term) -> str:
    """Its name in the language of the page; its English label where that language has none."""
    names = thing.names if isinstance(thing, Compound) else thing.name
    return names.get((get_language() or "en")[:2]) or thing.label
