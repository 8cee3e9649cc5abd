"""The pages as single HTML files that need nothing else."""

from __future__ import annotations

from untoward.report.investigation.content import InvestigationContent, TraceContent
from untoward.report.investigation.trace_view import trace_view
from untoward.report.investigation.views import DISCLAIMER, investigation_view
from untoward.report.self_contained import page_environment, page_stylesheet, render_page

_HERE = "untoward.report.investigation"


def render_investigation(content: InvestigationContent) -> str:
    """The whole report as a self-contained page in English (see `self_contained`)."""
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
    css = page_stylesheet(_HERE, "investigation.css")
    return render_page(page_environment(_HERE), template, css, **values, looks={})
