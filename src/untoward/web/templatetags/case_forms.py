"""What somebody typed into a form, put back where it was typed."""

from __future__ import annotations

from django import template

from untoward.web.case_page import Typed

register = template.Library()


@register.simple_tag
def typed_value(typed: Typed, form: str, name: str) -> str:
    """The value typed into a field of this form; empty when it was another form that came back."""
    return typed.values.get(name, "") if typed.form == form else ""
