"""The report as one HTML file that needs nothing else."""

from __future__ import annotations

from untoward.report.scan.content import ScanContent
from untoward.report.scan.views import page_view
from untoward.report.self_contained import page_environment, page_stylesheet, render_page

_HERE = "untoward.report.scan"


def render_scan_html(content: ScanContent) -> str:
    """The whole report as a self-contained page in English (see `self_contained`)."""
    css = page_stylesheet(_HERE, "scan.css")
    return render_page(page_environment(_HERE), "scan.html.j2", css, page=page_view(content), looks={})
