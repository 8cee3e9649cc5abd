"""The pages as single HTML files that need nothing else: no script, no font, no picture, no address is loaded."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from untoward.report.html import stylesheet, together
from untoward.report.investigation.content import InvestigationContent, TraceContent
from untoward.report.investigation.trace_view import trace_view
from untoward.report.investigation.views import DISCLAIMER, investigation_view


def render_investigation(content: InvestigationContent) -> str:
    """The whole report in English.

    Every text is escaped. The content security policy allows the page's own style sheet, by hash, and nothing else.
    """
    return _rendered("investigation.html.j2", page=investigation_view(content))


def render_trace(content: TraceContent) -> str:
    """One trace as a page of its own."""
    return _rendered(
        "trace-page.html.j2",
        trace=trace_view(content),
        disclaimer=DISCLAIMER,
        as_of=content.as_of,
        version=content.version,
        hashes=tuple(sorted(content.inputs.items())),
    )


def _rendered(template: str, **values: object) -> str:
    css = _stylesheet()
    return (
        _environment()
        .get_template(template)
        .render(
            **values,
            css=Markup(css),  # noqa: S704 - tokens and rules of this package, no data
            css_hash=b64encode(sha256(css.encode()).digest()).decode(),
            looks={},
        )
    )


@cache
def _stylesheet() -> str:
    rules = (
        files("untoward.report.investigation")
        .joinpath("templates/investigation.css")
        .read_text(encoding="utf-8")
    )
    return f"{stylesheet()}{rules}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=ChoiceLoader(
            [
                PackageLoader("untoward.report.investigation", "templates"),
                PackageLoader("untoward.report", "templates"),
            ]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["together"] = together
    return environment
