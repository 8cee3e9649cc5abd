"""The report as one HTML file that needs nothing else: no script, no font, no picture, no address is loaded."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from untoward.report.html import stylesheet, together
from untoward.report.scan.content import ScanContent
from untoward.report.scan.views import page_view


def render_scan_html(content: ScanContent) -> str:
    """The whole report in English.

    Every text is escaped. The content security policy allows the page's own style sheet, by hash, and nothing
    else: no script runs and nothing is fetched, whatever the files hold.
    """
    css = _stylesheet()
    return (
        _environment()
        .get_template("scan.html.j2")
        .render(
            page=page_view(content),
            css=Markup(css),  # noqa: S704 - tokens and rules of this package, no data
            css_hash=b64encode(sha256(css.encode()).digest()).decode(),
            looks={},
        )
    )


@cache
def _stylesheet() -> str:
    rules = files("untoward.report.scan").joinpath("templates/scan.css").read_text(encoding="utf-8")
    return f"{stylesheet()}{rules}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=ChoiceLoader(
            [
                PackageLoader("untoward.report.scan", "templates"),
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
