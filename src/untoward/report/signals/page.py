"""The report as one HTML file that needs nothing else."""

from __future__ import annotations

from untoward.report.self_contained import page_environment, page_stylesheet, render_page
from untoward.report.signals.content import SignalsContent
from untoward.report.signals.views import page_view

_HERE = "untoward.report.signals"


def render_signals_html(content: SignalsContent) -> str:
    """The whole report as a self-contained page in English (see `self_contained`)."""
    css = page_stylesheet(_HERE, "signals.css")
    return render_page(page_environment(_HERE), "signals.html.j2", css, page=page_view(content), looks={})
